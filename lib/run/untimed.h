/* SPDX-License-Identifier: MIT */
/* At the end: what was told apart by times, where lines have none. */
#ifndef CSI_UNTIMED_H
#define CSI_UNTIMED_H

#include "run/run.h"

/* Warn of lines that are of a span of time, or not, by the line before alone,
   though they may have a time; and of times that go back so far that bisection
   may have passed over some of the span. */
void csi_run_warn_untimed(struct csi_run *run);

#endif
