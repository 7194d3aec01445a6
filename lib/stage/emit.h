/* SPDX-License-Identifier: MIT */
/* What a stage emitted and has not sent yet. */
#ifndef CSI_EMIT_H
#define CSI_EMIT_H

#include "stage/stage.h"

/* Send what is pending. COSEND_OK, COSEND_DONE, or an error. */
int csi_stage_send_pending(struct csi_stage *stage);
/* A batch was taken: what is picked from now on is of it. */
void csi_stage_start_batch(struct csi_stage *stage);

#endif
