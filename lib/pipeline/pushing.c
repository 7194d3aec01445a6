/* SPDX-License-Identifier: MIT */
/*
 * What a host pushes. Bytes are put straight into the block that the source
 * reads from, and the source is resumed when there are enough of them: to
 * resume it for each line would take many times what is done with the line. The
 * first goes on at once, so that what is wrong with the columns is said there,
 * and each time it takes an eighth of all that came before, up to ENOUGH_MOST.
 * Everything else that is done to the pipeline settles that first, so nobody
 * sees that bytes wait but who looks at the counts.
 */
#include "pipeline/pushing.h"

#include "base/sized.h"
#include "endpoint/push.h"
#include "pipeline/driver.h"
#include "read/feed.h"
#include "run/late.h"
#include "run/pause.h"

#include <string.h>

enum { ENOUGH_MOST = 32 * 1024, ENOUGH_PART = 8 };

static int refuse_push(struct cosend_error *error, const char *why)
{
    return cosend_error_set(error, COSEND_E_USAGE, "%s", why);
}

/* ---- Resuming the source ------------------------------------------------- */

static int resume_source(struct cosend_pipeline *pipeline,
                         const struct csi_push *what,
                         struct cosend_error *error)
{
    struct csi_run *run = pipeline->run;
    struct csi_stage *source = csi_run_source(run);
    struct cosend_error refused = {0};
    int status;

    csi_run_adopt(run);
    csi_shared_clock(&run->shared, &source->counts);
    status =
        cosend_send(source->coroutine, (void *)(uintptr_t)what, NULL, &refused);
    csi_shared_clock(&run->shared, NULL);
    /* Misuse is the caller's error, not the run's. */
    if (status < 0 && !run->shared.error.kind)
        return cosend_error_set(error, status, "%s", refused.message);
    if (status == COSEND_YIELD) {
        csi_pipeline_deliver(pipeline);
        status = csi_run_pause(run);
    }
    if (status < 0 && csi_run_drop_late_error(run))
        status = COSEND_DONE;
    return status < 0 ? csi_pipeline_give_error(pipeline, error) : status;
}

/* Have the source take it, unless it is over. */
static int send_to_source(struct cosend_pipeline *pipeline,
                          const struct csi_push *what,
                          struct cosend_error *error)
{
    struct csi_stage *source = csi_run_source(pipeline->run);

    if (pipeline->run->shared.error.kind)
        return csi_pipeline_give_error(pipeline, error);
    if (pipeline->stopped ||
        cosend_state(source->coroutine) != COSEND_SUSPENDED)
        return COSEND_DONE;
    return resume_source(pipeline, what, error);
}

int csi_pipeline_settle(struct cosend_pipeline *pipeline,
                        struct cosend_error *error)
{
    struct csi_gathered *gathered = &pipeline->gathered;
    struct csi_push what = {.data = gathered->to, .filled = gathered->length};

    gathered->to = NULL;
    gathered->length = gathered->room = gathered->enough = 0;
    if (!what.filled)
        return COSEND_OK;
    return send_to_source(pipeline, &what, error);
}

/* ---- Calls --------------------------------------------------------------- */

/* Whether there is a run that can be pushed into, of one that is entered, which
   is left otherwise. */
static int check_open(struct cosend_pipeline *pipeline,
                      struct cosend_error *error)
{
    if (pipeline->run && pipeline->options.push && !pipeline->finished)
        return COSEND_OK;
    if (pipeline->run && pipeline->run->shared.error.kind)
        return csi_pipeline_leave(pipeline,
                                  csi_pipeline_give_error(pipeline, error));
    return csi_pipeline_leave(pipeline,
                              csi_pipeline_refuse_closed(pipeline, error));
}

/* Enter it, if there is. */
static int enter_open(struct cosend_pipeline *pipeline,
                      struct cosend_error *error)
{
    int status = csi_pipeline_enter(pipeline, error);

    return status == COSEND_OK ? check_open(pipeline, error) : status;
}

/* The host's stop is the end of its input, behind what it pushed before. */
static void heed_stop(struct cosend_pipeline *pipeline)
{
    if (!pipeline->stopped &&
        cosend_io_woken(pipeline->io) & COSEND_WAKE_STOP) {
        csi_pipeline_settle(pipeline, NULL);
        pipeline->stopped = true;
    }
}

/* Something other than bytes; it is entered. */
static int push_other(struct cosend_pipeline *pipeline,
                      const struct csi_push *what, struct cosend_error *error)
{
    int status = csi_pipeline_settle(pipeline, error);

    if (status == COSEND_OK)
        heed_stop(pipeline);
    if (status == COSEND_OK)
        status = send_to_source(pipeline, what, error);
    return status;
}

/* How many are worth it. */
static size_t enough_of(const struct csi_gathered *gathered)
{
    uint64_t part = gathered->total / ENOUGH_PART;

    return part < ENOUGH_MOST ? (size_t)part + 1 : ENOUGH_MOST;
}

/* Where bytes go, if there is room for some. */
static bool have_room(struct cosend_pipeline *pipeline)
{
    struct csi_gathered *gathered = &pipeline->gathered;

    if (gathered->to)
        return true;
    gathered->to =
        csi_feed_room(csi_run_source(pipeline->run)->feed, &gathered->room);
    if (!gathered->to)
        gathered->room = 0;
    gathered->enough = gathered->room < enough_of(gathered)
                           ? gathered->room
                           : enough_of(gathered);
    return gathered->to;
}

static void gather(struct cosend_pipeline *pipeline, const char *data,
                   size_t length)
{
    struct csi_gathered *gathered = &pipeline->gathered;

    memcpy(gathered->to + gathered->length, data, length);
    gathered->length += length;
    gathered->total += length;
    pipeline->taken += length;
}

/* Put some in the block, and have the source take them if they are enough. */
static int gather_some(struct cosend_pipeline *pipeline, const char **data,
                       size_t *length, struct cosend_error *error)
{
    struct csi_gathered *gathered = &pipeline->gathered;
    size_t part;

    if (pipeline->run->shared.error.kind || !have_room(pipeline))
        return csi_pipeline_give_error(pipeline, error);
    part = gathered->room - gathered->length;
    if (part > *length)
        part = *length;
    gather(pipeline, *data, part);
    *data += part;
    *length -= part;
    return gathered->length >= gathered->enough
               ? csi_pipeline_settle(pipeline, error)
               : COSEND_OK;
}

/* Whether bytes can be taken as they come: COSEND_OK, COSEND_DONE, or an
   error. */
static int check_bytes(struct cosend_pipeline *pipeline, const char *data,
                       size_t length, struct cosend_error *error)
{
    struct csi_stage *source = csi_run_source(pipeline->run);
    struct csi_push what = {.data = data, .length = length};
    int status = csi_push_check(source, &what, error);

    if (status == COSEND_OK && pipeline->between_files)
        return refuse_push(error, "the file that was pushed has ended, and no "
                                  "other was begun");
    if (status == COSEND_OK && pipeline->run->shared.error.kind)
        return csi_pipeline_give_error(pipeline, error);
    if (status == COSEND_OK &&
        (pipeline->stopped ||
         cosend_state(source->coroutine) != COSEND_SUSPENDED))
        return COSEND_DONE;
    return status;
}

/* What the pipeline is asked for it does behind what was pushed. */
static int answer_requests(struct cosend_pipeline *pipeline,
                           struct cosend_error *error)
{
    struct csi_push nothing = {.filled = 0};

    return pipeline->gathered.length
               ? csi_pipeline_settle(pipeline, error)
               : send_to_source(pipeline, &nothing, error);
}

/* Bytes that are not worth it yet: where others wait, all was looked at that
   keeps these from being taken, and nothing has changed since. */
static bool takes_few(struct cosend_pipeline *pipeline, const char *data,
                      size_t length)
{
    const struct csi_gathered *gathered = &pipeline->gathered;

    if (!data || length >= gathered->enough - gathered->length ||
        cosend_io_woken(pipeline->io))
        return false;
    gather(pipeline, data, length);
    csi_pipeline_let_go(pipeline);
    return true;
}

int cosend_pipeline_push(struct cosend_pipeline *pipeline, const char *data,
                         size_t length, struct cosend_error *error)
{
    int status = csi_pipeline_enter(pipeline, error);
    bool asked;

    if (status != COSEND_OK || takes_few(pipeline, data, length))
        return status;
    status = check_open(pipeline, error);
    if (status != COSEND_OK)
        return status;
    asked = cosend_io_woken(pipeline->io);
    if (asked)
        heed_stop(pipeline);
    status = check_bytes(pipeline, data, length, error);
    while (status == COSEND_OK && length)
        status = gather_some(pipeline, &data, &length, error);
    if (status == COSEND_OK && asked)
        status = answer_requests(pipeline, error);
    return csi_pipeline_leave(pipeline, status);
}

int cosend_pipeline_push_record(struct cosend_pipeline *pipeline,
                                const char *const *names,
                                const struct cosend_cell *cells, size_t count,
                                struct cosend_error *error)
{
    struct csi_push what = {.names = names, .cells = cells, .count = count};
    int status = enter_open(pipeline, error);

    if (status != COSEND_OK)
        return status;
    status = csi_pipeline_settle(pipeline, error);
    if (status == COSEND_OK && (!names || !cells))
        status = refuse_push(error, "a record without columns was pushed");
    if (status == COSEND_OK && pipeline->files)
        status = refuse_push(error, "a file was begun, and records have none: "
                                    "push its bytes");
    if (status == COSEND_OK)
        status = csi_push_check(csi_run_source(pipeline->run), &what, error);
    if (status == COSEND_OK)
        status = push_other(pipeline, &what, error);
    return csi_pipeline_leave(pipeline, status);
}

/* All that was pushed is done, as far as it can be. */
static void note_done(struct cosend_pipeline *pipeline)
{
    const struct csi_feed *feed = csi_run_source(pipeline->run)->feed;

    if (feed)
        pipeline->done = csi_feed_done(feed);
}

int cosend_pipeline_flush(struct cosend_pipeline *pipeline,
                          struct cosend_error *error)
{
    struct csi_push what = {.flush = true};
    int status = enter_open(pipeline, error);

    if (status != COSEND_OK)
        return status;
    status = push_other(pipeline, &what, error);
    if (status == COSEND_OK)
        note_done(pipeline);
    return csi_pipeline_leave(pipeline, status);
}

/* ---- Files --------------------------------------------------------------- */

/* Whether files can be told apart now. */
static int check_files(const struct cosend_pipeline *pipeline,
                       struct cosend_error *error)
{
    struct csi_push what = {.length = 0};

    return csi_push_check(csi_run_source(pipeline->run), &what, error);
}

int cosend_pipeline_begin_file(struct cosend_pipeline *pipeline,
                               const char *name, uint64_t offset,
                               struct cosend_error *error)
{
    struct csi_push what = {.file = name, .offset = offset};
    int status;

    if (!name || !*name)
        return refuse_push(error, "a file without a name was begun");
    status = enter_open(pipeline, error);
    if (status != COSEND_OK)
        return status;
    status = check_files(pipeline, error);
    if (status == COSEND_OK)
        status =
            csi_push_check_offset(csi_run_source(pipeline->run), offset, error);
    if (status == COSEND_OK)
        status = push_other(pipeline, &what, error);
    if (status == COSEND_OK) {
        pipeline->between_files = false;
        pipeline->files++;
        pipeline->taken = pipeline->done = offset;
    }
    return csi_pipeline_leave(pipeline, status);
}

int cosend_pipeline_end_file(struct cosend_pipeline *pipeline,
                             struct cosend_error *error)
{
    struct csi_push what = {.end = true};
    int status = enter_open(pipeline, error);

    if (status != COSEND_OK)
        return status;
    status = check_files(pipeline, error);
    if (status == COSEND_OK && !pipeline->files && !pipeline->gathered.total)
        status = refuse_push(error, "no file was begun that could end");
    if (status == COSEND_OK && pipeline->between_files)
        status = refuse_push(error, "the file has ended already");
    if (status == COSEND_OK)
        status = push_other(pipeline, &what, error);
    if (status == COSEND_OK) {
        pipeline->between_files = true;
        note_done(pipeline);
    }
    return csi_pipeline_leave(pipeline, status);
}

static uint64_t held_of(const struct csi_run *run)
{
    uint64_t held = 0;

    for (uint32_t i = 0; i < run->stage_count; i++)
        held += csi_stage_counts(&run->stages[i]).held;
    return held;
}

int cosend_pipeline_position(const struct cosend_pipeline *pipeline,
                             struct cosend_position *position)
{
    struct cosend_position own = {.taken = pipeline->taken,
                                  .done = pipeline->done,
                                  .files = pipeline->files};

    if (!pipeline->run || !pipeline->options.push)
        return COSEND_E_USAGE;
    own.files += !pipeline->files && pipeline->gathered.total;
    own.held = held_of(pipeline->run);
    return CSI_FILL(cosend_position, position, &own, NULL);
}
