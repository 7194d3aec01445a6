/* SPDX-License-Identifier: MIT */
/* pass: emits every record, unchanged, as it comes. */
#include "cosend.h"

static int body(struct cosend_stage *self, void *unused)
{
    const struct cosend_batch *batch;

    (void)unused;
    cosend_only_fields(self);
    while ((batch = cosend_receive_batch(self)))
        cosend_emit_batch(self, batch);
    return 0;
}

const struct cosend_filter csi_filter_pass = {
    .abi = COSEND_ABI,
    .name = "pass",
    .aliases = "cat",
    .role = COSEND_FILTER,
    .summary = "Pass every record on",
    .details = "Emits every record, unchanged, as it comes: what it takes to "
               "write records in another format than they were read in.",
    .example = "pass",
    .body = body,
    .parallel = COSEND_STATELESS,
};
