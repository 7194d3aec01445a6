/* SPDX-License-Identifier: MIT */
/*
 * A rule names one offset, or two and the day and hour of each year at which
 * one takes over from the other. Times end in 2262, so that there are at most
 * some hundred years to go: all their changes become part of the zone's table,
 * and nobody who looks up an offset knows of rules.
 */
#include "record/zone_rule.h"

#include "record/calendar.h"

#include <string.h>

enum { FIRST_YEAR = 1677, LAST_YEAR = 2263 };

/* A day of each year, and a time of that day. */
struct day {
    char
        kind; /* M: week and weekday; J: day 1 to 365, no leap day; 0: from 0 */
    int month, week, weekday, number;
    int32_t seconds; /* since midnight; may be negative, or days */
};

struct rule {
    uint8_t standard, summer; /* kinds */
    int32_t standard_offset, summer_offset;
    struct day start, end; /* of summer */
};

struct scan {
    const char *p, *end;
};

/* ---- Reading ------------------------------------------------------------- */

static bool take(struct scan *scan, char c)
{
    bool is_there = scan->p < scan->end && *scan->p == c;

    scan->p += is_there;
    return is_there;
}

static bool take_number(struct scan *scan, int limit, int *number)
{
    const char *start = scan->p;

    *number = 0;
    while (scan->p < scan->end && *scan->p >= '0' && *scan->p <= '9' &&
           *number <= limit)
        *number = *number * 10 + (*scan->p++ - '0');
    return scan->p > start && *number <= limit;
}

/* [+-]hh[:mm[:ss]] */
static bool take_time(struct scan *scan, int32_t *seconds)
{
    bool negative = take(scan, '-');
    int hours, minutes = 0, rest = 0;

    if (!negative)
        take(scan, '+');
    if (!take_number(scan, 167, &hours) ||
        (take(scan, ':') && !take_number(scan, 59, &minutes)) ||
        (take(scan, ':') && !take_number(scan, 59, &rest)))
        return false;
    *seconds = hours * 3600 + minutes * 60 + rest;
    if (negative)
        *seconds = -*seconds;
    return true;
}

static bool is_rule_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Letters, or anything between < and >. */
static bool take_letters(struct scan *scan, const char **letters,
                         size_t *length)
{
    bool quoted = take(scan, '<');

    *letters = scan->p;
    while (scan->p < scan->end &&
           (quoted ? *scan->p != '>' : is_rule_letter(*scan->p)))
        scan->p++;
    *length = (size_t)(scan->p - *letters);
    return *length > 0 && (!quoted || take(scan, '>'));
}

/* ,date[/time] */
static bool take_day(struct scan *scan, struct day *day)
{
    bool good;

    *day = (struct day){.seconds = 2 * 3600};
    if (!take(scan, ','))
        return false;
    if (take(scan, 'M')) {
        day->kind = 'M';
        good = take_number(scan, 12, &day->month) && take(scan, '.') &&
               take_number(scan, 5, &day->week) && take(scan, '.') &&
               take_number(scan, 6, &day->weekday) && day->month && day->week;
    } else {
        day->kind = take(scan, 'J') ? 'J' : '0';
        good = take_number(scan, 365, &day->number) &&
               (day->kind == '0' || day->number > 0);
    }
    return good && (!take(scan, '/') || take_time(scan, &day->seconds));
}

static int take_kind(struct scan *scan, struct cosend_zone *zone,
                     const int32_t *standard, uint8_t *kind, int32_t *offset)
{
    const char *letters;
    size_t length;

    if (!take_letters(scan, &letters, &length))
        return COSEND_E_TYPE;
    if (standard && (scan->p == scan->end || *scan->p == ',')) {
        *offset = *standard + 3600;
    } else if (take_time(scan, offset)) {
        *offset = -*offset; /* POSIX counts to the west */
    } else {
        return COSEND_E_TYPE;
    }
    return csi_zone_add_kind(zone, *offset, letters, length, kind)
               ? COSEND_OK
               : COSEND_E_MEMORY;
}

/* ---- Changes ------------------------------------------------------------- */

/* Seconds since 1970 at which clocks at UTC show a rule's day of a year. */
static int64_t shown_in(const struct day *day, int64_t year)
{
    int64_t days = csi_days_of_date(year, 1, 1), first, weekday;
    int number = day->number;

    if (day->kind == 'M') {
        first = csi_days_of_date(year, (unsigned)day->month, 1);
        weekday = (first + 4) - csi_floor_divide(first + 4, 7) * 7;
        number = (int)((day->weekday - weekday + 7) % 7) + (day->week - 1) * 7;
        if (number >= (int)csi_days_of_month(year, (unsigned)day->month))
            number -= 7;
        days = first + number;
    } else if (day->kind == 'J') {
        days += number - 1 + (csi_is_leap_year(year) && number >= 60);
    } else {
        days += number;
    }
    return days * CSI_DAY_SECONDS + day->seconds;
}

static bool add_behind(struct cosend_zone *zone, int64_t last, int64_t at,
                       uint8_t kind)
{
    return at <= last || csi_zone_add_change(zone, at, kind);
}

static bool add_years(struct cosend_zone *zone, const struct rule *rule)
{
    size_t count = zone->change_count;
    int64_t last = count ? zone->changes[count - 1] : INT64_MIN;
    int64_t year = FIRST_YEAR;
    struct cosend_civil civil;

    if (count) {
        csi_date_of_days(csi_floor_divide(last, CSI_DAY_SECONDS), &civil);
        year = civil.year - 1;
    }
    for (; year <= LAST_YEAR; year++) {
        int64_t start = shown_in(&rule->start, year) - rule->standard_offset;
        int64_t end = shown_in(&rule->end, year) - rule->summer_offset;
        bool ok = start < end ? add_behind(zone, last, start, rule->summer) &&
                                    add_behind(zone, last, end, rule->standard)
                              : add_behind(zone, last, end, rule->standard) &&
                                    add_behind(zone, last, start, rule->summer);

        if (!ok)
            return false;
    }
    return true;
}

int csi_zone_add_rule(struct cosend_zone *zone, const char *text, size_t length)
{
    struct scan scan = {text, text + length};
    struct rule rule;
    size_t count = zone->change_count;
    int status;

    if (!length)
        return COSEND_OK;
    status =
        take_kind(&scan, zone, NULL, &rule.standard, &rule.standard_offset);
    if (status < 0)
        return status;
    if (scan.p == scan.end) {
        /* Without changes the rule is all there is. */
        if (!count)
            zone->kinds[0] = zone->kinds[rule.standard];
        return COSEND_OK;
    }
    status = take_kind(&scan, zone, &rule.standard_offset, &rule.summer,
                       &rule.summer_offset);
    if (status < 0)
        return status;
    if (!take_day(&scan, &rule.start) || !take_day(&scan, &rule.end) ||
        scan.p < scan.end)
        return COSEND_E_TYPE;
    return add_years(zone, &rule) ? COSEND_OK : COSEND_E_MEMORY;
}
