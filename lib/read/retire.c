/* SPDX-License-Identifier: MIT */
/*
 * A chunk is retired when all before it were. What its thread captured is sent
 * on, in the order of capture, along the run's own edge of the same number:
 * edges are numbered by the plan, so alike in the runs of all threads. A
 * captured batch has the schema of that thread's stage, which says the same as
 * that of the run's own stage but is another object; stages tell schemas apart
 * by their addresses, so it is exchanged.
 *
 * Of the errors of several chunks the one with the lowest ordinal is the run's.
 * Once there is one, only what comes before it is sent on, as if records had
 * come one by one.
 */
#include "read/retire.h"

#include "read/parallel_region.h"
#include "stage/dispatch.h"
#include "stage/join.h"

static bool is_edge_alive(const struct csi_run *run,
                          const struct csi_edge *edge,
                          const struct csi_link *link);

/* Whether anything still comes of what a stage inside would get. */
static bool is_alive(const struct csi_run *run, uint32_t node)
{
    const struct csi_stage *stage = &run->stages[node];
    const struct csi_node *of = &run->shared.plan->nodes[node];
    bool alive =
        !stage->target_count || (node > 0 && !csi_region_passes(stage));

    for (uint32_t i = 0; !alive && i < stage->target_count; i++)
        alive = is_edge_alive(run, &stage->targets[i], &of->targets[i]);
    return alive;
}

static bool is_edge_alive(const struct csi_run *run,
                          const struct csi_edge *edge,
                          const struct csi_link *link)
{
    /* Inside the region `done` says nothing: an error of a later chunk may
       have set it. */
    if (edge->crosses)
        return !edge->done;
    if (link->node != CSI_NOWHERE)
        return is_alive(run, link->node);
    return is_edge_alive(run, &run->join_targets[link->join],
                         &run->shared.plan->joins[link->join].target);
}

/* A batch of a worker's has the schema that its stage has there. */
static void change_schema(const struct cosend_batch *batch,
                          struct cosend_schema *schema)
{
    struct cosend_batch *own = csi_batch_ref(batch);

    if (own->schema != schema) {
        csi_schema_unref(own->schema);
        own->schema = csi_schema_ref(schema);
    }
    csi_batch_unref(own);
}

static struct cosend_schema *schema_of(struct csi_run *run,
                                       const struct csi_captured *captured)
{
    const struct csi_edge *edge = run->edges[captured->edge];

    for (uint32_t i = 0; i < run->shared.plan->join_count; i++)
        if (&run->join_targets[i] == edge)
            return csi_join_schema(run->joins[i]);
    return run->stages[captured->from].out_schema;
}

static int send_whole(struct csi_run *run, const struct csi_captured *captured,
                      const struct csi_text *text)
{
    struct csi_stage *from = &run->stages[captured->from];
    struct csi_edge *edge = run->edges[captured->edge];
    struct cosend_batch *batch = csi_batch_ref(captured->batch);
    struct csi_encoded encoded = captured->encoded;
    int status;

    if (encoded.records) {
        encoded.data = text->data + captured->at;
        batch->encoded = &encoded;
    }
    status = csi_edge_send(from, edge, batch);
    batch->encoded = NULL;
    csi_batch_unref(batch);
    return status;
}

static int send_on(struct csi_run *run, const struct csi_captured *captured,
                   const struct csi_text *text)
{
    struct csi_stage *from = &run->stages[captured->from];
    struct csi_edge *edge = run->edges[captured->edge];
    struct cosend_batch *rest;
    int status = COSEND_OK;

    if (!captured->batch)
        return csi_edges_release_joins(from);
    if (edge->done)
        return COSEND_OK;
    change_schema(captured->batch, schema_of(run, captured));
    if (!run->shared.error.kind)
        return send_whole(run, captured, text);
    rest = csi_batch_before_error(from, captured->batch);
    if (rest && rest->count)
        status = csi_edge_send(from, edge, rest);
    csi_batch_unref(rest);
    return status;
}

int csi_chunk_retire(struct csi_chunk *chunk, struct csi_run *run)
{
    struct csi_stage *source = csi_run_source(run);
    bool ended = chunk->ended;
    int status = COSEND_OK;

    for (size_t i = 0; i < chunk->captured_count; i++)
        if (send_on(run, &chunk->captured[i], &chunk->text) < 0)
            status = COSEND_E_ABORTED;
    run->shared.bad += chunk->bad;
    if (chunk->error.kind)
        csi_shared_fail(&run->shared, &chunk->error, chunk->error_ordinal);
    if (!csi_rejects_move(&run->rejects.waiting, &chunk->rejects))
        csi_stage_no_memory(source);
    csi_chunk_empty(chunk);
    csi_run_block_over(run);
    if (status < 0 || run->shared.error.kind) {
        csi_stage_stop(source, COSEND_END_ABORTED);
        return csi_shared_error(&run->shared);
    }
    if (!ended && is_alive(run, 0))
        return COSEND_OK;
    source->end = COSEND_END_DONE;
    return COSEND_DONE;
}
