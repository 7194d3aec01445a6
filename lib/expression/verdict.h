/* SPDX-License-Identifier: MIT */
/* Values judged, one record at a time; each sets *bad where the verdict is
   COSEND_VERDICT_BAD. */
#ifndef CSI_VERDICT_H
#define CSI_VERDICT_H

#include "cosend/expression.h"
#include "expression/evaluation.h"

/* What a value is where true or false is wanted. A cell of text is one of them
   where it is the word; blank is false. */
signed char csi_truth_of(struct csi_evaluation *evaluation,
                         const struct csi_term *term,
                         const struct cosend_value *value,
                         struct cosend_value *bad);

/* Of a comparison's two sides, either of which may be BAD. */
signed char csi_judge_pair(struct csi_evaluation *evaluation,
                           const struct csi_term *term,
                           const struct cosend_value *left,
                           const struct cosend_value *right,
                           struct cosend_value *bad);

/* Of what a pattern is looked for in; it may be BAD. */
signed char csi_judge_match(struct csi_evaluation *evaluation,
                            const struct csi_term *term,
                            const struct cosend_value *value,
                            struct cosend_value *bad);

#endif
