/* SPDX-License-Identifier: MIT */
/* Columns of all records of the batch in hand, and emits of many of them. */
#ifndef CSI_WHOLE_BATCHES_H
#define CSI_WHOLE_BATCHES_H

#include "stage/stage.h"

/* What was set of the batch in hand is forgotten. */
void csi_whole_clear(struct csi_stage *stage);
void csi_whole_free(struct csi_stage *stage);

#endif
