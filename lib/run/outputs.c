/* SPDX-License-Identifier: MIT */
#include "run/outputs.h"

bool csi_outputs_add(struct csi_outputs *outputs, struct csi_stage *sink,
                     struct cosend_output *output)
{
    if (!csi_grow(&outputs->items, &outputs->capacity, outputs->count + 1,
                  sizeof(*outputs->items))) {
        cosend_output_free(output);
        csi_stage_no_memory(sink);
        return false;
    }
    outputs->items[outputs->count++] = (struct csi_output_at_end){output, sink};
    return true;
}

void csi_outputs_gone(struct csi_outputs *outputs, const struct csi_stage *sink)
{
    const struct csi_plan *plan = sink->shared->plan;
    uint32_t sinks = 0;

    for (uint32_t i = 0; i < plan->node_count; i++)
        sinks += plan->nodes[i].filter->role == COSEND_SINK;
    outputs->gone |= sinks == 1;
}

void csi_outputs_free(struct csi_outputs *outputs)
{
    for (size_t i = 0; i < outputs->count; i++)
        cosend_output_free(outputs->items[i].output);
    csi_free(outputs->items);
}

/* ---- The end ------------------------------------------------------------- */

/* A sink's file stands, whatever happens to the rest, if its branch was ended
   by somebody who had enough. */
static bool stands(const struct csi_stage *sink)
{
    return sink->end == COSEND_END_CLOSED && sink->closed_early &&
           !sink->shared->scratch;
}

static int settle_output(const struct csi_output_at_end *at_end,
                         const struct csi_outputs_end *end,
                         struct cosend_error *error)
{
    struct cosend_output *output = at_end->output;
    struct csi_stage *sink = at_end->stage;
    bool judged = cosend_output_is_atomic(output) && !stands(sink);
    int status;

    if (sink->shared->error.kind && judged)
        return COSEND_OK;
    /* What lacks a whole input must not pass for complete either. */
    if (end->incomplete && judged) {
        csi_shared_warn(sink->shared,
                        "%s: not written, because not every input could be "
                        "read",
                        cosend_output_name(output));
        return COSEND_OK;
    }
    if (end->interrupted && judged) {
        status = cosend_output_keep_partial(output, error);
        if (status == COSEND_OK)
            csi_shared_warn(sink->shared,
                            "interrupted: what was written is in %s",
                            cosend_output_name(output));
    } else {
        status = cosend_output_commit(output, error);
    }
    sink->counts.bytes = cosend_output_bytes(output);
    return status;
}

void csi_outputs_settle(struct csi_outputs *outputs,
                        const struct csi_outputs_end *end)
{
    for (size_t i = 0; i < outputs->count; i++) {
        struct cosend_error error = {0};
        struct csi_stage *sink = outputs->items[i].stage;
        int status = settle_output(&outputs->items[i], end, &error);

        if (status < 0 && sink->node->on_error == CSI_SKIP)
            cosend_error_set(&outputs->lost, status, "%s", error.message);
        else if (status < 0)
            csi_stage_fail(sink, &error);
        else if (status == COSEND_DONE)
            csi_outputs_gone(outputs, sink);
        cosend_output_free(outputs->items[i].output);
    }
    outputs->count = 0;
}
