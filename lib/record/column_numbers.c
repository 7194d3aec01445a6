/* SPDX-License-Identifier: MIT */
/*
 * Columns as numbers. Where cells are the rows', so are their numbers, a form a
 * row, which says whether anybody asked for that row: a batch of a few rows
 * reads these, and the next one, over others, finds them. So does who asks for
 * a few of a batch's records; then the column is not even filled.
 */
#include "record/column_numbers.h"

#include "record/number_forms.h"

#include <string.h>

/* ---- Of rows ------------------------------------------------------------- */

/* Which of the reader's columns a column is, whose cells are there. */
static uint32_t base_column(const struct cosend_batch *batch, uint32_t column)
{
    const struct csi_rows *rows = batch->rows;
    uint32_t origin = batch->schema->columns[column].origin;

    if (origin < rows->column_count &&
        rows->cells[origin] == batch->columns[column].cells)
        return origin;
    for (origin = 0; origin + 1 < rows->column_count; origin++)
        if (rows->cells[origin] == batch->columns[column].cells)
            break;
    return origin;
}

static struct csi_row_numbers *row_numbers(struct csi_rows *rows,
                                           uint32_t origin)
{
    struct csi_row_numbers *numbers;
    size_t size = rows->column_count * sizeof(*numbers);

    if (!rows->numbers) {
        rows->numbers = csi_arena_get(&rows->arena, size);
        if (!rows->numbers)
            return NULL;
        memset(rows->numbers, 0, size);
    }
    numbers = &rows->numbers[origin];
    if (numbers->forms)
        return numbers;
    numbers->values =
        csi_arena_get(&rows->arena, rows->count * sizeof(*numbers->values));
    numbers->forms =
        numbers->values ? csi_arena_get(&rows->arena, rows->count) : NULL;
    if (!numbers->forms)
        return NULL;
    memset(numbers->forms, CSI_FORM_UNKNOWN, rows->count);
    return numbers;
}

static struct cosend_numbers rows_as(const struct cosend_batch *batch,
                                     const struct csi_row_numbers *numbers,
                                     const struct cosend_cell *cells)
{
    return (struct cosend_numbers){
        numbers->forms,   numbers->values, cells, batch->selection,
        batch->first_row, UINT32_MAX,      0};
}

/* `at`: of these positions; NULL: the first. */
static bool numbers_of_rows(const struct cosend_batch *batch, uint32_t column,
                            const uint32_t *at, uint32_t count,
                            struct cosend_numbers *out)
{
    const struct cosend_cell *cells = batch->columns[column].cells;
    struct csi_row_numbers *numbers =
        row_numbers(batch->rows, base_column(batch, column));
    union cosend_number *values;
    uint8_t *forms;

    if (!numbers)
        return false;
    forms = numbers->forms;
    values = numbers->values;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = csi_batch_row(batch, at ? at[i] : i);

        if (forms[row] == CSI_FORM_UNKNOWN)
            forms[row] = csi_number_form(&cells[row], &values[row]);
    }
    *out = rows_as(batch, numbers, cells);
    return true;
}

/* Whether to cut so many rows costs less than to fill the column, and that is
   how the column would be had. */
static bool is_worth_cutting(const struct cosend_batch *batch, uint32_t column,
                             uint32_t count)
{
    const struct csi_column *more = batch->more ? &batch->more[column] : NULL;
    const struct csi_rows *rows = batch->rows;

    return !batch->columns[column].cells && rows && rows->cut && rows->cells &&
           (!more || (!more->unprinted && !more->filler && !more->source)) &&
           !rows->cells[batch->schema->columns[column].origin] &&
           (uint64_t)count * rows->column_count <= rows->count;
}

/* Cells are only where they were cut. */
static bool numbers_of_cut_rows(const struct cosend_batch *batch,
                                uint32_t column, const uint32_t *at,
                                uint32_t count, struct cosend_numbers *out)
{
    struct csi_rows *rows = batch->rows;
    uint32_t origin = batch->schema->columns[column].origin;
    struct csi_row_numbers *numbers = row_numbers(rows, origin);
    struct cosend_cell *cells =
        csi_arena_get(&rows->arena, rows->count * sizeof(*cells));
    struct cosend_cell *cut =
        csi_arena_get(&rows->arena, rows->column_count * sizeof(*cut));

    if (!numbers || !cells || !cut)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = csi_batch_row(batch, at ? at[i] : i);

        if (!rows->cut(rows, row, cut))
            return false;
        cells[row] = cut[origin];
        numbers->forms[row] =
            csi_number_form(&cells[row], &numbers->values[row]);
    }
    *out = rows_as(batch, numbers, cells);
    return true;
}

/* ---- By position --------------------------------------------------------- */

static bool new_numbers(struct cosend_batch *batch, struct csi_column *more)
{
    more->values =
        csi_arena_get(&batch->arena, batch->count * sizeof(*more->values));
    more->forms =
        more->values ? csi_arena_get(&batch->arena, batch->count) : NULL;
    return more->forms;
}

static bool parse_cells(struct cosend_batch *batch, uint32_t column)
{
    const struct cosend_column_cells *from = &batch->columns[column];
    struct csi_column *more = csi_batch_column(batch, column);

    if (!more || !new_numbers(batch, more))
        return false;
    for (uint32_t i = 0; i < batch->count; i++)
        more->forms[i] = csi_number_form(&from->cells[i & from->position_mask],
                                         &more->values[i]);
    return true;
}

static bool parse_unprinted(struct cosend_batch *batch, struct csi_column *more)
{
    if (!new_numbers(batch, more))
        return false;
    for (uint32_t i = 0; i < batch->count; i++) {
        const struct cosend_cell *cell = &more->unprinted[i];

        more->values[i] = more->unprinted_numbers[i];
        if ((int)cell->kind == CSI_UNPRINTED)
            more->forms[i] = (uint8_t)cell->length;
        else if ((int)cell->kind == CSI_UNPRINTED_TIME)
            more->forms[i] = COSEND_FORM_OTHER;
        else
            more->forms[i] = csi_number_form(cell, &more->values[i]);
    }
    return true;
}

/* Those of the parent. Where one is text, so are the cells that it is in. */
static bool pick_numbers(struct cosend_batch *batch, uint32_t column,
                         const struct cosend_numbers *from)
{
    struct csi_column *more = &batch->more[column];
    bool texts = false;

    if (!new_numbers(batch, more))
        return false;
    for (uint32_t i = 0; i < batch->count; i++) {
        uint32_t at =
            cosend_number_index(from, batch->picked ? batch->picked[i] : i);

        more->forms[i] = from->forms[at];
        more->values[i] = from->values[at];
        texts |= from->forms[at] == COSEND_FORM_TEXT;
    }
    return !texts || csi_batch_fill(batch, column);
}

/* Whether a column that is by position has numbers, or has them cheaper than
   its cells. */
static bool has_numbers(const struct cosend_batch *batch, uint32_t column)
{
    const struct csi_column *more = batch->more ? &batch->more[column] : NULL;

    return more && (more->forms || more->unprinted ||
                    (more->source &&
                     csi_batch_has_numbers(batch->parent, more->source - 1)));
}

static bool numbers_by_position(struct cosend_batch *batch, uint32_t column)
{
    struct csi_column *more = batch->more ? &batch->more[column] : NULL;
    struct cosend_numbers from;

    if (more && more->forms)
        return true;
    if (more && more->unprinted)
        return parse_unprinted(batch, more);
    if (!has_numbers(batch, column))
        return parse_cells(batch, column);
    return csi_batch_numbers(batch->parent, more->source - 1, &from) &&
           pick_numbers(batch, column, &from);
}

/* ---- Either -------------------------------------------------------------- */

bool csi_batch_has_numbers(const struct cosend_batch *batch, uint32_t column)
{
    const struct cosend_column_cells *cells = &batch->columns[column];

    if (has_numbers(batch, column))
        return true;
    return cells->row_mask && batch->rows->numbers &&
           batch->rows->numbers[base_column(batch, column)].forms;
}

bool csi_batch_numbers_at(const struct cosend_batch *batch, uint32_t column,
                          const uint32_t *at, uint32_t count,
                          struct cosend_numbers *numbers)
{
    struct cosend_batch *own = (struct cosend_batch *)(uintptr_t)batch;
    const struct cosend_column_cells *cells = &batch->columns[column];
    const struct csi_column *more;

    if (is_worth_cutting(batch, column, count))
        return numbers_of_cut_rows(batch, column, at, count, numbers);
    if (!has_numbers(batch, column) && !csi_batch_fill(batch, column))
        return false;
    if (cells->row_mask)
        return numbers_of_rows(batch, column, at, count, numbers);
    if (!numbers_by_position(own, column))
        return false;
    more = &batch->more[column];
    /* Of a constant column there is one cell, and one number that counts. */
    *numbers = (struct cosend_numbers){
        .forms = more->forms,
        .values = more->values,
        .cells = cells->cells ? cells->cells : more->unprinted,
        .position_mask = cells->cells ? cells->position_mask : UINT32_MAX};
    return true;
}

bool csi_batch_numbers(const struct cosend_batch *batch, uint32_t column,
                       struct cosend_numbers *numbers)
{
    return csi_batch_numbers_at(batch, column, NULL, batch->count, numbers);
}
