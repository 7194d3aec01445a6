/* SPDX-License-Identifier: MIT */
/* A pipeline's results so far, as bytes; and such bytes, merged. */
#include "pipeline/driver.h"
#include "pipeline/pushing.h"

#include "run/states.h"

#include <string.h>

/* Whether it is open, and not at work, unless it `may` be. */
static int check_rest(const struct cosend_pipeline *pipeline, bool may)
{
    if (!pipeline->run)
        return COSEND_E_USAGE;
    memset(&pipeline->run->refusal, 0, sizeof(pipeline->run->refusal));
    if (pipeline->finished)
        return cosend_error_set(&pipeline->run->refusal, COSEND_E_USAGE,
                                "the pipeline is finished: save and merge come "
                                "before that");
    if (!csi_pipeline_is_driven(pipeline) || may)
        return COSEND_OK;
    return cosend_error_set(&pipeline->run->refusal, COSEND_E_USAGE,
                            "the pipeline is at work: only its ledger hook can "
                            "save, and no callback can merge");
}

/* What was pushed so far counts, though it may not be through yet. It changes
   nothing that a host can see, so that it is done to a constant pipeline. */
static void settle(const struct cosend_pipeline *pipeline)
{
    struct cosend_pipeline *own = (struct cosend_pipeline *)(uintptr_t)pipeline;

    if (csi_pipeline_is_driven(pipeline))
        return;
    csi_run_adopt(own->run);
    csi_pipeline_settle(own, NULL);
}

int cosend_pipeline_save(const struct cosend_pipeline *pipeline,
                         struct cosend_bytes *to)
{
    int status = check_rest(pipeline, pipeline->in_hook);

    if (status != COSEND_OK)
        return status;
    settle(pipeline);
    return csi_states_save(pipeline->run, to, &pipeline->run->refusal);
}

/* Half of it may have been merged: what comes of that must not pass for a
   result. */
int cosend_pipeline_merge(struct cosend_pipeline *pipeline,
                          struct cosend_reader_bytes *from)
{
    struct csi_run *run = pipeline->run;
    int status = check_rest(pipeline, false);

    if (status != COSEND_OK)
        return status;
    settle(pipeline);
    status = csi_states_merge(run, from, &run->refusal);
    if (status < 0)
        csi_shared_fail(&run->shared, &run->refusal, 0);
    return status;
}

const char *cosend_pipeline_refusal(const struct cosend_pipeline *pipeline)
{
    return pipeline->run ? pipeline->run->refusal.message
                         : "the pipeline is not open";
}
