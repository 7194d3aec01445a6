/* SPDX-License-Identifier: MIT */
/* A pipeline's results so far, as bytes; and such bytes, merged. */
#include "pipeline/pipeline.h"

#include "run/states.h"

#include <string.h>

static struct cosend_error *new_refusal(struct csi_run *run)
{
    memset(&run->refusal, 0, sizeof(run->refusal));
    return &run->refusal;
}

int cosend_pipeline_save(const struct cosend_pipeline *pipeline,
                         struct cosend_bytes *to)
{
    if (!pipeline->run || pipeline->finished)
        return COSEND_E_USAGE;
    return csi_states_save(pipeline->run, to, new_refusal(pipeline->run));
}

int cosend_pipeline_merge(struct cosend_pipeline *pipeline,
                          struct cosend_reader_bytes *from)
{
    if (!pipeline->run || pipeline->finished)
        return COSEND_E_USAGE;
    return csi_states_merge(pipeline->run, from, new_refusal(pipeline->run));
}

const char *cosend_pipeline_refusal(const struct cosend_pipeline *pipeline)
{
    return pipeline->run ? pipeline->run->refusal.message
                         : "the pipeline is not open";
}
