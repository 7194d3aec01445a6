/* SPDX-License-Identifier: MIT */
#include "format/row_slices.h"

#include "format/row_cells.h"

struct csi_row_slices csi_row_slices(const struct cosend_batch *batch)
{
    struct csi_row_slices slices = {.batch = batch};

    if (csi_is_raw(batch, COSEND_FORMAT_TEXT) && batch->schema->count == 1 &&
        batch->schema->columns[0].origin == 0 && !batch->rows->reshaped &&
        !batch->rows->nul) {
        slices.count = 1;
    } else if (csi_row_cells_can_be_cut(batch)) {
        slices.csv = csi_csv_own_of(batch->rows);
        if (slices.csv)
            slices.count = batch->schema->count;
        if (slices.csv && slices.csv->quoted)
            slices.quote = slices.csv->quote;
    }
    return slices;
}
