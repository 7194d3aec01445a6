/* SPDX-License-Identifier: MIT */
/* Options that are expressions, or conditions written as one. */
#ifndef CSI_OPTION_EXPRESSION_H
#define CSI_OPTION_EXPRESSION_H

#include "expression/condition.h"
#include "spec/check.h"

/* Compile the string that a value is; problems are reported at the character.
   NULL where there is one. */
struct cosend_expression *csi_option_compile(struct cosend_check *check,
                                             const struct csi_value *value,
                                             bool is_condition);

/* Have noted what the fields of a condition are compared with. */
void csi_option_condition_beside(struct cosend_check *check,
                                 const struct cosend_condition *condition);

/* A value of type EXPRESSION. */
void csi_option_expression(struct cosend_check *check,
                           const struct csi_value *value, void *to);

#endif
