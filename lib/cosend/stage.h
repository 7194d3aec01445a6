/* SPDX-License-Identifier: MIT */
/*
 * What a filter is written with.
 *
 * A filter's body is a coroutine that consumes: a loop that receives records
 * and emits what it likes, with its state in local variables.
 *
 *     static int every_other(struct cosend_stage *self, void *options)
 *     {
 *         struct cosend_record record;
 *         bool odd = false;
 *
 *         (void)options;
 *         while (cosend_receive(self, &record))
 *             if ((odd = !odd))
 *                 cosend_emit(self, &record);
 *         return 0;
 *     }
 *
 * Under it the records travel in batches: receive switches stacks only when
 * the batch in hand is used up, emit only appends to the outgoing batch, which
 * goes down when the batch in hand is used up, when it is full, and before any
 * news. What a filter does never depends on how large the batches are.
 *
 * In parts, each of which can be included alone:
 *
 *     cosend/filter.h     a filter's row and options
 *     cosend/receive.h    receive and emit
 *     cosend/columns.h    what the output looks like
 *     cosend/fields.h     fields by name, of records that are open
 *     cosend/matches.h    fields by patterns
 *     cosend/batches.h    whole batches: columns of numbers, columns on demand
 *     cosend/state.h      records kept, states published, results
 *     cosend/endpoint.h   sources and sinks
 *     cosend/source.h     sources of one's own: waiting, flushing, bytes
 *     cosend/tables.h     tables to look things up in
 */
#ifndef COSEND_STAGE_H
#define COSEND_STAGE_H

#include "cosend/batches.h"
#include "cosend/columns.h"
#include "cosend/fields.h"
#include "cosend/endpoint.h"
#include "cosend/filter.h"
#include "cosend/matches.h"
#include "cosend/receive.h"
#include "cosend/source.h"
#include "cosend/state.h"
#include "cosend/tables.h"

#endif
