/* SPDX-License-Identifier: MIT */
/* What a stage's body published, as bytes. */
#ifndef CSI_STATE_H
#define CSI_STATE_H

#include "stage/stage.h"

/* Write down what the stage published, or nothing where it published nothing.
   COSEND_OK, an error, or an answer > 0 that is neither (answer.h). */
int csi_state_save(const struct csi_stage *stage, struct cosend_bytes *to);
/* Have the row's merge take in what was written down. Returns what it does,
   as above. */
int csi_state_read(const struct csi_stage *stage,
                   struct cosend_reader_bytes *from);
/* The stage ends before the run does: keep its state, for snapshots, if it can
   be saved. False without memory. */
bool csi_state_save_last(struct csi_stage *stage);

#endif
