/* SPDX-License-Identifier: MIT */
/* States from one run to another of the same plan, by way of bytes. */
#ifndef CSI_STATE_TRANSFER_H
#define CSI_STATE_TRANSFER_H

#include "run/run.h"

/* Write down what a stage published, or what it had when it ended early.
   COSEND_OK, an error, or what else the row's save answered. */
int csi_state_put(const struct csi_stage *stage, struct cosend_bytes *to);
/* Merge such bytes into a stage's state, all of them. COSEND_E_TYPE where they
   are none, or the stage has no state; else as above, of the row's merge. */
int csi_state_merge(struct csi_stage *stage, const void *data, size_t length);
/* Merge the states of all stages of one run into those of another, whose stages
   count the records that they get to hold as created. These three return
   COSEND_OK or an error. */
int csi_states_merge_run(const struct csi_run *from, struct csi_run *into);
/*
 * The same at the end, when nobody needs the states of the one run any more:
 * what can be is taken away from it, and must then be united, by so many
 * threads, when all has been moved. Both return COSEND_OK or an error.
 */
int csi_states_move_run(struct csi_run *from, struct csi_run *into);
int csi_states_unite(struct csi_run *run, uint32_t threads);

#endif
