/* SPDX-License-Identifier: MIT */
/* Conditions on all records of a batch. */
#ifndef CSI_CONDITION_BATCH_H
#define CSI_CONDITION_BATCH_H

#include "expression/condition.h"
#include "record/record.h"

/*
 * Judge the records of a batch whose fields, by slot, are these columns:
 * verdicts[i], an enum cosend_verdict, is of the record at position i.
 *
 * Returns false, judging none, where the condition is no comparison of one
 * field with a number, or without memory.
 */
bool csi_condition_judge_numbers(const struct cosend_condition *condition,
                                 const struct cosend_batch *batch,
                                 const uint32_t *map, signed char *verdicts);

/*
 * The same where the condition is an expression; what it works in is got from
 * the arena.
 *
 * Returns COSEND_OK; COSEND_DONE, judging none, where it is none; or
 * COSEND_E_MEMORY.
 */
int csi_condition_judge_expression(const struct cosend_condition *condition,
                                   const struct cosend_batch *batch,
                                   const uint32_t *map, struct csi_arena *arena,
                                   signed char *verdicts);

#endif
