/* SPDX-License-Identifier: MIT */
/* A column of a batch as an array, for whoever takes it out. */
#include "cosend/taker.h"
#include "record/column.h"
#include "record/column_numbers.h"

/* Have a column's cells be there. False without memory, and where there is no
   such column. */
static bool fill_column(const struct cosend_batch *batch, size_t column)
{
    return column < batch->schema->count &&
           csi_batch_fill(batch, (uint32_t)column);
}

static struct cosend_cell cell_of(const struct cosend_batch *batch,
                                  size_t column, uint32_t i)
{
    return csi_cell(batch, (uint32_t)column, i, csi_batch_row(batch, i));
}

bool cosend_batch_cells(const struct cosend_batch *batch, size_t column,
                        struct cosend_cell *cells)
{
    if (!fill_column(batch, column))
        return false;
    for (uint32_t i = 0; i < batch->count; i++)
        cells[i] = cell_of(batch, column, i);
    return true;
}

bool cosend_put_column(struct cosend_bytes *to,
                       const struct cosend_batch *batch, size_t column,
                       uint64_t *ends, uint8_t *kinds)
{
    if (!fill_column(batch, column))
        return false;
    for (uint32_t i = 0; i < batch->count; i++) {
        struct cosend_cell cell = cell_of(batch, column, i);

        cosend_put_raw(to, cell.data, cell.length);
        if (ends)
            ends[i] = to->length;
        cosend_put_raw(to, "", 1);
        if (kinds)
            kinds[i] = (uint8_t)cell.kind;
    }
    return !to->failed;
}

bool cosend_batch_numbers(const struct cosend_batch *batch, size_t column,
                          struct cosend_numbers *numbers)
{
    return column < batch->schema->count &&
           csi_batch_numbers(batch, (uint32_t)column, numbers);
}
