/* SPDX-License-Identifier: MIT */
/* Edges: how data, news and the end go from a stage to its targets. */
#include "stage/stage.h"

#include "read/workers.h"

/* Once a target has ended, nothing is sent to it any more. The run knows a
   body's own error; that it could not be resumed at all is told here. */
static int answer(struct csi_stage *from, struct csi_edge *edge, int status)
{
    if (status == COSEND_YIELD)
        return COSEND_OK;
    edge->done = true;
    if (status < 0 && !from->run->error.kind)
        cosend_fail(&from->face, status, "stage %s failed with %d",
                    edge->stage->node->id, status);
    return status;
}

/* Whether what is behind the edge is not to be touched by this thread now. */
static bool is_barred(const struct csi_stage *from, const struct csi_edge *edge)
{
    return edge->crosses && (from->run->worker || from->run->chunk);
}

static int capture(struct csi_stage *from, const struct csi_edge *edge,
                   const struct cosend_batch *batch)
{
    int status = csi_chunk_capture(from->run->chunk, edge, from, batch);

    if (status < 0)
        cosend_fail(&from->face, status, "out of memory");
    return status;
}

int csi_edge_send(struct csi_stage *from, struct csi_edge *edge,
                  const struct cosend_batch *batch)
{
    struct cosend_coroutine *coroutine;
    struct csi_stage *back;
    int status;

    if (is_barred(from, edge))
        return capture(from, edge, batch);
    if (edge->done)
        return COSEND_DONE;
    if (edge->join) {
        status = csi_join_put(edge->join, edge->port, batch);
        edge->done = status != COSEND_OK;
        edge->sent += batch->count;
        if (status < 0)
            cosend_fail(&from->face, status, "out of memory");
        return status;
    }
    coroutine = edge->stage->coroutine;
    back = csi_run_enter(from->run, edge->stage);
    status = cosend_send(coroutine, (void *)(uintptr_t)batch, NULL, NULL);
    csi_run_leave(from->run, back);
    if (cosend_taken(coroutine))
        edge->sent += batch->count;
    return answer(from, edge, status);
}

static int throw_to(struct csi_stage *from, struct csi_edge *edge,
                    enum csi_news news)
{
    struct cosend_error thrown = {.kind = news};
    struct csi_stage *back;
    int status;

    if (edge->done || is_barred(from, edge))
        return COSEND_OK;
    if (edge->join) {
        if (news == CSI_NEWS_FLUSH)
            return COSEND_OK;
        edge->done = true;
        return csi_join_close(edge->join, edge->port, from, true);
    }
    back = csi_run_enter(from->run, edge->stage);
    status = cosend_throw(edge->stage->coroutine, &thrown, NULL, NULL);
    csi_run_leave(from->run, back);
    return answer(from, edge, status);
}

int csi_edge_abort(struct csi_stage *from, struct csi_edge *edge)
{
    return throw_to(from, edge, CSI_NEWS_ABORT);
}

int csi_edges_throw(struct csi_stage *from, enum csi_news news)
{
    int worst = COSEND_OK;
    uint32_t alive = 0;

    for (uint32_t i = 0; i < from->target_count; i++) {
        int status = throw_to(from, &from->targets[i], news);

        if (status < 0)
            worst = status;
        alive += !from->targets[i].done;
    }
    if (from->join && news == CSI_NEWS_FLUSH && worst == COSEND_OK) {
        worst = csi_join_release(from->join, from);
        if (worst == COSEND_OK)
            worst = throw_to(from, csi_join_target(from->join), news);
    }
    if (worst < 0 && news == CSI_NEWS_FLUSH)
        csi_stage_stop(from, COSEND_END_ABORTED);
    else if (!alive && from->target_count)
        csi_stage_stop(from, COSEND_END_DONE);
    return worst;
}

int csi_edge_close(struct csi_stage *from, struct csi_edge *edge)
{
    struct csi_stage *back;
    int status;

    if (edge->done || is_barred(from, edge))
        return COSEND_OK;
    edge->done = true;
    if (edge->join)
        return csi_join_close(edge->join, edge->port, from, false);
    edge->stage->cause = from->cause;
    back = csi_run_enter(from->run, edge->stage);
    status = cosend_close(edge->stage->coroutine, NULL, NULL);
    csi_run_leave(from->run, back);
    return answer(from, edge, status);
}

int csi_edges_close(struct csi_stage *from)
{
    int worst = COSEND_OK;

    for (uint32_t i = 0; i < from->target_count; i++) {
        int status = worst == COSEND_OK
                         ? csi_edge_close(from, &from->targets[i])
                         : throw_to(from, &from->targets[i], CSI_NEWS_ABORT);

        if (status < 0)
            worst = status;
    }
    return worst;
}
