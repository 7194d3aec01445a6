/* SPDX-License-Identifier: MIT */
/* A filter with a column for every aggregate of one field, and the count of
   records, by group. */
#ifndef CSI_TEST_EVERY_AGGREGATE_H
#define CSI_TEST_EVERY_AGGREGATE_H

#include "cosend.h"

enum { EVERY_MOST = 64 };

struct every {
    struct cosend_field field;
    struct cosend_fields by;
    struct cosend_field other;
    bool values;    /* only those that take any value */
    bool unordered; /* only those to which it does not matter in which order */
};

static const struct cosend_option every_options[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct every, field),
     .flags = COSEND_MAIN,
     .help = "of which field"},
    {.name = "by",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct every, by),
     .help = "by which"},
    {.name = "other",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct every, other),
     .help = "the mean of which field, too"},
    {.name = "values",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct every, values),
     .help = "none that takes numbers alone"},
    {.name = "unordered",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct every, unordered),
     .help = "none that takes ordinals"},
    {.name = NULL},
};

static size_t every_uses(const struct every *every, struct cosend_use *uses)
{
    const struct cosend_aggregate *row;
    size_t count = 0;

    uses[count++] = (struct cosend_use){cosend_find_aggregate("count"),
                                        {COSEND_NO_FIELD},
                                        NULL,
                                        "records",
                                        NULL};
    for (size_t i = 0; (row = cosend_aggregate_at(i)) && count + 1 < EVERY_MOST;
         i++)
        if ((!every->values || !(row->flags & COSEND_TAKES_NUMBERS)) &&
            (!every->unordered || !(row->flags & COSEND_TAKES_ORDINALS)))
            uses[count++] =
                (struct cosend_use){row, every->field, NULL, row->name, NULL};
    if (cosend_has_field(every->other))
        uses[count++] = (struct cosend_use){cosend_find_aggregate("mean"),
                                            every->other, NULL, "other", NULL};
    return count;
}

static int every_body(struct cosend_stage *self, void *options)
{
    const struct every *every = options;
    struct cosend_use uses[EVERY_MOST];
    size_t count = every_uses(every, uses);
    struct cosend_aggregates *all =
        cosend_aggregates_new(self, every->by, uses, count);

    if (!all)
        return COSEND_E_MEMORY;
    cosend_publish(self, all);
    cosend_drop_columns(self);
    cosend_aggregates_add_groups(all);
    cosend_aggregates_add_columns(all);
    while (cosend_receive_batch(self) && cosend_aggregates_add_batch(all))
        ;
    cosend_aggregates_emit(all);
    return 0;
}

static int every_save(const void *all, struct cosend_bytes *to)
{
    return cosend_aggregates_save(all, to);
}

static int every_merge(void *all, struct cosend_reader_bytes *from)
{
    return cosend_aggregates_merge(all, from);
}

#define EVERY_FILTER                                                           \
    {                                                                          \
        .abi = COSEND_ABI, .name = "every", .summary = "every aggregate",      \
        .options_size = sizeof(struct every), .options = every_options,        \
        .body = every_body, .save = every_save, .merge = every_merge,          \
        .parallel = COSEND_MERGES, .absorbs = true                             \
    }

#endif
