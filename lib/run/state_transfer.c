/* SPDX-License-Identifier: MIT */
#include "run/state_transfer.h"

#include "base/bytes.h"
#include "base/short.h"
#include "stage/aggregates_merge.h"
#include "stage/answer.h"
#include "stage/state.h"

int csi_state_put(const struct csi_stage *stage, struct cosend_bytes *to)
{
    unsigned char *place;

    if (stage->state)
        return csi_state_save(stage, to);
    place = csi_bytes_extend(to, stage->last_state.length);
    if (place)
        csi_copy(place, stage->last_state.data, stage->last_state.length);
    return to->failed ? COSEND_E_MEMORY : COSEND_OK;
}

int csi_state_merge(struct csi_stage *stage, const void *data, size_t length)
{
    struct cosend_reader_bytes reader = cosend_read_bytes(data, length);
    int status;

    if (!stage->state || !stage->node->filter->merge)
        return COSEND_E_TYPE;
    status = csi_state_read(stage, &reader);
    if (status == COSEND_OK && (reader.failed || reader.next != reader.end))
        status = COSEND_E_TYPE;
    return status;
}

/* Whether a state is aggregates and nothing else. */
static bool is_aggregates(const struct csi_stage *stage)
{
    return stage->state && stage->state == stage->aggregates;
}

static int merge_stage(const struct csi_stage *from, struct csi_stage *into)
{
    struct cosend_bytes bytes = {0};
    int status = COSEND_OK;

    if (is_aggregates(from) && is_aggregates(into))
        return csi_aggregates_merge_from(into->aggregates, from->aggregates);
    if (into->state)
        status = csi_state_put(from, &bytes);
    status = csi_answer_judge(into, "save", status, false);
    if (status == COSEND_OK && bytes.length)
        status = csi_answer_judge(
            into, "merge", csi_state_merge(into, bytes.data, bytes.length),
            false);
    cosend_bytes_free(&bytes);
    return status;
}

int csi_states_merge_run(const struct csi_run *from, struct csi_run *into)
{
    int status = COSEND_OK;

    for (uint32_t i = 1; i < from->stage_count && status == COSEND_OK; i++)
        status = merge_stage(&from->stages[i], &into->stages[i]);
    return status;
}

int csi_states_move_run(struct csi_run *from, struct csi_run *into)
{
    int status = COSEND_OK;

    for (uint32_t i = 1; i < from->stage_count && status == COSEND_OK; i++) {
        struct csi_stage *own = &from->stages[i], *to = &into->stages[i];

        status = COSEND_DONE;
        if (is_aggregates(own) && is_aggregates(to))
            status = csi_aggregates_take(to->aggregates, own->aggregates);
        if (status == COSEND_DONE)
            status = merge_stage(own, to);
    }
    return status;
}

int csi_states_unite(struct csi_run *run, uint32_t threads)
{
    int status = COSEND_OK;

    for (uint32_t i = 1; i < run->stage_count && status == COSEND_OK; i++)
        if (is_aggregates(&run->stages[i]))
            status = csi_aggregates_unite(run->stages[i].aggregates, threads);
    return status;
}
