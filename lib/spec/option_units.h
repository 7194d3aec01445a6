/* SPDX-License-Identifier: MIT */
/* Options that are numbers, or quantities with a unit. */
#ifndef CSI_OPTION_UNITS_H
#define CSI_OPTION_UNITS_H

#include "spec/check.h"

/* Each stores a value of its type at `to`; what is wrong with it is reported.
 */
void csi_option_int(struct cosend_check *check, const struct csi_value *value,
                    void *to);
void csi_option_number(struct cosend_check *check,
                       const struct csi_value *value, void *to);
void csi_option_duration(struct cosend_check *check,
                         const struct csi_value *value, void *to);
void csi_option_size(struct cosend_check *check, const struct csi_value *value,
                     void *to);
void csi_option_time(struct cosend_check *check, const struct csi_value *value,
                     void *to);

#endif
