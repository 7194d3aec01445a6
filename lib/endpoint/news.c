/* SPDX-License-Identifier: MIT */
#include "endpoint/news.h"

#include "io/io.h"
#include "stage/edge.h"

#include <limits.h>

int csi_tell_all(struct csi_stage *stage, enum csi_news news)
{
    int status = csi_edges_throw(stage, news);

    if (status == COSEND_DONE)
        return COSEND_CLOSING;
    return status == COSEND_OK && stage->end != COSEND_NOT_ENDED
               ? COSEND_CLOSING
               : status;
}

int csi_tick_if_due(struct csi_stage *stage)
{
    struct csi_shared *shared = stage->shared;

    if (shared->tick_due == INT64_MAX)
        return COSEND_OK;
    shared->tick_now = csi_io_now(shared->io);
    if (shared->tick_now < shared->tick_due)
        return COSEND_OK;
    shared->tick_due = INT64_MAX;
    return csi_tell_all(stage, CSI_NEWS_TICK);
}

int csi_until_tick(const struct csi_shared *shared)
{
    enum { MILLISECOND = 1000000 };
    int64_t left;

    if (shared->tick_due == INT64_MAX)
        return -1;
    left = shared->tick_due - csi_io_now(shared->io);
    if (left <= 0)
        return 0;
    left = (left - 1) / MILLISECOND + 1;
    return left < INT_MAX ? (int)left : INT_MAX;
}
