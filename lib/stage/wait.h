/* SPDX-License-Identifier: MIT */
/* What a source does between two reads, beside what cosend/source.h says. */
#ifndef CSI_WAIT_H
#define CSI_WAIT_H

#include "stage/stage.h"

/* Let the run act, and give steps their ticks; `woken`: what the source waited
   for, or read, ended because the run was woken. COSEND_OK; COSEND_CLOSING
   where the source is to return; or an error that the run knows. */
int csi_source_act(struct csi_stage *stage, bool woken);

#endif
