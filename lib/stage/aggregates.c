/* SPDX-License-Identifier: MIT */
/*
 * Several aggregates in one pass.
 *
 * Records are taken a block at a time, of COSEND_ADDED_MOST at most: first
 * their cells are laid side by side, field by field, then each record's group
 * is found, and then each aggregate adds the whole block in a loop of its own.
 * So a row is called once a block, and a number is parsed once for all rows
 * that take values.
 *
 * A record that is bad may add nothing. Where one use alone takes numbers, its
 * row is first and finds out while it adds; the others follow it up to there.
 * Where there are more, cells that must be numbers are looked at before. A
 * group is never made for a bad record, so that of a new one is looked at
 * before in any case. What stands before a bad record is always added first,
 * and so rejects keep their order.
 *
 * The states of a group are one behind the other in its value.
 */
#include "stage/aggregates_inside.h"

#include "cosend/fields.h"
#include "cosend/number.h"

#include "expression/expression.h"
#include "expression/term.h"
#include "stage/aggregate_input.h"
#include "stage/aggregates_block.h"
#include "stage/aggregates_joint.h"
#include "stage/groups.h"
#include "stage/groups_joint.h"
#include "stage/receive.h"

#include <string.h>

enum { BLOCK = COSEND_ADDED_MOST, ALIGN = 8 };

/* ---- From making to freeing ---------------------------------------------- */

static void release_states(void *states, void *all)
{
    csi_aggregates_release(all, states);
}

static void release_all(void *argument)
{
    struct cosend_aggregates *all = argument;

    if (all->holds && !csi_groups_are_joint(all->groups))
        csi_groups_each(all->groups, release_states, all);
    if (all->holds && all->other)
        csi_aggregates_release(all, all->other);
    csi_free(all->other);
}

static struct csi_aggregate_input *input_of(struct cosend_aggregates *all,
                                            const struct cosend_use *use)
{
    struct csi_aggregate_input *input = all->inputs;

    for (size_t i = 0; i < all->input_count; i++, input++)
        if (input->field.slot == use->field.slot && !use->expression)
            return input;
    input->field = use->field;
    input->expression = use->expression;
    all->input_count++;
    return input;
}

/* Whether an expression is a field's cells and no more, in parentheses say. */
static bool is_field(const struct cosend_expression *expression)
{
    return expression->root->kind == CSI_TERM_FIELD;
}

/* Returns the size of a group's states; 0 where a use makes no sense. */
static size_t place_uses(struct cosend_aggregates *all,
                         const struct cosend_use *uses, size_t count)
{
    size_t size = 0, numeric = 0;
    bool computes = false;

    for (size_t i = 0; i < count; i++) {
        const struct cosend_aggregate *aggregate = uses[i].aggregate;
        struct csi_use *use = &all->uses[i];

        *use = (struct csi_use){.aggregate = aggregate,
                                .as = uses[i].as,
                                .parameter = uses[i].parameter,
                                .offset = size};
        size += (aggregate->size + ALIGN - 1) / ALIGN * ALIGN;
        all->holds |= aggregate->release != NULL;
        all->doubtful |= aggregate->doubt != NULL;
        all->ordinals |= (aggregate->flags & COSEND_TAKES_ORDINALS) != 0;
        if (cosend_has_field(uses[i].field) || uses[i].expression) {
            use->input = input_of(all, &uses[i]);
            use->input->truths = uses[i].expression &&
                                 aggregate == cosend_find_aggregate("count") &&
                                 !is_field(uses[i].expression);
            computes |= uses[i].expression != NULL;
            use->input->numbers |= aggregate->flags & COSEND_TAKES_NUMBERS;
            use->input->valued |= (aggregate->flags & COSEND_TAKES_VALUES) != 0;
            use->input->printed |= !(aggregate->flags & COSEND_TAKES_COMPUTED);
            if (aggregate->flags & COSEND_TAKES_NUMBERS && !numeric++)
                all->lead = i;
        } else if (aggregate->flags & COSEND_NEEDS_FIELD) {
            return 0;
        }
    }
    all->demands = numeric > 0 || computes;
    all->look = numeric > 1 || computes;
    return size;
}

static bool are_uses(struct csi_stage *stage, const struct cosend_use *uses,
                     size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!csi_stage_given(stage, uses ? uses[i].aggregate : NULL,
                             "aggregate") ||
            (cosend_has_field(uses[i].field) &&
             !csi_stage_has_field(stage, uses[i].field)))
            return false;
    return true;
}

struct cosend_aggregates *cosend_aggregates_new(struct cosend_stage *self,
                                                struct cosend_fields by,
                                                const struct cosend_use *uses,
                                                size_t count)
{
    struct cosend_aggregates *all = cosend_stage_memory(self, sizeof(*all));
    size_t size;

    if (!all || !are_uses(csi_stage_of(self), uses, count))
        return NULL;
    all->stage = csi_stage_of(self);
    all->uses = cosend_stage_memory(self, count * sizeof(*all->uses));
    all->inputs = cosend_stage_memory(self, count * sizeof(*all->inputs));
    if (!all->uses || !all->inputs)
        return NULL;
    all->count = count;
    all->by = by;
    size = place_uses(all, uses, count);
    if (!size) {
        cosend_fail(self, COSEND_E_USAGE,
                    "an aggregate of a field was given none");
        return NULL;
    }
    all->size = size;
    all->groups = cosend_groups_new(self, by, size, NULL);
    if (!all->groups || !cosend_stage_defer(self, release_all, all))
        return NULL;
    all->only = cosend_group_only(all->groups);
    if (!csi_aggregates_make_joint(all))
        return NULL;
    all->stage->aggregates = all;
    return all;
}

bool cosend_aggregates_limit(struct cosend_aggregates *all, uint64_t most,
                             bool gather)
{
    all->most = all->only ? 0 : most;
    if (!all->most || !gather || all->other)
        return true;
    all->other = csi_calloc(1, all->size);
    if (!all->other)
        csi_stage_no_memory(all->stage);
    return all->other != NULL;
}

void cosend_aggregates_add_groups(struct cosend_aggregates *all)
{
    cosend_groups_add_columns(all->groups);
}

void cosend_aggregates_add_columns(struct cosend_aggregates *all)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->uses[i].as)
            all->uses[i].column =
                cosend_add_column(&all->stage->face, all->uses[i].as);
}

/* ---- Adding -------------------------------------------------------------- */

/* The states for a record where there may be only so many groups. */
static void *find_limited(struct cosend_aggregates *all,
                          const struct cosend_record *record)
{
    void *states = cosend_group_find(all->groups, record);

    if (states || csi_aggregates_are_failed(all))
        return states;
    if (all->made < all->most) {
        all->made++;
        return cosend_group_of(all->groups, record);
    }
    if (!all->other) {
        cosend_groups_limit(&all->stage->face, all->made + 1, all->most);
        return NULL;
    }
    all->others++;
    return all->other;
}

/* The states for a record whose group may be new. NULL where it is bad, with
   the input whose cell is, and without memory. */
static void *find_states(struct cosend_aggregates *all, uint32_t at,
                         const struct csi_aggregate_input **bad)
{
    struct cosend_record record;

    *bad = all->demands
               ? csi_aggregate_inputs_bad(all->inputs, all->input_count, at)
               : NULL;
    if (*bad || all->states[at])
        return *bad ? NULL : all->states[at];
    record = csi_aggregates_record(all, at);
    if (record.batch == all->stage->face.batch)
        all->stage->at = record.position + 1;
    return all->most ? find_limited(all, &record)
                     : cosend_group_of(all->groups, &record);
}

/* Add the block, whose groups are known as far as they were there. */
static bool add_block(struct cosend_aggregates *all, uint32_t count)
{
    uint32_t from = 0;
    const struct csi_aggregate_input *bad;

    for (uint32_t at = 0; at < count; at++) {
        if (!all->look && all->states[at])
            continue;
        all->states[at] = find_states(all, at, &bad);
        if (all->states[at])
            continue;
        if (!bad || !csi_aggregates_add_part(all, from, at) ||
            !csi_aggregates_report(all, bad, at))
            return false;
        from = at + 1;
    }
    return csi_aggregates_add_part(all, from, count);
}

bool cosend_aggregates_add_batch(struct cosend_aggregates *all)
{
    struct csi_stage *stage = all ? all->stage : NULL;
    const struct cosend_batch *batch = stage ? stage->face.batch : NULL;
    bool joint;

    if (!batch)
        return all;
    if (!csi_aggregate_inputs_compute(stage, all->inputs, all->input_count,
                                      true))
        return false;
    for (uint32_t i = 0; i < all->by.count; i++)
        cosend_column_of(&stage->face, cosend_nth(all->by, i));
    if (!csi_aggregates_join_others(all, &joint))
        return false;
    if (joint)
        return csi_aggregates_add_jointly(all);
    for (uint32_t at = 0, count; at < batch->count; at += count) {
        count = batch->count - at < BLOCK ? batch->count - at : BLOCK;
        csi_aggregates_begin_block(all, at);
        if (!csi_aggregates_lay_block(all, count))
            return false;
        for (uint32_t i = 0; all->only && i < count; i++)
            all->states[i] = all->only;
        if (!all->only &&
            !csi_groups_find_all(all->groups, at, count, all->states))
            return false;
        if (!add_block(all, count))
            return false;
    }
    return true;
}

/* Lay out one record alone. False where the step failed. */
static bool lay_one(struct cosend_aggregates *all,
                    const struct cosend_record *record)
{
    if (!csi_stage_given(all->stage, record ? record->batch : NULL, "record"))
        return false;
    all->first = *record;
    return csi_aggregate_inputs_compute(all->stage, all->inputs,
                                        all->input_count, false) &&
           csi_aggregates_lay_block(all, 1);
}

const void *cosend_aggregates_add(struct cosend_aggregates *all,
                                  const struct cosend_record *record)
{
    uint64_t bad = all ? all->bad : 0;

    if (!all || !lay_one(all, record))
        return NULL;
    if (csi_groups_are_joint(all->groups))
        return csi_aggregates_add_one_jointly(all, record) && all->bad == bad
                   ? all->states[0]
                   : NULL;
    all->states[0] =
        all->only ? all->only : cosend_group_find(all->groups, record);
    return add_block(all, 1) && all->bad == bad ? all->states[0] : NULL;
}

bool cosend_aggregates_add_to(struct cosend_aggregates *all,
                              const struct cosend_record *record, void *states)
{
    uint64_t bad = all ? all->bad : 0;

    if (!all || !states || !lay_one(all, record))
        return false;
    all->states[0] = states;
    return add_block(all, 1) && all->bad == bad;
}

/* ---- What came of it ----------------------------------------------------- */

void *cosend_aggregates_only(const struct cosend_aggregates *all)
{
    return all->only;
}

const void *cosend_aggregates_state(const struct cosend_aggregates *all,
                                    const void *states, size_t i)
{
    return (const char *)states + all->uses[i].offset;
}
