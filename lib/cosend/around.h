/* SPDX-License-Identifier: MIT */
/*
 * Records with those around them, as `grep -A 2 -B 2` has them.
 *
 *     around = cosend_around_new(self, 2, 2, 0);
 *     while (status == COSEND_OK && (batch = cosend_receive_batch(self))) {
 *         for (uint32_t i = 0; i < cosend_batch_count(batch) && !status; i++)
 *             status = cosend_around_take(around, i, is_chosen(i));
 *         cosend_around_turn(around);
 *     }
 *
 * Each record is emitted once, in its place, where it was chosen or is near one
 * that was; each of these goes on when that is known. Where lines of text go
 * straight to sinks that write such, and nowhere else, a line `--` stands
 * between lines that were no neighbours.
 */
#ifndef COSEND_AROUND_H
#define COSEND_AROUND_H

#include "cosend/receive.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cosend_around;

/*
 * Get ready to emit records that are chosen, so many before each and so many
 * behind each; and, unless most is 0, to have enough behind so many that were
 * chosen. It lives as long as the stage, and holds `before` records.
 *
 * Returns NULL, with the step failed, without memory.
 */
COSEND_API struct cosend_around *cosend_around_new(struct cosend_stage *self,
                                                   uint64_t before,
                                                   uint64_t after,
                                                   uint64_t most);

/*
 * Take the record at a position of the batch in hand; positions ascend, and one
 * that is bad is left out.
 *
 * Returns COSEND_OK; COSEND_DONE when it has enough: the body should return; or
 * a negative error kind, with the step failed.
 */
COSEND_API int cosend_around_take(struct cosend_around *around,
                                  uint32_t position, bool chosen);

/* Hold what the next batch may want of this one, before that is received. */
COSEND_API void cosend_around_turn(struct cosend_around *around);

#ifdef __cplusplus
}
#endif

#endif
