/* SPDX-License-Identifier: MIT */
/* The record in the making: the added columns of the next one to be emitted. */
#ifndef CSI_PEN_H
#define CSI_PEN_H

#include "cosend/number.h"
#include "stage/stage.h"

/* Whether the column was declared; of another the step fails. */
bool csi_pen_has(struct csi_stage *stage, struct cosend_column column);
/* The pen's cells become those of the pending record at this place, and the pen
   is empty. False without memory. */
bool csi_pen_write(struct csi_stage *stage, uint32_t at);
/* An added column's cell of a pending record; where it is a number it may be
   printed into `digits`. */
struct cosend_cell csi_pen_cell(const struct csi_stage *stage, size_t added,
                                uint32_t at, char digits[COSEND_NUMBER_MAX]);
/* The pending records' cells become columns of the batch that they make. False
   without memory. */
bool csi_pen_columns(struct csi_stage *stage, struct cosend_batch *batch);
/* The stage's text is about to leave with a batch: what the pen has of it is
   copied to `fresh`. False without memory. */
bool csi_pen_save(struct csi_stage *stage, struct csi_arena *fresh);

#endif
