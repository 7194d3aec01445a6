/* SPDX-License-Identifier: MIT */
/*
 * Rows whose cells lie in their block, one behind the other: lines of text, and
 * rows of CSV that the index found. Who writes all of a row's cells goes along
 * its bytes, and has no cells made.
 */
#ifndef CSI_ROW_SLICES_H
#define CSI_ROW_SLICES_H

#include "format/csv_fill.h"
#include "format/line_reader.h"
#include "format/write.h"

/* How the cells of a batch's rows lie. */
struct csi_row_slices {
    const struct cosend_batch *batch;
    uint32_t count;          /* of a row's cells; 0: they lie otherwise */
    struct csi_csv_own *csv; /* NULL: lines of text, a cell each */
    char quote;              /* CSV: around some cells; 0: around none */
};

/* A row. Cell i ends at marks[i], from the block's start, and the next one
   starts behind that byte; the last one ends at `end`. */
struct csi_row_slice {
    const char *start, *end;
    const uint32_t *marks;
};

struct csi_row_slices csi_row_slices(const struct cosend_batch *batch);

/* A line of text at a position. */
__attribute__((always_inline)) static inline struct csi_row_slice
csi_line_slice(const struct cosend_batch *batch, uint32_t at)
{
    const struct csi_rows *rows = batch->rows;
    uint32_t row = csi_batch_row(batch, at);
    const char *start = rows->block->data + rows->starts[row];
    const char *end = rows->block->data + rows->ends[row];

    return (struct csi_row_slice){start, csi_line_content(start, end), NULL};
}

/* A row of CSV at a position; all zero where its cells lie otherwise. */
__attribute__((always_inline)) static inline struct csi_row_slice
csi_csv_slice(const struct csi_row_slices *slices, uint32_t at)
{
    const struct csi_rows *rows = slices->batch->rows;
    uint32_t row = csi_batch_row(slices->batch, at);
    const char *data = rows->block->data, *start, *end;
    const uint32_t *marks;

    if (slices->csv->aside_count && csi_csv_find_aside(slices->csv, row))
        return (struct csi_row_slice){0};
    start = data + rows->starts[row];
    marks = rows->marks + rows->first_mark[row];
    end = data + marks[slices->count - 1];
    end -= end > start && end[-1] == '\r';
    return (struct csi_row_slice){start, end, marks};
}

#endif
