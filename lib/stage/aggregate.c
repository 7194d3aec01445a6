/* SPDX-License-Identifier: MIT */
/*
 * The rows. What is blank is absent, null or empty: no number, and no value of
 * any other kind. None depends on how records were split among those who add:
 * sums are exact, of equal least ones the shorter text is taken, and what came
 * first is known by its ordinal.
 */
#include "cosend/aggregate.h"

#include "group/sum.h"
#include "stage/aggregate_chosen.h"
#include "stage/aggregate_distinct.h"
#include "stage/aggregate_list.h"
#include "stage/aggregate_mode.h"
#include "stage/aggregate_moments.h"
#include "stage/aggregate_quantiles.h"

#include <string.h>

/* ---- count --------------------------------------------------------------- */

static uint32_t count_add(const struct cosend_added *added,
                          const void *parameter)
{
    (void)parameter;
    for (uint32_t i = added->from; i < added->to; i++) {
        struct cosend_count *count = cosend_state_at(added, i);

        count->count += !added->cells || !cosend_is_blank(added->cells[i]);
    }
    return added->to;
}

static void count_set(const void *state, struct cosend_stage *self,
                      struct cosend_column column, const void *parameter)
{
    const struct cosend_count *count = state;

    (void)parameter;
    cosend_set_integer(self, column, (int64_t)count->count);
}

static void count_save(const void *state, struct cosend_bytes *to)
{
    const struct cosend_count *count = state;

    cosend_put_varint(to, count->count);
}

static int count_merge(void *state, struct cosend_reader_bytes *from)
{
    struct cosend_count *count = state;
    uint64_t more = cosend_get_varint(from);

    if (more > INT64_MAX || count->count > INT64_MAX - more)
        return COSEND_E_TYPE;
    count->count += more;
    return COSEND_OK;
}

static int count_unite(void *state, void *from)
{
    struct cosend_count *count = state, *more = from;

    count->count += more->count;
    more->count = 0;
    return COSEND_OK;
}

static uint32_t null_count_add(const struct cosend_added *added,
                               const void *parameter)
{
    (void)parameter;
    for (uint32_t i = added->from; i < added->to; i++) {
        struct cosend_count *count = cosend_state_at(added, i);

        count->count += cosend_is_blank(added->cells[i]);
    }
    return added->to;
}

/* ---- sum, mean ----------------------------------------------------------- */

static uint32_t mean_add(const struct cosend_added *added,
                         const void *parameter)
{
    (void)parameter;
    for (uint32_t i = added->from; i < added->to; i++) {
        struct cosend_cell cell = added->cells[i];
        struct cosend_mean *mean = cosend_state_at(added, i);
        int answer;

        if (cosend_is_blank(cell))
            continue;
        answer = cell.data ? cosend_sum_add(&mean->sum, cell.data, cell.length)
                           : csi_sum_add_value(&mean->sum, &added->values[i]);
        if (answer != COSEND_IS_NUMBER)
            return answer == COSEND_NOT_NUMBER ? i : COSEND_ADD_FAILED;
        mean->count++;
    }
    return added->to;
}

static void sum_set(const void *state, struct cosend_stage *self,
                    struct cosend_column column, const void *parameter)
{
    const struct cosend_mean *mean = state;
    char text[COSEND_SUM_MAX];
    struct cosend_cell cell =
        cosend_text(text, cosend_sum_total(&mean->sum, text));

    (void)parameter;
    cell.kind = COSEND_NUMBER;
    cosend_set(self, column, cell);
}

static void mean_set(const void *state, struct cosend_stage *self,
                     struct cosend_column column, const void *parameter)
{
    const struct cosend_mean *mean = state;

    (void)parameter;
    if (mean->count)
        cosend_set_number(self, column,
                          cosend_sum_mean(&mean->sum, mean->count));
    else
        cosend_set(self, column, (struct cosend_cell){.kind = COSEND_NULL});
}

static void mean_save(const void *state, struct cosend_bytes *to)
{
    const struct cosend_mean *mean = state;

    cosend_put_varint(to, mean->count);
    cosend_sum_save(&mean->sum, to);
}

static int mean_merge(void *state, struct cosend_reader_bytes *from)
{
    struct cosend_mean *mean = state;
    uint64_t more = cosend_get_varint(from);

    if (more > INT64_MAX || mean->count > INT64_MAX - more)
        return COSEND_E_TYPE;
    mean->count += more;
    return cosend_sum_load(&mean->sum, from);
}

static void mean_release(void *state)
{
    struct cosend_mean *mean = state;

    cosend_sum_free(&mean->sum);
}

static int mean_unite(void *state, void *from)
{
    struct cosend_mean *mean = state, *more = from;
    int status = cosend_sum_merge(&mean->sum, &more->sum);

    if (status != COSEND_OK)
        return status;
    mean->count += more->count;
    mean_release(more);
    more->count = 0;
    return COSEND_OK;
}

/* ---- All of them --------------------------------------------------------- */

static const struct cosend_aggregate count_row = {
    .name = "count",
    .summary = "How many records, or cells that are not blank",
    .size = sizeof(struct cosend_count),
    .flags = COSEND_TAKES_COMPUTED,
    .add = count_add,
    .set = count_set,
    .save = count_save,
    .merge = count_merge,
    .unite = count_unite};
static const struct cosend_aggregate sum_row = {
    .name = "sum",
    .summary = "The exact sum of numbers; 0 of none",
    .size = sizeof(struct cosend_mean),
    .flags = COSEND_TAKES_NUMBERS | COSEND_NEEDS_FIELD | COSEND_TAKES_COMPUTED,
    .add = mean_add,
    .set = sum_set,
    .save = mean_save,
    .merge = mean_merge,
    .release = mean_release,
    .unite = mean_unite};
static const struct cosend_aggregate mean_row = {
    .name = "mean",
    .summary = "The exact sum of numbers by their count, rounded once",
    .size = sizeof(struct cosend_mean),
    .flags = COSEND_TAKES_NUMBERS | COSEND_NEEDS_FIELD | COSEND_TAKES_COMPUTED,
    .add = mean_add,
    .set = mean_set,
    .save = mean_save,
    .merge = mean_merge,
    .release = mean_release,
    .unite = mean_unite};
static const struct cosend_aggregate null_count_row = {
    .name = "null_count",
    .summary = "How many cells are absent, null or empty",
    .size = sizeof(struct cosend_count),
    .flags = COSEND_NEEDS_FIELD | COSEND_TAKES_COMPUTED,
    .add = null_count_add,
    .set = count_set,
    .save = count_save,
    .merge = count_merge,
    .unite = count_unite};

static const struct cosend_aggregate *const rows[] = {
    &count_row,
    &sum_row,
    &mean_row,
    &csi_aggregate_min,
    &csi_aggregate_max,
    &csi_aggregate_range,
    &csi_aggregate_first,
    &csi_aggregate_last,
    &csi_aggregate_var,
    &csi_aggregate_stddev,
    &csi_aggregate_median,
    &csi_aggregate_percentile,
    &csi_aggregate_mode,
    &csi_aggregate_distinct,
    &null_count_row,
    &csi_aggregate_list,
    &csi_aggregate_concat,
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

const struct cosend_aggregate *cosend_aggregate_at(size_t i)
{
    return i < ROWS ? rows[i] : NULL;
}

const struct cosend_aggregate *cosend_find_aggregate(const char *name)
{
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(rows[i]->name, name) == 0)
            return rows[i];
    return NULL;
}
