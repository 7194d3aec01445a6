/* SPDX-License-Identifier: MIT */
/* Times, zones and durations; test_time_oracle.c has them by the million. */
#include "cosend/time.h"
#include "record/calendar.h"
#include "record/zone_file.h"
#include "record/zone_rule.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* ---- Helpers ------------------------------------------------------------- */

static struct cosend_zone *zone_of(const char *name)
{
    struct cosend_error error = {0};
    struct cosend_zone *zone = cosend_zone_new(name, strlen(name), &error);

    if (!zone)
        fail_msg("%s", error.message);
    return zone;
}

static bool has_tzdata(void)
{
    struct cosend_zone *zone = cosend_zone_new("Europe/Berlin", 13, NULL);

    cosend_zone_free(zone);
    return zone != NULL;
}

static struct cosend_time_format *format_of(const char *text)
{
    struct cosend_error error = {0};
    struct cosend_time_format *format =
        cosend_time_format_new(text, strlen(text), true, &error);

    if (!format)
        fail_msg("%s", error.message);
    return format;
}

/* What a text is by a format, or by no format for NULL, as RFC 3339. */
static void assert_reads(const char *form, const char *text, const char *due)
{
    struct cosend_time_format *format = form ? format_of(form) : NULL;
    struct cosend_time time;
    char again[COSEND_TIME_MAX];

    if (!cosend_parse_time(format, text, strlen(text), NULL, &time))
        fail_msg("\"%s\" is no time", text);
    assert_in_range(cosend_format_time(NULL, time, NULL, again, sizeof(again)),
                    1, sizeof(again) - 1);
    assert_string_equal(again, due);
    cosend_time_format_free(format);
}

static void assert_no_time(const char *form, const char *text)
{
    struct cosend_time_format *format = form ? format_of(form) : NULL;
    struct cosend_time time = {77, 7};

    if (cosend_parse_time(format, text, strlen(text), NULL, &time))
        fail_msg("\"%s\" is a time", text);
    assert_int_equal(time.nanoseconds, 77);
    assert_int_equal(time.offset, 7);
    cosend_time_format_free(format);
}

/* What follows the text in a message. */
static void assert_problem(const char *form, const char *text, const char *due)
{
    struct cosend_time_format *format = form ? format_of(form) : NULL;
    const char *why = cosend_time_problem(format, text, strlen(text), NULL);

    if (!due)
        assert_null(why);
    else if (!why || !strstr(why, due))
        fail_msg("\"%s\" %s", text, why ? why : "has no problem");
    cosend_time_format_free(format);
}

/* ---- Forms --------------------------------------------------------------- */

static void times_of_many_forms_are_known(void **state)
{
    (void)state;
    assert_reads(NULL, "2000-10-10T13:55:36Z", "2000-10-10T13:55:36Z");
    assert_reads(NULL, "2000-10-10 13:55:36,123", "2000-10-10T13:55:36.123Z");
    assert_reads(NULL, "2000-10-10T13:55:36.1-07:00",
                 "2000-10-10T13:55:36.100-07:00");
    assert_reads(NULL, "2000-10-10t13:55z", "2000-10-10T13:55:00Z");
    assert_reads(NULL, "2000-10-10", "2000-10-10T00:00:00Z");
    assert_reads(NULL, "2000/10/10 13:55:36 +0200",
                 "2000-10-10T13:55:36+02:00");
    assert_reads(NULL, "2000.10.10 13:55:36 +0200",
                 "2000-10-10T13:55:36+02:00");
    assert_reads(NULL, "20001010T135536Z", "2000-10-10T13:55:36Z");
    assert_reads(NULL, "20001010T1355", "2000-10-10T13:55:00Z");
    assert_reads(NULL, "10/Oct/2000:13:55:36 -0700",
                 "2000-10-10T13:55:36-07:00");
    assert_reads(NULL, "10/oct/2000:13:55:36", "2000-10-10T13:55:36Z");
    assert_reads(NULL, "Oct 10 13:55:36", "1969-10-10T13:55:36Z");
    assert_reads(NULL, "Jan  1 00:00:00.5", "1970-01-01T00:00:00.500Z");
    assert_reads(NULL, "2000-10-10T13:55:36.123456789123Z",
                 "2000-10-10T13:55:36.123456789Z");
    assert_reads(NULL, "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z");
    assert_reads(NULL, "2000-10-10 13:55:36 UTC", "2000-10-10T13:55:36Z");
    assert_reads(NULL, "Oct 10 13:55:36 GMT", "1969-10-10T13:55:36Z");
    assert_reads(NULL, "Tue Oct 10 13:55:36.5 2000",
                 "2000-10-10T13:55:36.500Z");
    assert_reads(NULL, "Tue Oct  3 13:55:36 -0700 2000",
                 "2000-10-03T13:55:36-07:00");
    assert_reads(NULL, "Tuesday, October 10, 2000 13:55",
                 "2000-10-10T13:55:00Z");
    assert_reads(NULL, "Oct 10, 2000", "2000-10-10T00:00:00Z");
    assert_reads(NULL, "Tue, 10 Oct 2000 13:55:36 GMT", "2000-10-10T13:55:36Z");
    assert_reads(NULL, "1-oct-2000", "2000-10-01T00:00:00Z");
    assert_reads(NULL, "1900-01-01T00:00:00+00:53:28",
                 "1900-01-01T00:00:00+00:53:28");
}

static void counts_of_seconds_are_times(void **state)
{
    (void)state;
    assert_reads(NULL, "971186136", "2000-10-10T13:55:36Z");
    assert_reads(NULL, "971186136.25", "2000-10-10T13:55:36.250Z");
    assert_reads(NULL, "1000000000000", "2001-09-09T01:46:40Z");
    assert_reads(NULL, "1000000000000000", "2001-09-09T01:46:40Z");
    assert_reads(NULL, "1000000000000000001", "2001-09-09T01:46:40.000000001Z");
    assert_reads(NULL, "0", "1970-01-01T00:00:00Z");
    assert_reads(NULL, "-1.5", "1969-12-31T23:59:58.500Z");
    assert_reads("epoch", "-0.000000001", "1969-12-31T23:59:59.999999999Z");
    assert_reads("epoch_ms", "-1", "1969-12-31T23:59:59.999Z");
    assert_reads("epoch_us", "1", "1970-01-01T00:00:00.000001Z");
    assert_reads("epoch_ns", "-9223372036854775807",
                 "1677-09-21T00:12:43.145224193Z");
    assert_no_time("epoch_ms", "1.5");
    assert_no_time("epoch", "9999999999999");
    assert_no_time("epoch", "");
    assert_no_time("epoch", "-");
    assert_no_time("epoch", "1.");
}

/* Eight digits, or 14, of 1900 to 2199 are no seconds. */
static void digits_alone_may_be_a_date(void **state)
{
    (void)state;
    assert_reads(NULL, "20001010", "2000-10-10T00:00:00Z");
    assert_reads(NULL, "19000228", "1900-02-28T00:00:00Z");
    assert_reads(NULL, "21991231", "2199-12-31T00:00:00Z");
    assert_reads(NULL, "20001010135536", "2000-10-10T13:55:36Z");
    assert_reads(NULL, "20001010135536.25Z", "2000-10-10T13:55:36.250Z");
    assert_reads(NULL, "20001010135536 -0700", "2000-10-10T13:55:36-07:00");
    assert_reads(NULL, "20001010 13:55:36.123456",
                 "2000-10-10T13:55:36.123456Z");
    assert_reads(NULL, "20001010T13:55:36+02", "2000-10-10T13:55:36+02:00");
    assert_reads("epoch", "20001010", "1970-08-20T11:50:10Z");
    assert_reads(NULL, "12345678", "1970-05-23T21:21:18Z");
    assert_reads(NULL, "12345678.5", "1970-05-23T21:21:18.500Z");
    assert_no_time(NULL, "20000230");
    assert_no_time(NULL, "20001010.0");
    assert_no_time(NULL, "20001010240000");
    assert_no_time(NULL, "01022000");
    assert_no_time(NULL, "31122000");
    assert_no_time(NULL, "12312000");
    assert_problem(NULL, "20000230", "there is not");
    assert_problem(NULL, "31122000", "%d%m%Y");
}

/* Years and months of 1900 to 2199 are no seconds either. */
static void digits_alone_may_be_a_year(void **state)
{
    static const char *const years[] = {"1900", "2026", "2199", "2026.0"};
    static const char *const months[] = {"190001", "202612", "202603.0"};

    (void)state;
    for (size_t i = 0; i < COUNT(years); i++) {
        assert_no_time(NULL, years[i]);
        assert_problem(NULL, years[i], "a year, %Y,");
    }
    for (size_t i = 0; i < COUNT(months); i++) {
        assert_no_time(NULL, months[i]);
        assert_problem(NULL, months[i], "%Y%m");
    }
    assert_reads(NULL, "1899", "1970-01-01T00:31:39Z");
    assert_reads(NULL, "2200", "1970-01-01T00:36:40Z");
    assert_reads(NULL, "2026.5", "1970-01-01T00:33:46.500Z");
    assert_reads(NULL, "-2026", "1969-12-31T23:26:14Z");
    assert_reads(NULL, "202613", "1970-01-03T08:16:53Z");
    assert_reads("epoch", "2026", "1970-01-01T00:33:46Z");
    assert_reads("%Y", "2026", "2026-01-01T00:00:00Z");
    assert_reads("%Y%m", "202603", "2026-03-01T00:00:00Z");
    assert_reads("%b %y", "Mar 26", "2026-03-01T00:00:00Z");
    assert_no_time("%Y%m", "202613");
}

static void an_hour_of_twelve_has_its_half_behind_it(void **state)
{
    (void)state;
    assert_reads(NULL, "2000-10-10 01:55:36 PM", "2000-10-10T13:55:36Z");
    assert_reads(NULL, "2000-10-10 12:55:36am", "2000-10-10T00:55:36Z");
    assert_reads(NULL, "2000-10-10T12:55 Pm+02:00",
                 "2000-10-10T12:55:00+02:00");
    assert_reads(NULL, "2000-10-10 1:55:36.5 PM UTC",
                 "2000-10-10T13:55:36.500Z");
    assert_reads(NULL, "Oct 10, 2000 1:55:36 PM", "2000-10-10T13:55:36Z");
    assert_reads(NULL, "Tue Oct 10 1:55:36 PM 2000", "2000-10-10T13:55:36Z");
    assert_reads(NULL, "10 Oct 2000 9:05 AM", "2000-10-10T09:05:00Z");
    assert_reads(NULL, "10/Oct/2000:1:55:36 PM -0700",
                 "2000-10-10T13:55:36-07:00");
    assert_no_time(NULL, "2000-10-10 1:55:36");
    assert_no_time(NULL, "2000-10-10 13:55:36 PM");
    assert_no_time(NULL, "2000-10-10 00:55:36 AM");
    assert_no_time(NULL, "2000-10-10 10:55:36 PMX");
    assert_no_time(NULL, "10-10 10:55:36 PM");
    assert_problem(NULL, "2000-10-10 13:55:36 PM", "there is not");
    assert_problem(NULL, "10/10/2000 01:55:36 PM", "%I:%M:%S %p");
    assert_problem(NULL, "1/2/2000, 1:55 pm", "%I:%M:%S %p");
    assert_problem(NULL, "1:55 PM", "without its date");
    assert_problem(NULL, "13:55:36,123", "without its date");
    assert_problem(NULL, "13:55:36 x", NULL);
    /* By a format it is not passed over either. */
    assert_reads("%F %R %p", "2000-10-10 13:55 PM", "2000-10-10T13:55:00Z");
    assert_no_time("%F %R %p", "2000-10-10 01:55 PM");
    assert_no_time("%F %R %p", "2000-10-10 12:55 AM");
}

/* What a date and a time of day in two fields are; "": not known. */
static void assert_joined(const char *date, const char *clock, const char *due)
{
    char text[COSEND_JOINED_MAX];
    size_t length =
        cosend_join_time(date, strlen(date), clock, strlen(clock), text);

    assert_int_equal(length, strlen(due));
    if (length)
        assert_string_equal(text, due);
}

static void a_date_and_a_time_of_day_are_one(void **state)
{
    char most[COSEND_JOINED_MAX], text[COSEND_JOINED_MAX];

    (void)state;
    assert_joined("2000-10-10", "13:55:36", "2000-10-10 13:55:36");
    assert_joined("10 Oct 2000", "1:55 PM", "10 Oct 2000 1:55 PM");
    assert_joined("01/02/2000", "13:55", "01/02/2000 13:55");
    assert_joined("2000-10-10", "-", "2000-10-10 -");
    assert_joined("", "", " ");
    assert_joined("2000-10-10", "0.123", "");
    assert_joined("2000-10-10T13:55:36Z", "12ms", "");
    assert_joined("2000-10-10", "2000-10-10T13:55:36Z", "");
    memset(most, ' ', sizeof(most));
    most[COSEND_JOINED_MAX - 1] = '\0';
    assert_joined(most, "", "");
    most[COSEND_JOINED_MAX - 9] = '\0';
    assert_joined(most, "13:55:36", "");
    most[COSEND_JOINED_MAX - 10] = '\0';
    assert_int_equal(cosend_join_time(most, strlen(most), "13:55:36", 8, text),
                     COSEND_JOINED_MAX - 1);
}

static void what_is_no_time_is_told(void **state)
{
    static const char *const texts[] = {"",
                                        "x",
                                        "2000-13-10T13:55:36Z",
                                        "2000-00-10T13:55:36Z",
                                        "2000-02-30",
                                        "1900-02-29",
                                        "2000-10-10T24:00:00Z",
                                        "2000-10-10T23:60:00Z",
                                        "2000-10-10T23:59:61Z",
                                        "2000-10-10T13:55:36+25:60",
                                        "2000-10-10T13:55:36+27:00",
                                        "2000-10-10T13:55:36.Z",
                                        "2000-10-10T13:55:36Z ",
                                        " 2000-10-10T13:55:36Z",
                                        "2000-10-10T",
                                        "2000-10-1",
                                        "2000-10/10",
                                        "20001010T135536X",
                                        "10/Okt/2000:13:55:36 -0700",
                                        "31/Sep/2000:13:55:36 -0700",
                                        "Feb 31 13:55:36",
                                        "Oct 10 13:55:36 200",
                                        "Oct 10 13:55:36 20001",
                                        "Oct 10 2000 13:55:36 2000",
                                        "Oct 10 13:55:36 EST",
                                        "Oct 10",
                                        "Tue",
                                        "Tue, ",
                                        "Tue, 10 Oct 13:55:36 GMT",
                                        "10 Oct 00 13:55:36",
                                        "10-Oct 2000",
                                        "10 Oct 2000 13:55:36 PDT",
                                        "2000-10-10 13:55:36 CEST",
                                        "2000-10-10 13:55:36 GMT+1",
                                        "01/02/2000",
                                        "1.2.2000",
                                        "13:55:36",
                                        "1676-01-01T00:00:00Z",
                                        "2262-04-12T00:00:00Z",
                                        "99999999999999999999",
                                        "12 34"};

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_no_time(NULL, texts[i]);
}

static void why_it_is_no_time_is_told(void **state)
{
    (void)state;
    assert_problem(NULL, "2000-02-30", "there is not");
    assert_problem(NULL, "2000-10-10 24:00:00", "there is not");
    assert_problem(NULL, "3000-01-01", "1677 to 2262");
    assert_problem(NULL, "01/02/2000", "%d/%m/%Y");
    assert_problem(NULL, "1.2.00", "%m/%d/%Y");
    assert_problem("%d/%m/%Y", "31/02/2000", "there is not");
    assert_problem(NULL, "2000-10-10 13:55:36 EST", "letters");
    assert_problem(NULL, "2000-02-30 13:55:36 EST", "there is not");
    assert_problem("%F %Z", "2000-10-10 IST", "letters");
    assert_problem(NULL, "yesterday", NULL);
    assert_problem("%F", "01/02/2000", NULL);
    assert_problem(NULL, "", NULL);
    assert_problem(NULL, "2000-10-10", NULL);
}

static void a_fraction_may_lack_with_its_point(void **state)
{
    (void)state;
    assert_reads("%F %T.%f", "2000-10-10 13:55:36", "2000-10-10T13:55:36Z");
    assert_reads("%F %T,%3f %z", "2000-10-10 13:55:36 +02",
                 "2000-10-10T13:55:36+02:00");
    assert_reads("%F %T.%f", "2000-10-10 13:55:36.000000001",
                 "2000-10-10T13:55:36.000000001Z");
    assert_no_time("%F %T.%f", "2000-10-10 13:55:36.");
    assert_no_time("%F %T.%f", "2000-10-10 13:55:36,5");
    assert_no_time("%F %T.%f", "2000-10-10 13:55:36.0000000001");
    assert_no_time("%F.%M", "2000-10-10");
}

static void periods_are_durations_or_by_the_calendar(void **state)
{
    static const struct {
        const char *text;
        struct cosend_period due; /* all 0: it is none */
    } rows[] = {{"1m", {.nanoseconds = INT64_C(60000000000)}},
                {"1mo", {.months = 1}},
                {"2q", {.months = 6}},
                {"10y", {.months = 120}},
                {"1d", {.days = 1}},
                {"2w", {.days = 14}},
                {"24h", {.nanoseconds = INT64_C(86400000000000)}},
                {"1d12h", {.nanoseconds = INT64_C(129600000000000)}},
                {"0s", {0}},
                {"0d", {0}},
                {"-1h", {0}},
                {"1", {0}},
                {"mo", {0}},
                {"1M", {0}},
                {"", {0}},
                {"999999mo", {0}}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cosend_period period = {0};
        bool is =
            cosend_parse_period(rows[i].text, strlen(rows[i].text), &period);

        if (period.nanoseconds != rows[i].due.nanoseconds ||
            period.days != rows[i].due.days ||
            period.months != rows[i].due.months ||
            is != (period.nanoseconds || period.days || period.months))
            fail_msg("%s", rows[i].text);
    }
}

/* As text: what begins the slice of a time, with an origin or "". */
static void assert_slice(const char *every, const char *zone,
                         const char *origin, const char *text, const char *due)
{
    struct cosend_zone *in = zone_of(zone);
    struct cosend_slices slices = {.zone = in};
    struct cosend_time time = {0};
    char again[COSEND_TIME_MAX];

    assert_true(cosend_parse_period(every, strlen(every), &slices.period));
    if (*origin)
        assert_true(
            cosend_parse_time(NULL, origin, strlen(origin), NULL, &time));
    slices.has_origin = *origin;
    slices.origin = time.nanoseconds;
    assert_true(cosend_parse_time(NULL, text, strlen(text), NULL, &time));
    assert_true(cosend_slice_start(
        &slices, cosend_slice_of(&slices, time.nanoseconds), &time));
    cosend_format_time(NULL, time, NULL, again, sizeof(again));
    assert_string_equal(again, due);
    cosend_zone_free(in);
}

static void slices_begin_where_their_origin_does(void **state)
{
    (void)state;
    assert_slice("6h", "UTC", "2024-01-01T02:00:00Z", "2024-05-05T01:59:00Z",
                 "2024-05-04T20:00:00Z");
    assert_slice("1d", "UTC", "2024-01-01T06:00:00Z", "2024-05-05T05:59:59Z",
                 "2024-05-04T06:00:00Z");
    assert_slice("1w", "UTC", "", "2024-05-05T23:59:59Z",
                 "2024-04-29T00:00:00Z");
    assert_slice("1w", "UTC", "1970-01-01", "2024-01-01T00:00:00Z",
                 "2023-12-28T00:00:00Z");
    assert_slice("1w", "UTC", "2024-01-07", "2024-05-05T00:00:00Z",
                 "2024-05-05T00:00:00Z");
    assert_slice("2mo", "+02:00", "2024-01-31T22:00:00Z",
                 "2024-05-31T21:59:59Z", "2024-04-01T00:00:00+02:00");
    assert_slice("1y", "UTC", "", "1969-12-31T23:59:59Z",
                 "1969-01-01T00:00:00Z");
    if (!has_tzdata())
        skip();
    assert_slice("1d", "Europe/Berlin", "", "2024-03-31T21:59:00Z",
                 "2024-03-31T00:00:00+01:00");
    assert_slice("1d", "Europe/Berlin", "", "2024-03-31T22:00:00Z",
                 "2024-04-01T00:00:00+02:00");
    /* Clocks went from the end of the 29th on to the start of the 31st. */
    assert_slice("1d", "Pacific/Apia", "", "2011-12-30T09:59:59Z",
                 "2011-12-29T00:00:00-10:00");
    assert_slice("1d", "Pacific/Apia", "", "2011-12-30T10:00:00Z",
                 "2011-12-31T00:00:00+14:00");
}

static void the_range_ends_where_64_bits_do(void **state)
{
    (void)state;
    assert_reads(NULL, "2262-04-11T23:47:16.854775807Z",
                 "2262-04-11T23:47:16.854775807Z");
    assert_no_time(NULL, "2262-04-11T23:47:16.854775808Z");
    assert_reads(NULL, "1677-09-21T00:12:43.145224192Z",
                 "1677-09-21T00:12:43.145224192Z");
    assert_no_time(NULL, "1677-09-21T00:12:43.145224191Z");
}

/* At that time a text, of which the context says more, is the time `wanted`. */
static void assert_year(const char *at, const char *written, const char *wanted,
                        struct cosend_time_context *context)
{
    struct cosend_time now, time;
    char text[COSEND_TIME_MAX];

    assert_true(cosend_parse_time(NULL, at, strlen(at), NULL, &now));
    context->now = now.nanoseconds;
    assert_true(
        cosend_parse_time(NULL, written, strlen(written), context, &time));
    cosend_format_time(NULL, time, NULL, text, sizeof(text));
    assert_string_equal(text, wanted);
}

static void a_year_that_lacks_is_the_nearest(void **state)
{
    struct cosend_time_context context = {0};
    static const char *const cases[][3] = {
        {"2026-01-02T00:00:00Z", "Dec 31 23:00:00", "2025-12-31T23:00:00Z"},
        {"2025-12-31T23:00:00Z", "Jan  1 00:10:00", "2026-01-01T00:10:00Z"},
        {"2026-06-30T00:00:00Z", "Jun 29 00:00:00", "2026-06-29T00:00:00Z"},
        {"2025-03-01T00:00:00Z", "Feb 29 00:00:00", "2024-02-29T00:00:00Z"}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_year(cases[i][0], cases[i][1], cases[i][2], &context);
}

/* Not later than a day ahead; a day that few years have may be long ago. */
static void a_year_that_lacks_is_the_last(void **state)
{
    struct cosend_time_context context = {.is_past = true};
    struct cosend_time time;
    static const char *const cases[][3] = {
        {"2026-11-29T12:00:00Z", "Mar  2 10:00:00", "2026-03-02T10:00:00Z"},
        {"2026-11-29T12:00:00Z", "Nov 30 12:00:00", "2026-11-30T12:00:00Z"},
        {"2026-11-29T12:00:00Z", "Nov 30 12:00:01", "2025-11-30T12:00:01Z"},
        {"2026-12-31T12:00:00Z", "Jan  1 11:00:00", "2027-01-01T11:00:00Z"},
        {"2026-12-31T12:00:00Z", "Jan  1 13:00:00", "2026-01-01T13:00:00Z"},
        {"2026-11-29T12:00:00Z", "Feb 29 10:00:00", "2024-02-29T10:00:00Z"},
        {"2028-02-28T12:00:00Z", "Feb 29 10:00:00", "2028-02-29T10:00:00Z"},
        {"1904-02-28T09:00:00Z", "Feb 29 10:00:00", "1896-02-29T10:00:00Z"}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_year(cases[i][0], cases[i][1], cases[i][2], &context);
    context.now = INT64_MAX;
    assert_true(
        cosend_parse_time(NULL, "Jan  1 00:00:00", 15, &context, &time));
    assert_int_equal(cosend_civil_of(time).year, 2262);
    context.now = INT64_MIN;
    assert_false(
        cosend_parse_time(NULL, "Jan  1 00:00:00", 15, &context, &time));
}

/* And not another year, in which clocks show it once. */
static void a_time_shown_twice_is_refused_in_its_year(void **state)
{
    struct cosend_time_context context = {.fold = COSEND_FOLD_REFUSE};
    struct cosend_zone *zone;
    struct cosend_time time;

    (void)state;
    if (!has_tzdata())
        skip();
    zone = zone_of("Europe/Berlin");
    for (int past = 0; past < 2; past++) {
        context.zone = zone;
        context.is_past = past;
        assert_year("2026-11-01T12:00:00Z", "Oct 24 02:30:00",
                    "2026-10-24T02:30:00+02:00", &context);
        assert_false(
            cosend_parse_time(NULL, "Oct 25 02:30:00", 15, &context, &time));
        assert_non_null(
            strstr(cosend_time_problem(NULL, "Oct 25 02:30:00", 15, &context),
                   "twice"));
    }
    cosend_zone_free(zone);
}

/* ---- Formats ------------------------------------------------------------- */

static void formats_read_what_they_say(void **state)
{
    (void)state;
    assert_reads("%Y-%m-%d", "2000-1-2", "2000-01-02T00:00:00Z");
    assert_reads("%d. %B %Y", "3. march 2000", "2000-03-03T00:00:00Z");
    assert_reads("%m/%d/%y %I:%M %p", "1/2/69 12:30 am",
                 "1969-01-02T00:30:00Z");
    assert_reads("%m/%d/%y %I:%M %p", "1/2/68 12:30 PM",
                 "2068-01-02T12:30:00Z");
    assert_reads("%Y %j", "2000 366", "2000-12-31T00:00:00Z");
    assert_reads("%s", "-5", "1969-12-31T23:59:55Z");
    assert_reads("%s.%f", "5.25", "1970-01-01T00:00:05.250Z");
    assert_reads("%F %T %Z", "2000-10-10 13:55:36 GMT", "2000-10-10T13:55:36Z");
    assert_reads("at %FT%T%z", "AT 2000-10-10t13:55:36+05:30",
                 "2000-10-10T13:55:36+05:30");
    assert_reads("clf", "10/Oct/2000:13:55:36 -0700",
                 "2000-10-10T13:55:36-07:00");
    assert_reads("syslog", "Oct  1 13:55:36", "1969-10-01T13:55:36Z");
    assert_reads("rfc3339", "2000-10-10T13:55:36Z", "2000-10-10T13:55:36Z");
    assert_reads("100%% %F", "100% 2000-10-10", "2000-10-10T00:00:00Z");
}

static void formats_refuse_what_they_do_not_say(void **state)
{
    (void)state;
    assert_no_time("%Y-%m-%d", "2000-10-10 ");
    assert_no_time("%Y-%m-%d", "2000-10");
    assert_no_time("%Y-%m-%d", "200-10-10");
    assert_no_time("%Y %j", "2001 366");
    assert_no_time("%Y %j", "2001 000");
    assert_no_time("%F %I %p", "2000-10-10 13 PM");
    assert_no_time("%F %I %p", "2000-10-10 0 PM");
    assert_no_time("%F %I %p", "2000-10-10 1 XM");
    assert_no_time("%F %T %Z", "2000-10-10 13:55:36 CEST");
    assert_no_time("%F %T", "2000-10-10");
    assert_no_time("%s", "99999999999999999999999");
    assert_no_time("%F[%H]", "2000-10-10{13}");
}

static void assert_no_format(const char *text, bool reads, const char *why)
{
    struct cosend_error error = {0};

    assert_null(cosend_time_format_new(text, strlen(text), reads, &error));
    assert_int_equal(error.kind, COSEND_E_USAGE);
    if (!strstr(error.message, why))
        fail_msg("%s: %s", text, error.message);
}

static void formats_that_cannot_be_are_refused_at_their_place(void **state)
{
    struct cosend_error error = {0};
    struct cosend_time_format *printed;
    struct cosend_time time;

    (void)state;
    assert_no_format("%Y-%q", true, "byte 4: there is no such directive");
    assert_no_format("%Y%", true, "byte 3: a percent sign");
    assert_no_format("%Y %c", true, "locale");
    assert_no_format("%Y-%m-%d.%N", true, "%9f");
    assert_no_format("%G-%V %F", true, "printed, and not read");
    assert_no_format("%H:%M", true, "no date");
    assert_no_format("%Y-%M", true, "no date");
    assert_no_format("%Y %H", true, "no date");
    assert_no_format("%m", true, "no date");
    assert_no_format("%d.%Y", true, "no date");
    assert_no_format("rfc339", true, "did you mean \"rfc3339\"?");
    assert_no_format("today", true, "no directive");
    assert_no_format("", false, "no directive");
    printed = cosend_time_format_new("%H:%M", 5, false, &error);
    assert_non_null(printed);
    assert_false(cosend_parse_time(printed, "10:00", 5, NULL, &time));
    cosend_time_format_free(printed);
}

static void assert_prints(const char *form, int64_t nanoseconds, int32_t offset,
                          const char *due)
{
    struct cosend_error error = {0};
    struct cosend_time_format *format =
        cosend_time_format_new(form, strlen(form), false, &error);
    struct cosend_time time = {nanoseconds, offset};
    char text[64], cut[4];
    size_t length;

    assert_non_null(format);
    length = cosend_format_time(format, time, NULL, text, sizeof(text));
    assert_string_equal(text, due);
    assert_int_equal(length, strlen(due));
    assert_int_equal(cosend_format_time(format, time, NULL, cut, sizeof(cut)),
                     length);
    assert_int_equal(strncmp(cut, due, 3), 0);
    assert_int_equal(strlen(cut), length < 3 ? length : 3);
    assert_int_equal(cosend_format_time(format, time, NULL, NULL, 0), length);
    cosend_time_format_free(format);
}

static void formats_print(void **state)
{
    const int64_t time = INT64_C(971186136123456789);

    (void)state;
    assert_prints("%Y %3f %f %9f", time, 0, "2000 123 123456 123456789");
    assert_prints("%:z %z %Z", time, 19800, "+05:30 +0530 +05:30");
    assert_prints("%Z %z", time, 0, "UTC +0000");
    assert_prints("%H", time, -7 * 3600, "06");
    assert_prints("rfc3339", time / 1000 * 1000, -7 * 3600,
                  "2000-10-10T06:55:36.123456-07:00");
    assert_prints("clf", time, -7 * 3600, "10/Oct/2000:06:55:36 -0700");
    assert_prints("syslog", time, 0, "Oct 10 13:55:36");
    assert_prints("epoch", time, 0, "971186136.123456789");
    assert_prints("epoch", -1500000000, 0, "-1.500");
    assert_prints("epoch", 0, 0, "0");
    assert_prints("epoch_ms", time, 0, "971186136123");
    assert_prints("epoch_us", -1, 0, "-1");
    assert_prints("epoch_ns", INT64_MIN, 0, "-9223372036854775808");
    assert_prints("%s", -1, 0, "-1");
    assert_prints("rfc3339", INT64_MIN, -93600,
                  "1677-09-19T22:12:43.145224192-26:00");
}

/* ---- Zones --------------------------------------------------------------- */

static void
a_shown_time_is_the_first_of_two_and_goes_on_over_a_gap(void **state)
{
    struct cosend_zone *zone;
    struct cosend_civil gap = {
        .year = 2026, .month = 3, .day = 29, .hour = 2, .minute = 30};
    struct cosend_civil twice = {
        .year = 2026, .month = 10, .day = 25, .hour = 2, .minute = 30};
    struct cosend_time time;

    (void)state;
    if (!has_tzdata())
        skip();
    zone = zone_of("Europe/Berlin");
    assert_true(cosend_zone_time(zone, &gap, &time));
    assert_int_equal(time.offset, 3600);
    assert_int_equal(cosend_zone_offset(zone, time.nanoseconds), 7200);
    assert_true(cosend_zone_time(zone, &twice, &time));
    assert_int_equal(time.offset, 7200);
    assert_string_equal(cosend_zone_letters(zone, time.nanoseconds), "CEST");
    cosend_zone_free(zone);
}

static void a_zones_letters_say_which_of_two(void **state)
{
    static const char form[] = "%F %T %Z";
    struct cosend_time_format *format = format_of(form);
    struct cosend_time_context context = {0};
    struct cosend_time summer, winter, none;
    struct cosend_zone *zone;

    (void)state;
    if (!has_tzdata())
        skip();
    zone = zone_of("Europe/Berlin");
    context.zone = zone;
    assert_true(cosend_parse_time(format, "2026-10-25 02:30:00 CEST", 24,
                                  &context, &summer));
    assert_true(cosend_parse_time(format, "2026-10-25 02:30:00 CET", 23,
                                  &context, &winter));
    assert_int_equal(winter.nanoseconds - summer.nanoseconds,
                     INT64_C(3600000000000));
    assert_false(cosend_parse_time(format, "2026-07-25 02:30:00 CET", 23,
                                   &context, &none));
    cosend_zone_free(zone);
    cosend_time_format_free(format);
}

static void zones_that_are_fixed_need_no_tzdata(void **state)
{
    static const struct {
        const char *name;
        int offset;
    } cases[] = {{"UTC", 0},    {"utc", 0},       {"Z", 0},
                 {"GMT", 0},    {"+02:00", 7200}, {"-0330", -12600},
                 {"+5", 18000}, {"-00:00", 0},    {"+05:45:30", 20730}};

    (void)state;
    setenv("TZDIR", "/nowhere", 1);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct cosend_zone *zone = zone_of(cases[i].name);

        assert_int_equal(cosend_zone_offset(zone, 0), cases[i].offset);
        cosend_zone_free(zone);
    }
    unsetenv("TZDIR");
    assert_int_equal(cosend_zone_offset(NULL, 0), 0);
}

static void assert_no_zone(const char *name, int kind, const char *why)
{
    struct cosend_error error = {0};

    if (cosend_zone_new(name, strlen(name), &error))
        fail_msg("%s is a zone", name);
    assert_int_equal(error.kind, kind);
    if (!strstr(error.message, why))
        fail_msg("%s: %s", name, error.message);
}

static void zones_that_are_not_there_are_told(void **state)
{
    (void)state;
    setenv("TZDIR", "/nowhere", 1);
    assert_no_zone("Europe/Berlin", COSEND_E_USAGE,
                   "/nowhere, where the system's time zones should be, is not "
                   "there; install tzdata");
    setenv("TZDIR", "tests", 1);
    assert_no_zone("Europe/Berlin", COSEND_E_USAGE,
                   "no time zone \"Europe/Berlin\" in tests");
    assert_no_zone("../tests/README.md", COSEND_E_USAGE, "no time zone");
    assert_no_zone("/etc/localtime", COSEND_E_USAGE, "no time zone");
    assert_no_zone("", COSEND_E_USAGE, "no time zone");
    assert_no_zone("unit", COSEND_E_USAGE, "no time zone");
    assert_no_zone("suite", COSEND_E_INPUT, "no TZif file");
    unsetenv("TZDIR");
}

static void the_local_zone_is_the_environments(void **state)
{
    struct cosend_zone *zone;

    (void)state;
    if (!has_tzdata())
        skip();
    setenv("TZ", ":Asia/Tokyo", 1);
    zone = zone_of("local");
    assert_int_equal(cosend_zone_offset(zone, 0), 9 * 3600);
    cosend_zone_free(zone);
    setenv("TZ", "", 1);
    zone = zone_of("local");
    assert_int_equal(cosend_zone_offset(zone, 0), 0);
    cosend_zone_free(zone);
    unsetenv("TZ");
}

/* ---- Files of zones ------------------------------------------------------ */

static size_t read_file(const char *path, unsigned char *data, size_t room)
{
    FILE *file = fopen(path, "rb");
    size_t length = file ? fread(data, 1, room, file) : 0;

    if (file)
        fclose(file);
    return length;
}

/* From memory of just that size, so that what is read behind it is noticed. */
static int decode(const unsigned char *data, size_t length)
{
    struct cosend_zone *zone = calloc(1, sizeof(*zone));
    unsigned char *copy = malloc(length ? length : 1);
    struct cosend_error error = {0};
    int status;

    memcpy(copy, data, length);
    status = csi_zone_decode(zone, copy, length, "X", &error);
    assert_int_equal(status, error.kind);
    for (int64_t i = -4; status == COSEND_OK && i <= 4; i++)
        cosend_zone_offset(zone, i * INT64_C(2000000000000000000));
    cosend_zone_free(zone);
    free(copy);
    return status;
}

static void broken_files_are_refused(void **state)
{
    static unsigned char data[1 << 16];
    size_t length =
        read_file("/usr/share/zoneinfo/Europe/Berlin", data, sizeof(data));
    uint64_t random = 20261128;

    (void)state;
    if (!length)
        skip();
    assert_int_equal(decode(data, length), COSEND_OK);
    for (size_t i = 0; i < length; i++)
        assert_int_equal(decode(data, i), COSEND_E_INPUT);
    for (int i = 0; i < 20000; i++) {
        size_t at = (random = random * 6364136223846793005U + 1) >> 40;
        unsigned char old = data[at % length];

        data[at % length] = (unsigned char)(random >> 33);
        decode(data, length);
        if (i % 3)
            data[at % length] = old;
    }
}

static int add_rule(const char *text)
{
    struct cosend_zone *zone = calloc(1, sizeof(*zone));
    uint8_t kind;
    int status;

    assert_true(csi_zone_add_kind(zone, 0, "LMT", 3, &kind));
    status = csi_zone_add_rule(zone, text, strlen(text));
    cosend_zone_free(zone);
    return status;
}

static void rules_have_the_grammar_of_posix(void **state)
{
    static const char *const good[] = {"",
                                       "CET-1",
                                       "<+0330>-3:30",
                                       "EST5EDT,M3.2.0,M11.1.0",
                                       "IST-1GMT0,M10.5.0,M3.5.0/1",
                                       "XXX3EDT4,0/0,J365/23",
                                       "<-02>2<-01>,M3.5.0/-1,M10.5.0/0:00:30",
                                       "EET-2EEST,M3.5.4/24,M10.5.4/167"};
    static const char *const bad[] = {"5",
                                      "CET",
                                      "CET-1CEST",
                                      "CET-1CEST,M3.5.0",
                                      "<CET-1",
                                      "CET-1CEST,M13.1.0,M1.1.0",
                                      "CET-1CEST,M0.1.0,M1.1.0",
                                      "CET-168",
                                      "CET-1CEST,M3.6.0,M1.1.0",
                                      "CET-1CEST,J0,J5",
                                      "CET-1CEST,J366,J5",
                                      "CET-1CEST,M3.5.0,M10.5.0x",
                                      "CET-1:60",
                                      "<>5"};

    (void)state;
    for (size_t i = 0; i < COUNT(good); i++)
        if (add_rule(good[i]) != COSEND_OK)
            fail_msg("%s is no rule", good[i]);
    for (size_t i = 0; i < COUNT(bad); i++)
        if (add_rule(bad[i]) != COSEND_E_TYPE)
            fail_msg("%s is a rule", bad[i]);
}

/* Whether clocks in a zone of that rule alone are in summer at noon of a day.
 */
static bool is_summer(const char *rule, int64_t year, unsigned month,
                      unsigned day)
{
    struct cosend_zone *zone = calloc(1, sizeof(*zone));
    int64_t noon = csi_days_of_date(year, month, day) * CSI_DAY_SECONDS +
                   CSI_DAY_SECONDS / 2;
    uint8_t kind;
    bool summer;

    assert_true(csi_zone_add_kind(zone, 0, "LMT", 3, &kind));
    assert_int_equal(csi_zone_add_rule(zone, rule, strlen(rule)), COSEND_OK);
    summer = csi_zone_offset_shown(zone, noon) == 3600;
    cosend_zone_free(zone);
    return summer;
}

/* J60 is the first of March in every year; 59 is the 60th day, counted. */
static void rules_count_days_as_posix_has_it(void **state)
{
    static const struct {
        const char *rule;
        unsigned month, day, leap_month, leap_day;
    } rows[] = {{"XXX0YYY,J59,J300", 2, 28, 2, 28},
                {"XXX0YYY,J60,J300", 3, 1, 3, 1},
                {"XXX0YYY,J61,J300", 3, 2, 3, 2},
                {"XXX0YYY,0,J300", 1, 1, 1, 1},
                {"XXX0YYY,59,J300", 3, 1, 2, 29},
                {"XXX0YYY,60,299", 3, 2, 3, 1},
                {"XXX0YYY,M2.5.4,M10.5.0", 2, 23, 2, 29}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        for (int64_t year = 2023; year < 2025; year++) {
            unsigned month = year % 4 ? rows[i].month : rows[i].leap_month;
            unsigned day = year % 4 ? rows[i].day : rows[i].leap_day;
            struct cosend_civil before;

            csi_date_of_days(csi_days_of_date(year, month, day) - 1, &before);
            if (!is_summer(rows[i].rule, year, month, day) ||
                is_summer(rows[i].rule, before.year, (unsigned)before.month,
                          (unsigned)before.day))
                fail_msg("%s in %lld", rows[i].rule, (long long)year);
        }
}

/* ---- Units --------------------------------------------------------------- */

static void assert_start(const char *text, enum cosend_time_unit unit,
                         const struct cosend_zone *zone, const char *due)
{
    struct cosend_time time, start;
    char shown[COSEND_TIME_MAX];

    assert_true(cosend_parse_time(NULL, text, strlen(text), NULL, &time));
    assert_true(cosend_truncate_time(time, unit, zone, &start));
    cosend_format_time(NULL, start, zone, shown, sizeof(shown));
    assert_string_equal(shown, due);
}

static void units_start_where_clocks_say(void **state)
{
    static const char text[] = "2026-11-28T13:47:36.5+05:30";
    struct cosend_zone *zone;
    struct cosend_time least = {INT64_MIN, 0}, start = {7, 7};

    (void)state;
    assert_start(text, COSEND_UNIT_SECOND, NULL, "2026-11-28T13:47:36+05:30");
    assert_start(text, COSEND_UNIT_MINUTE, NULL, "2026-11-28T13:47:00+05:30");
    assert_start(text, COSEND_UNIT_HOUR, NULL, "2026-11-28T13:00:00+05:30");
    assert_start(text, COSEND_UNIT_DAY, NULL, "2026-11-28T00:00:00+05:30");
    assert_start(text, COSEND_UNIT_WEEK, NULL, "2026-11-23T00:00:00+05:30");
    assert_start(text, COSEND_UNIT_MONTH, NULL, "2026-11-01T00:00:00+05:30");
    assert_start(text, COSEND_UNIT_QUARTER, NULL, "2026-10-01T00:00:00+05:30");
    assert_start(text, COSEND_UNIT_YEAR, NULL, "2026-01-01T00:00:00+05:30");
    assert_start("1969-12-31T23:59:59.9Z", COSEND_UNIT_HOUR, NULL,
                 "1969-12-31T23:00:00Z");
    assert_false(cosend_truncate_time(least, COSEND_UNIT_HOUR, NULL, &start));
    assert_false(cosend_truncate_time(least, COSEND_UNIT_YEAR, NULL, &start));
    assert_int_equal(start.nanoseconds, 7);
    if (!has_tzdata())
        skip();
    /* The second 02:30 of the day that has 25 hours. */
    zone = zone_of("Europe/Berlin");
    assert_start("2026-10-25T01:30:00Z", COSEND_UNIT_HOUR, zone,
                 "2026-10-25T02:00:00+01:00");
    assert_start("2026-10-25T22:30:00Z", COSEND_UNIT_DAY, zone,
                 "2026-10-25T00:00:00+02:00");
    cosend_zone_free(zone);
    /* Clocks went from 00:00 to 01:00. */
    zone = zone_of("America/Sao_Paulo");
    assert_start("2018-11-04T12:00:00Z", COSEND_UNIT_DAY, zone,
                 "2018-11-04T01:00:00-02:00");
    cosend_zone_free(zone);
}

static int64_t bucket(int64_t time, int64_t width, int64_t origin)
{
    struct cosend_time at = {time, 60};

    at = cosend_bucket_time(at, width, origin);
    assert_int_equal(at.offset, 60);
    return at.nanoseconds;
}

static void buckets_begin_at_multiples_from_an_origin(void **state)
{
    (void)state;
    assert_int_equal(bucket(17, 5, 0), 15);
    assert_int_equal(bucket(15, 5, 0), 15);
    assert_int_equal(bucket(-1, 5, 0), -5);
    assert_int_equal(bucket(-5, 5, 0), -5);
    assert_int_equal(bucket(17, 5, 3), 13);
    assert_int_equal(bucket(-17, 5, 3), -17);
    assert_int_equal(bucket(-16, 5, 103), -17);
    assert_int_equal(bucket(17, 5, -102), 13);
    assert_int_equal(bucket(INT64_MAX, INT64_MAX, 0), INT64_MAX);
    assert_int_equal(bucket(INT64_MIN, INT64_MAX, 0), INT64_MIN);
    assert_int_equal(bucket(0, INT64_MAX, 1), 1 - INT64_MAX);
    for (int64_t origin = -12; origin < 12; origin++)
        for (int64_t time = -30; time < 30; time++) {
            int64_t start = bucket(time, 7, origin);

            assert_true(start <= time && time - start < 7);
            assert_int_equal((start - origin) % 7, 0);
        }
}

/* ---- Durations ----------------------------------------------------------- */

static void assert_duration(const char *text, int64_t due, const char *printed)
{
    char again[COSEND_DURATION_MAX];
    int64_t nanoseconds, read;

    if (!cosend_parse_duration(text, strlen(text), &nanoseconds))
        fail_msg("%s is no duration", text);
    assert_int_equal(nanoseconds, due);
    assert_int_equal(cosend_format_duration(due, again), strlen(printed));
    assert_string_equal(again, printed);
    assert_true(cosend_parse_duration(again, strlen(again), &read));
    assert_int_equal(read, due);
}

static void durations_have_units(void **state)
{
    const int64_t second = 1000000000;

    (void)state;
    assert_duration("90s", 90 * second, "1m30s");
    assert_duration("1h30m", 5400 * second, "1h30m");
    assert_duration("1.5h", 5400 * second, "1h30m");
    assert_duration("250ms", second / 4, "250ms");
    assert_duration("0.25s", second / 4, "250ms");
    assert_duration("1w", 7 * 86400 * second, "7d");
    assert_duration("1w2d3h4m5s6ms7us8ns",
                    (9 * 86400 + 3 * 3600 + 4 * 60 + 5) * second + 6007008,
                    "9d3h4m5.006007008s");
    assert_duration("-5m", -300 * second, "-5m");
    assert_duration("+1500us", 1500000, "1.5ms");
    assert_duration("0", 0, "0s");
    assert_duration("0s", 0, "0s");
    assert_duration("1.50000us", 1500, "1.5us");
    assert_duration("106751d", INT64_C(106751) * 86400 * second, "106751d");
}

static void what_is_no_duration_is_told(void **state)
{
    static const char *const texts[] = {"",
                                        "5",
                                        "s",
                                        "5 s",
                                        "5x",
                                        "30m1h",
                                        "1h1h",
                                        "1m-1s",
                                        ".5s",
                                        "5.s",
                                        "1e3s",
                                        "0.5ns",
                                        "1.0000000001s",
                                        "--1s",
                                        "00",
                                        "5min",
                                        "106752d",
                                        "99999999999999999999s",
                                        "1h30",
                                        "5S"};
    int64_t nanoseconds = 77;

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        if (cosend_parse_duration(texts[i], strlen(texts[i]), &nanoseconds))
            fail_msg("\"%s\" is a duration", texts[i]);
    assert_int_equal(nanoseconds, 77);
}

/* ---- Memory -------------------------------------------------------------- */

static int allocations_left;

static void *limited_malloc(size_t size)
{
    return allocations_left-- > 0 ? malloc(size) : NULL;
}

static void *limited_realloc(void *old, size_t size)
{
    return allocations_left-- > 0 ? realloc(old, size) : NULL;
}

static void *make_zone(struct cosend_error *error)
{
    return cosend_zone_new("Europe/Berlin", 13, error);
}

static void *make_offset(struct cosend_error *error)
{
    return cosend_zone_new("+02:00", 6, error);
}

static void *make_format(struct cosend_error *error)
{
    return cosend_time_format_new("%Y-%m-%d in a long text, %H:%M:%S", 33, true,
                                  error);
}

static void free_zone(void *zone)
{
    cosend_zone_free(zone);
}

static void free_format(void *format)
{
    cosend_time_format_free(format);
}

static void every_allocation_may_fail(void **state)
{
    static const struct {
        void *(*make)(struct cosend_error *error);
        void (*release)(void *made);
    } made[] = {{make_zone, free_zone},
                {make_offset, free_zone},
                {make_format, free_format}};

    (void)state;
    for (size_t i = has_tzdata() ? 0 : 1; i < COUNT(made); i++) {
        void *all = NULL;

        for (int count = 0; !all; count++) {
            struct cosend_error error = {0};

            allocations_left = count;
            cosend_set_allocator(limited_malloc, limited_realloc, free);
            all = made[i].make(&error);
            cosend_set_allocator(NULL, NULL, NULL);
            assert_true(all || error.kind == COSEND_E_MEMORY);
            assert_true(all || count < 100);
        }
        made[i].release(all);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_of_many_forms_are_known),
        cmocka_unit_test(counts_of_seconds_are_times),
        cmocka_unit_test(digits_alone_may_be_a_date),
        cmocka_unit_test(digits_alone_may_be_a_year),
        cmocka_unit_test(an_hour_of_twelve_has_its_half_behind_it),
        cmocka_unit_test(a_date_and_a_time_of_day_are_one),
        cmocka_unit_test(what_is_no_time_is_told),
        cmocka_unit_test(why_it_is_no_time_is_told),
        cmocka_unit_test(a_fraction_may_lack_with_its_point),
        cmocka_unit_test(periods_are_durations_or_by_the_calendar),
        cmocka_unit_test(slices_begin_where_their_origin_does),
        cmocka_unit_test(the_range_ends_where_64_bits_do),
        cmocka_unit_test(a_year_that_lacks_is_the_nearest),
        cmocka_unit_test(a_year_that_lacks_is_the_last),
        cmocka_unit_test(a_time_shown_twice_is_refused_in_its_year),
        cmocka_unit_test(formats_read_what_they_say),
        cmocka_unit_test(formats_refuse_what_they_do_not_say),
        cmocka_unit_test(formats_that_cannot_be_are_refused_at_their_place),
        cmocka_unit_test(formats_print),
        cmocka_unit_test(
            a_shown_time_is_the_first_of_two_and_goes_on_over_a_gap),
        cmocka_unit_test(a_zones_letters_say_which_of_two),
        cmocka_unit_test(zones_that_are_fixed_need_no_tzdata),
        cmocka_unit_test(zones_that_are_not_there_are_told),
        cmocka_unit_test(the_local_zone_is_the_environments),
        cmocka_unit_test(broken_files_are_refused),
        cmocka_unit_test(rules_count_days_as_posix_has_it),
        cmocka_unit_test(rules_have_the_grammar_of_posix),
        cmocka_unit_test(units_start_where_clocks_say),
        cmocka_unit_test(buckets_begin_at_multiples_from_an_origin),
        cmocka_unit_test(durations_have_units),
        cmocka_unit_test(what_is_no_duration_is_told),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
