/* SPDX-License-Identifier: MIT */
/* A span of time that records are to be of. */
#include "cosend/endpoint.h"
#include "cosend/filter.h"
#include "cosend/time.h"
#include "record/time_forms.h"
#include "record/time_span.h"

#include <string.h>
#include <time.h>

const char *const cosend_time_names[] = {
    "time", "timestamp", "@timestamp", "ts", "datetime", "date", NULL};

const struct cosend_option cosend_span_options[] = {
    {.name = "since",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct cosend_span, since),
     .minimum = 1,
     .maximum = 256,
     .help = "only what is not before this time: a time, today, yesterday, the "
             "last time of day there was, as 10:00, or how long before now, as "
             "2h",
     .example = "\"2h\""},
    {.name = "until",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct cosend_span, until),
     .minimum = 1,
     .maximum = 256,
     .help = "only what is before this time",
     .example = "\"2026-03-01 10:00\""},
    {.name = "time_field",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct cosend_span, field),
     .minimum = 1,
     .maximum = 1 << 16,
     .help = "since, until: the field with the time; without it, of text, what "
             "lines begin with or have in brackets, else the field time, "
             "timestamp, ts, @timestamp, datetime or date",
     .example = "\"when\""},
    {.name = "tz",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct cosend_span, tz),
     .minimum = 1,
     .maximum = 1024,
     .help = "since, until: the time zone of times that are written without "
             "one; without it UTC",
     .example = "\"+01:00\""},
    {.name = NULL},
};

static bool is_text(const struct cosend_string *text, const char *word)
{
    return strcmp(text->data, word) == 0;
}

/* Whether a time is seconds since 1970 of so few digits that nobody means them.
 */
static bool is_bare_number(const struct cosend_string *text)
{
    struct csi_time_parts parts;

    return text->length < 9 &&
           csi_time_any_read(text->data, text->length, &parts) &&
           parts.has_epoch;
}

/* The start of today, or of some day before, by the zone's clocks. */
static bool day_before(int64_t now, int64_t days,
                       const struct cosend_zone *zone, int64_t *result)
{
    struct cosend_slices slices = {.period = {.days = 1}, .zone = zone};
    struct cosend_time start;

    if (!cosend_slice_start(&slices, cosend_slice_of(&slices, now) - days,
                            &start))
        return false;
    *result = start.nanoseconds;
    return true;
}

/* The last time that clocks showed a time of day. */
static bool last_shown(const struct cosend_string *clock,
                       const struct cosend_time_context *context,
                       int64_t *bound)
{
    char date[COSEND_TIME_MAX], text[COSEND_JOINED_MAX];

    for (int days = 0; days < 2; days++) {
        struct cosend_time time = {0, 0};
        size_t length;

        if (!day_before(context->now, days, context->zone, &time.nanoseconds))
            return false;
        cosend_format_time(NULL, time, context->zone, date, sizeof(date));
        length = cosend_join_time(date, strlen("2000-10-10"), clock->data,
                                  clock->length, text);
        if (!cosend_parse_time(NULL, text, length, context, &time))
            return false;
        *bound = time.nanoseconds;
        if (*bound <= context->now)
            return true;
    }
    return false;
}

/* False, with the problem reported. */
static bool read_bound(struct cosend_check *check, const char *option,
                       const struct cosend_string *text,
                       const struct cosend_time_context *context,
                       int64_t *bound)
{
    struct cosend_time time;
    const char *why;
    int64_t by;

    *bound = context->now;
    if (is_text(text, "now") ||
        (is_text(text, "today") &&
         day_before(context->now, 0, context->zone, bound)) ||
        (is_text(text, "yesterday") &&
         day_before(context->now, 1, context->zone, bound)))
        return true;
    if (!is_bare_number(text) &&
        cosend_parse_duration(text->data, text->length, &by)) {
        /* 2h and -2h are before now; +2h is behind it, as journalctl has it. */
        if (text->data[0] != '+' && by > 0)
            by = -by;
        if (!__builtin_add_overflow(context->now, by, bound))
            return true;
    } else if (!is_bare_number(text) &&
               cosend_parse_time(NULL, text->data, text->length, context,
                                 &time)) {
        *bound = time.nanoseconds;
        return true;
    } else if (last_shown(text, context, bound)) {
        return true;
    }
    why = cosend_time_problem(NULL, text->data, text->length, context);
    /* What a record's field would need is of no use here. */
    if (why && strchr(why, '`'))
        why = "is no time of day";
    cosend_check_error(check, option,
                       "\"%.80s\" %s: a time is written as 2026-03-01, "
                       "2026-03-01 10:00 or 2026-03-01T10:00:00Z, and one "
                       "before now as 2h, 30m or 1d",
                       text->data,
                       is_bare_number(text) ? "has no unit"
                       : why                ? why
                                            : "is no time");
    return false;
}

/* Of what says nothing without since or until. */
static void check_idle(struct cosend_check *check,
                       const struct cosend_span *span)
{
    if (span->since.length || span->until.length)
        return;
    if (span->field.length)
        cosend_check_error(check, "time_field",
                           "needs since or until beside it");
    else if (span->tz.length)
        cosend_check_error(check, "tz", "needs since or until beside it");
}

void cosend_check_span(struct cosend_check *check, struct cosend_span *span,
                       bool alone)
{
    struct cosend_time_context context = {
        .now = (int64_t)time(NULL) * 1000000000, .is_past = true};
    struct cosend_error error = {0};
    bool right = true;

    span->from = INT64_MIN;
    span->to = INT64_MAX;
    if (!alone)
        check_idle(check, span);
    if (span->tz.length) {
        span->zone = cosend_zone_new(span->tz.data, span->tz.length, &error);
        if (!span->zone) {
            cosend_check_failed(check, "tz", &error);
            return;
        }
        context.zone = span->zone;
    }
    if (span->since.length)
        right = read_bound(check, "since", &span->since, &context, &span->from);
    if (span->until.length) {
        /* An hour that clocks show twice is all of the span. */
        context.fold = COSEND_FOLD_SECOND;
        right &= read_bound(check, "until", &span->until, &context, &span->to);
    }
    if (right && span->from >= span->to)
        cosend_check_error(check, "until",
                           "until is not after since: nothing can be "
                           "between them");
}

static bool is_within(const struct cosend_span *span, int64_t nanoseconds)
{
    return nanoseconds >= span->from && nanoseconds < span->to;
}

bool cosend_span_has(const struct cosend_span *span, const char *text,
                     size_t length, int64_t nanoseconds)
{
    struct cosend_time_context again = {.zone = span->zone,
                                        .now = (int64_t)time(NULL) * 1000000000,
                                        .fold = COSEND_FOLD_SECOND,
                                        .is_past = true};
    struct cosend_time second;

    if (is_within(span, nanoseconds))
        return true;
    return span->zone && nanoseconds < span->from &&
           (uint64_t)span->from - (uint64_t)nanoseconds <= CSI_SPAN_TWICE &&
           cosend_parse_time(NULL, text, length, &again, &second) &&
           is_within(span, second.nanoseconds);
}

void cosend_span_release(struct cosend_span *span)
{
    cosend_zone_free(span->zone);
    span->zone = NULL;
}

/* ---- Where records were read --------------------------------------------- */

const struct cosend_option cosend_place_options[] = {
    {.name = "add_path",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct cosend_read_options, add_path),
     .minimum = 1,
     .maximum = 1 << 16,
     .help = "the name of a field for the file's name, as `origin` adds it",
     .example = "\"file\""},
    {.name = "add_line",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct cosend_read_options, add_line),
     .minimum = 1,
     .maximum = 1 << 16,
     .help = "the name of a field for the number of the record's first line",
     .example = "\"n\""},
    {.name = "add_offset",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct cosend_read_options, add_offset),
     .minimum = 1,
     .maximum = 1 << 16,
     .help = "the name of a field for how many bytes are before the record in "
             "its file",
     .example = "\"at\""},
    {.name = "read_all",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct cosend_read_options, read_all),
     .help = "since, until: read all of a file whose lines ascend by time, and "
             "pass over nothing by bisection",
     .example = "true"},
    {.name = NULL},
};

const struct cosend_behind cosend_read_behind[] = {
    {.option = "add_path", .filter = "origin", .its = "path"},
    {.option = "add_line", .filter = "origin", .its = "line"},
    {.option = "add_offset", .filter = "origin", .its = "offset"},
    {.option = "since", .filter = "between", .its = "since", .parsed = true},
    {.option = "until", .filter = "between", .its = "until", .parsed = true},
    {.option = "time_field",
     .filter = "between",
     .its = "time_field",
     .parsed = true,
     .alone = true},
    {.option = "tz",
     .filter = "between",
     .its = "tz",
     .parsed = true,
     .alone = true},
    {.option = NULL},
};
