/* SPDX-License-Identifier: MIT */
#include "record/sort_key.h"

#include "cosend/value.h"

#include <string.h>

/*
 *     63 .. 61   class
 *     60 .. 1    number: the upper bits of its double, ordered as integers are
 *     60 .. 5    text: its first seven bytes
 *      4 .. 1    text: its length, at most 8
 *           0    whether that is all of it
 */
enum class {
    CLASS_ABSENT,
    CLASS_NULL,
    CLASS_BOOL,
    CLASS_NUMBER,
    CLASS_TEXT,
    CLASS_NESTED
};

enum { CLASS_SHIFT = 61, LOST_BITS = 4, FIRST_BYTES = 7, LENGTH_BITS = 4 };

/* A double's bits in the order of doubles. -0 is 0. */
static uint64_t ordered_bits(double number)
{
    uint64_t bits, negative;

    number += 0.0;
    memcpy(&bits, &number, sizeof(bits));
    negative = 0 - (bits >> 63);
    return bits ^ (negative | UINT64_C(1) << 63);
}

/* Numbers are in the order of the doubles nearest to them, or share one. */
static uint64_t number_prefix(const struct cosend_value *value)
{
    const int64_t exact = INT64_C(1) << 53;
    double number = 0;
    uint64_t bits;
    bool all = value->type == COSEND_TYPE_DOUBLE ||
               (value->type == COSEND_TYPE_INT && value->as.integer >= -exact &&
                value->as.integer <= exact);

    cosend_value_double(value, &number);
    bits = ordered_bits(number);
    if (number < 0)
        all = all && !(~bits << (64 - LOST_BITS));
    else
        all = all && !(bits << (64 - LOST_BITS));
    return bits >> LOST_BITS << 1 | all;
}

/* Bytes, then how many: what is cut short comes behind what is all there. */
static uint64_t text_prefix(const struct cosend_value *value)
{
    unsigned length = value->length > FIRST_BYTES ? FIRST_BYTES : value->length;
    uint64_t prefix = 0;

    for (unsigned i = 0; i < length; i++)
        prefix |= (uint64_t)(unsigned char)value->as.text[i] << 8 * (6 - i);
    prefix = prefix << LENGTH_BITS |
             (value->length > FIRST_BYTES ? FIRST_BYTES + 1 : value->length);
    return prefix << 1 | (value->length <= FIRST_BYTES);
}

static uint64_t prefix_of(enum class class, uint64_t rest)
{
    return (uint64_t) class << CLASS_SHIFT | rest;
}

uint64_t csi_sort_prefix(struct cosend_cell cell)
{
    struct cosend_value value = cosend_value_of(cell);

    switch (value.type) {
    case COSEND_TYPE_ABSENT:
        return prefix_of(CLASS_ABSENT, 1);
    case COSEND_TYPE_NULL:
        return prefix_of(CLASS_NULL, 1);
    case COSEND_TYPE_BOOL:
        return prefix_of(CLASS_BOOL, (uint64_t)value.as.truth << 1 | 1);
    case COSEND_TYPE_TEXT:
        return prefix_of(CLASS_TEXT, text_prefix(&value));
    case COSEND_TYPE_NESTED:
        return prefix_of(CLASS_NESTED, text_prefix(&value));
    default:
        return prefix_of(CLASS_NUMBER, number_prefix(&value));
    }
}

int csi_sort_compare(struct cosend_cell a, struct cosend_cell b)
{
    struct cosend_value left = cosend_value_of(a), right = cosend_value_of(b);

    return cosend_compare(&left, &right);
}
