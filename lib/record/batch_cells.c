/* SPDX-License-Identifier: MIT */
/* A column of a batch as an array, for whoever takes it out. */
#include "cosend/taker.h"
#include "record/column.h"
#include "record/column_numbers.h"

bool cosend_batch_cells(const struct cosend_batch *batch, size_t column,
                        struct cosend_cell *cells)
{
    const struct cosend_column_cells *from;

    if (column >= batch->schema->count ||
        !csi_batch_fill(batch, (uint32_t)column))
        return false;
    from = &batch->columns[column];
    for (uint32_t i = 0; i < batch->count; i++)
        cells[i] = from->cells[(csi_batch_row(batch, i) & from->row_mask) |
                               (i & from->position_mask)];
    return true;
}

bool cosend_batch_numbers(const struct cosend_batch *batch, size_t column,
                          struct cosend_numbers *numbers)
{
    return column < batch->schema->count &&
           csi_batch_numbers(batch, (uint32_t)column, numbers);
}
