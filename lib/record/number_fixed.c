/* SPDX-License-Identifier: MIT */
#include "record/number_fixed.h"

#include "record/number_parse.h"

#include <string.h>

/* A number's digits, of which `whole` are in front of the point: fewer than
   none, or more than there are, where an exponent says so. */
struct digits {
    const char *text; /* with the point in it, */
    size_t point;     /* which is here, or behind the last digit */
    int64_t count, whole;
};

static char digit_at(const struct digits *digits, int64_t i)
{
    if (i < 0 || i >= digits->count)
        return '0';
    return digits->text[(size_t)i < digits->point ? i : i + 1];
}

/* What is written behind the e. The number is a double, so it is small, or the
   digits are all 0. */
static int64_t exponent_of(const char *p, const char *end)
{
    bool negative = *p == '-';
    int64_t exponent = 0;

    for (p += *p == '-' || *p == '+'; p < end && exponent < 1000000; p++)
        exponent = exponent * 10 + (*p - '0');
    return negative ? -exponent : exponent;
}

static struct digits digits_of(const struct csi_decimal *decimal,
                               const char *end)
{
    size_t length = (size_t)(decimal->significand_end - decimal->significand);
    const char *point = memchr(decimal->significand, '.', length);
    struct digits digits = {
        .text = decimal->significand,
        .point = point ? (size_t)(point - decimal->significand) : length,
        .count = (int64_t)(length - (point != NULL))};

    digits.whole = (int64_t)digits.point;
    if (decimal->scientific)
        digits.whole += exponent_of(decimal->significand_end + 1, end);
    return digits;
}

static bool is_zero(const char *p, const char *end)
{
    while (p < end && (*p == '0' || *p == '.'))
        p++;
    return p == end;
}

/* Add one to the last of digits and points. False where it would be one digit
   more. */
static bool add_one(char *start, char *end)
{
    while (end-- > start) {
        if (*end == '.')
            continue;
        if (*end != '9') {
            ++*end;
            return true;
        }
        *end = '0';
    }
    return false;
}

size_t csi_number_fixed(const char *text, size_t length, unsigned decimals,
                        char *out)
{
    struct csi_decimal decimal;
    struct digits digits;
    char *first, *to = out;
    int64_t i = 0;
    double value;

    if (!csi_decimal_scan(text, length, &decimal) ||
        !csi_decimal_double(&decimal, &value))
        return 0;
    digits = digits_of(&decimal, text + length);
    *to++ = '-';
    first = to;
    /* Of those in front of the point one is written at least. */
    while (i + 1 < digits.whole && digit_at(&digits, i) == '0')
        i++;
    if (digits.whole <= 0)
        *to++ = '0';
    for (; i < digits.whole; i++)
        *to++ = digit_at(&digits, i);
    if (decimals)
        *to++ = '.';
    for (i = digits.whole; i < digits.whole + (int64_t)decimals; i++)
        *to++ = digit_at(&digits, i);
    if (digit_at(&digits, i) >= '5' && !add_one(first, to)) {
        memmove(first + 1, first, (size_t)(to - first));
        *first = '1';
        to++;
    }
    if (decimal.negative && !is_zero(first, to))
        return (size_t)(to - out);
    memmove(out, first, (size_t)(to - first));
    return (size_t)(to - first);
}
