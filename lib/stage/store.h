/* SPDX-License-Identifier: MIT */
/* A store of records inside: see store.c. */
#ifndef CSI_STORE_H
#define CSI_STORE_H

#include "cosend/groups.h"
#include "cosend/store.h"
#include "stage/stage.h"
#include "stage/store_chunks.h"
#include "stage/store_runs.h"
#include "stage/stored_batch.h"

/* What the store knows of a group of `by`. */
struct csi_store_group {
    uint64_t live;   /* records that are stored */
    uint64_t passed; /* of them, in the walk at hand */
    size_t latest;   /* entry that passed, where ties are kept */
};

struct cosend_store {
    struct csi_stage *stage;
    struct cosend_store_options options;
    struct cosend_groups *groups; /* NULL without `by` */
    struct csi_shapes shapes;
    struct csi_order order;
    struct cosend_bytes scratch; /* a record in the making */
    struct csi_store_chunks chunks;
    bool indexed;              /* there are entries, not only chunks */
    struct csi_entry *entries; /* of the records in memory */
    size_t capacity;
    size_t count;  /* records in memory */
    uint64_t live; /* records, those in runs too */
    size_t pruned; /* records in memory when this was last done */
    bool full;     /* what does not come before the limit is not to be kept */
    uint64_t limit;
    struct csi_store_runs runs;
    bool broken; /* a merge failed in between */

    /* A walk. */
    bool walking;
    bool failed;
    bool judged;    /* the record in turn is one to keep */
    uint64_t total; /* records when it began */
    size_t next;    /* entry */
    struct csi_store_merge merge;
    uint64_t passed;              /* records of runs */
    struct cosend_bytes previous; /* the one before, where keys are unique */
    uint64_t previous_prefix;
    struct csi_stored_batch made;
    struct cosend_batch *batch; /* whose records are handed out */
    uint32_t at;                /* the next of them */
};

/* Take note that so many records of the store are gone, as dropped. */
void csi_store_count_dropped(struct cosend_store *store, uint64_t count);

/* What was handed out last, and nobody emitted, counts as dropped. */
void csi_store_settle(struct cosend_store *store);

/* Put a stored record, which belongs to a group or none, behind the others.
   False without memory. */
bool csi_store_append(struct cosend_store *store, const void *stored,
                      size_t length, struct csi_store_group *group,
                      uint64_t prefix);

/* Set what an entry, and its group, have from a record's cells. False without
   memory. */
bool csi_store_index(struct cosend_store *store, size_t i,
                     const struct cosend_record *record);

/* A queue's oldest record makes room, where there is one too many. */
void csi_store_bound_queue(struct cosend_store *store);

/* Sort, let go, write out: whatever it is time for. COSEND_OK or an error, with
   the step failed. */
int csi_store_keep_house(struct cosend_store *store);

/* Sort what is in memory, and let go what is not to be kept. False without
   memory. */
bool csi_store_prune(struct cosend_store *store);

/* Write what is in memory to a run. COSEND_OK or an error, with the step
   failed. */
int csi_store_spill(struct cosend_store *store);

/* From here on the records' order is that of their ordinals, not that in which
   they were put. False without memory. */
bool csi_store_mix(struct cosend_store *store);

struct csi_store_place csi_store_place(const struct cosend_store *store);

#endif
