/* SPDX-License-Identifier: MIT */
/*
 * histogram: emits, at the end, one record for each of some bins of the same
 * width: from where to where it goes, and how many numbers are in it.
 *
 * With both ends given only the counts are held, else all numbers, as doubles.
 */
#include "cosend.h"

#include <math.h>
#include <string.h>

struct histogram {
    struct cosend_field field;
    int64_t bins, bar;
    double lo, hi;
    bool ascii;
    bool has_lo, has_hi; /* made by check */
};

static const struct cosend_option options[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct histogram, field),
     .flags = COSEND_MAIN | COSEND_ONLY_COLUMN,
     .help = "the field with the numbers",
     .example = "\"ms\""},
    {.name = "bins",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct histogram, bins),
     .fallback = "10",
     .flags = COSEND_SECOND,
     .minimum = 1,
     .maximum = 1000000,
     .help = "how many bins",
     .example = "20"},
    {.name = "lo",
     .type = COSEND_OPTION_NUMBER,
     .offset = offsetof(struct histogram, lo),
     .minimum = INT64_MIN,
     .maximum = INT64_MAX,
     .help = "where the first begins; without it at the least number",
     .example = "0"},
    {.name = "hi",
     .type = COSEND_OPTION_NUMBER,
     .offset = offsetof(struct histogram, hi),
     .minimum = INT64_MIN,
     .maximum = INT64_MAX,
     .help = "where the last ends; without it at the greatest number",
     .example = "1000"},
    {.name = "bar",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct histogram, bar),
     .minimum = 2,
     .maximum = COSEND_BAR_WIDTH,
     .help = "draw a bar beside each count, of so many characters at most",
     .example = "40"},
    {.name = "ascii",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct histogram, ascii),
     .help = "bars of # in place of Unicode's blocks",
     .example = "true"},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    struct histogram *histogram = memory;

    histogram->has_lo = cosend_check_given(check, "lo");
    histogram->has_hi = cosend_check_given(check, "hi");
    if (histogram->has_lo && histogram->has_hi &&
        histogram->lo >= histogram->hi)
        cosend_check_error(check, "hi", "must be above lo");
    if (cosend_check_given(check, "ascii") && !histogram->bar)
        cosend_check_error(check, "ascii", "is for `bar`: bar=40");
    cosend_check_endless(check,
                         histogram->has_lo && histogram->has_hi
                             ? COSEND_COMES_TO_AN_END
                             : COSEND_GROWS,
                         "give both ends, by lo=0 hi=1000");
}

struct work {
    double lo, hi;
    double scale;  /* 1, or less, where else a width or its multiples were more
                      than a double holds */
    uint64_t bins; /* 1 where all numbers are the same */
    uint64_t *counts;
    uint64_t outside;
    bool fixed;                  /* lo and hi are known, and counts there */
    struct cosend_bytes *values; /* double, until they are */
};

/* Where bin i begins, and the one before it ends. */
static double bound(const struct work *work, uint64_t i)
{
    double width = work->hi * work->scale - work->lo * work->scale;
    double part = width * (double)i / (double)work->bins;

    if (i >= work->bins)
        return work->hi;
    return i ? (work->lo * work->scale + part) / work->scale : work->lo + 0.0;
}

/* Count a number. A bin has its lower bound, as it is printed, and the last one
   both. */
static void count(struct work *work, double value)
{
    double scale = work->scale;
    double part = (value * scale - work->lo * scale) /
                  (work->hi * scale - work->lo * scale);
    uint64_t i = 0;

    if (value < work->lo || value > work->hi) {
        work->outside++;
        return;
    }
    if (work->bins > 1 && part > 0)
        i = (uint64_t)(part * (double)work->bins);
    if (i >= work->bins)
        i = work->bins - 1;
    while (i > 0 && value < bound(work, i))
        i--;
    while (i + 1 < work->bins && value >= bound(work, i + 1))
        i++;
    work->counts[i]++;
}

/* Both ends are known. Returns 0, or an error. */
static int fix(struct cosend_stage *self, const struct histogram *histogram,
               struct work *work, double lo, double hi)
{
    work->fixed = true;
    work->lo = lo;
    work->hi = hi;
    work->bins = lo < hi ? (uint64_t)histogram->bins : 1;
    work->scale = isfinite((hi - lo) * (double)work->bins) ? 1 : 0x1p-32;
    work->counts =
        cosend_stage_memory(self, work->bins * sizeof(*work->counts));
    return work->counts ? 0 : COSEND_E_MEMORY;
}

/* All numbers are there: find the ends, and count them. */
static int count_values(struct cosend_stage *self,
                        const struct histogram *histogram, struct work *work)
{
    const double *values = (const void *)work->values->data;
    size_t many = work->values->length / sizeof(*values);
    double lo = INFINITY, hi = -INFINITY;
    int status;

    for (size_t i = 0; i < many; i++) {
        lo = values[i] < lo ? values[i] : lo;
        hi = values[i] > hi ? values[i] : hi;
    }
    if (!many)
        return 0;
    lo = histogram->has_lo ? histogram->lo : lo;
    hi = histogram->has_hi ? histogram->hi : hi;
    lo = histogram->has_hi && lo > hi ? hi : lo;
    hi = histogram->has_lo && hi < lo ? lo : hi;
    status = fix(self, histogram, work, lo, hi);
    for (size_t i = 0; status == 0 && i < many; i++)
        count(work, values[i]);
    return status;
}

/* Returns 0, or an error. */
static int add_batch(struct cosend_stage *self,
                     const struct histogram *histogram, struct work *work,
                     const struct cosend_batch *batch)
{
    struct cosend_numbers numbers;

    if (!cosend_numbers_of(self, histogram->field, &numbers))
        return COSEND_E_MEMORY;
    for (uint32_t i = 0; i < cosend_batch_count(batch); i++) {
        double value = 0;
        enum cosend_form form = cosend_double_at(&numbers, i, &value);

        if (form == COSEND_FORM_OTHER) {
            struct cosend_record record = cosend_record_at(self, i);

            cosend_bad_number(self, &record, histogram->field);
            if (cosend_ended(self))
                return 0;
        } else if (form != COSEND_FORM_BLANK && work->fixed) {
            count(work, value);
        } else if (form != COSEND_FORM_BLANK) {
            cosend_put_raw(work->values, &value, sizeof(value));
        }
    }
    return work->values->failed
               ? cosend_fail(self, COSEND_E_MEMORY, "out of memory")
               : 0;
}

/* ---- As bytes ------------------------------------------------------------ */

static int save(const void *state, struct cosend_bytes *to)
{
    const struct work *work = state;
    const double *values = (const void *)work->values->data;
    size_t many = work->values->length / sizeof(*values);

    cosend_put_u8(to, work->fixed);
    cosend_put_varint(to, work->outside);
    for (uint64_t i = 0; work->fixed && i < work->bins; i++)
        cosend_put_varint(to, work->counts[i]);
    cosend_put_varint(to, many);
    for (size_t i = 0; i < many; i++)
        cosend_put_double(to, values[i]);
    return to->failed ? COSEND_E_MEMORY : COSEND_OK;
}

static int merge(void *state, struct cosend_reader_bytes *from)
{
    struct work *work = state;
    bool fixed = cosend_get_u8(from);
    uint64_t many;

    if (fixed != work->fixed)
        return COSEND_E_TYPE;
    work->outside += cosend_get_varint(from);
    for (uint64_t i = 0; fixed && i < work->bins; i++)
        work->counts[i] += cosend_get_varint(from);
    many = cosend_get_varint(from);
    for (uint64_t i = 0; i < many && !from->failed; i++) {
        double value = cosend_get_double(from);

        cosend_put_raw(work->values, &value, sizeof(value));
    }
    if (from->failed)
        return COSEND_E_TYPE;
    return work->values->failed ? COSEND_E_MEMORY : COSEND_OK;
}

/* ---- Body ---------------------------------------------------------------- */

static void set_bar(struct cosend_stage *self, struct cosend_column column,
                    const struct cosend_bars *bars, uint64_t count)
{
    char bar[COSEND_BAR_MAX];

    cosend_set(self, column,
               cosend_text(bar, cosend_format_bar(bars, (double)count, bar)));
}

static void emit_bins(struct cosend_stage *self,
                      const struct histogram *histogram,
                      const struct work *work,
                      const struct cosend_column columns[4])
{
    struct cosend_bars bars = {.width = (uint32_t)histogram->bar,
                               .ascii = histogram->ascii};

    for (uint64_t i = 0; i < work->bins; i++)
        bars.hi = fmax(bars.hi, (double)work->counts[i]);
    for (uint64_t i = 0; i < work->bins; i++) {
        cosend_set_number(self, columns[0], bound(work, i));
        cosend_set_number(self, columns[1], bound(work, i + 1));
        cosend_set_integer(self, columns[2], (int64_t)work->counts[i]);
        if (histogram->bar)
            set_bar(self, columns[3], &bars, work->counts[i]);
        cosend_emit_new(self);
    }
    if (work->outside)
        cosend_warn(self,
                    "%llu numbers are below lo or above hi, and in no bin",
                    (unsigned long long)work->outside);
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct histogram *histogram = memory;
    struct work *work = cosend_stage_memory(self, sizeof(*work));
    const struct cosend_batch *batch;
    struct cosend_column columns[4] = {{0}};
    int status = 0;

    if (!work || !(work->values = cosend_stage_text(self)))
        return COSEND_E_MEMORY;
    cosend_drop_columns(self);
    cosend_only_fields(self);
    columns[0] = cosend_add_column(self, "bin_lo");
    columns[1] = cosend_add_column(self, "bin_hi");
    columns[2] = cosend_add_column(self, "count");
    if (histogram->bar)
        columns[3] = cosend_add_column(self, "bar");
    if (histogram->has_lo && histogram->has_hi)
        status = fix(self, histogram, work, histogram->lo, histogram->hi);
    cosend_publish(self, work);
    while (status == 0 && (batch = cosend_receive_batch(self)))
        status = add_batch(self, histogram, work, batch);
    if (status == 0 && !work->fixed)
        status = count_values(self, histogram, work);
    if (status == 0)
        emit_bins(self, histogram, work, columns);
    return status;
}

const struct cosend_filter csi_filter_histogram = {
    .abi = COSEND_ABI,
    .name = "histogram",
    .role = COSEND_FILTER,
    .summary = "How many numbers are in each of some bins",
    .details =
        "Emits, at the end of the input, one record for each bin: bin_lo, "
        "bin_hi and count. All bins have the same width, from `lo`, or the "
        "least number, to `hi`, or the greatest. A number that is a bound is "
        "in the bin that begins there, and in the last one where that ends. "
        "Numbers outside of `lo` and `hi` are in none, and told. Where all "
        "numbers are the same there is one bin, and none where there are no "
        "numbers, unless both ends are given. With `bar` there is a column of "
        "bars, of Unicode's blocks, as `bar` draws them: the greatest count's "
        "has so many characters. What is absent, null or empty "
        "counts for nothing; anything else that is not a number is bad "
        "(not_a_number). Memory: a counter for each bin where both ends are "
        "given, else 8 bytes for each number; threads share the work. Under "
        "--follow it prints when the run is ended, and what there is on "
        "SIGUSR1; without both ends it would hold more and more, and is "
        "refused, unless a step before it ends its records (head) or prints at "
        "the end (count).",
    .example = "parse combined | histogram size 5 lo=0 hi=50000 bar=40",
    .options_size = sizeof(struct histogram),
    .options = options,
    .check = check,
    .body = body,
    .save = save,
    .merge = merge,
    .parallel = COSEND_MERGES,
    .absorbs = true,
};
