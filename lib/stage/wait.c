/* SPDX-License-Identifier: MIT */
/* A source, or a step, that waits for a time. */
#include "io/io.h"
#include "stage/edge.h"
#include "stage/emit.h"
#include "stage/source.h"

/* Milliseconds to wait at once, so that whoever wants to stop it can. */
enum { PATIENCE = 100, MILLISECOND = 1000000 };

static int in_patience(int64_t left)
{
    if (left <= 0)
        return 0;
    left = (left - 1) / MILLISECOND + 1;
    return left < PATIENCE ? (int)left : PATIENCE;
}

static int left_of(const struct csi_shared *shared, int64_t until)
{
    int64_t due = until < shared->tick_due ? until : shared->tick_due;

    return in_patience(due - csi_io_now(shared->io));
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

/* False where the source is to stop. */
static bool wait_in_source(struct csi_stage *stage, int64_t until)
{
    struct csi_shared *shared = stage->shared;
    struct pollfd own[2];
    int status = COSEND_OK;

    while (status == COSEND_OK && csi_io_now(shared->io) < until) {
        csi_io_poll(shared->io, own, 0, left_of(shared, until), NULL);
        if (!csi_source_pause(stage))
            return false;
        status = tell_tick(stage);
    }
    return status == COSEND_OK;
}

/* The run is in the middle of a batch: of what it is asked meanwhile only a
   stop counts, and is looked for, since what else it was woken for stays. */
static bool wait_in_step(const struct csi_shared *shared, int64_t until)
{
    const unsigned stop = COSEND_WAKE_STOP | COSEND_WAKE_KILL;

    for (;;) {
        int64_t now = csi_io_now(shared->io);
        int64_t left = until > now ? until - now : 0;

        if (cosend_io_woken(shared->io) & stop)
            return false;
        if (!left)
            return true;
        shared->io->ops->poll(NULL, 0, in_patience(left));
    }
}

bool cosend_wait_until(struct cosend_stage *self, int64_t until)
{
    struct csi_stage *stage = csi_stage_of(self);
    bool waited;

    if (stage->shared->scratch)
        return true;
    if (stage->shared->worker) {
        cosend_fail(self, COSEND_E_USAGE,
                    "it waits, in one of several threads that do its work");
        return false;
    }
    if (csi_stage_send_pending(stage) != COSEND_OK ||
        csi_edges_throw(stage, CSI_NEWS_FLUSH) != COSEND_OK)
        return false;
    waited = csi_stage_is_source(stage) ? wait_in_source(stage, until)
                                        : wait_in_step(stage->shared, until);
    return waited && stage->end == COSEND_NOT_ENDED;
}
