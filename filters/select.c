/* SPDX-License-Identifier: MIT */
/* select: emits every record, as it comes, with some of its fields. */
#include "cosend.h"

struct select {
    struct cosend_fields fields;
};

static const struct cosend_option options[] = {
    {.name = "fields",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct select, fields),
     .flags = COSEND_REQUIRED | COSEND_MAIN,
     .help = "the fields to keep, in the order wanted",
     .example = "[\"host\", \"status\"]"},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    const struct select *select = memory;

    if (!select->fields.count)
        cosend_check_error(check, "fields", "needs a field");
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct select *select = memory;
    const struct cosend_batch *batch;

    cosend_only_fields(self);
    cosend_keep_columns(self, select->fields);
    while ((batch = cosend_receive_batch(self)))
        cosend_emit_batch(self, batch);
    return 0;
}

const struct cosend_filter csi_filter_select = {
    .name = "select",
    .aliases = "cut",
    .role = COSEND_FILTER,
    .summary = "Keep some fields, in the order given",
    .details = "Emits every record as it comes, with the fields named and no "
               "others, in the order in which they are named.",
    .example = "parse combined | select host,status",
    .options_size = sizeof(struct select),
    .options = options,
    .check = check,
    .body = body,
    .parallel = COSEND_STATELESS,
};
