/* SPDX-License-Identifier: MIT */
/* reorder: emits every record, as it comes, with some of its fields moved. */
#include "cosend.h"

#include <string.h>

struct reorder {
    struct cosend_fields fields;
    int missing;
    bool last;
    struct cosend_field before, after;
};

/* As enum cosend_missing. */
static const char *const missing[] = {"error", "skip", NULL};

static const struct cosend_option options[] = {
    {.name = "fields",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct reorder, fields),
     .flags = COSEND_REQUIRED | COSEND_MAIN | COSEND_PATTERNS,
     .help = "the fields to move, in the order that they shall have, or "
             "patterns of them",
     .example = "[\"status\", \"host\"]"},
    {.name = "missing",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct reorder, missing),
     .fallback = "\"error\"",
     .choices = missing,
     .help = "where there is no such column: an error, or it is passed over",
     .example = "\"skip\""},
    {.name = "last",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct reorder, last),
     .help = "move them behind all others, not before them",
     .example = "true"},
    {.name = "before",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct reorder, before),
     .help = "move them before this field",
     .example = "\"path\""},
    {.name = "after",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct reorder, after),
     .help = "move them behind this field",
     .example = "\"path\""},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    const struct reorder *reorder = memory;
    struct cosend_field beside =
        cosend_has_field(reorder->before) ? reorder->before : reorder->after;
    const char *name = cosend_check_field_name(check, beside);

    cosend_check_missing(check, reorder->fields,
                         (enum cosend_missing)reorder->missing);
    if (!reorder->fields.count)
        cosend_check_error(check, "fields", "needs a field");
    if (reorder->last + cosend_has_field(reorder->before) +
            cosend_has_field(reorder->after) >
        1)
        cosend_check_error(check, "fields",
                           "give one of last, before and after");
    for (uint32_t i = 0; name && i < reorder->fields.count; i++)
        if (strcmp(
                cosend_check_field_name(check, cosend_nth(reorder->fields, i)),
                name) == 0)
            cosend_check_error(check, "fields",
                               "\"%s\" cannot move beside itself", name);
}

/* Where they go. */
struct target {
    enum cosend_place place;
    struct cosend_field beside;
};

static struct target target_of(const struct reorder *reorder)
{
    struct target target = {COSEND_PLACE_FIRST, {COSEND_NO_FIELD}};

    if (reorder->last)
        target.place = COSEND_PLACE_LAST;
    if (cosend_has_field(reorder->before)) {
        target.place = COSEND_PLACE_BEFORE;
        target.beside = reorder->before;
    }
    if (cosend_has_field(reorder->after)) {
        target.place = COSEND_PLACE_AFTER;
        target.beside = reorder->after;
    }
    return target;
}

/* ---- Body ---------------------------------------------------------------- */

static int body(struct cosend_stage *self, void *memory)
{
    const struct reorder *reorder = memory;
    struct target to = target_of(reorder);
    const struct cosend_batch *batch;

    cosend_only_fields(self);
    cosend_move_columns(self, reorder->fields, to.place, to.beside);
    while ((batch = cosend_receive_batch(self)))
        cosend_emit_batch(self, batch);
    return 0;
}

const struct cosend_filter csi_filter_reorder = {
    .abi = COSEND_ABI,
    .name = "reorder",
    .role = COSEND_FILTER,
    .summary = "Move fields to the front, the end, or beside another",
    .details =
        "Emits every record as it comes, with all of its fields. Those that "
        "are named come first, in the order in which they are named; with last "
        "they come last, with before or after beside that field. They may be "
        "patterns, as `select` has them; a column that there is not is an "
        "error, or passed over by missing=skip. A record of JSON lines need "
        "not have "
        "the fields; one without the field to stand beside stays as it is.",
    .example = "parse combined | reorder status,path",
    .options_size = sizeof(struct reorder),
    .options = options,
    .check = check,
    .body = body,
    .parallel = COSEND_STATELESS,
};
