/* SPDX-License-Identifier: MIT */
/* A number's text taken apart, for whoever wants more of it than a double. */
#ifndef CSI_RECORD_NUMBER_H
#define CSI_RECORD_NUMBER_H

#include "cosend/number.h"

/*
 * The number is digits * 10^exponent, where digits are its first 19 from the
 * first that is not 0, and a little more than that where `more` is set.
 */
struct csi_decimal {
    uint64_t digits;
    int64_t exponent;
    bool negative;
    bool more;               /* a digit other than 0 did not fit */
    bool scientific;         /* an exponent is written */
    bool fractional;         /* a digit other than 0 stands behind the point */
    const char *significand; /* the digits and the point, in the text */
    const char *significand_end;
};

/*
 * The digits of a text that is a sign or none, at most 19 digits, and at most
 * one point: nearly every number there is. Any text not taken here may be a
 * number all the same.
 */
struct csi_short_decimal {
    uint64_t digits;
    unsigned decimals; /* of them are behind the point */
    bool negative;
};

static inline bool csi_short_decimal_scan(const char *text, size_t length,
                                          struct csi_short_decimal *decimal)
{
    const char *p = text, *end = text + length, *start, *point = end;
    uint64_t digits = 0;
    unsigned digit;

    decimal->negative = length > 0 && *p == '-';
    p += decimal->negative;
    start = p;
    if (end - p > 19)
        return false;
    for (; p < end && (digit = (unsigned)(*p - '0')) < 10; p++)
        digits = digits * 10 + digit;
    decimal->decimals = 0;
    if (p < end) {
        if (*p != '.')
            return false;
        for (point = p++; p < end && (digit = (unsigned)(*p - '0')) < 10; p++)
            digits = digits * 10 + digit;
        if (p < end)
            return false;
        decimal->decimals = (unsigned)(p - point - 1);
    }
    decimal->digits = digits;
    return p - start > (point < end);
}

/*
 * Take apart a text that has the grammar of cosend/number.h, of whatever size
 * the number is. Returns false when it has not.
 */
bool csi_decimal_scan(const char *text, size_t length,
                      struct csi_decimal *decimal);

/*
 * The double nearest to what csi_decimal_scan found in a text that still is
 * where it was. Returns false when it is too large for one.
 */
bool csi_decimal_double(const struct csi_decimal *decimal, double *value);

#endif
