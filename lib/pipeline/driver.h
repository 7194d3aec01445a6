/* SPDX-License-Identifier: MIT */
/* Who drives a pipeline: one thread at a time, and not from its callbacks. */
#ifndef CSI_PIPELINE_DRIVER_H
#define CSI_PIPELINE_DRIVER_H

#include "pipeline/pipeline.h"

/* Its address is the thread's. */
extern _Thread_local char csi_this_thread
    __attribute__((tls_model("initial-exec"), visibility("hidden")));

/* Why a thread may not drive a pipeline that is driven. */
int csi_pipeline_refuse(const struct cosend_pipeline *pipeline,
                        struct cosend_error *error);

/*
 * A call that drives the pipeline begins, in this thread.
 *
 * Returns COSEND_OK, and it is to be left; COSEND_E_USAGE where it comes from a
 * callback of the pipeline's; COSEND_E_THREAD where another thread drives it.
 */
static inline int csi_pipeline_enter(struct cosend_pipeline *pipeline,
                                     struct cosend_error *error)
{
    const char *nobody = NULL;

    return atomic_compare_exchange_strong_explicit(
               &pipeline->driver, &nobody, &csi_this_thread,
               memory_order_acquire, memory_order_relaxed)
               ? COSEND_OK
               : csi_pipeline_refuse(pipeline, error);
}

/* Another thread may drive it now. */
static inline void csi_pipeline_let_go(struct cosend_pipeline *pipeline)
{
    atomic_store_explicit(&pipeline->driver, NULL, memory_order_release);
}

/* It is over, with that status, which is returned unless a callback freed the
   pipeline: then it is gone. */
int csi_pipeline_leave(struct cosend_pipeline *pipeline, int status);
/* Whether a call that drives it has not returned. */
bool csi_pipeline_is_driven(const struct cosend_pipeline *pipeline);
/* Back on the host's stack: tell what is to be told. */
void csi_pipeline_deliver(struct cosend_pipeline *pipeline);
/* The run's error is the call's. */
int csi_pipeline_give_error(const struct cosend_pipeline *pipeline,
                            struct cosend_error *error);

#endif
