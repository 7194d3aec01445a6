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

struct mean {
    uint64_t count;
    struct cosend_sum sum;
};

/* What the body works with. */
struct run {
    const struct average *average;
    struct cosend_groups *groups;
    struct cosend_column count, mean; /* as the output's columns */
};

static void check(struct cosend_check *check, void *memory)
{
    const struct average *average = memory;

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

static void free_mean(void *value)
{
    struct mean *mean = value;

    cosend_sum_free(&mean->sum);
}

static void save_mean(const void *value, struct cosend_bytes *to)
{
    const struct mean *mean = value;

    cosend_put_varint(to, mean->count);
    cosend_sum_save(&mean->sum, to);
}

static int add_mean(void *value, struct cosend_reader_bytes *from)
{
    struct mean *mean = value;
    uint64_t more = cosend_get_varint(from);

    if (more > INT64_MAX || mean->count > INT64_MAX - more)
        return COSEND_E_TYPE;
    mean->count += more;
    return cosend_sum_load(&mean->sum, from);
}

static int save(const void *groups, struct cosend_bytes *to)
{
    return cosend_groups_save(groups, to, save_mean);
}

static int merge(void *groups, struct cosend_reader_bytes *from)
{
    return cosend_groups_merge(groups, from, add_mean);
}

/* How much of a cell a message shows: not part of a character. */
static int shown(struct cosend_cell cell)
{
    uint32_t most = 60;

    if (cell.length <= most)
        return (int)cell.length;
    while (most && ((unsigned char)cell.data[most] & 0xC0) == 0x80)
        most--;
    return (int)most;
}

static void not_a_number(struct cosend_stage *self, const struct run *run,
                         const struct cosend_record *record,
                         struct cosend_cell cell)
{
    const char *name = cosend_field_name(self, run->average->field);
    int length = shown(cell);

    if (!name)
        name = cosend_schema_name(cosend_input_schema(self), 0);
    cosend_bad(self, record, "not_a_number",
               "field %s: \"%.*s%s\" is not a number", name, length, cell.data,
               (uint32_t)length < cell.length ? "..." : "");
}

/*
 * The record's group, with the record in it. NULL where the record was bad,
 * which makes no group, or there is no memory.
 */
static struct mean *add(struct cosend_stage *self, const struct run *run,
                        const struct cosend_record *record)
{
    struct cosend_cell cell = cosend_field(record, run->average->field);
    struct mean *mean = cosend_group_find(run->groups, record);
    int answer = COSEND_IS_NUMBER;
    double unused;

    if (!mean && !cosend_is_blank(cell) &&
        !cosend_parse_double(cell.data, cell.length, &unused)) {
        not_a_number(self, run, record, cell);
        return NULL;
    }
    if (!mean)
        mean = cosend_group_of(run->groups, record);
    if (!mean || cosend_is_blank(cell))
        return mean;
    answer = cosend_sum_add(&mean->sum, cell.data, cell.length);
    if (answer == COSEND_IS_NUMBER) {
        mean->count++;
        return mean;
    }
    if (answer == COSEND_NOT_NUMBER)
        not_a_number(self, run, record, cell);
    else
        cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    return NULL;
}

static void set_columns(struct cosend_stage *self, const struct run *run,
                        const struct mean *mean)
{
    cosend_set_integer(self, run->count, (int64_t)mean->count);
    if (mean->count)
        cosend_set_number(self, run->mean,
                          cosend_sum_mean(&mean->sum, mean->count));
    else
        cosend_set(self, run->mean, (struct cosend_cell){.kind = COSEND_NULL});
}

static void emit_each(struct cosend_stage *self, const struct run *run)
{
    struct cosend_record record;
    const struct mean *mean;

    while (cosend_receive(self, &record)) {
        mean = add(self, run, &record);
        if (!mean)
            continue;
        set_columns(self, run, mean);
        cosend_emit(self, &record);
    }
}

static void emit_end(struct cosend_stage *self, const struct run *run)
{
    struct cosend_record record;
    struct cosend_group group = {0};

    while (cosend_receive(self, &record))
        add(self, run, &record);
    while (cosend_groups_next(run->groups, &group)) {
        cosend_groups_set_columns(run->groups, &group);
        set_columns(self, run, group.value);
        if (cosend_emit_new(self) != COSEND_OK)
            return;
    }
}

static void set_result(struct cosend_stage *self, const struct mean *mean)
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
    struct run run = {.average = memory};
    bool each = run.average->emit == EMIT_EACH;
    const struct mean *only;

    run.groups = cosend_groups_new(self, run.average->by, sizeof(struct mean),
                                   free_mean);
    if (!run.groups)
        return COSEND_E_MEMORY;
    if (!each) {
        cosend_publish(self, run.groups);
        cosend_drop_columns(self);
        cosend_groups_add_columns(run.groups);
    }
    run.count = cosend_add_column(self, "count");
    run.mean = cosend_add_column(self, "average");
    if (each)
        emit_each(self, &run);
    else
        emit_end(self, &run);
    only = cosend_group_only(run.groups);
    if (only)
        set_result(self, only);
    return 0;
}

const struct cosend_filter csi_filter_average = {
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
