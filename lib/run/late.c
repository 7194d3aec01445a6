/* SPDX-License-Identifier: MIT */
/*
 * Records travel in batches, and several threads work ahead, so a step may find
 * a record bad that it would never have been sent had records come one by one:
 * one behind the record with which `head`, further down, had enough. Whether
 * such an error counts must not depend on how large batches are.
 *
 * A stage that returned by itself remembers the ordinal from which on it wants
 * nothing (`enough`). What a stage sends is wanted by those it sends to, so a
 * node is done where the last of its targets is; a sink always wants more.
 * Edges go forward, so one pass from the last node to the first is enough.
 */
#include "run/late.h"

#include <string.h>

static uint64_t node_wants_until(const struct csi_run *run, uint32_t node,
                                 const uint64_t *by_node)
{
    const struct csi_plan *plan = run->shared.plan;
    const struct csi_node *of = &plan->nodes[node];
    uint64_t until = of->target_count ? 0 : CSI_ORDINAL_END;

    for (uint32_t i = 0; i < of->target_count; i++) {
        uint64_t target = by_node[csi_plan_follow(plan, &of->targets[i])];

        if (until < target)
            until = target;
    }
    return run->stages[node].enough < until ? run->stages[node].enough : until;
}

/* By node, from which ordinal on its records are wanted no more; NULL without
   memory. */
static uint64_t *wanted_until(const struct csi_run *run)
{
    uint32_t count = run->shared.plan->node_count;
    uint64_t *by_node = csi_calloc(count, sizeof(*by_node));

    for (uint32_t i = by_node ? count : 0; i-- > 0;)
        by_node[i] = node_wants_until(run, i, by_node);
    return by_node;
}

bool csi_run_drop_late_error(struct csi_run *run)
{
    struct csi_shared *shared = &run->shared;
    uint64_t *by_node;
    bool late;

    if (shared->error.kind != COSEND_E_DATA ||
        shared->error_ordinal == CSI_ORDINAL_END)
        return false;
    by_node = wanted_until(run);
    late = by_node && shared->error_ordinal >= by_node[0];
    csi_free(by_node);
    if (late)
        memset(&shared->error, 0, sizeof(shared->error));
    return late;
}

bool csi_run_rejects_are_late(const struct csi_run *run)
{
    uint64_t *by_node = wanted_until(run);
    bool late = false;

    for (uint32_t i = 0; by_node && i < run->stage_count; i++) {
        const struct csi_counts *counts = &run->stages[i].counts;

        late |= counts->skipped + counts->rejected > 0 &&
                by_node[i] < CSI_ORDINAL_END;
    }
    csi_free(by_node);
    return late;
}

bool csi_run_had_enough(const struct csi_run *run)
{
    uint64_t *by_node = wanted_until(run);
    bool enough = !by_node || by_node[0] < CSI_ORDINAL_END;

    csi_free(by_node);
    return enough;
}
