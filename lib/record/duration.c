/* SPDX-License-Identifier: MIT */
/* Durations, as people write them. */
#include "cosend/time.h"

#include "cosend/number.h"

#include <string.h>

/* The greatest first. */
static const struct {
    char name[3];
    int64_t nanoseconds;
} units[] = {{"w", INT64_C(604800000000000)},
             {"d", INT64_C(86400000000000)},
             {"h", INT64_C(3600000000000)},
             {"m", INT64_C(60000000000)},
             {"s", INT64_C(1000000000)},
             {"ms", 1000000},
             {"us", 1000},
             {"ns", 1}};

enum { UNITS = sizeof(units) / sizeof(units[0]) };

static bool is_digit(const char *p, const char *end)
{
    return p < end && *p >= '0' && *p <= '9';
}

/* A unit at p that is smaller than number `last`: its number, or UNITS. */
static int find_unit(const char *p, const char *end, int last)
{
    const char *behind = p;
    size_t length;

    while (behind < end && *behind >= 'a' && *behind <= 'z')
        behind++;
    length = (size_t)(behind - p);
    for (int i = last + 1; i < UNITS; i++)
        if (length == strlen(units[i].name) &&
            memcmp(units[i].name, p, length) == 0)
            return i;
    return UNITS;
}

/* Take digits behind a point, which are parts of a unit, from the total. False
   where they are no whole nanoseconds. */
static bool add_fraction(const char *p, const char *end, int64_t unit,
                         int64_t *total)
{
    for (; p < end; p++) {
        if (*p == '0' && unit % 10)
            continue;
        if (unit % 10 ||
            __builtin_sub_overflow(*total, unit / 10 * (*p - '0'), total))
            return false;
        unit /= 10;
    }
    return true;
}

/* A number and its unit, from *p on, taken from the total, which is negative:
   so it can be the least there is. */
static bool add_part(const char **p, const char *end, int *last, int64_t *total)
{
    const char *start = *p, *point, *behind;
    int64_t whole = 0;
    int unit;

    while (is_digit(*p, end))
        if (__builtin_mul_overflow(whole, 10, &whole) ||
            __builtin_add_overflow(whole, *(*p)++ - '0', &whole))
            return false;
    point = *p;
    if (point == start)
        return false;
    if (*p < end && **p == '.') {
        while (is_digit(++*p, end))
            ;
        if (*p == point + 1)
            return false;
    }
    behind = *p;
    unit = find_unit(*p, end, *last);
    if (unit == UNITS ||
        __builtin_mul_overflow(whole, units[unit].nanoseconds, &whole) ||
        __builtin_sub_overflow(*total, whole, total))
        return false;
    *last = unit;
    *p += strlen(units[unit].name);
    return point == behind ||
           add_fraction(point + 1, behind, units[unit].nanoseconds, total);
}

bool cosend_parse_duration(const char *text, size_t length,
                           int64_t *nanoseconds)
{
    const char *p = length ? text : "", *end = p + length;
    bool negative = p < end && *p == '-';
    int64_t total = 0;
    int last = -1;

    p += negative || (p < end && *p == '+');
    if (p < end && *p == '0' && p + 1 == end) {
        *nanoseconds = 0;
        return true;
    }
    do {
        if (!add_part(&p, end, &last, &total))
            return false;
    } while (p < end);
    if (!negative && total == INT64_MIN)
        return false;
    *nanoseconds = negative ? total : -total;
    return true;
}

static char *put_text(char *out, const char *text, size_t length)
{
    memcpy(out, text, length);
    return out + length;
}

static char *put_whole(char *out, uint64_t number)
{
    char digits[COSEND_NUMBER_MAX];
    size_t length = cosend_format_unsigned(number, digits);

    return put_text(out, digits, length);
}

/* What is less than a minute: 1.5s, 250ms, 20us, 7ns. */
static char *put_rest(char *out, uint64_t rest)
{
    int unit = rest >= 1000000000 ? 4
               : rest >= 1000000  ? 5
               : rest >= 1000     ? 6
                                  : 7;
    uint64_t size = (uint64_t)units[unit].nanoseconds;
    uint64_t fraction = rest % size;

    out = put_whole(out, rest / size);
    if (fraction) {
        *out++ = '.';
        for (; fraction; fraction = fraction % size) {
            size /= 10;
            *out++ = (char)('0' + fraction / size);
        }
    }
    return put_text(out, units[unit].name, strlen(units[unit].name));
}

size_t cosend_format_duration(int64_t nanoseconds,
                              char buffer[COSEND_DURATION_MAX])
{
    uint64_t rest =
        nanoseconds < 0 ? 0 - (uint64_t)nanoseconds : (uint64_t)nanoseconds;
    char *out = buffer;

    if (nanoseconds < 0)
        *out++ = '-';
    for (int i = 1; i < 4; i++) { /* days, hours, minutes */
        uint64_t size = (uint64_t)units[i].nanoseconds, count = rest / size;

        rest %= size;
        if (!count)
            continue;
        out = put_whole(out, count);
        *out++ = units[i].name[0];
    }
    if (rest)
        out = put_rest(out, rest);
    else if (!nanoseconds)
        out = put_text(out, "0s", 2);
    *out = '\0';
    return (size_t)(out - buffer);
}
