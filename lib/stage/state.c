/* SPDX-License-Identifier: MIT */
#include "stage/state.h"

struct save_call {
    const struct csi_stage *stage;
    struct cosend_bytes *to;
};

static int call_save(void *argument)
{
    const struct save_call *call = argument;

    return call->stage->node->filter->save(call->stage->state, call->to);
}

int csi_state_save(const struct csi_stage *stage, struct cosend_bytes *to)
{
    struct save_call call = {stage, to};
    int status;

    if (!stage->state || !stage->node->filter->save)
        return COSEND_OK;
    status = stage->node->filter->callbacks
                 ? cosend_call_outside(call_save, &call)
                 : call_save(&call);
    return status >= 0 && to->failed ? COSEND_E_MEMORY : status;
}

struct merge_call {
    const struct csi_stage *stage;
    struct cosend_reader_bytes *from;
};

static int call_merge(void *argument)
{
    const struct merge_call *call = argument;

    return call->stage->node->filter->merge(call->stage->state, call->from);
}

int csi_state_read(const struct csi_stage *stage,
                   struct cosend_reader_bytes *from)
{
    struct merge_call call = {stage, from};

    return stage->node->filter->callbacks
               ? cosend_call_outside(call_merge, &call)
               : call_merge(&call);
}

bool csi_state_save_last(struct csi_stage *stage)
{
    int status = stage->shared->scratch
                     ? COSEND_OK
                     : csi_state_save(stage, &stage->last_state);

    /* A part of it would pass for the whole. */
    if (status != COSEND_OK)
        cosend_bytes_free(&stage->last_state);
    return status != COSEND_E_MEMORY;
}
