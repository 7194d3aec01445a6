/* SPDX-License-Identifier: MIT */
#include "read/parallel_region.h"

#include "format/format.h"

static bool merges(const struct csi_stage *stage)
{
    const struct cosend_filter *filter = stage->node->filter;

    return stage->parallel == COSEND_MERGES && stage->state && filter->save &&
           filter->merge;
}

bool csi_region_passes(const struct csi_stage *stage)
{
    return stage->parallel == COSEND_STATELESS;
}

/* Whether all that comes to a node, or a join, is from stages of the region. */
static bool is_fed_inside(const struct csi_region *region, uint32_t node,
                          uint32_t join)
{
    const struct csi_plan *plan = region->run->shared.plan;

    for (uint32_t i = 0; i < plan->node_count; i++)
        for (uint32_t j = 0; j < plan->nodes[i].target_count; j++) {
            const struct csi_link *link = &plan->nodes[i].targets[j];
            bool parallel =
                region->nodes[i] &&
                (i == 0 || csi_region_passes(&region->run->stages[i]));

            if (link->node == node && link->join == join && !parallel)
                return false;
        }
    for (uint32_t i = 0; i < plan->join_count; i++)
        if (plan->joins[i].target.node == node &&
            plan->joins[i].target.join == join && !region->joins[i])
            return false;
    return true;
}

/* Edges go forward; a join is behind the nodes that feed it, and before the one
   that it feeds. */
void csi_region_find(struct csi_region *region)
{
    const struct csi_plan *plan = region->run->shared.plan;

    region->nodes[0] = true;
    for (uint32_t i = 1; i < plan->node_count; i++) {
        const struct csi_stage *stage = &region->run->stages[i];

        for (uint32_t j = 0; j < plan->join_count; j++)
            region->joins[j] = is_fed_inside(region, CSI_NOWHERE, j);
        region->nodes[i] = !stage->in_turn &&
                           (csi_region_passes(stage) || merges(stage)) &&
                           is_fed_inside(region, i, CSI_NOWHERE);
    }
    for (uint32_t j = 0; j < plan->join_count; j++)
        region->joins[j] = is_fed_inside(region, CSI_NOWHERE, j);
}

static bool contains(const struct csi_region *region,
                     const struct csi_link *link)
{
    return link->node != CSI_NOWHERE ? region->nodes[link->node]
                                     : region->joins[link->join];
}

void csi_region_mark(const struct csi_region *region, struct csi_run *run)
{
    const struct csi_plan *plan = run->shared.plan;

    for (uint32_t i = 0; i < plan->node_count; i++) {
        struct csi_stage *stage = &run->stages[i];
        const struct csi_node *node = &plan->nodes[i];

        for (uint32_t j = 0; region->nodes[i] && j < node->target_count; j++)
            stage->targets[j].crosses =
                (i > 0 && !csi_region_passes(&region->run->stages[i])) ||
                !contains(region, &node->targets[j]);
        for (uint32_t j = 0, own = 0; j < plan->join_count; j++)
            if (plan->joins[j].owner == i)
                stage->joins[own++].crosses = !region->joins[j];
    }
    for (uint32_t j = 0; j < plan->join_count; j++)
        run->join_targets[j].crosses =
            region->joins[j] && !contains(region, &plan->joins[j].target);
}

/* Whether a sink writes the source's records in another format: encoding is
   work. */
static bool is_converted(const struct csi_run *run)
{
    const struct csi_stage *source = &run->stages[0];
    bool converted = false;

    for (uint32_t i = 0; i < source->target_count; i++) {
        const struct csi_stage *sink = source->targets[i].stage;

        converted |=
            sink && sink->encodes && source->out_schema &&
            (int)sink->encoding.format->number != source->out_schema->format;
    }
    return converted;
}

bool csi_region_has_work(const struct csi_region *region)
{
    if (is_converted(region->run))
        return true;
    for (uint32_t i = 1; i < region->run->shared.plan->node_count; i++)
        if (region->nodes[i])
            return true;
    return false;
}
