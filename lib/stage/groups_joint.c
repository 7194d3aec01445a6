/* SPDX-License-Identifier: MIT */
/*
 * Each thread alone would make nearly all of many groups, and at the end they
 * would have to be united. So once there are many, threads find each other's,
 * by an index of parts with a lock each (group/joint_index.h). A batch is dealt
 * out to the parts, and each part is seen to with its lock held once.
 *
 * A thread's table stays what it is alone: its groups are listed in the order
 * of their first records, for groups_parts.c to walk through all tables at
 * once. So those that were made, part by part, get their numbers at the end of
 * the batch, in the order of its records. And where a thread finds a group of
 * another's whose first record is behind its own, it moves the group to its own
 * table; the other's is gone, and its rank 0.
 *
 * A group's head and value are for the thread that has its part's lock. When
 * it came first is set before others can find it, and never after.
 */
#include "stage/groups_joint.h"

#include "stage/groups.h"
#include "stage/groups_inside.h"

#include <string.h>

/* With fewer they are in a cache, and with as many a thread meets few of them
   twice. */
size_t csi_groups_many = 16384;

bool csi_groups_are_joint(const struct cosend_groups *groups)
{
    return groups->joint.index;
}

bool csi_groups_are_many(const struct cosend_groups *groups)
{
    return !groups->part_count && groups->table &&
           cosend_table_count(groups->table) >= csi_groups_many;
}

/* ---- Joining ------------------------------------------------------------- */

/* Bring in a group, with its part locked. */
static int bring(struct cosend_groups *groups, const struct csi_key *key,
                 uint32_t place, csi_groups_unite_value *unite, void *context)
{
    const struct csi_groups_joint *joint = &groups->joint;
    const unsigned char *bytes = groups->keys.data;
    struct csi_group_head *own = csi_table_group(groups->table, place);
    struct csi_group_head *other = csi_joint_find(joint->index, bytes, key);
    struct csi_group_head *first = own;
    int status = COSEND_OK;

    if (other && csi_group_first(other) < csi_group_first(own)) {
        first = other;
        other = own;
    }
    if (first == own &&
        !csi_joint_put(joint->index, joint->table, bytes, key, place))
        return COSEND_E_MEMORY;
    if (other)
        status = unite(csi_group_value(first), csi_group_value(other), context);
    if (other && status >= 0)
        *csi_group_rank(groups, other) = 0;
    return status < 0 ? status : COSEND_OK;
}

/* Bring in some groups, at most CSI_GROUPS_AHEAD. */
static int bring_few(struct cosend_groups *groups, size_t at, size_t count,
                     csi_groups_unite_value *unite, void *context)
{
    struct csi_joint *index = groups->joint.index;
    struct csi_key *keys = groups->nearby;
    int status = COSEND_OK;
    const void *key;
    size_t length;

    cosend_bytes_clear(&groups->keys);
    for (size_t i = 0; i < count; i++) {
        cosend_table_at(groups->table, at + i, &key, &length);
        csi_group_add_key(&groups->keys, &keys[i], key, length);
    }
    if (groups->keys.failed)
        return COSEND_E_MEMORY;
    csi_joint_hash_all(index, groups->keys.data, keys, count);
    for (size_t i = 0; i < count && status == COSEND_OK; i++) {
        csi_joint_lock(index, csi_joint_part(&keys[i]));
        status = bring(groups, &keys[i], csi_table_place(groups->table, at + i),
                       unite, context);
        csi_joint_unlock(index, csi_joint_part(&keys[i]));
    }
    return status;
}

int csi_groups_join(struct cosend_groups *groups, struct csi_joint *index,
                    csi_groups_unite_value *unite, void *context)
{
    size_t groups_count, count;
    int table, status = COSEND_OK;

    if (groups->joint.index)
        return COSEND_OK;
    if (!csi_groups_are_orderly(groups) || groups->part_count)
        return COSEND_DONE;
    if (!csi_grow(&groups->parts, &groups->part_capacity, 1,
                  sizeof(*groups->parts)))
        return COSEND_E_MEMORY;
    table = csi_joint_add_table(index, groups->table);
    if (table < 0)
        return COSEND_DONE;
    groups->joint.index = index;
    groups->joint.table = table;
    groups->parts[0] = (struct csi_groups_part){.table = groups->table};
    groups->part_count = 1;
    groups->count = 0;
    groups_count = cosend_table_count(groups->table);
    groups->joint.records = (uint32_t)groups_count;
    for (size_t at = 0; at < groups_count && status == COSEND_OK; at += count) {
        count = groups_count - at < CSI_GROUPS_AHEAD ? groups_count - at
                                                     : CSI_GROUPS_AHEAD;
        status = bring_few(groups, at, count, unite, context);
    }
    return status;
}

/* ---- A batch ------------------------------------------------------------- */

/* False without memory. */
static bool reserve_deal(struct cosend_groups *groups, uint32_t count)
{
    struct csi_groups_joint *joint = &groups->joint;
    struct csi_key *keys =
        groups->ahead == groups->nearby ? NULL : groups->ahead;
    size_t had = joint->fresh_capacity;

    if (!csi_grow(&keys, &joint->ahead_capacity,
                  count < CSI_GROUPS_AHEAD ? CSI_GROUPS_AHEAD : count,
                  sizeof(*keys)))
        return false;
    groups->ahead = keys;
    if (!csi_grow(&joint->order, &joint->order_capacity, count,
                  sizeof(*joint->order)) ||
        !csi_grow(&joint->fresh, &joint->fresh_capacity, count,
                  sizeof(*joint->fresh)))
        return false;
    if (joint->fresh_capacity > had)
        memset(joint->fresh + had, 0,
               (joint->fresh_capacity - had) * sizeof(*joint->fresh));
    return csi_table_reserve(groups->table, count);
}

/* Sort the records by their parts, those of one as they were. */
static void sort_by_part(struct csi_groups_joint *joint,
                         const struct csi_key *keys, uint32_t count)
{
    uint32_t next[CSI_JOINT_PARTS], *starts = joint->starts;

    memset(joint->starts, 0, sizeof(joint->starts));
    for (uint32_t i = 0; i < count; i++)
        starts[csi_joint_part(&keys[i]) + 1]++;
    for (uint32_t part = 0; part < CSI_JOINT_PARTS; part++) {
        next[part] = starts[part];
        starts[part + 1] += starts[part];
    }
    for (uint32_t i = 0; i < count; i++)
        joint->order[next[csi_joint_part(&keys[i])]++] = i;
}

bool csi_groups_deal(struct cosend_groups *groups,
                     const struct cosend_record *first, uint32_t count)
{
    struct csi_groups_joint *joint = &groups->joint;

    if (!reserve_deal(groups, count)) {
        csi_stage_no_memory(csi_stage_of(groups->stage));
        return false;
    }
    if (!csi_groups_make_keys(groups, first, count))
        return false;
    /* Ranks are for what a record was made into, and not that many. */
    if (joint->records > UINT32_MAX - count - 1)
        joint->records = 0;
    joint->first = *first;
    csi_joint_hash_all(joint->index, groups->keys.data, groups->ahead, count);
    sort_by_part(joint, groups->ahead, count);
    return true;
}

const uint32_t *csi_groups_dealt(const struct cosend_groups *groups,
                                 uint32_t part, uint32_t *count)
{
    const struct csi_groups_joint *joint = &groups->joint;

    *count = joint->starts[part + 1] - joint->starts[part];
    return joint->order + joint->starts[part];
}

uint32_t csi_groups_part_of(const struct cosend_groups *groups, uint32_t number)
{
    return csi_joint_part(&groups->ahead[number]);
}

/* ---- Groups -------------------------------------------------------------- */

/* When a record came. */
static uint64_t cause_of(const struct cosend_groups *groups, uint32_t number)
{
    struct csi_stage *stage = csi_stage_of(groups->stage);

    if (groups->batch)
        stage->at = groups->first + number + 1;
    return csi_stage_cause(stage);
}

/* A record is a group's first. */
static void set_first(struct cosend_groups *groups, struct csi_group_head *head,
                      uint64_t first, uint32_t number, uint32_t place)
{
    struct csi_groups_joint *joint = &groups->joint;
    struct cosend_record record = joint->first;

    record.position += number;
    if (number && record.batch->rows)
        record.row = csi_batch_row(record.batch, record.position);
    csi_group_set_first(groups, head, first, joint->records + number + 1);
    for (uint32_t i = 0; groups->typed && i < groups->by.count; i++)
        csi_group_set_kind(
            groups, head, i,
            cosend_field(&record, cosend_nth(groups->by, i)).kind);
    joint->fresh[number] = place;
    joint->made++;
}

/* A group becomes one of this thread's, with a record as its first. NULL
   without memory. */
static struct csi_group_head *move_group(struct cosend_groups *groups,
                                         struct csi_group_head *head,
                                         uint64_t first, uint32_t number)
{
    const struct csi_groups_joint *joint = &groups->joint;
    const struct csi_key *key = &groups->ahead[number];
    const unsigned char *bytes = groups->keys.data;
    struct csi_group_head *own;
    uint32_t place;

    own = csi_table_append(groups->table, bytes + key->start, key->length,
                           &place);
    if (!own || !csi_joint_put(joint->index, joint->table, bytes, key, place))
        return NULL;
    memcpy(own, head, sizeof(*head) + groups->value_size);
    *csi_group_rank(groups, head) = 0;
    set_first(groups, own, first, number, place);
    return own;
}

/* The group of a record, which was looked for; *moved is what it was before
   that, if it moved. NULL without memory. */
static struct csi_group_head *get_joint(struct cosend_groups *groups,
                                        uint32_t number,
                                        struct csi_group_head **moved)
{
    const struct csi_groups_joint *joint = &groups->joint;
    const struct csi_key *key = &groups->ahead[number];
    struct csi_group_head *head = key->value;
    uint64_t cause = cause_of(groups, number);
    uint32_t place = 0;

    *moved = NULL;
    if (!head)
        head = csi_joint_get(joint->index, joint->table, groups->keys.data, key,
                             &place);
    if (place) {
        set_first(groups, head, cause, number, place);
    } else if (head && cause < csi_group_first(head)) {
        *moved = head;
        head = move_group(groups, head, cause, number);
    }
    return head;
}

/* What was found for other records, before and behind, is where it was no
   more. */
static void find_again(struct cosend_groups *groups, const uint32_t *numbers,
                       uint32_t count, void **values,
                       const struct csi_group_head *was,
                       struct csi_group_head *is, uint32_t found)
{
    for (uint32_t i = 0; i < count; i++) {
        struct csi_key *key = &groups->ahead[numbers[i]];

        if (key->value == was)
            key->value = is;
        if (i < found && values[i] == was + 1)
            values[i] = csi_group_value(is);
    }
}

bool csi_groups_find_joint(struct cosend_groups *groups,
                           const uint32_t *numbers, uint32_t count,
                           void **values)
{
    struct csi_group_head *head, *moved;

    csi_joint_find_all(groups->joint.index, groups->keys.data, groups->ahead,
                       numbers, count);
    for (uint32_t i = 0; i < count; i++) {
        head = get_joint(groups, numbers[i], &moved);
        if (!head) {
            csi_stage_no_memory(csi_stage_of(groups->stage));
            return false;
        }
        if (moved)
            find_again(groups, numbers, count, values, moved, head, i);
        values[i] = csi_group_value(head);
    }
    return true;
}

void csi_groups_end_deal(struct cosend_groups *groups)
{
    struct csi_groups_joint *joint = &groups->joint;
    struct cosend_table *table = groups->table;

    for (uint32_t i = 0; joint->made; i++) {
        uint64_t first;

        if (!joint->fresh[i])
            continue;
        first = csi_group_first(csi_table_group(table, joint->fresh[i]));
        groups->disordered |= first < groups->latest;
        groups->latest = first;
        csi_table_list(table, joint->fresh[i]);
        joint->fresh[i] = 0;
        joint->made--;
    }
    joint->records += groups->count;
    groups->count = 0;
}

void csi_groups_each_of(struct cosend_table *table, size_t value_size,
                        void (*each)(void *value, void *context), void *context)
{
    const struct cosend_groups shape = {.value_size =
                                            csi_group_value_size(value_size)};
    const void *key;
    size_t length;

    for (size_t i = 0; i < cosend_table_count(table); i++) {
        struct csi_group_head *head = cosend_table_at(table, i, &key, &length);

        if (*csi_group_rank(&shape, head))
            each(csi_group_value(head), context);
    }
}
