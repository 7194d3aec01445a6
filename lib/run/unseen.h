/* SPDX-License-Identifier: MIT */
/* At the end: fields that steps name, and that no record had. */
#ifndef CSI_UNSEEN_H
#define CSI_UNSEEN_H

#include "run/run.h"

/* Warn of each, once a step, with the nearest name that records have. */
void csi_run_warn_unseen(struct csi_run *run);

#endif
