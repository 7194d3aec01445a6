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
};

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
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    const struct count *count = memory;

    for (uint32_t i = 0; i < count->by.count; i++) {
        const char *name =
            cosend_check_field_name(check, cosend_nth(count->by, i));

        if (name && strcmp(name, count->as.data) == 0)
            cosend_check_error(check,
                               cosend_check_given(check, "as") ? "as" : "by",
                               "\"%s\" would be a group's field and the count; "
                               "call the count otherwise, by `as`",
                               name);
    }
}

static void save_count(const void *value, struct cosend_bytes *to)
{
    const int64_t *count = value;

    cosend_put_varint(to, (uint64_t)*count);
}

static int add_count(void *value, struct cosend_reader_bytes *from)
{
    int64_t *count = value;
    uint64_t more = cosend_get_varint(from);

    if (more > INT64_MAX || *count > INT64_MAX - (int64_t)more)
        return COSEND_E_TYPE;
    *count += (int64_t)more;
    return COSEND_OK;
}

static int save(const void *groups, struct cosend_bytes *to)
{
    return cosend_groups_save(groups, to, save_count);
}

static int merge(void *groups, struct cosend_reader_bytes *from)
{
    return cosend_groups_merge(groups, from, add_count);
}

static void count_all(struct cosend_stage *self, int64_t *count)
{
    const struct cosend_batch *batch;

    while ((batch = cosend_receive_batch(self)))
        *count += cosend_batch_count(batch);
}

static void count_groups(struct cosend_stage *self,
                         struct cosend_groups *groups)
{
    struct cosend_record record;
    int64_t *count;

    while (cosend_receive(self, &record) &&
           (count = cosend_group_of(groups, &record)))
        ++*count;
}

static void print(struct cosend_stage *self, struct cosend_groups *groups,
                  struct cosend_column as)
{
    struct cosend_group group = {0};

    while (cosend_groups_next(groups, &group)) {
        const int64_t *count = group.value;

        cosend_groups_set_columns(groups, &group);
        cosend_set_integer(self, as, *count);
        if (cosend_emit_new(self) != COSEND_OK)
            return;
    }
}

static void set_result(struct cosend_stage *self, int64_t count)
{
    char digits[COSEND_NUMBER_MAX];
    struct cosend_cell cell =
        cosend_text(digits, cosend_format_integer(count, digits));

    cell.kind = COSEND_NUMBER;
    cosend_set_result(self, "count", cell);
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct count *count = memory;
    struct cosend_groups *groups =
        cosend_groups_new(self, count->by, sizeof(int64_t), NULL);
    struct cosend_column as;
    int64_t *all;

    if (!groups)
        return COSEND_E_MEMORY;
    cosend_publish(self, groups);
    cosend_drop_columns(self);
    cosend_groups_add_columns(groups);
    as = cosend_add_column(self, count->as.data);
    all = cosend_group_only(groups);
    if (all)
        count_all(self, all);
    else
        count_groups(self, groups);
    print(self, groups, as);
    if (all)
        set_result(self, *all);
    return 0;
}

const struct cosend_filter csi_filter_count = {
    .name = "count",
    .role = COSEND_FILTER,
    .summary = "Count records, all of them or by group",
    .details =
        "Emits, at the end of the input, one record with the count; 0 where "
        "no record came. With `by` it emits one record for each group, its "
        "fields and the count, in the order in which the groups first "
        "appeared: none where no record came. Empty, absent and null are "
        "three groups. Without `by` it returns the count; with it, it holds "
        "one counter for each group.",
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
