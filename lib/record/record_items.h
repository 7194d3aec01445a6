/* SPDX-License-Identifier: MIT */
/* One record at a time: its cells, and where it came from. */
#ifndef CSI_RECORD_ITEMS_H
#define CSI_RECORD_ITEMS_H

#include "record/batch.h"

/* The physical line on which a row starts, from 1. Cheap where rows are asked
   for in order. */
uint64_t csi_rows_line(struct csi_rows *rows, uint32_t row);
/* Add a field to those that are walked in rows of one record, whose own they
   become; name and cell are copied. False without memory. */
bool csi_rows_add_item(struct csi_rows *rows, const struct cosend_item *item);

/* The cell of schema column c, filled on demand. False without memory. */
bool csi_record_cell(const struct cosend_record *record, uint32_t column,
                     struct cosend_cell *cell);

/* Where the record came from: source, physical line (from 1), byte offset.
   False, and all zero, for one that a filter made. */
struct csi_provenance {
    const char *source;
    uint64_t line, offset;
    const char *raw; /* as read, without the line end */
    size_t raw_length;
};
bool csi_record_provenance(const struct cosend_record *record,
                           struct csi_provenance *place);

#endif
