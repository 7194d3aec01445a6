/* SPDX-License-Identifier: MIT */
/* drop: emits every record, as it comes, without some of its fields. */
#include "cosend.h"

struct drop {
    struct cosend_fields fields;
    int missing;
};

/* As enum cosend_missing. */
static const char *const missing[] = {"error", "skip", NULL};

static const struct cosend_option options[] = {
    {.name = "fields",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct drop, fields),
     .flags = COSEND_REQUIRED | COSEND_MAIN | COSEND_PATTERNS,
     .help = "the fields to leave out, or patterns of them",
     .example = "[\"ident\", \"user\"]"},
    {.name = "missing",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct drop, missing),
     .fallback = "\"error\"",
     .choices = missing,
     .help = "what becomes of a field that a table has no column for: an "
             "error, or nothing",
     .example = "\"skip\""},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    const struct drop *drop = memory;

    if (!drop->fields.count)
        cosend_check_error(check, "fields", "needs a field");
    cosend_check_missing(check, drop->fields,
                         (enum cosend_missing)drop->missing);
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct drop *drop = memory;
    const struct cosend_batch *batch;

    cosend_only_fields(self);
    cosend_drop_fields(self, drop->fields);
    while ((batch = cosend_receive_batch(self)))
        cosend_emit_batch(self, batch);
    return 0;
}

const struct cosend_filter csi_filter_drop = {
    .abi = COSEND_ABI,
    .name = "drop",
    .role = COSEND_FILTER,
    .summary = "Leave some fields out",
    .details =
        "Emits every record as it comes, with all of its fields but those "
        "named. They may be patterns, as `select` has them: *_time, /^x_/, #3, "
        "a-c (of JSON lines `a`-`c`), !x. A column that there is not is an "
        "error, or passed over with missing=skip; a record of JSON "
        "lines need not have the fields.",
    .example = "parse combined | drop ident,user,agent",
    .options_size = sizeof(struct drop),
    .options = options,
    .check = check,
    .body = body,
    .parallel = COSEND_STATELESS,
};
