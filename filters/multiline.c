/* SPDX-License-Identifier: MIT */
/*
 * multiline: emits one record for the lines that belong together, that of the
 * first of them, with all of them in its field.
 *
 * There is a state for each file, or for each group of `by`. Of the event that
 * it has open the first record is in the batch in hand, at a position; what is
 * still open when that batch leaves is kept, with its text copied. Lines that
 * lie together in the input, as those of text do, become one cell as they lie.
 *
 * Where no file alternates with another an event's first line is behind those
 * of all that were sent before: then events that begin and end in the batch go
 * on together, and are not made one by one (is_plain).
 */
#include "cosend.h"

#include <stdlib.h>
#include <string.h>

struct multiline {
    struct cosend_strings preset;
    struct cosend_string start, more, end, separator, part;
    struct cosend_field field;
    struct cosend_fields by;
    int64_t max_lines, max_bytes, timeout, max_groups;
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
     .offset = offsetof(struct multiline, field),
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
     .offset = offsetof(struct multiline, separator),
     .fallback = "\"\\n\"",
     .flags = COSEND_SEPARATOR,
     .maximum = 1 << 16,
     .help = "what stands between two lines; a newline without it, also where "
             "lines end in CR LF",
     .example = "\" | \""},
    {.name = "max_lines",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct multiline, max_lines),
     .fallback = "10000",
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "an event of more lines is split, and that is told; 0: of any "
             "number",
     .example = "500"},
    {.name = "max_bytes",
     .type = COSEND_OPTION_SIZE,
     .offset = offsetof(struct multiline, max_bytes),
     .fallback = "\"1M\"",
     .minimum = 1,
     .maximum = 1 << 30,
     .help = "an event of more bytes is split between two lines, and that is "
             "told",
     .example = "\"64K\""},
    {.name = "timeout",
     .type = COSEND_OPTION_DURATION,
     .offset = offsetof(struct multiline, timeout),
     .fallback = "\"5s\"",
     .minimum = 0,
     .maximum = INT64_MAX / 4,
     .help = "of a live input: an event goes on when no more of it came for so "
             "long; 0: when another begins",
     .example = "\"500ms\""},
    {.name = "part",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct multiline, part),
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
                           "end=",
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

/* ---- Events -------------------------------------------------------------- */

/* What a file, or a group, has open. */
struct event {
    bool open;         /* it has a line, and was not sent */
    bool in_hand;      /* its first record is in the batch in hand */
    bool doubted;      /* it is due, and the input is looked at again */
    bool goes_on;      /* a line may belong to the last one */
    bool timed_out;    /* what was sent last, was by the clock */
    uint32_t position; /* of the first record, in hand, ... */
    struct cosend_record first; /* ... or this, kept */
    struct cosend_cell text;    /* all lines: in the batch, or in `bytes` */
    struct cosend_bytes bytes;
    uint64_t lines;
    int64_t part, due;
    struct cosend_event_state state; /* with presets */
    const char *source;              /* the file, ... */
    uint64_t line;                   /* ... and how far it was read */
    uint64_t batch;                  /* the last that had a line of it */
    struct event *before, *behind;   /* open ones, by `batch` and `due` */
};

struct work {
    struct cosend_stage *self;
    const struct multiline *multiline;
    struct cosend_column column, part;
    struct cosend_fields fields;  /* where patterns are looked for */
    struct cosend_groups *groups; /* with by */
    struct cosend_table *files;   /* where files alternate */
    struct event only;            /* where they do not */
    struct event *oldest, *newest;
    uint64_t group_count, batches;
    uint64_t split, late; /* parts by a limit, and what came behind a timeout */
    /* Of the batch in hand. */
    bool is_plain;
    struct cosend_cell *cells; /* what the column becomes; NULL: not made yet */
    uint32_t *positions, count;
    signed char *starts, *continues, *ends; /* enum cosend_match, ... */
    signed char *answers;                   /* ... which are in here */
    uint32_t capacity;
};

static void unlink_event(struct work *work, struct event *event)
{
    *(event->before ? &event->before->behind : &work->oldest) = event->behind;
    *(event->behind ? &event->behind->before : &work->newest) = event->before;
    event->before = event->behind = NULL;
}

static void link_event(struct work *work, struct event *event)
{
    event->batch = work->batches;
    event->before = work->newest;
    event->behind = NULL;
    *(work->newest ? &work->newest->behind : &work->oldest) = event;
    work->newest = event;
}

/* Those of the batch that are plain go on, before anything else does. */
static void send_plain(struct work *work)
{
    if (work->cells && work->count)
        cosend_emit_picked(work->self, work->positions, work->count);
    work->cells = NULL;
    work->count = 0;
}

/* An event becomes one of the batch's that go on together. False where it
   cannot, or without memory. */
static bool add_plain(struct work *work, const struct event *event)
{
    struct cosend_cell cell = event->text;
    char *copy;

    if (!work->is_plain || !event->in_hand)
        return false;
    if (!work->cells)
        work->cells = cosend_set_column(work->self, work->column);
    if (work->cells && event->bytes.length) {
        copy = cosend_stage_bytes(work->self, cell.length);
        if (!copy)
            return false;
        memcpy(copy, cell.data, cell.length);
        cell.data = copy;
    }
    if (!work->cells)
        return false;
    work->cells[event->position] = cell;
    work->positions[work->count++] = event->position;
    return true;
}

/* Send the open event on. */
static void send_event(struct work *work, struct event *event)
{
    struct cosend_record record = event->first;

    if (!event->open)
        return;
    event->open = event->doubted = false;
    unlink_event(work, event);
    if (!add_plain(work, event)) {
        send_plain(work);
        if (event->in_hand)
            record = cosend_record_at(work->self, event->position);
        cosend_set(work->self, work->column, event->text);
        if (work->multiline->part.length)
            cosend_set_integer(work->self, work->part, event->part);
        cosend_emit(work->self, &record);
    }
    if (!event->in_hand)
        cosend_release(work->self, &event->first);
    cosend_bytes_clear(&event->bytes);
}

/* ---- Lines --------------------------------------------------------------- */

/* Whether a line lies behind what there is, with the separator between. */
static bool lies_behind(const struct multiline *multiline,
                        const struct cosend_cell *text,
                        const struct cosend_cell *line)
{
    const struct cosend_string *between = &multiline->separator;
    const char *end = text->data + text->length;

    return text->length && line->length &&
           line->data == end + between->length &&
           memcmp(end, between->data, between->length) == 0;
}

/* False without memory. */
static bool add_text(struct work *work, struct event *event,
                     struct cosend_cell line)
{
    const struct cosend_string *between = &work->multiline->separator;
    struct cosend_bytes *bytes = &event->bytes;

    event->lines++;
    event->doubted = false;
    if (event->batch != work->batches) {
        unlink_event(work, event);
        link_event(work, event);
    }
    if (!bytes->length && lies_behind(work->multiline, &event->text, &line)) {
        event->text.length += (uint32_t)between->length + line.length;
        return true;
    }
    if (!bytes->length)
        cosend_put_raw(bytes, event->text.data, event->text.length);
    cosend_put_raw(bytes, between->data, between->length);
    cosend_put_raw(bytes, line.data, line.length);
    event->text = cosend_text((const char *)bytes->data, bytes->length);
    if (bytes->failed)
        cosend_fail(work->self, COSEND_E_MEMORY, "out of memory");
    return !bytes->failed;
}

/* The line at a position is the first of an event, or of a part of one. */
static void open_event(struct work *work, struct event *event,
                       uint32_t position, struct cosend_cell line)
{
    event->open = event->in_hand = true;
    event->position = position;
    event->text = line;
    event->lines = 1;
    link_event(work, event);
}

/* What the batch's answers say of the line at a position. */
static enum cosend_match answer_at(const signed char *answers, uint32_t i)
{
    return answers ? (enum cosend_match)answers[i] : COSEND_NO_MATCH;
}

/* Whether a line belongs to those before it, by start, continue and end. */
static enum cosend_match joins_by_patterns(const struct work *work,
                                           struct event *event, uint32_t i,
                                           struct cosend_cell line)
{
    const struct multiline *multiline = work->multiline;
    enum cosend_match start = answer_at(work->starts, i),
                      more = answer_at(work->continues, i),
                      end = answer_at(work->ends, i);
    bool joins = event->goes_on && start != COSEND_MATCH;

    if (start < 0 || more < 0 || end < 0)
        return start < 0 ? start : more < 0 ? more : end;
    if (multiline->indent && line.length)
        more |= line.data[0] == ' ' || line.data[0] == '\t';
    if (multiline->continues || multiline->indent)
        joins = joins && (more == COSEND_MATCH || end == COSEND_MATCH);
    event->goes_on = (joins || !multiline->starts || start == COSEND_MATCH) &&
                     end != COSEND_MATCH;
    return joins ? COSEND_MATCH : COSEND_NO_MATCH;
}

static bool is_full(const struct multiline *multiline,
                    const struct event *event, struct cosend_cell line)
{
    uint64_t bytes = (uint64_t)event->text.length +
                     multiline->separator.length + line.length;

    return (multiline->max_lines &&
            event->lines >= (uint64_t)multiline->max_lines) ||
           bytes > (uint64_t)multiline->max_bytes;
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
static void forget(struct event *event)
{
    event->goes_on = false;
    event->state = (struct cosend_event_state){0};
}

static enum cosend_match joins(const struct work *work, struct event *event,
                               uint32_t position, struct cosend_cell line)
{
    const struct multiline *multiline = work->multiline;

    if (line.kind == COSEND_ABSENT || line.kind == COSEND_NULL) {
        forget(event);
        return COSEND_NO_MATCH;
    }
    return multiline->lines
               ? cosend_event_lines_join(multiline->lines, &event->state, line)
               : joins_by_patterns(work, event, position, line);
}

/* Whether a record has no field yet that is to number parts; if it has, it is
   bad, or the step has failed. */
static bool is_free(const struct work *work, uint32_t position)
{
    const struct cosend_fields none = {0, 0};
    struct cosend_record record;

    if (!work->multiline->part.length)
        return true;
    record = cosend_record_at(work->self, position);
    return cosend_name_free(work->self, &record, work->multiline->part.data,
                            none, "part=NAME takes another name");
}

/* Take the line at a position. False where the step has failed. */
static bool take_line(struct work *work, struct event *event, uint32_t position,
                      struct cosend_cell line)
{
    const struct multiline *multiline = work->multiline;
    enum cosend_match belongs;
    int64_t part = 1;

    if (!is_free(work, position))
        return !cosend_ended(work->self);
    belongs = joins(work, event, position, line);
    if (belongs < 0) {
        tell_bad(work, position, belongs);
        return !cosend_ended(work->self);
    }
    if (belongs == COSEND_MATCH && event->open &&
        !is_full(multiline, event, line))
        return add_text(work, event, line);
    if (belongs == COSEND_MATCH && event->part) {
        work->split += event->open;
        work->late += !event->open && event->timed_out;
        part = event->part + 1;
    }
    event->timed_out = false;
    send_event(work, event);
    event->part = part;
    open_event(work, event, position, line);
    return true;
}

/* ---- Batches ------------------------------------------------------------- */

/* What becomes of an event that is open when its batch leaves: it is kept, and
   its text is its own. False without memory. */
static bool keep_event(struct work *work, struct event *event)
{
    struct cosend_record record;
    struct cosend_bytes *bytes = &event->bytes;

    if (!event->in_hand)
        return true;
    record = cosend_record_at(work->self, event->position);
    if (!cosend_keep(work->self, &record, &event->first))
        return false;
    event->in_hand = false;
    if (bytes->length)
        return true;
    cosend_put_raw(bytes, event->text.data, event->text.length);
    event->text.data = (const char *)bytes->data;
    if (bytes->failed)
        cosend_fail(work->self, COSEND_E_MEMORY, "out of memory");
    return !bytes->failed;
}

static bool keep_open(struct work *work)
{
    int64_t timeout = work->multiline->timeout;
    int64_t due = timeout ? cosend_now(work->self) + timeout : INT64_MAX;
    struct event *event = work->newest;

    for (; event && event->batch == work->batches; event = event->before) {
        event->due = due;
        if (!keep_event(work, event))
            return false;
    }
    return true;
}

static void free_event(void *memory)
{
    cosend_bytes_free(&((struct event *)memory)->bytes);
}

static void free_files(void *memory)
{
    const struct cosend_table *files = memory;
    const void *name;
    size_t length;

    for (size_t i = 0; i < cosend_table_count(files); i++)
        free_event(cosend_table_at(files, i, &name, &length));
}

/* The event of the file in which records stand, the first of them on a line.
   NULL without memory. */
static struct event *event_of_file(struct work *work, const char *source,
                                   uint64_t line)
{
    struct event *event = &work->only;
    bool fresh, same;

    source = source ? source : "";
    if (work->files)
        event = cosend_table_get(work->files, source, strlen(source), &fresh);
    if (!event) {
        cosend_fail(work->self, COSEND_E_MEMORY, "out of memory");
        return NULL;
    }
    same = event->source &&
           (event->source == source || strcmp(event->source, source) == 0);
    if (!same || (line && line <= event->line)) {
        send_event(work, event);
        forget(event);
    }
    event->source = source;
    return event;
}

/* Lines of one file. False where the step has failed. */
static bool take_files(struct work *work, const struct cosend_batch *batch,
                       const struct cosend_cells *lines)
{
    uint32_t count = cosend_batch_count(batch), i = 0;
    const char *source;
    uint64_t first, last;

    if (!work->files && cosend_files_alternate(work->self)) {
        work->files = cosend_stage_table(work->self, sizeof(struct event));
        if (!work->files ||
            !cosend_stage_defer(work->self, free_files, work->files))
            return false;
    }
    while (i < count) {
        uint32_t end =
            i + cosend_batch_source(batch, i, &source, &first, &last);
        struct event *event = event_of_file(work, source, first);

        if (!event)
            return false;
        event->line = last;
        work->is_plain &= !work->files || end - i == count;
        for (; i < end; i++)
            if (!take_line(work, event, i, cosend_cell_at(lines, i)))
                return false;
    }
    return true;
}

static bool take_groups(struct work *work, uint32_t count,
                        const struct cosend_cells *lines)
{
    for (uint32_t i = 0; i < count; i++) {
        struct cosend_record record = cosend_record_at(work->self, i);
        struct event *event = cosend_group_of(work->groups, &record);

        if (!event ||
            (!event->part &&
             !cosend_groups_limit(work->self, ++work->group_count,
                                  (uint64_t)work->multiline->max_groups)) ||
            !take_line(work, event, i, cosend_cell_at(lines, i)))
            return false;
    }
    return true;
}

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
    size_t capacity = 2 * (size_t)count;

    if (count <= work->capacity)
        return true;
    work->capacity = (uint32_t)capacity;
    work->answers = cosend_stage_memory(work->self, 3 * capacity);
    work->positions =
        cosend_stage_memory(work->self, capacity * sizeof(*work->positions));
    return work->answers && work->positions;
}

/* False where the step has failed. */
static bool ready_batch(struct work *work, const struct cosend_batch *batch)
{
    const struct multiline *multiline = work->multiline;
    uint32_t count = cosend_batch_count(batch);
    signed char *answers;

    if (!make_room(work, count))
        return false;
    answers = work->answers;
    if (!cosend_schema_is_text(cosend_batch_schema(batch)))
        work->fields = (struct cosend_fields){multiline->field.slot, 1};
    work->starts = match(work, multiline->starts, answers);
    work->continues = match(work, multiline->continues, answers + count);
    work->ends = match(work, multiline->ends, answers + 2 * (size_t)count);
    work->is_plain = !work->groups && !multiline->part.length;
    work->batches++;
    return true;
}

static bool take_batch(struct work *work, const struct cosend_batch *batch)
{
    struct cosend_cells lines;
    bool good;

    if (!ready_batch(work, batch))
        return false;
    lines = cosend_column_of(work->self, work->multiline->field);
    good = work->groups ? take_groups(work, cosend_batch_count(batch), &lines)
                        : take_files(work, batch, &lines);
    send_plain(work);
    return good && keep_open(work);
}

/* ---- By the clock -------------------------------------------------------- */

/* When a tick is wanted. */
static int64_t next_due(const struct work *work)
{
    const struct event *event = work->oldest;

    return !event ? INT64_MAX : event->doubted ? 0 : event->due;
}

/*
 * A tick may come late, when the steps behind took long, and with lines of the
 * event waiting to be read. So an event that is due is sent at the next tick,
 * which is asked for at once: what there is to read is read before that.
 */
static void send_due(struct work *work)
{
    int64_t now = cosend_now(work->self);
    struct event *event = work->oldest, *behind;

    for (; event && event->due <= now; event = behind) {
        behind = event->behind;
        if (event->doubted) {
            send_event(work, event);
            event->timed_out = true;
        } else {
            event->doubted = true;
        }
    }
}

/* ---- The end ------------------------------------------------------------- */

static int by_ordinal(const void *left, const void *right)
{
    uint64_t a = cosend_record_ordinal(&(*(struct event *const *)left)->first),
             b = cosend_record_ordinal(&(*(struct event *const *)right)->first);

    return (a > b) - (a < b);
}

/* What is open, in the order of the first lines. False without memory. */
static bool send_all(struct work *work)
{
    struct event **all, *event;
    size_t count = 0;

    for (event = work->oldest; event; event = event->behind)
        count++;
    all = cosend_stage_memory(work->self, (count + 1) * sizeof(struct event *));
    if (!all)
        return false;
    count = 0;
    for (event = work->oldest; event; event = event->behind)
        all[count++] = event;
    qsort(all, count, sizeof(struct event *), by_ordinal);
    for (size_t i = 0; i < count; i++)
        send_event(work, all[i]);
    return true;
}

static void tell_parts(const struct work *work)
{
    const struct multiline *multiline = work->multiline;
    const char *numbers =
        multiline->part.length ? "" : "; part=NAME numbers the parts";

    if (work->split)
        cosend_warn(work->self,
                    "events were split, %llu time%s, at %lld lines (max_lines) "
                    "or %lld bytes (max_bytes)%s",
                    (unsigned long long)work->split, work->split > 1 ? "s" : "",
                    (long long)multiline->max_lines,
                    (long long)multiline->max_bytes, numbers);
    if (work->late)
        cosend_warn(work->self,
                    "more of an event came, %llu time%s, when it had gone on "
                    "by `timeout`, and is a part of its own%s",
                    (unsigned long long)work->late, work->late > 1 ? "s" : "",
                    numbers);
}

/* ---- States -------------------------------------------------------------- */

static int save(const void *state, struct cosend_bytes *to)
{
    const struct work *work = state;
    const struct event *event;
    size_t count = 0;

    for (event = work->oldest; event; event = event->behind)
        count++;
    cosend_put_varint(to, count);
    for (event = work->oldest; event; event = event->behind) {
        cosend_put_record(to, &event->first);
        cosend_put_u8(to, (uint8_t)event->text.kind);
        cosend_put_bytes(to, event->text.data, event->text.length);
        cosend_put_varint(to, event->lines);
        cosend_put_varint(to, (uint64_t)event->part);
    }
    return to->failed ? COSEND_E_MEMORY : COSEND_OK;
}

/* An event of another run: nothing more belongs to it. */
static int merge_event(struct work *work, struct cosend_reader_bytes *from)
{
    struct event *event = cosend_stage_memory(work->self, sizeof(*event));
    size_t length = 0;
    const char *text;
    uint8_t kind;
    int status;

    if (!event || !cosend_stage_defer(work->self, free_event, event))
        return COSEND_E_MEMORY;
    status = cosend_get_record(work->self, from, &event->first);
    if (status < 0)
        return status;
    kind = cosend_get_u8(from);
    text = cosend_get_bytes(from, &length);
    event->lines = cosend_get_varint(from);
    event->part = (int64_t)cosend_get_varint(from);
    if (from->failed || length > UINT32_MAX || kind > COSEND_NESTED)
        return COSEND_E_TYPE;
    cosend_put_raw(&event->bytes, text, length);
    event->text = cosend_text((const char *)event->bytes.data, length);
    event->text.kind = (enum cosend_kind)kind;
    event->open = true;
    link_event(work, event);
    event->batch = 0;
    return event->bytes.failed ? COSEND_E_MEMORY : COSEND_OK;
}

static int merge(void *state, struct cosend_reader_bytes *from)
{
    uint64_t count = cosend_get_varint(from);
    int status = COSEND_OK;

    for (; count && status == COSEND_OK && !from->failed; count--)
        status = merge_event(state, from);
    return from->failed ? COSEND_E_TYPE : status;
}

/* ---- Body ---------------------------------------------------------------- */

static void free_only(void *memory)
{
    free_event(&((struct work *)memory)->only);
}

static bool start_work(struct work *work)
{
    struct cosend_stage *self = work->self;
    const struct multiline *multiline = work->multiline;

    work->column = cosend_replace_column(self, multiline->field);
    if (multiline->part.length)
        work->part = cosend_add_column(self, multiline->part.data);
    if (multiline->by.count) {
        work->groups = cosend_groups_new(self, multiline->by,
                                         sizeof(struct event), free_event);
        if (!work->groups)
            return false;
    }
    cosend_only_fields(self);
    cosend_publish(self, work);
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
    while ((event = cosend_receive_batch_until(self, &batch, next_due(work))) !=
           COSEND_EVENT_END)
        if (event == COSEND_EVENT_TICK)
            send_due(work);
        else if (!take_batch(work, batch))
            return 0;
    if (cosend_ended(self) != COSEND_END_CLOSED)
        return 0;
    tell_parts(work);
    return send_all(work) ? 0 : COSEND_E_MEMORY;
}

const struct cosend_filter csi_filter_multiline = {
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
        "trace belongs to the line of the log before it. With `start` alone an "
        "event is all up to the next start; with `continue` and `indent` the "
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
