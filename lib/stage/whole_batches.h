/* SPDX-License-Identifier: MIT */
/* Columns of all records of the batch in hand, and emits of many of them. */
#ifndef CSI_WHOLE_BATCHES_H
#define CSI_WHOLE_BATCHES_H

#include "stage/stage.h"

/* Make the batch that goes out of records at positions of the one in hand. NULL
   without memory. */
typedef struct cosend_batch *csi_batch_maker(struct csi_stage *stage,
                                             const uint32_t *positions,
                                             uint32_t count, void *own);

/* As cosend_emit_picked, of positions that ascend, for who makes the batch
   himself. */
int csi_whole_emit(struct csi_stage *stage, const uint32_t *positions,
                   uint32_t count, csi_batch_maker *make, void *own);
/* What was set of the batch in hand is forgotten. */
void csi_whole_clear(struct csi_stage *stage);
void csi_whole_free(struct csi_stage *stage);

#endif
