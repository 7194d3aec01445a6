/* SPDX-License-Identifier: MIT */
/* What to write for an expression, `status >= 500`, which this version does
   not read. */
#ifndef CSI_CONDITION_ADVICE_H
#define CSI_CONDITION_ADVICE_H

#include "spec/problems.h"

/* The same condition as words of a line, or as JSON, in the plan's arena; what
   cannot be said so is told in general. */
const char *csi_condition_advice(struct csi_spec *spec, const char *text,
                                 size_t length, bool in_line);

#endif
