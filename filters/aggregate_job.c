/* SPDX-License-Identifier: MIT */
#include "aggregate_job.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { DECIMALS = 3 };

const char *const csi_job_functions[CSI_JOB_FUNCTIONS] = {
    "count", "sum",    "mean",   "min",    "max",  "range",    "first",
    "last",  "var",    "stddev", "median", "mode", "distinct", "null_count",
    "list",  "concat", "p1",     "p5",     "p10",  "p25",      "p50",
    "p75",   "p90",    "p95",    "p99",    "p99.9"};

static bool is_word(struct csi_slice slice, const char *word)
{
    return strlen(word) == slice.length &&
           memcmp(slice.data, word, slice.length) == 0;
}

/* p95, p99.9: a number up to 100, of at most three decimals. */
static bool read_percentile(struct csi_slice function, uint32_t *part)
{
    uint32_t value = 0;
    size_t i = 1, decimals = 0;
    bool point = false;

    if (function.length < 2 || function.length > 8 || *function.data != 'p')
        return false;
    for (; i < function.length; i++) {
        char c = function.data[i];

        if (c == '.' && !point && i > 1) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9' || decimals == DECIMALS)
            return false;
        value = value * 10 + (uint32_t)(c - '0');
        decimals += point;
    }
    for (; decimals < DECIMALS; decimals++)
        value *= 10;
    *part = value;
    return value <= 100000 && function.data[function.length - 1] != '.';
}

static const struct cosend_aggregate *find_row(struct csi_job *job)
{
    static const struct {
        const char *called, *is;
    } others[] = {{"avg", "mean"},     {"average", "mean"},
                  {"sd", "stddev"},    {"stdev", "stddev"},
                  {"variance", "var"}, {"nulls", "null_count"}};
    char name[32];
    size_t length = job->function.length;

    if (read_percentile(job->function, &job->part))
        return cosend_find_aggregate("percentile");
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (is_word(job->function, others[i].called))
            return cosend_find_aggregate(others[i].is);
    if (length >= sizeof(name) || is_word(job->function, "percentile"))
        return NULL;
    memcpy(name, job->function.data, length);
    name[length] = '\0';
    return cosend_find_aggregate(name);
}

/* [name=]function[(field)] */
static struct csi_job read_text(struct cosend_string text, bool named)
{
    struct csi_job job = {.text = text.data};
    const char *at = text.data, *end = text.data + text.length;
    const char *open = memchr(at, '(', text.length);
    const char *equals =
        named ? NULL : memchr(at, '=', (size_t)((open ? open : end) - at));

    if (equals) {
        job.name = (struct csi_slice){at, (size_t)(equals - at)};
        at = equals + 1;
    }
    job.function = (struct csi_slice){at, (size_t)((open ? open : end) - at)};
    if (open && end[-1] == ')')
        job.field = (struct csi_slice){open + 1, (size_t)(end - open - 2)};
    job.open = open && end[-1] != ')';
    job.row = find_row(&job);
    return job;
}

/* {"mean": "ms"}; no row where there is not one function. */
static struct csi_job read_object(const struct csi_job_value *value)
{
    struct csi_job job = {.row = NULL};

    for (size_t i = 0; i < CSI_JOB_FUNCTIONS; i++) {
        const struct cosend_string *field = &value->fields[i];

        if (!field->data)
            continue;
        if (job.function.data || value->text.data)
            return (struct csi_job){.row = NULL};
        job.function = (struct csi_slice){csi_job_functions[i],
                                          strlen(csi_job_functions[i])};
        job.field = (struct csi_slice){field->data, field->length};
    }
    if (job.function.data)
        job.row = find_row(&job);
    return job;
}

/* Whether it is more than a name: a name with other signs than these is written
   in quotes or backquotes. */
static bool is_expression(struct csi_slice text)
{
    static const char *const signs[] = {
        "(",   "[",   "*",    "+",     "<",    ">",    "=",
        "!",   "&",   "|",    "?",     "%",    "`",    ".",
        " - ", " / ", " // ", " and ", " or ", " in ", " not "};

    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
        if (memmem(text.data, text.length, signs[i], strlen(signs[i])))
            return true;
    return false;
}

/* A name in quotes, without them. */
static struct csi_slice unquoted(struct csi_slice text)
{
    char quote = text.length > 1 ? *text.data : '\0';

    if ((quote != '"' && quote != '\'') ||
        text.data[text.length - 1] != quote ||
        memchr(text.data + 1, quote, text.length - 2))
        return text;
    return (struct csi_slice){text.data + 1, text.length - 2};
}

static void find_subject(struct csi_job *job)
{
    struct csi_slice name = unquoted(job->field);

    job->is_name = name.data != job->field.data || !is_expression(name);
    job->field = name;
}

struct csi_job csi_job_of_text(struct csi_job_text *text)
{
    struct csi_job job = read_text(text->text, false);

    job.of = &text->of;
    find_subject(&job);
    return job;
}

struct csi_job csi_job_of_value(struct csi_job_value *value)
{
    struct csi_job job =
        value->text.data ? read_text(value->text, true) : read_object(value);

    job.of = &value->of;
    find_subject(&job);
    return job;
}

/* Whether an expression is only the way to a field in others, a.b[0]. */
static bool is_path(struct csi_slice text)
{
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.data[i] < 0x80 &&
            !isalnum((unsigned char)text.data[i]) &&
            !strchr("_.[]-", text.data[i]))
            return false;
    return true;
}

int csi_job_print_name(const struct csi_job *job, char name[CSI_JOB_NAME])
{
    if (job->name.data)
        return snprintf(name, CSI_JOB_NAME, "%.*s", (int)job->name.length,
                        job->name.data);
    if (!job->field.length)
        return snprintf(name, CSI_JOB_NAME, "%.*s", (int)job->function.length,
                        job->function.data);
    if (!job->is_name && !is_path(job->field))
        return snprintf(name, CSI_JOB_NAME, "%.*s(%.*s)",
                        (int)job->function.length, job->function.data,
                        (int)job->field.length, job->field.data);
    return snprintf(name, CSI_JOB_NAME, "%.*s_%.*s", (int)job->function.length,
                    job->function.data, (int)job->field.length,
                    job->field.data);
}

/* ---- Check --------------------------------------------------------------- */

static void check_function(struct cosend_check *check, const char *place,
                           const struct csi_job *job)
{
    if (!job->function.length)
        cosend_check_error(check, place,
                           "needs one function of one field: {\"mean\": "
                           "\"ms\"}, or \"mean(ms)\"");
    else if (job->open)
        cosend_check_error(check, place, "a parenthesis is not closed");
    else if (!job->row)
        cosend_check_error(
            check, place,
            "there is no function \"%.*s\"; there are count, sum, mean, min, "
            "max, range, first, last, var, stddev, median, p95 and any such, "
            "mode, distinct, null_count, list and concat, each with its field "
            "in parentheses",
            (int)job->function.length, job->function.data);
    else if (!job->field.length && job->row->flags & COSEND_NEEDS_FIELD)
        cosend_check_error(check, place, "needs a field: %.*s(FIELD)",
                           (int)job->function.length, job->function.data);
}

/* What is known of an expression that a function can make nothing of. */
static void check_type(struct cosend_check *check, const char *place,
                       const struct csi_job *job)
{
    bool numbers = job->row->flags & COSEND_TAKES_NUMBERS;
    bool values = job->row->flags & COSEND_TAKES_VALUES;

    switch (cosend_expression_type(job->of->expression)) {
    case COSEND_TYPE_BOOL:
        if (numbers || values)
            cosend_check_error(check, place,
                               "%.*s is of numbers, and this is true or false; "
                               "count(%.*s) counts where it is true",
                               (int)job->function.length, job->function.data,
                               (int)job->field.length, job->field.data);
        break;
    case COSEND_TYPE_TIME:
        if (numbers || values)
            cosend_check_error(check, place,
                               "%.*s takes no times; epoch(%.*s) is a number",
                               (int)job->function.length, job->function.data,
                               (int)job->field.length, job->field.data);
        break;
    case COSEND_TYPE_TEXT:
        if (numbers)
            cosend_check_error(check, place,
                               "%.*s is of numbers, and this is text; "
                               "number(%.*s) makes one of it",
                               (int)job->function.length, job->function.data,
                               (int)job->field.length, job->field.data);
        break;
    default:
        break;
    }
}

static void check_subject(struct cosend_check *check, const char *place,
                          const struct csi_job *job)
{
    if (job->is_name) {
        job->of->field = cosend_check_field(check, place, job->field.data,
                                            job->field.length);
        return;
    }
    job->of->expression = cosend_check_expression(
        check, place, job->field.data, job->field.length,
        job->text ? (size_t)(job->field.data - job->text) : 0);
    if (job->of->expression && job->row)
        check_type(check, place, job);
}

void csi_job_check(struct cosend_check *check, const char *place,
                   struct csi_job *job)
{
    job->of->field.slot = COSEND_NO_FIELD;
    check_function(check, place, job);
    if (job->field.length)
        check_subject(check, place, job);
}
