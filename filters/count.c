/* SPDX-License-Identifier: MIT */
/*
 * count: emits one record at the end, how many records came; or, with `by`,
 * one for each group, in the order in which they first appeared.
 */
#include "cosend.h"

#include <string.h>

struct count {
    struct cosend_fields by;
    struct cosend_string as;
    struct cosend_field distinct;
    int64_t every, interval;
    int emit;
};

enum emit { EMIT_END, EMIT_CHANGE };

static const char *const emits[] = {"end", "change", NULL};

static const struct cosend_option options[] = {
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct count, by),
     .flags = COSEND_MAIN,
     .help =
         "count each group of records that are the same in these fields, as "
         "they are written: 200 and 200.0 are two groups, 200 and \"200\" "
         "in JSON are one",
     .example = "[\"host\", \"status\"]"},
    {.name = "as",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct count, as),
     .fallback = "\"count\"",
     .help = "the name of the column with the count",
     .example = "\"requests\""},
    {.name = "distinct",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct count, distinct),
     .help = "count the values of this field that differ as they are written, "
             "in place of records; blank ones are none",
     .example = "\"user\""},
    {.name = "every",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct count, every),
     .minimum = 0,
     .maximum = INT64_MAX,
     .help = "emit the counts so far after each so many records too; 0: at the "
             "end alone",
     .example = "1000"},
    {.name = "interval",
     .type = COSEND_OPTION_DURATION,
     .offset = offsetof(struct count, interval),
     .minimum = 1,
     .maximum = INT64_MAX,
     .help = "of a live input, emit them so long after the last time too",
     .example = "\"5s\""},
    {.name = "emit",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct count, emit),
     .fallback = "\"end\"",
     .choices = emits,
     .help =
         "when: at the end, or a group's whenever it changes, which is with "
         "each record",
     .example = "\"change\""},
    {.name = NULL},
};

/* Whether what there is goes out before the end, too. */
static bool is_often(const struct count *count)
{
    return count->every || count->interval;
}

static void check(struct cosend_check *check, void *memory)
{
    const struct count *count = memory;

    if (!is_often(count) && count->emit == EMIT_END)
        cosend_check_endless(check, COSEND_COMES_TO_AN_END, NULL);
    for (uint32_t i = 0; i < count->by.count; i++) {
        const char *name =
            cosend_check_field_name(check, cosend_nth(count->by, i));

        if (name && strncmp(name, "distinct(", 9) == 0)
            cosend_check_error(check, "by",
                               "%s is asked for as distinct=%.*s, and counts "
                               "the values that differ",
                               name, (int)strcspn(name + 9, ")"), name + 9);
        if (name && strcmp(name, count->as.data) == 0)
            cosend_check_error(check,
                               cosend_check_given(check, "as") ? "as" : "by",
                               "\"%s\" would be a group's field and the count; "
                               "call the count otherwise, by `as`",
                               name);
    }
    if (count->emit == EMIT_CHANGE &&
        (is_often(count) || cosend_has_field(count->distinct)))
        cosend_check_error(check, "emit",
                           "change is with each record, which `%s` is not",
                           count->every      ? "every"
                           : count->interval ? "interval"
                                             : "distinct");
}

static int save(const void *aggregates, struct cosend_bytes *to)
{
    return cosend_aggregates_save(aggregates, to);
}

static int merge(void *aggregates, struct cosend_reader_bytes *from)
{
    return cosend_aggregates_merge(aggregates, from);
}

static void count_all(struct cosend_stage *self, struct cosend_count *all)
{
    const struct cosend_batch *batch;

    while ((batch = cosend_receive_batch(self)))
        all->count += cosend_batch_count(batch);
}

static void count_groups(struct cosend_stage *self,
                         struct cosend_aggregates *aggregates)
{
    while (cosend_receive_batch(self) &&
           cosend_aggregates_add_batch(aggregates))
        ;
}

static void set_result(struct cosend_stage *self, uint64_t count)
{
    char digits[COSEND_NUMBER_MAX];
    struct cosend_cell cell =
        cosend_text(digits, cosend_format_unsigned(count, digits));

    cell.kind = COSEND_NUMBER;
    cosend_set_result(self, "count", cell);
}

/* Each record goes on, with the fields of `by` alone and the count so far. */
static int count_changes(struct cosend_stage *self, const struct count *count,
                         struct cosend_aggregates *aggregates)
{
    struct cosend_record record;
    const void *states;
    bool any = false;

    if (count->by.count)
        cosend_keep_columns(self, count->by);
    else
        cosend_drop_columns(self);
    cosend_aggregates_add_columns(aggregates);
    for (; cosend_receive(self, &record); any = true) {
        states = cosend_aggregates_add(aggregates, &record);
        if (!states)
            continue;
        cosend_aggregates_set(aggregates, states);
        cosend_emit(self, &record);
    }
    /* Of a snapshot the count so far; of groups all is said. */
    if (!any && !count->by.count)
        cosend_aggregates_emit(aggregates);
    return 0;
}

static struct cosend_aggregates *start(struct cosend_stage *self,
                                       const struct count *count)
{
    const char *row = cosend_has_field(count->distinct) ? "distinct" : "count";
    const struct cosend_use use = {cosend_find_aggregate(row), count->distinct,
                                   NULL, count->as.data, NULL};

    return cosend_aggregates_new(self, count->by, &use, 1);
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct count *count = memory;
    struct cosend_aggregates *aggregates = start(self, count);
    struct cosend_count *all = NULL;

    if (!aggregates)
        return COSEND_E_MEMORY;
    cosend_only_fields(self);
    cosend_publish(self, aggregates);
    if (is_often(count) || count->emit == EMIT_CHANGE)
        cosend_set_parallel(self, COSEND_SERIAL);
    if (count->emit == EMIT_CHANGE)
        return count_changes(self, count, aggregates);
    cosend_drop_columns(self);
    cosend_aggregates_add_groups(aggregates);
    cosend_aggregates_add_columns(aggregates);
    if (!cosend_has_field(count->distinct))
        all = cosend_aggregates_only(aggregates);
    if (is_often(count))
        cosend_aggregates_emit_often(aggregates, count->every, count->interval);
    else if (all)
        count_all(self, all);
    else
        count_groups(self, aggregates);
    if (!is_often(count))
        cosend_aggregates_emit(aggregates);
    if (all)
        set_result(self, all->count);
    return 0;
}

const struct cosend_filter csi_filter_count = {
    .abi = COSEND_ABI,
    .name = "count",
    .role = COSEND_FILTER,
    .summary = "Count records, all of them or by group",
    .details =
        "Emits, at the end of the input, one record with the count; 0 where "
        "no record came. With `by` it emits one record for each group, its "
        "fields and the count, in the order in which the groups first "
        "appeared: none where no record came. Empty, absent and null are "
        "three groups. Without `by` it returns the count; with it, it holds "
        "one counter for each group. With `distinct` it counts values that "
        "differ, exactly up to 65536 of a group and then by an estimate, which "
        "is marked by ~ and told. With emit=change it emits as records come, "
        "for each the fields of `by` and the count so far, and nothing at the "
        "end.",
    .example = "parse combined | count status",
    .options_size = sizeof(struct count),
    .options = options,
    .body = body,
    .check = check,
    .save = save,
    .merge = merge,
    .parallel = COSEND_MERGES,
    .absorbs = true,
};
