/* SPDX-License-Identifier: MIT */
/*
 * aggregate: emits one record at the end, what functions make of fields:
 * counts, sums, means, percentiles; with `by` one for each group, in the order
 * in which they first appeared.
 *
 * What to work out is said by a list, of texts as "p95(ms)" or "slow=max(ms)",
 * or by a map, whose keys are the names of the columns.
 */
#include "cosend.h"

#include <stdio.h>
#include <string.h>

enum { NAME_MOST = 256 };
enum emit { EMIT_END, EMIT_EACH };
enum overflow { OVERFLOW_OTHER, OVERFLOW_FAIL };

/* Of what, as check found it: all records, a field, or an expression. */
struct subject {
    struct cosend_field field;
    struct cosend_expression *expression;
};

/* The options, a job each. */
struct text {
    struct cosend_string text;
    struct subject of;
};

/* Those that an object may name. */
#define EACH_FUNCTION(X)                                                       \
    X(0, "count"), X(1, "sum"), X(2, "mean"), X(3, "min"), X(4, "max"),        \
        X(5, "range"), X(6, "first"), X(7, "last"), X(8, "var"),               \
        X(9, "stddev"), X(10, "median"), X(11, "mode"), X(12, "distinct"),     \
        X(13, "null_count"), X(14, "list"), X(15, "concat"), X(16, "p1"),      \
        X(17, "p5"), X(18, "p10"), X(19, "p25"), X(20, "p50"), X(21, "p75"),   \
        X(22, "p90"), X(23, "p95"), X(24, "p99"), X(25, "p99.9")
#define NAME(i, name_) name_

static const char *const functions[] = {EACH_FUNCTION(NAME)};

enum { FUNCTIONS = sizeof(functions) / sizeof(functions[0]) };

struct value {
    struct cosend_string text;
    struct cosend_string fields[FUNCTIONS];
    struct subject of;
};

struct aggregate {
    struct cosend_list of, values;
    struct cosend_fields by;
    struct cosend_string separator;
    int64_t every, interval, max_groups;
    int emit, overflow;
};

static const char *const emits[] = {"end", "each", NULL};
static const char *const overflows[] = {"other", "fail", NULL};

static const struct cosend_option text_options[] = {
    {.name = "text",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct text, text),
     .flags = COSEND_MAIN | COSEND_REQUIRED,
     .maximum = INT64_MAX,
     .help = "[name=]function(expression), or count of records",
     .example = "\"slowest=max(ms)\""},
    {.name = NULL},
};

#define FUNCTION(i, name_)                                                     \
    {                                                                          \
        .name = name_, .type = COSEND_OPTION_STRING,                           \
        .offset = offsetof(struct value, fields) +                             \
                  (i) * sizeof(struct cosend_string),                          \
        .maximum = INT64_MAX, .help = "of what", .example = "\"ms\""           \
    }

/* In the order of `functions`. */
static const struct cosend_option value_options[] = {
    {.name = "text",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct value, text),
     .flags = COSEND_MAIN,
     .maximum = INT64_MAX,
     .help = "function(expression), or count of records",
     .example = "\"p99.99(ms)\""},
    EACH_FUNCTION(FUNCTION),
    {.name = NULL},
};

static const struct cosend_option options[] = {
    {.name = "of",
     .type = COSEND_OPTION_LIST,
     .offset = offsetof(struct aggregate, of),
     .flags = COSEND_MAIN | COSEND_REST,
     .group = text_options,
     .item_size = sizeof(struct text),
     .help =
         "what to work out: function(field), whose column is called "
         "function_field, or name=function(expression), as in "
         "net=sum(price * qty); count alone is of records, count of a field "
         "of its values, false ones too, and count of a condition counts "
         "where it is true",
     .example = "[\"count\", \"mean(ms)\", \"slowest=max(ms)\"]"},
    {.name = "values",
     .type = COSEND_OPTION_MAP,
     .offset = offsetof(struct aggregate, values),
     .group = value_options,
     .item_size = sizeof(struct value),
     .help = "the same by the names of the columns",
     .example = "{\"n\": \"count\", \"p95\": {\"p95\": \"ms\"}}"},
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct aggregate, by),
     .help = "for each group of records that are the same in these fields, as "
             "they are written (200 is not 200.0)",
     .example = "[\"host\", \"status\"]"},
    {.name = "separator",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct aggregate, separator),
     .fallback = "\",\"",
     .maximum = INT64_MAX,
     .help = "between the values of concat",
     .example = "\"; \""},
    {.name = "emit",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct aggregate, emit),
     .fallback = "\"end\"",
     .choices = emits,
     .help = "when: at the end, or beside each record, what there is so far of "
             "its group",
     .example = "\"each\""},
    {.name = "every",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct aggregate, every),
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "emit what there is so far after each so many records too; 0: at "
             "the end alone",
     .example = "1000"},
    {.name = "interval",
     .type = COSEND_OPTION_DURATION,
     .offset = offsetof(struct aggregate, interval),
     .minimum = 1,
     .maximum = INT64_MAX,
     .help = "of a live input, emit it so long after the last time too",
     .example = "\"5s\""},
    {.name = "max_groups",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct aggregate, max_groups),
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "how many groups there may be; 0: any number",
     .example = "100000"},
    {.name = "overflow",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct aggregate, overflow),
     .fallback = "\"other\"",
     .choices = overflows,
     .help = "what becomes of more groups: all together one last group, "
             "(other), or the end of the run",
     .example = "\"fail\""},
    {.name = NULL},
};

/* ---- What to work out ---------------------------------------------------- */

struct job {
    struct cosend_call call; /* slices of the options' own text */
    const char *text;        /* the option's, or NULL */
    struct subject *of;
};

/* {"mean": "ms"}; no row where there is not one function. */
static struct cosend_call read_object(const struct value *value)
{
    struct cosend_slice function = {0}, subject = {0};

    for (size_t i = 0; i < FUNCTIONS; i++) {
        const struct cosend_string *field = &value->fields[i];

        if (!field->data)
            continue;
        if (function.data || value->text.data)
            return (struct cosend_call){.row = NULL};
        function = (struct cosend_slice){functions[i], strlen(functions[i])};
        subject = (struct cosend_slice){field->data, field->length};
    }
    return function.data ? cosend_call_of(function, subject)
                         : (struct cosend_call){.row = NULL};
}

/* Whether what there is goes out before the end, too. */
static bool is_often(const struct aggregate *aggregate)
{
    return aggregate->every || aggregate->interval;
}

static size_t job_count(const struct aggregate *aggregate)
{
    return aggregate->of.count + aggregate->values.count;
}

static struct job job_at(const struct aggregate *aggregate, size_t i)
{
    /* check alone writes to them. */
    struct text *texts = (struct text *)aggregate->of.items;
    struct value *values = (struct value *)aggregate->values.items;
    const struct cosend_string *keys = aggregate->values.keys, *text;

    if (i < aggregate->of.count) {
        text = &texts[i].text;
        return (struct job){cosend_read_call(text->data, text->length, false),
                            text->data, &texts[i].of};
    }
    i -= aggregate->of.count;
    text = &values[i].text;
    struct job job = {text->data
                          ? cosend_read_call(text->data, text->length, true)
                          : read_object(&values[i]),
                      text->data, &values[i].of};
    job.call.name = (struct cosend_slice){keys[i].data, keys[i].length};
    return job;
}

/* ---- Check --------------------------------------------------------------- */

static void check_function(struct cosend_check *check, const char *place,
                           const struct cosend_call *call)
{
    if (!call->function.length)
        cosend_check_error(check, place,
                           "needs one function of one field: {\"mean\": "
                           "\"ms\"}, or \"mean(ms)\"");
    else if (call->is_open)
        cosend_check_error(check, place,
                           "does not end in ): a parenthesis is not closed, or "
                           "something stands behind it, which is for `set` to "
                           "work out");
    else if (!call->row)
        cosend_check_error(
            check, place,
            "there is no function \"%.*s\"; there are count, sum, mean, min, "
            "max, range, first, last, var, stddev, median, p95 and any such, "
            "mode, distinct, null_count, list and concat, each with its field "
            "in parentheses",
            (int)call->function.length, call->function.data);
    else if (!call->subject.length && call->row->flags & COSEND_NEEDS_FIELD)
        cosend_check_error(check, place, "needs a field: %.*s(FIELD)",
                           (int)call->function.length, call->function.data);
}

/* What is known of an expression that a function can make nothing of. */
static void check_type(struct cosend_check *check, const char *place,
                       const struct cosend_call *call,
                       const struct cosend_expression *expression)
{
    static const struct {
        enum cosend_type type;
        const char *is, *call, *does;
        unsigned flags; /* of functions that cannot take it */
    } rows[] = {{COSEND_TYPE_BOOL, "true or false", "count",
                 "counts where it is true",
                 COSEND_TAKES_NUMBERS | COSEND_TAKES_VALUES},
                {COSEND_TYPE_TIME, "a time", "epoch", "is a number",
                 COSEND_TAKES_NUMBERS | COSEND_TAKES_VALUES},
                {COSEND_TYPE_TEXT, "text", "number", "makes a number of it",
                 COSEND_TAKES_NUMBERS}};
    enum cosend_type type = cosend_expression_type(expression);

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].type == type && call->row->flags & rows[i].flags)
            cosend_check_error(check, place, "%.*s cannot take %s; %s(%.*s) %s",
                               (int)call->function.length, call->function.data,
                               rows[i].is, rows[i].call,
                               (int)call->subject.length, call->subject.data,
                               rows[i].does);
}

static void check_subject(struct cosend_check *check, const char *place,
                          const struct job *job)
{
    const struct cosend_call *call = &job->call;

    if (call->subject.length > 9 &&
        strncmp(call->subject.data, "distinct ", 9) == 0) {
        cosend_check_error(
            check, place, "how many values differ is distinct(%.*s)",
            (int)call->subject.length - 9, call->subject.data + 9);
        return;
    }
    if (call->is_field) {
        job->of->field = cosend_check_field(check, place, call->subject.data,
                                            call->subject.length);
        return;
    }
    job->of->expression = cosend_check_expression(
        check, place, call->subject.data, call->subject.length,
        job->text ? (size_t)(call->subject.data - job->text) : 0);
    if (job->of->expression && call->row)
        check_type(check, place, call, job->of->expression);
}

static void put_place(const struct aggregate *aggregate, size_t i,
                      char place[NAME_MOST])
{
    if (i < aggregate->of.count)
        snprintf(place, NAME_MOST, "of[%zu]", i);
    else
        snprintf(place, NAME_MOST, "values.%s",
                 aggregate->values.keys[i - aggregate->of.count].data);
}

/* Whether an earlier column, or a group's field, has the name. */
static bool is_taken(struct cosend_check *check,
                     const struct aggregate *aggregate, size_t i,
                     const char *name)
{
    char other[NAME_MOST];

    for (size_t j = 0; j < i; j++) {
        struct job job = job_at(aggregate, j);

        cosend_call_column(&job.call, other, NAME_MOST);
        if (strcmp(other, name) == 0)
            return true;
    }
    for (uint32_t j = 0; j < aggregate->by.count; j++) {
        const char *by =
            cosend_check_field_name(check, cosend_nth(aggregate->by, j));

        if (by && strcmp(by, name) == 0)
            return true;
    }
    return false;
}

/* Whether `name = function(field)` was taken as three. */
static bool is_torn(const struct aggregate *aggregate, size_t i)
{
    const struct text *texts = aggregate->of.items;
    size_t count = aggregate->of.count;

    return i < count &&
           ((texts[i].text.length &&
             texts[i].text.data[texts[i].text.length - 1] == '=') ||
            (i + 1 < count && *texts[i + 1].text.data == '='));
}

static void check_job(struct cosend_check *check, struct aggregate *aggregate,
                      size_t i)
{
    struct job job = job_at(aggregate, i);
    char place[NAME_MOST], name[NAME_MOST];

    put_place(aggregate, i, place);
    if (is_torn(aggregate, i)) {
        if (!i || *job.text != '=')
            cosend_check_error(
                check, place, "no blanks stand around =: name=function(field)");
        return;
    }
    job.of->field.slot = COSEND_NO_FIELD;
    check_function(check, place, &job.call);
    if (job.call.subject.length)
        check_subject(check, place, &job);
    if (cosend_call_column(&job.call, name, NAME_MOST) >= NAME_MOST)
        cosend_check_error(check, place,
                           "the column's name is longer than %d bytes",
                           NAME_MOST - 1);
    else if (job.call.row && is_taken(check, aggregate, i, name))
        cosend_check_error(check, place,
                           "two columns would be called \"%s\"; say "
                           "name=function(field)",
                           name);
}

/* Whether what is held grows with each record. */
static bool holds_all(const struct aggregate *aggregate)
{
    for (size_t i = 0; i < job_count(aggregate); i++) {
        const struct cosend_aggregate *row = job_at(aggregate, i).call.row;

        if (row && (row == cosend_find_aggregate("list") ||
                    row == cosend_find_aggregate("concat")))
            return true;
    }
    return false;
}

static void check_when(struct cosend_check *check,
                       const struct aggregate *aggregate)
{
    bool each = aggregate->emit == EMIT_EACH, often = is_often(aggregate);

    if (each && often)
        cosend_check_error(check, "emit",
                           "each is with each record, which `%s` is not",
                           aggregate->every ? "every" : "interval");
    if (holds_all(aggregate))
        cosend_check_endless(check, COSEND_GROWS,
                             "do without list and concat, which hold all "
                             "values");
    else if (!each && !often)
        cosend_check_endless(check, COSEND_COMES_TO_AN_END, NULL);
}

static void check(struct cosend_check *check, void *memory)
{
    struct aggregate *aggregate = memory;

    if (!job_count(aggregate))
        cosend_check_error(check, "of",
                           "nothing to work out is given: count, mean(FIELD), "
                           "p95(FIELD)");
    for (size_t i = 0; i < job_count(aggregate); i++)
        check_job(check, aggregate, i);
    check_when(check, aggregate);
}

/* ---- Run ----------------------------------------------------------------- */

/* What must outlive the stage. */
struct kept {
    char name[NAME_MOST];
    uint32_t part;
};

static struct cosend_aggregates *start(struct cosend_stage *self,
                                       const struct aggregate *aggregate)
{
    size_t count = job_count(aggregate);
    struct kept *kept = cosend_stage_memory(self, count * sizeof(*kept));
    struct cosend_use *uses = cosend_stage_memory(self, count * sizeof(*uses));

    if (!kept || !uses)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        struct job job = job_at(aggregate, i);
        bool is_percentile =
            job.call.row == cosend_find_aggregate("percentile");

        cosend_call_column(&job.call, kept[i].name, NAME_MOST);
        kept[i].part = job.call.part;
        uses[i] = (struct cosend_use){
            .aggregate = job.call.row,
            .field = job.of->field,
            .expression = job.of->expression,
            .as = kept[i].name,
            .parameter = is_percentile
                             ? (const void *)&kept[i].part
                             : (const void *)aggregate->separator.data};
    }
    return cosend_aggregates_new(self, aggregate->by, uses, count);
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct aggregate *aggregate = memory;
    struct cosend_aggregates *all = start(self, aggregate);
    bool each = aggregate->emit == EMIT_EACH, often = is_often(aggregate);

    if (!all || !cosend_aggregates_limit(all, (uint64_t)aggregate->max_groups,
                                         aggregate->overflow == OVERFLOW_OTHER))
        return COSEND_E_MEMORY;
    cosend_only_fields(self);
    cosend_publish(self, all);
    if (each || often || aggregate->max_groups)
        cosend_set_parallel(self, COSEND_SERIAL);
    if (!each) {
        cosend_drop_columns(self);
        cosend_aggregates_add_groups(all);
    }
    cosend_aggregates_add_columns(all);
    if (each || often) {
        if (each)
            cosend_aggregates_emit_each(
                all, "name=function(field) takes another name");
        else
            cosend_aggregates_emit_often(all, aggregate->every,
                                         aggregate->interval);
        return 0;
    }
    while (cosend_receive_batch(self) && cosend_aggregates_add_batch(all))
        ;
    cosend_aggregates_emit(all);
    return 0;
}

static int save(const void *aggregates, struct cosend_bytes *to)
{
    return cosend_aggregates_save(aggregates, to);
}

static int merge(void *aggregates, struct cosend_reader_bytes *from)
{
    return cosend_aggregates_merge(aggregates, from);
}

static void release(void *memory)
{
    const struct aggregate *aggregate = memory;
    const struct text *texts = aggregate->of.items;
    const struct value *values = aggregate->values.items;

    for (size_t i = 0; i < aggregate->of.count; i++)
        cosend_expression_free(texts[i].of.expression);
    for (size_t i = 0; i < aggregate->values.count; i++)
        cosend_expression_free(values[i].of.expression);
}

const struct cosend_filter csi_filter_aggregate = {
    .name = "aggregate",
    .aliases = "groupby",
    .role = COSEND_FILTER,
    .summary = "Counts, sums, means, percentiles and the like, of all records "
               "or by group",
    .details =
        "Emits, at the end of the input, one record with a column for each "
        "function; with `by` one for each group, its fields before those, in "
        "the order in which the groups first appeared. Functions of numbers "
        "are sum, mean, range, var and stddev (of a sample), median (of an "
        "even count the mean of both in the middle) and p50, p95, p99.9 (the "
        "least number that so much of all is not above); others are count, "
        "min, max, first, last, mode, distinct, null_count, list (an array of"
        " JSON) and concat. Each is of a field, or of an expression, as in "
        "sum(price * qty), whose column is called as it is written. "
        "count(field) counts values, false ones too, and count(condition) "
        "what is true. What is absent, null or empty is passed over, but by "
        "first, last and null_count; anything else that is not a number where"
        " one must be makes the record bad (not_a_number), and it counts for "
        "nothing then. sum, mean and range are exact; var and stddev are "
        "rounded at the end, but where numbers have more than 9 decimals or "
        "18 digits: then the last digit may differ with -j. Percentiles are "
        "exact up to 65536 numbers a group, and then within 0.5 %; distinct "
        "is exact up to 65536 values a group, and then estimated, and marked "
        "by ~; either is told. Memory: some bytes for each group, but for "
        "percentiles and distinct up to 2 MiB, and for mode, list and concat "
        "all values. Threads share the work, unless emit=each, `every`, "
        "`interval` or `max_groups` is given. With emit=each every record goes "
        "on as it came, with a column for each function behind its own: what "
        "it is of its group so far; of mode, list and concat all values are "
        "looked at for each record then. Under --follow it prints when the run "
        "is ended, by `every` and `interval` as it goes, by emit=each with "
        "each record, and what there is on SIGUSR1; list and concat, which "
        "would hold more and more, are refused.",
    .example =
        "parse combined | aggregate count,mean(size),p95(size) by=status",
    .options_size = sizeof(struct aggregate),
    .options = options,
    .body = body,
    .check = check,
    .release = release,
    .save = save,
    .merge = merge,
    .parallel = COSEND_MERGES,
    .absorbs = true,
};
