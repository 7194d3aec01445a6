/* SPDX-License-Identifier: MIT */
/*
 * Numbers are compared as the decimals that they are written as, never as the
 * doubles nearest to them: 9007199254740993 is not 9007199254740992, and
 * 0.1 is not 0.10000000000000001.
 *
 * Nearly all are short, and compared by csi_number_compare in its header
 * with one multiplication. For the others three things decide, the first of
 * them that differs: the sign; the power of ten of the first digit that is not
 * 0; the digits from there on, the first 19 as one integer, the rest, where
 * both numbers have any, one by one.
 *
 * Its limit: exponents of 18 digits and more count as equal. They stand in
 * numbers that are too large for data, or closer to 0 than anything else is.
 */
#include "record/number_compare.h"

#include <math.h>

enum { WORD_DIGITS = 19 };

static unsigned digit_count(uint64_t digits)
{
    unsigned count = 0;

    while (count < WORD_DIGITS && digits >= csi_powers_of_ten[count])
        count++;
    return count;
}

/* ---- What a number is ---------------------------------------------------- */

/* Whether a double can hold it: greater ones are text. */
static bool scan_decimal(const char *text, size_t length,
                         struct csi_decimal *decimal)
{
    double unused;

    if (!csi_decimal_scan(text, length, decimal))
        return false;
    return decimal->exponent < 308 - WORD_DIGITS ||
           csi_decimal_double(decimal, &unused);
}

/* The same number as a short one, if there is: 1.50 and 15e-1 are 15 / 10. */
static bool shorten_decimal(const struct csi_decimal *decimal,
                            struct csi_short_decimal *simple)
{
    uint64_t digits = decimal->digits;
    int64_t exponent = digits ? decimal->exponent : 0;

    if (decimal->more)
        return false;
    for (; exponent < 0 && digits % 10 == 0; exponent++)
        digits /= 10;
    if (exponent < -WORD_DIGITS ||
        exponent > WORD_DIGITS - (int64_t)digit_count(digits))
        return false;
    simple->negative = decimal->negative;
    simple->decimals = exponent < 0 ? (unsigned)-exponent : 0;
    simple->digits =
        exponent > 0 ? digits * csi_powers_of_ten[exponent] : digits;
    return true;
}

bool csi_number_init(struct csi_number *number, const char *text, size_t length)
{
    if (!csi_decimal_scan(text, length, &number->full) ||
        !csi_decimal_double(&number->full, &number->nearest))
        return false;
    number->is_short = shorten_decimal(&number->full, &number->simple);
    return true;
}

/* ---- Order --------------------------------------------------------------- */

static int order_of(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* The digits of a number behind its first 19, one by one; then 0 for ever. */
struct rest {
    const char *p, *end;
};

static int next_digit(struct rest *rest)
{
    if (rest->p < rest->end && *rest->p == '.')
        rest->p++;
    return rest->p < rest->end ? *rest->p++ - '0' : 0;
}

static struct rest rest_of(const struct csi_decimal *decimal)
{
    struct rest rest = {decimal->significand, decimal->significand_end};

    while (rest.p < rest.end && (*rest.p == '0' || *rest.p == '.'))
        rest.p++;
    for (int i = 0; i < WORD_DIGITS; i++)
        next_digit(&rest);
    return rest;
}

static int compare_rests(const struct csi_decimal *a,
                         const struct csi_decimal *b)
{
    struct rest left = rest_of(a), right = rest_of(b);
    int order = 0;

    while (order == 0 && (left.p < left.end || right.p < right.end))
        order = next_digit(&left) - next_digit(&right);
    return order;
}

/* Neither is 0. Signs are not looked at. */
static int compare_magnitudes(const struct csi_decimal *a,
                              const struct csi_decimal *b)
{
    unsigned left = digit_count(a->digits), right = digit_count(b->digits);
    uint64_t left_digits, right_digits;

    if (a->exponent + left != b->exponent + right)
        return order_of(a->exponent + left, b->exponent + right);
    left_digits = a->digits * csi_powers_of_ten[WORD_DIGITS - left];
    right_digits = b->digits * csi_powers_of_ten[WORD_DIGITS - right];
    if (left_digits != right_digits)
        return left_digits > right_digits ? 1 : -1;
    if (a->more && b->more)
        return compare_rests(a, b);
    return a->more - b->more;
}

static int sign_of(const struct csi_decimal *decimal)
{
    if (!decimal->digits)
        return 0;
    return decimal->negative ? -1 : 1;
}

bool csi_number_compare_full(const char *text, size_t length,
                             const struct csi_number *with, int *order)
{
    struct csi_decimal number;
    int sign;

    if (!scan_decimal(text, length, &number))
        return false;
    sign = sign_of(&number);
    *order = order_of(sign, sign_of(&with->full));
    if (sign && !*order)
        *order = sign * compare_magnitudes(&number, &with->full);
    return true;
}

/*
 * A double's text is nearer to it than to any other, and so is the number to
 * its own double, half-way points being of one of the two: where the doubles
 * differ, the texts do, in the same way.
 */
int csi_number_compare_double(double value, const struct csi_number *with)
{
    char digits[COSEND_NUMBER_MAX];
    int order = 0;

    if (!isfinite(value))
        return 0;
    if (value != with->nearest)
        return value < with->nearest ? -1 : 1;
    csi_number_compare(digits, cosend_format_double(value, digits), with,
                       &order);
    return order;
}
