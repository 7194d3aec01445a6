/* SPDX-License-Identifier: MIT */
#include "endpoint/merge_log.h"

#include "base/heap.h"
#include "cosend/source.h"
#include "endpoint/read_names.h"
#include "endpoint/read_span.h"
#include "format/line_reader.h"
#include "io/io.h"
#include "stage/bad.h"
#include "stage/source.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* ---- Records that wait --------------------------------------------------- */

static bool is_before(const void *own, const void *a, const void *b)
{
    const struct csi_waiting *one = a, *other = b;

    (void)own;
    return one->time != other->time ? one->time < other->time
                                    : one->number < other->number;
}

static bool push(struct csi_log *log, struct csi_waiting waiting)
{
    size_t i = log->count;

    if (!csi_grow(&log->heap, &log->capacity, i + 1, sizeof(*log->heap)))
        return false;
    log->heap[log->count++] = waiting;
    csi_heap_rise(log->heap, sizeof(*log->heap), i, is_before, NULL);
    return true;
}

struct csi_waiting csi_log_take(struct csi_log *log)
{
    struct csi_waiting first = log->heap[0];

    log->heap[0] = log->heap[--log->count];
    if (log->count)
        csi_heap_sink(log->heap, sizeof(*log->heap), log->count, 0, is_before,
                      NULL);
    return first;
}

_Static_assert(sizeof(struct csi_waiting) <= CSI_HEAP_ITEM, "of a heap");

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
    char reason[320], time[COSEND_TIME_MAX], before[COSEND_TIME_MAX];
    char by[COSEND_DURATION_MAX], within[COSEND_DURATION_MAX];
    struct cosend_time last = {log->last, 0}, latest = {log->latest, 0};
    int64_t late;

    if (__builtin_sub_overflow(log->latest, log->last, &late))
        late = INT64_MAX;
    cosend_format_time(NULL, last, NULL, time, sizeof(time));
    cosend_format_time(NULL, latest, NULL, before, sizeof(before));
    cosend_format_duration(late, by);
    cosend_format_duration(log->all->options->within, within);
    snprintf(reason, sizeof(reason),
             "its time, %s, is %s before %s, which came before it in the file, "
             "and within allows %s",
             time, by, before, within);
    refuse(log, record, "out_of_order", reason);
}

/* False where it is no record of the merge, or without memory. */
static bool take(struct csi_log *log, struct cosend_batch *batch, uint32_t at,
                 enum csi_merge_time found, int64_t time,
                 const struct csi_merge_fault *fault)
{
    const struct cosend_record record = cosend_batch_record(batch, at);
    int64_t bound;

    if (found == CSI_MERGE_BAD) {
        refuse(log, &record, fault->kind, fault->reason);
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

/* COSEND_OK; or an error, with the record counted. */
static int take_next(struct csi_log *log, struct cosend_batch *batch,
                     uint32_t at)
{
    struct csi_stage *stage = log->all->stage;
    struct csi_merge_fault fault;
    int64_t time = 0;
    enum csi_merge_time found =
        csi_merge_time(log->all, log->feed, batch, at, &time, &fault);

    if (found == CSI_MERGE_FAILS)
        stage->face.dropped++;
    else if (!take(log, batch, at, found, time, &fault))
        return csi_stage_no_memory(stage);
    return stage->end == COSEND_NOT_ENDED ? COSEND_OK
                                          : csi_shared_error(stage->shared);
}

/* What the feed cuts comes here, instead of going on. */
static int take_batch(void *context, struct cosend_batch *batch)
{
    struct csi_log *log = context;
    int status = COSEND_OK;
    uint32_t i = 0;

    if (!log->begun && log->all->of_lines)
        log->last = csi_feed_first(log->feed);
    log->begun = true;
    while (status == COSEND_OK && i < batch->count)
        status = take_next(log, batch, i++);
    log->all->stage->face.dropped += batch->count - i;
    return status;
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

static void close_log(struct csi_log *log)
{
    if (!log->input)
        return;
    log->offset = cosend_input_offset(log->input);
    log->limit = log->input->limit;
    cosend_input_free(log->input);
    log->input = NULL;
}

void csi_log_rest(struct csi_log *log)
{
    if (log->all->crowded && log->can_close)
        close_log(log);
}

/* Whether what was opened again is what was closed, and read on from there. */
static bool goes_on(struct csi_log *log, const struct stat *status)
{
    return status->st_ino == log->inode && status->st_dev == log->device &&
           status->st_size >= (off_t)log->offset &&
           csi_input_seek(log->input, log->offset);
}

/* COSEND_OK, or what error says. */
static int open_log(struct csi_log *log, struct cosend_error *error)
{
    struct cosend_io *io = log->all->stage->shared->io;
    struct stat status = {0};
    int outcome = cosend_input_open(io, log->path, 0, &log->input, error);

    if (outcome != COSEND_OK)
        return outcome;
    csi_input_lines_end_in(log->input,
                           csi_end_byte(&log->all->options->read.format));
    io->ops->fstat(log->input->fd, &status);
    if (log->opened && !goes_on(log, &status))
        return cosend_error_set(error, COSEND_E_INPUT,
                                "%.200s: it was replaced or cut before it was "
                                "read to its end",
                                log->name);
    log->opened = true;
    log->inode = status.st_ino;
    log->device = status.st_dev;
    csi_input_end_at(log->input, log->limit);
    return COSEND_OK;
}

static bool has_times(const struct csi_log *log, struct cosend_error *error)
{
    return csi_span_has_times(log->feed, log->name,
                              "they cannot be merged by time: say with -f what "
                              "it is, where a field has the time",
                              error);
}

static int end_log(struct csi_log *log, enum csi_torn torn)
{
    struct cosend_error error = {0};
    int status = torn == CSI_TORN_NOT ? csi_feed_end(log->feed)
                                      : csi_feed_tear(log->feed, torn);

    log->over = true;
    close_log(log);
    if (torn == CSI_TORN_NOT && status == COSEND_OK && !has_times(log, &error))
        cosend_unreadable(&log->all->stage->face, &error);
    return status;
}

/* Of a log that cannot be read on what was read before is merged. */
static int break_off(struct csi_log *log, const struct cosend_error *error)
{
    cosend_unreadable(&log->all->stage->face, error);
    if (log->opened)
        return end_log(log, CSI_TORN_UNREADABLE);
    log->over = true;
    return COSEND_OK;
}

/* What was read is taken; what need not be read of the file is passed over. */
static int take_piece(struct csi_log *log, size_t length, int *outcome,
                      struct cosend_error *error)
{
    bool learning = csi_feed_times(log->feed) == CSI_FEED_LEARNING;
    uint64_t size;
    int status = csi_feed_take(log->feed, length);

    log->can_close =
        log->input->owned && csi_input_is_seekable(log->input, &size);
    if (status != COSEND_OK || !learning)
        return status;
    if (!has_times(log, error))
        *outcome = error->kind;
    else if (log->all->bisects &&
             csi_feed_times(log->feed) == CSI_FEED_LEARNED &&
             !csi_span_skip(log->all->stage, log->feed, log->input))
        return COSEND_E_MEMORY;
    return status;
}

/* Before it waits for more, everything that came goes out. */
static int flush_if_idle(const struct csi_log *log)
{
    return cosend_input_live(log->input) && !cosend_input_ready(log->input)
               ? cosend_flush(&log->all->stage->face)
               : COSEND_OK;
}

static int read_piece(struct csi_log *log, int *outcome,
                      struct cosend_error *error)
{
    size_t room, length = 0;
    char *to = csi_feed_room(log->feed, &room);
    int status = to ? flush_if_idle(log) : COSEND_E_MEMORY;

    if (status != COSEND_OK)
        return status;
    if (room > log->all->piece)
        room = log->all->piece;
    *outcome = cosend_input_read(log->input, to, room, &length, error);
    return *outcome == COSEND_OK ? take_piece(log, length, outcome, error)
                                 : COSEND_OK;
}

int csi_log_read(struct csi_log *log)
{
    struct csi_stage *stage = log->all->stage;
    struct cosend_error error = {0};
    int status = COSEND_OK, outcome = COSEND_OK;

    if (!log->input)
        outcome = open_log(log, &error);
    if (outcome == COSEND_OK)
        status = read_piece(log, &outcome, &error);
    if (status == COSEND_OK && outcome == COSEND_DONE)
        status = end_log(log, CSI_TORN_NOT);
    else if (status == COSEND_OK && outcome == COSEND_E_MEMORY)
        status = csi_stage_no_memory(stage);
    else if (status == COSEND_OK && outcome < 0)
        status = break_off(log, &error);
    if (status != COSEND_OK)
        return status == COSEND_DONE ? COSEND_CLOSING : status;
    return csi_source_pause(stage) ? COSEND_OK : COSEND_CLOSING;
}

void csi_log_end(struct csi_log *log)
{
    for (size_t i = 0; i < log->count; i++)
        csi_batch_unref(log->heap[i].batch);
    csi_free(log->heap);
    csi_shapes_free(&log->shapes);
    close_log(log);
    csi_feed_free(log->feed);
}
