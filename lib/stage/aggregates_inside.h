/* SPDX-License-Identifier: MIT */
/* What aggregates are, for the files that make, fill and merge them. */
#ifndef CSI_AGGREGATES_INSIDE_H
#define CSI_AGGREGATES_INSIDE_H

#include "cosend/aggregate.h"

#include "stage/stage.h"

struct csi_aggregate_input;

struct csi_use {
    const struct cosend_aggregate *aggregate;
    const char *as;
    const void *parameter;
    struct csi_aggregate_input *input; /* NULL: of records */
    size_t offset;
    struct cosend_column column;
    const char *doubt; /* of what was emitted; NULL: none */
    size_t doubts;     /* groups */
};

struct cosend_aggregates {
    struct csi_stage *stage;
    struct cosend_groups *groups;
    struct cosend_fields by;
    void *only; /* by no fields: the states of all */
    struct csi_use *uses;
    size_t count;
    struct csi_aggregate_input *inputs;
    size_t input_count;
    bool demands;    /* an input must be numbers, or may be bad itself */
    bool look;       /* at cells, before any of a record is added */
    size_t lead;     /* the use that adds first */
    uint64_t bad;    /* records so far */
    bool ordinals;   /* are asked for */
    bool holds;      /* states hold memory */
    bool doubtful;   /* what comes of them may not be exact */
    size_t size;     /* of a group's states */
    uint64_t most;   /* groups; 0: any */
    uint64_t made;   /* of these */
    void *other;     /* the states of those beyond, or NULL */
    uint64_t others; /* records of these */

    /* The block. */
    struct cosend_record
        first;              /* of it; the others stand behind in the batch, */
    const uint32_t *picked; /* or so far behind; NULL: in a row */
    void *states[COSEND_ADDED_MOST];
    uint64_t ordinal[COSEND_ADDED_MOST];
};

/* Whether a group alone is much to do. */
static inline bool csi_aggregates_are_slow(const struct cosend_aggregates *all)
{
    bool slow = false;

    for (size_t i = 0; i < all->count; i++)
        slow |= (all->uses[i].aggregate->flags & COSEND_SETS_SLOWLY) != 0;
    return slow;
}

/* Release what the states of a group hold. */
static inline void csi_aggregates_release(const struct cosend_aggregates *all,
                                          void *states)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->uses[i].aggregate->release)
            all->uses[i].aggregate->release((char *)states +
                                            all->uses[i].offset);
}

#endif
