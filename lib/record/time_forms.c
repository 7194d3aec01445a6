/* SPDX-License-Identifier: MIT */
/*
 * A text's first bytes tell which form it may have: a letter begins a syslog
 * time; of digits, what stands behind the second or the fourth decides.
 */
#include "record/time_forms.h"

#include "record/calendar.h"
#include "record/time_scan.h"

#include <string.h>

/* ---- ISO 8601 ------------------------------------------------------------ */

/* The rest of a text: a zone, with a blank before it or none; or nothing. */
static bool scan_zone(struct csi_time_scan *scan, struct csi_time_parts *parts)
{
    if (scan->p == scan->end)
        return true;
    csi_scan_byte(scan, ' ');
    parts->has_offset = true;
    return csi_scan_offset(scan, &parts->offset) && scan->p == scan->end;
}

/* HH:MM[:SS[.fraction]], or without colons. */
static bool scan_clock(struct csi_time_scan *scan, bool colons,
                       struct csi_time_parts *parts)
{
    bool more;

    if (!csi_scan_digits(scan, 2, 2, &parts->hour) ||
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

static bool read_iso(struct csi_time_scan scan, struct csi_time_parts *parts)
{
    char separator;

    parts->has_year = true;
    if (!csi_scan_digits(&scan, 4, 4, &parts->year) || scan.p == scan.end)
        return false;
    separator = *scan.p;
    if (separator != '-' && separator != '/')
        separator = '\0';
    if ((separator && !csi_scan_byte(&scan, separator)) ||
        !csi_scan_digits(&scan, 2, 2, &parts->month) ||
        (separator && !csi_scan_byte(&scan, separator)) ||
        !csi_scan_digits(&scan, 2, 2, &parts->day))
        return false;
    if (scan.p == scan.end)
        return separator;
    if (!csi_scan_byte(&scan, 'T') && !csi_scan_byte(&scan, 't') &&
        (!separator || !csi_scan_byte(&scan, ' ')))
        return false;
    return scan_clock(&scan, separator, parts) && scan_zone(&scan, parts);
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
           scan_zone(&scan, parts);
}

/* Oct 10 13:55:36; a day below ten has a blank or a zero in front, or none. */
static bool read_syslog(struct csi_time_scan scan, struct csi_time_parts *parts)
{
    if (!csi_scan_month(&scan, &parts->month) || !csi_scan_byte(&scan, ' '))
        return false;
    csi_scan_byte(&scan, ' ');
    return csi_scan_digits(&scan, 1, 2, &parts->day) &&
           csi_scan_byte(&scan, ' ') && scan_clock(&scan, true, parts) &&
           scan.p == scan.end;
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

/* ---- Which ----------------------------------------------------------------
 */

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
        return read_syslog(scan, parts);
    if (length > 4 && (text[4] == '-' || text[4] == '/'))
        return read_iso(scan, parts);
    if (length > 8 && (text[8] == 'T' || text[8] == 't'))
        return read_iso(scan, parts);
    if (length > 2 && text[2] == '/')
        return read_clf(scan, parts);
    return read_epoch(scan, 0, parts);
}
