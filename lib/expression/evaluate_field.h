/* SPDX-License-Identifier: MIT */
/* Fields of the records of a batch, and what paths lead to in them. */
#ifndef CSI_EVALUATE_FIELD_H
#define CSI_EVALUATE_FIELD_H

#include "expression/evaluation.h"

/* A field's value at each position; `times` as in expression/computed.h. */
struct csi_vector csi_evaluate_field(struct csi_evaluation *evaluation,
                                     const struct csi_term *term,
                                     const struct csi_positions *of,
                                     bool times);

/* What a field's path leads to in the values of the term that it begins with,
   at each position. A column of the whole name wins; of records that name their
   fields one would be inside the field in whose place that term is. */
struct csi_vector csi_evaluate_inside(struct csi_evaluation *evaluation,
                                      const struct csi_term *term,
                                      const struct csi_vector *values,
                                      const struct csi_positions *of);

#endif
