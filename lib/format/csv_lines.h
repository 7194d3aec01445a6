/* SPDX-License-Identifier: MIT */
/* Lines of text as CSV of one column. */
#ifndef CSI_CSV_LINES_H
#define CSI_CSV_LINES_H

#include "format/plain_cells.h"
#include "format/row_slices.h"

/* Whether a batch's records are lines. */
static inline bool csi_csv_are_lines(const struct csi_row_slices *slices)
{
    return slices->count && !slices->csv;
}

/*
 * Append records from *at on of a batch of lines, each with quotes around it
 * where it has one of the bytes that `plain` looks for, of which the quote is
 * one, and those inside twice. Before a line that is blank, or long, it stops.
 * *at moves on.
 *
 * Returns false without memory.
 */
bool csi_csv_lines_add(struct csi_plain_cells *plain,
                       const struct cosend_batch *batch, uint32_t *at,
                       char quote, const char *line_end, struct csi_text *out);

#endif
