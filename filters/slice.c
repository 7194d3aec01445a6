/* SPDX-License-Identifier: MIT */
/*
 * slice: emits, unchanged, the records from one number to another, as they
 * come; where a number is counted from the end, at the end.
 */
#include "cosend.h"

struct slice {
    int64_t start, end, step;
    struct cosend_fields by;
};

static const struct cosend_option options[] = {
    {.name = "start",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct slice, start),
     .fallback = "1",
     .flags = COSEND_MAIN,
     .minimum = -INT64_MAX,
     .maximum = INT64_MAX,
     .help = "the first record, counted from 1; -1 is the last one of all",
     .example = "10"},
    {.name = "end",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct slice, end),
     .fallback = "-1",
     .flags = COSEND_SECOND,
     .minimum = -INT64_MAX,
     .maximum = INT64_MAX,
     .help = "the last record, itself among them",
     .example = "20"},
    {.name = "step",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct slice, step),
     .fallback = "1",
     .minimum = 1,
     .maximum = INT64_MAX,
     .help = "each nth from the first on",
     .example = "2"},
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct slice, by),
     .help = "the records of each group by itself, that are the same in these "
             "fields, as they are written (200 is not 200.0)",
     .example = "\"host\""},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    const struct slice *slice = memory;

    if (!slice->start || !slice->end)
        cosend_check_error(check, slice->start ? "end" : "start",
                           "must not be 0: the first record is 1, and the last "
                           "one -1");
    if (slice->start < 0 || slice->end < -1)
        cosend_check_endless(check, COSEND_GROWS,
                             "count from the first record on, or take tail");
    else if (slice->end > 0)
        cosend_check_endless(check, COSEND_COMES_TO_AN_END, NULL);
}

/* Of a group: how many there are, or have come, and how many went by. */
struct group {
    int64_t count, passed;
};

static bool is_in(const struct slice *slice, int64_t number, int64_t count)
{
    int64_t start = slice->start, end = slice->end;

    if (start < 0)
        start = count + start + 1 > 1 ? count + start + 1 : 1;
    if (end < 0)
        end = end == -1 ? INT64_MAX : count + end + 1;
    return number >= start && number <= end &&
           (number - start) % slice->step == 0;
}

static int at_once(struct cosend_stage *self, const struct slice *slice,
                   struct cosend_groups *groups)
{
    struct cosend_record record;
    struct group *group = cosend_group_only(groups);
    int64_t left = slice->end;

    while ((!group || slice->end < 0 || left > 0) &&
           cosend_receive(self, &record)) {
        struct group *own = cosend_group_of(groups, &record);

        if (!own)
            return COSEND_E_MEMORY;
        left--;
        if (is_in(slice, ++own->passed, 0))
            cosend_emit(self, &record);
    }
    return 0;
}

static int at_end(struct cosend_stage *self, const struct slice *slice,
                  struct cosend_groups *groups)
{
    static const struct cosend_store_options all = {.memory = 0};
    struct cosend_store *store = cosend_store_new(self, &all);
    struct cosend_record record;
    struct group *group;

    if (!store)
        return COSEND_E_MEMORY;
    while (cosend_receive(self, &record)) {
        group = cosend_group_of(groups, &record);
        if (!group || cosend_store_put(store, &record) < 0)
            return COSEND_E_MEMORY;
        group->count++;
    }
    while (cosend_store_next(store, &record)) {
        group = cosend_group_of(groups, &record);
        if (!group)
            return COSEND_E_MEMORY;
        if (is_in(slice, ++group->passed, group->count))
            cosend_emit(self, &record);
    }
    return 0;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct slice *slice = memory;
    struct cosend_groups *groups =
        cosend_groups_new(self, slice->by, sizeof(struct group), NULL);

    if (!groups)
        return COSEND_E_MEMORY;
    cosend_only_fields(self);
    return slice->start > 0 && slice->end >= -1 ? at_once(self, slice, groups)
                                                : at_end(self, slice, groups);
}

const struct cosend_filter csi_filter_slice = {
    .abi = COSEND_ABI,
    .name = "slice",
    .role = COSEND_FILTER,
    .summary = "Keep the records from one number to another",
    .details =
        "Emits the records from number `start` to number `end`, unchanged, as "
        "they come; behind the last one it has enough, and the steps before it "
        "end too. Numbers begin at 1, and both records are among them, as in "
        "sed -n 10,20p. A negative number counts from the end, where -1 is the "
        "last record: then it emits at the end of the input, and holds all "
        "records until then, which --follow refuses. With `by` each group is "
        "counted by itself, and all of the input is seen.",
    .example = "grep ERROR | slice 10 20",
    .options_size = sizeof(struct slice),
    .options = options,
    .body = body,
    .check = check,
};
