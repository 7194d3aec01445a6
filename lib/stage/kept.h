/* SPDX-License-Identifier: MIT */
/* Records that a filter holds beyond the next receive. */
#ifndef CSI_KEPT_H
#define CSI_KEPT_H

#include "stage/stage.h"

/* Kept records no longer lean on the batch in hand, which is leaving. False
   without memory. */
bool csi_stage_settle_kept(struct csi_stage *stage);
/* A kept record was made of bytes: the stage holds it. */
void csi_kept_add(struct csi_stage *stage, struct cosend_batch *batch);
/* The body has ended, and what it kept and did not release is let go, as
   dropped. */
void csi_kept_drop_all(struct csi_stage *stage);
/* Count a kept or stored record as no longer held. False where it is neither,
   or was counted before. */
bool csi_kept_count(struct csi_stage *stage,
                    const struct cosend_record *record);

#endif
