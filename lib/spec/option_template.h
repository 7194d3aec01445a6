/* SPDX-License-Identifier: MIT */
/* Options that are templates. */
#ifndef CSI_OPTION_TEMPLATE_H
#define CSI_OPTION_TEMPLATE_H

#include "spec/check.h"

/* Store a struct cosend_template *, whose memory is the plan's, at `to`; what
   is wrong with the value is reported. */
void csi_option_template(struct cosend_check *check,
                         const struct csi_value *value, void *to);

#endif
