/* SPDX-License-Identifier: MIT */
/*
 * Whole batches: for a filter that gains from looking at a column of records
 * at a time.
 *
 *     static int odd(struct cosend_stage *self, void *memory)
 *     {
 *         const struct odd *odd = memory;
 *         const struct cosend_batch *batch;
 *         struct cosend_numbers numbers;
 *
 *         while ((batch = cosend_receive_batch(self))) {
 *             if (!cosend_numbers_of(self, odd->field, &numbers))
 *                 return COSEND_E_MEMORY;
 *             for (uint32_t i = 0; i < cosend_batch_count(batch); i++) {
 *                 uint32_t at = cosend_number_index(&numbers, i);
 *
 *                 if (numbers.forms[at] == COSEND_FORM_INTEGER &&
 *                     numbers.values[at].integer % 2)
 *                     cosend_pick(self, i);
 *             }
 *         }
 *         return 0;
 *     }
 *
 * All of it is about the batch in hand, after cosend_receive_batch. Without
 * one each call fails the step with COSEND_E_USAGE.
 */
#ifndef COSEND_BATCHES_H
#define COSEND_BATCHES_H

#include "cosend/columns.h"
#include "cosend/fill.h"
#include "cosend/match.h"
#include "cosend/numbers.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A declared field of the batch in hand as numbers. They are read once, for
 * all steps that ask, and live as long as the batch in hand.
 *
 * Returns false, with the step failed, without memory.
 */
COSEND_API bool cosend_numbers_of(struct cosend_stage *self,
                                  struct cosend_field field,
                                  struct cosend_numbers *numbers);

/*
 * The same as values, by position: what its cells mean, as cosend_value_of has
 * it; but what a step computed is that itself, a number that was never text,
 * and a time TIME. They live until the next emit or receive.
 *
 * Returns NULL, with the step failed, without memory.
 */
COSEND_API const struct cosend_value *
cosend_values_of(struct cosend_stage *self, struct cosend_field field);

/*
 * Match all records of the batch in hand: answers[i] becomes the enum
 * cosend_match of the record at position i. One of some declared fields must
 * match, or, of none, any field, or the line; of patterns that must all match
 * (cosend_regex_of_all) each in one of them.
 */
COSEND_API void cosend_match_batch(struct cosend_stage *self,
                                   const struct cosend_regex *regex,
                                   struct cosend_fields fields,
                                   signed char *answers);

struct cosend_condition; /* cosend/expression.h */

/*
 * Judge all records of the batch in hand: verdicts[i] becomes the enum
 * cosend_verdict of the record at position i. Why one is bad,
 * cosend_condition_holds says.
 */
COSEND_API void cosend_judge_batch(struct cosend_stage *self,
                                   const struct cosend_condition *condition,
                                   signed char *verdicts);

/* ---- Columns ------------------------------------------------------------- */

/*
 * The cells of an added column for all records of the batch in hand, by
 * position, for the next cosend_emit_picked, or cosend_emit_batch of that
 * batch. They are absent until they are set; those of records that are not
 * emitted may stay so. Bytes must be slices of cells of the batch, come from
 * cosend_stage_bytes, or be constant, with 32 bytes behind that may be read.
 *
 * Returns NULL, with the step failed, without memory.
 */
COSEND_API struct cosend_cell *cosend_set_column(struct cosend_stage *self,
                                                 struct cosend_column column);

/*
 * The same for a column of numbers, which have no text until somebody reads
 * it: values[i].number is a double, or, where forms[i] is made
 * COSEND_FORM_INTEGER, values[i].integer an integer. A form is
 * COSEND_FORM_BLANK at first, which is absent; no other than
 * COSEND_FORM_DOUBLE is taken, and a double must be finite.
 *
 * Returns false, with the step failed, without memory.
 */
COSEND_API bool cosend_set_numbers(struct cosend_stage *self,
                                   struct cosend_column column, uint8_t **forms,
                                   union cosend_number **values);

/*
 * The same for a column of values, one for each record of the batch in hand, by
 * position. As with cosend_set_value numbers and times have no text until
 * somebody reads it, and a step that asks for values is given them as they are;
 * but text is not copied: it is of the kind that cosend_set_column takes, as
 * that of cosend_values_of and cosend_evaluate is. What is BAD is absent: its
 * record is for the filter to report, and not to emit.
 *
 * Returns false, with the step failed, without memory.
 */
COSEND_API bool cosend_set_values(struct cosend_stage *self,
                                  struct cosend_column column,
                                  const struct cosend_value *values);

/*
 * Bytes for cosend_set_column's cells and for cosend_fill_column's `own`,
 * aligned for anything. They live as long as the records of the next emit that
 * cosend_set_column names.
 *
 * Returns NULL, with the step failed, without memory.
 */
COSEND_API void *cosend_stage_bytes(struct cosend_stage *self, size_t length);

/*
 * An added column that is filled when somebody asks for it, and only for the
 * records that are left by then; for the next emit that cosend_set_column
 * names.
 *
 * `fill` may be called after that emit, any number of times, in another thread,
 * and when the step has ended: it works with `own`, with cells of the batch
 * that was in hand, such as those of cosend_column_of, and with what is
 * constant, such as the step's options; not with the stage. What it makes of a
 * record must not depend on how often, or with which others, it is called for
 * it. `own` is from cosend_stage_bytes, or constant.
 *
 * It returns false without memory.
 */
COSEND_API void cosend_fill_column(struct cosend_stage *self,
                                   struct cosend_column column,
                                   bool (*fill)(struct cosend_fill *fill),
                                   const void *own);

/* ---- Emit ---------------------------------------------------------------- */

/*
 * Send on the records at some positions of the batch in hand, which ascend,
 * with the columns set by cosend_set_column and the like. As cosend_emit; but
 * when cosend_bad has failed the step at a record of this batch, those before
 * it are sent on all the same, and the others dropped.
 */
COSEND_API int cosend_emit_picked(struct cosend_stage *self,
                                  const uint32_t *positions, uint32_t count);

/*
 * The same for records that were held back, each until the one at causes[i] of
 * the batch came: that is its place in the order, as it is of a kept record
 * which is emitted when that one is in hand. So where rejects of later steps
 * stand among others does not depend on where batches end.
 */
COSEND_API int cosend_emit_caused(struct cosend_stage *self,
                                  const uint32_t *positions,
                                  const uint32_t *causes, uint32_t count);

#ifdef __cplusplus
}
#endif

#endif
