/* SPDX-License-Identifier: MIT */
/* What a run would print had its input ended here. */
#ifndef CSI_SNAPSHOT_H
#define CSI_SNAPSHOT_H

#include "run/run.h"

/* Another run of the same plan, primed, whose stages have this one's states,
   all threads' together, which are settled. COSEND_OK, or an error with
   *scratch NULL or half made; free it in any case. */
int csi_snapshot_make(struct csi_run *run, struct csi_run **scratch);
/* Print it. Its threads, if any, are settled. COSEND_OK or an error. */
int csi_snapshot(struct csi_run *run);

#endif
