/* SPDX-License-Identifier: MIT */
/*
 * enumerate: emits every record, as it comes, with its number as a field: that
 * among all records, or among those of its group.
 */
#include "cosend.h"

struct enumerate {
    struct cosend_string as;
    int64_t start, step;
    struct cosend_fields by;
    bool last, overwrite;
};

static const struct cosend_option options[] = {
    {.name = "as",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct enumerate, as),
     .fallback = "\"n\"",
     .flags = COSEND_MAIN,
     .minimum = 1,
     .maximum = 1 << 16,
     .help = "the name of the field",
     .example = "\"number\""},
    {.name = "start",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct enumerate, start),
     .fallback = "1",
     .minimum = INT64_MIN,
     .maximum = INT64_MAX,
     .help = "the first number",
     .example = "0"},
    {.name = "step",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct enumerate, step),
     .fallback = "1",
     .minimum = INT64_MIN,
     .maximum = INT64_MAX,
     .help = "what the next number is more",
     .example = "10"},
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct enumerate, by),
     .help = "number each group of records that are the same in these fields "
             "by itself",
     .example = "\"host\""},
    {.name = "last",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct enumerate, last),
     .help = "put the field behind the others, not before them",
     .example = "true"},
    {.name = "overwrite",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct enumerate, overwrite),
     .help = "replace a field that has the name already",
     .example = "true"},
    {.name = NULL},
};

/* The next number, and whether there is one. */
struct counter {
    int64_t next;
    bool begun, over;
};

/* Number one record and send it on. Returns 0, or an error. */
static int number(struct cosend_stage *self, const struct enumerate *enumerate,
                  struct cosend_column column, struct counter *counter,
                  struct cosend_record *record)
{
    if (!counter->begun) {
        counter->begun = true;
        counter->next = enumerate->start;
    }
    if (counter->over)
        return cosend_fail(self, COSEND_E_DATA,
                           "the next number does not fit in 64 bits");
    cosend_set_integer(self, column, counter->next);
    counter->over =
        __builtin_add_overflow(counter->next, enumerate->step, &counter->next);
    cosend_emit(self, record);
    return 0;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct enumerate *enumerate = memory;
    const struct cosend_field nowhere = {COSEND_NO_FIELD};
    const struct cosend_fields none = {0, 0};
    struct cosend_column column = cosend_add_column(self, enumerate->as.data);
    struct cosend_groups *groups =
        cosend_groups_new(self, enumerate->by, sizeof(struct counter), NULL);
    struct cosend_record record;
    struct counter *counter;
    int status = 0;

    if (!groups)
        return COSEND_E_MEMORY;
    cosend_place_column(
        self, column, enumerate->last ? COSEND_PLACE_LAST : COSEND_PLACE_FIRST,
        nowhere);
    cosend_only_fields(self);
    while (status == 0 && cosend_receive(self, &record)) {
        if (!enumerate->overwrite &&
            !cosend_name_free(self, &record, enumerate->as.data, none,
                              "overwrite=true replaces it, and as=NAME takes "
                              "another name"))
            continue;
        counter = cosend_group_of(groups, &record);
        status = counter ? number(self, enumerate, column, counter, &record)
                         : COSEND_E_MEMORY;
    }
    return status;
}

const struct cosend_filter csi_filter_enumerate = {
    .abi = COSEND_ABI,
    .name = "enumerate",
    .aliases = "enum nl",
    .role = COSEND_FILTER,
    .summary = "Number the records",
    .details =
        "Emits every record as it comes, with its number as a field before the "
        "others: 1 for the first, or `start`, and `step` more for each one "
        "after it. With `by` each group has numbers of its own, and one "
        "counter for each group is held. A field that has the name already is "
        "an "
        "error, in JSON lines a bad record (name_taken), unless it is to be "
        "replaced. Numbers are exact; behind the last "
        "that 64 bits hold the step fails.",
    .example = "enumerate line_number",
    .options_size = sizeof(struct enumerate),
    .options = options,
    .body = body,
};
