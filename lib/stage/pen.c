/* SPDX-License-Identifier: MIT */
#include "stage/pen.h"

#include "cosend/number.h"
#include "cosend/time.h"

#include <string.h>

static bool pen_ready(struct csi_stage *stage)
{
    size_t count = stage->recipe.added_count;

    if (stage->pen_used)
        return true;
    if (!stage->pen) {
        stage->pen = csi_calloc(count, sizeof(*stage->pen));
        if (!stage->pen) {
            csi_stage_no_memory(stage);
            return false;
        }
    }
    stage->pen_used = true;
    return true;
}

void cosend_set_slice(struct cosend_stage *self, struct cosend_column column,
                      struct cosend_cell cell)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (column.index < stage->recipe.added_count && pen_ready(stage))
        stage->pen[column.index] = cell;
}

void cosend_set(struct cosend_stage *self, struct cosend_column column,
                struct cosend_cell cell)
{
    struct csi_stage *stage = csi_stage_of(self);
    char *copy;

    if (cell.length) {
        copy = csi_arena_bytes(&stage->text, cell.length);
        if (!copy) {
            csi_stage_no_memory(stage);
            return;
        }
        memcpy(copy, cell.data, cell.length);
        cell.data = copy;
    }
    cosend_set_slice(self, column, cell);
}

static void set_digits(struct cosend_stage *self, struct cosend_column column,
                       const char *digits, size_t length)
{
    struct cosend_cell cell = cosend_text(digits, length);

    cell.kind = COSEND_NUMBER;
    cosend_set(self, column, cell);
}

void cosend_set_number(struct cosend_stage *self, struct cosend_column column,
                       double value)
{
    char digits[COSEND_NUMBER_MAX];

    set_digits(self, column, digits, cosend_format_double(value, digits));
}

void cosend_set_integer(struct cosend_stage *self, struct cosend_column column,
                        int64_t value)
{
    char digits[COSEND_NUMBER_MAX];

    set_digits(self, column, digits, cosend_format_integer(value, digits));
}

/*
 * A decimal as JSON would have it, whose grammar is narrower than ours: no plus
 * sign, no zero before a digit, digits on both sides of a point. Room for one
 * byte more than `length` is enough. Returns the length.
 */
static size_t write_decimal(char *out, const char *text, size_t length)
{
    const char *p = text, *end = text + length;
    char *to = out;

    if (*p == '-')
        *to++ = '-';
    p += *p == '-' || *p == '+';
    while (end - p > 1 && *p == '0' && p[1] >= '0' && p[1] <= '9')
        p++;
    if (*p == '.')
        *to++ = '0';
    for (; p < end; p++)
        if (*p != '.' || (end - p > 1 && p[1] >= '0' && p[1] <= '9'))
            *to++ = *p;
    return (size_t)(to - out);
}

static void set_decimal(struct csi_stage *stage, struct cosend_column column,
                        const struct cosend_value *value)
{
    char *out = csi_arena_bytes(&stage->text, (size_t)value->length + 1);
    struct cosend_cell cell;

    if (!out) {
        csi_stage_no_memory(stage);
        return;
    }
    cell = cosend_text(out, write_decimal(out, value->as.text, value->length));
    cell.kind = COSEND_NUMBER;
    cosend_set_slice(&stage->face, column, cell);
}

static void set_time(struct cosend_stage *self, struct cosend_column column,
                     const struct cosend_value *value)
{
    struct cosend_time time = {value->as.integer, value->offset};
    char text[COSEND_TIME_MAX];
    size_t length = cosend_format_time(NULL, time, NULL, text, sizeof(text));

    cosend_set(self, column, cosend_text(text, length));
}

void cosend_set_value(struct cosend_stage *self, struct cosend_column column,
                      const struct cosend_value *value)
{
    struct cosend_cell cell = {.kind = COSEND_ABSENT};

    switch (value->type) {
    case COSEND_TYPE_INT:
        cosend_set_integer(self, column, value->as.integer);
        return;
    case COSEND_TYPE_DOUBLE:
        cosend_set_number(self, column, value->as.number);
        return;
    case COSEND_TYPE_DECIMAL:
        set_decimal(csi_stage_of(self), column, value);
        return;
    case COSEND_TYPE_BAD:
        cosend_fail(self, COSEND_E_TYPE, "a value that is bad was set: %.*s",
                    (int)value->length, value->as.text);
        return;
    case COSEND_TYPE_NULL:
        cell.kind = COSEND_NULL;
        break;
    case COSEND_TYPE_BOOL:
        cell =
            value->as.truth ? cosend_text("true", 4) : cosend_text("false", 5);
        cell.kind = COSEND_BOOL;
        break;
    case COSEND_TYPE_TEXT:
    case COSEND_TYPE_NESTED:
        cell = cosend_text(value->as.text, value->length);
        if (value->type == COSEND_TYPE_NESTED)
            cell.kind = COSEND_NESTED;
        break;
    case COSEND_TYPE_TIME:
        set_time(self, column, value);
        return;
    case COSEND_TYPE_ABSENT:
        break;
    }
    cosend_set(self, column, cell);
}

/* Room for the cells of another pending record; each column's are moved. Apart,
   for it is seldom needed. */
__attribute__((noinline)) static bool grow_cells(struct csi_stage *stage,
                                                 uint32_t at)
{
    size_t added = stage->recipe.added_count, room = stage->cells_capacity;
    size_t wanted = room ? room * 2 : 64;
    struct cosend_cell *cells = csi_calloc(added * wanted, sizeof(*cells));

    if (!cells)
        return false;
    for (size_t i = 0; i < added && at; i++)
        memcpy(cells + i * wanted, stage->cells + i * room,
               at * sizeof(*cells));
    csi_free(stage->cells);
    stage->cells = cells;
    stage->cells_capacity = wanted;
    return true;
}

bool csi_pen_write(struct csi_stage *stage, uint32_t at)
{
    size_t added = stage->recipe.added_count, room;
    struct cosend_cell *pen = stage->pen, *to;

    if (!added)
        return true;
    if (at >= stage->cells_capacity && !grow_cells(stage, at))
        return false;
    room = stage->cells_capacity;
    to = stage->cells + at;
    if (stage->pen_used)
        for (size_t i = 0; i < added; i++, to += room) {
            *to = pen[i];
            pen[i] = (struct cosend_cell){NULL, 0, COSEND_ABSENT};
        }
    else
        for (size_t i = 0; i < added; i++, to += room)
            *to = csi_absent;
    stage->pen_used = false;
    return true;
}

bool csi_pen_save(struct csi_stage *stage, struct csi_arena *fresh)
{
    if (!stage->pen_used)
        return true;
    for (size_t i = 0; i < stage->recipe.added_count; i++) {
        struct cosend_cell *cell = &stage->pen[i];
        char *copy;

        if (!cell->length)
            continue;
        copy = csi_arena_bytes(fresh, cell->length);
        if (!copy)
            return false;
        memcpy(copy, cell->data, cell->length);
        cell->data = copy;
    }
    return true;
}
