/* SPDX-License-Identifier: MIT */
/* A number's text taken apart, for whoever wants more of it than a double. */
#ifndef CSI_NUMBER_PARSE_H
#define CSI_NUMBER_PARSE_H

#include "base/powers_of_ten.h"
#include "base/short.h"
#include "cosend/number.h"

/* The powers of ten that are doubles. */
enum { CSI_EXACT_POWERS = 23 };

extern const double csi_exact_powers[CSI_EXACT_POWERS];

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

/* What up to eight characters say, which are digits and perhaps a point. */
struct csi_digits {
    uint64_t value;
    unsigned decimals; /* behind the point, if has_point */
    bool has_point;
};

/* Eight characters exclusive or '0', which digits are less than ten of. */
static inline uint64_t csi_digits_from(uint64_t characters)
{
    return characters ^ UINT64_C(0x3030303030303030);
}

/* Of such a word: the lowest bit set is in the lane of the first character that
   is no digit; 0 where all are. */
static inline uint64_t csi_digits_odd(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);

    return ((word + 0x76 * ones) | word) & 0x80 * ones;
}

/* One to eight characters, and whatever is behind them, for csi_digits_scan. */
static inline uint64_t csi_digits_word(uint64_t characters, size_t count)
{
    return csi_digits_from(characters) << (64 - 8 * count);
}

/*
 * Up to eight characters at once, in the highest lanes of a word, of which the
 * last one has the highest; exclusive or '0', with 0 in the other lanes. Found
 * are where the point is, whether all others are digits, and what they say.
 * Neighbouring lanes are joined to numbers of two, four and eight digits, as in
 * Lemire, "Number Parsing at a Gigabyte per Second" (2021). Only where the
 * lowest byte of a word comes first in memory.
 */
static inline bool csi_digits_scan(uint64_t word, struct csi_digits *digits)
{
    uint64_t odd = csi_digits_odd(word);

    digits->has_point = odd != 0;
    digits->decimals = 0;
    if (odd) {
        unsigned place = (unsigned)__builtin_ctzll(odd) & 56;
        uint64_t before = (UINT64_C(1) << place) - 1;

        if ((word >> place & 255) != ('.' ^ '0'))
            return false;
        word = (word >> place >> 8 << place << 8) | (word & before) << 8;
        if (csi_digits_odd(word))
            return false;
        digits->decimals = 7 - place / 8;
    }
    word = word * 10 + (word >> 8);
    word = (word & UINT64_C(0xff000000ff)) * UINT64_C(0xf424000000064) +
           (word >> 16 & UINT64_C(0xff000000ff)) * UINT64_C(0x271000000001);
    digits->value = word >> 32;
    return true;
}

static inline bool csi_decimal_scan_8(const char *text, size_t length,
                                      struct csi_short_decimal *decimal)
{
    struct csi_digits all;

    if (!length ||
        !csi_digits_scan(csi_digits_word(csi_load_short(text, length), length),
                         &all))
        return false;
    decimal->digits = all.value;
    decimal->decimals = all.decimals;
    return length > all.has_point;
}

/* 9 to 16 characters. */
static inline bool csi_decimal_scan_16(const char *text, size_t length,
                                       struct csi_short_decimal *decimal)
{
    uint64_t last = csi_load64(text + length - 8) >> 8 * (16 - length);
    struct csi_digits high, low;
    unsigned count;

    if (!csi_digits_scan(csi_digits_word(csi_load64(text), 8), &high) ||
        !csi_digits_scan(csi_digits_word(last, length - 8), &low) ||
        (high.has_point && low.has_point))
        return false;
    count = (unsigned)length - 8 - low.has_point;
    decimal->digits = high.value * csi_powers_of_ten[count] + low.value;
    decimal->decimals = high.has_point ? high.decimals + count : low.decimals;
    return true;
}

/* One character after the other. */
static inline bool csi_decimal_scan_19(const char *text, size_t length,
                                       struct csi_short_decimal *decimal)
{
    const char *p = text, *end = text + length, *point = end;
    uint64_t digits = 0;
    unsigned digit;

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
    return p - text > (point < end);
}

/* Never a call of its own, which would cost every number a tenth more. */
static inline __attribute__((always_inline)) bool
csi_short_decimal_scan(const char *text, size_t length,
                       struct csi_short_decimal *decimal)
{
    size_t sign = length > 0 && *text == '-';

    decimal->negative = sign;
    text += sign;
    length -= sign;
    if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
        return length <= 19 && csi_decimal_scan_19(text, length, decimal);
    if (length <= 8)
        return csi_decimal_scan_8(text, length, decimal);
    if (length <= 16)
        return csi_decimal_scan_16(text, length, decimal);
    return length <= 19 && csi_decimal_scan_19(text, length, decimal);
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
