/* SPDX-License-Identifier: MIT */
/*
 * set: emits each record, as it comes, with fields that are computed from its
 * others. What is made of a batch is made a field at a time.
 */
#include "cosend.h"

enum { FIELDS = 200 }; /* at most, in one step */

struct assignment {
    struct cosend_expression *expression;
};

struct set {
    struct cosend_list assignments; /* of struct assignment */
};

/* Of one assignment: its column, and its values for the batch in hand. */
struct assigned {
    struct cosend_column column;
    const struct cosend_value *values;
};

static const struct cosend_option assignment[] = {
    {.name = "expression",
     .type = COSEND_OPTION_EXPRESSION,
     .offset = offsetof(struct assignment, expression),
     .flags = COSEND_REQUIRED | COSEND_MAIN,
     .help = "what the field becomes"},
    {.name = NULL},
};

static const struct cosend_option options[] = {
    {.name = "assignments",
     .type = COSEND_OPTION_MAP,
     .offset = offsetof(struct set, assignments),
     .flags = COSEND_REQUIRED | COSEND_MAIN,
     .help = "the fields, by name, and what they become",
     .group = assignment,
     .item_size = sizeof(struct assignment),
     .example = "{\"total\": \"price * qty\", \"host\": \"lower(host)\"}"},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    const struct set *set = memory;

    if (!set->assignments.count)
        cosend_check_error(check, "assignments", "needs a field to set");
    if (set->assignments.count > FIELDS)
        cosend_check_error(check, "assignments",
                           "one step sets %d fields at most", FIELDS);
}

/* All values of the batch in hand. False with the step failed. */
static bool compute(struct cosend_stage *self, const struct set *set,
                    struct assigned *assigned)
{
    const struct assignment *items = set->assignments.items;

    for (size_t k = 0; k < set->assignments.count; k++) {
        assigned[k].values = cosend_evaluate(self, items[k].expression);
        if (!assigned[k].values)
            return false;
    }
    return true;
}

/* Whether all that a record is set to is there; else it is reported. */
static bool is_good(struct cosend_stage *self, const struct set *set,
                    const struct assigned *assigned, uint32_t position)
{
    struct cosend_record record;

    for (size_t k = 0; k < set->assignments.count; k++)
        if (assigned[k].values[position].type == COSEND_TYPE_BAD) {
            record = cosend_record_at(self, position);
            cosend_bad_value(self, &record, &assigned[k].values[position]);
            return false;
        }
    return true;
}

/* False with the step failed. */
static bool emit(struct cosend_stage *self, const struct set *set,
                 const struct assigned *assigned, uint32_t count)
{
    uint32_t *good = cosend_stage_bytes(self, count * sizeof(*good)), some = 0;

    for (uint32_t i = 0; good && i < count; i++)
        if (is_good(self, set, assigned, i))
            good[some++] = i;
    for (size_t k = 0; good && k < set->assignments.count; k++)
        if (!cosend_set_values(self, assigned[k].column, assigned[k].values))
            return false;
    return good && cosend_emit_picked(self, good, some) >= 0;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct set *set = memory;
    size_t count = set->assignments.count;
    struct assigned assigned[FIELDS];
    const struct cosend_batch *batch;

    for (size_t k = 0; k < count; k++)
        assigned[k].column =
            cosend_add_column(self, set->assignments.keys[k].data);
    while ((batch = cosend_receive_batch(self)))
        if (!compute(self, set, assigned) ||
            !emit(self, set, assigned, cosend_batch_count(batch)))
            break;
    return 0;
}

const struct cosend_filter csi_filter_set = {
    .abi = COSEND_ABI,
    .name = "set",
    .aliases = "put map eval",
    .role = COSEND_FILTER,
    .summary = "Compute fields from others",
    .details =
        "Emits each record, as it comes, with the fields set: one that there "
        "is keeps its place, a new one comes last, and one that becomes absent "
        "is left out of JSON and empty in CSV. In one line the "
        "assignments, name = expression with commas between, are the rest of "
        "the stage as it stands, up to a | that is not || and stands in no "
        "quotes or brackets; a name with other signs than letters, digits and "
        "_ is written in backquotes. In JSON they are an object of strings. "
        "An assignment sees what those before it have set. What is absent, "
        "null or empty makes null of what is calculated with it; text that is "
        "no number, where one is wanted, makes the record bad, and so does "
        "division by zero. `cosend help expressions` has the language.",
    .example = "parse combined | set kb = round(size / 1024, 1), "
               "host = lower(host)",
    .options_size = sizeof(struct set),
    .options = options,
    .check = check,
    .body = body,
    .parallel = COSEND_STATELESS,
};
