/* SPDX-License-Identifier: MIT */
/*
 * A join belongs to the last node through which all comes that comes to its
 * ports (plan.h says why). For each node the last one before it of which the
 * same is true is remembered, as `above`; numbers fall on the way up, so two
 * ways up meet where the greater number has gone up to the other.
 */
#include "spec/loose_end.h"

enum { LONGEST_PATH = 1000 };

static const struct csi_link nowhere = {CSI_NOWHERE, CSI_NOWHERE, 0};

/* ---- Links --------------------------------------------------------------- */

/* Give a node a target more; its number, or CSI_NOWHERE without memory. */
static uint32_t add_target(struct csi_spec *spec, uint32_t number)
{
    struct csi_node *node = &spec->plan->nodes[number];

    if (!csi_grow(&node->targets, &node->target_capacity,
                  (size_t)node->target_count + 1, sizeof(*node->targets))) {
        spec->no_memory = true;
        return CSI_NOWHERE;
    }
    node->targets[node->target_count] = nowhere;
    return node->target_count++;
}

struct csi_loose_end csi_end_lost(void)
{
    return (struct csi_loose_end){CSI_END_LOST, 0, 0, 0};
}

struct csi_loose_end csi_end_of(struct csi_spec *spec, uint32_t node)
{
    uint32_t target;

    if (node == CSI_NOWHERE)
        return csi_end_lost();
    target = add_target(spec, node);
    if (target == CSI_NOWHERE)
        return csi_end_lost();
    return (struct csi_loose_end){CSI_END_TARGET, node, target,
                                  spec->notes[node].depth};
}

static void connect_end(struct csi_spec *spec, struct csi_loose_end end,
                        struct csi_link link)
{
    if (end.kind == CSI_END_TARGET)
        spec->plan->nodes[end.index].targets[end.target] = link;
    else if (end.kind == CSI_END_JOIN)
        spec->plan->joins[end.index].target = link;
}

/* The last node through which all comes that comes by the end. */
static uint32_t node_above(const struct csi_spec *spec,
                           struct csi_loose_end end)
{
    if (end.kind == CSI_END_JOIN)
        return spec->plan->joins[end.index].owner;
    return end.kind == CSI_END_TARGET ? end.index : 0;
}

void csi_end_connect(struct csi_spec *spec, struct csi_loose_end end,
                     uint32_t node)
{
    struct csi_node_note *note = &spec->notes[node];

    connect_end(spec, end, (struct csi_link){node, CSI_NOWHERE, 0});
    note->above = node_above(spec, end);
    note->depth = end.depth + 1;
    if (note->depth == LONGEST_PATH + 1)
        csi_spec_place_problem(spec, &spec->plan->nodes[node].place,
                               "a path of more than 1,000 stages ends here");
}

/* ---- Joins --------------------------------------------------------------- */

static uint32_t owner_of(const struct csi_spec *spec,
                         const struct csi_loose_ends *ends)
{
    uint32_t owner = node_above(spec, ends->list[0]);

    for (size_t i = 1; i < ends->count; i++)
        for (uint32_t other = node_above(spec, ends->list[i]); other != owner;)
            if (other > owner)
                other = spec->notes[other].above;
            else
                owner = spec->notes[owner].above;
    return owner;
}

static struct csi_loose_end join(struct csi_spec *spec,
                                 const struct csi_loose_ends *ends)
{
    struct csi_plan *plan = spec->plan;
    uint32_t number = plan->join_count;
    struct csi_loose_end joined = {CSI_END_JOIN, number, 0, 0};

    if (!csi_grow(&plan->joins, &plan->join_capacity, (size_t)number + 1,
                  sizeof(*plan->joins))) {
        spec->no_memory = true;
        return csi_end_lost();
    }
    plan->join_count++;
    plan->joins[number] = (struct csi_join_plan){
        owner_of(spec, ends), (uint32_t)ends->count, nowhere};
    for (uint32_t i = 0; i < ends->count; i++) {
        connect_end(spec, ends->list[i],
                    (struct csi_link){CSI_NOWHERE, number, i});
        if (ends->list[i].depth > joined.depth)
            joined.depth = ends->list[i].depth;
    }
    return joined;
}

void csi_ends_keep(struct csi_spec *spec, struct csi_loose_ends *ends,
                   struct csi_loose_end end)
{
    if (end.kind == CSI_END_NONE)
        return;
    if (end.kind == CSI_END_LOST)
        ends->lost = true;
    if (csi_grow(&ends->list, &ends->capacity, ends->count + 1,
                 sizeof(*ends->list)))
        ends->list[ends->count++] = end;
    else
        spec->no_memory = true;
}

struct csi_loose_end csi_ends_meet(struct csi_spec *spec,
                                   struct csi_loose_ends *ends)
{
    struct csi_loose_end end = {CSI_END_NONE, 0, 0, 0};

    if (ends->lost || spec->no_memory)
        end = csi_end_lost();
    else if (ends->count == 1)
        end = ends->list[0];
    else if (ends->count > 1)
        end = join(spec, ends);
    csi_free(ends->list);
    return end;
}
