/* SPDX-License-Identifier: MIT */
/* What a filter keeps, publishes, returns and releases. */
#ifndef COSEND_STATE_H
#define COSEND_STATE_H

#include "cosend/receive.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Keep ---------------------------------------------------------------- */

/*
 * Hold the record in hand beyond the next receive: it counts as held until it
 * is emitted or released. *kept is a copy of its own, which cosend_emit takes.
 *
 * Returns false, and fails the step, without memory.
 */
COSEND_API bool cosend_keep(struct cosend_stage *self,
                            const struct cosend_record *record,
                            struct cosend_record *kept);

/* Let a kept record go: dropped, unless it was emitted. */
COSEND_API void cosend_release(struct cosend_stage *self,
                               struct cosend_record *kept);

/*
 * Write a kept record down, and make a kept record of such bytes again: for
 * the save and merge of a filter whose state are records. Ask `to` whether it
 * failed.
 *
 * get returns COSEND_OK; COSEND_E_TYPE for bytes that are no record of the
 * schema that this stage receives, or before it is known; COSEND_E_MEMORY.
 */
COSEND_API void cosend_put_record(struct cosend_bytes *to,
                                  const struct cosend_record *kept);
COSEND_API int cosend_get_record(struct cosend_stage *self,
                                 struct cosend_reader_bytes *from,
                                 struct cosend_record *kept);

/* ---- State and results --------------------------------------------------- */

/*
 * Show the runtime the state that matters, which the filter's row can save and
 * merge; before the first receive. Snapshots and threads need it.
 */
COSEND_API void cosend_publish(struct cosend_stage *self, void *state);

/* Set one value of what the stage returns. Both are copied. */
COSEND_API void cosend_set_result(struct cosend_stage *self, const char *name,
                                  struct cosend_cell value);

/* Say in a word how the step works, for `--stats`: which engine looks for a
   pattern, say. The text is static, or the options'. */
COSEND_API void cosend_set_note(struct cosend_stage *self, const char *text);

/*
 * Tell the user, once, what no record is to blame for and yet he may not
 * expect, unless he wants no warnings: "step ID: " and the text, of at most 500
 * bytes, as a warning. What a snapshot or one of several threads would say is
 * not told: say it at the end, or where the filter is serial.
 */
COSEND_API void cosend_warn(struct cosend_stage *self, const char *format, ...)
    COSEND_PRINTF(2, 3);

/*
 * Say, before the first receive, how many instances may share the records, in
 * place of the filter's row: a step that treats each record by itself, and with
 * some of its options does not. MERGES needs the row's save and merge.
 */
COSEND_API void cosend_set_parallel(struct cosend_stage *self,
                                    enum cosend_parallel parallel);

struct cosend_regex; /* cosend/match.h */
struct cosend_table; /* cosend/group.h */

/*
 * Say, before the first receive, that the step drops every record whose fields
 * do not match the pattern, and has no other use for it: lines of text that a
 * source finds not to match may then be counted as received and dropped without
 * being made records of. Others may still come. The pattern must live until the
 * stage ends.
 */
COSEND_API void cosend_sieve(struct cosend_stage *self,
                             const struct cosend_regex *regex);

/* Call release(argument) when the stage ends, however it ends: last in, first
   out. Returns false, after calling it at once, without memory. */
COSEND_API bool cosend_stage_defer(struct cosend_stage *self,
                                   void (*release)(void *), void *argument);

/* `size` bytes, all zero, that live until the stage ends, however it ends.
   Returns NULL, with the step failed, without memory. */
COSEND_API void *cosend_stage_memory(struct cosend_stage *self, size_t size);

/* The same for empty bytes that grow, and for a table without groups, whose
   values are value_size bytes (cosend/group.h). */
COSEND_API struct cosend_bytes *cosend_stage_text(struct cosend_stage *self);
COSEND_API struct cosend_table *cosend_stage_table(struct cosend_stage *self,
                                                   size_t value_size);

/* The numbers of a table's groups, whose values begin with a struct
   cosend_appearance, in the order of these; they live until the stage ends.
   Returns NULL, with the step failed, without memory. */
COSEND_API size_t *cosend_stage_in_order(struct cosend_stage *self,
                                         const struct cosend_table *table);

/*
 * What all instances of a step have in common, those of other threads and of
 * snapshots: a table that was read, say. The first one to ask makes it, which
 * is the run's own where it asks before its first receive; the others get the
 * same, which is constant from then on. It is released when the run is over, so
 * that cells of what is emitted may point into it.
 *
 * `make` gets `size` bytes, all zero, and the argument, and returns 0 or an
 * error; `release` gets them whether that failed or not.
 *
 * Returns NULL, with the step failed, without memory, and where `make` failed.
 */
COSEND_API void *cosend_stage_common(
    struct cosend_stage *self, size_t size,
    int (*make)(struct cosend_stage *self, void *memory, const void *argument),
    void (*release)(void *memory), const void *argument);

#ifdef __cplusplus
}
#endif

#endif
