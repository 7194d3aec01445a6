/* SPDX-License-Identifier: MIT */
/* A stage from its making to its freeing, and its body between. */
#ifndef CSI_BODY_H
#define CSI_BODY_H

#include "stage/stage.h"

/* Make a stage's coroutine; the stage is zeroed but for shared, node, index and
   targets. COSEND_OK or an error. */
int csi_stage_init(struct csi_stage *stage, struct cosend_error *error);
/* Free what the stage holds; its coroutine is closed first. */
void csi_stage_free(struct csi_stage *stage);

#endif
