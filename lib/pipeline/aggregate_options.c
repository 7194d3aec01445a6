/* SPDX-License-Identifier: MIT */
#include "cosend/aggregate_options.h"

#include "cosend/expression.h"

#include <stdio.h>
#include <string.h>

enum { NAME_MOST = 256 };

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

const struct cosend_option cosend_aggregate_options[] = {
    {.name = "of",
     .type = COSEND_OPTION_LIST,
     .offset = offsetof(struct cosend_aggregate_options, of),
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
     .offset = offsetof(struct cosend_aggregate_options, values),
     .group = value_options,
     .item_size = sizeof(struct value),
     .help = "the same by the names of the columns",
     .example = "{\"n\": \"count\", \"p95\": {\"p95\": \"ms\"}}"},
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct cosend_aggregate_options, by),
     .help = "for each group of records that are the same in these fields, as "
             "they are written (200 is not 200.0)",
     .example = "[\"host\", \"status\"]"},
    {.name = "separator",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct cosend_aggregate_options, separator),
     .fallback = "\",\"",
     .maximum = INT64_MAX,
     .help = "between the values of concat",
     .example = "\"; \""},
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

static size_t job_count(const struct cosend_aggregate_options *options)
{
    return options->of.count + options->values.count;
}

static struct job job_at(const struct cosend_aggregate_options *options,
                         size_t i)
{
    /* check alone writes to them. */
    struct text *texts = (struct text *)options->of.items;
    struct value *values = (struct value *)options->values.items;
    const struct cosend_string *keys = options->values.keys, *text;

    if (i < options->of.count) {
        text = &texts[i].text;
        return (struct job){cosend_read_call(text->data, text->length, false),
                            text->data, &texts[i].of};
    }
    i -= options->of.count;
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
                           const struct job *job)
{
    const struct cosend_call *call = &job->call;
    /* As an option is, which it may have been meant to be. */
    bool is_named = call->name.length && call->name.data == job->text &&
                    !call->subject.length;

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
            "there is no %s\"%.*s%s%.*s\"; there are count, sum, mean, min, "
            "max, range, first, last, var, stddev, median, p95 and any such, "
            "mode, distinct, null_count, list and concat, each with its field "
            "in parentheses",
            is_named ? "such option, and no function, " : "function ",
            is_named ? (int)call->name.length : 0, job->text,
            is_named ? "=" : "", (int)call->function.length,
            call->function.data);
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

static void put_place(const struct cosend_aggregate_options *options, size_t i,
                      char place[NAME_MOST])
{
    if (i < options->of.count)
        snprintf(place, NAME_MOST, "of[%zu]", i);
    else
        snprintf(place, NAME_MOST, "values.%s",
                 options->values.keys[i - options->of.count].data);
}

/* Whether an earlier column, or a group's field, has the name. */
static bool is_taken(struct cosend_check *check,
                     const struct cosend_aggregate_options *options, size_t i,
                     const char *name)
{
    char other[NAME_MOST];

    for (size_t j = 0; j < i; j++) {
        struct job job = job_at(options, j);

        cosend_call_column(&job.call, other, NAME_MOST);
        if (strcmp(other, name) == 0)
            return true;
    }
    for (uint32_t j = 0; j < options->by.count; j++) {
        const char *by =
            cosend_check_field_name(check, cosend_nth(options->by, j));

        if (by && strcmp(by, name) == 0)
            return true;
    }
    return false;
}

/* Whether `name = function(field)` was taken as three. */
static bool is_torn(const struct cosend_aggregate_options *options, size_t i)
{
    const struct text *texts = options->of.items;
    size_t count = options->of.count;

    return i < count &&
           ((texts[i].text.length &&
             texts[i].text.data[texts[i].text.length - 1] == '=') ||
            (i + 1 < count && *texts[i + 1].text.data == '='));
}

static void check_job(struct cosend_check *check,
                      struct cosend_aggregate_options *options, size_t i)
{
    struct job job = job_at(options, i);
    char place[NAME_MOST], name[NAME_MOST];

    put_place(options, i, place);
    if (is_torn(options, i)) {
        if (!i || *job.text != '=')
            cosend_check_error(
                check, place, "no blanks stand around =: name=function(field)");
        return;
    }
    job.of->field.slot = COSEND_NO_FIELD;
    check_function(check, place, &job);
    if (job.call.subject.length)
        check_subject(check, place, &job);
    if (cosend_call_column(&job.call, name, NAME_MOST) >= NAME_MOST)
        cosend_check_error(check, place,
                           "the column's name is longer than %d bytes",
                           NAME_MOST - 1);
    else if (job.call.row && is_taken(check, options, i, name))
        cosend_check_error(check, place,
                           "two columns would be called \"%s\"; say "
                           "name=function(field)",
                           name);
}

void cosend_check_aggregates(struct cosend_check *check,
                             struct cosend_aggregate_options *options)
{
    if (!job_count(options))
        cosend_check_error(check, "of",
                           "nothing to work out is given: count, mean(FIELD), "
                           "p95(FIELD)");
    for (size_t i = 0; i < job_count(options); i++)
        check_job(check, options, i);
}

bool cosend_aggregates_hold_all(const struct cosend_aggregate_options *options)
{
    for (size_t i = 0; i < job_count(options); i++) {
        const struct cosend_aggregate *row = job_at(options, i).call.row;

        if (row && (row == cosend_find_aggregate("list") ||
                    row == cosend_find_aggregate("concat")))
            return true;
    }
    return false;
}

void cosend_aggregates_release(const struct cosend_aggregate_options *options)
{
    const struct text *texts = options->of.items;
    const struct value *values = options->values.items;

    for (size_t i = 0; i < options->of.count; i++)
        cosend_expression_free(texts[i].of.expression);
    for (size_t i = 0; i < options->values.count; i++)
        cosend_expression_free(values[i].of.expression);
}

/* ---- Run ----------------------------------------------------------------- */

/* What must outlive the stage. */
struct kept {
    char name[NAME_MOST];
    uint32_t part;
};

struct cosend_aggregates *
cosend_aggregates_start(struct cosend_stage *self,
                        const struct cosend_aggregate_options *options)
{
    size_t count = job_count(options);
    struct kept *kept = cosend_stage_memory(self, count * sizeof(*kept));
    struct cosend_use *uses = cosend_stage_memory(self, count * sizeof(*uses));

    if (!kept || !uses)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        struct job job = job_at(options, i);
        bool is_percentile =
            job.call.row == cosend_find_aggregate("percentile");

        cosend_call_column(&job.call, kept[i].name, NAME_MOST);
        kept[i].part = job.call.part;
        uses[i] = (struct cosend_use){
            .aggregate = job.call.row,
            .field = job.of->field,
            .expression = job.of->expression,
            .as = kept[i].name,
            .parameter = is_percentile ? (const void *)&kept[i].part
                                       : (const void *)options->separator.data};
    }
    return cosend_aggregates_new(self, options->by, uses, count);
}
