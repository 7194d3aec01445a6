/* SPDX-License-Identifier: MIT */
/* Conditions on all records of a batch. */
#ifndef CSI_CONDITION_BATCH_H
#define CSI_CONDITION_BATCH_H

#include "match/condition.h"
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

#endif
