/* SPDX-License-Identifier: MIT */
#include "stage/pen.h"

#include "base/short.h"
#include "cosend/time.h"
#include "record/number_forms.h"
#include "stage/open_fields.h"

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

bool csi_pen_has(struct csi_stage *stage, struct cosend_column column)
{
    if (column.index < stage->recipe.added_count)
        return true;
    cosend_fail(&stage->face, COSEND_E_USAGE,
                "it sets a column that it did not declare");
    return false;
}

void cosend_set_slice(struct cosend_stage *self, struct cosend_column column,
                      struct cosend_cell cell)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (column.index == CSI_BY_NAME && stage->open)
        csi_open_set(stage, cell);
    else if (csi_pen_has(stage, column) && pen_ready(stage))
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
        csi_copy(copy, cell.data, cell.length);
        cell.data = copy;
    }
    cosend_set_slice(self, column, cell);
}

/* Where pen_numbers are, so is the rest. */
static bool ready_numbers(struct csi_stage *stage)
{
    size_t count = stage->recipe.added_count;

    if (stage->pen_numbers)
        return true;
    if (!stage->unprinted)
        stage->unprinted = csi_calloc(count, sizeof(*stage->unprinted));
    if (!stage->cell_numbers && stage->cells_capacity)
        stage->cell_numbers = csi_calloc(count * stage->cells_capacity,
                                         sizeof(*stage->cell_numbers));
    if (stage->unprinted && (stage->cell_numbers || !stage->cells_capacity))
        stage->pen_numbers = csi_calloc(count, sizeof(*stage->pen_numbers));
    if (!stage->pen_numbers)
        csi_stage_no_memory(stage);
    return stage->pen_numbers;
}

/* A number has no text until somebody reads it. */
static void set_unprinted(struct cosend_stage *self,
                          struct cosend_column column, uint8_t form,
                          union cosend_number number)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (!csi_pen_has(stage, column) || !ready_numbers(stage) ||
        !pen_ready(stage))
        return;
    stage->pen[column.index] =
        (struct cosend_cell){NULL, form, (enum cosend_kind)CSI_UNPRINTED};
    stage->pen_numbers[column.index] = number;
}

void cosend_set_number(struct cosend_stage *self, struct cosend_column column,
                       double value)
{
    char digits[COSEND_NUMBER_MAX];
    union cosend_number number;
    struct cosend_cell cell;
    uint8_t form;

    if (column.index != CSI_BY_NAME &&
        csi_number_of_double(value, &form, &number)) {
        set_unprinted(self, column, form, number);
        return;
    }
    cell = cosend_text(digits, cosend_format_double(value, digits));
    cell.kind = COSEND_NUMBER;
    cosend_set(self, column, cell);
}

void cosend_set_integer(struct cosend_stage *self, struct cosend_column column,
                        int64_t value)
{
    union cosend_number number = {.integer = value};
    char digits[COSEND_NUMBER_MAX];
    struct cosend_cell cell;

    if (column.index != CSI_BY_NAME) {
        set_unprinted(self, column, COSEND_FORM_INTEGER, number);
        return;
    }
    cell = cosend_text(digits, cosend_format_integer(value, digits));
    cell.kind = COSEND_NUMBER;
    cosend_set(self, column, cell);
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

static bool grow_numbers(struct csi_stage *stage, size_t wanted, uint32_t used)
{
    size_t added = stage->recipe.added_count, room = stage->cells_capacity;
    union cosend_number *old = stage->cell_numbers;
    union cosend_number *numbers = csi_calloc(added * wanted, sizeof(*numbers));

    if (!numbers)
        return false;
    for (size_t i = 0; i < added && used; i++)
        if (stage->unprinted[i])
            memcpy(numbers + i * wanted, old + i * room,
                   used * sizeof(*numbers));
    csi_free(old);
    stage->cell_numbers = numbers;
    return true;
}

/* Room for the cells of another pending record; each column's are moved. Apart,
   for it is seldom needed. */
__attribute__((noinline)) static bool grow_cells(struct csi_stage *stage,
                                                 uint32_t used)
{
    size_t added = stage->recipe.added_count, room = stage->cells_capacity;
    size_t wanted = room ? room * 2 : 64;
    struct cosend_cell *old = stage->cells;
    struct cosend_cell *cells = csi_calloc(added * wanted, sizeof(*cells));

    if (!cells || (stage->pen_numbers && !grow_numbers(stage, wanted, used))) {
        csi_free(cells);
        return false;
    }
    for (size_t i = 0; i < added && used; i++)
        memcpy(cells + i * wanted, old + i * room, used * sizeof(*cells));
    csi_free(old);
    stage->cells = cells;
    stage->cells_capacity = wanted;
    return true;
}

static void write_cells(struct csi_stage *stage, uint32_t at)
{
    size_t added = stage->recipe.added_count, room = stage->cells_capacity;
    struct cosend_cell *pen = stage->pen, *cells = stage->cells;

    for (size_t i = 0, to = at; i < added; i++, to += room) {
        cells[to] = pen[i];
        if ((int)pen[i].kind == CSI_UNPRINTED) {
            stage->cell_numbers[to] = stage->pen_numbers[i];
            stage->unprinted[i] = true;
        }
        pen[i] = (struct cosend_cell){NULL, 0, COSEND_ABSENT};
    }
    stage->pen_used = false;
}

bool csi_pen_write(struct csi_stage *stage, uint32_t at)
{
    size_t added = stage->recipe.added_count;

    if (!added)
        return true;
    if (at >= stage->cells_capacity && !grow_cells(stage, at))
        return false;
    if (stage->pen_used)
        write_cells(stage, at);
    else
        for (size_t i = 0; i < added; i++)
            stage->cells[i * stage->cells_capacity + at] = csi_absent;
    return true;
}

struct cosend_cell csi_pen_cell(const struct csi_stage *stage, size_t added,
                                uint32_t at, char digits[COSEND_NUMBER_MAX])
{
    size_t place = added * stage->cells_capacity + at;
    struct cosend_cell cell = stage->cells[place];

    if ((int)cell.kind != CSI_UNPRINTED)
        return cell;
    cell = cosend_text(digits,
                       csi_number_print((uint8_t)cell.length,
                                        stage->cell_numbers[place], digits));
    cell.kind = COSEND_NUMBER;
    return cell;
}

static bool copy_array(const void *from, size_t size, struct csi_arena *arena,
                       void **to)
{
    *to = csi_arena_get(arena, size);
    if (*to)
        memcpy(*to, from, size);
    return *to;
}

bool csi_pen_columns(struct csi_stage *stage, struct cosend_batch *batch)
{
    for (size_t i = 0; i < stage->recipe.added_count; i++) {
        struct cosend_column_cells *column;
        size_t at = i * stage->cells_capacity;
        struct csi_column *more;
        void *cells, *numbers;

        if (stage->added_column[i] == CSI_NO_COLUMN)
            continue;
        column = &batch->columns[stage->added_column[i]];
        if (!copy_array(stage->cells + at, batch->count * sizeof(*stage->cells),
                        &batch->arena, &cells))
            return false;
        *column = (struct cosend_column_cells){cells, 0, UINT32_MAX};
        if (!stage->unprinted || !stage->unprinted[i])
            continue;
        more = csi_batch_column(batch, stage->added_column[i]);
        if (!more || !copy_array(stage->cell_numbers + at,
                                 batch->count * sizeof(*stage->cell_numbers),
                                 &batch->arena, &numbers))
            return false;
        column->cells = NULL;
        more->unprinted = cells;
        more->unprinted_numbers = numbers;
        stage->unprinted[i] = false;
    }
    return true;
}

bool csi_pen_save(struct csi_stage *stage, struct csi_arena *fresh)
{
    if (!stage->pen_used)
        return true;
    for (size_t i = 0; i < stage->recipe.added_count; i++) {
        struct cosend_cell *cell = &stage->pen[i];
        char *copy;

        if (!cell->length || (int)cell->kind == CSI_UNPRINTED)
            continue;
        copy = csi_arena_bytes(fresh, cell->length);
        if (!copy)
            return false;
        memcpy(copy, cell->data, cell->length);
        cell->data = copy;
    }
    return true;
}
