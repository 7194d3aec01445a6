/* SPDX-License-Identifier: MIT */
/*
 * Times: an instant, and the offset from UTC that it is told in.
 *
 * An instant is a count of nanoseconds since 1970-01-01T00:00:00Z by a clock
 * that knows no leap seconds, as POSIX has it: from
 * 1677-09-21T00:12:43.145224192Z to 2262-04-11T23:47:16.854775807Z. Nothing
 * here looks at the locale, at the environment's time zone, or at a clock.
 * Dates are of the Gregorian calendar, also before there was one.
 *
 * Its structs are stamped (cosend/version.h).
 */
#ifndef COSEND_TIME_H
#define COSEND_TIME_H

#include "cosend/base.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cosend_time {
    int64_t nanoseconds; /* since 1970-01-01T00:00:00Z */
    int32_t offset;      /* seconds east of UTC */
};

/* ---- The calendar -------------------------------------------------------- */

/* A date and a time of day. */
struct cosend_civil {
    int32_t year;
    int32_t month;  /* 1 to 12 */
    int32_t day;    /* 1 to 31 */
    int32_t hour;   /* 0 to 23 */
    int32_t minute; /* 0 to 59 */
    int32_t second; /* 0 to 59 */
    int32_t nanosecond;
    int32_t weekday; /* 1, Monday, to 7, Sunday */
    int32_t yearday; /* 1 to 366 */
};

/* What calendar and clock show at a time, where its offset holds. */
COSEND_API struct cosend_civil cosend_civil_of(struct cosend_time time);

/* ---- Zones --------------------------------------------------------------- */

/*
 * What clocks show somewhere, by the system's tzdata: a table of all changes of
 * its offset that the range of times has. Constant, so threads may share it.
 */
struct cosend_zone;

/*
 * Read a zone: "UTC" or "Z"; a fixed offset, "+02:00", "-0700" or "+5";
 * "local", the one that TZ names, or /etc/localtime; or a name of tzdata's,
 * "Europe/Berlin", which is looked for in the directory TZDIR, else in
 * /usr/share/zoneinfo and where else systems have it.
 *
 * Returns NULL, with error set: COSEND_E_USAGE where there is no such zone, or
 * no tzdata; COSEND_E_INPUT where its file cannot be read or makes no sense;
 * COSEND_E_MEMORY. The caller frees it.
 */
COSEND_API struct cosend_zone *cosend_zone_new(const char *name, size_t length,
                                               struct cosend_error *error);
COSEND_API void cosend_zone_free(struct cosend_zone *zone);

/* The offset that a zone has at an instant; NULL is UTC. */
COSEND_API int32_t cosend_zone_offset(const struct cosend_zone *zone,
                                      int64_t nanoseconds);

/* The zone's name for that offset: "CEST". The zone's own. */
COSEND_API const char *cosend_zone_letters(const struct cosend_zone *zone,
                                           int64_t nanoseconds);

/*
 * The instant at which clocks in a zone show that; NULL is UTC. weekday and
 * yearday are not looked at. Where they show it twice it is the first time;
 * where they skip it, what they would show had they not been set forward: so
 * 02:30 in an hour that is left out is 03:30 by the new offset. (fold=0 of
 * Python's datetime, PEP 495.)
 *
 * Returns false, with *time as it was, where there is no such date or time of
 * day, or where it is out of range.
 */
COSEND_API bool cosend_zone_time(const struct cosend_zone *zone,
                                 const struct cosend_civil *civil,
                                 struct cosend_time *time);

/* ---- Formats ------------------------------------------------------------- */

/*
 * How a time is written, as strftime has it:
 *
 *     %Y %y %C    year, of four digits; of two, 1969 to 2068; its hundreds
 *     %m %b %B    month: 01; Jan, also as %h; January
 *     %d %e %j    day: 01; blank and 1; of the year, 001
 *     %a %A       Mon; Monday
 *     %u %w       Monday is 1, Sunday 7; Sunday is 0
 *     %G %V       year and week by ISO 8601
 *     %U %W       week of the year, from its first Sunday, or Monday, on
 *     %H %k       hour: 01; blank and 1
 *     %I %l %p    hour of twelve: 01; blank and 1; AM or PM
 *     %M %S       minute; second
 *     %f          the second's fraction: six digits; with a number before the
 *                 f, %3f, that many
 *     %z %:z %Z   offset: +0200; +02:00; the zone's letters
 *     %s          seconds since 1970
 *     %T %R %r    %H:%M:%S; %H:%M; %I:%M:%S %p
 *     %D %F       %m/%d/%y; %Y-%m-%d
 *     %n %t %%    a newline; a tab; a percent sign
 *
 * All else stands for itself. Names are English. When a text is read
 *
 *   - digits may be fewer: %m and all others of two take 1 as well as 01, %f
 *     takes one digit to nine; but %Y and %y take four and two; where a point
 *     or a comma is before %f, both may lack;
 *   - letters match in either case; a blank matches blanks, one or more;
 *   - %z takes +0200, +02:00, +02 and Z; %Z takes UTC, GMT, UT, Z, and the
 *     letters of the zone that was given;
 *   - a second of 60 is the next minute's first;
 *   - an hour of %H that is not of the half of the day that %p reads makes it
 *     no time;
 *   - where a year is read, and no month, or no day, it is the first;
 *   - weekdays are read, and not looked at; %C %G %V %U %W cannot be read.
 */
struct cosend_time_format;

/*
 * Compile a format: text with the above in it, or one of the names
 *
 *     rfc3339     2000-10-10T13:55:36-07:00; where there is a fraction, with
 *                 three, six or nine digits of it; Z for an offset of 0
 *     clf         10/Oct/2000:13:55:36 -0700, of access logs
 *     syslog      Oct 10 13:55:36
 *     epoch       seconds since 1970, with a fraction where there is one
 *     epoch_ms    whole thousandths of a second since then; epoch_us,
 *                 millionths; epoch_ns, billionths
 *
 * `reads` says that texts are to be read by it: then it must have a date, or
 * a year.
 *
 * Returns NULL, with error set: COSEND_E_USAGE, which names the place;
 * COSEND_E_MEMORY. The caller frees it.
 */
COSEND_API struct cosend_time_format *
cosend_time_format_new(const char *text, size_t length, bool reads,
                       struct cosend_error *error);
COSEND_API void cosend_time_format_free(struct cosend_time_format *format);

/* What a time without an offset is that a zone's clocks show twice, or skip. */
enum cosend_fold {
    COSEND_FOLD_FIRST,  /* as cosend_zone_time has it */
    COSEND_FOLD_SECOND, /* the same, but of two the second */
    COSEND_FOLD_REFUSE  /* none */
};

/* What a text leaves open. All zero is UTC, and the year nearest to 1970. */
struct cosend_time_context {
    const struct cosend_zone *zone; /* where no offset is written; NULL: UTC */
    int64_t now; /* nanoseconds: where there is no year, it is the one that
                    brings the time nearest to this */
    enum cosend_fold fold;
    bool is_past; /* instead, the last year by which the time is not later than
                     24 hours behind now */
};

/*
 * Read all of a text as a time by a format that reads; context may be NULL.
 * Without a format, NULL, it is one of these:
 *
 *     2000-10-10T13:55:36.123-07:00   RFC 3339 and ISO 8601: a blank for the
 *                                     T, a comma for the point, and / for -
 *                                     are taken; the zone, the fraction, the
 *                                     seconds and the time of day may lack
 *     20001010T135536Z                the same without separators in the date,
 *                                     or in both; a blank for the T is taken
 *     20001010, 20001010135536        digits alone: eight, or, with the time of
 *                                     day, 14, which a fraction and a zone may
 *                                     follow; of the years 1900 to 2199. No
 *                                     time is 20001010.0, nor what may have
 *                                     its year last, 31122000, nor what may be
 *                                     a year, 2000, or a month, 200010
 *     10/Oct/2000:13:55:36 -0700      the zone may lack
 *     Oct 10 13:55:36.123             the fraction may lack; a year may stand
 *                                     behind it, or behind the day
 *     Tue, 10 Oct 2000 13:55:36 GMT   mail's and HTTP's; the weekday, which is
 *                                     not looked at, the zone, and the time of
 *                                     day or the year may lack
 *     Tue Oct 10 13:55:36 2000        date's and ctime's; a zone may stand
 *                                     before the year
 *     1010 13:55:36.123456            klog's and Android's, with a fraction;
 *     10-10 13:55:36.123              glog's have a year in front
 *     971211336.123                   seconds since 1970; of 13, 16 or 19
 *                                     digits without a point milliseconds,
 *                                     microseconds, nanoseconds
 *
 * Behind a time of day AM or PM may stand, and then its hour may have one
 * digit. Digits of a fraction beyond the ninth are dropped. A zone is an
 * offset, UTC, GMT, UT or Z, or the letters of the zone that was given, as
 * CEST: others are of several zones, and make it no time.
 *
 * Returns false, with *time as it was, where it is none.
 */
COSEND_API bool cosend_parse_time(const struct cosend_time_format *format,
                                  const char *text, size_t length,
                                  const struct cosend_time_context *context,
                                  struct cosend_time *time);

/* Of this size is what cosend_join_time writes, with its NUL. */
#define COSEND_JOINED_MAX 128

/*
 * A date and a time of day, which logs may have in a field each, as one text
 * that cosend_parse_time can read: with a blank between.
 *
 * Returns its length; 0 where either may be a time by itself, so that it is not
 * known which of the two is meant, or they are longer than any time.
 */
COSEND_API size_t cosend_join_time(const char *date, size_t date_length,
                                   const char *clock, size_t clock_length,
                                   char text[COSEND_JOINED_MAX]);

/*
 * Why cosend_parse_time takes a text for no time, where more is to be said than
 * that it is written otherwise: what follows the text in a message, static, as
 * in "2000-02-30" is a date that there is not. NULL where there is nothing to
 * say, or it is a time.
 */
COSEND_API const char *
cosend_time_problem(const struct cosend_time_format *format, const char *text,
                    size_t length, const struct cosend_time_context *context);

/* A buffer of this size holds any time by rfc3339 and the other names, and its
   NUL. */
#define COSEND_TIME_MAX 48

/*
 * Print a time by a format, or NULL for rfc3339, as the zone's clocks show it,
 * or, where zone is NULL, in its own offset. As many bytes as fit in capacity
 * are written, the last a NUL unless capacity is 0.
 *
 * Returns the length of the whole, without the NUL.
 */
COSEND_API size_t cosend_format_time(const struct cosend_time_format *format,
                                     struct cosend_time time,
                                     const struct cosend_zone *zone, char *out,
                                     size_t capacity);

/* ---- Units --------------------------------------------------------------- */

enum cosend_time_unit {
    COSEND_UNIT_SECOND,
    COSEND_UNIT_MINUTE,
    COSEND_UNIT_HOUR,
    COSEND_UNIT_DAY,
    COSEND_UNIT_WEEK, /* from Monday on */
    COSEND_UNIT_MONTH,
    COSEND_UNIT_QUARTER,
    COSEND_UNIT_YEAR
};

/*
 * The start of the second, ..., year that a time is in, as the zone's clocks
 * have it, or, where zone is NULL, those of its own offset. A day may have 23
 * or 25 hours; where clocks skip midnight it starts when they go on.
 *
 * Returns false, with *start as it was, where that is out of range.
 */
COSEND_API bool cosend_truncate_time(struct cosend_time time,
                                     enum cosend_time_unit unit,
                                     const struct cosend_zone *zone,
                                     struct cosend_time *start);

/*
 * The greatest multiple of `width` nanoseconds since `origin` that is not
 * behind a time; width is positive. Its offset is the time's. What is out of
 * range is the least time there is.
 */
COSEND_API struct cosend_time cosend_bucket_time(struct cosend_time time,
                                                 int64_t width, int64_t origin);

/* ---- Slices -------------------------------------------------------------- */

/* What time is cut into slices of: nanoseconds, or, where a calendar is to tell
   where they begin, days or months. One of the three is above 0. */
struct cosend_period {
    int64_t nanoseconds;
    int32_t days, months;
};

/*
 * Read all of a text as a period: a duration above 0; or, by the calendar, a
 * number of days, weeks, months, quarters or years: 1d 2w 1mo 1q 1y.
 *
 * Returns false, with *period as it was, where it is none.
 */
COSEND_API bool cosend_parse_period(const char *text, size_t length,
                                    struct cosend_period *period);

/*
 * Time in slices, the first of which, of number 0, begins at `origin`; others
 * are before it and behind. Those of days begin, each day, when a zone's clocks
 * show what they show at the origin; those of months at the first midnight of
 * a month, be the origin's when it will. Without an origin it is 1970, by the
 * calendar the zone's, and slices of weeks begin on Mondays.
 */
struct cosend_slices {
    struct cosend_period period;
    bool has_origin;
    int64_t origin;                 /* nanoseconds; without one 0 */
    const struct cosend_zone *zone; /* whose calendar; NULL: UTC */
};

/*
 * Where slice `number` begins, in the offset that the zone has then. Each ends
 * where the next one begins.
 *
 * Returns false, with *start as it was, where that is out of range.
 */
COSEND_API bool cosend_slice_start(const struct cosend_slices *slices,
                                   int64_t number, struct cosend_time *start);

/* The number of the slice that a time is in. */
COSEND_API int64_t cosend_slice_of(const struct cosend_slices *slices,
                                   int64_t nanoseconds);

/* ---- Durations ----------------------------------------------------------- */

/*
 * Read all of a text as a duration in nanoseconds: numbers, each with one of
 * the units ns us ms s m h d w behind it, the greater ones first: 90s, 1h30m,
 * 1.5h, -5m. A day is 24 hours.
 *
 * Returns false, with *nanoseconds as it was, where it is none, or is too long
 * for 64 bits, or is no whole number of nanoseconds.
 */
COSEND_API bool cosend_parse_duration(const char *text, size_t length,
                                      int64_t *nanoseconds);

/* A buffer of this size holds any duration, and its NUL. */
#define COSEND_DURATION_MAX 48

/* Print a duration so that it reads as the same: 1h30m, 1.5s, 250ms, 0s.
   Returns the length; a NUL follows the text. */
COSEND_API size_t cosend_format_duration(int64_t nanoseconds,
                                         char buffer[COSEND_DURATION_MAX]);

#ifdef __cplusplus
}
#endif

#endif
