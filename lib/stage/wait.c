/* SPDX-License-Identifier: MIT */
/* A source that waits for a time. */
#include "io/io.h"
#include "stage/edge.h"
#include "stage/emit.h"
#include "stage/source.h"

/* Milliseconds to wait at once, so that whoever wants to stop it can. */
enum { PATIENCE = 100, MILLISECOND = 1000000 };

static int left_of(const struct csi_shared *shared, int64_t until)
{
    int64_t left = until < shared->tick_due ? until : shared->tick_due;

    left -= csi_io_now(shared->io);
    if (left <= 0)
        return 0;
    left = (left - 1) / MILLISECOND + 1;
    return left < PATIENCE ? (int)left : PATIENCE;
}

static int tell_tick(struct csi_stage *stage)
{
    struct csi_shared *shared = stage->shared;

    shared->tick_now = csi_io_now(shared->io);
    if (shared->tick_now < shared->tick_due)
        return COSEND_OK;
    shared->tick_due = INT64_MAX;
    return csi_edges_throw(stage, CSI_NEWS_TICK);
}

bool cosend_wait_until(struct cosend_stage *self, int64_t until)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct csi_shared *shared = stage->shared;
    struct pollfd own[2];
    int status;

    if (!csi_stage_is_source(stage)) {
        cosend_fail(self, COSEND_E_USAGE, "only a source can wait");
        return false;
    }
    status = csi_stage_send_pending(stage);
    if (status == COSEND_OK)
        status = csi_edges_throw(stage, CSI_NEWS_FLUSH);
    while (status == COSEND_OK && csi_io_now(shared->io) < until) {
        csi_io_poll(shared->io, own, 0, left_of(shared, until), NULL);
        if (!csi_source_pause(stage))
            return false;
        status = tell_tick(stage);
    }
    return status == COSEND_OK && stage->end == COSEND_NOT_ENDED;
}
