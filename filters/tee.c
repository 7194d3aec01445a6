/* SPDX-License-Identifier: MIT */
/* tee: emits every record, as it comes, to a side branch and the next step. */
#include "cosend.h"

static const struct cosend_option options[] = {
    {.name = "to",
     .type = COSEND_OPTION_BRANCHES,
     .flags = COSEND_REQUIRED | COSEND_MAIN | COSEND_SIDE_BRANCH,
     .help = "the side branch, a list of steps",
     .example = "[{\"grep\": \"ERROR\"}, {\"stderr\": {}}]"},
    {.name = NULL},
};

static int body(struct cosend_stage *self, void *unused)
{
    const struct cosend_batch *batch;

    (void)unused;
    cosend_only_fields(self);
    while ((batch = cosend_receive_batch(self)))
        cosend_emit_batch(self, batch);
    return 0;
}

const struct cosend_filter csi_filter_tee = {
    .abi = COSEND_ABI,
    .name = "tee",
    .role = COSEND_FILTER,
    .summary = "Send every record to a side branch too",
    .details =
        "The side branch gets every record, and so does the next step. Where "
        "the branch does not end in a sink, what comes out of it joins the "
        "main line there. It has enough when the branch and the main line "
        "have. In one line `tee FILE` writes all records to a file.",
    .example = "tee all.log | grep ERROR",
    .options = options,
    .body = body,
    .parallel = COSEND_STATELESS,
    .fans_out = true,
};
