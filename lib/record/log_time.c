/* SPDX-License-Identifier: MIT */
/*
 * A line's time ends where nobody says: "2000-10-10 13:55:36,123 +0200 ERROR".
 * So the clock is looked for, which all forms have but an epoch's and that
 * without separators, and what may follow it: a fraction, a zone, a year. The
 * longest of these that reads as a time is the time. Words behind it that are
 * no zone's letters are the message's, such as ERROR; those that several zones
 * share are told apart from them by a list, so that CET is not taken for UTC.
 */
#include "record/log_time.h"

#include "record/calendar.h"
#include "record/line_time.h"
#include "record/time_forms.h"
#include "record/time_scan.h"

#include <string.h>

/* Of these a clock is in front of, and how long letters of a zone are. */
enum { DATE_MOST = 32, LETTERS_MOST = 5, BRACKETS_MOST = 4, SEARCHED = 1024 };

const char *csi_time_place_name(enum csi_time_place place)
{
    static const char *const names[] = {"nowhere",   "at their start",
                                        "as word 2", "as word 3",
                                        "as word 4", "in brackets"};

    return names[place];
}

static bool is_figure(char c)
{
    return (unsigned)(c - '0') < 10;
}

static bool is_word_letter(char c)
{
    return (unsigned)((c | 0x20) - 'a') < 26;
}

/* ---- Where it ends ------------------------------------------------------- */

/* Behind AM or PM that a blank may be in front of; or p, where neither is. */
static const char *pass_half(const char *p, const char *end)
{
    struct csi_time_scan scan = {p, end};
    bool afternoon;

    csi_scan_byte(&scan, ' ');
    if (!csi_scan_half(&scan, &afternoon) ||
        (scan.p < end && (is_word_letter(*scan.p) || is_figure(*scan.p))))
        return p;
    return scan.p;
}

/* The end of a clock behind a date, HH:MM[:SS[.fraction]], from p on, behind
   which AM or PM may be, and then its hour may have one digit; NULL. */
static const char *find_clock(const char *p, const char *end)
{
    const char *last = end - p > DATE_MOST ? p + DATE_MOST : end;
    struct csi_time_scan hour;
    int32_t hours = 0;

    for (; p + 5 <= last; p++) {
        hour = (struct csi_time_scan){p, end};
        if (is_figure(*p) && (p[1] == ':' || p[2] == ':') &&
            csi_scan_digits(&hour, 1, 2, &hours) && csi_scan_byte(&hour, ':') &&
            is_figure(hour.p[0]) && is_figure(hour.p[1]))
            break;
        if (!is_figure(*p) && !is_word_letter(*p) &&
            (!*p || !strchr(" ,-/\t", *p)))
            return NULL;
    }
    if (p + 5 > last)
        return NULL;
    p = hour.p + 2;
    if (end - p >= 3 && *p == ':' && is_figure(p[1]) && is_figure(p[2]))
        p += 3;
    if (end - p >= 2 && (*p == '.' || *p == ',') && is_figure(p[1]))
        for (p++; p < end && is_figure(*p);)
            p++;
    return hours >= 1 && hours <= 12 ? pass_half(p, end) : p;
}

/* Behind an offset or the letters of a zone that a blank may be in front of; or
   p, where there is none. *letters: how many there are, of the latter. */
static const char *pass_zone(const char *p, const char *end, size_t *letters)
{
    const char *start = p + (p < end && *p == ' ');
    struct csi_time_scan scan = {start, end};
    int32_t offset;

    *letters = 0;
    if (start < end && (*start == '+' || *start == '-') &&
        csi_scan_offset(&scan, &offset) && scan.p - start > 2)
        return scan.p;
    for (scan.p = start; scan.p < end && *scan.p >= 'A' && *scan.p <= 'Z';)
        scan.p++;
    *letters = (size_t)(scan.p - start);
    if (!*letters || *letters > LETTERS_MOST ||
        (scan.p < end && (is_word_letter(*scan.p) || is_figure(*scan.p))))
        return p;
    return scan.p;
}

/* Behind a blank and a year; or p. */
static const char *pass_year(const char *p, const char *end)
{
    if (end - p < 5 || *p != ' ' || !is_figure(p[1]) || !is_figure(p[2]) ||
        !is_figure(p[3]) || !is_figure(p[4]) ||
        (end - p > 5 && (is_figure(p[5]) || is_word_letter(p[5]))))
        return p;
    return p + 5;
}

/* ---- Reading it ---------------------------------------------------------- */

static bool join(const struct csi_time_parts *parts,
                 const struct cosend_time_context *context, int64_t *result)
{
    struct cosend_time_context past = *context;
    struct cosend_time time;

    past.is_past = true;
    if (!csi_time_join(parts, &past, &time))
        return false;
    *result = time.nanoseconds;
    return true;
}

static bool read_as_text(const char *p, const char *end,
                         const struct cosend_time_context *context,
                         int64_t *result)
{
    char copy[96];
    size_t length = (size_t)(end - p);
    const char *tab = memchr(p, '\t', length);
    struct csi_time_parts parts;

    if (tab) { /* a date and a clock in two columns */
        if (length > sizeof(copy))
            return false;
        memcpy(copy, p, length);
        copy[tab - p] = ' ';
        p = copy;
    }
    return csi_time_any_read(p, length, &parts) &&
           join(&parts, context, result);
}

/* By a clock, and what is behind it. */
static enum csi_log_time read_clock(const char *p, const char *end,
                                    const struct cosend_time_context *context,
                                    int64_t *result)
{
    const char *clock = find_clock(p, end), *zone, *year;
    size_t letters;

    if (!clock || (clock < end && is_figure(*clock)))
        return CSI_LOG_UNTIMED;
    zone = pass_zone(clock, end, &letters);
    year = pass_year(zone, end);
    if (year > zone && read_as_text(p, year, context, result))
        return CSI_LOG_TIMED;
    if (zone > clock && read_as_text(p, zone, context, result))
        return CSI_LOG_TIMED;
    if (zone > clock && letters && csi_is_shared_zone(zone - letters, letters))
        return CSI_LOG_LETTERS;
    year = pass_year(clock, end);
    if (year > clock && read_as_text(p, year, context, result))
        return CSI_LOG_TIMED;
    return read_as_text(p, clock, context, result) ? CSI_LOG_TIMED
                                                   : CSI_LOG_UNTIMED;
}

/* Behind the clock of 20001010T135536 and of 20001010135536; NULL. */
static const char *pass_digits_clock(const char *p, const char *end)
{
    const char *behind = p;

    while (behind < end && is_figure(*behind))
        behind++;
    if (behind - p != 6 && behind - p != 4)
        return NULL;
    if (behind - p == 6 && end - behind > 1 &&
        (*behind == '.' || *behind == ',') && is_figure(behind[1]))
        for (behind++; behind < end && is_figure(*behind);)
            behind++;
    return behind;
}

/* Whether a time may end there: not in the middle of a word. */
static bool is_end(const char *p, const char *end)
{
    return p == end || !(is_word_letter(*p) || is_figure(*p));
}

/* Digits that are a date, up to a clock of digits, and what is behind it. */
static enum csi_log_time read_at_once(const char *p, const char *clock,
                                      const char *end,
                                      const struct cosend_time_context *context,
                                      int64_t *result)
{
    const char *behind = pass_digits_clock(clock, end), *zone;
    size_t letters;

    if (!behind)
        return CSI_LOG_UNTIMED;
    zone = pass_zone(behind, end, &letters);
    if (zone > behind && is_end(zone, end) &&
        read_as_text(p, zone, context, result))
        return CSI_LOG_TIMED;
    if (zone > behind && letters && csi_is_shared_zone(zone - letters, letters))
        return CSI_LOG_LETTERS;
    return is_end(behind, end) && read_as_text(p, behind, context, result)
               ? CSI_LOG_TIMED
               : CSI_LOG_UNTIMED;
}

/* Seconds since 1970, of ten digits and perhaps a fraction, or of 13, 16 or 19
   digits their parts; or a date. */
static enum csi_log_time read_digits(const char *p, const char *end,
                                     size_t digits,
                                     const struct cosend_time_context *context,
                                     int64_t *result)
{
    const char *behind = p + digits;

    if (digits == 14)
        return read_at_once(p, p + 8, end, context, result);
    if (digits == 8 && behind < end && (*behind == 'T' || *behind == ' ')) {
        if (end - behind > 3 && behind[3] == ':')
            return read_clock(p, end, context, result);
        return *behind == 'T'
                   ? read_at_once(p, behind + 1, end, context, result)
                   : CSI_LOG_UNTIMED;
    }
    if (digits == 10 && end - behind > 1 && *behind == '.')
        for (behind++; behind < end && is_figure(*behind);)
            behind++;
    else if (digits != 10 && digits != 13 && digits != 16 && digits != 19)
        return CSI_LOG_UNTIMED;
    return is_end(behind, end) && read_as_text(p, behind, context, result)
               ? CSI_LOG_TIMED
               : CSI_LOG_UNTIMED;
}

/* 10/Oct/2000:13:55:36 -0700 */
static bool read_clf(const char *p, const char *end,
                     const struct cosend_time_context *context, int64_t *result)
{
    size_t letters;
    const char *zone;

    if (end - p < 20)
        return false;
    zone = pass_zone(p + 20, end, &letters);
    return (zone > p + 20 && read_as_text(p, zone, context, result)) ||
           read_as_text(p, p + 20, context, result);
}

static enum csi_log_time read_time(const char *p, const char *end,
                                   const struct cosend_time_context *context,
                                   int64_t *result)
{
    size_t digits = 0;

    while (p + digits < end && digits < 20 && is_figure(p[digits]))
        digits++;
    if (digits == 2 && end - p > 2 && p[2] == '/')
        return read_clf(p, end, context, result) ? CSI_LOG_TIMED
                                                 : CSI_LOG_UNTIMED;
    if (digits >= 8)
        return read_digits(p, end, digits, context, result);
    if (!digits && end - p > 1 && *p && strchr("IWEFD", *p) &&
        is_figure(p[1])) /* glog's level: I0102 15:04:05.000000 */
        return read_clock(p + 1, end, context, result);
    if (digits || (p < end && is_word_letter(*p)))
        return read_clock(p, end, context, result);
    return CSI_LOG_UNTIMED;
}

/* ---- Where it begins ----------------------------------------------------- */

static const char *pass_figures(const char *p, const char *end)
{
    while (p < end && is_figure(*p))
        p++;
    return p;
}

/* Behind what may stand in front of a time. */
static const char *pass_prefix(const char *p, const char *end)
{
    static const char mysql[] = "# Time: ";
    const char *next;

    if (p < end && *p == '<') {
        next = pass_figures(p + 1, end);
        if (next < end && *next == '>') {
            p = next + 1;
            if (end - p > 2 && is_figure(*p) && p[1] == ' ')
                p += 2;
        }
    }
    if (p < end && (*p == '[' || *p == '"'))
        return p + 1;
    if ((size_t)(end - p) >= sizeof(mysql) &&
        memcmp(p, mysql, sizeof(mysql) - 1) == 0)
        return p + sizeof(mysql) - 1;
    next = pass_figures(p, end);
    if (next > p && end - next > 3 && *next == ':' && next[1] >= 'A' &&
        next[1] <= 'Z' && next[2] == ' ')
        return next + 3;
    return p;
}

/* Behind so many words and the blanks behind them; end where there are fewer.
 */
static const char *pass_words(const char *p, const char *end, int count)
{
    for (; count && p < end; count--) {
        while (p < end && *p != ' ' && *p != '\t')
            p++;
        while (p < end && (*p == ' ' || *p == '\t'))
            p++;
    }
    return p;
}

static enum csi_log_time read_bracket(const char *p, const char *end,
                                      const struct cosend_time_context *context,
                                      int64_t *result)
{
    if (end - p > SEARCHED)
        end = p + SEARCHED;
    for (int i = 0; i < BRACKETS_MOST; i++) {
        enum csi_log_time found;

        p = memchr(p, '[', (size_t)(end - p));
        if (!p)
            break;
        p++;
        found = read_time(p, end, context, result);
        if (found != CSI_LOG_UNTIMED)
            return found;
    }
    return CSI_LOG_UNTIMED;
}

enum csi_log_time csi_log_time(const char *line, size_t length,
                               enum csi_time_place place,
                               const struct cosend_time_context *context,
                               int64_t *nanoseconds)
{
    const char *end = line + length;

    /* What is indented goes with the line before. */
    if (!length || *line == ' ' || *line == '\t')
        return CSI_LOG_UNTIMED;
    switch (place) {
    case CSI_TIME_FIRST:
        return read_time(pass_prefix(line, end), end, context, nanoseconds);
    case CSI_TIME_SECOND:
    case CSI_TIME_THIRD:
    case CSI_TIME_FOURTH:
        line = pass_words(line, end, (int)place - CSI_TIME_FIRST);
        return read_time(line, end, context, nanoseconds);
    case CSI_TIME_BRACKET:
        return read_bracket(line, end, context, nanoseconds);
    case CSI_TIME_NOWHERE:
        break;
    }
    return CSI_LOG_UNTIMED;
}
