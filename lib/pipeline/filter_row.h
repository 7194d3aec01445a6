/* SPDX-License-Identifier: MIT */
/* What a filter's row says for people. */
#ifndef CSI_FILTER_ROW_H
#define CSI_FILTER_ROW_H

#include "pipeline/findings.h"

/* Look at the summary, the details, and the help and examples of options. */
void csi_filter_row(struct csi_findings *findings,
                    const struct cosend_filter *filter);

#endif
