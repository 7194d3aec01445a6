/* SPDX-License-Identifier: MIT */
/*
 * Each thread has its groups in a table of its own; at the end they are one.
 * Where there are many of them, most of the time would go to finding a place
 * for each in one table, and to putting them in order. So they stay where they
 * are. A part is one thread's table, in the order of its groups' first records,
 * as that thread saw them.
 *
 *     part 0   a 10   b 20   c 50          part 1   d 15   b 25   c 40
 *     united   a 10   b 20   (gone)                 d 15   (gone) c 40
 *     walk     a 10, d 15, b 20, c 40
 *
 * Part after part, each group is looked for in those before. Of two that are
 * the same, the one that came first gets what the other has, and the other is
 * gone: its rank is 0, and in the place of its value it says which one that is,
 * so that a third part that finds it finds that one. Each of the groups of one
 * part is another's business, since no two have one key: threads share them out
 * by their numbers. The walk takes the earliest of the next ones of all parts.
 *
 * No two parts have a group of one first record: one thread sees all that a
 * record was made into.
 */
#include "stage/groups_parts.h"

#include "base/together.h"
#include "stage/groups_inside.h"

#include <string.h>

/* With fewer groups it takes longer to start a thread; and where each takes
   long. */
enum { MANY = 8192, MANY_LONG = 2 };

struct uniting {
    struct cosend_groups *groups;
    size_t part;
    uint32_t threads;
    csi_groups_unite_value *unite;
    char *contexts;
    size_t size;
    int status[]; /* by thread */
};

bool csi_groups_are_orderly(const struct cosend_groups *groups)
{
    return groups->table && !groups->all && !groups->merged && !groups->order &&
           !groups->disordered &&
           groups->value_size >= sizeof(struct csi_group_head *);
}

int csi_groups_take(struct cosend_groups *groups, struct cosend_groups *from)
{
    if (!csi_groups_are_orderly(groups) || !csi_groups_are_orderly(from) ||
        !groups->joint.index != !from->joint.index ||
        (from->part_count && !from->joint.index))
        return COSEND_DONE;
    if (!cosend_table_count(from->table))
        return COSEND_OK;
    if (!csi_grow(&groups->parts, &groups->part_capacity,
                  groups->part_count + 2, sizeof(*groups->parts)))
        return COSEND_E_MEMORY;
    if (!groups->part_count)
        groups->parts[groups->part_count++] =
            (struct csi_groups_part){.table = groups->table};
    groups->parts[groups->part_count++] =
        (struct csi_groups_part){.table = from->table};
    csi_table_set_exact(groups->table);
    csi_table_set_exact(from->table);
    groups->typed |= from->typed;
    groups->count = from->count = 0;
    from->table = NULL;
    from->part_count = 0;
    return COSEND_OK;
}

/* ---- Uniting ------------------------------------------------------------- */

/* What a group became. */
static struct csi_group_head *follow(const struct cosend_groups *groups,
                                     struct csi_group_head *head)
{
    while (csi_group_is_gone(groups, head))
        memcpy(&head, csi_group_value(head), sizeof(struct csi_group_head *));
    return head;
}

/* Two groups are the same. */
static int unite_two(const struct uniting *all, struct csi_group_head *one,
                     struct csi_group_head *other, void *context)
{
    int status;

    one = follow(all->groups, one);
    if (csi_group_first(other) < csi_group_first(one)) {
        struct csi_group_head *later = one;

        one = other;
        other = later;
    }
    status = all->unite(csi_group_value(one), csi_group_value(other), context);
    if (status < 0)
        return status;
    *csi_group_rank(all->groups, other) = 0;
    memcpy(csi_group_value(other), &one, sizeof(struct csi_group_head *));
    return COSEND_OK;
}

/* Some groups of the part, at most CSI_GROUPS_AHEAD. */
static int unite_few(const struct uniting *all, size_t at, size_t count,
                     struct cosend_bytes *bytes, void *context)
{
    struct cosend_groups *groups = all->groups;
    struct csi_key keys[CSI_GROUPS_AHEAD];
    struct csi_group_head *heads[CSI_GROUPS_AHEAD];
    int status = COSEND_OK;
    const void *key;
    size_t length;

    cosend_bytes_clear(bytes);
    for (size_t i = 0; i < count; i++) {
        heads[i] = cosend_table_at(groups->parts[all->part].table, at + i, &key,
                                   &length);
        csi_group_add_key(bytes, &keys[i], key, length);
    }
    if (bytes->failed)
        return COSEND_E_MEMORY;
    for (size_t part = 0; part < all->part && count; part++) {
        size_t left = 0;

        csi_table_find_all(groups->parts[part].table, bytes->data, keys, count);
        for (size_t i = 0; i < count && status == COSEND_OK; i++) {
            if (keys[i].value)
                status = unite_two(all, keys[i].value, heads[i], context);
            keys[left] = keys[i];
            heads[left] = heads[i];
            left += !keys[i].value;
        }
        count = left;
    }
    return status;
}

static void unite_share(void *argument, uint32_t thread)
{
    struct uniting *all = argument;
    size_t groups = cosend_table_count(all->groups->parts[all->part].table);
    size_t at = groups * thread / all->threads, count;
    size_t end = groups * (thread + 1) / all->threads;
    struct cosend_bytes bytes = {0};
    int status = COSEND_OK;

    for (; at < end && status == COSEND_OK; at += count) {
        count = end - at < CSI_GROUPS_AHEAD ? end - at : CSI_GROUPS_AHEAD;
        status = unite_few(all, at, count, &bytes,
                           all->contexts + thread * all->size);
    }
    cosend_bytes_free(&bytes);
    all->status[thread] = status;
}

/* Count the time only where threads are started: else one has it alone. */
static void unite_part(struct uniting *all)
{
    struct csi_shared *shared = csi_stage_of(all->groups->stage)->shared;
    uint64_t start = csi_monotonic_ns();

    csi_together(all->threads, unite_share, all);
    if (all->threads > 1)
        shared->together += csi_monotonic_ns() - start;
}

int csi_groups_unite(struct cosend_groups *groups, uint32_t threads,
                     bool takes_long, csi_groups_unite_value *unite,
                     void *contexts, size_t size)
{
    size_t many = takes_long ? MANY_LONG : MANY;
    struct uniting *all =
        csi_calloc(1, sizeof(*all) + threads * sizeof(*all->status));
    int status = all ? COSEND_OK : COSEND_E_MEMORY;
    size_t parts = groups->joint.index ? 0 : groups->part_count;

    for (size_t i = 1; i < parts && status == COSEND_OK; i++) {
        size_t count = cosend_table_count(groups->parts[i].table);

        *all = (struct uniting){.groups = groups,
                                .part = i,
                                .threads = count < many ? 1 : threads,
                                .unite = unite,
                                .contexts = contexts,
                                .size = size};
        unite_part(all);
        for (uint32_t t = 0; t < all->threads && status == COSEND_OK; t++)
            status = all->status[t];
    }
    csi_free(all);
    return status;
}

/* ---- Walking ------------------------------------------------------------- */

static void step(const struct cosend_groups *groups,
                 struct csi_groups_part *part)
{
    const void *key;
    size_t length;

    do
        part->next = part->at < cosend_table_count(part->table)
                         ? cosend_table_at(part->table, part->at, &key, &length)
                         : NULL;
    while (part->at++, part->next && csi_group_is_gone(groups, part->next));
}

static void rewind_parts(struct cosend_groups *groups)
{
    groups->walked = 0;
    for (size_t i = 0; i < groups->part_count; i++) {
        groups->parts[i].at = 0;
        step(groups, &groups->parts[i]);
    }
}

/* The part whose next group is the earliest; NULL where there is none. */
static struct csi_groups_part *earliest(const struct cosend_groups *groups)
{
    struct csi_groups_part *found = NULL;

    for (size_t i = 0; i < groups->part_count; i++) {
        struct csi_groups_part *part = &groups->parts[i];

        if (part->next && (!found || csi_group_first(part->next) <
                                         csi_group_first(found->next)))
            found = part;
    }
    return found;
}

bool csi_groups_next_part(struct cosend_groups *groups,
                          struct cosend_group *group)
{
    struct csi_groups_part *part;

    if (!group->next || group->next < groups->walked)
        rewind_parts(groups);
    while ((part = earliest(groups)) && groups->walked < group->next) {
        step(groups, part);
        groups->walked++;
    }
    if (!part)
        return false;
    group->value = csi_group_value(cosend_table_at(
        part->table, part->at - 1, &group->key, &group->length));
    group->next++;
    step(groups, part);
    groups->walked++;
    return true;
}

/* ---- One table ----------------------------------------------------------- */

void csi_groups_free_tables(struct cosend_groups *groups)
{
    if (!groups->part_count && groups->table)
        cosend_table_free(groups->table);
    for (size_t i = 0; !groups->joint.index && i < groups->part_count; i++)
        cosend_table_free(groups->parts[i].table);
    csi_free(groups->parts);
    groups->table = NULL;
    groups->parts = NULL;
    groups->part_count = groups->part_capacity = 0;
}

bool csi_groups_join_parts(struct cosend_groups *groups)
{
    size_t size = csi_group_size(groups);
    struct cosend_group group = {0};
    struct csi_groups_walk walk = {0};
    struct csi_group_head *head;
    struct cosend_table *table;

    if (!groups->part_count)
        return true;
    table = cosend_table_new(size, NULL);
    while (table && csi_groups_next_part(groups, &group)) {
        void *own = cosend_table_get(table, group.key, group.length, NULL);

        if (!own) {
            cosend_table_free(table);
            return false;
        }
        memcpy(own, (struct csi_group_head *)group.value - 1, size);
    }
    if (!table)
        return false;
    /* Their values are those of the new table alone. */
    while (groups->joint.index && (head = csi_groups_walk(groups, &walk)))
        *csi_group_rank(groups, head) = 0;
    csi_groups_free_tables(groups);
    groups->joint.index = NULL;
    groups->table = table;
    memset(groups->late, 0, sizeof(groups->late));
    return true;
}
