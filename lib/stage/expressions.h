/* SPDX-License-Identifier: MIT */
/* Values over the batch in hand. */
#ifndef CSI_EXPRESSIONS_H
#define CSI_EXPRESSIONS_H

#include "stage/stage.h"

/* The values of a field of the batch in hand that a step above computed:
   numbers, times where they are asked for, and cells as they are. NULL where it
   is none, and, with the step failed, without memory. */
const struct cosend_value *csi_computed_values(struct csi_stage *stage,
                                               struct cosend_field field,
                                               bool times);

/* The cell that a value of cosend_evaluate is written as, which lives as long
   as that. False, with the step failed, without memory. */
bool csi_print_value(struct csi_stage *stage, const struct cosend_value *value,
                     struct cosend_cell *cell);

#endif
