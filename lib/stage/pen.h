/* SPDX-License-Identifier: MIT */
/* The record in the making: the added columns of the next one to be emitted. */
#ifndef CSI_PEN_H
#define CSI_PEN_H

#include "record/column.h"
#include "stage/stage.h"

/* Whether the column was declared; of another the step fails. */
bool csi_pen_has(struct csi_stage *stage, struct cosend_column column);
/* Set a column to a cell that is unprinted, and what stands beside it. */
void csi_pen_set(struct cosend_stage *self, struct cosend_column column,
                 struct cosend_cell cell, union cosend_number number);
/* A value as a cell: a number or a time unprinted, with what stands beside it,
   all else with its text, in the arena where it must be written. What is BAD is
   absent. False without memory. */
bool csi_value_unprinted(const struct cosend_value *value,
                         struct csi_arena *arena, struct cosend_cell *cell,
                         union cosend_number *number);
/* What was set for a record that is not going to be emitted is set no more. */
void csi_pen_forget(struct csi_stage *stage);
/* The pen's cells become those of the pending record at this place, and the pen
   is empty. False without memory. */
bool csi_pen_write(struct csi_stage *stage, uint32_t at);
/* An added column's cell of a pending record; a number or a time may be printed
   into the buffer. */
struct cosend_cell csi_pen_cell(const struct csi_stage *stage, size_t added,
                                uint32_t at, char buffer[CSI_UNPRINTED_MAX]);
/* Room for the cells of so many records, none of which is pending: all absent.
   False without memory. */
bool csi_pen_reserve(struct csi_stage *stage, uint32_t count);
/* Those of an added column, by record. */
static inline struct cosend_cell *csi_pen_cells(const struct csi_stage *stage,
                                                struct cosend_column column)
{
    return stage->cells + column.index * stage->cells_capacity;
}
/* An added column of as many records is of integers, which are all to be set in
   what is returned. NULL without memory. */
union cosend_number *csi_pen_integers(struct csi_stage *stage,
                                      struct cosend_column column,
                                      uint32_t count);
/* What was set of one column becomes the cell of the record at this place, for
   which there is room. */
void csi_pen_put(struct csi_stage *stage, struct cosend_column column,
                 uint32_t at);
/* The pending records' cells become columns of the batch that they make. False
   without memory. */
bool csi_pen_columns(struct csi_stage *stage, struct cosend_batch *batch);
/* The stage's text is about to leave with a batch: what the pen has of it is
   copied to `fresh`. False without memory. */
bool csi_pen_save(struct csi_stage *stage, struct csi_arena *fresh);

/* Free what a stage has to write with. */
void csi_pen_free(struct csi_stage *stage);

#endif
