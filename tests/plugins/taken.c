/* SPDX-License-Identifier: MIT */
/* A plug-in whose second filter has a name that is taken. */
#include <cosend.h>

static int run_none(struct cosend_stage *self, void *options)
{
    (void)self;
    (void)options;
    return 0;
}

static const struct cosend_filter fine = {
    .abi = COSEND_ABI, .name = "fine", .summary = "Fine", .body = run_none};
static const struct cosend_filter taken = {
    .abi = COSEND_ABI, .name = "grep", .summary = "Taken", .body = run_none};

static const struct cosend_filter *const filters[] = {&fine, &taken, NULL};

COSEND_API const struct cosend_plugin cosend_plugin = {.abi = COSEND_ABI,
                                                       .filters = filters};
