/* SPDX-License-Identifier: MIT */
/* The value of an option that is no list or map of others, by its row's type,
   from JSON to where it is stored. */
#ifndef CSI_OPTION_SCALARS_H
#define CSI_OPTION_SCALARS_H

#include "spec/check.h"

/* Store the value of check->option, which is of no other type than those with a
   parser here; what is wrong with it is reported. */
void csi_option_scalar(struct cosend_check *check,
                       const struct csi_value *value, void *to);

#endif
