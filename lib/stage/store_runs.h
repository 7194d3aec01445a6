/* SPDX-License-Identifier: MIT */
/*
 * Sorted runs of stored records in files, oldest first, and the merge of all of
 * them. When FAN runs have come of as many records as each other, they become
 * one of the next level: so few files are open, however much there is.
 */
#ifndef CSI_STORE_RUNS_H
#define CSI_STORE_RUNS_H

#include "io/spill.h"
#include "stage/store_order.h"

struct csi_store_run {
    struct csi_spill *spill;
    unsigned level;
};

struct csi_store_runs {
    struct csi_store_run *all;
    size_t count, capacity;
};

/* The run in which a walk is, and where. */
struct csi_store_source {
    struct csi_spill_reader reader;
    struct csi_entry entry; /* the next one; stored is NULL at the end */
    size_t run;             /* of equal records that of the older is first */
};

/* A walk over some runs: a heap of them, the least of their entries first. */
struct csi_store_merge {
    const struct csi_order *order;
    struct csi_store_source *sources;
    size_t *heap;
    size_t count; /* of those that are not at their end */
    size_t source_count;
};

struct csi_store_place {
    const struct cosend_io *io;
    const char *directory;
    size_t buffers; /* bytes for those of a merge, together */
};

/* Write entries, which are sorted, as the youngest run. All return COSEND_OK,
   COSEND_E_OUTPUT, COSEND_E_INPUT or COSEND_E_MEMORY. */
int csi_store_runs_add(struct csi_store_runs *runs,
                       const struct csi_store_place *place,
                       const struct csi_order *order,
                       const struct csi_entry *entries, size_t count,
                       struct cosend_error *error);
void csi_store_runs_free(struct csi_store_runs *runs);

/* Start to walk all runs from the first on. To be freed whatever the answer. */
int csi_store_merge_start(struct csi_store_merge *merge,
                          const struct csi_store_runs *runs, size_t first,
                          const struct csi_store_place *place,
                          const struct csi_order *order,
                          struct cosend_error *error);
/* The entry in turn; NULL behind the last. It lives until it is passed. */
static inline const struct csi_entry *
csi_store_merge_at(const struct csi_store_merge *merge)
{
    return merge->count ? &merge->sources[merge->heap[0]].entry : NULL;
}
int csi_store_merge_pass(struct csi_store_merge *merge,
                         struct cosend_error *error);
void csi_store_merge_free(struct csi_store_merge *merge);

#endif
