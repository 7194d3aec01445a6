/* SPDX-License-Identifier: MIT */
/* The value of any option, also of those that have others inside, and defaults.
 */
#ifndef CSI_OPTION_ITEMS_H
#define CSI_OPTION_ITEMS_H

#include "spec/check.h"

/* Store the value of an option at `to`; what is wrong with it is reported. */
void csi_option_value(struct cosend_check *check,
                      const struct cosend_option *option,
                      const struct csi_value *value, void *to);

/* Store an option's default; where it must be given that is reported at what
   holds it, or for NULL at the step. */
void csi_option_default(struct cosend_check *check,
                        const struct cosend_option *option,
                        const struct csi_value *holder, void *to);

#endif
