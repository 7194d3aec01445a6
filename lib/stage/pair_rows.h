/* SPDX-License-Identifier: MIT */
/*
 * Lines of text that are objects of JSON, a batch at a time: rows of their own
 * over the same block, which the reader of JSON lines checks and takes columns
 * from, as if it had cut them. So they are as fast as those.
 */
#ifndef CSI_PAIR_ROWS_H
#define CSI_PAIR_ROWS_H

#include "stage/whole_batches.h"

struct csi_pair_rows;

/* For a stage that opens its columns and has none of its input's. NULL without
   memory. */
struct csi_pair_rows *csi_pair_rows_new(struct csi_stage *stage);
void csi_pair_rows_free(struct csi_pair_rows *pairs);

/*
 * Read a batch, whose field is all of each record. *repeats becomes true where
 * an object has a name more than once.
 *
 * Returns false where the field is not all of a record, and without memory:
 * then there is nothing to emit.
 */
bool csi_pair_rows_read(struct csi_pair_rows *pairs,
                        const struct cosend_batch *batch,
                        struct cosend_field field, bool *repeats);
/* Whether the record at a position of it, which ascend, is an object. */
bool csi_pair_rows_has(struct csi_pair_rows *pairs, uint32_t position);
/* Those that are, for csi_whole_emit; own are the csi_pair_rows. */
csi_batch_maker csi_pair_rows_batch;

#endif
