/* SPDX-License-Identifier: MIT */
/*
 * How data, news and the end go from a stage to its targets.
 *
 * An edge leads to a stage, whose coroutine is then resumed, or to a port of a
 * join, where batches wait. Who owns the join is the last stage through which
 * all that comes to its ports has come, the one at which its branches begin:
 * when that has sent a batch to all its targets, all that can come of the batch
 * has come to the ports, so it releases the join, and what was merged goes
 * along the join's own edge, on the owner's account. (A branch that holds
 * records back sends them later; they are merged with whatever is there then,
 * and their ordinals still never fall within a port.) Of several joins of one
 * stage those that feed others are released before them.
 *
 *     owner --+--> branch --> port 0 \
 *             |                       join --(join_target)--> next stage
 *             +--> branch --> port 1 /
 *
 * What a stage owes its targets, whyever it ends: each of those that have not
 * ended themselves is closed, once, or, after an error, told to abort; and a
 * port of a join is shut in the same way. `done` says that an edge is owed
 * nothing any more. A join's own edge is closed by whoever shuts its last port:
 * closed if every port was, aborted if any was.
 *
 * An edge that crosses leads out of what several threads do at once. There the
 * batch is handed to shared->crossing, and news stops: the run's own thread
 * sends it on in the order of the input.
 */
#include "stage/edge.h"

#include "stage/join.h"

/* Once a target has ended, nothing is sent to it any more. A body's own error
   is the run's already; that a body could not be resumed at all becomes one
   here.
   */
static int judge_answer(struct csi_stage *from, struct csi_edge *edge,
                        int status)
{
    if (status == COSEND_YIELD || status == COSEND_E_IGNORED_EXIT)
        status = csi_stage_judge_yield(edge->stage);
    if (status == COSEND_OK)
        return COSEND_OK;
    edge->done = true;
    if (status < 0 && !from->shared->error.kind)
        cosend_fail(&from->face, status, "stage %s failed with %d",
                    edge->stage->node->id, status);
    return status;
}

/* Whether the stage behind the edge is not this thread's to resume now. */
static bool is_barred(const struct csi_stage *from, const struct csi_edge *edge)
{
    return edge->crosses && (from->shared->worker || from->shared->crossing);
}

static int capture_batch(struct csi_stage *from, const struct csi_edge *edge,
                         const struct cosend_batch *batch)
{
    const struct csi_crossing *crossing = from->shared->crossing;

    return crossing->capture(crossing->context, edge, from, batch) < 0
               ? csi_stage_no_memory(from)
               : COSEND_OK;
}

static int put_to_join(struct csi_stage *from, struct csi_edge *edge,
                       const struct cosend_batch *batch)
{
    int status = COSEND_DONE;

    if (!edge->join_target->done)
        status = csi_join_put(edge->join, edge->port, batch);
    edge->done = status != COSEND_OK;
    edge->sent += batch->count;
    return status < 0 ? csi_stage_no_memory(from) : status;
}

int csi_edge_send(struct csi_stage *from, struct csi_edge *edge,
                  const struct cosend_batch *batch)
{
    struct cosend_coroutine *coroutine;
    struct csi_counts *back;
    int status;

    if (is_barred(from, edge))
        return capture_batch(from, edge, batch);
    if (edge->done)
        return COSEND_DONE;
    if (edge->join)
        return put_to_join(from, edge, batch);
    coroutine = edge->stage->coroutine;
    back = csi_shared_clock(from->shared, &edge->stage->counts);
    status = cosend_send(coroutine, (void *)(uintptr_t)batch, NULL, NULL);
    csi_shared_clock(from->shared, back);
    if (cosend_taken(coroutine))
        edge->sent += batch->count;
    return judge_answer(from, edge, status);
}

/* ---- Joins --------------------------------------------------------------- */

static int send_joined(struct csi_stage *owner, struct csi_join *join,
                       struct csi_edge *target)
{
    const struct cosend_batch *batch;
    bool ports = target->stage && target->stage->tells_inputs;
    uint32_t most = owner->one_by_one ? 1 : owner->shared->batch_size;
    int status = COSEND_OK;

    while (status == COSEND_OK) {
        if (!csi_join_take(join, most, ports, &batch)) {
            status = COSEND_E_MEMORY;
        } else if (!batch) {
            return COSEND_OK;
        } else {
            status = csi_edge_send(owner, target, batch);
            csi_batch_unref(batch);
        }
    }
    if (status == COSEND_E_MEMORY && !owner->shared->error.kind)
        csi_stage_no_memory(owner);
    csi_join_empty(join);
    target->done = true;
    return status;
}

/* What crosses is released by the run's own thread, all of it in one go. */
int csi_edges_release_joins(struct csi_stage *from)
{
    const struct csi_crossing *crossing = from->shared->crossing;
    bool crosses = false;
    int worst = COSEND_OK;

    for (uint32_t i = 0; i < from->join_count; i++) {
        const struct csi_owned *owned = &from->joins[i];
        int status = COSEND_OK;

        if (owned->crosses && crossing)
            crosses = true;
        else
            status = send_joined(from, owned->join, owned->target);
        if (status < 0)
            worst = status;
    }
    if (crosses && crossing->capture(crossing->context, NULL, from, NULL) < 0)
        worst = csi_stage_no_memory(from);
    return worst;
}

static int close_edge(struct csi_stage *from, struct csi_edge *edge);
static int throw_over_edge(struct csi_stage *from, struct csi_edge *edge,
                           enum csi_news news);

/* A port has ended; after the last one, so does what is behind the join. */
static int shut_port(struct csi_stage *from, struct csi_edge *edge,
                     bool aborted)
{
    struct csi_join *join = edge->join;
    int status = COSEND_OK;

    if (!csi_join_shut(join, edge->port, from->cause, aborted))
        return COSEND_OK;
    from->cause = csi_join_cause(join);
    aborted = csi_join_is_aborted(join);
    if (!aborted)
        status = send_joined(from, join, edge->join_target);
    if (aborted || status < 0)
        return throw_over_edge(from, edge->join_target, CSI_NEWS_ABORT);
    return close_edge(from, edge->join_target);
}

/* ---- News and the end ---------------------------------------------------- */

static int throw_over_edge(struct csi_stage *from, struct csi_edge *edge,
                           enum csi_news news)
{
    struct cosend_error thrown = {.kind = news};
    struct csi_counts *back;
    int status;

    if (edge->done || is_barred(from, edge))
        return COSEND_OK;
    if (edge->join) {
        if (news != CSI_NEWS_ABORT)
            return COSEND_OK;
        edge->done = true;
        return shut_port(from, edge, true);
    }
    back = csi_shared_clock(from->shared, &edge->stage->counts);
    status = cosend_throw(edge->stage->coroutine, &thrown, NULL, NULL);
    csi_shared_clock(from->shared, back);
    return judge_answer(from, edge, status);
}

/* What waits in a join goes before the news. */
static int throw_past_join(struct csi_stage *from,
                           const struct csi_owned *owned, enum csi_news news)
{
    int status = send_joined(from, owned->join, owned->target);

    return status == COSEND_OK ? throw_over_edge(from, owned->target, news)
                               : status;
}

int csi_edges_throw(struct csi_stage *from, enum csi_news news)
{
    int worst = COSEND_OK;
    uint32_t alive = 0;

    for (uint32_t i = 0; i < from->target_count; i++) {
        int status = throw_over_edge(from, &from->targets[i], news);

        if (status < 0)
            worst = status;
        alive += !from->targets[i].done;
    }
    for (uint32_t i = 0; i < from->join_count && news != CSI_NEWS_ABORT; i++) {
        int status =
            worst < 0 ? worst : throw_past_join(from, &from->joins[i], news);

        if (status < 0)
            worst = status;
    }
    if (worst < 0 && news != CSI_NEWS_ABORT)
        csi_stage_stop(from, COSEND_END_ABORTED);
    else if (!alive && from->target_count)
        csi_stage_stop(from, COSEND_END_DONE);
    return worst;
}

static int close_edge(struct csi_stage *from, struct csi_edge *edge)
{
    struct csi_counts *back;
    int status;

    if (edge->done || is_barred(from, edge))
        return COSEND_OK;
    edge->done = true;
    if (edge->join)
        return shut_port(from, edge, false);
    edge->stage->cause = from->cause;
    back = csi_shared_clock(from->shared, &edge->stage->counts);
    status = cosend_close(edge->stage->coroutine, NULL, NULL);
    csi_shared_clock(from->shared, back);
    return judge_answer(from, edge, status);
}

int csi_edges_close(struct csi_stage *from)
{
    int worst = COSEND_OK;

    for (uint32_t i = 0; i < from->target_count; i++) {
        int status =
            worst == COSEND_OK
                ? close_edge(from, &from->targets[i])
                : throw_over_edge(from, &from->targets[i], CSI_NEWS_ABORT);

        if (status < 0)
            worst = status;
    }
    return worst;
}
