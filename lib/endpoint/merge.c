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
 * instead of going to the source's targets. What goes on is made of records
 * next to each other of one such batch, with ordinals given anew, in the order
 * in which they leave.
 *
 * Of thousands of files not all can be open. Those of which that can be done,
 * regular files as they are, are closed when others are to be read, and opened
 * again at the place where they were left.
 */
#include "cosend/endpoint.h"

#include "endpoint/merge_log.h"
#include "endpoint/read_names.h"
#include "endpoint/read_span.h"
#include "stage/dispatch.h"
#include "stage/edge.h"
#include "stage/source.h"

#include <string.h>
#include <sys/resource.h>

enum {
    OPEN_LEAST = 8,
    OPEN_SPARE = 48,        /* descriptors for all else */
    OPEN_MOST = 512,        /* more are of no use */
    TOGETHER = 16 << 20,    /* bytes that are read of all logs in a turn, */
    PIECE_LEAST = 16 * 1024 /* but of each no less */
};

struct merge {
    struct csi_logs all;
    struct csi_log *logs;
    size_t count;
    size_t *order; /* a heap of the logs whose first record is known */
    size_t ordered;
    uint64_t ordinal;
    struct cosend_batch *from; /* records of it go on next, at: */
    uint32_t *positions, pending;
    size_t capacity;
};

static void free_merge(void *memory)
{
    struct merge *merge = memory;

    for (size_t i = 0; merge->logs && i < merge->count; i++)
        csi_log_end(&merge->logs[i]);
    csi_batch_unref(merge->from);
    csi_free(merge->positions);
    csi_free(merge->order);
    csi_free(merge->logs);
    csi_free(merge);
}

/* ---- Which is first ------------------------------------------------------ */

static bool is_first(const struct merge *merge, size_t a, size_t b)
{
    int64_t one = merge->logs[a].heap[0].time,
            other = merge->logs[b].heap[0].time;

    return one != other ? one < other : a < b;
}

static void put_in_order(struct merge *merge, size_t log)
{
    size_t i = merge->ordered++;

    for (; i && is_first(merge, log, merge->order[(i - 1) / 2]);
         i = (i - 1) / 2)
        merge->order[i] = merge->order[(i - 1) / 2];
    merge->order[i] = log;
}

static size_t take_first(struct merge *merge)
{
    size_t first = merge->order[0], last = merge->order[--merge->ordered];
    size_t i = 0, below;

    while ((below = 2 * i + 1) < merge->ordered) {
        below += below + 1 < merge->ordered &&
                 is_first(merge, merge->order[below + 1], merge->order[below]);
        if (!is_first(merge, merge->order[below], last))
            break;
        merge->order[i] = merge->order[below];
        i = below;
    }
    merge->order[i] = last;
    return first;
}

/* ---- What goes on -------------------------------------------------------- */

static int send_pending(struct merge *merge)
{
    struct csi_stage *stage = merge->all.stage;
    struct cosend_batch *batch;
    uint64_t *ordinals;
    int status;

    if (!merge->pending)
        return COSEND_OK;
    batch = csi_batch_derive(merge->from, merge->from->schema, NULL,
                             merge->positions, merge->pending);
    ordinals =
        batch ? csi_arena_get(&batch->arena, batch->count * sizeof(*ordinals))
              : NULL;
    for (uint32_t i = 0; ordinals && i < batch->count; i++)
        ordinals[i] = ++merge->ordinal;
    merge->pending = 0;
    csi_batch_unref(merge->from);
    merge->from = NULL;
    if (!ordinals) {
        csi_batch_unref(batch);
        return csi_stage_no_memory(stage);
    }
    batch->ordinals = ordinals;
    status = csi_stage_dispatch(stage, batch);
    csi_batch_unref(batch);
    if (status == COSEND_OK && !csi_source_pause(stage))
        return COSEND_DONE;
    return status;
}

/* COSEND_OK, COSEND_DONE where nobody wants more, or an error. */
static int send(struct merge *merge, struct csi_waiting *next)
{
    int status = COSEND_OK;

    if (merge->pending &&
        (next->batch != merge->from ||
         next->position < merge->positions[merge->pending - 1] ||
         merge->pending == merge->all.stage->shared->batch_size))
        status = send_pending(merge);
    if (status == COSEND_OK &&
        !csi_grow(&merge->positions, &merge->capacity,
                  (size_t)merge->pending + 1, sizeof(*merge->positions)))
        status = csi_stage_no_memory(merge->all.stage);
    if (status == COSEND_OK && !merge->pending)
        merge->from = csi_batch_ref(next->batch);
    if (status == COSEND_OK)
        merge->positions[merge->pending++] = next->position;
    else
        merge->all.stage->face.dropped++;
    csi_batch_unref(next->batch);
    return status;
}

/* ---- Reading ------------------------------------------------------------- */

/* The columns of all are those of the one that had a header first. */
static bool share_columns(const struct merge *merge, size_t i)
{
    for (size_t j = 0; j < merge->count; j++)
        if (j != i && merge->logs[j].feed &&
            !csi_feed_share(merge->logs[i].feed, merge->logs[j].feed))
            return false;
    return true;
}

/* The log to close so that another can be opened: that which was not read for
   the longest time. NULL where none can be: then opening will say so. */
static struct csi_log *least_used(const struct merge *merge)
{
    struct csi_log *least = NULL;

    for (size_t i = 0; i < merge->count; i++) {
        struct csi_log *log = &merge->logs[i];

        if (log->input && log->can_close && (!least || log->used < least->used))
            least = log;
    }
    return least;
}

/* Read a log until its first record is known, or it is over. */
static int settle(struct merge *merge, size_t i)
{
    struct csi_log *log = &merge->logs[i];
    int status = COSEND_OK;

    while (status == COSEND_OK && !csi_log_is_settled(log)) {
        if (!log->begun && !share_columns(merge, i))
            return COSEND_E_MEMORY;
        status = csi_log_read(log, csi_log_needs_room(log) ? least_used(merge)
                                                           : NULL);
    }
    if (status == COSEND_OK && log->count)
        put_in_order(merge, i);
    return status;
}

static int run(struct merge *merge)
{
    int status = COSEND_OK, sent;

    for (size_t i = 0; status == COSEND_OK && i < merge->count; i++)
        status = settle(merge, i);
    while (status == COSEND_OK && merge->ordered) {
        size_t i = take_first(merge);
        struct csi_waiting next = csi_log_take(&merge->logs[i]);

        status = send(merge, &next);
        if (status == COSEND_OK)
            status = settle(merge, i);
    }
    sent = status == COSEND_OK ? send_pending(merge) : COSEND_OK;
    /* What was read and does not go on any more. */
    merge->all.stage->face.dropped += merge->pending;
    for (size_t i = 0; i < merge->count; i++)
        merge->all.stage->face.dropped += merge->logs[i].count;
    if (status == COSEND_OK)
        status = sent;
    return status < 0 ? status : COSEND_OK;
}

/* ---- Making -------------------------------------------------------------- */

static size_t most_open(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 ||
        limit.rlim_cur == RLIM_INFINITY ||
        limit.rlim_cur >= OPEN_MOST + OPEN_SPARE)
        return OPEN_MOST;
    return limit.rlim_cur > OPEN_LEAST + OPEN_SPARE
               ? (size_t)limit.rlim_cur - OPEN_SPARE
               : OPEN_LEAST;
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
    merge->all.most = most_open();
    return true;
}

int cosend_merge(struct cosend_stage *self,
                 const struct cosend_merge_options *options)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct cosend_error error = {0};
    struct csi_read_names names;
    struct merge *merge;
    int status = csi_read_begin(stage, &options->read, &names);

    if (status != COSEND_OK)
        return status;
    if (CSI_CHECK_RESERVED(options, "merge options", &error) < 0)
        return csi_stage_fail(stage, &error);
    if (options->read.paths.count && stage->shared->options->file_count)
        return cosend_fail(self, COSEND_E_USAGE,
                           "both the step and the command line name files; one "
                           "of them is to");
    if (stage->shared->options->follow)
        return cosend_fail(self, COSEND_E_USAGE,
                           "logs are merged up to their ends, and cannot be "
                           "followed");
    merge = csi_calloc(1, sizeof(*merge));
    if (!merge)
        return csi_stage_no_memory(stage);
    merge->all.stage = stage;
    merge->all.options = options;
    merge->all.format = names.format;
    merge->all.span = csi_span_of_lines(&options->read);
    merge->all.of_lines = names.format->number == COSEND_FORMAT_TEXT &&
                          !options->read.span.field.length;
    if (!cosend_stage_defer(self, free_merge, merge))
        return COSEND_E_MEMORY;
    if (!make_logs(merge, &names))
        return csi_stage_no_memory(stage);
    return run(merge);
}
