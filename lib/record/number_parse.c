/* SPDX-License-Identifier: MIT */
#include "record/number_parse.h"

#include "record/number_powers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef unsigned __int128 uint128;

enum {
    WORD_DIGITS = 19,      /* as many as fit a uint64_t, whatever they are */
    DECISIVE_DIGITS = 768, /* all that can matter to a double, but for whether
                              anything follows */
    EXPONENT_LIMIT = 9999, /* beyond it there is only infinity, or 0 */
    EXACT_POWER = CSI_EXACT_POWERS - 1
};

const double csi_exact_powers[CSI_EXACT_POWERS] = {
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
    const uint64_t full = csi_powers_of_ten[WORD_DIGITS - 1];

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
    const char *p = text, *end;
    size_t digits;
    int64_t exponent;

    memset(decimal, 0, sizeof(*decimal));
    if (length == 0)
        return false;
    end = text + length;
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
    *value = decimal->exponent < 0
                 ? digits / csi_exact_powers[-decimal->exponent]
                 : digits * csi_exact_powers[decimal->exponent];
    return true;
}

/* The double nearest to x * 2^exponent, which is neither subnormal nor too
   large, where x has 127 or 128 bits. */
static double round_wide(uint128 x, int exponent)
{
    int shift = x >> 127 ? 75 : 74;
    uint64_t significand = (uint64_t)(x >> (shift - 1)), bits;
    uint128 rest = x & (((uint128)1 << (shift - 1)) - 1);
    double value;

    significand = (significand >> 1) +
                  (significand & 1 & (rest != 0 || significand >> 1));
    bits = (uint64_t)(exponent + shift + 52 + 1023 - 1) << 52;
    bits += significand;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

/*
 * Multiply the digits by 128 bits of the power. The product is known to lie
 * between two bounds; nearly always both round to the same double. No power in
 * the table is so small that the product could be subnormal.
 */
static bool convert_widely(const struct csi_decimal *decimal, double *value)
{
    int shift = __builtin_clzll(decimal->digits), k, exponent;
    uint64_t digits = decimal->digits << shift;
    const struct csi_power *power;
    uint128 low, high;

    if (decimal->exponent < CSI_POWER_MIN || decimal->exponent > CSI_POWER_MAX)
        return false;
    k = (int)decimal->exponent;
    /* The bounds count units of 2^exponent. */
    exponent = csi_floor_log2_of_power_of_10(k) - 127 + 64 - shift;
    if (exponent > 1022 - 128)
        return false;
    power = &csi_powers[k - CSI_POWER_MIN];
    low = (uint128)digits * power->high +
          (((uint128)digits * power->low) >> 64) - 1;
    /* What does not fit adds less than 1 to the digits as they were. */
    high = low + 2 + (decimal->more ? (uint128)1 << (64 + shift) : 0);
    if (high < low)
        return false;
    *value = round_wide(low, exponent);
    return *value == round_wide(high, exponent);
}

/*
 * Have strtod read the number, written as digits and an exponent: without a
 * point there is nothing left in it that a locale could change. Digits beyond
 * the decisive ones are told by a last 1. Apart from its callers, whose stack
 * stays small.
 */
__attribute__((noinline)) static double
convert_slowly(const struct csi_decimal *decimal)
{
    char text[DECISIVE_DIGITS + 2 + COSEND_NUMBER_MAX];
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
    return strtod(text, NULL);
}

bool csi_decimal_double(const struct csi_decimal *decimal, double *value)
{
    double magnitude = 0;

    if (decimal->digits && !convert_exactly(decimal, &magnitude) &&
        !convert_widely(decimal, &magnitude))
        magnitude = convert_slowly(decimal);
    if (isinf(magnitude))
        return false;
    *value = decimal->negative ? -magnitude : magnitude;
    return true;
}

/* A number that is not short, or whose digits are more than a double has. Apart
   from its caller, which nearly always does without. */
__attribute__((noinline)) static bool
parse_any(const char *text, size_t length,
          const struct csi_short_decimal *number, double *value)
{
    struct csi_decimal decimal = {0};

    if (number) {
        decimal.digits = number->digits;
        decimal.exponent = -(int64_t)number->decimals;
        decimal.negative = number->negative;
        decimal.significand = text + number->negative;
        decimal.significand_end = text + length;
    } else if (!csi_decimal_scan(text, length, &decimal)) {
        return false;
    }
    return csi_decimal_double(&decimal, value);
}

bool cosend_parse_double(const char *text, size_t length, double *value)
{
    struct csi_short_decimal number;
    double magnitude;

    /* An absent cell's text is nowhere. */
    if (!length)
        return false;
    if (!csi_short_decimal_scan(text, length, &number))
        return parse_any(text, length, NULL, value);
    if (number.digits >> 53)
        return parse_any(text, length, &number, value);
    /* As convert_exactly. */
    magnitude = (double)number.digits;
    if (number.decimals)
        magnitude /= csi_exact_powers[number.decimals];
    *value = number.negative ? -magnitude : magnitude;
    return true;
}
