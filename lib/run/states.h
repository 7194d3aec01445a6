/* SPDX-License-Identifier: MIT */
/* What every stage of a run published, as bytes. */
#ifndef CSI_STATES_H
#define CSI_STATES_H

#include "run/run.h"

/* COSEND_OK or an error. */
int csi_states_save(const struct csi_run *run, struct cosend_bytes *to);
/* Merge such bytes of a run of the same pipeline into this one's states.
   COSEND_E_TYPE for other bytes. */
int csi_states_merge(struct csi_run *run, struct cosend_reader_bytes *from);
/* Merge one run's states into another's of the same plan, stage by stage. */
int csi_states_merge_run(const struct csi_run *from, struct csi_run *into);

#endif
