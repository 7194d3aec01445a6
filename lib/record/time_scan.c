/* SPDX-License-Identifier: MIT */
#include "record/time_scan.h"

#include <string.h>

/* ---- Numbers ------------------------------------------------------------- */

bool csi_scan_fraction(struct csi_time_scan *scan, bool all,
                       int32_t *nanoseconds)
{
    const char *start = scan->p;

    if (!csi_scan_digits(scan, 1, 9, nanoseconds))
        return false;
    for (int count = (int)(scan->p - start); count < 9; count++)
        *nanoseconds *= 10;
    while (all && scan->p < scan->end && *scan->p >= '0' && *scan->p <= '9')
        scan->p++;
    return true;
}

static bool digit_follows(const struct csi_time_scan *scan)
{
    return scan->p < scan->end && *scan->p >= '0' && *scan->p <= '9';
}

/* Two digits more, behind a colon if there is one before the minutes. */
static bool scan_more(struct csi_time_scan *scan, bool colon, int32_t *number)
{
    if (colon ? !csi_scan_byte(scan, ':') : !digit_follows(scan))
        return true;
    return csi_scan_digits(scan, 2, 2, number) && *number < 60;
}

bool csi_scan_offset(struct csi_time_scan *scan, int32_t *seconds)
{
    int32_t hours, minutes = 0, rest = 0;
    const char *digits;
    bool negative, colon;

    if (csi_scan_byte(scan, 'Z') || csi_scan_byte(scan, 'z')) {
        *seconds = 0;
        return true;
    }
    negative = scan->p < scan->end && *scan->p == '-';
    if (!csi_scan_byte(scan, '-') && !csi_scan_byte(scan, '+'))
        return false;
    digits = scan->p;
    if (!csi_scan_digits(scan, 1, 2, &hours) || hours > 26 ||
        (scan->p - digits < 2 && scan->p < scan->end))
        return false;
    colon = scan->p < scan->end && *scan->p == ':';
    if (!scan_more(scan, colon, &minutes) || !scan_more(scan, colon, &rest))
        return false;
    *seconds = hours * 3600 + minutes * 60 + rest;
    if (negative)
        *seconds = -*seconds;
    return true;
}

/* ---- Names --------------------------------------------------------------- */

static const char *const months[] = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
static const char *const weekdays[] = {"Monday",   "Tuesday", "Wednesday",
                                       "Thursday", "Friday",  "Saturday",
                                       "Sunday"};

const char *csi_month_name(int month)
{
    return months[month - 1];
}

const char *csi_weekday_name(int weekday)
{
    return weekdays[weekday - 1];
}

/* How many letters, which are in either case, are those of a name. */
static size_t common_letters(const struct csi_time_scan *scan, const char *name)
{
    size_t length = (size_t)(scan->end - scan->p), i = 0;

    while (i < length && name[i] && (scan->p[i] | 0x20) == (name[i] | 0x20))
        i++;
    return i;
}

static bool scan_name(struct csi_time_scan *scan, const char *const *names,
                      int count, int32_t *number)
{
    for (int i = 0; i < count; i++) {
        size_t common = common_letters(scan, names[i]);

        if (common < 3)
            continue;
        scan->p += names[i][common] ? 3 : common;
        *number = i + 1;
        return true;
    }
    return false;
}

bool csi_scan_month(struct csi_time_scan *scan, int32_t *month)
{
    return scan_name(scan, months, 12, month);
}

bool csi_scan_weekday(struct csi_time_scan *scan, int32_t *weekday)
{
    return scan_name(scan, weekdays, 7, weekday);
}

bool csi_scan_half(struct csi_time_scan *scan, bool *afternoon)
{
    char half;

    if (scan->end - scan->p < 2 || (scan->p[1] | 0x20) != 'm')
        return false;
    half = *scan->p | 0x20;
    *afternoon = half == 'p';
    scan->p += 2;
    return half == 'a' || half == 'p';
}

int32_t csi_hour_of_twelve(int32_t hour, bool afternoon)
{
    return hour < 1 || hour > 12 ? -1 : hour % 12 + (afternoon ? 12 : 0);
}

bool csi_scan_utc(const char *text, size_t length)
{
    static const char *const names[] = {"utc", "gmt", "ut", "z"};
    struct csi_time_scan scan = {text, text + length};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (length == strlen(names[i]) &&
            common_letters(&scan, names[i]) == length)
            return true;
    return false;
}
