/* SPDX-License-Identifier: MIT */
/* Arithmetic on values. */
#ifndef CSI_ARITHMETIC_H
#define CSI_ARITHMETIC_H

#include "expression/evaluation.h"

/* What an ARITHMETIC term makes of two values, neither of which is BAD; it may
   be. They need not be normalised. */
struct cosend_value csi_calculate(struct csi_evaluation *evaluation,
                                  const struct csi_term *term,
                                  const struct cosend_value *left,
                                  const struct cosend_value *right);

/* What a NEGATE term makes of one. */
struct cosend_value csi_negate(struct csi_evaluation *evaluation,
                               const struct csi_term *term,
                               const struct cosend_value *value);

#endif
