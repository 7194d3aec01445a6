/* SPDX-License-Identifier: MIT */
#include "read/parallel_region.h"

static bool merges(const struct csi_stage *stage)
{
    const struct cosend_filter *filter = stage->node->filter;

    return filter->parallel == COSEND_MERGES && stage->state && filter->save &&
           filter->merge;
}

bool csi_stage_passes(const struct csi_stage *stage)
{
    return stage->node->filter->parallel == COSEND_STATELESS;
}

/* Whether all that comes to a node, or a join, is from stages inside. */
static bool is_fed_inside(const struct csi_inside *inside, uint32_t node,
                          uint32_t join)
{
    const struct csi_plan *plan = inside->run->plan;

    for (uint32_t i = 0; i < plan->node_count; i++)
        for (uint32_t j = 0; j < plan->nodes[i].target_count; j++) {
            const struct csi_link *link = &plan->nodes[i].targets[j];
            bool parallel =
                inside->nodes[i] &&
                (i == 0 || csi_stage_passes(&inside->run->stages[i]));

            if (link->node == node && link->join == join && !parallel)
                return false;
        }
    for (uint32_t i = 0; i < plan->join_count; i++)
        if (plan->joins[i].target.node == node &&
            plan->joins[i].target.join == join && !inside->joins[i])
            return false;
    return true;
}

/* Edges go forward; a join is behind the nodes that feed it, and before the one
   that it feeds. */
void csi_inside_find(struct csi_inside *inside)
{
    const struct csi_plan *plan = inside->run->plan;

    inside->nodes[0] = true;
    for (uint32_t i = 1; i < plan->node_count; i++) {
        const struct csi_stage *stage = &inside->run->stages[i];

        for (uint32_t j = 0; j < plan->join_count; j++)
            inside->joins[j] = is_fed_inside(inside, CSI_NOWHERE, j);
        inside->nodes[i] = (csi_stage_passes(stage) || merges(stage)) &&
                           is_fed_inside(inside, i, CSI_NOWHERE);
    }
    for (uint32_t j = 0; j < plan->join_count; j++)
        inside->joins[j] = is_fed_inside(inside, CSI_NOWHERE, j);
}

static bool has(const struct csi_inside *inside, const struct csi_link *link)
{
    return link->node != CSI_NOWHERE ? inside->nodes[link->node]
                                     : inside->joins[link->join];
}

void csi_inside_mark(const struct csi_inside *inside, struct csi_run *run)
{
    const struct csi_plan *plan = run->plan;

    for (uint32_t i = 0; i < plan->node_count; i++) {
        struct csi_stage *stage = &run->stages[i];
        const struct csi_node *node = &plan->nodes[i];

        for (uint32_t j = 0; inside->nodes[i] && j < node->target_count; j++)
            stage->targets[j].crosses =
                (i > 0 && !csi_stage_passes(&inside->run->stages[i])) ||
                !has(inside, &node->targets[j]);
        if (node->join != CSI_NOWHERE)
            stage->join_crosses = !inside->joins[node->join];
    }
    for (uint32_t j = 0; j < plan->join_count; j++)
        csi_join_target(run->joins[j])->crosses =
            inside->joins[j] && !has(inside, &plan->joins[j].target);
}

bool csi_inside_has_work(const struct csi_inside *inside)
{
    for (uint32_t i = 1; i < inside->run->plan->node_count; i++)
        if (inside->nodes[i])
            return true;
    return false;
}
