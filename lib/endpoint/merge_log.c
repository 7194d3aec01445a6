/* SPDX-License-Identifier: MIT */
#include "endpoint/merge_log.h"

#include "endpoint/read_names.h"
#include "endpoint/read_span.h"
#include "format/line_reader.h"
#include "stage/bad.h"
#include "stage/source.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* ---- Records that wait --------------------------------------------------- */

static bool is_before(const struct csi_waiting *a, const struct csi_waiting *b)
{
    return a->time != b->time ? a->time < b->time : a->number < b->number;
}

static bool push(struct csi_log *log, struct csi_waiting waiting)
{
    size_t i = log->count;

    if (!csi_grow(&log->heap, &log->capacity, i + 1, sizeof(*log->heap)))
        return false;
    for (; i && is_before(&waiting, &log->heap[(i - 1) / 2]); i = (i - 1) / 2)
        log->heap[i] = log->heap[(i - 1) / 2];
    log->heap[i] = waiting;
    log->count++;
    return true;
}

struct csi_waiting csi_log_take(struct csi_log *log)
{
    struct csi_waiting first = log->heap[0], last = log->heap[--log->count];
    size_t i = 0, below;

    while ((below = 2 * i + 1) < log->count) {
        below += below + 1 < log->count &&
                 is_before(&log->heap[below + 1], &log->heap[below]);
        if (!is_before(&log->heap[below], &last))
            break;
        log->heap[i] = log->heap[below];
        i = below;
    }
    if (log->count)
        log->heap[i] = last;
    return first;
}

bool csi_log_is_settled(const struct csi_log *log)
{
    int64_t bound;

    if (log->over || !log->count)
        return log->over;
    return !__builtin_sub_overflow(log->latest, log->all->options->within,
                                   &bound) &&
           log->heap[0].time <= bound;
}

/* ---- Taking them --------------------------------------------------------- */

static void refuse(const struct csi_log *log,
                   const struct cosend_record *record, const char *kind,
                   const char *reason)
{
    struct csi_stage *stage = log->all->stage;
    struct csi_provenance place = {0};
    struct csi_bad_record bad = {.place = &place,
                                 .ordinal = cosend_record_ordinal(record),
                                 .kind = kind,
                                 .reason = reason};

    csi_record_provenance(record, &place);
    csi_stage_bad(stage, &bad);
}

static void refuse_late(const struct csi_log *log,
                        const struct cosend_record *record)
{
    char reason[256], within[COSEND_DURATION_MAX], time[COSEND_TIME_MAX];
    struct cosend_time last = {log->last, 0};

    cosend_format_duration(log->all->options->within, within);
    cosend_format_time(NULL, last, NULL, time, sizeof(time));
    snprintf(reason, sizeof(reason),
             "its time, %s, is more than %s before one that is before it in "
             "the file; within= allows more",
             time, within);
    refuse(log, record, "out_of_order", reason);
}

/* False where it is no record of the merge, or without memory. */
static bool take(struct csi_log *log, struct cosend_batch *batch, uint32_t at,
                 enum csi_merge_time found, int64_t time, const char *why)
{
    const struct cosend_record record = cosend_batch_record(batch, at);
    int64_t bound;

    if (found == CSI_MERGE_NO_TIME) {
        refuse(log, &record, "no_time", why);
        return true;
    }
    if (found == CSI_MERGE_TIME) {
        log->late = !__builtin_sub_overflow(
                        log->latest, log->all->options->within, &bound) &&
                    log->latest > INT64_MIN && time < bound;
        log->last = time;
        if (time > log->latest)
            log->latest = time;
    }
    if (log->late) {
        refuse_late(log, &record);
        return true;
    }
    if (!push(log, (struct csi_waiting){log->last, log->read, batch, at}))
        return false;
    csi_batch_ref(batch);
    log->read++;
    return true;
}

/* What the feed cuts comes here, instead of going on. */
static int take_batch(void *context, struct cosend_batch *batch)
{
    struct csi_log *log = context;
    struct csi_stage *stage = log->all->stage;

    if (!log->begun && log->all->of_lines)
        log->last = csi_feed_first(log->feed);
    log->begun = true;
    for (uint32_t i = 0; i < batch->count; i++) {
        const char *why = "";
        int64_t time = 0;
        enum csi_merge_time found =
            csi_merge_time(log->all, log->feed, batch, i, &time, &why);

        if (found == CSI_MERGE_FAILS)
            return stage->shared->error.kind ? stage->shared->error.kind
                                             : COSEND_E_COLUMN;
        if (!take(log, batch, i, found, time, why))
            return csi_stage_no_memory(stage);
        if (stage->end != COSEND_NOT_ENDED)
            return COSEND_E_DATA;
    }
    return COSEND_OK;
}

/* ---- The file ------------------------------------------------------------ */

bool csi_log_begin(struct csi_log *log)
{
    struct csi_logs *all = log->all;

    log->feed =
        csi_feed_new(all->stage, &all->options->read.format, all->format);
    if (!log->feed)
        return false;
    if (all->of_lines)
        csi_feed_span(log->feed, &all->span, false);
    csi_feed_divert(log->feed, take_batch, log);
    csi_feed_file(log->feed, log->name, 0);
    log->last = log->latest = INT64_MIN;
    log->limit = UINT64_MAX;
    return true;
}

bool csi_log_needs_room(const struct csi_log *log)
{
    return !log->input && log->all->open >= log->all->most;
}

static void close_log(struct csi_log *log)
{
    if (!log->input)
        return;
    log->offset = cosend_input_offset(log->input);
    log->limit = log->input->limit;
    cosend_input_free(log->input);
    log->input = NULL;
    log->all->open--;
}

/* COSEND_OK, or what error says. */
static int open_log(struct csi_log *log, struct cosend_error *error)
{
    struct csi_logs *all = log->all;
    bool again = log->can_close;
    struct stat status;
    int outcome = cosend_input_open(all->stage->shared->io, log->path, 0,
                                    &log->input, error);

    if (outcome != COSEND_OK)
        return outcome;
    all->open++;
    csi_input_lines_end_in(log->input,
                           csi_end_byte(&all->options->read.format));
    if (fstat(log->input->fd, &status) != 0)
        status.st_ino = 0;
    if (again && (status.st_ino != log->inode || status.st_dev != log->device ||
                  !csi_input_seek(log->input, log->offset)))
        return cosend_error_set(error, COSEND_E_INPUT,
                                "%.200s: another file is there now, before "
                                "this one was read to its end",
                                log->name);
    log->inode = status.st_ino;
    log->device = status.st_dev;
    csi_input_end_at(log->input, log->limit);
    return COSEND_OK;
}

static int end_log(struct csi_log *log, enum csi_torn torn)
{
    struct cosend_error error = {0};
    int status = torn == CSI_TORN_NOT ? csi_feed_end(log->feed)
                                      : csi_feed_tear(log->feed, torn);

    log->over = true;
    close_log(log);
    if (torn == CSI_TORN_NOT && status == COSEND_OK &&
        !csi_span_has_times(log->feed, log->name, &error))
        csi_read_unreadable(log->all->stage, &error);
    return status;
}

/* What was read is taken; what need not be read of the file is passed over. */
static int take_piece(struct csi_log *log, size_t length, int *outcome,
                      struct cosend_error *error)
{
    bool learning = csi_feed_times(log->feed) == CSI_FEED_LEARNING;
    uint64_t size;
    int status = csi_feed_take(log->feed, length);

    if (!log->can_close)
        log->can_close = csi_input_is_seekable(log->input, &size);
    if (status != COSEND_OK || !learning)
        return status;
    if (!csi_span_has_times(log->feed, log->name, error))
        *outcome = error->kind;
    else if (csi_feed_times(log->feed) == CSI_FEED_LEARNED &&
             !csi_span_skip(log->all->stage, log->feed, log->input))
        return COSEND_E_MEMORY;
    return status;
}

static int read_piece(struct csi_log *log, int *outcome,
                      struct cosend_error *error)
{
    size_t room, length = 0;
    char *to = csi_feed_room(log->feed, &room);

    if (!to)
        return COSEND_E_MEMORY;
    if (room > log->all->piece)
        room = log->all->piece;
    *outcome = cosend_input_read(log->input, to, room, &length, error);
    return *outcome == COSEND_OK ? take_piece(log, length, outcome, error)
                                 : COSEND_OK;
}

int csi_log_read(struct csi_log *log, struct csi_log *other)
{
    struct csi_stage *stage = log->all->stage;
    struct cosend_error error = {0};
    int status = COSEND_OK, outcome = COSEND_OK;

    if (other)
        close_log(other);
    log->used = ++log->all->turn;
    if (!log->input)
        outcome = open_log(log, &error);
    if (outcome == COSEND_OK)
        status = read_piece(log, &outcome, &error);
    if (status != COSEND_OK || outcome == COSEND_OK)
        return status == COSEND_DONE ? COSEND_CLOSING : status;
    if (outcome == COSEND_E_MEMORY)
        return csi_stage_no_memory(stage);
    if (outcome == COSEND_CLOSING)
        return csi_source_pause(stage) ? COSEND_OK : COSEND_CLOSING;
    if (outcome == COSEND_DONE)
        return end_log(log, CSI_TORN_NOT);
    csi_read_unreadable(stage, &error);
    return end_log(log, CSI_TORN_UNREADABLE);
}

void csi_log_end(struct csi_log *log)
{
    for (size_t i = 0; i < log->count; i++)
        csi_batch_unref(log->heap[i].batch);
    csi_free(log->heap);
    close_log(log);
    csi_feed_free(log->feed);
}
