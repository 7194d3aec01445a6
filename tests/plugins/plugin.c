/* SPDX-License-Identifier: MIT */
/* A plug-in: a filter that keeps every n-th record, and one with a state, whose
   functions are in headers. */
#include <cosend.h>

struct every {
    int64_t n;
};

static const struct cosend_option every_options[] = {
    {.name = "n",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct every, n),
     .flags = COSEND_REQUIRED | COSEND_MAIN,
     .minimum = 1,
     .maximum = INT64_MAX,
     .help = "keep one of so many"},
    {.name = NULL}};

static int run_every(struct cosend_stage *self, void *options)
{
    struct every *every = options;
    struct cosend_record record;

    for (int64_t i = 1; cosend_receive(self, &record); i++)
        if (i % every->n == 0)
            cosend_emit(self, &record);
    return 0;
}

static const struct cosend_filter every = {
    .abi = COSEND_ABI,
    .name = "every",
    .summary = "Keep every n-th record",
    .options_size = sizeof(struct every),
    .options = every_options,
    .body = run_every,
};

struct blank {
    struct cosend_field field;
};

static const struct cosend_option blank_options[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct blank, field),
     .flags = COSEND_ONLY_COLUMN,
     .help = "the field that is to be empty"},
    {.name = NULL}};

static int run_blank(struct cosend_stage *self, void *options)
{
    struct blank *blank = options;
    struct cosend_record record;

    while (cosend_receive(self, &record))
        if (cosend_is_blank(cosend_field(&record, blank->field)))
            cosend_emit(self, &record);
    return 0;
}

static const struct cosend_filter blank = {
    .abi = COSEND_ABI,
    .name = "blank",
    .aliases = "empty_lines",
    .summary = "Keep the records with an empty field",
    .options_size = sizeof(struct blank),
    .options = blank_options,
    .body = run_blank,
    .parallel = COSEND_STATELESS,
};

static const struct cosend_filter *const filters[] = {&every, &blank, NULL};

COSEND_API const struct cosend_plugin cosend_plugin = {.abi = COSEND_ABI,
                                                       .filters = filters};
