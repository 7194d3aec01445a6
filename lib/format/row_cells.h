/* SPDX-License-Identifier: MIT */
/*
 * The cells of one record after another, side by side, for those who want all
 * of them and each once: rows that can be cut one by one are, so that no column
 * has to be made and kept.
 */
#ifndef CSI_ROW_CELLS_H
#define CSI_ROW_CELLS_H

#include "format/write.h"

/* All zero is ready. */
struct csi_row_cells {
    struct cosend_cell *cells; /* of the record that was taken last */
    size_t capacity;
    bool cut; /* rows are cut one by one */
};

/* Whether a batch's columns are those of its rows, which can be cut. */
bool csi_row_cells_can_be_cut(const struct cosend_batch *batch);

/* Get ready for the records of a batch. False without memory. */
bool csi_row_cells_begin(struct csi_row_cells *taken,
                         const struct cosend_batch *batch);

/* Have the cells of the record at a position. False without memory. */
static inline bool csi_row_cells_take(struct csi_row_cells *taken,
                                      const struct cosend_batch *batch,
                                      uint32_t at)
{
    uint32_t count = batch->schema->count, row = csi_row(batch, at);

    if (taken->cut)
        return batch->rows->cut(batch->rows, row, taken->cells);
    for (uint32_t i = 0; i < count; i++)
        taken->cells[i] = csi_cell(batch, i, at, row);
    return true;
}

static inline void csi_row_cells_free(struct csi_row_cells *taken)
{
    csi_free(taken->cells);
}

#endif
