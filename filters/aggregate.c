/* SPDX-License-Identifier: MIT */
/*
 * aggregate: emits one record at the end, what functions make of fields:
 * counts, sums, means, percentiles; with `by` one for each group, in the order
 * in which they first appeared.
 *
 * What to work out is said by a list, of texts as "p95(ms)" or "slow=max(ms)",
 * or by a map, whose keys are the names of the columns.
 */
#include "aggregate_job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum overflow { OVERFLOW_OTHER, OVERFLOW_FAIL };

struct aggregate {
    struct cosend_list of, values;
    struct cosend_fields by;
    struct cosend_string separator;
    int64_t every, max_groups;
    int overflow;
};

static const char *const overflows[] = {"other", "fail", NULL};

static const struct cosend_option text_options[] = {
    {.name = "text",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct csi_job_text, text),
     .flags = COSEND_MAIN | COSEND_REQUIRED,
     .maximum = INT64_MAX,
     .help = "[name=]function(expression), or count of records",
     .example = "\"slowest=max(ms)\""},
    {.name = NULL},
};

#define FUNCTION(i, name_)                                                     \
    {                                                                          \
        .name = name_, .type = COSEND_OPTION_STRING,                           \
        .offset = offsetof(struct csi_job_value, fields) +                     \
                  (i) * sizeof(struct cosend_string),                          \
        .maximum = INT64_MAX, .help = "of what", .example = "\"ms\""           \
    }

/* In the order of `functions`. */
static const struct cosend_option value_options[] = {
    {.name = "text",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct csi_job_value, text),
     .flags = COSEND_MAIN,
     .maximum = INT64_MAX,
     .help = "function(expression), or count of records",
     .example = "\"p99.99(ms)\""},
    FUNCTION(0, "count"),
    FUNCTION(1, "sum"),
    FUNCTION(2, "mean"),
    FUNCTION(3, "min"),
    FUNCTION(4, "max"),
    FUNCTION(5, "range"),
    FUNCTION(6, "first"),
    FUNCTION(7, "last"),
    FUNCTION(8, "var"),
    FUNCTION(9, "stddev"),
    FUNCTION(10, "median"),
    FUNCTION(11, "mode"),
    FUNCTION(12, "distinct"),
    FUNCTION(13, "null_count"),
    FUNCTION(14, "list"),
    FUNCTION(15, "concat"),
    FUNCTION(16, "p1"),
    FUNCTION(17, "p5"),
    FUNCTION(18, "p10"),
    FUNCTION(19, "p25"),
    FUNCTION(20, "p50"),
    FUNCTION(21, "p75"),
    FUNCTION(22, "p90"),
    FUNCTION(23, "p95"),
    FUNCTION(24, "p99"),
    FUNCTION(25, "p99.9"),
    {.name = NULL},
};

static const struct cosend_option options[] = {
    {.name = "of",
     .type = COSEND_OPTION_LIST,
     .offset = offsetof(struct aggregate, of),
     .flags = COSEND_MAIN | COSEND_REST,
     .group = text_options,
     .item_size = sizeof(struct csi_job_text),
     .help = "what to work out: function(field), whose column is called "
             "function_field, or name=function(expression), as in "
             "net=sum(price * qty); count alone is of records, and count of "
             "an expression counts where it is true",
     .example = "[\"count\", \"mean(ms)\", \"slowest=max(ms)\"]"},
    {.name = "values",
     .type = COSEND_OPTION_MAP,
     .offset = offsetof(struct aggregate, values),
     .group = value_options,
     .item_size = sizeof(struct csi_job_value),
     .help = "the same by the names of the columns",
     .example = "{\"n\": \"count\", \"p95\": {\"p95\": \"ms\"}}"},
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct aggregate, by),
     .help = "for each group of records that are the same in these fields, as "
             "they are written (200 is not 200.0)",
     .example = "[\"host\", \"status\"]"},
    {.name = "separator",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct aggregate, separator),
     .fallback = "\",\"",
     .maximum = INT64_MAX,
     .help = "between the values of concat",
     .example = "\"; \""},
    {.name = "every",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct aggregate, every),
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "emit what there is so far after each so many records too; 0: at "
             "the end alone",
     .example = "1000"},
    {.name = "max_groups",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct aggregate, max_groups),
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "how many groups there may be; 0: any number",
     .example = "100000"},
    {.name = "overflow",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct aggregate, overflow),
     .fallback = "\"other\"",
     .choices = overflows,
     .help = "what becomes of more groups: all together one last group, "
             "(other), or the end of the run",
     .example = "\"fail\""},
    {.name = NULL},
};

static size_t job_count(const struct aggregate *aggregate)
{
    return aggregate->of.count + aggregate->values.count;
}

static struct csi_job job_at(const struct aggregate *aggregate, size_t i)
{
    /* check alone writes to them. */
    struct csi_job_text *texts = (struct csi_job_text *)aggregate->of.items;
    struct csi_job_value *values =
        (struct csi_job_value *)aggregate->values.items;
    struct csi_job job;

    if (i < aggregate->of.count)
        return csi_job_of_text(&texts[i]);
    i -= aggregate->of.count;
    job = csi_job_of_value(&values[i]);
    job.name = (struct csi_slice){aggregate->values.keys[i].data,
                                  aggregate->values.keys[i].length};
    return job;
}

/* ---- Check --------------------------------------------------------------- */

static const char *place_of(const struct aggregate *aggregate, size_t i,
                            char place[CSI_JOB_NAME])
{
    if (i < aggregate->of.count)
        snprintf(place, CSI_JOB_NAME, "of[%zu]", i);
    else
        snprintf(place, CSI_JOB_NAME, "values.%s",
                 aggregate->values.keys[i - aggregate->of.count].data);
    return place;
}

/* Whether an earlier column, or a group's field, has the name. */
static bool is_taken(struct cosend_check *check,
                     const struct aggregate *aggregate, size_t i,
                     const char *name)
{
    char other[CSI_JOB_NAME];

    for (size_t j = 0; j < i; j++) {
        struct csi_job job = job_at(aggregate, j);

        csi_job_print_name(&job, other);
        if (strcmp(other, name) == 0)
            return true;
    }
    for (uint32_t j = 0; j < aggregate->by.count; j++) {
        const char *by =
            cosend_check_field_name(check, cosend_nth(aggregate->by, j));

        if (by && strcmp(by, name) == 0)
            return true;
    }
    return false;
}

static void check_job(struct cosend_check *check, struct aggregate *aggregate,
                      size_t i)
{
    struct csi_job job = job_at(aggregate, i);
    char place[CSI_JOB_NAME], name[CSI_JOB_NAME];

    place_of(aggregate, i, place);
    csi_job_check(check, place, &job);
    if (csi_job_print_name(&job, name) >= CSI_JOB_NAME)
        cosend_check_error(check, place,
                           "the column's name is longer than %d "
                           "bytes",
                           CSI_JOB_NAME - 1);
    else if (job.row && is_taken(check, aggregate, i, name))
        cosend_check_error(check, place,
                           "two columns would be called \"%s\"; say "
                           "name=function(field)",
                           name);
}

static void check(struct cosend_check *check, void *memory)
{
    struct aggregate *aggregate = memory;

    if (!job_count(aggregate))
        cosend_check_error(check, "of",
                           "nothing to work out is given: count, mean(FIELD), "
                           "p95(FIELD)");
    for (size_t i = 0; i < job_count(aggregate); i++)
        check_job(check, aggregate, i);
}

/* ---- Run ----------------------------------------------------------------- */

/* What must outlive the stage. */
struct kept {
    char name[CSI_JOB_NAME];
    uint32_t part;
};

static struct cosend_aggregates *start(struct cosend_stage *self,
                                       const struct aggregate *aggregate)
{
    size_t count = job_count(aggregate);
    struct kept *kept = cosend_stage_memory(self, count * sizeof(*kept));
    struct cosend_use *uses = cosend_stage_memory(self, count * sizeof(*uses));

    if (!kept || !uses)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        struct csi_job job = job_at(aggregate, i);
        bool is_percentile = job.row == cosend_find_aggregate("percentile");

        csi_job_print_name(&job, kept[i].name);
        kept[i].part = job.part;
        uses[i] = (struct cosend_use){
            .aggregate = job.row,
            .field = job.of->field,
            .expression = job.of->expression,
            .as = kept[i].name,
            .parameter = is_percentile
                             ? (const void *)&kept[i].part
                             : (const void *)aggregate->separator.data};
    }
    return cosend_aggregates_new(self, aggregate->by, uses, count);
}

/* What there is so far goes out after each so many records. */
static void emit_every(struct cosend_stage *self, struct cosend_aggregates *all,
                       int64_t every)
{
    struct cosend_record record;
    int64_t count = 0;

    while (cosend_receive(self, &record)) {
        cosend_aggregates_add(all, &record);
        if (++count % every == 0)
            cosend_aggregates_emit(all);
    }
    if (!count || count % every)
        cosend_aggregates_emit(all);
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct aggregate *aggregate = memory;
    struct cosend_aggregates *all = start(self, aggregate);

    if (!all || !cosend_aggregates_limit(all, (uint64_t)aggregate->max_groups,
                                         aggregate->overflow == OVERFLOW_OTHER))
        return COSEND_E_MEMORY;
    cosend_only_fields(self);
    if (!aggregate->every && !aggregate->max_groups)
        cosend_publish(self, all);
    cosend_drop_columns(self);
    cosend_aggregates_add_groups(all);
    cosend_aggregates_add_columns(all);
    if (aggregate->every) {
        emit_every(self, all, aggregate->every);
        return 0;
    }
    while (cosend_receive_batch(self) && cosend_aggregates_add_batch(all))
        ;
    cosend_aggregates_emit(all);
    return 0;
}

static int save(const void *aggregates, struct cosend_bytes *to)
{
    return cosend_aggregates_save(aggregates, to);
}

static int merge(void *aggregates, struct cosend_reader_bytes *from)
{
    return cosend_aggregates_merge(aggregates, from);
}

static void release(void *memory)
{
    struct aggregate *aggregate = memory;

    for (size_t i = 0; i < job_count(aggregate); i++)
        cosend_expression_free(job_at(aggregate, i).of->expression);
}

const struct cosend_filter csi_filter_aggregate = {
    .name = "aggregate",
    .aliases = "groupby",
    .role = COSEND_FILTER,
    .summary = "Counts, sums, means, percentiles and the like, of all records "
               "or by group",
    .details =
        "Emits, at the end of the input, one record with a column for each "
        "function; with `by` one for each group, its fields before those, in "
        "the order in which the groups first appeared. Functions of numbers "
        "are sum, mean, range, var and stddev (of a sample), median (of an "
        "even count the mean of both in the middle) and p50, p95, p99.9 (the "
        "least number that so much of all is not above); others are count, "
        "min, max, first, last, mode, distinct, null_count, list (an array of "
        "JSON) and concat. What is absent, null or empty is passed over, but "
        "by first, last and null_count; anything else that is not a number "
        "where one must be makes the record bad (not_a_number), and it counts "
        "for nothing then. sum, mean and range are exact; var and stddev are "
        "rounded at the end, but where numbers have more than 9 decimals or "
        "18 digits: then the last digit may differ with -j. Percentiles are "
        "exact up to 65536 numbers a group, and then within 0.5 %; distinct is "
        "exact up to 65536 values a group, and then estimated, and marked by "
        "~; either is told. Memory: some bytes for each group, but for "
        "percentiles and distinct up to 2 MiB, and for mode, list and concat "
        "all values. Threads share the work, unless `every` or `max_groups` is "
        "given. Under --follow it prints when the run is ended, by `every` as "
        "it goes, and what there is on SIGUSR1.",
    .example =
        "parse combined | aggregate count,mean(size),p95(size) by=status",
    .options_size = sizeof(struct aggregate),
    .options = options,
    .body = body,
    .check = check,
    .release = release,
    .save = save,
    .merge = merge,
    .parallel = COSEND_MERGES,
    .absorbs = true,
};
