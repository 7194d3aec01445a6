/* SPDX-License-Identifier: MIT */
/* What a stage emitted and has not sent yet. */
#ifndef CSI_EMIT_H
#define CSI_EMIT_H

#include "stage/stage.h"

/* Send what is pending. COSEND_OK, COSEND_DONE, or an error. */
int csi_stage_send_pending(struct csi_stage *stage);
/* A batch was taken: what is picked from now on is of it. */
void csi_stage_start_batch(struct csi_stage *stage);

/*
 * From here on until csi_stage_start_batch records that it makes are pending in
 * others' places, and sent by whoever has them there (stage/pieces.h). What is
 * pending is sent. COSEND_OK, COSEND_DONE, or an error.
 */
int csi_stage_begin_pieces(struct csi_stage *stage);
/* So many records that a stage made are pending, whose cells the pen has. False
   without memory. */
bool csi_stage_set_pending(struct csi_stage *stage, uint32_t count);
/* The batch of what is pending, which it then is no more. NULL without memory.
 */
struct cosend_batch *csi_stage_take_pending(struct csi_stage *stage);

/* cosend_pick of a record that the one last looked at let through: it stands
   among others where that one does. */
int csi_stage_pick_caused(struct csi_stage *stage, uint32_t position);

#endif
