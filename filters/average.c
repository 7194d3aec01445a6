/* SPDX-License-Identifier: MIT */
/*
 * average: emits one record at the end, the count and the mean of a field's
 * numbers; with `by` one for each group, in the order in which they first
 * appeared. With emit=each it emits every record instead, as it comes, with
 * the count and the mean so far of its group.
 */
#include "cosend.h"

#include <string.h>

enum emit { EMIT_END, EMIT_EACH };

struct average {
    struct cosend_field field;
    struct cosend_fields by;
    int emit;
};

static const char *const emits[] = {"end", "each", NULL};

static const struct cosend_option options[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct average, field),
     .flags = COSEND_MAIN | COSEND_ONLY_COLUMN,
     .help = "the field with the numbers",
     .example = "\"size\""},
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct average, by),
     .help = "an average for each group of records that are the same in these "
             "fields, as they are written (200 is not 200.0)",
     .example = "\"host\""},
    {.name = "emit",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct average, emit),
     .fallback = "\"end\"",
     .choices = emits,
     .help = "when: at the end, or with each record",
     .example = "\"each\""},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    const struct average *average = memory;

    if (average->emit == EMIT_END)
        cosend_check_endless(check, COSEND_COMES_TO_AN_END, NULL);
    for (uint32_t i = 0; i < average->by.count; i++) {
        const char *name =
            cosend_check_field_name(check, cosend_nth(average->by, i));

        if (name &&
            (strcmp(name, "count") == 0 || strcmp(name, "average") == 0))
            cosend_check_error(check, "by",
                               "\"%s\" would be a group's field and a column "
                               "that average adds",
                               name);
    }
}

static int save(const void *aggregates, struct cosend_bytes *to)
{
    return cosend_aggregates_save(aggregates, to);
}

static int merge(void *aggregates, struct cosend_reader_bytes *from)
{
    return cosend_aggregates_merge(aggregates, from);
}

static void emit_end(struct cosend_stage *self,
                     struct cosend_aggregates *aggregates)
{
    while (cosend_receive_batch(self) &&
           cosend_aggregates_add_batch(aggregates))
        ;
    cosend_aggregates_emit(aggregates);
}

static void set_result(struct cosend_stage *self,
                       const struct cosend_mean *mean)
{
    char text[COSEND_NUMBER_MAX];
    struct cosend_cell cell;

    cell = cosend_text(text, cosend_format_unsigned(mean->count, text));
    cell.kind = COSEND_NUMBER;
    cosend_set_result(self, "count", cell);
    cell = (struct cosend_cell){.kind = COSEND_NULL};
    if (mean->count) {
        double value = cosend_sum_mean(&mean->sum, mean->count);

        cell = cosend_text(text, cosend_format_double(value, text));
        cell.kind = COSEND_NUMBER;
    }
    cosend_set_result(self, "average", cell);
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct average *average = memory;
    const struct cosend_use uses[] = {
        {cosend_find_aggregate("count"), average->field, NULL, "count", NULL},
        {cosend_find_aggregate("mean"), average->field, NULL, "average", NULL}};
    bool each = average->emit == EMIT_EACH;
    struct cosend_aggregates *aggregates =
        cosend_aggregates_new(self, average->by, uses, 2);
    const void *only;

    if (!aggregates)
        return COSEND_E_MEMORY;
    cosend_only_fields(self);
    if (!each) {
        cosend_publish(self, aggregates);
        cosend_drop_columns(self);
        cosend_aggregates_add_groups(aggregates);
    }
    cosend_aggregates_add_columns(aggregates);
    if (each)
        cosend_aggregates_emit_each(aggregates,
                                    "rename it before, by `rename`");
    else
        emit_end(self, aggregates);
    only = cosend_aggregates_only(aggregates);
    if (only)
        set_result(self, cosend_aggregates_state(aggregates, only, 1));
    return 0;
}

const struct cosend_filter csi_filter_average = {
    .abi = COSEND_ABI,
    .name = "average",
    .aliases = "averager mean",
    .role = COSEND_FILTER,
    .summary = "The mean of a field, of all records or by group",
    .details =
        "Emits, at the end of the input, one record: `count` and `average`, 0 "
        "and empty (null in JSON) where there was no number. With `by` it "
        "emits one record "
        "for each group, its fields before those two, in the order in which "
        "the groups first appeared. With emit=each it emits every record as "
        "it comes, with the count and the average of its group so far. What "
        "is empty, absent or null is not counted; anything else that is not a "
        "number is bad (not_a_number). Sums are exact: the average does not "
        "depend on the order of the records. Without `by` it returns count and "
        "average; with it, it holds one sum for each group.",
    .example = "parse combined | average size by=host",
    .options_size = sizeof(struct average),
    .options = options,
    .body = body,
    .check = check,
    .save = save,
    .merge = merge,
    .parallel = COSEND_MERGES,
    .absorbs = true,
};
