/* SPDX-License-Identifier: MIT */
/*
 * A column of a batch that is not there yet, and how it comes to be.
 *
 * A column is cells for whoever reads text and numbers for whoever computes.
 * Each is made when somebody asks for it, and stays with the batch, or, where
 * the reader cut the column, with the rows, which other batches share:
 *
 *     rows        the reader cuts the cells of one column
 *     unprinted   a step set cells, and numbers that have no text yet
 *     filler      a step said how the cells are to be had
 *     source      they are some of those that the parent has, or can have
 *
 * So a record that is dropped on its way costs nothing for what nobody has
 * asked of it by then. What makes a column needs the batch and its parents
 * alone: the step that declared it may have ended, or be in another thread.
 */
#ifndef CSI_COLUMN_H
#define CSI_COLUMN_H

#include "cosend/numbers.h"
#include "record/batch.h"

struct cosend_fill; /* cosend/fill.h */

/* The kind of a cell that is a number without its text: its length is the form,
   the number stands beside it. Never in batch->columns. */
enum { CSI_UNPRINTED = 64 };

/* A step's own way to the cells; in the arena of the batch or of a parent. */
struct csi_filler {
    bool (*fill)(struct cosend_fill *fill);
    const void *own;
    uint32_t column;           /* of those that the step added */
    const uint32_t *positions; /* in the step's batch, by position in ours */
};

struct csi_column {
    const struct cosend_cell *unprinted; /* by position */
    const union cosend_number *unprinted_numbers;
    const struct csi_filler *filler;
    uint32_t source; /* 1 + column of the parent; 0: none */
    /* As numbers, by the index of the cells; forms are NULL: not made. */
    uint8_t *forms;
    union cosend_number *values;
};

/* What is known of a column besides its cells, which may be made now. NULL
   without memory. */
struct csi_column *csi_batch_column(struct cosend_batch *batch,
                                    uint32_t column);

/* Make column c's cells be there. False without memory. */
bool csi_batch_fill(const struct cosend_batch *batch, uint32_t column);

#endif
