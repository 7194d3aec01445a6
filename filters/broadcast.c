/* SPDX-License-Identifier: MIT */
/* broadcast: emits every record, as it comes, to every branch. */
#include "cosend.h"

static const struct cosend_option options[] = {
    {.name = "branches",
     .type = COSEND_OPTION_BRANCHES,
     .flags = COSEND_REQUIRED | COSEND_MAIN,
     .help = "lists of steps, in an array, or in an object that names them",
     .example = "{\"errors\": [{\"grep\": \"ERROR\"}, {\"count\": {}}], "
                "\"all\": [{\"count\": {}}]}"},
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

const struct cosend_filter csi_filter_broadcast = {
    .abi = COSEND_ABI,
    .name = "broadcast",
    .aliases = "broadcaster",
    .role = COSEND_FILTER,
    .summary = "Send every record to several branches",
    .details =
        "Each branch is a list of steps and gets every record; nothing is "
        "copied. A branch that does not end in a sink joins the others again "
        "at the next step: records come out in the order of the input, then "
        "of the branches. It has enough when all of its branches have. A later "
        "step may take records of steps in branches by their ids instead: "
        "{\"count\": {}, \"from\": [\"a\", \"b\"]}.",
    .options = options,
    .body = body,
    .parallel = COSEND_STATELESS,
    .fans_out = true,
};
