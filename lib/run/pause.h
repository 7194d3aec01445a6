/* SPDX-License-Identifier: MIT */
/* What a run does between two batches. */
#ifndef CSI_PAUSE_H
#define CSI_PAUSE_H

#include "run/run.h"

/* Write rejects, and do what was asked for: a snapshot, the ledger. COSEND_OK
   or an error. */
int csi_run_pause(struct csi_run *run);

#endif
