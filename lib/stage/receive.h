/* SPDX-License-Identifier: MIT */
/* The batch in hand, how the next one comes, and news between two. */
#ifndef CSI_RECEIVE_H
#define CSI_RECEIVE_H

#include "stage/stage.h"

/* Wait for the next batch, acting on news. False at the end. */
bool csi_stage_next_batch(struct csi_stage *stage);
/* Have the cells of all declared fields of the batch in hand. False, with the
   stage failed, without memory. */
bool csi_stage_fill_fields(struct csi_stage *stage);
/* Be done with the batch in hand, if any: what is pending is sent. */
void csi_stage_let_go(struct csi_stage *stage);

#endif
