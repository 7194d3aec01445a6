/* SPDX-License-Identifier: MIT */
/* Sources: files and standard input, what they are read as, and live ones. */
#include "cosend/source.h"
#include "endpoint/read_names.h"
#include "endpoint/read_span.h"
#include "format/line_reader.h"
#include "io/input.h"
#include "io/io.h"
#include "read/feed.h"
#include "run/run.h"
#include "stage/edge.h"
#include "stage/source.h"
#include "stage/wait.h"

#include <sched.h>
#include <string.h>

static const char without_times[] =
    "since and until cannot tell which are meant: say with -f what it is, or "
    "with --time-field which field has the time, behind a `parse` that makes "
    "it";

/* What a source reads: its own paths, or the run's, or standard input. */
struct inputs {
    struct csi_stage *stage;
    const struct cosend_read_options *options;
    struct csi_read_names names;
    struct cosend_input **inputs;
    struct csi_feed **feeds;
    size_t count;
    struct csi_time_span span; /* where only lines of one are wanted */
    enum csi_torn torn; /* how the input that was read last came to its end */
};

static void free_inputs(void *argument)
{
    struct inputs *all = argument;

    for (size_t i = 0; all->inputs && i < all->count; i++)
        cosend_input_free(all->inputs[i]);
    for (size_t i = 0; all->feeds && i < all->count; i++)
        csi_feed_free(all->feeds[i]);
    csi_free(all->inputs);
    csi_free(all->feeds);
    csi_free(all);
}

static struct inputs *new_inputs(struct csi_stage *stage,
                                 const struct cosend_read_options *options,
                                 const struct csi_read_names *names)
{
    struct inputs *all = csi_calloc(1, sizeof(*all));

    if (!all) {
        csi_stage_no_memory(stage);
        return NULL;
    }
    all->stage = stage;
    all->options = options;
    all->names = *names;
    all->count = names->count;
    all->inputs = csi_calloc(all->count, sizeof(*all->inputs));
    all->feeds = csi_calloc(all->count, sizeof(*all->feeds));
    if (!all->inputs || !all->feeds) {
        free_inputs(all);
        csi_stage_no_memory(stage);
        return NULL;
    }
    return cosend_stage_defer(&stage->face, free_inputs, all) ? all : NULL;
}

static const char *source_name(const struct inputs *all, size_t i)
{
    return csi_read_name(all->names.paths[i]);
}

/* ---- One input ----------------------------------------------------------- */

/* What an input tells while it waits is told before it waits on. False, and it
   does not: the run ended meanwhile. */
static bool warn_of_input(void *context, const char *message)
{
    struct csi_stage *stage = context;

    csi_shared_warn(stage->shared, "%s", message);
    return csi_source_pause(stage);
}

static unsigned open_flags(const struct inputs *all)
{
    bool follow = all->options->follow || all->stage->shared->options->follow;

    return follow ? COSEND_INPUT_FOLLOW |
                        (all->options->on_missing ? 0U : COSEND_INPUT_WAIT)
                  : 0;
}

/* For an input, or, in turn, for all of them. */
static struct csi_feed *new_feed(struct inputs *all)
{
    struct csi_feed *feed =
        csi_feed_new(all->stage, &all->options->format, all->names.format);

    if (!feed || !csi_span_is_of_lines(all->options, all->names.format))
        return feed;
    all->span = csi_span_of_lines(all->options);
    csi_feed_span(feed, &all->span, csi_span_may_be_parsed(all->stage));
    return feed;
}

static int open_input(struct inputs *all, size_t i)
{
    struct cosend_error error = {0};
    int status = cosend_input_open(all->stage->shared->io, all->names.paths[i],
                                   open_flags(all), &all->inputs[i], &error);

    if (status == COSEND_OK)
        csi_input_lines_end_in(all->inputs[i],
                               csi_end_byte(&all->options->format));
    if (status == COSEND_OK || status == COSEND_E_MEMORY)
        return status == COSEND_OK ? status : csi_stage_no_memory(all->stage);
    cosend_unreadable(&all->stage->face, &error);
    return COSEND_DONE;
}

/* Before it waits for more, everything that came goes out; and while it waits,
   what comes of ticks. */
static int wait_for_input(struct csi_stage *stage, struct csi_feed *feed,
                          struct cosend_input *input)
{
    int status = COSEND_OK;

    if (!cosend_input_live(input))
        return COSEND_OK;
    if (csi_feed_times(feed) == CSI_FEED_LEARNING && !cosend_input_ready(input))
        status = csi_feed_settle(feed);
    if (status == COSEND_OK)
        return cosend_wait_inputs(&stage->face, &input, 1, INT64_MAX);
    return status == COSEND_DONE ? COSEND_CLOSING : status;
}

/* The columns of all inputs that are followed at once are those of the one that
   had a header first. */
static bool share_columns(const struct inputs *all, size_t i)
{
    for (size_t j = 0; j < all->count; j++)
        if (j != i && all->feeds[j] &&
            !csi_feed_share(all->feeds[i], all->feeds[j]))
            return false;
    return true;
}

/* What the end of an input made of the last line is a record, or rejected, now,
   and not when more data come. */
static int pass_on_end(struct csi_stage *stage, int ended)
{
    if (ended != COSEND_OK)
        return ended == COSEND_DONE ? COSEND_CLOSING : ended;
    return csi_source_pause(stage) ? COSEND_OK : COSEND_CLOSING;
}

/* The feed takes what was read; where that told it what the times are, what is
   not of the span is passed over. What it says is as for read_into_feed. */
static int take_into_feed(struct inputs *all, size_t i, size_t length,
                          int *read, struct cosend_error *error)
{
    struct csi_feed *feed = all->feeds[i];
    bool learning = csi_feed_times(feed) == CSI_FEED_LEARNING;
    int status = csi_feed_take(feed, length);

    if (status != COSEND_OK || !learning)
        return status;
    if (!csi_span_has_times(feed, source_name(all, i), without_times, error))
        *read = error->kind;
    else if (csi_feed_times(feed) == CSI_FEED_LEARNED &&
             !all->options->read_all &&
             !csi_span_skip(all->stage, feed, all->inputs[i]))
        return COSEND_E_MEMORY;
    return status;
}

/* Have the feed read, or read for it. What cosend_input_read says is *read;
   returns what the feed says of it. */
static int read_into_feed(struct inputs *all, size_t i, int *read,
                          struct cosend_error *error)
{
    struct csi_feed *feed = all->feeds[i];
    size_t room, length = 0;
    bool sifted;
    int status;
    char *to;

    *read = COSEND_OK;
    if (csi_feed_has_workers(feed, all->inputs[i]) &&
        cosend_input_ready(all->inputs[i]))
        return csi_feed_drain(feed, all->inputs[i], read, error);
    status = csi_feed_sift(feed, all->inputs[i], &sifted);
    if (sifted || status < 0)
        return status;
    to = csi_feed_room(feed, &room);
    if (!to || !share_columns(all, i))
        return COSEND_E_MEMORY;
    *read = cosend_input_read(all->inputs[i], to, room, &length, error);
    return *read == COSEND_OK ? take_into_feed(all, i, length, read, error)
                              : COSEND_OK;
}

static int end_records(const struct inputs *all, size_t i, enum csi_torn torn)
{
    struct cosend_error error = {0};
    int status;

    if (!share_columns(all, i))
        return COSEND_E_MEMORY;
    status = torn == CSI_TORN_NOT ? csi_feed_end(all->feeds[i])
                                  : csi_feed_tear(all->feeds[i], torn);
    if (torn != CSI_TORN_UNREADABLE && status == COSEND_OK &&
        !csi_span_has_times(all->feeds[i], source_name(all, i), without_times,
                            &error))
        cosend_unreadable(&all->stage->face, &error);
    return status;
}

/*
 * Read what there is.
 *
 * Returns COSEND_OK to go on; COSEND_DONE at this input's end; COSEND_CLOSING
 * when the source is to end; or an error.
 */
static int read_once(struct inputs *all, size_t i)
{
    struct csi_stage *stage = all->stage;
    struct cosend_error error = {0};
    int read, status = read_into_feed(all, i, &read, &error);

    if (status != COSEND_OK)
        return status == COSEND_DONE ? COSEND_CLOSING : status;
    switch (read) {
    case COSEND_OK:
        return csi_source_pause(stage) ? COSEND_OK : COSEND_CLOSING;
    case COSEND_YIELD:
        status = end_records(all, i, CSI_TORN_NOT);
        csi_feed_file(all->feeds[i], source_name(all, i),
                      cosend_input_offset(all->inputs[i]));
        return pass_on_end(stage, status);
    case COSEND_CLOSING:
        return csi_source_act(stage, true);
    case COSEND_DONE:
        all->torn = CSI_TORN_NOT;
        return COSEND_DONE;
    default:
        if (read == COSEND_E_MEMORY)
            return csi_stage_no_memory(stage);
        cosend_unreadable(&stage->face, &error);
        all->torn = CSI_TORN_UNREADABLE;
        return COSEND_DONE;
    }
}

/* What is left in hand at the end; where the run was stopped, on a live stream
   only: the rest of a file is read no more than what is in hand of it. */
static int end_whole(const struct inputs *all, size_t i, int status)
{
    int ended = COSEND_OK;

    if (all->stage->end == COSEND_END_DONE)
        return status;
    /* Of a run that failed nobody said where to stop. */
    if (status == COSEND_CLOSING && all->stage->shared->error.kind)
        return status;
    if (status == COSEND_DONE &&
        (i + 1 == all->count || !csi_feed_is_blank(all->feeds[i])))
        ended = end_records(all, i, all->torn);
    else if (status == COSEND_CLOSING && cosend_input_live(all->inputs[i]))
        ended = end_records(all, i, CSI_TORN_STOPPED);
    else
        return status;
    ended = pass_on_end(all->stage, ended);
    return ended == COSEND_OK ? status : ended;
}

/* How many may work on an input: on a live one, as many as were asked for. */
static uint32_t threads_for(const struct inputs *all, size_t i)
{
    uint32_t threads = all->stage->shared->options->threads;
    cpu_set_t set;

    if (threads != COSEND_THREADS_AUTO)
        return threads;
    if (cosend_input_live(all->inputs[i]) ||
        sched_getaffinity(0, sizeof(set), &set) != 0)
        return 1;
    return (uint32_t)CPU_COUNT(&set);
}

/* Read to the end, or until the source is to end. */
static int read_whole(struct inputs *all, size_t i, struct csi_feed *feed)
{
    int status = open_input(all, i);

    if (status != COSEND_OK)
        return status == COSEND_DONE ? COSEND_OK : status;
    all->feeds[i] = feed;
    csi_feed_file(feed, source_name(all, i), 0);
    csi_feed_skip(feed, all->stage->shared->options->skip_records);
    csi_feed_threads(feed, threads_for(all, i));
    while (status == COSEND_OK) {
        status = wait_for_input(all->stage, feed, all->inputs[i]);
        if (status == COSEND_OK)
            status = read_once(all, i);
    }
    status = end_whole(all, i, status);
    all->feeds[i] = NULL;
    cosend_input_free(all->inputs[i]);
    all->inputs[i] = NULL;
    return status == COSEND_DONE ? COSEND_OK : status;
}

static int read_in_order(struct inputs *all)
{
    struct csi_feed *feed = new_feed(all);
    int status = COSEND_OK, ended;

    if (!feed || !cosend_stage_defer(&all->stage->face, csi_feed_free, feed))
        return COSEND_E_MEMORY;
    for (size_t i = 0; status == COSEND_OK && i < all->count; i++)
        status = read_whole(all, i, feed);
    ended = csi_feed_finish(feed);
    if (status >= 0 && ended < 0)
        status = ended;
    return status < 0 ? status : COSEND_OK;
}

/* ---- Following several --------------------------------------------------- */

/* Whether a step makes something of many records, and not of each. */
static bool sums_up(const struct csi_stage *source)
{
    const struct csi_plan *plan = source->shared->plan;

    for (uint32_t i = 0; i < plan->node_count; i++)
        if (plan->nodes[i].filter->role == COSEND_FILTER &&
            plan->nodes[i].filter->absorbs)
            return true;
    return false;
}

/* Begin with the last records of a file, where that was asked for; who has said
   since when means more than the ten that nobody has asked for. */
static int begin_last(struct inputs *all, size_t i)
{
    const struct cosend_options *run = all->stage->shared->options;
    struct cosend_error error = {0};
    unsigned long long count = run->last_records;
    bool skipped = false;
    int status = COSEND_OK;

    if (!run->follow_last ||
        (run->tell_skipped && all->options->span.since.length))
        return COSEND_OK;
    if (!share_columns(all, i))
        return COSEND_E_MEMORY;
    status = csi_feed_last_records(all->feeds[i], all->inputs[i], count,
                                   &skipped, &error);
    if (error.kind)
        return csi_stage_fail(all->stage, &error);
    if (status == COSEND_OK && skipped && run->tell_skipped &&
        sums_up(all->stage))
        csi_shared_warn(all->stage->shared,
                        "%s: only its last %llu records, and what comes, are "
                        "read; --lines +1 reads all",
                        source_name(all, i), count);
    return status == COSEND_DONE ? COSEND_CLOSING : status;
}

static int open_all(struct inputs *all)
{
    for (size_t i = 0; i < all->count; i++) {
        int status = open_input(all, i);

        if (status < 0)
            return status;
        if (status == COSEND_DONE)
            continue;
        all->feeds[i] = new_feed(all);
        if (!all->feeds[i])
            return COSEND_E_MEMORY;
        csi_feed_file(all->feeds[i], source_name(all, i), 0);
        csi_feed_skip(all->feeds[i], all->stage->shared->options->skip_records);
        status = begin_last(all, i);
        if (status != COSEND_OK)
            return status;
    }
    return COSEND_OK;
}

/* Those that have not ended, in front. */
static size_t still_open(const struct inputs *all, struct cosend_input **open)
{
    size_t count = 0;

    for (size_t i = 0; i < all->count; i++)
        if (all->inputs[i])
            open[count++] = all->inputs[i];
    return count;
}

static int end_input(struct inputs *all, size_t i)
{
    int status = end_records(all, i, all->torn);

    cosend_input_free(all->inputs[i]);
    all->inputs[i] = NULL;
    return pass_on_end(all->stage, status);
}

static int read_ready(struct inputs *all, bool *read)
{
    int status = COSEND_OK;

    *read = false;
    for (size_t i = 0; status == COSEND_OK && i < all->count; i++) {
        if (!all->inputs[i] || !cosend_input_ready(all->inputs[i]))
            continue;
        *read = true;
        status = read_once(all, i);
        if (status == COSEND_DONE)
            status = end_input(all, i);
    }
    return status;
}

static int wait_for_any(struct inputs *all, struct cosend_input **open)
{
    size_t count = still_open(all, open);

    if (!count)
        return COSEND_CLOSING;
    for (size_t i = 0; i < all->count; i++) {
        int status =
            all->inputs[i] ? csi_feed_settle(all->feeds[i]) : COSEND_OK;

        if (status != COSEND_OK)
            return status == COSEND_DONE ? COSEND_CLOSING : status;
    }
    return cosend_wait_inputs(&all->stage->face, open, count, INT64_MAX);
}

static int follow_all(struct inputs *all)
{
    struct cosend_input **open =
        csi_calloc(all->count, sizeof(struct cosend_input *));
    int status;
    bool read;

    if (!open || !cosend_stage_defer(&all->stage->face, csi_free, open))
        return open ? COSEND_E_MEMORY : csi_stage_no_memory(all->stage);
    all->stage->shared->alternate = true;
    status = open_all(all);
    while (status == COSEND_OK) {
        status = csi_source_act(all->stage, false);
        if (status == COSEND_OK)
            status = read_ready(all, &read);
        else
            read = true;
        if (status == COSEND_OK && !read)
            status = wait_for_any(all, open);
    }
    for (size_t i = 0; status == COSEND_CLOSING && i < all->count; i++)
        if (all->inputs[i] && all->stage->end != COSEND_END_DONE)
            end_records(all, i, CSI_TORN_STOPPED);
    return status < 0 ? status : COSEND_OK;
}

int cosend_read(struct cosend_stage *self,
                const struct cosend_read_options *options)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct csi_read_names names;
    struct inputs *all;
    int status = csi_read_begin(stage, options, &names);

    if (status < 0)
        return status;
    all = new_inputs(stage, options, &names);
    if (!all)
        return COSEND_E_MEMORY;
    if (!options->follow && !stage->shared->options->follow)
        return read_in_order(all);
    cosend_io_on_news(stage->shared->io, warn_of_input, stage);
    status = follow_all(all);
    cosend_io_on_news(stage->shared->io, NULL, NULL);
    return status;
}
