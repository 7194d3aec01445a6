/* SPDX-License-Identifier: MIT */
/*
 * A sum's value, rounded once. Both its parts are put into one integer of many
 * words, two's complement, the least significant first, in units small enough
 * that whatever is cut off in dividing it is below the last bit of a double.
 */
#include "group/sum.h"

#include "base/powers_of_ten.h"
#include "cosend/number.h"

#include <math.h>
#include <string.h>

enum {
    WORD_BITS = 64,
    /* Units of 2^-192: half of 10^-9 / 2^64 still has 98 bits. */
    SMALL_POINT = 3,
    SMALL_WORDS = SMALL_POINT + 2,
    /* 64 bits behind those of the wide part, and as many for the scale. */
    LARGE_POINT = CSI_WIDE_POINT / WORD_BITS + 1,
    LARGE_WORDS = CSI_WIDE_WORDS + 3,
    GROUP_DIGITS = 18
};

static void multiply(uint64_t *words, size_t count, uint64_t factor)
{
    uint64_t carry = 0;

    for (size_t i = 0; i < count; i++) {
        csi_uint128 product = (csi_uint128)words[i] * factor + carry;

        words[i] = (uint64_t)product;
        carry = (uint64_t)(product >> WORD_BITS);
    }
}

/* Divide a number without sign. Returns the remainder. */
static uint64_t divide_magnitude(uint64_t *words, size_t count,
                                 uint64_t divisor)
{
    uint64_t rest = 0;

    for (size_t i = count; i-- > 0;) {
        csi_uint128 part = (csi_uint128)rest << WORD_BITS | words[i];

        words[i] = (uint64_t)(part / divisor);
        rest = (uint64_t)(part % divisor);
    }
    return rest;
}

static void add_to_words(uint64_t *words, size_t count, csi_int128 value)
{
    uint64_t sign = value < 0 ? UINT64_MAX : 0;
    uint64_t carry = 0;

    for (size_t i = 0; i < count; i++) {
        csi_uint128 total = (csi_uint128)words[i] + carry;

        total += i < 2 ? (uint64_t)((csi_uint128)value >> WORD_BITS * i) : sign;
        words[i] = (uint64_t)total;
        carry = (uint64_t)(total >> WORD_BITS);
    }
}

/* Make a number its magnitude. Returns whether it was negative. */
static bool take_sign(uint64_t *words, size_t count)
{
    uint64_t carry = 1;

    if (!(words[count - 1] >> (WORD_BITS - 1)))
        return false;
    for (size_t i = 0; i < count; i++) {
        words[i] = ~words[i] + carry;
        carry &= words[i] == 0;
    }
    return true;
}

static size_t count_words(const uint64_t *words, size_t count)
{
    while (count > 0 && words[count - 1] == 0)
        count--;
    return count;
}

/* Whether any of the lowest `bits` bits is set. */
static bool has_low_bits(const uint64_t *words, int bits)
{
    for (; bits >= WORD_BITS; bits -= WORD_BITS)
        if (*words++)
            return true;
    return bits > 0 && *words << (WORD_BITS - bits);
}

/*
 * The double nearest to words * 2^unit, ties to even, where `more` says that
 * the number is a little larger than that. The unit must be less than half of
 * the double's last place.
 */
static double round_words(const uint64_t *words, size_t count, int unit,
                          bool more)
{
    int length, last, word, shift;
    uint64_t bits;

    count = count_words(words, count);
    if (count == 0)
        return 0;
    length = (int)count * WORD_BITS - __builtin_clzll(words[count - 1]);
    last = length - 54; /* the place of the bit below the double's last */
    if (last + unit < -1075)
        last = -1075 - unit;
    word = last / WORD_BITS;
    shift = last % WORD_BITS;
    bits = (size_t)word < count ? words[word] >> shift : 0;
    if (shift && (size_t)word + 1 < count)
        bits |= words[word + 1] << (WORD_BITS - shift);
    more |= has_low_bits(words, length < last ? length : last);
    bits = (bits >> 1) + (bits & 1 & (more | bits >> 1));
    return ldexp((double)bits, last + 1 + unit);
}

/*
 * The number, which is in units of 2^unit / 10^9, over count. Five words
 * divided by 94 bits leave more than a double has; what is in the words below
 * them matters as a remainder does.
 */
static double divide_words(uint64_t *words, size_t length, int unit,
                           uint64_t count)
{
    bool negative = take_sign(words, length), more = false;
    double magnitude;

    length = count_words(words, length);
    for (; length > SMALL_WORDS; length--) {
        more |= *words++ != 0;
        unit += WORD_BITS;
    }
    more |= divide_magnitude(words, length, (uint64_t)CSI_SUM_SCALE) != 0;
    more |= divide_magnitude(words, length, count) != 0;
    magnitude = round_words(words, length, unit, more);
    return negative ? -magnitude : magnitude;
}

static double mean_of_scaled(csi_int128 scaled, uint64_t count)
{
    static const int64_t exact = INT64_C(1) << 53;
    uint64_t words[SMALL_WORDS] = {0};
    int64_t low = (int64_t)scaled;

    /* One division of two integers that are doubles rounds once. */
    if (scaled == low && count < (uint64_t)exact) {
        if (low % CSI_SUM_SCALE == 0)
            return (double)(low / CSI_SUM_SCALE) / (double)count;
        if (low < exact && low > -exact && count < exact / CSI_SUM_SCALE)
            return (double)low / (double)((int64_t)count * CSI_SUM_SCALE);
    }
    add_to_words(words + SMALL_POINT, SMALL_WORDS - SMALL_POINT, scaled);
    return divide_words(words, SMALL_WORDS, -SMALL_POINT * WORD_BITS, count);
}

/* The sum in units of 2^(-64 * LARGE_POINT) / 10^9. */
static void get_words(const struct cosend_sum *sum, uint64_t words[LARGE_WORDS])
{
    uint64_t *top = words + 1 + CSI_WIDE_WORDS;

    memset(words, 0, LARGE_WORDS * sizeof(*words));
    if (sum->wide)
        csi_wide_get_words(sum->wide, words + 1);
    if (top[-1] >> (WORD_BITS - 1))
        memset(top, 0xff, 2 * sizeof(*top));
    multiply(words, LARGE_WORDS, (uint64_t)CSI_SUM_SCALE);
    add_to_words(words + LARGE_POINT, LARGE_WORDS - LARGE_POINT,
                 csi_sum_scaled(sum));
}

__attribute__((noinline)) static double
mean_of_wide(const struct cosend_sum *sum, uint64_t count)
{
    uint64_t words[LARGE_WORDS];

    get_words(sum, words);
    return divide_words(words, LARGE_WORDS, -LARGE_POINT * WORD_BITS, count);
}

double cosend_sum_mean(const struct cosend_sum *sum, uint64_t count)
{
    if (count == 0)
        return 0;
    if (sum->wide)
        return mean_of_wide(sum, count);
    return mean_of_scaled(csi_sum_scaled(sum), count);
}

/* Write a magnitude, which is used up, so that it ends at end. Returns its
   start. */
static char *write_words(uint64_t *words, size_t count, char *end)
{
    const uint64_t group = csi_powers_of_ten[GROUP_DIGITS];
    char *p = end;

    do {
        uint64_t rest = divide_magnitude(words, count, group);

        count = count_words(words, count);
        for (int i = 0; i < GROUP_DIGITS && (rest || count || p == end); i++) {
            *--p = (char)('0' + rest % 10);
            rest /= 10;
        }
    } while (count);
    return p;
}

static size_t print_integer(const struct cosend_sum *sum, char *buffer)
{
    uint64_t words[LARGE_WORDS];
    char digits[COSEND_SUM_MAX];
    char *end = digits + sizeof(digits), *start, *p = buffer;

    get_words(sum, words);
    if (take_sign(words, LARGE_WORDS))
        *p++ = '-';
    divide_magnitude(words, LARGE_WORDS, (uint64_t)CSI_SUM_SCALE);
    start = write_words(words + LARGE_POINT, LARGE_WORDS - LARGE_POINT, end);
    memcpy(p, start, (size_t)(end - start));
    p += end - start;
    *p = '\0';
    return (size_t)(p - buffer);
}

size_t cosend_sum_total(const struct cosend_sum *sum,
                        char buffer[COSEND_SUM_MAX])
{
    csi_int128 scaled = csi_sum_scaled(sum);
    int64_t low = (int64_t)scaled;
    bool rounded = sum->wide && sum->wide->rounded;
    double total;

    if (!rounded && !sum->wide && scaled == low && low % CSI_SUM_SCALE == 0)
        return cosend_format_integer(low / CSI_SUM_SCALE, buffer);
    if (!rounded && scaled % CSI_SUM_SCALE == 0)
        return print_integer(sum, buffer);
    total = cosend_sum_mean(sum, 1);
    if (isinf(total))
        return print_integer(sum, buffer);
    return cosend_format_double(total, buffer);
}
