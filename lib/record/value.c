/* SPDX-License-Identifier: MIT */
/*
 * Which numbers are which: see cosend/value.h.
 *
 * A number of at most 15 digits is told from all others by the double nearest
 * to it, unless it is too close to 0 for a double's full precision, and is
 * printed as those digits again. Nearly all numbers are such, or are integers;
 * the first lines of cosend_value_of treat them. A number of more digits that
 * is what its double is printed as, as most that another program computed are,
 * is a double too.
 *
 * From 2^53 on a double stands for itself, and not for what it is printed as.
 * So a number up there is a double only where it is both: 15 digits, and so
 * few zeros behind them that the product with the power of five has 53 bits.
 */
#include "cosend/value.h"

#include "record/number_format.h"
#include "record/number_parse.h"

enum {
    SAFE_DIGITS = 15,
    SAFE_EXPONENT = -290, /* nothing subnormal is at or above 10^this */
    LONG_DIGITS = 19      /* more than any number's of 63 bits */
};

static const uint64_t safe = UINT64_C(1000000000000000); /* 10^SAFE_DIGITS */

/* ---- Numbers ------------------------------------------------------------- */

static struct cosend_value integer_value(bool negative, uint64_t magnitude)
{
    struct cosend_value value = {.type = COSEND_TYPE_INT};

    value.as.integer = (int64_t)(negative ? 0 - magnitude : magnitude);
    return value;
}

static struct cosend_value text_value(struct cosend_cell cell,
                                      enum cosend_type type)
{
    struct cosend_value value = {.type = type};

    value.length = cell.length;
    value.as.text = cell.data;
    return value;
}

/* digits * 10^exponent as an integer of 64 bits, if it is one. */
static bool is_integer(const struct csi_decimal *decimal, uint64_t digits,
                       int64_t exponent, uint64_t *magnitude)
{
    uint64_t limit = (uint64_t)INT64_MAX + decimal->negative;

    *magnitude = digits;
    if (digits == 0)
        return true;
    if (exponent < 0 || exponent >= LONG_DIGITS ||
        digits > limit / csi_powers_of_ten[exponent])
        return false;
    *magnitude = digits * csi_powers_of_ten[exponent];
    return true;
}

/* Whether digits * 10^exponent, which end in no 0, is what the double nearest
   to it stands for. */
static bool is_double(uint64_t digits, int64_t exponent, double number)
{
    double magnitude = number < 0 ? -number : number;
    uint64_t shortest;
    int power;

    if (magnitude >= 0x1p53) {
        if (digits >= safe || exponent < 0)
            return false;
        for (; exponent > 0 && digits < UINT64_C(1) << 53; exponent--)
            digits *= 5;
        return digits < UINT64_C(1) << 53;
    }
    if (digits < safe && exponent >= SAFE_EXPONENT)
        return true;
    if (magnitude <= 0)
        return false;
    csi_shortest_decimal(number, &shortest, &power);
    return shortest == digits && power == exponent;
}

/* Any text. Apart from its caller, which nearly always does without. */
__attribute__((noinline)) static struct cosend_value
any_value(struct cosend_cell cell)
{
    struct cosend_value value = {.type = COSEND_TYPE_DOUBLE};
    struct csi_decimal decimal;
    uint64_t digits, magnitude;
    int64_t exponent;

    if (!csi_decimal_scan(cell.data, cell.length, &decimal) ||
        !csi_decimal_double(&decimal, &value.as.number))
        return text_value(cell, COSEND_TYPE_TEXT);
    if (decimal.more)
        return text_value(cell, COSEND_TYPE_DECIMAL);
    digits = decimal.digits;
    exponent = decimal.exponent;
    for (; digits && digits % 10 == 0; exponent++)
        digits /= 10;
    if (is_integer(&decimal, digits, exponent, &magnitude))
        return integer_value(decimal.negative, magnitude);
    if (is_double(digits, exponent, value.as.number))
        return value;
    return text_value(cell, COSEND_TYPE_DECIMAL);
}

static struct cosend_value number_value(struct cosend_cell cell)
{
    struct cosend_value value = {.type = COSEND_TYPE_DOUBLE};
    struct csi_short_decimal decimal;

    if (!csi_short_decimal_scan(cell.data, cell.length, &decimal) ||
        decimal.digits >= (decimal.decimals ? safe : (uint64_t)INT64_MAX))
        return any_value(cell);
    if (!decimal.decimals)
        return integer_value(decimal.negative, decimal.digits);
    value.as.number = (double)decimal.digits;
    value.as.number /= csi_exact_powers[decimal.decimals];
    if (value.as.number == (double)(int64_t)value.as.number)
        return integer_value(decimal.negative, (uint64_t)value.as.number);
    if (decimal.negative)
        value.as.number = -value.as.number;
    return value;
}

/* ---- Cells --------------------------------------------------------------- */

struct cosend_value cosend_value_of(struct cosend_cell cell)
{
    struct cosend_value value = {.type = COSEND_TYPE_ABSENT};

    switch (cell.kind) {
    case COSEND_TEXT:
    case COSEND_NUMBER:
        return number_value(cell);
    case COSEND_NESTED:
        return text_value(cell, COSEND_TYPE_NESTED);
    case COSEND_BOOL:
        value.type = COSEND_TYPE_BOOL;
        value.as.truth = cell.length && *cell.data == 't';
        break;
    case COSEND_NULL:
        value.type = COSEND_TYPE_NULL;
        break;
    case COSEND_ABSENT:
        break;
    }
    return value;
}

bool cosend_value_double(const struct cosend_value *value, double *number)
{
    switch (value->type) {
    case COSEND_TYPE_INT:
        *number = (double)value->as.integer;
        return true;
    case COSEND_TYPE_DOUBLE:
        *number = value->as.number;
        return true;
    case COSEND_TYPE_DECIMAL:
        return cosend_parse_double(value->as.text, value->length, number);
    default:
        return false;
    }
}
