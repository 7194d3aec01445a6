/* SPDX-License-Identifier: MIT */
/*
 * fraction: emits every record at the end, with what part its number is of the
 * sum of all, or of its group's.
 */
#include "cosend.h"

#include <stdio.h>
#include <string.h>

struct fraction {
    struct cosend_field field;
    struct cosend_fields by;
    bool percent, cumulative;
    struct cosend_string as;
};

static const struct cosend_option options[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct fraction, field),
     .flags = COSEND_MAIN | COSEND_ONLY_COLUMN,
     .help = "the field with the numbers",
     .example = "\"size\""},
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct fraction, by),
     .help = "of the sum of each group of records that are the same in these "
             "fields, as they are written (200 is not 200.0)",
     .example = "\"host\""},
    {.name = "percent",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct fraction, percent),
     .help = "of a sum of 100 in place of 1",
     .example = "true"},
    {.name = "cumulative",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct fraction, cumulative),
     .help = "of all numbers up to this one",
     .example = "true"},
    {.name = "as",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct fraction, as),
     .maximum = 200,
     .help = "the name of the column; without it field_fraction, or "
             "field_percent",
     .example = "\"share\""},
    {.name = NULL},
};

/* Of a group. */
struct sums {
    struct cosend_sum all, so_far;
};

static void free_sums(void *value)
{
    struct sums *sums = value;

    cosend_sum_free(&sums->all);
    cosend_sum_free(&sums->so_far);
}

enum { NAME_SIZE = 512 };

static void name_column(const struct cosend_stage *self,
                        const struct fraction *fraction, char name[NAME_SIZE])
{
    const char *field = cosend_field_name(self, fraction->field);

    if (fraction->as.length)
        snprintf(name, NAME_SIZE, "%s", fraction->as.data);
    else
        snprintf(name, NAME_SIZE, "%.480s%s%s", field ? field : "",
                 field ? "_" : "", fraction->percent ? "percent" : "fraction");
}

/* Add a record's number to its group's; false where it is bad, or nothing can
   go on. */
static bool add(struct cosend_stage *self, const struct fraction *fraction,
                struct sums *sums, const struct cosend_record *record)
{
    struct cosend_cell cell = cosend_field(record, fraction->field);
    int answer = COSEND_IS_NUMBER;

    if (!cosend_is_blank(cell))
        answer = cosend_sum_add(&sums->all, cell.data, cell.length);
    if (answer == COSEND_E_MEMORY)
        cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    else if (answer == COSEND_NOT_NUMBER)
        cosend_bad_number(self, record, fraction->field);
    return answer == COSEND_IS_NUMBER;
}

/* Returns 1 where it has a sum to be a part of, 0 where that is 0; negative
   without memory. */
static int set_part(struct cosend_stage *self, const struct fraction *fraction,
                    struct cosend_column column, struct sums *sums,
                    const struct cosend_record *record)
{
    struct cosend_cell cell = cosend_field(record, fraction->field);
    double number = 0, all = cosend_sum_mean(&sums->all, 1);

    if (cosend_is_blank(cell)) {
        cosend_set(self, column, (struct cosend_cell){.kind = COSEND_NULL});
        return 1;
    }
    if (fraction->cumulative) {
        if (cosend_sum_add(&sums->so_far, cell.data, cell.length) < 0)
            return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
        number = cosend_sum_mean(&sums->so_far, 1);
    } else {
        cosend_parse_double(cell.data, cell.length, &number);
    }
    if (all == 0)
        cosend_set(self, column, (struct cosend_cell){.kind = COSEND_NULL});
    else
        cosend_set_number(self, column,
                          fraction->percent ? number * 100 / all
                                            : number / all);
    return all != 0;
}

static int emit_all(struct cosend_stage *self, const struct fraction *fraction,
                    struct cosend_column column, struct cosend_groups *groups,
                    struct cosend_store *store)
{
    struct cosend_record record;
    bool without = false;

    while (cosend_store_next(store, &record)) {
        struct sums *sums = cosend_group_of(groups, &record);
        int answer =
            sums ? set_part(self, fraction, column, sums, &record) : -1;

        if (answer < 0)
            return COSEND_E_MEMORY;
        without |= !answer;
        cosend_emit(self, &record);
    }
    if (without)
        cosend_warn(self, "there are numbers whose sum is 0: of that there is "
                          "no part, and it is left empty");
    return 0;
}

static void check(struct cosend_check *check, void *memory)
{
    (void)memory;
    cosend_check_endless(check, COSEND_GROWS, NULL);
}

static int body(struct cosend_stage *self, void *memory)
{
    static const struct cosend_store_options all = {.memory = 0};
    const struct fraction *fraction = memory;
    struct cosend_groups *groups =
        cosend_groups_new(self, fraction->by, sizeof(struct sums), free_sums);
    struct cosend_store *store = cosend_store_new(self, &all);
    const struct cosend_fields none = {0, 0};
    char name[NAME_SIZE];
    struct cosend_column column;
    struct cosend_record record;

    if (!groups || !store)
        return COSEND_E_MEMORY;
    name_column(self, fraction, name);
    column = cosend_add_column(self, name);
    cosend_only_fields(self);
    while (cosend_receive(self, &record)) {
        struct sums *sums;

        if (!cosend_name_free(self, &record, name, none,
                              "as=NAME takes another name"))
            continue;
        sums = cosend_group_of(groups, &record);

        if (!sums)
            return COSEND_E_MEMORY;
        if (add(self, fraction, sums, &record) &&
            cosend_store_put(store, &record) < 0)
            return COSEND_E_MEMORY;
    }
    return emit_all(self, fraction, column, groups, store);
}

const struct cosend_filter csi_filter_fraction = {
    .abi = COSEND_ABI,
    .name = "fraction",
    .role = COSEND_FILTER,
    .summary = "What part each number is of their sum, of all or by group",
    .details =
        "Emits every record at the end of the input, in the order of the "
        "input, with a column behind the others: its number by the sum of "
        "all, or of its group's. The sum is exact, and with `cumulative` so is "
        "that of the numbers so far: the last one's part is 1. Where the field "
        "is absent, null or empty the part is so too, and where the sum is 0; "
        "that is told. Anything else that is not a number is bad "
        "(not_a_number), and in no sum. A field of the column's name is an "
        "error, in JSON lines a bad record (name_taken). Memory: all records, "
        "and a sum for "
        "each group. It sees records one after the other, in one thread. Under "
        "--follow, where it would hold more and more, it is refused, unless a "
        "step before it ends its records (head) or prints at the end (count).",
    .example = "parse combined | count status | fraction count percent=true",
    .options_size = sizeof(struct fraction),
    .options = options,
    .body = body,
    .check = check,
};
