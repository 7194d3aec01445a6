/* SPDX-License-Identifier: MIT */
/*
 * rejoin: emits one record for the pieces that the runtime of a container cut a
 * line into, that of the first of them, with the text of all of them.
 *
 * Lines of several streams, and files, alternate: each has a state of its own.
 * A line goes on when its last piece comes, which says that it is the last. So
 * a batch without pieces, as most are, goes on as it came.
 */
#include "cosend.h"

#include <string.h>

enum runtime { CRI, DOCKER };

struct rejoin {
    int runtime;
    struct cosend_events_options events;
    struct cosend_fields by;
};

static const char *const runtimes[] = {"cri", "docker", NULL};

/* Cells of constant text, with bytes behind that may be read. */
static const char whole[40] = "F", piece[40] = "P", yes[40] = "true";

/* What `parse` calls things, of each runtime; and what its mark is of a line
   that is whole, and of a piece that is not the last. */
static const struct names {
    const char *text, *mark;
    struct cosend_cell marks[2];
} names[] = {
    {"message",
     "tag",
     {{.data = whole, .length = 1, .kind = COSEND_TEXT},
      {.data = piece, .length = 1, .kind = COSEND_TEXT}}},
    {"log",
     "partial",
     {{.kind = COSEND_ABSENT},
      {.data = yes, .length = 4, .kind = COSEND_BOOL}}},
};

static const struct cosend_option options[] = {
    {.name = "runtime",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct rejoin, runtime),
     .flags = COSEND_MAIN | COSEND_REQUIRED,
     .choices = runtimes,
     .help = "whose logs they are, behind `parse` of that name: of cri a tag P "
             "says that message goes on, of docker partial that log does",
     .example = "\"cri\""},
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct rejoin, by),
     .fallback = "\"stream\"",
     .help = "pieces belong together that are the same in these fields, and of "
             "one file",
     .example = "[\"stream\", \"pod\"]"},
    {.name = "max_bytes",
     .type = COSEND_OPTION_SIZE,
     .offset = offsetof(struct rejoin, events.max_bytes),
     .fallback = "\"1M\"",
     .minimum = 1,
     .maximum = 1 << 30,
     .help = "a line of more bytes stays in pieces of no more, and that is "
             "told",
     .example = "\"256K\""},
    {.name = "timeout",
     .type = COSEND_OPTION_DURATION,
     .offset = offsetof(struct rejoin, events.timeout),
     .fallback = "\"5s\"",
     .minimum = 0,
     .maximum = INT64_MAX / 4,
     .help = "of a live input: what there is of a line goes on when no more of "
             "it came for so long; 0: at the end",
     .example = "\"500ms\""},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    struct rejoin *rejoin = memory;
    const struct names *of = &names[rejoin->runtime];

    rejoin->events.marks = of->marks;
    rejoin->events.field =
        cosend_check_field(check, "runtime", of->text, strlen(of->text));
    rejoin->events.mark =
        cosend_check_field(check, "runtime", of->mark, strlen(of->mark));
    if (rejoin->runtime == DOCKER)
        cosend_check_missing(
            check, (struct cosend_fields){rejoin->events.mark.slot, 1},
            COSEND_MISSING_SKIP);
}

/* ---- Body ---------------------------------------------------------------- */

struct work {
    struct cosend_stage *self;
    const struct rejoin *rejoin;
    struct cosend_events *events;
    struct cosend_table *lines; /* struct cosend_open_event, by stream, and by
                                   file where these alternate */
    struct cosend_bytes *key;
    size_t open;                    /* how many lack a piece */
    const char *source;             /* the file that was read last */
    struct cosend_open_event plain; /* of batches without pieces */
};

static void free_lines(void *memory)
{
    const struct cosend_table *lines = memory;
    const void *key;
    size_t length;

    for (size_t i = 0; i < cosend_table_count(lines); i++)
        cosend_open_event_free(cosend_table_at(lines, i, &key, &length));
}

static bool is_piece(const struct work *work, struct cosend_cell mark)
{
    const struct cosend_cell *of = &work->rejoin->events.marks[1];

    return mark.length == of->length &&
           memcmp(mark.data, of->data, of->length) == 0;
}

static bool has_pieces(const struct work *work,
                       const struct cosend_cells *marks, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (is_piece(work, cosend_cell_at(marks, i)))
            return true;
    return false;
}

/* The line of a record's stream. NULL, with the step failed, without memory. */
static struct cosend_open_event *line_of(struct work *work,
                                         const struct cosend_record *record,
                                         const char *source)
{
    const struct cosend_fields none = {0, 0};
    struct cosend_open_event *line = NULL;
    bool fresh;

    if (!cosend_record_key(work->self, record, work->rejoin->by, none,
                           work->key))
        return NULL;
    if (source)
        cosend_put_raw(work->key, source, strlen(source));
    if (!work->key->failed)
        line = cosend_table_get(work->lines, work->key->data, work->key->length,
                                &fresh);
    if (!line)
        cosend_fail(work->self, COSEND_E_MEMORY, "out of memory");
    return line;
}

/* Whether records come of the file that the last ones came of. */
static bool is_last_source(struct work *work, const char *source)
{
    const char *last = work->source;

    work->source = source;
    return last == source || (last && source && strcmp(last, source) == 0);
}

/* Of a file that has ended no piece is to come: what there is goes on. */
static void end_lines(struct work *work, uint32_t position)
{
    const void *key;
    size_t length;

    for (size_t i = 0; work->open && i < cosend_table_count(work->lines); i++) {
        struct cosend_open_event *line =
            cosend_table_at(work->lines, i, &key, &length);

        cosend_events_end(work->events, line, position);
        work->open -= line->unfinished;
        line->unfinished = false;
    }
}

/* The record at a position has the text, and the mark. */
static bool take_piece(struct work *work, struct cosend_open_event *line,
                       uint32_t position, struct cosend_cell text,
                       struct cosend_cell mark)
{
    bool belongs = line->unfinished;

    if (!cosend_events_take(work->events, line, position, text, belongs))
        return false;
    line->unfinished = is_piece(work, mark);
    work->open += line->unfinished;
    work->open -= belongs;
    if (!line->unfinished)
        cosend_events_end(work->events, line, position);
    return true;
}

static bool take_batch(struct work *work, const struct cosend_batch *batch)
{
    const struct cosend_events_options *of = &work->rejoin->events;
    struct cosend_cells texts = cosend_column_of(work->self, of->field);
    struct cosend_cells marks = cosend_column_of(work->self, of->mark);
    uint32_t count = cosend_batch_count(batch), end = 0;
    bool alternate = cosend_files_alternate(work->self);
    bool plain = !work->open && !has_pieces(work, &marks, count);
    const char *source = NULL;
    uint64_t first, last;

    if (!cosend_events_begin(work->events, plain))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        struct cosend_open_event *line = &work->plain;

        if (i == end) {
            end += cosend_batch_source(batch, i, &source, &first, &last);
            if (!alternate && !is_last_source(work, source))
                end_lines(work, i);
        }
        if (!plain) {
            struct cosend_record record = cosend_record_at(work->self, i);

            line = line_of(work, &record, alternate ? source : NULL);
        }
        if (!line || !take_piece(work, line, i, cosend_cell_at(&texts, i),
                                 cosend_cell_at(&marks, i)))
            return false;
    }
    return cosend_events_leave(work->events);
}

static int save(const void *state, struct cosend_bytes *to)
{
    return cosend_events_save(state, to);
}

static int merge(void *state, struct cosend_reader_bytes *from)
{
    return cosend_events_merge(state, from);
}

static bool start_work(struct work *work)
{
    struct cosend_stage *self = work->self;

    work->events = cosend_events_new(self, &work->rejoin->events);
    work->lines = cosend_stage_table(self, sizeof(struct cosend_open_event));
    work->key = cosend_stage_text(self);
    if (!work->events || !work->lines || !work->key ||
        !cosend_stage_defer(self, free_lines, work->lines))
        return false;
    cosend_only_fields(self);
    cosend_publish(self, work->events);
    return true;
}

static int body(struct cosend_stage *self, void *memory)
{
    struct work *work = cosend_stage_memory(self, sizeof(*work));
    const struct cosend_batch *batch;
    enum cosend_event event;

    if (!work)
        return COSEND_E_MEMORY;
    work->self = self;
    work->rejoin = memory;
    if (!start_work(work))
        return COSEND_E_MEMORY;
    while ((event = cosend_receive_batch_until(
                self, &batch, cosend_events_due(work->events))) !=
           COSEND_EVENT_END)
        if (event == COSEND_EVENT_TICK)
            cosend_events_tick(work->events);
        else if (!take_batch(work, batch))
            return 0;
    if (cosend_ended(self) != COSEND_END_CLOSED)
        return 0;
    return cosend_events_finish(work->events) ? 0 : COSEND_E_MEMORY;
}

const struct cosend_filter csi_filter_rejoin = {
    .abi = COSEND_ABI,
    .name = "rejoin",
    .role = COSEND_FILTER,
    .summary = "Make one record of the pieces of a container's line",
    .details =
        "Emits one record for each line that a container wrote, where its "
        "runtime cut it into several as long ones are (16 KB): the first "
        "piece's, with the text of all of them, nothing between. Streams are "
        "told apart by `by`, and files. Its mark is that of the last piece: "
        "tag F, and no field partial. Where the last one never came, to the "
        "end of the file or within `timeout`, or where they are more than "
        "max_bytes together, tag stays P and partial true, and nothing is "
        "lost: what came later is a record of its own. multiline, behind it, "
        "joins the lines of a trace. Memory: the lines that lack a piece, of "
        "max_bytes at most each, one for each file and group of `by`. It sees "
        "records one after the other, in one thread.",
    .example = "parse cri | rejoin cri",
    .options_size = sizeof(struct rejoin),
    .options = options,
    .check = check,
    .body = body,
    .save = save,
    .merge = merge,
    .absorbs = true,
};
