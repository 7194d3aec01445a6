/* SPDX-License-Identifier: MIT */
/* The order of two numbers, by their decimal digits. */
#ifndef CSI_RECORD_NUMBER_COMPARE_H
#define CSI_RECORD_NUMBER_COMPARE_H

#include "base/powers_of_ten.h"
#include "record/number_parse.h"

__extension__ typedef unsigned __int128 csi_wide_digits;

/*
 * A number that many others are compared with. `is_short` says that it is
 * digits / 10^decimals, with a sign, where neither has more than 19 places;
 * `full` is any number's, and points into the text that it was made of;
 * `nearest` is the double nearest to it.
 */
struct csi_number {
    struct csi_decimal full;
    struct csi_short_decimal simple;
    double nearest;
    bool is_short;
};

/*
 * Take a text for a number to compare with. The text must outlive it.
 *
 * Returns false where the text is none by the grammar of cosend/number.h.
 */
bool csi_number_init(struct csi_number *number, const char *text,
                     size_t length);

/* csi_number_compare for whatever is not short. */
bool csi_number_compare_full(const char *text, size_t length,
                             const struct csi_number *with, int *order);

/*
 * The order of a double, as what cosend_format_double makes of it, beside a
 * number: negative, 0 or positive; 0 where it is infinite or none.
 */
int csi_number_compare_double(double value, const struct csi_number *with);

/* Both are exact: 19 digits times 19 more fit in 128 bits. */
static inline int csi_short_decimal_compare(const struct csi_short_decimal *a,
                                            const struct csi_short_decimal *b)
{
    csi_wide_digits left = a->digits, right = b->digits;

    if (a->decimals == b->decimals && !a->negative && !b->negative)
        return (a->digits > b->digits) - (a->digits < b->digits);
    if (a->decimals < b->decimals)
        left *= csi_powers_of_ten[b->decimals - a->decimals];
    else if (a->decimals > b->decimals)
        right *= csi_powers_of_ten[a->decimals - b->decimals];
    if (a->negative == b->negative)
        return a->negative ? (left < right) - (left > right)
                           : (left > right) - (left < right);
    if (!(left | right)) /* -0 is 0 */
        return 0;
    return a->negative ? -1 : 1;
}

/*
 * Compare a text with a number: *order becomes negative, 0 or positive. No
 * digit is rounded away, however many there are.
 *
 * Returns false, with *order as it was, where the text is no number.
 */
static inline bool csi_number_compare(const char *text, size_t length,
                                      const struct csi_number *with, int *order)
{
    struct csi_short_decimal number;

    if (!with->is_short || !csi_short_decimal_scan(text, length, &number))
        return csi_number_compare_full(text, length, with, order);
    *order = csi_short_decimal_compare(&number, &with->simple);
    return true;
}

#endif
