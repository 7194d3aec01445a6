/* SPDX-License-Identifier: MIT */
#include "record/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORD_DIGITS = 19,      /* as many as fit a uint64_t, whatever they are */
    DECISIVE_DIGITS = 768, /* all that can matter to a double, but for whether
                              anything follows */
    EXPONENT_LIMIT = 9999, /* beyond it there is only infinity, or 0 */
    EXACT_POWER = 22
};

/* Every one of these is a double. */
static const double powers_of_ten[EXACT_POWER + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The digits from p on; those that do not fit raise the exponent. */
static const char *scan_digits(const char *p, const char *end,
                               struct csi_decimal *decimal)
{
    static const uint64_t full = UINT64_C(1000000000000000000);

    for (; p < end && is_digit(*p); p++) {
        unsigned digit = (unsigned)(*p - '0');

        if (decimal->digits < full) {
            decimal->digits = decimal->digits * 10 + digit;
        } else {
            decimal->more |= digit != 0;
            decimal->exponent++;
        }
    }
    return p;
}

static bool has_nonzero(const char *p, const char *end)
{
    while (p < end && *p == '0')
        p++;
    return p < end;
}

/* The text behind an e. No exponent of such a size is reached by a number
   that fits in memory, so where it saturates does not matter. */
static bool scan_exponent(const char *p, const char *end, int64_t *exponent)
{
    static const int64_t limit = INT64_MAX / 4;
    bool negative = p < end && *p == '-';
    int64_t value = 0;

    if (p < end && (*p == '-' || *p == '+'))
        p++;
    if (p == end)
        return false;
    for (; p < end; p++) {
        if (!is_digit(*p))
            return false;
        if (value < limit / 10 - 1)
            value = value * 10 + (*p - '0');
    }
    *exponent = negative ? -value : value;
    return true;
}

bool csi_decimal_scan(const char *text, size_t length,
                      struct csi_decimal *decimal)
{
    const char *p = text, *end = text + length;
    size_t digits;
    int64_t exponent;

    memset(decimal, 0, sizeof(*decimal));
    if (length == 0)
        return false;
    decimal->negative = *p == '-';
    if (*p == '-' || *p == '+')
        p++;
    decimal->significand = p;
    p = scan_digits(p, end, decimal);
    digits = (size_t)(p - decimal->significand);
    if (p < end && *p == '.') {
        const char *point = p++;

        p = scan_digits(p, end, decimal);
        decimal->exponent -= p - point - 1;
        decimal->fractional = has_nonzero(point + 1, p);
        digits += (size_t)(p - point - 1);
    }
    decimal->significand_end = p;
    if (digits == 0)
        return false;
    if (p == end)
        return true;
    if (*p != 'e' && *p != 'E')
        return false;
    if (!scan_exponent(p + 1, end, &exponent))
        return false;
    decimal->scientific = true;
    decimal->exponent += exponent;
    return true;
}

/* Both factors are doubles, so that the one operation rounds once: William
   Clinger, "How to Read Floating Point Numbers Accurately" (1990). */
static bool convert_exactly(const struct csi_decimal *decimal, double *value)
{
    double digits = (double)decimal->digits;

    if (decimal->more || decimal->digits >> 53 ||
        decimal->exponent < -EXACT_POWER || decimal->exponent > EXACT_POWER)
        return false;
    *value = decimal->exponent < 0 ? digits / powers_of_ten[-decimal->exponent]
                                   : digits * powers_of_ten[decimal->exponent];
    return true;
}

/*
 * Write a number for strtod as digits and an exponent: without a point there
 * is nothing left in it that a locale could change. Digits beyond the decisive
 * ones are told by a last 1.
 */
static void write_without_point(const struct csi_decimal *decimal, char *text)
{
    const char *p = decimal->significand;
    int64_t exponent = decimal->exponent;
    size_t count = 0;
    bool more = false;

    while (p < decimal->significand_end && (*p == '0' || *p == '.'))
        p++;
    for (; p < decimal->significand_end; p++) {
        if (*p == '.')
            continue;
        if (count < DECISIVE_DIGITS)
            text[count++] = *p;
        else
            more |= *p != '0';
    }
    /* The exponent is that of the first 19 digits. */
    if (count > WORD_DIGITS)
        exponent -= (int64_t)(count - WORD_DIGITS);
    if (more) {
        text[count++] = '1';
        exponent--;
    }
    text[count++] = 'e';
    if (exponent > EXPONENT_LIMIT)
        exponent = EXPONENT_LIMIT;
    if (exponent < -EXPONENT_LIMIT)
        exponent = -EXPONENT_LIMIT;
    cosend_format_integer(exponent, text + count);
}

bool csi_decimal_double(const struct csi_decimal *decimal, double *value)
{
    char text[DECISIVE_DIGITS + 2 + COSEND_NUMBER_MAX];
    double magnitude;

    if (decimal->digits == 0) {
        magnitude = 0;
    } else if (!convert_exactly(decimal, &magnitude)) {
        write_without_point(decimal, text);
        magnitude = strtod(text, NULL);
        if (isinf(magnitude))
            return false;
    }
    *value = decimal->negative ? -magnitude : magnitude;
    return true;
}

bool cosend_parse_double(const char *text, size_t length, double *value)
{
    struct csi_decimal decimal;

    return csi_decimal_scan(text, length, &decimal) &&
           csi_decimal_double(&decimal, value);
}
