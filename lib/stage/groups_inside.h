/* SPDX-License-Identifier: MIT */
/* What groups are, for the files that make, walk and merge them. */
#ifndef CSI_GROUPS_INSIDE_H
#define CSI_GROUPS_INSIDE_H

#include "group/appearance.h"
#include "group/joint_index.h"
#include "group/key.h"
#include "group/table.h"
#include "stage/stage.h"

/* How many keys are looked for at a time. */
enum { CSI_GROUPS_AHEAD = 64 };

/* How many groups of short texts are known by their texts alone. */
enum { CSI_GROUPS_LATE_BITS = 6, CSI_GROUPS_LATE = 1 << CSI_GROUPS_LATE_BITS };

/*
 * What the table has for a group: the user's value follows, and then its rank.
 * A rank of 0 is that of a group that became part of another table's: see
 * stage/groups_parts.c.
 *
 * Groups are in the order of their first records. Records that one was made
 * into have the ordinal of that one, and are all seen by one thread: groups of
 * one ordinal are in the order of their numbers in that thread's table, which
 * are their ranks.
 *
 * 200 and "200" are one group, as they are one for conditions: whatever has a
 * text is by its text, whether JSON has it in quotes or not. It is printed as
 * the first record of the group had it, so the kinds of that one's cells are
 * kept, two bits each: eight bits beside the ordinal, which never needs them,
 * the others behind the user's value.
 */
struct csi_group_head {
    uint64_t first; /* the ordinal of its first record; see csi_group_first */
};

enum { CSI_FIRST_BITS = 56, CSI_KIND_BITS = 2, CSI_KINDS = 4 };

/* A thread's groups, among others'. */
struct csi_groups_part {
    struct cosend_table *table;
    /* The walk through all: where it is, and the next group of this part, which
       is NULL behind the last. */
    size_t at;
    struct csi_group_head *next;
};

/* A group that was met lately. */
struct csi_group_late {
    uint64_t text;   /* with zeros behind it */
    uint32_t length; /* up to eight bytes; 0: none */
    struct csi_group_head *head;
};

/* Groups that are found by all threads (stage/groups_joint.h). */
struct csi_groups_joint {
    struct csi_joint *index;    /* NULL: they are not */
    int table;                  /* the number of theirs in it */
    struct cosend_record first; /* of those whose keys are dealt out */
    uint32_t *order;            /* of these, by part */
    uint32_t starts[CSI_JOINT_PARTS + 1];
    uint32_t *fresh; /* by record: the place of the group it made, or 0 */
    size_t ahead_capacity, order_capacity, fresh_capacity;
    uint32_t made;    /* groups, not in the table's list yet */
    uint32_t records; /* before these: for ranks */
};

struct cosend_groups {
    struct cosend_stage *stage;
    struct cosend_fields by;
    size_t value_size; /* the user's, up to where a rank can be */
    bool typed;        /* there was a cell of another kind than text */
    struct cosend_table *table;
    struct cosend_bytes keys; /* of records ahead, behind one another */
    uint64_t batch;           /* whose records, by its number */
    uint32_t first, count;    /* which positions of it */
    struct csi_key *ahead;    /* `nearby`, or as many as a batch has */
    struct csi_key nearby[CSI_GROUPS_AHEAD];
    size_t known; /* groups when these were looked for */
    struct csi_group_late late[CSI_GROUPS_LATE]; /* of `table`, by one field */
    void *all; /* by nothing: the value of the one group */
    struct cosend_column *columns;
    void (*release)(void *value);
    struct csi_appearance *order; /* NULL: as in the table */
    bool merged;                  /* groups were, since the order was made */
    uint64_t latest;              /* `first` of the last group that was made */
    bool disordered;              /* it is not behind all those before */
    /* The groups are in several tables, the first of which is `table`; NULL:
       in that alone. */
    struct csi_groups_part *parts;
    size_t part_count, part_capacity;
    size_t walked; /* of them, by the walk */
    struct csi_groups_joint joint;
};

/* The size of a user's value, up to where a rank can be. */
static inline size_t csi_group_value_size(size_t size)
{
    return (size + sizeof(uint32_t) - 1) & -sizeof(uint32_t);
}

static inline void *csi_group_value(struct csi_group_head *head)
{
    return head ? head + 1 : NULL;
}

static inline uint64_t csi_group_first(const struct csi_group_head *head)
{
    return head->first & (UINT64_MAX >> (64 - CSI_FIRST_BITS));
}

static inline uint32_t *csi_group_rank(const struct cosend_groups *groups,
                                       struct csi_group_head *head)
{
    char *behind = (char *)csi_group_value(head) + groups->value_size;

    return (uint32_t *)(void *)behind;
}

/* It has no kinds yet. */
static inline void csi_group_set_first(const struct cosend_groups *groups,
                                       struct csi_group_head *head,
                                       uint64_t first, uint32_t rank)
{
    head->first = first & (UINT64_MAX >> (64 - CSI_FIRST_BITS));
    *csi_group_rank(groups, head) = rank;
}

/* The bytes for the kinds of fields beyond the first four. */
static inline size_t csi_group_more_kinds(struct cosend_fields by)
{
    return by.count > CSI_KINDS
               ? (by.count - CSI_KINDS + CSI_KINDS - 1) / CSI_KINDS
               : 0;
}

/* What a table holds for a group, beside its key. */
static inline size_t csi_group_size(const struct cosend_groups *groups)
{
    return sizeof(struct csi_group_head) + groups->value_size +
           sizeof(uint32_t) + csi_group_more_kinds(groups->by);
}

/* What a key has in place of a cell's kind. */
static inline enum cosend_kind csi_kind_in_key(enum cosend_kind kind)
{
    return kind > COSEND_TEXT ? COSEND_TEXT : kind;
}

static inline unsigned char *
csi_group_kinds_behind(const struct cosend_groups *groups,
                       struct csi_group_head *head, uint32_t field)
{
    return (unsigned char *)(csi_group_rank(groups, head) + 1) +
           (field - CSI_KINDS) / CSI_KINDS;
}

/* The kind of the first record's cell, whose kind in the key is given. */
static inline enum cosend_kind
csi_group_kind(const struct cosend_groups *groups, struct csi_group_head *head,
               uint32_t field, enum cosend_kind in_key)
{
    unsigned shift = field % CSI_KINDS * CSI_KIND_BITS;
    unsigned bits = field < CSI_KINDS
                        ? (unsigned)(head->first >> CSI_FIRST_BITS)
                        : *csi_group_kinds_behind(groups, head, field);

    if (in_key != COSEND_TEXT)
        return in_key;
    return (enum cosend_kind)(COSEND_TEXT + (bits >> shift & 3));
}

static inline void csi_group_set_kind(const struct cosend_groups *groups,
                                      struct csi_group_head *head,
                                      uint32_t field, enum cosend_kind kind)
{
    unsigned shift = field % CSI_KINDS * CSI_KIND_BITS;
    unsigned bits = kind > COSEND_TEXT ? (unsigned)(kind - COSEND_TEXT) : 0;
    unsigned char *behind;

    if (field < CSI_KINDS) {
        head->first &= ~(UINT64_C(3) << (CSI_FIRST_BITS + shift));
        head->first |= (uint64_t)bits << (CSI_FIRST_BITS + shift);
        return;
    }
    behind = csi_group_kinds_behind(groups, head, field);
    *behind = (unsigned char)((*behind & ~(3U << shift)) | bits << shift);
}

/* Whether a group became part of another table's. */
static inline bool csi_group_is_gone(const struct cosend_groups *groups,
                                     struct csi_group_head *head)
{
    return groups->part_count && *csi_group_rank(groups, head) == 0;
}

/* In how many tables the groups are; none where another's took them. */
static inline size_t csi_groups_tables(const struct cosend_groups *groups)
{
    return groups->part_count ? groups->part_count : groups->table != NULL;
}

static inline struct cosend_table *
csi_groups_table(const struct cosend_groups *groups, size_t i)
{
    return groups->part_count ? groups->parts[i].table : groups->table;
}

/* Going through all groups, as they lie; it begins with one that is 0. */
struct csi_groups_walk {
    size_t table, at;
    const void *key;
    size_t length;
};

/* The next of them that is not gone; NULL behind the last. */
static inline struct csi_group_head *
csi_groups_walk(const struct cosend_groups *groups,
                struct csi_groups_walk *walk)
{
    for (; walk->table < csi_groups_tables(groups); walk->table++) {
        struct cosend_table *table = csi_groups_table(groups, walk->table);

        while (walk->at < cosend_table_count(table)) {
            struct csi_group_head *head =
                cosend_table_at(table, walk->at++, &walk->key, &walk->length);

            if (!csi_group_is_gone(groups, head))
                return head;
        }
        walk->at = 0;
    }
    return NULL;
}

/* A group's key, as a table has it, becomes the last one of bytes. */
static inline void csi_group_add_key(struct cosend_bytes *keys,
                                     struct csi_key *key, const void *stored,
                                     size_t length)
{
    unsigned char *own;

    key->start = keys->length;
    key->length = length;
    own = csi_bytes_extend(keys, length);
    if (own)
        csi_copy(own, stored, length);
    csi_key_end(keys, key->start);
}

/* The order, if one was made, is no longer all there is. */
static inline void csi_groups_disorder(struct cosend_groups *groups)
{
    csi_free(groups->order);
    groups->order = NULL;
    groups->merged = true;
}

#endif
