/* SPDX-License-Identifier: MIT */
/*
 * Texts that are objects of JSON, a batch at a time: rows which the reader of
 * JSON lines checks and takes columns from, as if it had cut them. So they are
 * as fast as those.
 *
 * Where a text is all of its record, its row is the record's, over the same
 * block. Others are copied behind one another into a block of their own, and
 * the records get the fields of both (pair_fields.h).
 */
#ifndef CSI_PAIR_ROWS_H
#define CSI_PAIR_ROWS_H

#include "cosend/pair_lines.h"
#include "stage/whole_batches.h"

struct csi_pair_rows;

/* For a stage that opens its columns, whose input is known. Returns false
   without memory; *pairs is NULL where the records are to be taken one by one.
 */
bool csi_pair_rows_new(struct csi_stage *stage,
                       const struct cosend_pair_lines *lines,
                       struct csi_pair_rows **pairs);
void csi_pair_rows_free(struct csi_pair_rows *pairs);

/*
 * Read the texts of a batch. *repeats becomes true where an object has a name
 * more than once. False without memory: then there is nothing to emit.
 */
bool csi_pair_rows_read(struct csi_pair_rows *pairs,
                        const struct cosend_batch *batch, bool *repeats);
/* Whether the text of the record at a position of it is an object, none of
   whose names the record has already. */
bool csi_pair_rows_has(struct csi_pair_rows *pairs, uint32_t position);
/* What is sent of it, for csi_whole_emit; own are the csi_pair_rows. A record
   whose text is none such has its own fields alone. */
csi_batch_maker csi_pair_rows_batch;

#endif
