/* SPDX-License-Identifier: MIT */
/* Terms over the records of a batch. */
#ifndef CSI_EVALUATE_H
#define CSI_EVALUATE_H

#include "expression/evaluation.h"

/* A term's value at each position, in their order. All zero with no_memory
   set. */
struct csi_vector csi_evaluate(struct csi_evaluation *evaluation,
                               const struct csi_term *term,
                               const struct csi_positions *of);

/* Whether a term is true at each position: enum cosend_verdict. Why one is BAD,
   its value says. */
void csi_judge(struct csi_evaluation *evaluation, const struct csi_term *term,
               const struct csi_positions *of, signed char *verdicts);

/* The same of one position, as a value: true or false, or why it is BAD. */
struct cosend_value csi_judge_one(struct csi_evaluation *evaluation,
                                  const struct csi_term *term,
                                  const struct csi_positions *one);

#endif
