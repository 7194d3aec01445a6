/* SPDX-License-Identifier: MIT */
#include "group/sum.h"

#include "base/base.h"
#include "base/powers_of_ten.h"
#include "record/number_format.h"
#include "record/number_parse.h"

enum { SHORT_DIGITS = 18, SHORT_DECIMALS = 9 };

enum saved { SAVED_VERSION = 1, SAVED_WIDE = 1, SAVED_ROUNDED = 2 };

void cosend_sum_free(struct cosend_sum *sum)
{
    csi_free(sum->wide);
    sum->low = 0;
    sum->high = 0;
    sum->wide = NULL;
}

/* The sum's wide accumulator, or NULL without memory. */
static struct csi_wide *wide_of(struct cosend_sum *sum)
{
    if (!sum->wide)
        sum->wide = csi_calloc(1, sizeof(*sum->wide));
    return sum->wide;
}

/* Move the integer part of a scaled number to a wide one. Returns what is left
   of it. */
static csi_int128 move_integer(struct csi_wide *wide, csi_int128 scaled)
{
    csi_uint128 integer = (csi_uint128)scaled;
    uint32_t pieces[4];

    if (scaled < 0)
        integer = 0 - integer;
    integer /= (csi_uint128)CSI_SUM_SCALE;
    for (int i = 0; i < 4; i++)
        pieces[i] = (uint32_t)(integer >> 32 * i);
    csi_wide_add_integer(wide, scaled < 0, pieces, 4);
    return scaled % CSI_SUM_SCALE;
}

/* The same where the total is too large. */
__attribute__((noinline)) static bool add_largest(struct cosend_sum *sum,
                                                  csi_int128 scaled)
{
    if (!wide_of(sum))
        return false;
    csi_sum_set_scaled(sum, move_integer(sum->wide, csi_sum_scaled(sum)) +
                                move_integer(sum->wide, scaled));
    return true;
}

/* Returns false without memory. */
static inline bool add_scaled(struct cosend_sum *sum, csi_int128 scaled)
{
    csi_int128 total;

    if (__builtin_add_overflow(csi_sum_scaled(sum), scaled, &total))
        return add_largest(sum, scaled);
    csi_sum_set_scaled(sum, total);
    return true;
}

/* Whether a number is short, zeros at either end not counted, or an integer
   that fits as well. */
static bool shorten_scaled(struct csi_decimal decimal, csi_int128 *scaled)
{
    int count = 0;

    if (decimal.more)
        return false;
    while (decimal.digits && decimal.digits % 10 == 0) {
        decimal.digits /= 10;
        decimal.exponent++;
    }
    if (decimal.digits == 0)
        decimal.exponent = 0;
    if (decimal.exponent < -SHORT_DECIMALS || decimal.exponent > SHORT_DIGITS)
        return false;
    for (uint64_t rest = decimal.digits; rest; rest /= 10)
        count++;
    if (count > SHORT_DIGITS || count + decimal.exponent > SHORT_DIGITS)
        return false;
    if (decimal.exponent > 0) {
        decimal.digits *= csi_powers_of_ten[decimal.exponent];
        decimal.exponent = 0;
    }
    *scaled =
        (csi_int128)((csi_uint128)decimal.digits *
                     csi_powers_of_ten[SHORT_DECIMALS + decimal.exponent]);
    if (decimal.negative)
        *scaled = -*scaled;
    return true;
}

/* Add an integer in plain digits that is within the range of a double. */
static void add_integer(struct csi_wide *wide,
                        const struct csi_decimal *decimal)
{
    uint32_t pieces[CSI_WIDE_PIECES] = {0};
    const char *p = decimal->significand;

    for (; p < decimal->significand_end && *p != '.'; p++) {
        uint64_t carry = (uint64_t)(*p - '0');

        for (int i = 0; i < CSI_WIDE_PIECES; i++) {
            carry += (uint64_t)pieces[i] * 10;
            pieces[i] = (uint32_t)carry;
            carry >>= 32;
        }
    }
    csi_wide_add_integer(wide, decimal->negative, pieces, CSI_WIDE_PIECES);
}

static int add_wide_double(struct cosend_sum *sum, double value)
{
    if (!wide_of(sum))
        return COSEND_E_MEMORY;
    csi_wide_add_double(sum->wide, value);
    sum->wide->rounded = true;
    return COSEND_IS_NUMBER;
}

/* Apart from its caller, which is to stay small. */
__attribute__((noinline)) static int add_any(struct cosend_sum *sum,
                                             const char *text, size_t length)
{
    struct csi_decimal decimal;
    csi_int128 scaled;
    double value;

    if (!csi_decimal_scan(text, length, &decimal))
        return COSEND_NOT_NUMBER;
    if (shorten_scaled(decimal, &scaled))
        return add_scaled(sum, scaled) ? COSEND_IS_NUMBER : COSEND_E_MEMORY;
    if (!csi_decimal_double(&decimal, &value))
        return COSEND_NOT_NUMBER;
    if (decimal.scientific || decimal.fractional)
        return add_wide_double(sum, value);
    if (!wide_of(sum))
        return COSEND_E_MEMORY;
    add_integer(sum->wide, &decimal);
    return COSEND_IS_NUMBER;
}

/* A number that has few enough digits. */
static inline __attribute__((always_inline)) bool
scan_short(const char *text, size_t length, csi_int128 *scaled)
{
    struct csi_short_decimal decimal;

    if (!csi_short_decimal_scan(text, length, &decimal) ||
        decimal.decimals > SHORT_DECIMALS)
        return false;
    *scaled =
        (csi_int128)((csi_uint128)decimal.digits *
                     csi_powers_of_ten[SHORT_DECIMALS - decimal.decimals]);
    if (decimal.negative)
        *scaled = -*scaled;
    return true;
}

int cosend_sum_add(struct cosend_sum *sum, const char *text, size_t length)
{
    csi_int128 scaled;

    /* An absent cell's text is nowhere. */
    if (!length)
        return COSEND_NOT_NUMBER;
    if (!scan_short(text, length, &scaled))
        return add_any(sum, text, length);
    return add_scaled(sum, scaled) ? COSEND_IS_NUMBER : COSEND_E_MEMORY;
}

/* The text with its sign turned round is added. */
static int subtract_any(struct cosend_sum *sum, const char *text, size_t length)
{
    size_t sign = *text == '-' || *text == '+';
    bool minus = *text != '-';
    char *turned;
    int answer;

    if (sign && length > 1 && (text[1] == '-' || text[1] == '+'))
        return COSEND_NOT_NUMBER;
    turned = csi_malloc(length + 1);
    if (!turned)
        return COSEND_E_MEMORY;
    *turned = '-';
    memcpy(turned + minus, text + sign, length - sign);
    answer = cosend_sum_add(sum, turned, length - sign + minus);
    csi_free(turned);
    return answer;
}

int cosend_sum_subtract(struct cosend_sum *sum, const char *text, size_t length)
{
    csi_int128 scaled;

    if (!length)
        return COSEND_NOT_NUMBER;
    if (!scan_short(text, length, &scaled))
        return subtract_any(sum, text, length);
    return add_scaled(sum, -scaled) ? COSEND_IS_NUMBER : COSEND_E_MEMORY;
}

enum csi_scaled csi_sum_scaled_text(const char *text, size_t length,
                                    csi_int128 *scaled, double *nearest)
{
    struct csi_decimal decimal;

    if (!length)
        return CSI_NO_NUMBER;
    if (scan_short(text, length, scaled))
        return CSI_SCALED;
    if (!csi_decimal_scan(text, length, &decimal))
        return CSI_NO_NUMBER;
    if (shorten_scaled(decimal, scaled))
        return CSI_SCALED;
    return csi_decimal_double(&decimal, nearest) ? CSI_NEAREST : CSI_NO_NUMBER;
}

/* With more decimals than a short number has, but for zeros. */
static int add_decimals(struct cosend_sum *sum, int64_t integer,
                        unsigned decimals)
{
    struct csi_decimal decimal = {.digits = integer < 0 ? 0 - (uint64_t)integer
                                                        : (uint64_t)integer,
                                  .exponent = -(int64_t)decimals,
                                  .negative = integer < 0};
    csi_int128 scaled;

    if (shorten_scaled(decimal, &scaled))
        return add_scaled(sum, scaled) ? COSEND_IS_NUMBER : COSEND_E_MEMORY;
    return add_wide_double(sum, cosend_decimal_double(integer, decimals));
}

/* Apart from its caller, which is to stay small. */
__attribute__((noinline)) static int
add_other_number(struct cosend_sum *sum, const struct cosend_numbers *numbers,
                 uint32_t at)
{
    uint8_t form = numbers->forms[at];
    char text[COSEND_NUMBER_MAX];

    if (form <= COSEND_FORM_DECIMALS)
        return add_decimals(sum, numbers->values[at].integer, form);
    if (form == COSEND_FORM_TEXT)
        return add_any(sum, numbers->cells[at].data, numbers->cells[at].length);
    if (form != COSEND_FORM_DOUBLE)
        return COSEND_NOT_NUMBER;
    return add_any(sum, text,
                   cosend_format_double(numbers->values[at].number, text));
}

enum csi_scaled csi_sum_scaled_value(const struct cosend_value *value,
                                     csi_int128 *scaled, double *nearest)
{
    const double exact = 9007199254740992;
    struct csi_decimal decimal = {.negative = value->as.number < 0};
    char text[COSEND_NUMBER_MAX];
    int exponent = 0;

    if (value->type == COSEND_TYPE_INT) {
        *scaled = (csi_int128)value->as.integer * CSI_SUM_SCALE;
        return CSI_SCALED;
    }
    /* From there on it is not these digits that are printed. */
    if (!(value->as.number > -exact && value->as.number < exact))
        return csi_sum_scaled_text(text,
                                   cosend_format_double(value->as.number, text),
                                   scaled, nearest);
    if (value->as.number != 0) {
        csi_shortest_decimal(value->as.number, &decimal.digits, &exponent);
        decimal.exponent = exponent;
    }
    *nearest = value->as.number;
    return shorten_scaled(decimal, scaled) ? CSI_SCALED : CSI_NEAREST;
}

int csi_sum_add_value(struct cosend_sum *sum, const struct cosend_value *value)
{
    char text[COSEND_NUMBER_MAX];
    csi_int128 scaled = 0;
    double nearest;

    if (csi_sum_scaled_value(value, &scaled, &nearest) == CSI_SCALED)
        return add_scaled(sum, scaled) ? COSEND_IS_NUMBER : COSEND_E_MEMORY;
    return add_any(sum, text, cosend_format_double(value->as.number, text));
}

int cosend_sum_add_number(struct cosend_sum *sum,
                          const struct cosend_numbers *numbers,
                          uint32_t position)
{
    uint32_t at = cosend_number_index(numbers, position);
    uint8_t form = numbers->forms[at];

    if (form > SHORT_DECIMALS)
        return add_other_number(sum, numbers, at);
    return add_scaled(sum,
                      (csi_int128)numbers->values[at].integer *
                          (csi_int128)csi_powers_of_ten[SHORT_DECIMALS - form])
               ? COSEND_IS_NUMBER
               : COSEND_E_MEMORY;
}

int cosend_sum_merge(struct cosend_sum *into, const struct cosend_sum *from)
{
    if (from->wide && !wide_of(into))
        return COSEND_E_MEMORY;
    if (!add_scaled(into, csi_sum_scaled(from)))
        return COSEND_E_MEMORY;
    if (from->wide)
        csi_wide_add_wide(into->wide, from->wide);
    return COSEND_OK;
}

void cosend_sum_save(const struct cosend_sum *sum, struct cosend_bytes *to)
{
    uint64_t words[CSI_WIDE_WORDS];
    unsigned flags = 0;

    if (sum->wide)
        flags = SAVED_WIDE | (sum->wide->rounded ? SAVED_ROUNDED : 0);
    cosend_put_u8(to, SAVED_VERSION);
    cosend_put_u8(to, (uint8_t)flags);
    cosend_put_u64(to, sum->low);
    cosend_put_u64(to, sum->high);
    if (!sum->wide)
        return;
    csi_wide_get_words(sum->wide, words);
    for (int i = 0; i < CSI_WIDE_WORDS; i++)
        cosend_put_u64(to, words[i]);
}

static bool is_saved_flags(unsigned flags)
{
    return flags == 0 || flags == SAVED_WIDE ||
           flags == (SAVED_WIDE | SAVED_ROUNDED);
}

int cosend_sum_load(struct cosend_sum *into, struct cosend_reader_bytes *from)
{
    unsigned version = cosend_get_u8(from), flags = cosend_get_u8(from);
    uint64_t words[CSI_WIDE_WORDS];
    struct cosend_sum loaded = {0};
    struct csi_wide wide;

    loaded.low = cosend_get_u64(from);
    loaded.high = cosend_get_u64(from);
    if (version != SAVED_VERSION || !is_saved_flags(flags))
        from->failed = true;
    if (flags & SAVED_WIDE) {
        for (int i = 0; i < CSI_WIDE_WORDS; i++)
            words[i] = cosend_get_u64(from);
        csi_wide_set_words(&wide, words);
        wide.rounded = flags & SAVED_ROUNDED;
        loaded.wide = &wide;
    }
    if (from->failed)
        return COSEND_E_TYPE;
    return cosend_sum_merge(into, &loaded);
}
