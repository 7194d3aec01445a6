/* SPDX-License-Identifier: MIT */
/*
 * Several logs merged by time.
 *
 *     log 0: a feed -> its records, the first one in front \
 *     log 1: a feed -> its records, the first one in front  > the first of all
 *     log 2: ...                                           /
 *
 * A log is in order within a bound: no record is more than `within` before one
 * that was read before it. So the first record of a log is known once one was
 * read that is `within` later, or its end; until then it is read on. What waits
 * is held with the blocks that it lies in, and that is all that is held. A
 * record that is later than the bound cannot take its place any more: it is
 * bad. Of equal times those of the earlier file go first, and of one file those
 * that were read first; a line without a time has that of the line before it,
 * so that it stays behind that.
 *
 * Each log has a feed of its own, whose batches come to it (merge_log.c)
 * instead of going to the source's targets. Neighbours in the output are seldom
 * of one batch, so their bytes are copied to batches of the output's own, each
 * record with its place, and with an ordinal in the order in which it leaves.
 *
 * Of thousands of files not all can be open. Then those of which that can be
 * done, regular files as they are, are closed between two reads, and opened
 * again at the place where they were left.
 */
#include "cosend/endpoint.h"

#include "base/heap.h"
#include "endpoint/merge_log.h"
#include "endpoint/read_names.h"
#include "endpoint/read_span.h"
#include "read/bisect.h"
#include "stage/dispatch.h"
#include "stage/edge.h"
#include "stage/source.h"
#include "stage/stored_batch.h"

#include <string.h>
#include <sys/resource.h>

enum {
    SPARE = 48,              /* descriptors for all else */
    TOGETHER = 16 << 20,     /* bytes that are read of all logs in a turn, */
    PIECE_LEAST = 16 * 1024, /* but of each no less */
    BATCH_BYTES = 1 << 18    /* of what goes on */
};

struct merge {
    struct csi_logs all;
    struct csi_log *logs;
    size_t count;
    size_t *order; /* a heap of the logs whose first record is known */
    size_t ordered;
    const struct csi_feed *columns; /* that had them first; or NULL */
    uint64_t ordinal;
    struct csi_stored_batch made; /* what goes on next */
    struct cosend_bytes stored;
};

static void free_merge(void *memory)
{
    struct merge *merge = memory;

    for (size_t i = 0; merge->logs && i < merge->count; i++)
        csi_log_end(&merge->logs[i]);
    csi_stored_batch_drop(&merge->made);
    cosend_bytes_free(&merge->stored);
    csi_free(merge->order);
    csi_free(merge->logs);
    csi_free(merge);
}

/* ---- Which is first ------------------------------------------------------ */

static bool is_first(const void *own, const void *a, const void *b)
{
    const struct merge *merge = own;
    size_t one = *(const size_t *)a, other = *(const size_t *)b;
    int64_t left = merge->logs[one].heap[0].time;
    int64_t right = merge->logs[other].heap[0].time;

    return left != right ? left < right : one < other;
}

static void put_in_order(struct merge *merge, size_t log)
{
    merge->order[merge->ordered] = log;
    csi_heap_rise(merge->order, sizeof(*merge->order), merge->ordered++,
                  is_first, merge);
}

static size_t take_first(struct merge *merge)
{
    size_t first = merge->order[0];

    merge->order[0] = merge->order[--merge->ordered];
    if (merge->ordered)
        csi_heap_sink(merge->order, sizeof(*merge->order), merge->ordered, 0,
                      is_first, merge);
    return first;
}

/* ---- What goes on -------------------------------------------------------- */

/* COSEND_OK, COSEND_DONE where nobody wants more, or an error. */
static int send_made(struct merge *merge)
{
    struct csi_stage *stage = merge->all.stage;
    struct cosend_batch *batch;
    int status;

    if (!merge->made.batch)
        return COSEND_OK;
    batch = csi_stored_batch_take(&merge->made);
    if (!batch)
        return csi_stage_no_memory(stage);
    status = csi_stage_dispatch(stage, batch);
    csi_batch_unref(batch);
    if (status == COSEND_OK && !csi_source_pause(stage))
        return COSEND_DONE;
    return status;
}

static int add(struct merge *merge, const struct csi_waiting *next)
{
    struct csi_stored_batch *made = &merge->made;
    int status =
        csi_stored_batch_add(made, (const unsigned char *)merge->stored.data);

    if (status != COSEND_OK)
        return status;
    made->ordinals[made->batch->count - 1] = ++merge->ordinal;
    if (made->rows)
        made->rows->timed = next->batch->rows->timed;
    return COSEND_OK;
}

static int send(struct merge *merge, struct csi_log *log,
                const struct csi_waiting *next)
{
    const struct cosend_record record =
        cosend_batch_record(next->batch, next->position);
    struct csi_stage *stage = merge->all.stage;
    int status = COSEND_E_MEMORY;

    cosend_bytes_clear(&merge->stored);
    merge->made.shapes = &log->shapes;
    if (csi_stored_put(&log->shapes, &merge->stored, &record, NULL))
        status = add(merge, next);
    if (status == COSEND_DONE) {
        status = send_made(merge);
        if (status == COSEND_OK)
            status = add(merge, next);
    }
    if (status != COSEND_OK)
        stage->face.dropped++;
    return status == COSEND_E_MEMORY ? csi_stage_no_memory(stage) : status;
}

/* ---- Reading ------------------------------------------------------------- */

/* The columns of all are those of the one that had a header first. */
static bool share_columns(const struct merge *merge, const struct csi_log *log)
{
    return !merge->columns || csi_feed_share(log->feed, merge->columns);
}

/* What is in order goes on before; so what is told of the records that are read
   is of a place in the output that does not depend on the batches. */
static int read_on(struct merge *merge, struct csi_log *log)
{
    int status = send_made(merge);

    if (status != COSEND_OK)
        return status;
    if (!share_columns(merge, log))
        return COSEND_E_MEMORY;
    merge->all.stage->shared->position = merge->ordinal;
    status = csi_log_read(log);
    if (!merge->columns && csi_feed_has_columns(log->feed))
        merge->columns = log->feed;
    return status;
}

/* Read a log until its first record is known, or it is over. */
static int settle(struct merge *merge, size_t i)
{
    struct csi_log *log = &merge->logs[i];
    int status = COSEND_OK;

    while (status == COSEND_OK && !csi_log_is_settled(log))
        status = read_on(merge, log);
    csi_log_rest(log);
    if (status == COSEND_OK && log->count)
        put_in_order(merge, i);
    return status;
}

static int run(struct merge *merge)
{
    int status = COSEND_OK;

    for (size_t i = 0; status == COSEND_OK && i < merge->count; i++)
        status = settle(merge, i);
    while (status == COSEND_OK && merge->ordered) {
        size_t i = take_first(merge);
        struct csi_waiting next = csi_log_take(&merge->logs[i]);

        status = send(merge, &merge->logs[i], &next);
        csi_batch_unref(next.batch);
        if (status == COSEND_OK)
            status = settle(merge, i);
    }
    if (status == COSEND_OK)
        status = send_made(merge);
    /* What was read and does not go on any more. */
    for (size_t i = 0; i < merge->count; i++)
        merge->all.stage->face.dropped += merge->logs[i].count;
    if (merge->made.batch)
        merge->all.stage->face.dropped += merge->made.batch->count;
    return status < 0 ? status : COSEND_OK;
}

/* ---- Making -------------------------------------------------------------- */

static bool are_too_many(size_t count)
{
    struct rlimit limit;

    return getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
           limit.rlim_cur != RLIM_INFINITY && count + SPARE > limit.rlim_cur;
}

static bool make_logs(struct merge *merge, const struct csi_read_names *names)
{
    merge->logs = csi_calloc(names->count, sizeof(*merge->logs));
    merge->order = csi_calloc(names->count, sizeof(*merge->order));
    if (!merge->logs || !merge->order)
        return false;
    merge->count = names->count;
    for (size_t i = 0; i < merge->count; i++) {
        merge->logs[i].all = &merge->all;
        merge->logs[i].path = names->paths[i];
        merge->logs[i].name = csi_read_name(names->paths[i]);
        if (!csi_log_begin(&merge->logs[i]))
            return false;
    }
    merge->all.piece = TOGETHER / merge->count;
    if (merge->all.piece < PIECE_LEAST)
        merge->all.piece = PIECE_LEAST;
    merge->all.crowded = are_too_many(merge->count);
    return true;
}

/* What cannot be merged, or not as it is asked for. */
static int check(struct csi_stage *stage,
                 const struct cosend_merge_options *options,
                 const struct csi_read_names *names)
{
    const struct cosend_options *run = stage->shared->options;
    const struct cosend_span *span = &options->read.span;
    struct cosend_error error = {0};

    if (CSI_CHECK_RESERVED(options, "merge options", &error) < 0)
        return csi_stage_fail(stage, &error);
    if (options->read.paths.count && run->file_count)
        return cosend_fail(&stage->face, COSEND_E_USAGE,
                           "the step names files, and so does the command "
                           "line: name all of them in one place");
    if (options->read.follow || run->follow)
        return cosend_fail(&stage->face, COSEND_E_USAGE,
                           "logs are merged up to their ends, and cannot be "
                           "followed");
    if (run->skip_records)
        return cosend_fail(&stage->face, COSEND_E_USAGE,
                           "--lines +N is where files are begun that are read "
                           "in order, and these are merged");
    if (names->format->number == COSEND_FORMAT_TEXT && span->field.length &&
        !span->since.length && !span->until.length)
        return cosend_fail(&stage->face, COSEND_E_USAGE,
                           "time_field: %.200s is read as text, whose lines "
                           "have the times; say with -f what it is, where a "
                           "field has them",
                           csi_read_name(names->paths[0]));
    return COSEND_OK;
}

static void set_up(struct csi_logs *all, struct csi_stage *stage,
                   const struct cosend_merge_options *options,
                   const struct csi_format *format)
{
    all->stage = stage;
    all->options = options;
    all->format = format;
    all->span = csi_span_of_lines(&options->read);
    all->of_lines = format->number == COSEND_FORMAT_TEXT;
    if (csi_span_is_of_lines(&options->read, format)) {
        all->bisects =
            options->within <= CSI_BISECT_SLACK && !options->read.read_all;
    } else {
        /* A step behind judges by a field. */
        all->span.from = INT64_MIN;
        all->span.to = INT64_MAX;
    }
}

int cosend_merge(struct cosend_stage *self,
                 const struct cosend_merge_options *options)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct csi_read_names names;
    struct merge *merge;
    int status = csi_read_begin(stage, &options->read, &names);

    if (status == COSEND_OK)
        status = check(stage, options, &names);
    if (status != COSEND_OK)
        return status;
    merge = csi_calloc(1, sizeof(*merge));
    if (!merge)
        return csi_stage_no_memory(stage);
    set_up(&merge->all, stage, options, names.format);
    merge->made.most = stage->shared->batch_size;
    merge->made.bytes = BATCH_BYTES;
    if (!cosend_stage_defer(self, free_merge, merge))
        return COSEND_E_MEMORY;
    if (!make_logs(merge, &names))
        return csi_stage_no_memory(stage);
    return run(merge);
}
