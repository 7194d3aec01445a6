/* SPDX-License-Identifier: MIT */
/* At the end: patterns that matched nothing, and are written in another way
   than PCRE2's. */
#ifndef CSI_UNMATCHED_H
#define CSI_UNMATCHED_H

#include "run/run.h"

/* Warn of the first thing in each that means a character here. */
void csi_run_warn_unmatched(struct csi_run *run);

#endif
