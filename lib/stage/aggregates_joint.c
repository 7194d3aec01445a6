/* SPDX-License-Identifier: MIT */
/*
 * Aggregates whose groups several threads make and find together: see
 * stage/groups_joint.c.
 *
 * A batch is added part by part, so that each part is locked once. Of one that
 * has a bad record all are added one by one, in order, as rejects are. That is
 * known beforehand, since expressions and numbers can be looked at without a
 * group.
 *
 * Several threads add to one state, and not in the order of records: so none
 * may be among them that takes ordinals.
 *
 * States belong to the index with the tables that they are in: a thread that
 * fails must not release what another is adding to.
 */
#include "stage/aggregates_joint.h"

#include "cosend/fields.h"

#include "stage/aggregate_input.h"
#include "stage/aggregates_block.h"
#include "stage/aggregates_merge.h"
#include "stage/groups_joint.h"

#include <string.h>

enum { BLOCK = COSEND_ADDED_MOST };

/* ---- The index ----------------------------------------------------------- */

struct held {
    void (*release)(void *state);
    size_t offset; /* of the state */
};

/* What an index has to release of each group. */
struct joint_states {
    size_t size, count;
    struct held held[];
};

static void release_held(void *value, void *context)
{
    const struct joint_states *states = context;

    for (size_t i = 0; i < states->count; i++)
        states->held[i].release((char *)value + states->held[i].offset);
}

static void release_table(struct cosend_table *table, void *context)
{
    const struct joint_states *states = context;

    if (states->count)
        csi_groups_each_of(table, states->size, release_held, context);
}

bool csi_aggregates_make_joint(const struct cosend_aggregates *all)
{
    struct csi_stage *stage = all->stage;
    struct joint_states *states;

    if (all->only || all->ordinals || stage->joint || stage->aggregates ||
        stage->node->filter->parallel != COSEND_MERGES)
        return true;
    states = csi_calloc(1, sizeof(*states) + all->count * sizeof(struct held));
    if (states)
        stage->joint = csi_joint_new(release_table, states);
    if (!stage->joint) {
        csi_free(states);
        csi_stage_no_memory(stage);
        return false;
    }
    stage->owns_joint = true;
    states->size = all->size;
    for (size_t i = 0; i < all->count; i++)
        if (all->uses[i].aggregate->release)
            states->held[states->count++] = (struct held){
                all->uses[i].aggregate->release, all->uses[i].offset};
    return true;
}

/* ---- Adding -------------------------------------------------------------- */

/* Whether a record of the batch in hand is bad. */
static bool is_any_bad(struct cosend_aggregates *all, bool *failed)
{
    uint32_t batch = all->stage->face.batch->count;

    *failed = false;
    for (uint32_t at = 0, count; all->demands && at < batch; at += count) {
        count = batch - at < BLOCK ? batch - at : BLOCK;
        csi_aggregates_begin_block(all, at);
        *failed = !csi_aggregates_lay_block(all, count);
        for (uint32_t i = 0; !*failed && i < count; i++)
            if (csi_aggregate_inputs_bad(all->inputs, all->input_count, i))
                return true;
        if (*failed)
            return false;
    }
    return false;
}

/* Add some records of the deal, of one part, which is locked. False where the
   step failed. */
static bool add_picked(struct cosend_aggregates *all, const uint32_t *numbers,
                       uint32_t count)
{
    bool ok;

    all->picked = numbers;
    ok = csi_groups_find_joint(all->groups, numbers, count, all->states) &&
         csi_aggregates_lay_block(all, count) &&
         csi_aggregates_add_part(all, 0, count);
    all->picked = NULL;
    return ok;
}

/* Add what a part was dealt, unless it may wait and another thread has the
   part: *done is whether it was. False where the step failed. */
static bool add_dealt(struct cosend_aggregates *all, uint32_t part,
                      bool may_wait, bool *done)
{
    struct csi_joint *joint = all->stage->joint;
    bool ok = true;
    uint32_t count, n;
    const uint32_t *numbers = csi_groups_dealt(all->groups, part, &count);

    *done = true;
    if (!count)
        return true;
    if (may_wait && !csi_joint_try(joint, part)) {
        *done = false;
        return true;
    }
    if (!may_wait)
        csi_joint_lock(joint, part);
    for (uint32_t at = 0; ok && at < count; at += n) {
        n = count - at < BLOCK ? count - at : BLOCK;
        ok = add_picked(all, numbers + at, n);
    }
    csi_joint_unlock(joint, part);
    return ok;
}

/* Add all that was dealt: parts that another thread has last. */
static bool add_parts(struct cosend_aggregates *all)
{
    bool ok = true, done, is_done[CSI_JOINT_PARTS];

    for (uint32_t part = 0; ok && part < CSI_JOINT_PARTS; part++)
        ok = add_dealt(all, part, true, &is_done[part]);
    for (uint32_t part = 0; ok && part < CSI_JOINT_PARTS; part++)
        if (!is_done[part])
            ok = add_dealt(all, part, false, &done);
    return ok;
}

/* Add the block's records, which are dealt out, one by one: some are bad. */
static bool add_singly(struct cosend_aggregates *all, uint32_t number,
                       uint32_t count)
{
    struct csi_joint *joint = all->stage->joint;

    for (uint32_t at = 0; at < count; at++, number++) {
        const struct csi_aggregate_input *bad =
            all->demands
                ? csi_aggregate_inputs_bad(all->inputs, all->input_count, at)
                : NULL;
        uint32_t part = csi_groups_part_of(all->groups, number);
        bool ok;

        if (!bad)
            csi_joint_lock(joint, part);
        ok = bad ? csi_aggregates_report(all, bad, at)
                 : csi_groups_find_joint(all->groups, &number, 1,
                                         &all->states[at]) &&
                       csi_aggregates_add_part(all, at, at + 1);
        if (!bad)
            csi_joint_unlock(joint, part);
        if (!ok)
            return false;
    }
    return true;
}

static bool add_batch_singly(struct cosend_aggregates *all)
{
    uint32_t batch = all->stage->face.batch->count;
    bool ok = true;

    for (uint32_t at = 0, count; ok && at < batch; at += count) {
        count = batch - at < BLOCK ? batch - at : BLOCK;
        csi_aggregates_begin_block(all, at);
        ok = csi_aggregates_lay_block(all, count) && add_singly(all, at, count);
    }
    return ok;
}

bool csi_aggregates_add_jointly(struct cosend_aggregates *all)
{
    bool failed, bad = is_any_bad(all, &failed), ok;

    if (failed)
        return false;
    csi_aggregates_begin_block(all, 0);
    ok = csi_groups_deal(all->groups, &all->first,
                         all->stage->face.batch->count) &&
         (bad ? add_batch_singly(all) : add_parts(all));
    csi_groups_end_deal(all->groups);
    return ok;
}

bool csi_aggregates_join_others(struct cosend_aggregates *all, bool *joint)
{
    const struct csi_stage *stage = all->stage;
    int status = COSEND_OK;

    if (stage->joint && !all->only && !all->most && stage->shared->crossing &&
        stage->aggregates == all && csi_groups_are_many(all->groups))
        status = csi_aggregates_join(all);
    *joint = csi_groups_are_joint(all->groups);
    if (status < 0)
        cosend_fail(&all->stage->face, status,
                    "the threads' results could not be merged");
    return status >= 0;
}

bool csi_aggregates_add_one_jointly(struct cosend_aggregates *all,
                                    const struct cosend_record *record)
{
    bool ok = csi_groups_deal(all->groups, record, 1) && add_singly(all, 0, 1);

    csi_groups_end_deal(all->groups);
    return ok;
}
