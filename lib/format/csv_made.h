/* SPDX-License-Identifier: MIT */
/* Records that a filter made as CSV. */
#ifndef CSI_CSV_MADE_H
#define CSI_CSV_MADE_H

#include "base/text.h"
#include "record/byte_bitmaps.h"
#include "record/record.h"

/* Whether all columns of a batch are of records that a filter made. */
static inline bool csi_csv_are_made(const struct cosend_batch *batch)
{
    return !batch->rows && !batch->schema->open && batch->schema->count;
}

/*
 * Append records from *at on of such a batch. Before one with a cell that is
 * blank or long, or has one of the needles, it stops. *at moves on.
 *
 * Returns false without memory.
 */
bool csi_csv_made_add(const struct cosend_batch *batch, uint32_t *at,
                      char delimiter, const char needles[CSI_SCAN_NEEDLES],
                      const char *line_end, struct csi_text *out);

#endif
