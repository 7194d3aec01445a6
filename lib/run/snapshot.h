/* SPDX-License-Identifier: MIT */
/* What a run would print had its input ended here. */
#ifndef CSI_SNAPSHOT_H
#define CSI_SNAPSHOT_H

#include "run/run.h"

/* Print it. Its threads, if any, are settled. COSEND_OK or an error. */
int csi_snapshot(struct csi_run *run);

#endif
