/* SPDX-License-Identifier: MIT */
/* null: a sink that takes every record and does nothing with it. */
#include "cosend.h"

static const struct cosend_option options[] = {{.name = NULL}};

static int body(struct cosend_stage *self, void *unused)
{
    (void)unused;
    cosend_only_fields(self);
    while (cosend_receive_batch(self))
        continue;
    return 0;
}

const struct cosend_filter csi_filter_null = {
    .abi = COSEND_ABI,
    .name = "null",
    .role = COSEND_SINK,
    .summary = "Throw every record away",
    .details = "Takes every record and writes nothing.",
    .example = "grep DEBUG | null",
    .options = options,
    .body = body,
    .parallel = COSEND_STATELESS,
    .absorbs = true,
};
