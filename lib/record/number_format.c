/* SPDX-License-Identifier: MIT */
/*
 * Schubfach (see cosend/number.h), in short. A double v = c * 2^q is what all
 * decimals within half a unit read back as, the two ends included when c is
 * even. Let k be such that 10^k is at most one unit, so that at least one
 * multiple of 10^k lies in that interval and at most one of 10^(k+1) does; the
 * answer is the latter if there is one, else the former that is closest to v.
 *
 * All is done on v / 10^k times 4, as integers rounded to odd: the last bit
 * says whether anything was cut off, which is enough to compare with
 * multiples of 4. The paper proves that 128 bits of 10^-k do for that.
 *
 * Names are the paper's: v itself, its interval's left and right end vl and
 * vr; candidates u and w below and above v, with a prime the shorter ones.
 */
#include "record/number_format.h"

#include "cosend/number.h"
#include "record/number_powers.h"

#include <string.h>

__extension__ typedef unsigned __int128 uint128;

enum { FRACTION_BITS = 52, EXPONENT_MASK = 0x7ff, BIAS = 1023 + FRACTION_BITS };

static const uint64_t hidden_bit = UINT64_C(1) << FRACTION_BITS;

/* digits * 10^exponent */
struct decimal {
    uint64_t digits;
    int exponent;
};

static int floor_log10_of_power_of_2(int e)
{
    return (e * 1262611) >> 22;
}

static int floor_log10_of_three_quarters_of_power_of_2(int e)
{
    return (e * 1262611 - 524031) >> 22;
}

/* The high 64 bits of power * factor, with the last bit set if they lack
   anything. */
static uint64_t multiply_to_odd(struct csi_power power, uint64_t factor)
{
    uint64_t low = (uint64_t)(((uint128)power.low * factor) >> 64);
    uint128 sum = (uint128)power.high * factor + low;

    return (uint64_t)(sum >> 64) | ((uint64_t)sum != 0);
}

static struct decimal shortest(uint64_t c, int q, bool left_is_closer)
{
    bool open = c & 1;
    int k = left_is_closer ? floor_log10_of_three_quarters_of_power_of_2(q)
                           : floor_log10_of_power_of_2(q);
    int h = q + csi_floor_log2_of_power_of_10(-k) + 1;
    struct csi_power power = csi_powers[-k - CSI_POWER_MIN];
    uint64_t vl = multiply_to_odd(power, (4 * c - 2 + left_is_closer) << h);
    uint64_t v = multiply_to_odd(power, (4 * c) << h);
    uint64_t vr = multiply_to_odd(power, (4 * c + 2) << h);
    uint64_t least = vl + open, most = vr - open;
    uint64_t s = v / 4, s_prime = s / 10;
    bool u_inside, w_inside;

    if (s >= 10) {
        u_inside = least <= 40 * s_prime;
        w_inside = 40 * s_prime + 40 <= most;
        if (u_inside != w_inside)
            return (struct decimal){s_prime + w_inside, k + 1};
    }
    u_inside = least <= 4 * s;
    w_inside = 4 * s + 4 <= most;
    if (u_inside == w_inside)
        w_inside = v > 4 * s + 2 || (v == 4 * s + 2 && s % 2 == 1);
    return (struct decimal){s + w_inside, k};
}

static struct decimal without_trailing_zeros(struct decimal decimal)
{
    while (decimal.digits % 10000 == 0) {
        decimal.digits /= 10000;
        decimal.exponent += 4;
    }
    while (decimal.digits % 10 == 0) {
        decimal.digits /= 10;
        decimal.exponent++;
    }
    return decimal;
}

/*
 * Most numbers that somebody computed have few decimals. No two decimals of 15
 * digits are nearest to the same double; so where one is, none that is shorter
 * can be, and no other of that length. The division rounds once: both sides of
 * it are doubles.
 */
static bool has_few_decimals(double value, struct decimal *decimal)
{
    uint64_t digits;

    if (value >= 1e9)
        return false;
    digits = (uint64_t)(value * 1e6 + 0.5);
    *decimal = (struct decimal){digits, -6};
    return (double)digits / 1e6 == value;
}

/* The bits of a double that is neither zero nor infinite nor NaN. */
static struct decimal decimal_of(uint64_t bits)
{
    int exponent = (int)(bits >> FRACTION_BITS & EXPONENT_MASK);
    uint64_t fraction = bits & (hidden_bit - 1);
    uint64_t c = exponent ? fraction | hidden_bit : fraction;
    int q = (exponent ? exponent : 1) - BIAS;
    bool left_is_closer = fraction == 0 && exponent > 1;
    struct decimal decimal;
    double value;

    if (q <= 0 && q > -64 && (c & ((UINT64_C(1) << -q) - 1)) == 0)
        return (struct decimal){c >> -q, 0};
    memcpy(&value, &bits, sizeof(value));
    if (!has_few_decimals(value, &decimal))
        decimal = shortest(c, q, left_is_closer);
    return without_trailing_zeros(decimal);
}

void csi_shortest_decimal(double value, uint64_t *digits, int *exponent)
{
    struct decimal decimal;
    uint64_t bits;

    memcpy(&bits, &value, sizeof(bits));
    decimal = decimal_of(bits & ~(UINT64_C(1) << 63));
    *digits = decimal.digits;
    *exponent = decimal.exponent;
}

/* Write the digits of value so that they end at end. Returns their start. */
static char *write_backwards(uint64_t value, char *end)
{
    static const char pairs[] =
        "00010203040506070809101112131415161718192021222324"
        "25262728293031323334353637383940414243444546474849"
        "50515253545556575859606162636465666768697071727374"
        "75767778798081828384858687888990919293949596979899";

    while (value >= 100) {
        end -= 2;
        memcpy(end, pairs + value % 100 * 2, 2);
        value /= 100;
    }
    if (value >= 10) {
        end -= 2;
        memcpy(end, pairs + value * 2, 2);
    } else {
        *--end = (char)('0' + value);
    }
    return end;
}

static char *append_unsigned(char *p, uint64_t value)
{
    char digits[20];
    char *end = digits + sizeof(digits);
    char *start = write_backwards(value, end);

    memcpy(p, start, (size_t)(end - start));
    return p + (end - start);
}

size_t cosend_format_unsigned(uint64_t value, char buffer[COSEND_NUMBER_MAX])
{
    char *p = append_unsigned(buffer, value);

    *p = '\0';
    return (size_t)(p - buffer);
}

size_t cosend_format_integer(int64_t value, char buffer[COSEND_NUMBER_MAX])
{
    char *p = buffer;

    if (value < 0)
        *p++ = '-';
    p = append_unsigned(p, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
    *p = '\0';
    return (size_t)(p - buffer);
}

static char *append_text(char *p, const char *text, size_t length)
{
    memcpy(p, text, length);
    return p + length;
}

static char *append_zeros(char *p, int count)
{
    memset(p, '0', (size_t)count);
    return p + count;
}

static char *append_exponent(char *p, int exponent)
{
    *p++ = 'e';
    *p++ = exponent < 0 ? '-' : '+';
    return append_unsigned(p, (uint64_t)(exponent < 0 ? -exponent : exponent));
}

/* ECMA-262, Number::toString, steps 6 to 12; the value is 0.DIGITS * 10^n. */
static char *append_number(char *p, const char *digits, int count, int n)
{
    if (count <= n && n <= 21) {
        p = append_text(p, digits, (size_t)count);
        return append_zeros(p, n - count);
    }
    if (0 < n && n <= 21) {
        p = append_text(p, digits, (size_t)n);
        *p++ = '.';
        return append_text(p, digits + n, (size_t)(count - n));
    }
    if (-6 < n && n <= 0) {
        p = append_text(p, "0.", 2);
        p = append_zeros(p, -n);
        return append_text(p, digits, (size_t)count);
    }
    *p++ = digits[0];
    if (count > 1) {
        *p++ = '.';
        p = append_text(p, digits + 1, (size_t)(count - 1));
    }
    return append_exponent(p, n - 1);
}

static size_t format_special(const char *text, char *buffer)
{
    size_t length = strlen(text);

    memcpy(buffer, text, length + 1);
    return length;
}

size_t cosend_format_double(double value, char buffer[COSEND_NUMBER_MAX])
{
    char digits[20];
    char *end = digits + sizeof(digits), *start, *p = buffer;
    struct decimal decimal;
    uint64_t bits, magnitude;
    int count;

    memcpy(&bits, &value, sizeof(bits));
    magnitude = bits & ~(UINT64_C(1) << 63);
    if (magnitude == 0)
        return format_special("0", buffer);
    if (magnitude >> FRACTION_BITS == EXPONENT_MASK)
        return format_special(magnitude << 12     ? "NaN"
                              : bits != magnitude ? "-Infinity"
                                                  : "Infinity",
                              buffer);
    decimal = decimal_of(magnitude);
    start = write_backwards(decimal.digits, end);
    count = (int)(end - start);
    if (bits != magnitude)
        *p++ = '-';
    p = append_number(p, start, count, count + decimal.exponent);
    *p = '\0';
    return (size_t)(p - buffer);
}
