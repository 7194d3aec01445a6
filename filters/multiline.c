/* SPDX-License-Identifier: MIT */
/*
 * multiline: emits one record for the lines that belong together, that of the
 * first of them, with all of them in its field.
 *
 * There is a state for each file, or for each group of `by`. Where files do not
 * alternate one is enough: a file ends where another begins.
 */
#include "cosend.h"

#include <string.h>

struct multiline {
    struct cosend_strings preset;
    struct cosend_string start, more, end;
    struct cosend_events_options events;
    struct cosend_fields by;
    int64_t max_groups;
    bool indent;
    /* What check makes of them; NULL: not given. */
    struct cosend_event_lines *lines;
    struct cosend_regex *starts, *continues, *ends;
};

static const struct cosend_option options[] = {
    {.name = "preset",
     .type = COSEND_OPTION_STRINGS,
     .offset = offsetof(struct multiline, preset),
     .flags = COSEND_MAIN,
     .help = "lines belong together as these print them: java, python, go, "
             "ruby, node, php, mysql_slow, postgres",
     .example = "[\"java\", \"python\"]"},
    {.name = "start",
     .type = COSEND_OPTION_PATTERN,
     .offset = offsetof(struct multiline, start),
     .help = "in place of presets: a line in which this is found begins an "
             "event, and those behind it belong to it; one before the first of "
             "them is an event of its own",
     .example = "\"^\\\\d{4}-\\\\d\\\\d-\\\\d\\\\d\""},
    {.name = "continue",
     .type = COSEND_OPTION_PATTERN,
     .offset = offsetof(struct multiline, more),
     .help = "a line in which this is found belongs to the one before it; with "
             "`start`, no others do",
     .example = "\"^(\\\\s|Caused by:)\""},
    {.name = "end",
     .type = COSEND_OPTION_PATTERN,
     .offset = offsetof(struct multiline, end),
     .help = "a line in which this is found is the last of its event; lines "
             "that end in \\ go on by end='[^\\\\]$|^$'",
     .example = "\";$\""},
    {.name = "indent",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct multiline, indent),
     .help = "a line that begins with a blank or tab belongs to the one before "
             "it, as if `continue` took it",
     .example = "true"},
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct multiline, events.field),
     .flags = COSEND_ONLY_COLUMN,
     .help = "the field with the lines; by default the line",
     .example = "\"message\""},
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct multiline, by),
     .help = "lines belong together that are the same in these fields; by "
             "default those of one file",
     .example = "\"container\""},
    {.name = "separator",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct multiline, events.separator),
     .fallback = "\"\\n\"",
     .flags = COSEND_SEPARATOR,
     .maximum = 1 << 16,
     .help = "what stands between two lines; a newline without it, also where "
             "lines end in CR LF",
     .example = "\" | \""},
    {.name = "max_lines",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct multiline, events.max_lines),
     .fallback = "10000",
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "an event of more lines is split, and that is told; 0: of any "
             "number",
     .example = "500"},
    {.name = "max_bytes",
     .type = COSEND_OPTION_SIZE,
     .offset = offsetof(struct multiline, events.max_bytes),
     .fallback = "\"1M\"",
     .minimum = 1,
     .maximum = 1 << 30,
     .help = "an event of more bytes is split between two lines, and that is "
             "told",
     .example = "\"64K\""},
    {.name = "timeout",
     .type = COSEND_OPTION_DURATION,
     .offset = offsetof(struct multiline, events.timeout),
     .fallback = "\"5s\"",
     .minimum = 0,
     .maximum = INT64_MAX / 4,
     .help = "of a live input: an event goes on when no more of it came for so "
             "long; 0: when another begins",
     .example = "\"500ms\""},
    {.name = "part",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct multiline, events.part),
     .maximum = 1 << 16,
     .help = "a field of this name with the number of the part, of an event "
             "that was split; of all others 1",
     .example = "\"part\""},
    {.name = "max_groups",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct multiline, max_groups),
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "how many groups of `by` there may be; more end the run; 0: any "
             "number",
     .example = "100000"},
    {.name = NULL},
};

/* ---- Check --------------------------------------------------------------- */

static struct cosend_regex *compile(struct cosend_check *check,
                                    const char *option,
                                    const struct cosend_string *pattern)
{
    struct cosend_error error = {0};
    struct cosend_regex *regex = NULL;

    if (cosend_check_given(check, option)) {
        regex = cosend_regex_new(pattern->data, pattern->length, NULL, &error);
        if (!regex)
            cosend_check_failed(check, option, &error);
        else if (!pattern->length)
            cosend_check_error(check, option,
                               "is empty, and is found in every line");
    }
    return regex;
}

static const char *known_name(const void *unused, size_t i)
{
    (void)unused;
    return cosend_event_lines_known[i].name;
}

static void check_presets(struct cosend_check *check,
                          struct multiline *multiline)
{
    const struct cosend_string *names = multiline->preset.items;
    struct cosend_error error = {0};
    size_t which = 0, known = 0;
    const char *near;

    multiline->lines =
        cosend_event_lines_new(names, multiline->preset.count, &which, &error);
    if (multiline->lines)
        return;
    while (cosend_event_lines_known[known].name)
        known++;
    near = error.kind == COSEND_E_SPEC
               ? cosend_suggest(names[which].data, known, known_name, NULL)
               : NULL;
    if (near && strcmp(near, names[which].data) != 0)
        cosend_check_error(check, "preset",
                           "\"%.100s\" is not known; did you mean \"%s\"?",
                           names[which].data, near);
    else if (near || error.kind != COSEND_E_SPEC)
        cosend_check_failed(check, "preset", &error);
    else
        cosend_check_error(check, "preset",
                           "\"%.100s\" is not known; `cosend help multiline` "
                           "lists them; a pattern is for start=, continue= or "
                           "end=, and indent=true is of lines behind a blank",
                           names[which].data);
}

static void check(struct cosend_check *check, void *memory)
{
    struct multiline *multiline = memory;
    bool own;

    multiline->starts = compile(check, "start", &multiline->start);
    multiline->continues = compile(check, "continue", &multiline->more);
    multiline->ends = compile(check, "end", &multiline->end);
    own = cosend_check_given(check, "start") ||
          cosend_check_given(check, "continue") ||
          cosend_check_given(check, "end") || multiline->indent;
    if (multiline->preset.count)
        check_presets(check, multiline);
    if (own && multiline->preset.count)
        cosend_check_error(check, "preset",
                           "not with start, continue, end or indent");
    else if (!own && !multiline->preset.count)
        cosend_check_error(check, "preset",
                           "which lines belong together is missing: a preset, "
                           "as java, or start=, continue=, end= or "
                           "indent=true");
    if (cosend_check_given(check, "max_groups") && !multiline->by.count)
        cosend_check_error(check, "max_groups", "is for `by`");
}

static void release(void *memory)
{
    struct multiline *multiline = memory;

    cosend_event_lines_free(multiline->lines);
    cosend_regex_free(multiline->starts);
    cosend_regex_free(multiline->continues);
    cosend_regex_free(multiline->ends);
}

/* ---- Which lines belong together ----------------------------------------- */

/* What a file, or a group, has open, and what follows from its last line. */
struct lines {
    struct cosend_open_event event;
    bool goes_on; /* more may belong to it: by patterns, ... */
    struct cosend_event_state state; /* ... and with presets */
    const char *source;              /* the file, ... */
    uint64_t line, ordinal; /* ... and how far it was read, of all there is */
};

struct work {
    struct cosend_stage *self;
    const struct multiline *multiline;
    struct cosend_events *events;
    struct cosend_fields fields;  /* where patterns are looked for */
    struct cosend_groups *groups; /* with by */
    uint64_t group_count;
    struct cosend_table *files; /* where files alternate */
    struct lines only;          /* where they do not */
    /* Of the batch in hand: enum cosend_match, and where it is. */
    signed char *starts, *continues, *ends;
    signed char *answers;
    uint32_t capacity;
};

/* What the batch's answers say of the line at a position. */
static enum cosend_match answer_at(const signed char *answers, uint32_t i)
{
    return answers ? (enum cosend_match)answers[i] : COSEND_NO_MATCH;
}

/* Whether a line belongs to those before it, by start, continue and end. */
static enum cosend_match joins_by_patterns(const struct work *work,
                                           struct lines *lines, uint32_t i,
                                           struct cosend_cell line)
{
    const struct multiline *multiline = work->multiline;
    enum cosend_match start = answer_at(work->starts, i),
                      more = answer_at(work->continues, i),
                      end = answer_at(work->ends, i);
    bool joins = lines->goes_on && start != COSEND_MATCH;

    if (start < 0 || more < 0 || end < 0)
        return start < 0 ? start : more < 0 ? more : end;
    if (multiline->indent && line.length)
        more |= line.data[0] == ' ' || line.data[0] == '\t';
    if (multiline->continues || multiline->indent)
        joins = joins && (more == COSEND_MATCH || end == COSEND_MATCH);
    lines->goes_on = (joins || !multiline->starts || start == COSEND_MATCH) &&
                     end != COSEND_MATCH;
    return joins ? COSEND_MATCH : COSEND_NO_MATCH;
}

static void tell_bad(struct work *work, uint32_t position,
                     enum cosend_match match)
{
    struct cosend_record record = cosend_record_at(work->self, position);

    if (match == COSEND_MATCH_MEMORY)
        cosend_fail(work->self, COSEND_E_MEMORY, "out of memory");
    else
        cosend_bad(work->self, &record, "match_limit", "a pattern %s",
                   cosend_match_problem(match));
}

/* Nothing belongs to what there was. */
static void forget(struct lines *lines)
{
    lines->goes_on = false;
    lines->state = (struct cosend_event_state){0};
}

static enum cosend_match joins(const struct work *work, struct lines *lines,
                               uint32_t position, struct cosend_cell line)
{
    const struct multiline *multiline = work->multiline;

    if (line.kind == COSEND_ABSENT || line.kind == COSEND_NULL) {
        forget(lines);
        return COSEND_NO_MATCH;
    }
    return multiline->lines
               ? cosend_event_lines_join(multiline->lines, &lines->state, line)
               : joins_by_patterns(work, lines, position, line);
}

/* Take the line at a position. False where the step has failed. */
static bool take_line(struct work *work, struct lines *lines, uint32_t position,
                      struct cosend_cell line)
{
    enum cosend_match belongs = joins(work, lines, position, line);

    if (belongs >= 0)
        return cosend_events_take(work->events, &lines->event, position, line,
                                  belongs == COSEND_MATCH);
    tell_bad(work, position, belongs);
    return !cosend_ended(work->self);
}

/* ---- Files and groups ---------------------------------------------------- */

static void free_lines(void *memory)
{
    cosend_open_event_free(&((struct lines *)memory)->event);
}

static void free_only(void *memory)
{
    free_lines(&((struct work *)memory)->only);
}

static void free_files(void *memory)
{
    const struct cosend_table *files = memory;
    const void *name;
    size_t length;

    for (size_t i = 0; i < cosend_table_count(files); i++)
        free_lines(cosend_table_at(files, i, &name, &length));
}

static uint64_t ordinal_at(const struct cosend_batch *batch, uint32_t position)
{
    struct cosend_record record = cosend_batch_record(batch, position);

    return cosend_record_ordinal(&record);
}

/* What records of a file belong to, the first of them at a position, and on a
   line of the file. NULL without memory. */
static struct lines *lines_of_file(struct work *work,
                                   const struct cosend_batch *batch,
                                   uint32_t position, const char *source,
                                   uint64_t line)
{
    struct lines *lines = &work->only;
    bool fresh, same;

    source = source ? source : "";
    if (work->files)
        lines = cosend_table_get(work->files, source, strlen(source), &fresh);
    if (!lines) {
        cosend_fail(work->self, COSEND_E_MEMORY, "out of memory");
        return NULL;
    }
    same = lines->source &&
           (lines->source == source || strcmp(lines->source, source) == 0);
    /* What a step made of one record, or several branches let through, is of
       one line. */
    if (!same || (line && line <= lines->line &&
                  ordinal_at(batch, position) != lines->ordinal)) {
        cosend_events_end(work->events, &lines->event, position);
        forget(lines);
    }
    lines->source = source;
    return lines;
}

static bool take_files(struct work *work, const struct cosend_batch *batch,
                       const struct cosend_cells *cells)
{
    uint32_t count = cosend_batch_count(batch), i = 0, end;
    const char *source;
    uint64_t first, last;

    end = cosend_batch_source(batch, 0, &source, &first, &last);
    if (!cosend_events_begin(work->events, !work->files || end == count))
        return false;
    while (i < count) {
        struct lines *lines = lines_of_file(work, batch, i, source, first);

        if (!lines)
            return false;
        lines->line = last;
        lines->ordinal = ordinal_at(batch, end - 1);
        for (; i < end; i++)
            if (!take_line(work, lines, i, cosend_cell_at(cells, i)))
                return false;
        end = i + cosend_batch_source(batch, i, &source, &first, &last);
    }
    return true;
}

static bool take_groups(struct work *work, uint32_t count,
                        const struct cosend_cells *cells)
{
    if (!cosend_events_begin(work->events, false))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        struct cosend_record record = cosend_record_at(work->self, i);
        struct lines *lines = cosend_group_of(work->groups, &record);

        if (!lines ||
            (!lines->line++ &&
             !cosend_groups_limit(work->self, ++work->group_count,
                                  (uint64_t)work->multiline->max_groups)) ||
            !take_line(work, lines, i, cosend_cell_at(cells, i)))
            return false;
    }
    return true;
}

/* ---- Batches ------------------------------------------------------------- */

static signed char *match(const struct work *work,
                          const struct cosend_regex *regex,
                          signed char *answers)
{
    if (!regex)
        return NULL;
    cosend_match_batch(work->self, regex, work->fields, answers);
    return answers;
}

static bool make_room(struct work *work, uint32_t count)
{
    if (count <= work->capacity)
        return true;
    work->capacity = 2 * count;
    work->answers = cosend_stage_memory(work->self, 3 * (size_t)work->capacity);
    return work->answers;
}

/* False where the step has failed. */
static bool match_all(struct work *work, const struct cosend_batch *batch)
{
    const struct multiline *multiline = work->multiline;
    uint32_t count = cosend_batch_count(batch);

    if (!make_room(work, count))
        return false;
    if (!cosend_schema_is_text(cosend_batch_schema(batch)))
        work->fields = (struct cosend_fields){multiline->events.field.slot, 1};
    work->starts = match(work, multiline->starts, work->answers);
    work->continues = match(work, multiline->continues, work->answers + count);
    work->ends =
        match(work, multiline->ends, work->answers + 2 * (size_t)count);
    return true;
}

/* Files alternate or do not, which is known when there is a record. */
static bool ready_files(struct work *work)
{
    if (work->files || work->groups || !cosend_files_alternate(work->self))
        return true;
    work->files = cosend_stage_table(work->self, sizeof(struct lines));
    return work->files &&
           cosend_stage_defer(work->self, free_files, work->files);
}

static bool take_batch(struct work *work, const struct cosend_batch *batch)
{
    struct cosend_cells cells;
    bool good;

    if (!match_all(work, batch) || !ready_files(work))
        return false;
    cells = cosend_column_of(work->self, work->multiline->events.field);
    good = work->groups ? take_groups(work, cosend_batch_count(batch), &cells)
                        : take_files(work, batch, &cells);
    return cosend_events_leave(work->events) && good;
}

/* ---- Body ---------------------------------------------------------------- */

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
    const struct multiline *multiline = work->multiline;

    work->events = cosend_events_new(self, &multiline->events);
    if (!work->events)
        return false;
    if (multiline->by.count) {
        work->groups = cosend_groups_new(self, multiline->by,
                                         sizeof(struct lines), free_lines);
        if (!work->groups)
            return false;
    }
    cosend_only_fields(self);
    cosend_publish(self, work->events);
    return true;
}

static int body(struct cosend_stage *self, void *memory)
{
    struct work *work = cosend_stage_memory(self, sizeof(*work));
    const struct cosend_batch *batch;
    enum cosend_event event;

    if (!work || !cosend_stage_defer(self, free_only, work))
        return COSEND_E_MEMORY;
    work->self = self;
    work->multiline = memory;
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

const struct cosend_filter csi_filter_multiline = {
    .abi = COSEND_ABI,
    .name = "multiline",
    .role = COSEND_FILTER,
    .summary = "Make one record of the lines that belong together",
    .details =
        "Emits the first record of each event, with all of its lines in its "
        "field, joined by `separator`; all else of it, its file and line too, "
        "is that record's. It goes on when another event of its file, or of "
        "its group in `by`, begins; at the end of its file, when that is begun "
        "anew (rotation), and at the end of the input; and of a live input "
        "when no more came for `timeout`. Presets know what languages print: a "
        "trace belongs to the line of the log before it; of a message of "
        "several lines those behind the first look like the log's, and where "
        "that begins with a time start=\"^\\d{4}-\" takes them, too. With "
        "`start` alone an event is all up to the next start; with `continue` "
        "and `indent` the "
        "lines that these take; with `end` all up to the end, or to another "
        "start. A line of no event is one of its own. No line is ever cut or "
        "dropped: an event of more than max_lines or max_bytes goes on in "
        "parts, and so does one of which more came behind the timeout; both "
        "are told at the end, and `part` numbers them. A record without the "
        "field is an event of its own. A line that takes a pattern too long is "
        "bad (match_limit), and its event goes on without it. Memory: the "
        "events that are open, one for each file or group. It sees records one "
        "after the other, in one thread.",
    .example = "multiline java | grep NullPointerException",
    .options_size = sizeof(struct multiline),
    .options = options,
    .check = check,
    .release = release,
    .body = body,
    .save = save,
    .merge = merge,
    .absorbs = true,
};
