/* SPDX-License-Identifier: MIT */
/*
 * A column of a batch that is not there yet, and how it comes to be.
 *
 * A column is cells for whoever reads text, and numbers or times for whoever
 * computes. Each is made when somebody asks for it, and stays with the batch,
 * or, where the reader cut the column, with the rows, which other batches
 * share:
 *
 *     rows        the reader cuts the cells of one column
 *     unprinted   a step set cells, and numbers and times without text yet
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
#include "cosend/time.h"
#include "record/batch.h"

struct cosend_fill; /* cosend/fill.h */

/*
 * The kinds of a cell without its text, never in batch->columns. Of a number
 * the length is the form, and the number stands beside it; of a time it is the
 * offset, as it would be unsigned, and beside it stand the nanoseconds.
 */
enum { CSI_UNPRINTED = 64, CSI_UNPRINTED_TIME = 65 };

static inline bool csi_is_unprinted(const struct cosend_cell *cell)
{
    return (int)cell->kind >= CSI_UNPRINTED;
}

/* A buffer of this size holds the text of any of them. */
#define CSI_UNPRINTED_MAX COSEND_TIME_MAX

/* The cell that it is with its text, which is put in the buffer. */
struct cosend_cell csi_print_unprinted(const struct cosend_cell *cell,
                                       union cosend_number number,
                                       char buffer[CSI_UNPRINTED_MAX]);

/* A time as such a cell, and what stands beside it. False for one whose text
   would not be read as the same. */
bool csi_unprinted_time(struct cosend_time time, struct cosend_cell *cell,
                        union cosend_number *number);

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

/* A column that a step computed, of this batch or of those that it is made of:
   its unprinted cells, by position, and what stands beside them. NULL for any
   other, and without memory. */
const struct csi_column *csi_batch_computed(const struct cosend_batch *batch,
                                            uint32_t column);

/* Make column c's cells be there. False without memory. */
bool csi_batch_fill(const struct cosend_batch *batch, uint32_t column);

#endif
