/* SPDX-License-Identifier: MIT */
/*
 * Waiting: for a time, for descriptors, for inputs.
 *
 * A source that waits is where the run idles. So before it waits all that was
 * emitted goes out; while it waits steps have their ticks, and each time it
 * wakes, the run does what it was asked for (csi_source_pause). A step that
 * waits is in the middle of a batch: of what the run is asked meanwhile only a
 * stop counts, and is looked for, since what else it was woken for stays.
 */
#include "stage/wait.h"

#include "cosend/source.h"
#include "io/io.h"
#include "stage/edge.h"
#include "stage/emit.h"
#include "stage/source.h"

#include <limits.h>
#include <string.h>

/* Milliseconds for which a step waits at once; and a few descriptors. */
enum { PATIENCE = 100, MILLISECOND = 1000000, FEW = 8 };

/* What is waited for, beside a time; descriptors have room for two more behind
   them, as csi_io_poll needs it. */
struct awaited {
    struct pollfd *descriptors;
    struct cosend_input *const *inputs;
    size_t count;
};

/* ---- News ---------------------------------------------------------------- */

/* COSEND_CLOSING where the source is to return. */
static int tell_all(struct csi_stage *stage, enum csi_news news)
{
    int status = csi_edges_throw(stage, news);

    if (status < 0)
        return status;
    return status == COSEND_OK && stage->end == COSEND_NOT_ENDED
               ? COSEND_OK
               : COSEND_CLOSING;
}

static int tick_if_due(struct csi_stage *stage)
{
    struct csi_shared *shared = stage->shared;

    if (shared->tick_due == INT64_MAX)
        return COSEND_OK;
    shared->tick_now = csi_io_now(shared->io);
    if (shared->tick_now < shared->tick_due)
        return COSEND_OK;
    shared->tick_due = INT64_MAX;
    return tell_all(stage, CSI_NEWS_TICK);
}

int cosend_flush(struct cosend_stage *self)
{
    struct csi_stage *stage = csi_stage_of(self);
    int status;

    if (stage->shared->worker)
        return COSEND_OK;
    status = csi_stage_send_pending(stage);
    if (status == COSEND_OK)
        status = tell_all(stage, CSI_NEWS_FLUSH);
    if (status == COSEND_OK && csi_stage_is_source(stage) && !stage->driven &&
        !csi_source_pause(stage))
        return COSEND_CLOSING;
    return status == COSEND_DONE ? COSEND_CLOSING : status;
}

/* The run was woken. False where the source is to return. */
static bool heed_wake(struct csi_stage *stage)
{
    struct cosend_io *io = stage->shared->io;

    if (cosend_io_woken(io) & (COSEND_WAKE_STOP | COSEND_WAKE_KILL)) {
        csi_stage_stop(stage, COSEND_END_CLOSED);
        return false;
    }
    /* The sink whose reader is gone ends at the flush; others may go on. */
    return !cosend_io_take(io, COSEND_WAKE_GONE) ||
           tell_all(stage, CSI_NEWS_FLUSH) == COSEND_OK;
}

int csi_source_act(struct csi_stage *stage, bool woken)
{
    if (woken && (!heed_wake(stage) || !csi_source_pause(stage)))
        return COSEND_CLOSING;
    return tick_if_due(stage);
}

/* ---- In a source --------------------------------------------------------- */

static bool is_any_ready(const struct awaited *what)
{
    for (size_t i = 0; i < what->count; i++)
        if (what->inputs ? cosend_input_ready(what->inputs[i])
                         : what->descriptors[i].revents != 0)
            return true;
    return false;
}

/* Wait for at most so many milliseconds. COSEND_CLOSING where the run was
   woken; *ready says whether there is something. */
static int wait_once(struct cosend_io *io, const struct awaited *what,
                     int timeout, bool *ready, struct cosend_error *error)
{
    int status;

    *ready = false;
    if (what->inputs && timeout) {
        status =
            cosend_input_wait(io, what->inputs, what->count, timeout, error);
        *ready = status == COSEND_OK;
        return status == COSEND_DONE ? COSEND_OK : status;
    }
    if (what->inputs)
        status = csi_io_is_closing(io) ? COSEND_CLOSING : COSEND_OK;
    else
        status =
            csi_io_poll(io, what->descriptors, what->count, timeout, error);
    if (status == COSEND_OK)
        *ready = is_any_ready(what);
    return status;
}

/* Milliseconds until a time; -1: for ever. */
static int timeout_of(const struct csi_shared *shared, int64_t due)
{
    int64_t now = csi_io_now(shared->io), left;

    if (due == INT64_MAX)
        return -1;
    if (due <= now)
        return 0;
    left = (due - now - 1) / MILLISECOND + 1;
    return left < INT_MAX ? (int)left : INT_MAX;
}

/* The first look does not wait, and what was emitted goes out only where
   nothing is ready then. */
static int wait_in_source(struct csi_stage *stage, const struct awaited *what,
                          int64_t until)
{
    struct csi_shared *shared = stage->shared;
    struct cosend_error error = {0};
    int timeout = 0, status;
    bool ready, waited = false;

    for (;;) {
        shared->io->heeds_signals = shared->io->tells_signals;
        status = wait_once(shared->io, what, timeout, &ready, &error);
        shared->io->heeds_signals = false;
        if (status < 0)
            return csi_stage_fail(stage, &error);
        status = csi_source_act(stage, status == COSEND_CLOSING);
        if (status != COSEND_OK || ready)
            return status;
        if (waited && csi_io_now(shared->io) >= until)
            return COSEND_DONE;
        status = cosend_flush(&stage->face);
        if (status != COSEND_OK)
            return status;
        waited = true;
        timeout = timeout_of(
            shared, until < shared->tick_due ? until : shared->tick_due);
    }
}

/* ---- In a step ----------------------------------------------------------- */

static int wait_in_step(const struct csi_shared *shared,
                        const struct awaited *what, int64_t until)
{
    const unsigned stop = COSEND_WAKE_STOP | COSEND_WAKE_KILL;
    int timeout = 0;

    for (;;) {
        if (cosend_io_woken(shared->io) & stop)
            return COSEND_CLOSING;
        if (shared->io->ops->poll(what->descriptors, what->count, timeout) > 0)
            return COSEND_OK;
        timeout = timeout_of(shared, until);
        if (!timeout)
            return COSEND_DONE;
        if (timeout < 0 || timeout > PATIENCE)
            timeout = PATIENCE;
    }
}

/* ---- For whoever waits --------------------------------------------------- */

static int wait_for(struct csi_stage *stage, const struct awaited *what,
                    int64_t until)
{
    int status;

    if (stage->shared->scratch)
        return COSEND_DONE;
    if (stage->shared->worker)
        return cosend_fail(&stage->face, COSEND_E_USAGE,
                           "it waits, in one of several threads that do its "
                           "work");
    if (csi_stage_is_source(stage))
        return wait_in_source(stage, what, until);
    status = cosend_flush(&stage->face);
    return status == COSEND_OK ? wait_in_step(stage->shared, what, until)
                               : status;
}

int cosend_poll(struct cosend_stage *self, struct pollfd *descriptors,
                size_t count, int64_t until)
{
    struct pollfd few[FEW + 2], *all = few;
    struct csi_stage *stage = csi_stage_of(self);
    int status;

    if (count && !csi_stage_given(stage, descriptors, "descriptors"))
        return COSEND_E_USAGE;
    if (count > FEW)
        all = csi_calloc(count + 2, sizeof(*all));
    if (!all)
        return csi_stage_no_memory(stage);
    for (size_t i = 0; i < count; i++) {
        all[i] = descriptors[i];
        all[i].revents = 0;
    }
    status = wait_for(stage, &(struct awaited){all, NULL, count}, until);
    for (size_t i = 0; i < count; i++)
        descriptors[i].revents = status == COSEND_OK ? all[i].revents : 0;
    if (all != few)
        csi_free(all);
    return status;
}

int cosend_wait_inputs(struct cosend_stage *self,
                       struct cosend_input *const *inputs, size_t count,
                       int64_t until)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (!csi_stage_is_source(stage))
        return cosend_fail(self, COSEND_E_USAGE,
                           "only a source waits for inputs");
    if (!csi_stage_given(stage, inputs, "inputs"))
        return COSEND_E_USAGE;
    return wait_for(stage, &(struct awaited){NULL, inputs, count}, until);
}

bool cosend_wait_until(struct cosend_stage *self, int64_t until)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (stage->shared->scratch)
        return true;
    return cosend_poll(self, NULL, 0, until) == COSEND_DONE &&
           stage->end == COSEND_NOT_ENDED;
}

bool cosend_stopping(const struct cosend_stage *self)
{
    const struct csi_stage *stage = (const struct csi_stage *)self;

    return stage->end != COSEND_NOT_ENDED ||
           cosend_io_woken(stage->shared->io) &
               (COSEND_WAKE_STOP | COSEND_WAKE_KILL);
}

bool cosend_is_snapshot(const struct cosend_stage *self)
{
    return ((const struct csi_stage *)self)->shared->scratch;
}

struct cosend_io *cosend_stage_io(const struct cosend_stage *self)
{
    return ((const struct csi_stage *)self)->shared->io;
}
