/* SPDX-License-Identifier: MIT */
#include "stage/source.h"

bool csi_source_wait(struct csi_stage *stage, void **in)
{
    int got = cosend_yield(stage->coroutine, NULL, in);

    if (got == COSEND_THROWN) {
        cosend_handled(stage->coroutine);
        csi_stage_stop(stage, COSEND_END_ABORTED);
    } else if (got < 0) {
        cosend_fail(&stage->face, COSEND_E_USAGE,
                    "it emits or waits in a coroutine of its own: that is for "
                    "its body");
    }
    return got == COSEND_GOT;
}

/* A callback of the source's runs on the thread's own stack, where the run is,
   too: it need not be resumed to act. */
static bool let_run_act(struct csi_stage *stage)
{
    struct csi_shared *shared = stage->shared;
    void *in;

    if (cosend_current())
        return csi_source_wait(stage, &in);
    if (!shared->act || shared->act(shared->act_context) >= 0)
        return true;
    csi_stage_stop(stage, COSEND_END_ABORTED);
    return false;
}

bool csi_source_pause(struct csi_stage *stage)
{
    if (stage->end == COSEND_NOT_ENDED &&
        (!let_run_act(stage) ||
         cosend_io_woken(stage->shared->io) & COSEND_WAKE_STOP))
        csi_stage_stop(stage, COSEND_END_CLOSED);
    return stage->end == COSEND_NOT_ENDED;
}
