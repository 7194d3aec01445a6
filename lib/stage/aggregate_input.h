/* SPDX-License-Identifier: MIT */
/*
 * What aggregates add: a field or an expression, and its cells and values of a
 * block of records, each laid out once for all who take it.
 */
#ifndef CSI_AGGREGATE_INPUT_H
#define CSI_AGGREGATE_INPUT_H

#include "cosend/aggregate.h"
#include "stage/stage.h"

struct csi_aggregate_input {
    struct cosend_field field;
    const struct cosend_expression *expression; /* in its place; or NULL */
    bool truths;  /* of an expression what is false is blank */
    bool numbers; /* what is none is bad */
    bool valued;  /* values are asked for */
    bool printed; /* so is the text of numbers that were computed */

    /* Of the batch in hand, by position. */
    struct cosend_cells column;
    const struct cosend_value *made; /* by the expression, or the step that made
                                        the field; or NULL: of cells */
    uint64_t batch;                  /* which it is */

    /* Of the block. */
    uint32_t position; /* its first record's, */
    const uint32_t
        *picked; /* and how far behind that the others are; or NULL */
    struct cosend_cell cells[COSEND_ADDED_MOST];
    struct cosend_value values[COSEND_ADDED_MOST];
};

/* Have the expressions' values for the batch in hand; where `whole`, for all of
   whose records to be laid out, the fields' too. False, with the step failed,
   without memory. */
bool csi_aggregate_inputs_compute(struct csi_stage *stage,
                                  struct csi_aggregate_input *inputs,
                                  size_t count, bool whole);

/* Lay out `length` records of the batch in hand: from one of them on, or, where
   they are picked, as far behind that one as these numbers say. Of more than
   one, the columns are known. False, with the step failed, without memory. */
bool csi_aggregate_inputs_lay(struct csi_stage *stage,
                              struct csi_aggregate_input *inputs, size_t count,
                              const struct cosend_record *first,
                              const uint32_t *picked, uint32_t length);

/* The first input whose value of a record of the block is bad: it must be a
   number, and is none, or the expression has none. NULL: all are good. */
const struct csi_aggregate_input *
csi_aggregate_inputs_bad(const struct csi_aggregate_input *inputs, size_t count,
                         uint32_t at);

/* Report that record. */
void csi_aggregate_input_report(struct csi_stage *stage,
                                const struct csi_aggregate_input *input,
                                const struct cosend_record *record,
                                uint32_t at);

#endif
