/* SPDX-License-Identifier: MIT */
/*
 * var and stddev, of a sample: the squared distances from the mean, over one
 * less than there are.
 *
 * Nearly all numbers are a count of 10^-9s (group/sum.h). Of these the sum and
 * the sum of the squares are kept exactly, in 128 and in 256 bits, and
 *
 *     n * sum(x^2) - sum(x)^2
 *
 * is an integer that nothing cancels in: it is rounded when all is known, and
 * so does not depend on how records were split among those who add. What is no
 * such count, 1e-12 or 1e30, is added up as doubles (Welford, "Note on a method
 * for calculating corrected sums of squares and products", 1962), and both
 * parts are put together as Chan, Golub and LeVeque have it ("Updating formulae
 * and a pairwise algorithm for computing sample variances", 1979). Only where
 * there are such numbers may the last digit depend on the split.
 */
#include "stage/aggregate_moments.h"

#include "group/sum.h"

#include <math.h>
#include <string.h>

/* Of words of 64 bits: a number of 10^-18s, and what is below in dividing. */
enum { WORDS = 6, SQUARE_WORDS = 4, FRACTION = 4 };

/* Of numbers as doubles: their mean, and the squared distances from it. */
struct welford {
    uint64_t count;
    double mean;
    double squares;
};

struct moments {
    uint64_t count;                 /* of exact ones */
    uint64_t sum[2];                /* of 10^-9s, two's complement */
    uint64_t squares[SQUARE_WORDS]; /* of 10^-18s */
    struct welford others;
};

static csi_int128 sum_of(const struct moments *moments)
{
    return (csi_int128)((csi_uint128)moments->sum[1] << 64 | moments->sum[0]);
}

/* ---- Words, the least significant first ---------------------------------- */

static csi_uint128 magnitude_of(csi_int128 number)
{
    return number < 0 ? 0 - (csi_uint128)number : (csi_uint128)number;
}

/* Add a * b at a place. */
static void add_product(uint64_t *words, size_t count, size_t place, uint64_t a,
                        uint64_t b)
{
    csi_uint128 product = (csi_uint128)a * b;
    uint64_t parts[2] = {(uint64_t)product, (uint64_t)(product >> 64)};
    uint64_t carry = 0;

    for (size_t i = 0; place + i < count && (i < 2 || carry); i++) {
        csi_uint128 total =
            (csi_uint128)words[place + i] + carry + (i < 2 ? parts[i] : 0);

        words[place + i] = (uint64_t)total;
        carry = (uint64_t)(total >> 64);
    }
}

static void add_square(uint64_t *words, size_t count, csi_int128 number)
{
    csi_uint128 magnitude = magnitude_of(number);
    uint64_t low = (uint64_t)magnitude, high = (uint64_t)(magnitude >> 64);

    add_product(words, count, 0, low, low);
    add_product(words, count, 2, high, high);
    add_product(words, count, 1, low, high);
    add_product(words, count, 1, low, high);
}

static void subtract(uint64_t *words, const uint64_t *less, size_t count)
{
    uint64_t borrow = 0;

    for (size_t i = 0; i < count; i++) {
        csi_uint128 part = (csi_uint128)words[i] - less[i] - borrow;

        words[i] = (uint64_t)part;
        borrow = (uint64_t)(part >> 64) != 0;
    }
}

/* Returns whether there was a rest. */
static bool divide(uint64_t *words, size_t count, uint64_t divisor)
{
    uint64_t rest = 0;

    for (size_t i = count; i-- > 0;) {
        csi_uint128 part = (csi_uint128)rest << 64 | words[i];

        words[i] = (uint64_t)(part / divisor);
        rest = (uint64_t)(part % divisor);
    }
    return rest != 0;
}

/* The double nearest to words in units of 2^unit, or to a little more. */
static double nearest_to(const uint64_t *words, size_t count, int unit,
                         bool more)
{
    uint64_t top;
    int shift;

    while (count && !words[count - 1])
        count--;
    if (!count)
        return 0;
    shift = __builtin_clzll(words[count - 1]);
    top = words[count - 1] << shift;
    if (count > 1 && shift)
        top |= words[count - 2] >> (64 - shift);
    if (count > 1)
        more |= (words[count - 2] << shift) != 0;
    for (size_t i = 2; i < count; i++)
        more |= words[count - 1 - i] != 0;
    /* A bit that is far below the last one decides nothing but a tie. */
    return ldexp((double)(top | more), ((int)count - 1) * 64 - shift + unit);
}

/* (count * squares - sum^2) / (count * divisor), of 10^-18s, rounded once. */
static double exact_squares(const struct moments *moments, uint64_t divisor)
{
    uint64_t whole[FRACTION + WORDS] = {0}, square[WORDS] = {0};
    bool more = false;

    for (size_t i = 0; i < SQUARE_WORDS; i++)
        add_product(whole + FRACTION, WORDS, i, moments->squares[i],
                    moments->count);
    add_square(square, WORDS, sum_of(moments));
    subtract(whole + FRACTION, square, WORDS);
    more |= divide(whole, FRACTION + WORDS, moments->count);
    more |= divide(whole, FRACTION + WORDS, divisor);
    more |= divide(whole, FRACTION + WORDS,
                   (uint64_t)CSI_SUM_SCALE * (uint64_t)CSI_SUM_SCALE);
    return nearest_to(whole, FRACTION + WORDS, -64 * FRACTION, more);
}

/* ---- Adding -------------------------------------------------------------- */

/* False where the sum would not fit. */
static bool add_exact(struct moments *moments, csi_int128 scaled)
{
    csi_int128 sum;

    if (__builtin_add_overflow(sum_of(moments), scaled, &sum))
        return false;
    moments->sum[0] = (uint64_t)sum;
    moments->sum[1] = (uint64_t)((csi_uint128)sum >> 64);
    add_square(moments->squares, SQUARE_WORDS, scaled);
    moments->count++;
    return true;
}

static void add_double(struct welford *to, double value)
{
    double distance = value - to->mean;

    to->count++;
    to->mean += distance / (double)to->count;
    to->squares += distance * (value - to->mean);
}

static void add_welford(struct welford *to, const struct welford *from)
{
    double distance = from->mean - to->mean;
    double count = (double)to->count + (double)from->count;

    if (!from->count)
        return;
    to->squares += from->squares + distance * distance * (double)to->count *
                                       ((double)from->count / count);
    to->mean += distance * ((double)from->count / count);
    to->count += from->count;
}

/* A number that was computed has no text. */
static enum csi_scaled scale(const struct cosend_added *added, uint32_t i,
                             csi_int128 *scaled, double *nearest)
{
    struct cosend_cell cell = added->cells[i];

    return cell.data
               ? csi_sum_scaled_text(cell.data, cell.length, scaled, nearest)
               : csi_sum_scaled_value(&added->values[i], scaled, nearest);
}

static uint32_t moments_add(const struct cosend_added *added,
                            const void *parameter)
{
    (void)parameter;
    for (uint32_t i = added->from; i < added->to; i++) {
        struct moments *moments = cosend_state_at(added, i);
        csi_int128 scaled = 0;
        double nearest = 0;

        if (cosend_is_blank(added->cells[i]))
            continue;
        switch (scale(added, i, &scaled, &nearest)) {
        case CSI_NO_NUMBER:
            return i;
        case CSI_NEAREST:
            add_double(&moments->others, nearest);
            break;
        case CSI_SCALED:
            if (!add_exact(moments, scaled))
                add_double(&moments->others,
                           (double)scaled / (double)CSI_SUM_SCALE);
            break;
        }
    }
    return added->to;
}

/* ---- What comes of it ---------------------------------------------------- */

static struct welford all_of(const struct moments *moments)
{
    double scale = (double)CSI_SUM_SCALE, count = (double)moments->count;
    struct welford all = {moments->count, 0, 0};

    if (moments->count) {
        all.squares = exact_squares(moments, 1);
        all.mean = (double)sum_of(moments) / count / scale;
    }
    add_welford(&all, &moments->others);
    return all;
}

static void set_moment(const void *state, struct cosend_stage *self,
                       struct cosend_column column, bool root)
{
    const struct moments *moments = state;
    struct welford all = all_of(moments);
    double value = 0;

    if (all.count > 1 && !moments->others.count)
        value = exact_squares(moments, all.count - 1);
    else if (all.count > 1)
        value = all.squares / ((double)all.count - 1);
    if (root)
        value = sqrt(value);
    if (all.count > 1 && isfinite(value))
        cosend_set_number(self, column, value);
    else
        cosend_set(self, column, (struct cosend_cell){.kind = COSEND_NULL});
}

static void var_set(const void *state, struct cosend_stage *self,
                    struct cosend_column column, const void *parameter)
{
    (void)parameter;
    set_moment(state, self, column, false);
}

static void stddev_set(const void *state, struct cosend_stage *self,
                       struct cosend_column column, const void *parameter)
{
    (void)parameter;
    set_moment(state, self, column, true);
}

static const char *moments_doubt(const void *state)
{
    struct welford all = all_of(state);

    return all.count > 1 && !isfinite(all.squares)
               ? "no double is as large as the squares of these numbers"
               : NULL;
}

static void moments_save(const void *state, struct cosend_bytes *to)
{
    const struct moments *moments = state;

    cosend_put_varint(to, moments->count);
    for (size_t i = 0; i < 2; i++)
        cosend_put_u64(to, moments->sum[i]);
    for (size_t i = 0; i < SQUARE_WORDS; i++)
        cosend_put_u64(to, moments->squares[i]);
    cosend_put_varint(to, moments->others.count);
    if (!moments->others.count)
        return;
    cosend_put_double(to, moments->others.mean);
    cosend_put_double(to, moments->others.squares);
}

static void add_moments(struct moments *moments, struct moments *more)
{
    csi_int128 sum;

    if (__builtin_add_overflow(sum_of(moments), sum_of(more), &sum)) {
        more->others = all_of(more);
    } else {
        moments->sum[0] = (uint64_t)sum;
        moments->sum[1] = (uint64_t)((csi_uint128)sum >> 64);
        for (size_t i = 0; i < SQUARE_WORDS; i++)
            add_product(moments->squares, SQUARE_WORDS, i, more->squares[i], 1);
        moments->count += more->count;
    }
    add_welford(&moments->others, &more->others);
}

static int moments_merge(void *state, struct cosend_reader_bytes *from)
{
    struct moments *moments = state;
    struct moments more = {.count = cosend_get_varint(from)};

    for (size_t i = 0; i < 2; i++)
        more.sum[i] = cosend_get_u64(from);
    for (size_t i = 0; i < SQUARE_WORDS; i++)
        more.squares[i] = cosend_get_u64(from);
    more.others.count = cosend_get_varint(from);
    if (more.others.count) {
        more.others.mean = cosend_get_double(from);
        more.others.squares = cosend_get_double(from);
    }
    if (from->failed || more.count > INT64_MAX - moments->count ||
        more.others.count > INT64_MAX - moments->others.count)
        return COSEND_E_TYPE;
    add_moments(moments, &more);
    return COSEND_OK;
}

static int moments_unite(void *state, void *from)
{
    add_moments(state, from);
    memset(from, 0, sizeof(struct moments));
    return COSEND_OK;
}

#define MOMENTS(called, says, sets)                                            \
    {                                                                          \
        .name = called, .summary = says, .size = sizeof(struct moments),       \
        .flags =                                                               \
            COSEND_TAKES_NUMBERS | COSEND_NEEDS_FIELD | COSEND_TAKES_COMPUTED, \
        .add = moments_add, .set = sets, .save = moments_save,                 \
        .merge = moments_merge, .doubt = moments_doubt, .unite = moments_unite \
    }

const struct cosend_aggregate csi_aggregate_var = MOMENTS(
    "var", "The variance of numbers as a sample; null of fewer than two",
    var_set);
const struct cosend_aggregate csi_aggregate_stddev =
    MOMENTS("stddev", "The square root of var", stddev_set);
