/* SPDX-License-Identifier: MIT */
/* Rows of records that a step made of others: at the places of those, so that a
   reject shows where they come from. */
#ifndef CSI_MADE_ROWS_H
#define CSI_MADE_ROWS_H

#include "record/record.h"

/* A row for each record of a batch. NULL without memory. */
struct csi_rows *csi_made_rows(const struct cosend_batch *batch);
/* Before a batch gets such rows: records that nobody read keep the ordinal of
   nothing. False without memory. */
bool csi_made_ordinals(struct cosend_batch *batch);
/* Such rows become those of a batch that was derived from the same one, at
   these positions of it, which ascend; NULL: all. Its columns are theirs. False
   without memory. */
bool csi_made_put(struct csi_rows *rows, struct cosend_batch *batch,
                  const uint32_t *positions);

/* What a row has of a name, by walking it: a field, or, as a.b, what is in a
   (see csi_json_follow). False without memory. */
bool csi_made_find(struct csi_rows *rows, uint32_t row,
                   const struct csi_schema_column *asked,
                   struct cosend_cell *cell);

#endif
