/* SPDX-License-Identifier: MIT */
/*
 * Functions of time. A time is an instant and the offset that it is told in,
 * which year, hour and the like, and a day's bucket, go by.
 */
#include "expression/functions_time.h"

#include <stdio.h>
#include <string.h>

enum { WHY_MOST = 256 };

static struct cosend_time time_of(const struct cosend_value *value)
{
    return (struct cosend_time){value->as.integer, value->offset};
}

static struct cosend_value time_value(struct cosend_time time)
{
    struct cosend_value value = {.type = COSEND_TYPE_TIME};

    value.as.integer = time.nanoseconds;
    value.offset = time.offset;
    return value;
}

static struct cosend_value apply_time(struct csi_call *call)
{
    struct cosend_time_context context = {.zone = call->term->zone,
                                          .now = call->evaluation->now};
    const struct cosend_value *x = &call->arguments[0];
    struct cosend_value text;
    struct cosend_time time;
    char is[WHY_MOST];
    const char *why;

    if (x->type == COSEND_TYPE_TIME)
        return *x;
    if (csi_value_is_blank(x))
        return csi_null_value();
    text = csi_value_text(call->evaluation, x);
    if (cosend_parse_time(call->term->format, text.as.text, text.length,
                          &context, &time))
        return time_value(time);
    why = cosend_time_problem(call->term->format, text.as.text, text.length,
                              &context);
    snprintf(is, sizeof(is), "not a time%s%s", why ? ", for it " : "",
             why ? why : "");
    return csi_bad_operand(call->evaluation, "not_a_time", call->term->parts[0],
                           x, is);
}

static struct cosend_value apply_epoch(struct csi_call *call)
{
    int64_t nanoseconds = call->arguments[0].as.integer;

    if (nanoseconds % 1000000000 == 0)
        return csi_integer_value(nanoseconds / 1000000000);
    return csi_double_value(call->evaluation, call->term,
                            (double)nanoseconds / 1e9);
}

static struct cosend_value apply_epoch_ms(struct csi_call *call)
{
    int64_t nanoseconds = call->arguments[0].as.integer;
    int64_t left = nanoseconds % 1000000;

    return csi_integer_value(nanoseconds / 1000000 - (left < 0));
}

static struct cosend_value apply_format_time(struct csi_call *call)
{
    const struct csi_term *term = call->term;
    struct cosend_time time = time_of(&call->arguments[0]);
    size_t length = cosend_format_time(term->format, time, term->zone, NULL, 0);
    char *text = csi_arena_bytes(call->evaluation->arena, length + 1);

    if (!text) {
        call->evaluation->no_memory = true;
        return csi_null_value();
    }
    cosend_format_time(term->format, time, term->zone, text, length + 1);
    return csi_text_value(text, length);
}

/* A width in seconds, as 5m is. */
static struct cosend_value apply_bucket(struct csi_call *call)
{
    const struct cosend_value *width = &call->arguments[1];
    double seconds = 0;

    cosend_value_double(width, &seconds);
    if (!(seconds >= 1e-9 && seconds <= 9.2e9))
        return csi_bad_operand(call->evaluation, "out_of_range",
                               call->term->parts[1], width,
                               "not a span of time above 0");
    return time_value(cosend_bucket_time(time_of(&call->arguments[0]),
                                         width->type == COSEND_TYPE_INT
                                             ? width->as.integer * 1000000000
                                             : (int64_t)(seconds * 1e9 + 0.5),
                                         0));
}

static struct cosend_value part_of(struct csi_call *call, size_t offset)
{
    struct cosend_civil civil = cosend_civil_of(time_of(&call->arguments[0]));
    int32_t part;

    memcpy(&part, (const char *)&civil + offset, sizeof(part));
    return csi_integer_value(part);
}

#define PART(name)                                                             \
    static struct cosend_value apply_##name(struct csi_call *call)             \
    {                                                                          \
        return part_of(call, offsetof(struct cosend_civil, name));             \
    }

PART(year)
PART(month)
PART(day)
PART(hour)
PART(minute)
PART(second)
PART(weekday)

static struct cosend_value apply_now(struct csi_call *call)
{
    return time_value((struct cosend_time){call->evaluation->now, 0});
}

#define NUMBER  CSI_TERM_NUMBER, CSI_TERM_CALL
#define TIME    CSI_TERM_TIME, CSI_TERM_CALL
#define EXAMPLE "(time(\"2000-10-10T13:55:36Z\"))"

const struct csi_function csi_functions_time[] = {
    {{"time", "x, format, zone", "time",
      "The time that text or a number of seconds is, by a format of strftime's "
      "or, where that is \"\" or left out, by itself",
      "time(\"10/Oct/2000:13:55:36 -0700\")", "2000-10-10T13:55:36-07:00"},
     "mfz",
     1,
     false,
     TIME,
     apply_time},
    {{"epoch", "t", "time", "Seconds since 1970", "epoch" EXAMPLE, "971186136"},
     "t",
     1,
     false,
     NUMBER,
     apply_epoch},
    {{"epoch_ms", "t", "time", "Milliseconds since 1970", "epoch_ms" EXAMPLE,
      "971186136000"},
     "t",
     1,
     false,
     NUMBER,
     apply_epoch_ms},
    {{"format_time", "t, format, zone", "time",
      "A time as strftime writes it, in a zone or as it is told",
      "format_time(time(0), \"%Y-%m-%d\")", "1970-01-01"},
     "tfz",
     2,
     false,
     CSI_TERM_TEXT,
     CSI_TERM_CALL,
     apply_format_time},
    {{"bucket", "t, width", "time",
      "The start of the span of that width that it is in",
      "bucket(time(\"2000-10-10T13:58:36Z\"), 5m)", "2000-10-10T13:55:00Z"},
     "tn",
     2,
     false,
     TIME,
     apply_bucket},
    {{"year", "t", "time", "Its year", "year" EXAMPLE, "2000"},
     "t",
     1,
     false,
     NUMBER,
     apply_year},
    {{"month", "t", "time", "Its month, 1 to 12", "month" EXAMPLE, "10"},
     "t",
     1,
     false,
     NUMBER,
     apply_month},
    {{"day", "t", "time", "Its day of the month", "day" EXAMPLE, "10"},
     "t",
     1,
     false,
     NUMBER,
     apply_day},
    {{"hour", "t", "time", "Its hour, 0 to 23", "hour" EXAMPLE, "13"},
     "t",
     1,
     false,
     NUMBER,
     apply_hour},
    {{"minute", "t", "time", "Its minute", "minute" EXAMPLE, "55"},
     "t",
     1,
     false,
     NUMBER,
     apply_minute},
    {{"second", "t", "time", "Its second, whole", "second" EXAMPLE, "36"},
     "t",
     1,
     false,
     NUMBER,
     apply_second},
    {{"weekday", "t", "time", "1, Monday, to 7, Sunday", "weekday" EXAMPLE,
      "2"},
     "t",
     1,
     false,
     NUMBER,
     apply_weekday},
    {{"now", "", "time", "The time at which the batch is worked on",
      "now() > time(\"2020-01-01\")", "true"},
     "",
     0,
     false,
     TIME,
     apply_now},
    {{NULL, NULL, NULL, NULL, NULL, NULL},
     NULL,
     0,
     false,
     CSI_TERM_ANY,
     CSI_TERM_CALL,
     NULL}};
