/* SPDX-License-Identifier: MIT */
/*
 * How often each value was there, and which were there most often.
 *
 * Values are the same that are one group: 200 and "200" in JSON are, and
 * absent, null and empty are three. Two tallies of parts of the records, in
 * whatever order these were counted, merge to that of all.
 *
 * Its structs are stamped (cosend/version.h).
 */
#ifndef COSEND_TALLY_H
#define COSEND_TALLY_H

#include "cosend/bytes.h"
#include "cosend/group.h"

#ifdef __cplusplus
extern "C" {
#endif

/* All zero is an empty one. Its members are private. */
struct cosend_tally {
    struct cosend_table *values; /* NULL: none */
};

/* Release what a tally holds; it is empty again. */
COSEND_API void cosend_tally_free(struct cosend_tally *tally);

/*
 * Count a cell of a record by whose number the records are ordered, as
 * cosend_record_ordinal has it; numbers must not fall.
 *
 * Returns COSEND_OK, or COSEND_E_MEMORY with the tally as it was.
 */
COSEND_API int cosend_tally_add(struct cosend_tally *tally,
                                struct cosend_cell cell, uint64_t ordinal);

/* How many values differ. */
COSEND_API size_t cosend_tally_count(const struct cosend_tally *tally);

struct cosend_tallied {
    struct cosend_cell cell; /* of the first one's kind; the tally's */
    uint64_t count;
};

/*
 * The `most` values that were there most often, at most: of those that were so
 * equally often, the one whose first record came first. They are written to
 * `into`, in that order.
 *
 * Returns how many; SIZE_MAX without memory.
 */
COSEND_API size_t cosend_tally_top(const struct cosend_tally *tally,
                                   size_t most, struct cosend_tallied *into);

/*
 * Forget all but the `most` values that were there most often, and count these
 * lower: by *less, which is how often the first one that is forgotten was
 * there, and 0 where none is. What is left no more is forgotten too. So the
 * most frequent of any number of values are found in little memory, each
 * counted too low by what was taken in all, at most (Misra and Gries 1982).
 *
 * Returns COSEND_OK, or COSEND_E_MEMORY with the tally as it was.
 */
COSEND_API int cosend_tally_thin(struct cosend_tally *tally, size_t most,
                                 uint64_t *less);

/* Write a tally down. Ask `to` whether it failed. */
COSEND_API void cosend_tally_save(const struct cosend_tally *tally,
                                  struct cosend_bytes *to);

/*
 * Add a tally that was saved to one in hand, which may be empty.
 *
 * Returns COSEND_OK; COSEND_E_TYPE when the bytes are no tally's; or
 * COSEND_E_MEMORY.
 */
COSEND_API int cosend_tally_merge(struct cosend_tally *tally,
                                  struct cosend_reader_bytes *from);

#ifdef __cplusplus
}
#endif

#endif
