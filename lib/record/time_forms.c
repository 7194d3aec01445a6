/* SPDX-License-Identifier: MIT */
/*
 * A text's first bytes tell which form it may have: a letter begins a weekday
 * or a month; of digits, what stands behind the second or the fourth decides.
 */
#include "record/time_forms.h"

#include "record/calendar.h"
#include "record/time_scan.h"

#include <string.h>

/* ---- ISO 8601 ------------------------------------------------------------ */

static bool is_form_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* A zone's letters, those of UTC among them. */
static bool scan_letters(struct csi_time_scan *scan,
                         struct csi_time_parts *parts)
{
    const char *start = scan->p;

    while (scan->p < scan->end && is_form_letter(*scan->p))
        scan->p++;
    if (csi_scan_utc(start, (size_t)(scan->p - start))) {
        parts->has_offset = true;
        parts->offset = 0;
        return true;
    }
    parts->letters = start;
    parts->letters_length = (size_t)(scan->p - start);
    return parts->letters_length > 0;
}

/* A zone, with a blank before it or none; or nothing. */
static bool scan_zone(struct csi_time_scan *scan, struct csi_time_parts *parts)
{
    if (scan->p == scan->end)
        return true;
    csi_scan_byte(scan, ' ');
    if (scan->p < scan->end && is_form_letter(*scan->p))
        return scan_letters(scan, parts);
    parts->has_offset = true;
    return csi_scan_offset(scan, &parts->offset);
}

/* HH:MM[:SS[.fraction]], or without colons. */
static bool scan_figures(struct csi_time_scan *scan, bool colons,
                         struct csi_time_parts *parts)
{
    bool more;

    if (!csi_scan_digits(scan, colons ? 1 : 2, 2, &parts->hour) ||
        (colons && !csi_scan_byte(scan, ':')) ||
        !csi_scan_digits(scan, 2, 2, &parts->minute))
        return false;
    more = colons ? csi_scan_byte(scan, ':')
                  : scan->p < scan->end && *scan->p >= '0' && *scan->p <= '9';
    if (!more)
        return true;
    if (!csi_scan_digits(scan, 2, 2, &parts->second))
        return false;
    if (!csi_scan_byte(scan, '.') && !csi_scan_byte(scan, ','))
        return true;
    return csi_scan_fraction(scan, true, &parts->nanosecond);
}

/* AM or PM, with a blank before it or none, and no letter behind it. */
static bool scan_half(struct csi_time_scan *scan, bool *afternoon)
{
    struct csi_time_scan at = *scan;

    csi_scan_byte(&at, ' ');
    if (!csi_scan_half(&at, afternoon) ||
        (at.p < at.end && is_form_letter(*at.p)))
        return false;
    *scan = at;
    return true;
}

/* The same, and AM or PM, or none: only then has an hour two digits always. Of
   an hour that is none of twelve there is no such time. */
static bool scan_clock(struct csi_time_scan *scan, bool colons,
                       struct csi_time_parts *parts)
{
    const char *start = scan->p;
    bool afternoon;

    if (!scan_figures(scan, colons, parts))
        return false;
    if (!scan_half(scan, &afternoon))
        return !colons || start[2] == ':';
    parts->hour = csi_hour_of_twelve(parts->hour, afternoon);
    return true;
}

/* Whether the next so many bytes are digits, and no more of them. */
static bool is_digits(const struct csi_time_scan *scan, int count)
{
    const char *p = scan->p;

    while (p < scan->end && (unsigned)(*p - '0') < 10)
        p++;
    return p - scan->p == count;
}

static bool read_iso(struct csi_time_scan scan, struct csi_time_parts *parts)
{
    char separator;
    bool colons;

    parts->has_year = true;
    if (!csi_scan_digits(&scan, 4, 4, &parts->year) || scan.p == scan.end)
        return false;
    separator = *scan.p;
    if (separator != '-' && separator != '/' && separator != '.')
        separator = '\0';
    if ((separator && !csi_scan_byte(&scan, separator)) ||
        !csi_scan_digits(&scan, 2, 2, &parts->month) ||
        (separator && !csi_scan_byte(&scan, separator)) ||
        !csi_scan_digits(&scan, 2, 2, &parts->day))
        return false;
    if (scan.p == scan.end)
        return true;
    if (!csi_scan_byte(&scan, 'T') && !csi_scan_byte(&scan, 't') &&
        !csi_scan_byte(&scan, ' ') && (separator || !is_digits(&scan, 6)))
        return false;
    colons = separator || (scan.end - scan.p > 2 && scan.p[2] == ':');
    return scan_clock(&scan, colons, parts) && scan_zone(&scan, parts) &&
           scan.p == scan.end;
}

/* Whether digits alone begin with a date, of 1900 to 2199: eight, or fourteen
   with the time of day, and perhaps more behind them that is no digit. Of
   seconds since 1970 no eight digits have been for fifty years. */
static bool is_dated(const struct csi_time_scan *scan)
{
    static const char centuries[][3] = {"19", "20", "21"};

    if (!is_digits(scan, 8) && !is_digits(scan, 14))
        return false;
    for (int i = 0; i < 3; i++)
        if (memcmp(scan->p, centuries[i], 2) == 0)
            return true;
    return false;
}

/* ---- Logs ---------------------------------------------------------------- */

/* 10/Oct/2000:13:55:36 -0700 */
static bool read_clf(struct csi_time_scan scan, struct csi_time_parts *parts)
{
    parts->has_year = true;
    return csi_scan_digits(&scan, 2, 2, &parts->day) &&
           csi_scan_byte(&scan, '/') && csi_scan_month(&scan, &parts->month) &&
           csi_scan_byte(&scan, '/') &&
           csi_scan_digits(&scan, 4, 4, &parts->year) &&
           csi_scan_byte(&scan, ':') && scan_clock(&scan, true, parts) &&
           scan_zone(&scan, parts) && scan.p == scan.end;
}

/* 1010 13:55:36.123456 and 10-10 13:55:36.123, of klog and of Android, which
   have no year. Without a fraction they might be anything. */
static bool read_short(struct csi_time_scan scan, struct csi_time_parts *parts)
{
    bool is_dashed = scan.p[2] == '-';

    return csi_scan_digits(&scan, 2, 2, &parts->month) &&
           (!is_dashed || csi_scan_byte(&scan, '-')) &&
           csi_scan_digits(&scan, 2, 2, &parts->day) &&
           csi_scan_byte(&scan, ' ') && scan.end - scan.p > 9 &&
           scan.p[2] == ':' && scan_figures(&scan, true, parts) &&
           scan.p == scan.end;
}

/* ---- Dates with a month's name ------------------------------------------- */

/* Whether a time of day is next: an hour of one digit or two. */
static bool is_clock(const struct csi_time_scan *scan)
{
    return scan->end - scan->p > 2 && (scan->p[1] == ':' || scan->p[2] == ':');
}

/* Four digits that no other follows. */
static bool scan_year(struct csi_time_scan *scan, struct csi_time_parts *parts)
{
    parts->has_year = true;
    return csi_scan_digits(scan, 4, 4, &parts->year) &&
           (scan->p == scan->end || *scan->p == ' ');
}

/* Oct 10 13:55:36, with a year before or behind the time of day, or none; a day
   below ten has a blank or a zero in front, or neither. */
static bool read_month_first(struct csi_time_scan scan,
                             struct csi_time_parts *parts)
{
    if (!csi_scan_month(&scan, &parts->month) || !csi_scan_byte(&scan, ' '))
        return false;
    csi_scan_byte(&scan, ' ');
    if (!csi_scan_digits(&scan, 1, 2, &parts->day))
        return false;
    csi_scan_byte(&scan, ',');
    if (!csi_scan_byte(&scan, ' '))
        return false;
    if (scan.end - scan.p >= 4 && !is_clock(&scan)) {
        if (!scan_year(&scan, parts))
            return false;
        if (!csi_scan_byte(&scan, ' '))
            return scan.p == scan.end;
    }
    if (!scan_clock(&scan, true, parts))
        return false;
    if (scan.end - scan.p > 1 &&
        (is_form_letter(scan.p[1]) || scan.p[1] == '+' || scan.p[1] == '-') &&
        !scan_zone(&scan, parts))
        return false;
    if (!parts->has_year && csi_scan_byte(&scan, ' '))
        return scan_year(&scan, parts) && scan.p == scan.end;
    return scan.p == scan.end;
}

/* 10 Oct 2000 13:55:36 -0700, 10-Oct-2000; the time of day may lack, or else
   the year. */
static bool read_day_first(struct csi_time_scan scan,
                           struct csi_time_parts *parts)
{
    char separator;

    if (!csi_scan_digits(&scan, 1, 2, &parts->day) || scan.p == scan.end)
        return false;
    separator = *scan.p == '-' ? '-' : ' ';
    if (!csi_scan_byte(&scan, separator) ||
        !csi_scan_month(&scan, &parts->month) ||
        !csi_scan_byte(&scan, separator))
        return false;
    if (separator == ' ' && is_clock(&scan))
        return scan_clock(&scan, true, parts) && scan.p == scan.end;
    if (!scan_year(&scan, parts))
        return false;
    if (scan.p == scan.end)
        return true;
    return csi_scan_byte(&scan, ' ') && scan_clock(&scan, true, parts) &&
           scan_zone(&scan, parts) && scan.p == scan.end;
}

/* A weekday is read, and not looked at. */
static bool read_named(struct csi_time_scan scan, struct csi_time_parts *parts)
{
    struct csi_time_scan before = scan;
    int32_t unused;

    if (!csi_scan_weekday(&scan, &unused))
        return read_month_first(before, parts);
    csi_scan_byte(&scan, ',');
    if (!csi_scan_byte(&scan, ' ') || scan.p == scan.end)
        return false;
    return is_form_letter(*scan.p) ? read_month_first(scan, parts)
                                   : read_day_first(scan, parts);
}

/* Whether a month's name may follow one or two digits. */
static bool is_day_first(const char *text, size_t length)
{
    size_t at = length > 1 && text[1] >= '0' && text[1] <= '9' ? 2 : 1;

    return length > at + 1 && (text[at] == ' ' || text[at] == '-') &&
           is_form_letter(text[at + 1]);
}

/* ---- Epochs -------------------------------------------------------------- */

/* A whole number of units of 10^-digits seconds. */
static bool split(int64_t number, int64_t unit, struct csi_time_parts *parts)
{
    parts->has_epoch = true;
    parts->epoch = csi_floor_divide(number, unit);
    parts->nanosecond =
        (int32_t)(csi_floor_remainder(number, unit) * (CSI_SECOND / unit));
    return true;
}

static bool read_integer(struct csi_time_scan *scan, int64_t *number)
{
    const char *start = scan->p;
    int64_t value = 0;
    unsigned digit;

    while (scan->p < scan->end && (digit = (unsigned)(*scan->p - '0')) < 10) {
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, digit, &value))
            return false;
        scan->p++;
    }
    *number = value;
    return scan->p > start;
}

/* Units of a second, by their number in it; 0: by the count of digits. */
static bool read_epoch(struct csi_time_scan scan, int64_t unit,
                       struct csi_time_parts *parts)
{
    bool negative = csi_scan_byte(&scan, '-');
    const char *start = scan.p;
    int64_t number;
    int32_t fraction = 0;

    if (!read_integer(&scan, &number))
        return false;
    if (scan.p == scan.end && unit == 0) {
        size_t digits = (size_t)(scan.p - start);

        unit = digits == 13   ? 1000
               : digits == 16 ? 1000000
               : digits == 19 ? CSI_SECOND
                              : 1;
    }
    if (unit > 1)
        return scan.p == scan.end &&
               split(negative ? -number : number, unit, parts);
    if (csi_scan_byte(&scan, '.') && !csi_scan_fraction(&scan, true, &fraction))
        return false;
    split(negative ? -number : number, 1, parts);
    if (negative && fraction) {
        parts->epoch--;
        fraction = (int32_t)CSI_SECOND - fraction;
    }
    parts->nanosecond = fraction;
    return scan.p == scan.end;
}

/* A number of two digits that a day may be. */
static bool scan_day(struct csi_time_scan *scan, int32_t *number)
{
    return csi_scan_digits(scan, 2, 2, number) && *number > 0 && *number <= 31;
}

/* A year of those that digits alone are a date of. */
static bool scan_likely_year(struct csi_time_scan *scan)
{
    int32_t year;

    return csi_scan_digits(scan, 4, 4, &year) && year >= 1900 && year < 2200;
}

/* 31122000 */
static bool year_is_last(struct csi_time_scan scan)
{
    int32_t one, other;

    return scan_day(&scan, &one) && scan_day(&scan, &other) &&
           (one <= 12 || other <= 12) && scan_likely_year(&scan);
}

/* 200010 */
static bool is_month(struct csi_time_scan scan)
{
    int32_t month;

    return scan_likely_year(&scan) && csi_scan_digits(&scan, 2, 2, &month) &&
           month >= 1 && month <= 12;
}

const char *csi_time_doubt(const char *text, size_t length)
{
    const char *end = text + length;
    struct csi_time_scan scan = {text, end};

    /* As tables have a year that was once a number with a fraction. */
    if (length > 2 && end[-2] == '.' && end[-1] == '0')
        scan.end -= 2;
    if (scan.end - text == 4 && is_digits(&scan, 4) && scan_likely_year(&scan))
        return "may be a year, %Y, or seconds, epoch";
    if (scan.end - text == 6 && is_digits(&scan, 6) && is_month(scan))
        return "may be a year and a month, %Y%m, or seconds, epoch";
    if (length == 8 && is_digits(&scan, 8) && year_is_last(scan))
        return "may be a date with the day first, %d%m%Y, or the month, "
               "%m%d%Y, or seconds, epoch";
    return NULL;
}

/* ---- Which --------------------------------------------------------------- */

bool csi_time_form_read(enum csi_time_form form, const char *text,
                        size_t length, struct csi_time_parts *parts)
{
    struct csi_time_scan scan = {text, text + length};

    *parts = (struct csi_time_parts){0};
    switch (form) {
    case CSI_FORM_RFC3339:
        return read_iso(scan, parts);
    case CSI_FORM_EPOCH:
        return read_epoch(scan, 1, parts);
    case CSI_FORM_EPOCH_MS:
        return read_epoch(scan, 1000, parts);
    case CSI_FORM_EPOCH_US:
        return read_epoch(scan, 1000000, parts);
    case CSI_FORM_EPOCH_NS:
        return read_epoch(scan, CSI_SECOND, parts);
    case CSI_FORM_TEXT:
        break;
    }
    return false;
}

bool csi_time_any_read(const char *text, size_t length,
                       struct csi_time_parts *parts)
{
    struct csi_time_scan scan = {text, text + length};

    *parts = (struct csi_time_parts){0};
    if (!length)
        return false;
    if (*text > '9')
        return read_named(scan, parts);
    if (is_day_first(text, length))
        return read_day_first(scan, parts);
    if (length > 4 && (text[4] == '-' || text[4] == '/'))
        return read_iso(scan, parts);
    if (length > 9 && text[4] == '.' && text[7] == '.')
        return read_iso(scan, parts);
    if (is_dated(&scan) ||
        (length > 8 && (text[8] == 'T' || text[8] == 't' || text[8] == ' ')))
        return read_iso(scan, parts);
    if (length > 2 && text[2] == '/')
        return read_clf(scan, parts);
    if (length > 5 && (text[4] == ' ' || text[2] == '-'))
        return read_short(scan, parts);
    return !csi_time_doubt(text, length) && read_epoch(scan, 0, parts);
}
