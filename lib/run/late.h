/* SPDX-License-Identifier: MIT */
/* Errors of records that no stage wanted any more. */
#ifndef CSI_LATE_H
#define CSI_LATE_H

#include "run/run.h"

/* Where the run's error is of a record behind the one with which the last of
   its branches had enough, it is none. Returns whether that was so. */
bool csi_run_drop_late_error(struct csi_run *run);

/* Whether there are rejected or skipped records of a stage whose targets had
   enough before their input ended. */
bool csi_run_rejects_are_late(const struct csi_run *run);

/* Whether its records were wanted only up to one, behind which none has gone
   through all steps: each branch had enough. */
bool csi_run_had_enough(const struct csi_run *run);

#endif
