/* SPDX-License-Identifier: MIT */
/*
 * A store of records: as many as there are, in a fraction of the memory that
 * cosend_keep takes, sorted if asked, on disk where memory would not do.
 *
 * A record takes some 16 to 24 bytes beside its own bytes, and three or so for
 * each of its cells. It counts as held from when it is put until it is emitted
 * or dropped, and leaves as it came, to the byte.
 *
 * Its struct is stamped (cosend/version.h).
 */
#ifndef COSEND_STORE_H
#define COSEND_STORE_H

#include "cosend/bytes.h"
#include "cosend/receive.h"
#include "cosend/value.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cosend_store;

/* All zero holds every record, in memory, in the order of the input. But for
   the directory's name nothing need live longer than the call. */
struct cosend_store_options {
    struct cosend_fields key; /* what to sort by, in the order of
                                 cosend_compare; none: as they came */
    const bool *descending;   /* by field of the key, or NULL: ascending */
    const unsigned char *collations; /* enum cosend_collation, by field of the
                                        key, or NULL: by value */
    struct cosend_fields by; /* `keep` is of each group of records that are the
                                same in these fields */
    uint64_t memory; /* bytes for records, but for those of `by`; 0: any. Beyond
                        them sorted runs go to files without a name, and are
                        merged when they are walked. Some KiB at least. */
    const char *directory; /* of those files; NULL: $TMPDIR, or /tmp. It must
                              outlive the store. */
    uint64_t keep; /* only the first so many, in the store's order; 0: all */
    bool last;     /* the last so many instead */
    bool unique;   /* of those with the same key the first alone; without `by`
                      and `last` */
    bool ties; /* those with the key of the last one that is kept are kept too;
                  without `last`, `unique` and `memory` */
    uintptr_t reserved[3]; /* zero */
};

/*
 * Make a store, which lives until the stage ends.
 *
 * Returns NULL, with the step failed, without memory, and for options that
 * exclude each other.
 */
COSEND_API struct cosend_store *
cosend_store_new(struct cosend_stage *self,
                 const struct cosend_store_options *options);

/*
 * Put a record in, the one in hand or a kept one, of which it is a copy.
 *
 * Returns COSEND_OK; COSEND_DONE where it is not among those to keep, and
 * counts as dropped unless it is emitted; or an error, with the step failed:
 * COSEND_E_MEMORY, COSEND_E_OUTPUT or COSEND_E_INPUT where a file cannot be
 * made, written or read.
 */
COSEND_API int cosend_store_put(struct cosend_store *store,
                                const struct cosend_record *record);

/*
 * Take the next record out: those of the same key in the order of the input. It
 * lives until the next one is taken, may be emitted as a kept record may, and
 * counts as dropped if it is not. Nothing can be put in before all are taken.
 *
 * Returns false behind the last, after which the store is empty and can be
 * used again; and with the step failed where that was an error.
 */
COSEND_API bool cosend_store_next(struct cosend_store *store,
                                  struct cosend_record *record);

/*
 * Emit all that is left, as cosend_emit does: where that is not COSEND_OK, the
 * rest is not looked at, and counts as dropped at the stage's end.
 */
COSEND_API int cosend_store_emit(struct cosend_store *store);

/*
 * Write down all that is stored, and take in what was: for the save and merge
 * of a filter that publishes a store. Records are in the order of the input
 * again, whoever saw them first.
 *
 * Both return COSEND_OK or an error: COSEND_E_USAGE for a store of which some
 * records are taken out and some are not; merge COSEND_E_TYPE for bytes that
 * are no records of the schema that this stage receives, or before it is known.
 * Of what is on disk all goes to memory.
 */
COSEND_API int cosend_store_save(const struct cosend_store *store,
                                 struct cosend_bytes *to);
COSEND_API int cosend_store_merge(struct cosend_store *store,
                                  struct cosend_reader_bytes *from);

#ifdef __cplusplus
}
#endif

#endif
