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

static void set_cell(struct csi_stage *stage, struct cosend_column column,
                     struct cosend_cell cell)
{
    if (column.index == CSI_BY_NAME && stage->open)
        csi_open_set(stage, cell);
    else if (csi_pen_has(stage, column) && pen_ready(stage))
        stage->pen[column.index] = cell;
}

void cosend_set_slice(struct cosend_stage *self, struct cosend_column column,
                      struct cosend_cell cell)
{
    if (csi_stage_has_cell(csi_stage_of(self), &cell))
        set_cell(csi_stage_of(self), column, cell);
}

void cosend_set(struct cosend_stage *self, struct cosend_column column,
                struct cosend_cell cell)
{
    struct csi_stage *stage = csi_stage_of(self);
    char *copy;

    if (!csi_stage_has_cell(stage, &cell))
        return;
    if (cell.length) {
        copy = csi_arena_bytes(&stage->text, cell.length);
        if (!copy) {
            csi_stage_no_memory(stage);
            return;
        }
        csi_copy(copy, cell.data, cell.length);
        cell.data = copy;
    }
    set_cell(stage, column, cell);
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

void csi_pen_set(struct cosend_stage *self, struct cosend_column column,
                 struct cosend_cell cell, union cosend_number number)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (!csi_pen_has(stage, column) || !ready_numbers(stage) ||
        !pen_ready(stage))
        return;
    stage->pen[column.index] = cell;
    stage->pen_numbers[column.index] = number;
}

static struct cosend_cell number_of_form(uint8_t form)
{
    return (struct cosend_cell){NULL, form, (enum cosend_kind)CSI_UNPRINTED};
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

/* What needs to be written: a decimal, or a number or time that is out of the
   way. False without memory. */
static bool write_value(const struct cosend_value *value,
                        struct csi_arena *arena, struct cosend_cell *cell)
{
    struct cosend_time time = {value->as.integer, value->offset};
    size_t room = value->type == COSEND_TYPE_DECIMAL ? (size_t)value->length + 1
                                                     : CSI_UNPRINTED_MAX;
    char *out = csi_arena_bytes(arena, room);

    if (!out)
        return false;
    if (value->type == COSEND_TYPE_TIME)
        *cell =
            cosend_text(out, cosend_format_time(NULL, time, NULL, out, room));
    else if (value->type == COSEND_TYPE_DOUBLE)
        *cell = cosend_text(out, cosend_format_double(value->as.number, out));
    else
        *cell =
            cosend_text(out, write_decimal(out, value->as.text, value->length));
    if (value->type != COSEND_TYPE_TIME)
        cell->kind = COSEND_NUMBER;
    return true;
}

/* With the bytes behind them that short keys are read with. */
static const struct {
    char yes[CSI_BLOCK_SLACK], no[CSI_BLOCK_SLACK];
} words = {"true", "false"};

bool csi_value_unprinted(const struct cosend_value *value,
                         struct csi_arena *arena, struct cosend_cell *cell,
                         union cosend_number *number)
{
    struct cosend_time time = {value->as.integer, value->offset};
    uint8_t form = COSEND_FORM_INTEGER;

    *cell = csi_absent;
    switch (value->type) {
    case COSEND_TYPE_INT:
        number->integer = value->as.integer;
        *cell = number_of_form(form);
        break;
    case COSEND_TYPE_DOUBLE:
        if (!csi_number_of_double(value->as.number, &form, number))
            return write_value(value, arena, cell);
        *cell = number_of_form(form);
        break;
    case COSEND_TYPE_TIME:
        return csi_unprinted_time(time, cell, number) ||
               write_value(value, arena, cell);
    case COSEND_TYPE_DECIMAL:
        return write_value(value, arena, cell);
    case COSEND_TYPE_NULL:
        cell->kind = COSEND_NULL;
        break;
    case COSEND_TYPE_BOOL:
        *cell = value->as.truth ? cosend_text(words.yes, 4)
                                : cosend_text(words.no, 5);
        cell->kind = COSEND_BOOL;
        break;
    case COSEND_TYPE_TEXT:
    case COSEND_TYPE_NESTED:
        *cell = cosend_text(value->as.text, value->length);
        if (value->type == COSEND_TYPE_NESTED)
            cell->kind = COSEND_NESTED;
        break;
    case COSEND_TYPE_ABSENT:
    case COSEND_TYPE_BAD:
        break;
    }
    return true;
}

void cosend_set_value(struct cosend_stage *self, struct cosend_column column,
                      const struct cosend_value *value)
{
    struct csi_stage *stage = csi_stage_of(self);
    char buffer[CSI_UNPRINTED_MAX];
    union cosend_number number;
    struct cosend_cell cell;

    if (!csi_stage_given(stage, value, "value"))
        return;
    if ((unsigned)value->type > COSEND_TYPE_BAD) {
        cosend_fail(self, COSEND_E_USAGE, "it sets a value of no type");
        return;
    }
    if (value->type == COSEND_TYPE_BAD) {
        cosend_fail(self, COSEND_E_TYPE, "a value that is bad was set: %.*s",
                    (int)value->length, value->as.text);
        return;
    }
    if (!csi_value_unprinted(value, &stage->text, &cell, &number))
        csi_stage_no_memory(stage);
    else if (!csi_is_unprinted(&cell))
        cosend_set(self, column, cell);
    else if (column.index != CSI_BY_NAME)
        csi_pen_set(self, column, cell, number);
    else
        cosend_set(self, column, csi_print_unprinted(&cell, number, buffer));
}

void cosend_set_number(struct cosend_stage *self, struct cosend_column column,
                       double number)
{
    struct cosend_value value = {.type = COSEND_TYPE_DOUBLE};
    union cosend_number unprinted;
    uint8_t form;

    if (column.index != CSI_BY_NAME &&
        csi_number_of_double(number, &form, &unprinted)) {
        csi_pen_set(self, column, number_of_form(form), unprinted);
        return;
    }
    value.as.number = number;
    cosend_set_value(self, column, &value);
}

void cosend_set_integer(struct cosend_stage *self, struct cosend_column column,
                        int64_t integer)
{
    struct cosend_value value = {.type = COSEND_TYPE_INT};
    union cosend_number unprinted = {.integer = integer};

    if (column.index != CSI_BY_NAME) {
        csi_pen_set(self, column, number_of_form(COSEND_FORM_INTEGER),
                    unprinted);
        return;
    }
    value.as.integer = integer;
    cosend_set_value(self, column, &value);
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

bool csi_pen_reserve(struct csi_stage *stage, uint32_t count)
{
    size_t added = stage->recipe.added_count;

    while (added && stage->cells_capacity < count)
        if (!grow_cells(stage, 0))
            return false;
    for (size_t i = 0; i < added; i++)
        memset(stage->cells + i * stage->cells_capacity, 0,
               count * sizeof(*stage->cells));
    return true;
}

union cosend_number *csi_pen_integers(struct csi_stage *stage,
                                      struct cosend_column column,
                                      uint32_t count)
{
    const struct cosend_cell integer = number_of_form(COSEND_FORM_INTEGER);
    size_t start = column.index * stage->cells_capacity;

    if (!ready_numbers(stage))
        return NULL;
    for (uint32_t i = 0; i < count; i++)
        stage->cells[start + i] = integer;
    stage->unprinted[column.index] = count > 0;
    return stage->cell_numbers + start;
}

/* Column i's cell becomes the one at `to`. */
static inline void write_cell(struct csi_stage *stage, size_t i, size_t to)
{
    struct cosend_cell *cell = &stage->pen[i];

    stage->cells[to] = *cell;
    if (csi_is_unprinted(cell)) {
        stage->cell_numbers[to] = stage->pen_numbers[i];
        stage->unprinted[i] = true;
    }
    *cell = (struct cosend_cell){NULL, 0, COSEND_ABSENT};
}

void csi_pen_put(struct csi_stage *stage, struct cosend_column column,
                 uint32_t at)
{
    if (stage->pen)
        write_cell(stage, column.index,
                   column.index * stage->cells_capacity + at);
}

static void write_cells(struct csi_stage *stage, uint32_t at)
{
    size_t added = stage->recipe.added_count, room = stage->cells_capacity;

    for (size_t i = 0, to = at; i < added; i++, to += room)
        write_cell(stage, i, to);
    stage->pen_used = false;
}

void csi_pen_forget(struct csi_stage *stage)
{
    if (stage->pen_used)
        memset(stage->pen, 0, stage->recipe.added_count * sizeof(*stage->pen));
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
                                uint32_t at, char buffer[CSI_UNPRINTED_MAX])
{
    size_t place = added * stage->cells_capacity + at;
    const struct cosend_cell *cell = &stage->cells[place];

    return csi_is_unprinted(cell)
               ? csi_print_unprinted(cell, stage->cell_numbers[place], buffer)
               : *cell;
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

        if (!cell->length || csi_is_unprinted(cell))
            continue;
        copy = csi_arena_bytes(fresh, cell->length);
        if (!copy)
            return false;
        memcpy(copy, cell->data, cell->length);
        cell->data = copy;
    }
    return true;
}

void csi_pen_free(struct csi_stage *stage)
{
    csi_free(stage->pen);
    csi_free(stage->pen_numbers);
    csi_free(stage->cells);
    csi_free(stage->cell_numbers);
    csi_free(stage->unprinted);
    csi_arena_free(&stage->text);
}
