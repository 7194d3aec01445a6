/* SPDX-License-Identifier: MIT */
/*
 * A pipeline at work is marked with the thread that drives it, by the address
 * of a variable that each thread has for itself. Whoever comes next takes the
 * coroutines over, if they are another's.
 */
#include "pipeline/driver.h"

_Thread_local char csi_this_thread;

int csi_pipeline_refuse(const struct cosend_pipeline *pipeline,
                        struct cosend_error *error)
{
    if (atomic_load(&pipeline->driver) == &csi_this_thread)
        return cosend_error_set(error, COSEND_E_USAGE,
                                "the pipeline is at work: its callbacks "
                                "cannot drive it");
    return cosend_error_set(error, COSEND_E_THREAD,
                            "another thread drives the pipeline: one at a "
                            "time can");
}

bool csi_pipeline_is_driven(const struct cosend_pipeline *pipeline)
{
    return atomic_load(&pipeline->driver);
}

void csi_pipeline_deliver(struct cosend_pipeline *pipeline)
{
    struct csi_run *run = pipeline->run;

    if (run && run->deliveries.count)
        csi_deliveries_make(&run->deliveries, &run->shared);
}

int csi_pipeline_leave(struct cosend_pipeline *pipeline, int status)
{
    csi_pipeline_deliver(pipeline);
    if (pipeline->freed) {
        csi_pipeline_release(pipeline);
        return COSEND_E_ABORTED;
    }
    csi_pipeline_let_go(pipeline);
    return status;
}

int csi_pipeline_give_error(const struct cosend_pipeline *pipeline,
                            struct cosend_error *error)
{
    const struct cosend_error *own = &pipeline->run->shared.error;

    if (error && !error->kind && !pipeline->freed)
        *error = *own;
    return own->kind ? own->kind : COSEND_E_ABORTED;
}

/* No callback is called any more: what they are for is the host's, and may be
   gone, too. */
static void forget_callbacks(struct cosend_options *options)
{
    options->problem = NULL;
    options->warning = NULL;
    options->record = NULL;
    options->taker = NULL;
    options->reject = NULL;
}

void cosend_pipeline_free(struct cosend_pipeline *pipeline)
{
    const char *driver;

    if (!pipeline)
        return;
    driver = atomic_load(&pipeline->driver);
    if (!driver) {
        csi_pipeline_release(pipeline);
    } else if (driver == &csi_this_thread) {
        pipeline->freed = true;
        pipeline->on_ledger = NULL;
        forget_callbacks(&pipeline->options);
    }
}
