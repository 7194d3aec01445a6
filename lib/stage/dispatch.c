/* SPDX-License-Identifier: MIT */
/*
 * A batch to all targets, or each of its records to one, so that the result is
 * as if records went one by one.
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

/* Those of a batch's records that are for a target. NULL without memory. */
static struct cosend_batch *part_for(const struct cosend_batch *batch,
                                     const uint32_t *routes, uint32_t target)
{
    struct cosend_batch *part;
    uint32_t *positions, count = 0;

    if (!routes)
        return csi_batch_ref(batch);
    positions = csi_malloc(((size_t)batch->count + 1) * sizeof(*positions));
    if (!positions)
        return NULL;
    for (uint32_t i = 0; i < batch->count; i++)
        if (routes[i] == target || routes[i] == CSI_ALL_TARGETS)
            positions[count++] = i;
    part = count == batch->count
               ? csi_batch_ref(batch)
               : csi_batch_derive(batch, batch->schema, NULL, positions, count);
    csi_free(positions);
    return part;
}

/* Send a target its part of a batch. */
static int send_part(struct csi_stage *stage, uint32_t target,
                     const struct cosend_batch *batch, const uint32_t *routes)
{
    struct cosend_batch *part = part_for(batch, routes, target);
    int status = COSEND_OK;

    if (!part)
        return csi_stage_no_memory(stage);
    if (part->count)
        status = csi_edge_send(stage, &stage->targets[target], part);
    csi_batch_unref(part);
    return status;
}

/* COSEND_OK; COSEND_DONE where no target takes any more; or an error. */
static int send_to_all(struct csi_stage *stage,
                       const struct cosend_batch *batch, const uint32_t *routes)
{
    const struct cosend_batch *rest = csi_batch_ref(batch);
    uint32_t alive = 0;
    int status = COSEND_OK;

    for (uint32_t i = 0; i < stage->target_count; i++) {
        uint32_t turn = turn_of(stage, i);
        struct csi_edge *edge = &stage->targets[turn];
        int answer = COSEND_OK;

        if (edge->done)
            continue;
        if (rest && rest->count)
            answer = send_part(stage, turn, rest, routes);
        if (answer < 0) {
            status = answer;
            csi_batch_unref(rest);
            rest = csi_batch_before_error(stage, batch);
        }
        alive += !edge->done;
    }
    csi_batch_unref(rest);
    if (stage->join_count) {
        int answer = csi_edges_release_joins(stage);

        if (answer < 0)
            status = answer;
    }
    if (status < 0) {
        csi_stage_stop(stage, COSEND_END_ABORTED);
    } else if (!alive && stage->target_count) {
        csi_stage_stop(stage, COSEND_END_DONE);
        status = COSEND_DONE;
    }
    return status;
}

/* Whether record `at` may not go along with the one before it. */
static bool falls_back(const struct cosend_batch *batch, const uint32_t *routes,
                       uint32_t at)
{
    uint64_t before = csi_batch_ordinal(batch, at - 1);
    uint64_t ordinal = csi_batch_ordinal(batch, at);

    if (before != ordinal || !routes)
        return before >= ordinal;
    return routes[at - 1] >= routes[at] || routes[at] == CSI_ALL_TARGETS;
}

/* Up to where ordinals rise from `from` on, or are those of one record that
   goes to several targets in their order. */
static uint32_t rising(const struct cosend_batch *batch, const uint32_t *routes,
                       uint32_t from)
{
    uint32_t to = from + 1;

    if (!batch->ordinals && !batch->selection &&
        !(batch->rows && batch->rows->remade))
        return batch->count;
    while (to < batch->count && !falls_back(batch, routes, to))
        to++;
    return to;
}

/* A join tells records apart by ordinal, so those that have the same (copies,
   all that was made at the end) go to it one after the other. */
static int send_parts(struct csi_stage *stage, const struct cosend_batch *batch,
                      const uint32_t *routes)
{
    int status = COSEND_OK;

    if (!stage->join_count && !stage->one_by_one)
        return send_to_all(stage, batch, routes);
    for (uint32_t at = 0; status == COSEND_OK && at < batch->count;) {
        uint32_t to = stage->one_by_one ? at + 1 : rising(batch, routes, at);
        struct cosend_batch *part = csi_batch_slice(batch, at, to);

        status = part ? send_to_all(stage, part, routes ? routes + at : NULL)
                      : csi_stage_no_memory(stage);
        csi_batch_unref(part);
        at = to;
    }
    return status;
}

/* A stage that has failed by itself sends on what it had before that, all of
   it, and refuses what comes then. */
static int dispatch(struct csi_stage *stage, const struct cosend_batch *batch,
                    const uint32_t *routes)
{
    stage->counts.out += batch->count;
    send_parts(stage, batch, routes);
    return csi_stage_refuses(stage) ? csi_stage_refusal(stage) : COSEND_OK;
}

int csi_stage_dispatch(struct csi_stage *stage,
                       const struct cosend_batch *batch)
{
    return dispatch(stage, batch, NULL);
}

int csi_stage_dispatch_routed(struct csi_stage *stage,
                              const struct cosend_batch *batch,
                              const uint32_t *routes)
{
    return dispatch(stage, batch, routes);
}
