/* SPDX-License-Identifier: MIT */
/* Values compared, and columns of numbers with one. */
#ifndef CSI_COMPARISON_H
#define CSI_COMPARISON_H

#include "expression/evaluation.h"
#include "record/number_compare.h"

/* The verdict on a comparison's two values, neither of which is BAD: an enum
   cosend_verdict. *other becomes the one that made it bad. */
signed char csi_compare_values(struct csi_evaluation *evaluation,
                               const struct csi_term *term,
                               const struct cosend_value *left,
                               const struct cosend_value *right,
                               const struct cosend_value **other);

/*
 * Judge a column of numbers beside a constant, where `term` compares them with
 * the column on its left, or on its right if `swapped`.
 *
 * Returns false, judging none, where the numbers cannot be had.
 */
bool csi_compare_column(const struct csi_evaluation *evaluation,
                        enum csi_operator op, uint32_t column,
                        const struct cosend_value *constant,
                        const struct csi_positions *of, signed char *verdicts);

/* The operator that says the same with its sides swapped. */
enum csi_operator csi_operator_swapped(enum csi_operator op);

#endif
