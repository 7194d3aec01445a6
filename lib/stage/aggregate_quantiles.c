/* SPDX-License-Identifier: MIT */
/*
 * median and percentiles: of up to EXACT numbers by sorting them, and beyond
 * that by how many of them are in each of many bins, whose bounds are powers of
 * GAMMA: Masson, Rim and Lee, "DDSketch: a fast and fully-mergeable quantile
 * sketch with relative-error guarantees" (2019). Bins are never joined, so
 * that what comes out is within ERROR of the true answer, and depends neither
 * on the order of the numbers nor on how they were split: they are sketched
 * where there are more than EXACT in all.
 */
#include "stage/aggregate_quantiles.h"

#include "base/base.h"
#include "cosend/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { EXACT = 65536, WHOLE = 100000, BINS_AT_ONCE = 64 };

/* (1 + 0.005) / (1 - 0.005), and its logarithm. */
#define GAMMA     (1.005 / 0.995)
#define LOG_GAMMA 0.010000083334583179

/* Counts of numbers by their magnitude: count[i] of bin low + i. */
struct bins {
    uint64_t *counts;
    int64_t low;
    size_t size;
};

struct quantiles {
    double *values; /* NULL where there are bins */
    size_t capacity;
    uint64_t count;
    struct bins positive, negative;
    uint64_t zeros;
    bool sketched;
    bool rounded; /* a number was no double */
};

/* ---- Bins ---------------------------------------------------------------- */

static int64_t bin_of(double magnitude)
{
    return (int64_t)ceil(log(magnitude) / LOG_GAMMA);
}

/* What is at most ERROR from all in a bin. */
static double middle_of(int64_t bin)
{
    double middle = exp((double)bin * LOG_GAMMA) * 2 / (GAMMA + 1);

    return isfinite(middle) ? middle : 1.7976931348623157e308;
}

/* Make room for a bin. False without memory. */
static bool reach(struct bins *bins, int64_t bin)
{
    int64_t low = bins->size ? bins->low : bin;
    int64_t end = bins->size ? low + (int64_t)bins->size : bin;
    uint64_t *counts;

    if (bins->size && bin >= low && bin < end)
        return true;
    low = bin < low ? bin - BINS_AT_ONCE : low;
    end = bin >= end ? bin + BINS_AT_ONCE : end;
    counts = csi_calloc((size_t)(end - low), sizeof(*counts));
    if (!counts)
        return false;
    if (bins->size)
        memcpy(counts + (bins->low - low), bins->counts,
               bins->size * sizeof(*counts));
    csi_free(bins->counts);
    *bins = (struct bins){counts, low, (size_t)(end - low)};
    return true;
}

static bool add_to_bin(struct bins *bins, int64_t bin, uint64_t count)
{
    if (!reach(bins, bin))
        return false;
    bins->counts[bin - bins->low] += count;
    return true;
}

static bool add_to_sketch(struct quantiles *state, double value)
{
    if (value == 0)
        state->zeros++;
    else
        return add_to_bin(value > 0 ? &state->positive : &state->negative,
                          bin_of(fabs(value)), 1);
    return true;
}

/* False without memory. */
static bool sketch(struct quantiles *state)
{
    for (uint64_t i = 0; i < state->count; i++)
        if (!add_to_sketch(state, state->values[i]))
            return false;
    csi_free(state->values);
    state->values = NULL;
    state->capacity = 0;
    state->sketched = true;
    return true;
}

static bool add_value(struct quantiles *state, double value)
{
    if (!state->sketched && state->count == EXACT && !sketch(state))
        return false;
    if (state->sketched) {
        state->count++;
        return add_to_sketch(state, value);
    }
    if (!csi_grow(&state->values, &state->capacity, (size_t)state->count + 1,
                  sizeof(double)))
        return false;
    state->values[state->count++] = value;
    return true;
}

static uint32_t quantiles_add(const struct cosend_added *added,
                              const void *parameter)
{
    const int64_t exact = INT64_C(1) << 53;

    (void)parameter;
    for (uint32_t i = added->from; i < added->to; i++) {
        const struct cosend_value *value = &added->values[i];
        struct quantiles *state = cosend_state_at(added, i);
        double number = 0;

        if (cosend_is_blank(added->cells[i]))
            continue;
        if (!cosend_value_double(value, &number))
            return i;
        state->rounded |=
            value->type == COSEND_TYPE_DECIMAL ||
            (value->type == COSEND_TYPE_INT &&
             (value->as.integer > exact || value->as.integer < -exact));
        if (!add_value(state, number))
            return COSEND_ADD_FAILED;
    }
    return added->to;
}

/* ---- What comes of it ---------------------------------------------------- */

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

/* Sort values of which the first ones may be in order, as they are where this
   is done with each that comes. */
static void sort_values(double *values, size_t count)
{
    enum { FEW = 16 };
    size_t sorted = 1;

    while (sorted < count && values[sorted - 1] <= values[sorted])
        sorted++;
    if (count > sorted + FEW) {
        qsort(values, count, sizeof(*values), compare_doubles);
        return;
    }
    for (; sorted < count; sorted++) {
        double value = values[sorted];
        size_t low = 0, high = sorted;

        while (low < high) {
            size_t middle = low + (high - low) / 2;

            if (values[middle] <= value)
                low = middle + 1;
            else
                high = middle;
        }
        memmove(values + low + 1, values + low,
                (sorted - low) * sizeof(*values));
        values[low] = value;
    }
}

/* The one of a rank, from 0 on, in the order of size. Negative ones are in the
   bins of their magnitudes, from the top. */
static double of_rank(const struct quantiles *state, uint64_t rank)
{
    if (!state->sketched)
        return state->values[rank];
    for (size_t i = state->negative.size; i-- > 0;) {
        if (rank < state->negative.counts[i])
            return -middle_of(state->negative.low + (int64_t)i);
        rank -= state->negative.counts[i];
    }
    if (rank < state->zeros)
        return 0;
    rank -= state->zeros;
    for (size_t i = 0; i < state->positive.size; i++) {
        if (rank < state->positive.counts[i])
            return middle_of(state->positive.low + (int64_t)i);
        rank -= state->positive.counts[i];
    }
    return 0;
}

static bool prepare(const struct quantiles *state, struct cosend_stage *self,
                    struct cosend_column column)
{
    if (!state->count) {
        cosend_set(self, column, (struct cosend_cell){.kind = COSEND_NULL});
        return false;
    }
    if (!state->sketched)
        sort_values(state->values, (size_t)state->count);
    return true;
}

/* The mean of both in the middle, as decimals: of 0.1 and 0.2 it is 0.15. */
static double mean_of_two(double a, double b)
{
    char text[COSEND_NUMBER_MAX];
    struct cosend_sum sum = {0};
    double mean = a / 2 + b / 2;

    if (cosend_sum_add(&sum, text, cosend_format_double(a, text)) ==
            COSEND_IS_NUMBER &&
        cosend_sum_add(&sum, text, cosend_format_double(b, text)) ==
            COSEND_IS_NUMBER)
        mean = cosend_sum_mean(&sum, 2);
    cosend_sum_free(&sum);
    return mean;
}

static void median_set(const void *memory, struct cosend_stage *self,
                       struct cosend_column column, const void *parameter)
{
    const struct quantiles *state = memory;
    double low, high;

    (void)parameter;
    if (!prepare(state, self, column))
        return;
    low = of_rank(state, (state->count - 1) / 2);
    high = of_rank(state, state->count / 2);
    cosend_set_number(self, column, low == high ? low : mean_of_two(low, high));
}

static void percentile_set(const void *memory, struct cosend_stage *self,
                           struct cosend_column column, const void *parameter)
{
    const struct quantiles *state = memory;
    uint64_t part =
        parameter ? *(const uint32_t *)parameter : (uint64_t)WHOLE / 2;
    uint64_t rank;

    if (!prepare(state, self, column))
        return;
    /* part / WHOLE of all, rounded up, without overflow. */
    rank = state->count / WHOLE * part +
           (state->count % WHOLE * part + WHOLE - 1) / WHOLE;
    cosend_set_number(self, column, of_rank(state, rank ? rank - 1 : 0));
}

static const char *quantiles_doubt(const void *memory)
{
    const struct quantiles *state = memory;

    if (state->sketched)
        return "of more than 65536 numbers: within 0.5 % of the true one "
               "(DDSketch)";
    return state->rounded ? "numbers of more digits than a double keeps were "
                            "taken for the doubles nearest to them"
                          : NULL;
}

/* ---- As bytes ------------------------------------------------------------ */

static void put_bins(struct cosend_bytes *to, const struct bins *bins)
{
    size_t from = 0, end = bins->size;

    while (from < end && !bins->counts[from])
        from++;
    while (end > from && !bins->counts[end - 1])
        end--;
    cosend_put_varint(to, end - from);
    cosend_put_u64(to, (uint64_t)(bins->low + (int64_t)from));
    for (; from < end; from++)
        cosend_put_varint(to, bins->counts[from]);
}

static void quantiles_save(const void *memory, struct cosend_bytes *to)
{
    const struct quantiles *state = memory;

    cosend_put_u8(to, (uint8_t)(state->sketched | state->rounded << 1));
    cosend_put_varint(to, state->count);
    if (state->sketched) {
        put_bins(to, &state->positive);
        put_bins(to, &state->negative);
        cosend_put_varint(to, state->zeros);
        return;
    }
    for (uint64_t i = 0; i < state->count; i++)
        cosend_put_double(to, state->values[i]);
}

static int get_bins(struct bins *bins, struct cosend_reader_bytes *from)
{
    const int64_t most = 1 << 20;
    uint64_t size = cosend_get_varint(from);
    int64_t low = (int64_t)cosend_get_u64(from);

    if (from->failed || low < -most || low > most || size > (uint64_t)most)
        return COSEND_E_TYPE;
    for (uint64_t i = 0; i < size && !from->failed; i++) {
        uint64_t count = cosend_get_varint(from);

        if (count && !add_to_bin(bins, low + (int64_t)i, count))
            return COSEND_E_MEMORY;
    }
    return from->failed ? COSEND_E_TYPE : COSEND_OK;
}

static int merge_sketch(struct quantiles *state,
                        struct cosend_reader_bytes *from, uint64_t count)
{
    int status;

    if (!state->sketched && !sketch(state))
        return COSEND_E_MEMORY;
    status = get_bins(&state->positive, from);
    if (status == COSEND_OK)
        status = get_bins(&state->negative, from);
    state->zeros += cosend_get_varint(from);
    state->count += count;
    return status;
}

static int quantiles_merge(void *memory, struct cosend_reader_bytes *from)
{
    struct quantiles *state = memory;
    uint8_t flags = cosend_get_u8(from);
    uint64_t count = cosend_get_varint(from);

    if (from->failed || flags > 3 || count > INT64_MAX - state->count)
        return COSEND_E_TYPE;
    state->rounded |= flags >> 1;
    if (flags & 1)
        return merge_sketch(state, from, count);
    for (; count && !from->failed; count--) {
        double value = cosend_get_double(from);

        if (!isfinite(value))
            return COSEND_E_TYPE;
        if (!from->failed && !add_value(state, value))
            return COSEND_E_MEMORY;
    }
    return from->failed ? COSEND_E_TYPE : COSEND_OK;
}

static void quantiles_release(void *memory)
{
    struct quantiles *state = memory;

    csi_free(state->values);
    csi_free(state->positive.counts);
    csi_free(state->negative.counts);
    memset(state, 0, sizeof(*state));
}

/* ---- Of threads ---------------------------------------------------------- */

static bool unite_bins(struct bins *bins, const struct bins *from)
{
    for (size_t i = 0; i < from->size; i++)
        if (from->counts[i] &&
            !add_to_bin(bins, from->low + (int64_t)i, from->counts[i]))
            return false;
    return true;
}

/* All numbers of one become the other's. False without memory. */
static bool unite_values(struct quantiles *state, const struct quantiles *from)
{
    size_t more = (size_t)from->count;

    if (state->sketched || state->count + from->count > EXACT) {
        for (size_t i = 0; i < more; i++)
            if (!add_value(state, from->values[i]))
                return false;
        return true;
    }
    if (!csi_grow(&state->values, &state->capacity, (size_t)state->count + more,
                  sizeof(double)))
        return false;
    if (more)
        memcpy(state->values + state->count, from->values,
               more * sizeof(double));
    state->count += more;
    return true;
}

static int quantiles_unite(void *memory, void *other)
{
    struct quantiles *state = memory, *from = other;

    state->rounded |= from->rounded;
    if (!from->sketched && !unite_values(state, from))
        return COSEND_E_MEMORY;
    if (from->sketched) {
        if ((!state->sketched && !sketch(state)) ||
            !unite_bins(&state->positive, &from->positive) ||
            !unite_bins(&state->negative, &from->negative))
            return COSEND_E_MEMORY;
        state->zeros += from->zeros;
        state->count += from->count;
    }
    quantiles_release(from);
    return COSEND_OK;
}

#define QUANTILES(called, says, sets)                                          \
    {                                                                          \
        .name = called, .summary = says, .size = sizeof(struct quantiles),     \
        .flags = COSEND_TAKES_NUMBERS | COSEND_TAKES_VALUES |                  \
                 COSEND_NEEDS_FIELD | COSEND_TAKES_COMPUTED |                  \
                 COSEND_SETS_SLOWLY,                                           \
        .add = quantiles_add, .set = sets, .save = quantiles_save,             \
        .merge = quantiles_merge, .release = quantiles_release,                \
        .doubt = quantiles_doubt, .unite = quantiles_unite                     \
    }

const struct cosend_aggregate csi_aggregate_median =
    QUANTILES("median", "The number in the middle, or the mean of both there",
              median_set);
const struct cosend_aggregate csi_aggregate_percentile =
    QUANTILES("percentile",
              "The least number that so much of all is not above: p95, p99.9",
              percentile_set);
