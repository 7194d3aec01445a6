/* SPDX-License-Identifier: MIT */
/* Values over the batch in hand as cells. */
#ifndef CSI_EXPRESSIONS_H
#define CSI_EXPRESSIONS_H

#include "stage/stage.h"

/* The cell that a value of cosend_evaluate is written as, which lives as long
   as that. False, with the step failed, without memory. */
bool csi_print_value(struct csi_stage *stage, const struct cosend_value *value,
                     struct cosend_cell *cell);

#endif
