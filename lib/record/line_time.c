/* SPDX-License-Identifier: MIT */
#include "record/line_time.h"

#include "record/line_level.h"
#include "record/time_scan.h"

#include <string.h>

static bool is_time_digit(const char *at, const char *end)
{
    return at < end && (unsigned)(*at - '0') < 10;
}

static bool is_capital(const char *at, const char *end)
{
    return at < end && (unsigned)(*at - 'A') < 26;
}

static const char *skip_time_digits(const char *at, const char *end)
{
    while (is_time_digit(at, end))
        at++;
    return at;
}

static const char *skip_fraction(const char *at, const char *end)
{
    if (end - at > 1 && (*at == '.' || *at == ',') &&
        is_time_digit(at + 1, end))
        return skip_time_digits(at + 1, end);
    return at;
}

/* Three letters of a name that has more. */
static const char *skip_name(const char *at, const char *end,
                             const char *(*name)(int), int count)
{
    for (int i = 1; i <= count && end - at >= 3; i++)
        if (memcmp(at, name(i), 3) == 0)
            return at + 3;
    return NULL;
}

/* Whether what ends there ends a word. */
static bool is_word_end(const char *at, const char *end)
{
    return at == end || strchr(" \t],:|)\"", *at);
}

/* An offset in two, four or, with a colon, five characters. */
static const char *read_zone_offset(const char *start, const char *end)
{
    const char *at = start;

    at += at < end && *at == ' ';
    if (at == start && at < end && *at == 'Z')
        return at + 1;
    if (at == end || (*at != '+' && *at != '-') ||
        !is_time_digit(at + 1, end) || !is_time_digit(at + 2, end))
        return start;
    at += 3;
    if (is_time_digit(at, end) && is_time_digit(at + 1, end))
        return at + 2;
    if (at < end && *at == ':' && is_time_digit(at + 1, end) &&
        is_time_digit(at + 2, end))
        return at + 3;
    return at;
}

/* What looks like its minutes may be something else: "+03:10.0.0.1". */
static const char *skip_offset(const char *start, const char *end)
{
    const char *at = read_zone_offset(start, end);

    if (!is_word_end(at, end) && at - start > 3 && at[-3] == ':')
        at -= 3;
    return is_word_end(at, end) ? at : start;
}

/* AM or PM, with a blank before it or none; or nothing. */
static const char *skip_half(const char *start, const char *end)
{
    struct csi_time_scan scan = {start, end};
    bool afternoon;

    csi_scan_byte(&scan, ' ');
    return csi_scan_half(&scan, &afternoon) && is_word_end(scan.p, end) ? scan.p
                                                                        : start;
}

/* Or two to five capitals behind a blank that are no level. */
static const char *skip_zone(const char *start, const char *end)
{
    const char *at = skip_offset(start, end);

    if (at != start || at == end || *at != ' ')
        return at;
    for (at++; is_capital(at, end);)
        at++;
    return at - start > 2 && at - start <= 6 &&
                   !csi_is_level(start + 1, (size_t)(at - start - 1))
               ? at
               : start;
}

/* Or a word of letters and what else names of zones have in them. */
static const char *skip_zone_name(const char *start, const char *end)
{
    const char *at = start + 1;

    if (end - start < 2 || *start != ' ' || !is_capital(at, end))
        return start;
    while (at < end && ((unsigned)((*at | 0x20) - 'a') < 26 ||
                        is_time_digit(at, end) || (*at && strchr("/_+-", *at))))
        at++;
    return is_word_end(at, end) ? at : start;
}

/* Whether a word is one of those in a list, each between blanks. */
static bool is_listed(const char *list, const char *word, size_t length)
{
    for (; length && list[1]; list++)
        if (*list == ' ' && strncmp(list + 1, word, length) == 0 &&
            list[1 + length] == ' ')
            return true;
    return false;
}

bool csi_is_shared_zone(const char *word, size_t length)
{
    return is_listed(
        " ACDT ACST ADT AEDT AEST AKDT AKST AMT ART AST AWST BRT BST CAT CDT"
        " CEST CET CST EAT EDT EEST EET EST HDT HKT HST ICT IDT IST JST KST MDT"
        " MSD MSK MST NDT NST NZDT NZST PDT PHT PKT PST SAST SGT WAT WEST WET"
        " WIB ",
        word, length);
}

bool csi_is_zone(const char *word, size_t length)
{
    return csi_is_shared_zone(word, length) ||
           is_listed(" UT UTC GMT Z MEST MESZ MET MEZ ", word, length);
}

/* What one letter of looks stands for. */
static const char *skip_look(char look, const char *at, const char *end)
{
    const char *behind;

    switch (look) {
    case 'd':
        return is_time_digit(at, end) ? at + 1 : NULL;
    case 'D':
        return is_time_digit(at, end) || (at < end && *at == ' ') ? at + 1
                                                                  : NULL;
    case 'B':
        return at < end && (*at == 'T' || *at == ' ') ? at + 1 : NULL;
    case 's':
        behind = skip_time_digits(at, end);
        return behind == at ? NULL : behind;
    case 'M':
        return skip_name(at, end, csi_month_name, 12);
    case 'W':
        return skip_name(at, end, csi_weekday_name, 7);
    case 'F':
        return skip_fraction(at, end);
    case 'Z':
        return skip_offset(at, end);
    case 'L':
        return skip_zone(skip_half(at, end), end);
    case 'N':
        return skip_zone_name(at, end);
    case 'A':
        return skip_half(at, end);
    default:
        return at < end && *at == look ? at + 1 : NULL;
    }
}

const char *csi_line_time(const char *looks, const char *start, const char *end)
{
    const char *at = start;

    for (; *looks && *looks != '|'; looks++) {
        at = skip_look(*looks, at, end);
        if (at)
            continue;
        looks = strchr(looks, '|');
        if (!looks)
            return NULL;
        at = start;
    }
    return at;
}
