/* SPDX-License-Identifier: MIT */
/*
 * A plug-in that adds the filter `every` to the installed program.
 *
 *     cc -shared -fPIC -o every.so every.c $(pkg-config --cflags cosend)
 *     seq 100 | cosend --plugin ./every.so 'every 25 | average'
 */
#include <cosend.h>

struct every {
    int64_t n;
};

static int body(struct cosend_stage *self, void *options)
{
    const struct every *every = options;
    struct cosend_record record;

    for (int64_t i = 1; cosend_receive(self, &record); i++)
        if (i % every->n == 0)
            cosend_emit(self, &record);
    return 0;
}

static const struct cosend_option options[] = {
    {.name = "n",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct every, n),
     .fallback = "10",
     .flags = COSEND_MAIN,
     .minimum = 1,
     .maximum = INT64_MAX,
     .help = "which records"},
    {.name = NULL},
};

static const struct cosend_filter every = {
    .abi = COSEND_ABI,
    .name = "every",
    .summary = "Keep every nth record",
    .options_size = sizeof(struct every),
    .options = options,
    .body = body,
};

static const struct cosend_filter *const filters[] = {&every, NULL};

COSEND_API const struct cosend_plugin cosend_plugin = {.abi = COSEND_ABI,
                                                       .filters = filters};
