/* SPDX-License-Identifier: MIT */
/* A column of a batch as an array, for whoever takes it out. */
#include "cosend/taker.h"
#include "record/column.h"
#include "record/column_numbers.h"

/* A column whose cells are there; NULL without memory, and where there is no
   such column. */
static const struct cosend_column_cells *
filled(const struct cosend_batch *batch, size_t column)
{
    if (column >= batch->schema->count ||
        !csi_batch_fill(batch, (uint32_t)column))
        return NULL;
    return &batch->columns[column];
}

static const struct cosend_cell *cell_of(const struct cosend_batch *batch,
                                         const struct cosend_column_cells *from,
                                         uint32_t i)
{
    return &from->cells[(csi_batch_row(batch, i) & from->row_mask) |
                        (i & from->position_mask)];
}

bool cosend_batch_cells(const struct cosend_batch *batch, size_t column,
                        struct cosend_cell *cells)
{
    const struct cosend_column_cells *from = filled(batch, column);

    if (!from)
        return false;
    for (uint32_t i = 0; i < batch->count; i++)
        cells[i] = *cell_of(batch, from, i);
    return true;
}

bool cosend_put_column(struct cosend_bytes *to,
                       const struct cosend_batch *batch, size_t column,
                       uint64_t *ends, uint8_t *kinds)
{
    const struct cosend_column_cells *from = filled(batch, column);

    if (!from)
        return false;
    for (uint32_t i = 0; i < batch->count; i++) {
        const struct cosend_cell *cell = cell_of(batch, from, i);

        cosend_put_raw(to, cell->data, cell->length);
        ends[i] = to->length;
        if (kinds)
            kinds[i] = (uint8_t)cell->kind;
    }
    return !to->failed;
}

bool cosend_batch_numbers(const struct cosend_batch *batch, size_t column,
                          struct cosend_numbers *numbers)
{
    return column < batch->schema->count &&
           csi_batch_numbers(batch, (uint32_t)column, numbers);
}
