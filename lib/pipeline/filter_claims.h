/* SPDX-License-Identifier: MIT */
/* What a filter's row says of it, and how it treats bad records and those that
   it keeps: whether that is so. */
#ifndef CSI_FILTER_CLAIMS_H
#define CSI_FILTER_CLAIMS_H

#include "pipeline/findings.h"

/* Look at a step over an input; `whole` is what came of it in one push, and
   `none` of an input without records. With `brief` nothing is said of what a
   row can only say of all its options. */
void csi_filter_claims(struct csi_findings *findings, const char *spec,
                       const struct cosend_filter *filter,
                       const struct csi_trial_input *input,
                       const struct csi_trial_result *whole,
                       const struct csi_trial_result *none, bool brief);

#endif
