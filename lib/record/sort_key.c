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
    CLASS_NESTED,
    CLASS_BEHIND = 7 /* blanks that come last, whatever the direction */
};

enum {
    CLASS_SHIFT = 61,
    LOST_BITS = 4,
    FIRST_BYTES = CSI_SORT_PREFIX_BYTES,
    LENGTH_BITS = 4
};

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

static unsigned char fold(unsigned char c, bool folds)
{
    return folds && c >= 'A' && c <= 'Z' ? (unsigned char)(c | 0x20) : c;
}

/* Bytes, then how many: what is cut short comes behind what is all there. */
static uint64_t text_prefix(const char *text, uint32_t whole, bool folds)
{
    unsigned length = whole > FIRST_BYTES ? FIRST_BYTES : whole;
    uint64_t prefix = 0;

    for (unsigned i = 0; i < length; i++)
        prefix |= (uint64_t)fold((unsigned char)text[i], folds) << 8 * (6 - i);
    prefix =
        prefix << LENGTH_BITS | (whole > FIRST_BYTES ? FIRST_BYTES + 1 : whole);
    return prefix << 1 | (whole <= FIRST_BYTES);
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
        return prefix_of(CLASS_TEXT,
                         text_prefix(value.as.text, value.length, false));
    case COSEND_TYPE_NESTED:
        return prefix_of(CLASS_NESTED,
                         text_prefix(value.as.text, value.length, false));
    default:
        return prefix_of(CLASS_NUMBER, number_prefix(&value));
    }
}

int csi_sort_compare(struct cosend_cell a, struct cosend_cell b)
{
    struct cosend_value left = cosend_value_of(a), right = cosend_value_of(b);

    return cosend_compare(&left, &right);
}

/* ---- Collations ---------------------------------------------------------- */

/* cosend/value.h's, without what is said of blanks. */
enum { WAYS = COSEND_COLLATE_TEXT | COSEND_COLLATE_NATURAL };

static bool is_set_apart(struct cosend_cell cell, unsigned collation)
{
    return cosend_is_blank(cell) &&
           collation & (COSEND_BLANKS_FIRST | COSEND_BLANKS_LAST);
}

static bool is_by_text(struct cosend_cell cell, unsigned collation)
{
    return collation & (WAYS | COSEND_COLLATE_FOLD) && cell.kind > COSEND_NULL;
}

uint64_t csi_collate_prefix(struct cosend_cell cell, unsigned collation,
                            bool descending)
{
    bool folds = collation & COSEND_COLLATE_FOLD;
    uint64_t prefix;

    if (is_set_apart(cell, collation))
        return prefix_of(collation & COSEND_BLANKS_FIRST ? CLASS_ABSENT
                                                         : CLASS_BEHIND,
                         (uint64_t)cell.kind << 1 | 1);
    if (!is_by_text(cell, collation))
        prefix = csi_sort_prefix(cell);
    else if (collation & COSEND_COLLATE_NATURAL)
        prefix = prefix_of(CLASS_TEXT, 0); /* decides nothing */
    else
        prefix =
            prefix_of(CLASS_TEXT, text_prefix(cell.data, cell.length, folds));
    return descending ? csi_sort_prefix_down(prefix) : prefix;
}

bool csi_collate_goes_on(uint64_t prefix, unsigned collation, bool descending)
{
    uint64_t up = descending ? csi_sort_prefix_down(prefix) : prefix;
    enum class class = (enum class)(up >> CLASS_SHIFT);

    return !csi_sort_prefix_is_all(prefix) &&
           (class == CLASS_TEXT || class == CLASS_NESTED) &&
           !(collation & COSEND_COLLATE_NATURAL);
}

uint64_t csi_collate_prefix_behind(struct cosend_cell cell, uint32_t skip,
                                   unsigned collation, bool descending)
{
    uint64_t prefix =
        prefix_of(CLASS_TEXT, text_prefix(cell.data + skip, cell.length - skip,
                                          collation & COSEND_COLLATE_FOLD));

    return descending ? csi_sort_prefix_down(prefix) : prefix;
}

static int compare_texts(struct cosend_cell a, struct cosend_cell b, bool folds)
{
    uint32_t length = a.length < b.length ? a.length : b.length;
    uint32_t i = 0;
    int way = 0;

    if (!folds && length)
        way = memcmp(a.data, b.data, length);
    for (; folds && !way && i < length; i++)
        way = fold((unsigned char)a.data[i], true) -
              fold((unsigned char)b.data[i], true);
    return way ? way : (a.length > b.length) - (a.length < b.length);
}

static bool is_key_digit(struct cosend_cell cell, uint32_t at)
{
    return at < cell.length && cell.data[at] >= '0' && cell.data[at] <= '9';
}

/* Digits without zeros in front: from *at on, which moves behind them. */
static struct cosend_cell take_digits(struct cosend_cell cell, uint32_t *at)
{
    uint32_t from;

    while (is_key_digit(cell, *at) && cell.data[*at] == '0')
        ++*at;
    for (from = *at; is_key_digit(cell, *at);)
        ++*at;
    return cosend_text(cell.data + from, *at - from);
}

/* Runs of digits by size, all else by its bytes; what is the same then, as 007
   and 7, by all bytes. */
static int compare_naturally(struct cosend_cell a, struct cosend_cell b,
                             bool folds)
{
    uint32_t i = 0, j = 0;
    int way = 0;

    while (!way && i < a.length && j < b.length) {
        if (is_key_digit(a, i) && is_key_digit(b, j)) {
            struct cosend_cell left = take_digits(a, &i);
            struct cosend_cell right = take_digits(b, &j);

            way = (left.length > right.length) - (left.length < right.length);
            way = way ? way : compare_texts(left, right, false);
        } else {
            way = fold((unsigned char)a.data[i++], folds) -
                  fold((unsigned char)b.data[j++], folds);
        }
    }
    if (!way)
        way = (i < a.length) - (j < b.length);
    return way ? way : compare_texts(a, b, folds);
}

int csi_collate(struct cosend_cell a, struct cosend_cell b, unsigned collation,
                bool descending)
{
    bool folds = collation & COSEND_COLLATE_FOLD;
    bool apart = is_set_apart(a, collation);
    int way;

    if (apart && is_set_apart(b, collation))
        return (a.kind > b.kind) - (a.kind < b.kind);
    if (apart || is_set_apart(b, collation))
        return apart == !!(collation & COSEND_BLANKS_FIRST) ? -1 : 1;
    if (!is_by_text(a, collation) || !is_by_text(b, collation))
        way = csi_sort_compare(a, b);
    else if (collation & COSEND_COLLATE_NATURAL)
        way = compare_naturally(a, b, folds);
    else
        way = compare_texts(a, b, folds);
    return descending ? -way : way;
}
