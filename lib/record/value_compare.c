/* SPDX-License-Identifier: MIT */
/*
 * The order of values. Two integers, or two doubles, are compared as they are,
 * an integer with a double by the double's whole part. Where a decimal is one
 * of the two, both are compared by their digits, of which a double below 2^53
 * has those that it is printed with, and any other number all.
 *
 * That the order has no circles follows from there being a real number for each
 * of them, by whose size they are ordered: what a double is printed as is
 * nearer to it than to any other double, so that doubles and these decimals are
 * in the same order; and no such decimal is an integer unless the double is.
 */
#include "cosend/value.h"

#include "cosend/number.h"
#include "record/number_compare.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static int order_of(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* ---- Numbers ------------------------------------------------------------- */

/* NaN is behind all others, and like itself. */
static int compare_doubles(double a, double b)
{
    if (isnan(a) || isnan(b))
        return (isnan(a) != 0) - (isnan(b) != 0);
    return (a > b) - (a < b);
}

static int compare_int_with_double(int64_t integer, double number)
{
    int64_t whole;

    if (!(number < 0x1p63)) /* or it is NaN */
        return -1;
    if (number < -0x1p63)
        return 1;
    whole = (int64_t)number;
    if (integer != whole)
        return order_of(integer, whole);
    return compare_doubles((double)whole, number);
}

/* All the digits of the greatest double, a sign and a NUL. */
enum { DIGITS_MAX = 312 };

/* A finite number's digits, in buffer or where they are. */
static const char *number_text(const struct cosend_value *value,
                               char buffer[DIGITS_MAX], size_t *length)
{
    if (value->type == COSEND_TYPE_DECIMAL) {
        *length = value->length;
        return value->as.text;
    }
    if (value->type == COSEND_TYPE_INT)
        *length = cosend_format_integer(value->as.integer, buffer);
    else if (fabs(value->as.number) < 0x1p53)
        *length = cosend_format_double(value->as.number, buffer);
    else
        *length =
            (size_t)snprintf(buffer, DIGITS_MAX, "%.0f", value->as.number);
    return buffer;
}

static int compare_digits(const struct cosend_value *a,
                          const struct cosend_value *b)
{
    char left_buffer[DIGITS_MAX], right_buffer[DIGITS_MAX];
    size_t left_length, right_length;
    const char *left = number_text(a, left_buffer, &left_length);
    const char *right = number_text(b, right_buffer, &right_length);
    struct csi_number with;
    int order = 0;

    if (csi_number_init(&with, right, right_length))
        csi_number_compare(left, left_length, &with, &order);
    return order;
}

/* 0 unless it is computed: -1 and 1 for infinities, 2 for NaN. */
static int beyond(const struct cosend_value *value)
{
    if (value->type != COSEND_TYPE_DOUBLE || isfinite(value->as.number))
        return 0;
    return isnan(value->as.number) ? 2 : value->as.number > 0 ? 1 : -1;
}

static int compare_numbers(const struct cosend_value *a,
                           const struct cosend_value *b)
{
    if (a->type == COSEND_TYPE_INT && b->type == COSEND_TYPE_INT)
        return order_of(a->as.integer, b->as.integer);
    if (a->type == COSEND_TYPE_DOUBLE && b->type == COSEND_TYPE_DOUBLE)
        return compare_doubles(a->as.number, b->as.number);
    if (beyond(a) || beyond(b))
        return beyond(a) - beyond(b);
    if (a->type == COSEND_TYPE_DECIMAL || b->type == COSEND_TYPE_DECIMAL)
        return compare_digits(a, b);
    return a->type == COSEND_TYPE_INT
               ? compare_int_with_double(a->as.integer, b->as.number)
               : -compare_int_with_double(b->as.integer, a->as.number);
}

/* ---- Values -------------------------------------------------------------- */

static int compare_texts(const struct cosend_value *a,
                         const struct cosend_value *b)
{
    uint32_t left = a->length, right = b->length;
    uint32_t both = left < right ? left : right;
    int order = both ? memcmp(a->as.text, b->as.text, both) : 0;

    return order ? order : order_of(left, right);
}

int cosend_compare(const struct cosend_value *a, const struct cosend_value *b)
{
    if (cosend_is_number(a) && cosend_is_number(b))
        return compare_numbers(a, b);
    if (a->type != b->type)
        return order_of(a->type, b->type);
    switch (a->type) {
    case COSEND_TYPE_BOOL:
        return a->as.truth - b->as.truth;
    case COSEND_TYPE_TIME:
        return order_of(a->as.integer, b->as.integer);
    case COSEND_TYPE_TEXT:
    case COSEND_TYPE_NESTED:
    case COSEND_TYPE_BAD:
        return compare_texts(a, b);
    default:
        return 0;
    }
}
