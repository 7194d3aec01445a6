/* SPDX-License-Identifier: MIT */
/* The value of an option, by its row's type, from JSON to where it is stored.
 */
#ifndef CSI_OPTION_VALUES_H
#define CSI_OPTION_VALUES_H

#include "spec/check.h"

/* Store a value; what is wrong with it is reported. */
void csi_option_value(struct cosend_check *check,
                      const struct cosend_option *option,
                      const struct csi_value *value);

#endif
