/* SPDX-License-Identifier: MIT */
/* What the sinks of a spec write to. */
#ifndef CSI_TARGETS_H
#define CSI_TARGETS_H

#include "spec/problems.h"

/* Report sinks that write to the same file, to what the source reads, to where
   rejects go, or to standard output beside another. */
void csi_spec_check_targets(struct csi_spec *spec);

#endif
