/* SPDX-License-Identifier: MIT */
/* Times read by a format: as strptime reads, without a locale. */
#include "cosend/time.h"

#include "record/calendar.h"
#include "record/time_format.h"
#include "record/time_scan.h"
#include "record/zone.h"

#include <string.h>

/* What is read, beside its parts. */
struct reading {
    struct csi_time_scan scan;
    struct csi_time_parts parts;
    int32_t hour_of_12; /* 0: not written */
    bool has_half, afternoon;
};

static void skip_blanks(struct csi_time_scan *scan)
{
    while (scan->p < scan->end && strchr(" \t\n\r\v\f", *scan->p) && *scan->p)
        scan->p++;
}

static bool read_two(struct reading *reading, bool padded, int32_t *number)
{
    if (padded)
        skip_blanks(&reading->scan);
    return csi_scan_digits(&reading->scan, 1, 2, number);
}

/* Two digits: 69 to 99 are of the last century, as POSIX has it. */
static bool read_short_year(struct reading *reading)
{
    int32_t year;

    if (!csi_scan_digits(&reading->scan, 2, 2, &year))
        return false;
    reading->parts.year = year < 69 ? 2000 + year : 1900 + year;
    return true;
}

static bool read_epoch(struct reading *reading)
{
    struct csi_time_scan *scan = &reading->scan;
    bool negative = csi_scan_byte(scan, '-');
    const char *start = scan->p;
    int64_t seconds = 0;

    for (; scan->p < scan->end && *scan->p >= '0' && *scan->p <= '9'; scan->p++)
        if (seconds < INT64_C(1000000000000))
            seconds = seconds * 10 + (*scan->p - '0');
    reading->parts.epoch = negative ? -seconds : seconds;
    reading->parts.has_epoch = true;
    return scan->p > start;
}

static bool is_zone_letter(char c)
{
    return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '+' || c == '-' ||
           (c >= '0' && c <= '9');
}

static bool read_letters(struct reading *reading)
{
    struct csi_time_scan *scan = &reading->scan;
    const char *start = scan->p;
    size_t length;

    while (scan->p < scan->end && is_zone_letter(*scan->p))
        scan->p++;
    length = (size_t)(scan->p - start);
    if (csi_scan_utc(start, length)) {
        reading->parts.has_offset = true;
        reading->parts.offset = 0;
    } else {
        reading->parts.letters = start;
        reading->parts.letters_length = length;
    }
    return length > 0;
}

/* ---- Directives ---------------------------------------------------------- */

static bool read_date(struct reading *reading, char letter)
{
    struct csi_time_parts *parts = &reading->parts;
    struct csi_time_scan *scan = &reading->scan;
    int32_t unused;

    switch (letter) {
    case 'Y':
        parts->has_year = true;
        return csi_scan_digits(scan, 4, 4, &parts->year);
    case 'y':
        parts->has_year = true;
        return read_short_year(reading);
    case 'm':
        return read_two(reading, false, &parts->month) && parts->month > 0;
    case 'b':
    case 'B':
        return csi_scan_month(scan, &parts->month);
    case 'd':
    case 'e':
        return read_two(reading, letter == 'e', &parts->day) && parts->day > 0;
    case 'j':
        return csi_scan_digits(scan, 1, 3, &parts->yearday) &&
               parts->yearday > 0;
    case 'a':
    case 'A':
        return csi_scan_weekday(scan, &unused);
    default: /* u, w */
        return csi_scan_digits(scan, 1, 1, &unused) && unused < 8;
    }
}

static bool read_directive(struct reading *reading, char letter)
{
    struct csi_time_parts *parts = &reading->parts;
    struct csi_time_scan *scan = &reading->scan;

    switch (letter) {
    case 'H':
    case 'k':
        return read_two(reading, letter == 'k', &parts->hour);
    case 'I':
    case 'l':
        return read_two(reading, letter == 'l', &reading->hour_of_12) &&
               reading->hour_of_12 > 0 && reading->hour_of_12 <= 12;
    case 'p':
        reading->has_half = true;
        return csi_scan_half(scan, &reading->afternoon);
    case 'M':
        return read_two(reading, false, &parts->minute);
    case 'S':
        return read_two(reading, false, &parts->second);
    case 'f':
        return csi_scan_fraction(scan, false, &parts->nanosecond);
    case 'z':
        parts->has_offset = true;
        return csi_scan_offset(scan, &parts->offset);
    case 'Z':
        return read_letters(reading);
    case 's':
        return read_epoch(reading);
    case '%':
        return csi_scan_byte(scan, '%');
    default:
        return read_date(reading, letter);
    }
}

/* Whether a format goes on with a fraction, whose point may lack with it. */
static bool is_fraction(const char *p, const char *end)
{
    struct csi_directive directive;

    return (*p == '.' || *p == ',') && end - p > 1 && p[1] == '%' &&
           csi_time_directive(p + 1, end, &directive) &&
           directive.letter == 'f';
}

static bool read_text(const struct cosend_time_format *format,
                      struct reading *reading)
{
    const char *p = format->text, *end = p + format->length;
    struct csi_time_scan *scan = &reading->scan;

    while (p < end) {
        struct csi_directive directive;

        if (*p == '%') {
            p = csi_time_directive(p, end, &directive);
            if (!read_directive(reading, directive.letter))
                return false;
        } else if (*p == ' ' || *p == '\t' || *p == '\n') {
            const char *start = scan->p;

            skip_blanks(scan);
            if (scan->p == start)
                return false;
            p++;
        } else if (scan->p < scan->end &&
                   (*scan->p == *p ||
                    ((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z' &&
                     (*scan->p ^ *p) == 0x20))) {
            scan->p++;
            p++;
        } else if (is_fraction(p, end)) {
            struct csi_directive unused;

            p = csi_time_directive(p + 1, end, &unused);
        } else {
            return false;
        }
    }
    return scan->p == scan->end;
}

/* ---- All of it ----------------------------------------------------------- */

/* The hour of twelve counts where there is one. False where the other one is
   not of the half of the day that is written. */
static bool settle_hour(struct reading *reading)
{
    if (reading->hour_of_12)
        reading->parts.hour =
            csi_hour_of_twelve(reading->hour_of_12, reading->afternoon);
    else if (reading->has_half)
        return (reading->parts.hour >= 12) == reading->afternoon;
    return true;
}

/* Where a year is written, and no month, or no day, it is the first. */
static void settle_date(struct csi_time_parts *parts)
{
    if (!parts->has_year || parts->yearday)
        return;
    parts->month += !parts->month;
    parts->day += !parts->day;
}

/* What a text says, by a format or by itself. */
static bool read_parts(const struct cosend_time_format *format,
                       const char *text, size_t length,
                       struct csi_time_parts *parts)
{
    /* An absent cell's text is nowhere. */
    const char *start = length ? text : "";
    struct reading reading = {.scan = {start, start + length}};

    if (!format)
        return csi_time_any_read(start, length, parts);
    if (!format->reads)
        return false;
    if (format->form != CSI_FORM_TEXT)
        return csi_time_form_read(format->form, start, length, parts);
    if (!read_text(format, &reading) || !settle_hour(&reading))
        return false;
    settle_date(&reading.parts);
    *parts = reading.parts;
    return true;
}

bool cosend_parse_time(const struct cosend_time_format *format,
                       const char *text, size_t length,
                       const struct cosend_time_context *context,
                       struct cosend_time *time)
{
    struct csi_time_parts parts;

    return read_parts(format, text, length, &parts) &&
           csi_time_join(&parts, context, time);
}

/* ---- Of two fields ------------------------------------------------------- */

/* 0 where they are too long. */
static size_t put_both(const char *date, size_t date_length, const char *clock,
                       size_t clock_length, char text[COSEND_JOINED_MAX])
{
    if (date_length >= COSEND_JOINED_MAX ||
        clock_length >= COSEND_JOINED_MAX - 1 - date_length)
        return 0;
    if (date_length)
        memcpy(text, date, date_length);
    text[date_length] = ' ';
    if (clock_length)
        memcpy(text + date_length + 1, clock, clock_length);
    text[date_length + 1 + clock_length] = '\0';
    return date_length + 1 + clock_length;
}

static bool is_time(const char *text, size_t length)
{
    struct csi_time_parts parts;

    /* An absent cell's text is nowhere. */
    return length && length < COSEND_JOINED_MAX &&
           csi_time_any_read(text, length, &parts);
}

size_t cosend_join_time(const char *date, size_t date_length, const char *clock,
                        size_t clock_length, char text[COSEND_JOINED_MAX])
{
    size_t length = put_both(date, date_length, "00:00", 5, text);

    if (is_time(clock, clock_length) ||
        (is_time(date, date_length) && !(length && is_time(text, length))))
        return 0;
    return put_both(date, date_length, clock, clock_length, text);
}

/* ---- Why not ------------------------------------------------------------- */

/* 1/2/2000, 01.02.00 and their like, which are passed. */
static bool scan_either_order(struct csi_time_scan *scan)
{
    int32_t number;
    char mark;

    if (!csi_scan_digits(scan, 1, 2, &number) || scan->p == scan->end)
        return false;
    mark = *scan->p;
    return (mark == '/' || mark == '.' || mark == '-') &&
           csi_scan_byte(scan, mark) && csi_scan_digits(scan, 1, 2, &number) &&
           csi_scan_byte(scan, mark) && csi_scan_digits(scan, 2, 4, &number);
}

/* A time of day, which is passed. */
static bool scan_time_of_day(struct csi_time_scan *scan)
{
    int32_t number;
    bool afternoon;

    if (!csi_scan_digits(scan, 1, 2, &number) || !csi_scan_byte(scan, ':') ||
        !csi_scan_digits(scan, 2, 2, &number))
        return false;
    if (csi_scan_byte(scan, ':') && !csi_scan_digits(scan, 2, 2, &number))
        return false;
    if ((csi_scan_byte(scan, '.') || csi_scan_byte(scan, ',')) &&
        !csi_scan_fraction(scan, true, &number))
        return false;
    csi_scan_byte(scan, ' ');
    return scan->p == scan->end || csi_scan_half(scan, &afternoon);
}

/* Of what nothing is read by itself. */
static const char *why_unread(const char *text, size_t length)
{
    struct csi_time_scan scan, start;

    if (!length)
        return NULL;
    scan = start = (struct csi_time_scan){text, text + length};
    if (scan_time_of_day(&scan) && scan.p == scan.end)
        return "is a time of day without its date; a step `set when = "
               "concat(date, \" \", time)` before makes one of two fields";
    scan = start;
    if (!scan_either_order(&scan))
        return csi_time_doubt(text, length);
    csi_scan_byte(&scan, ',');
    csi_scan_byte(&scan, ' ');
    return scan_time_of_day(&scan) && (scan.p[-1] | 0x20) == 'm'
               ? "may have the day first, %d/%m/%Y %I:%M:%S %p, or the month, "
                 "%m/%d/%Y %I:%M:%S %p"
               : "may have the day first, %d/%m/%Y, or the month, %m/%d/%Y";
}

const char *cosend_time_problem(const struct cosend_time_format *format,
                                const char *text, size_t length,
                                const struct cosend_time_context *context)
{
    struct cosend_time_context first = {0};
    struct csi_time_parts parts;
    struct cosend_time time;

    if (!read_parts(format, text, length, &parts))
        return format ? NULL : why_unread(text, length);
    if (context)
        first = *context;
    if (csi_time_join(&parts, &first, &time))
        return NULL;
    first.fold = COSEND_FOLD_FIRST;
    if (csi_time_join(&parts, &first, &time))
        return "is shown twice by the zone's clocks that day, or never";
    if (!parts.has_year && parts.month == 2 && parts.day == 29)
        return "is a leap day without a year, and neither this year nor those "
               "beside it have one; `date` takes near=2024-02-29";
    if (!parts.letters)
        return "is a date or a time of day that there is not, or is not from "
               "1677 to 2262";
    parts.letters = NULL;
    return csi_time_join(&parts, &first, &time)
               ? "has a zone's letters, which others may have too: no zone "
                 "was given that has them then"
               : "is a date or a time of day that there is not";
}
