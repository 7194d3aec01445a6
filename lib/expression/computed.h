/* SPDX-License-Identifier: MIT */
/* Fields that a step computed, as values. */
#ifndef CSI_COMPUTED_H
#define CSI_COMPUTED_H

#include "expression/evaluation.h"
#include "record/column.h"

/* What a step computed, of a column that has such, at a position there: the
   number, not its text. A time is its text, unless `times` are asked for: as a
   field of a record it is one, and is compared as that. */
struct cosend_value csi_computed_value(struct csi_evaluation *evaluation,
                                       const struct csi_column *computed,
                                       uint32_t position, bool times);

/* The values at some positions of a field that a step computed. False where it
   is none: there are its cells. */
bool csi_computed_column(struct csi_evaluation *evaluation,
                         struct cosend_field field,
                         const struct csi_positions *of, bool times,
                         struct csi_vector *vector);

#endif
