/* SPDX-License-Identifier: MIT */
/* select: emits every record, as it comes, with some of its fields. */
#include "cosend.h"

struct select {
    struct cosend_fields fields;
    int missing;
};

/* As enum cosend_missing. */
static const char *const missing[] = {"error", "skip", "empty", NULL};

static const struct cosend_option options[] = {
    {.name = "fields",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct select, fields),
     .flags = COSEND_REQUIRED | COSEND_MAIN | COSEND_PATTERNS,
     .help = "the fields to keep, in the order wanted, or patterns of them",
     .example = "[\"host\", \"status\"]"},
    {.name = "missing",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct select, missing),
     .fallback = "\"error\"",
     .choices = missing,
     .help = "what becomes of a field that a table has no column for: an "
             "error, nothing, or a column without values; patterns make none",
     .example = "\"skip\""},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    const struct select *select = memory;

    if (!select->fields.count)
        cosend_check_error(check, "fields", "needs a field");
    cosend_check_missing(check, select->fields,
                         (enum cosend_missing)select->missing);
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
    .abi = COSEND_ABI,
    .name = "select",
    .aliases = "cut",
    .role = COSEND_FILTER,
    .summary = "Keep some fields, in the order given",
    .details =
        "Emits every record as it comes, with the fields named and no others, "
        "in the order in which they are named, each once. Beside names there "
        "may be *_time, all that fit, where * is any characters and ? one; "
        "/^x_/, all in whose name a PCRE2 pattern is found, or /^x_/i; #3, the "
        "third field, and #-1, the last; a-c, those from a to c as they stand, "
        "c-a the other way round, a- to the last, -c from the first, #2-4 by "
        "number; and !x, without x, which may be any of these: of what the "
        "items before it took, or as the first item of all fields. A name that "
        "a column has is that column, whatever signs are in it, and one in "
        "backquotes is nothing else. What takes no column is an error, unless "
        "`missing` says otherwise. Of JSON "
        "lines a-c is the field of that name, as user-agent is, and those from "
        "a to c are `a`-`c`, which may be written of columns too. Each record "
        "is looked at by itself, and what takes no field of any is told at the "
        "end. Written as CSV they have the columns of a list of nothing but "
        "names, and with another one those of the first record.",
    .example = "parse combined | select host,status",
    .options_size = sizeof(struct select),
    .options = options,
    .check = check,
    .body = body,
    .parallel = COSEND_STATELESS,
};
