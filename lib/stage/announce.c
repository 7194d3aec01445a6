/* SPDX-License-Identifier: MIT */
/*
 * Before the first batch each stage learns its input's schema, in one recursion
 * from the source along all edges: a stage looks up the fields that it names,
 * makes its output's schema (output_schema.c), and its targets get that. A join
 * waits until all of its ports have a schema, and passes on their union.
 * Unknown columns are reported, and the recursion goes on, so that a spec with
 * three wrong names gets three problems at once.
 */
#include "stage/announce.h"

#include "stage/edge.h"
#include "stage/join.h"
#include "stage/output_schema.h"

/* A stage gets its schema; those below it get theirs. */
static int announce_stage(struct csi_stage *stage, struct cosend_schema *schema)
{
    int status = csi_stage_set_schema(stage, schema), below;

    if (status == COSEND_E_MEMORY)
        return status;
    /* Below, columns are judged against what this step would have given. */
    below = csi_stage_announce_targets(stage, stage->out_schema);
    return status < 0 ? status : below;
}

/* A worker has nothing behind an edge that crosses. */
static int announce_edge(const struct csi_edge *edge,
                         struct cosend_schema *schema)
{
    int status;

    if (edge->crosses)
        return COSEND_OK;
    if (!edge->join)
        return announce_stage(edge->stage, schema);
    status = csi_join_announce(edge->join, edge->port, schema);
    if (status < 0 || !csi_join_schema(edge->join))
        return status;
    return announce_edge(edge->join_target, csi_join_schema(edge->join));
}

int csi_stage_announce_targets(struct csi_stage *stage,
                               struct cosend_schema *schema)
{
    int worst = COSEND_OK;

    if (!stage->out_schema)
        stage->out_schema = csi_schema_ref(schema);
    for (uint32_t i = 0; i < stage->target_count; i++) {
        int status = announce_edge(&stage->targets[i], schema);

        if (status < 0)
            worst = status;
    }
    return worst;
}

static int judge_announcement(struct csi_stage *stage, int status)
{
    struct cosend_error error = {0};

    if (status >= 0)
        return status;
    cosend_error_set(&error, status,
                     status == COSEND_E_SPEC
                         ? "branches that drop different fields of JSON "
                           "records cannot join again"
                     : status == COSEND_E_MEMORY ? "out of memory"
                                                 : "cannot go on");
    return csi_stage_fail(stage, &error);
}

int csi_stage_announce_first(struct csi_stage *stage,
                             struct cosend_schema *schema)
{
    return judge_announcement(stage, csi_stage_announce_targets(stage, schema));
}

int csi_stage_announce_source(struct csi_stage *stage)
{
    struct cosend_schema *none = csi_schema_new();
    int status = COSEND_E_MEMORY;

    if (none) {
        none->unknown = none->open = !stage->recipe.added_count;
        none->untouched = false;
        status = announce_stage(stage, none);
    }
    csi_schema_unref(none);
    return judge_announcement(stage, status);
}
