/* SPDX-License-Identifier: MIT */
#include "stage/source.h"

bool csi_source_wait(struct csi_stage *stage, void **in)
{
    int got = cosend_yield(stage->coroutine, NULL, in);

    if (got == COSEND_THROWN) {
        cosend_handled(stage->coroutine);
        csi_stage_stop(stage, COSEND_END_ABORTED);
    }
    return got == COSEND_GOT;
}

bool csi_source_pause(struct csi_stage *stage)
{
    void *in;

    if (stage->end == COSEND_NOT_ENDED &&
        (!csi_source_wait(stage, &in) ||
         cosend_io_woken(stage->shared->io) & COSEND_WAKE_STOP))
        csi_stage_stop(stage, COSEND_END_CLOSED);
    return stage->end == COSEND_NOT_ENDED;
}
