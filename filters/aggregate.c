/* SPDX-License-Identifier: MIT */
/*
 * aggregate: emits one record at the end, what functions make of fields:
 * counts, sums, means, percentiles; with `by` one for each group, in the order
 * in which they first appeared.
 *
 * What to work out is said by a list, of texts as "p95(ms)" or "slow=max(ms)",
 * or by a map, whose keys are the names of the columns.
 */
#include "cosend.h"

enum emit { EMIT_END, EMIT_EACH };
enum overflow { OVERFLOW_OTHER, OVERFLOW_FAIL };

struct aggregate {
    struct cosend_aggregate_options what;
    int64_t every, interval, max_groups;
    int emit, overflow;
};

static const char *const emits[] = {"end", "each", NULL};
static const char *const overflows[] = {"other", "fail", NULL};

static const struct cosend_option options[] = {
    {.name = "what",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct aggregate, what),
     .group = cosend_aggregate_options},
    {.name = "emit",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct aggregate, emit),
     .fallback = "\"end\"",
     .choices = emits,
     .help = "when: at the end, or beside each record, what there is so far of "
             "its group",
     .example = "\"each\""},
    {.name = "every",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct aggregate, every),
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "emit what there is so far after each so many records too; 0: at "
             "the end alone",
     .example = "1000"},
    {.name = "interval",
     .type = COSEND_OPTION_DURATION,
     .offset = offsetof(struct aggregate, interval),
     .minimum = 1,
     .maximum = INT64_MAX,
     .help = "of a live input, emit it so long after the last time too",
     .example = "\"5s\""},
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

/* Whether what there is goes out before the end, too. */
static bool is_often(const struct aggregate *aggregate)
{
    return aggregate->every || aggregate->interval;
}

/* ---- Check --------------------------------------------------------------- */

static void check_when(struct cosend_check *check,
                       const struct aggregate *aggregate)
{
    bool each = aggregate->emit == EMIT_EACH, often = is_often(aggregate);

    if (each && often)
        cosend_check_error(check, "emit",
                           "each is with each record, which `%s` is not",
                           aggregate->every ? "every" : "interval");
    if (cosend_aggregates_hold_all(&aggregate->what))
        cosend_check_endless(check, COSEND_GROWS,
                             "do without list and concat, which hold all "
                             "values");
    else if (!each && !often)
        cosend_check_endless(check, COSEND_COMES_TO_AN_END, NULL);
}

static void check(struct cosend_check *check, void *memory)
{
    struct aggregate *aggregate = memory;

    cosend_check_aggregates(check, &aggregate->what);
    check_when(check, aggregate);
}

/* ---- Run ----------------------------------------------------------------- */

static int body(struct cosend_stage *self, void *memory)
{
    const struct aggregate *aggregate = memory;
    struct cosend_aggregates *all =
        cosend_aggregates_start(self, &aggregate->what);
    bool each = aggregate->emit == EMIT_EACH, often = is_often(aggregate);

    if (!all || !cosend_aggregates_limit(all, (uint64_t)aggregate->max_groups,
                                         aggregate->overflow == OVERFLOW_OTHER))
        return COSEND_E_MEMORY;
    cosend_only_fields(self);
    cosend_publish(self, all);
    if (each || often || aggregate->max_groups)
        cosend_set_parallel(self, COSEND_SERIAL);
    if (!each) {
        cosend_drop_columns(self);
        cosend_aggregates_add_groups(all);
    }
    cosend_aggregates_add_columns(all);
    if (each || often) {
        if (each)
            cosend_aggregates_emit_each(
                all, "name=function(field) takes another name");
        else
            cosend_aggregates_emit_often(all, aggregate->every,
                                         aggregate->interval);
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
    const struct aggregate *aggregate = memory;

    cosend_aggregates_release(&aggregate->what);
}

const struct cosend_filter csi_filter_aggregate = {
    .abi = COSEND_ABI,
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
        "min, max, first, last, mode, distinct, null_count, list (an array of"
        " JSON) and concat. Each is of a field, or of an expression, as in "
        "sum(price * qty), whose column is called as it is written. "
        "count(field) counts values, false ones too, and count(condition) "
        "what is true. What is absent, null or empty is passed over, but by "
        "first, last and null_count; anything else that is not a number where"
        " one must be makes the record bad (not_a_number), and it counts for "
        "nothing then. sum, mean and range are exact; var and stddev are "
        "rounded at the end, but where numbers have more than 9 decimals or "
        "18 digits: then the last digit may differ with -j. Percentiles are "
        "exact up to 65536 numbers a group, and then within 0.5 %; distinct "
        "is exact up to 65536 values a group, and then estimated, and marked "
        "by ~; either is told. Memory: some bytes for each group, but for "
        "percentiles and distinct up to 2 MiB, and for mode, list and concat "
        "all values. Threads share the work, unless emit=each, `every`, "
        "`interval` or `max_groups` is given. With emit=each every record goes "
        "on as it came, with a column for each function behind its own: what "
        "it is of its group so far; of mode, list and concat all values are "
        "looked at for each record then. Under --follow it prints when the run "
        "is ended, by `every` and `interval` as it goes, by emit=each with "
        "each record, and what there is on SIGUSR1; list and concat, which "
        "would hold more and more, are refused.",
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
