/* SPDX-License-Identifier: MIT */
/* The end of a run. */
#ifndef CSI_FINISH_H
#define CSI_FINISH_H

#include "run/run.h"

/* The source has ended, or is to: close all stages, settle the outputs, and see
   whether the ledger balances. COSEND_OK; COSEND_DONE where the reader of the
   only sink is gone; or an error, which is the run's. */
int csi_run_finish(struct csi_run *run);

#endif
