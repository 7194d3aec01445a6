/* SPDX-License-Identifier: MIT */
/* What a filter does with memory: all of it is freed, and none may be there. */
#ifndef CSI_FILTER_MEMORY_H
#define CSI_FILTER_MEMORY_H

#include "pipeline/findings.h"

/* Run a step over an input again and again, counting what is not freed; then
   with each allocation failing in turn, `most` of them at most, which must give
   what `whole` is, or COSEND_E_MEMORY. */
void csi_filter_memory(struct csi_findings *findings, const char *spec,
                       const struct csi_trial_input *input,
                       const struct csi_trial_result *whole, long most);

#endif
