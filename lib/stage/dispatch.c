/* SPDX-License-Identifier: MIT */
/*
 * A batch to all targets, so that the result is as if records went one by one.
 *
 * Under `fail` no target may get a record behind the bad one, however large the
 * batches are. So the target behind which a step may fail gets the batch first,
 * and the others get what comes before the record at which it failed. Where
 * several targets may fail, each would have to come before the others: there
 * records go one at a time, which is slow, and right.
 */
#include "stage/dispatch.h"

#include "stage/edge.h"

/* How many records of the batch come before `ordinal`. */
static uint32_t count_before(const struct cosend_batch *batch, uint64_t ordinal)
{
    uint32_t i = 0;

    while (i < batch->count && csi_batch_ordinal(batch, i) < ordinal)
        i++;
    return i;
}

struct cosend_batch *csi_batch_before_error(const struct csi_stage *stage,
                                            const struct cosend_batch *batch)
{
    return csi_batch_slice(
        batch, 0, count_before(batch, csi_shared_error_ordinal(stage->shared)));
}

/* Which target is sent to i-th: the first one, then the others in order. */
static uint32_t turn_of(const struct csi_stage *stage, uint32_t i)
{
    if (i > stage->first_target)
        return i;
    return i ? i - 1 : stage->first_target;
}

static int send_to_all(struct csi_stage *stage,
                       const struct cosend_batch *batch)
{
    const struct cosend_batch *rest = csi_batch_ref(batch);
    uint32_t alive = 0;
    int status = COSEND_OK;

    for (uint32_t i = 0; i < stage->target_count; i++) {
        struct csi_edge *edge = &stage->targets[turn_of(stage, i)];
        int answer;

        if (edge->done)
            continue;
        answer =
            rest && rest->count ? csi_edge_send(stage, edge, rest) : COSEND_OK;
        if (answer < 0) {
            status = answer;
            csi_batch_unref(rest);
            rest = csi_batch_before_error(stage, batch);
        }
        alive += !edge->done;
    }
    csi_batch_unref(rest);
    if (stage->join) {
        int answer = csi_edges_release_join(stage);

        if (answer < 0)
            status = answer;
    }
    if (status < 0)
        csi_stage_stop(stage, COSEND_END_ABORTED);
    else if (!alive && stage->target_count)
        csi_stage_stop(stage, COSEND_END_DONE);
    return csi_stage_refuses(stage) ? csi_stage_refusal(stage) : COSEND_OK;
}

/* Up to where ordinals rise from `from` on. */
static uint32_t rising(const struct cosend_batch *batch, uint32_t from)
{
    uint32_t to = from + 1;

    if (!batch->ordinals && !batch->selection)
        return batch->count;
    while (to < batch->count &&
           csi_batch_ordinal(batch, to - 1) < csi_batch_ordinal(batch, to))
        to++;
    return to;
}

/* A join tells records apart by ordinal, so those that have the same (copies,
   all that was made at the end) go to it one after the other. */
int csi_stage_dispatch(struct csi_stage *stage,
                       const struct cosend_batch *batch)
{
    int status = COSEND_OK;

    stage->counts.out += batch->count;
    if (!stage->join && !stage->one_by_one)
        return send_to_all(stage, batch);
    for (uint32_t at = 0; status == COSEND_OK && at < batch->count;) {
        uint32_t to = stage->one_by_one ? at + 1 : rising(batch, at);
        struct cosend_batch *part = csi_batch_slice(batch, at, to);

        status = part ? send_to_all(stage, part) : csi_stage_no_memory(stage);
        csi_batch_unref(part);
        at = to;
    }
    return status;
}
