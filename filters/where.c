/* SPDX-License-Identifier: MIT */
/*
 * where: emits, unchanged and as it comes, each record for which a condition
 * holds.
 */
#include "cosend.h"

#include <string.h>

struct where {
    struct cosend_condition *condition;
};

static const struct cosend_option options[] = {
    {.name = "condition",
     .type = COSEND_OPTION_CONDITION,
     .offset = offsetof(struct where, condition),
     .flags = COSEND_REQUIRED | COSEND_MAIN,
     .help = "what must hold",
     .example = "{\"field\": \"status\", \"op\": \"ge\", \"value\": 500}"},
    {.name = NULL},
};

/* The condition could not be judged. Returns 0 for the loop to go on. */
static int bad(struct cosend_stage *self, const struct where *where,
               uint32_t position)
{
    struct cosend_record record = cosend_record_at(self, position);
    struct cosend_why why;

    cosend_condition_holds(where->condition, &record, &why);
    if (strcmp(why.kind, "memory") == 0)
        return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    cosend_bad(self, &record, why.kind, "%s", why.message);
    return 0;
}

static int pick(struct cosend_stage *self, const struct where *where,
                const signed char *verdicts, uint32_t count)
{
    int status = 0;

    for (uint32_t i = 0; i < count && status == 0; i++) {
        if (verdicts[i] == COSEND_FALSE)
            continue;
        if (verdicts[i] == COSEND_TRUE)
            cosend_pick(self, i);
        else
            status = bad(self, where, i);
    }
    return status;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct where *where = memory;
    const struct cosend_batch *batch;
    int status = 0;

    cosend_only_fields(self);
    while (status == 0 && (batch = cosend_receive_batch(self))) {
        uint32_t count = cosend_batch_count(batch);
        signed char *verdicts = cosend_stage_bytes(self, count);

        if (!verdicts)
            return COSEND_E_MEMORY;
        cosend_judge_batch(self, where->condition, verdicts);
        status = pick(self, where, verdicts, count);
    }
    return status;
}

const struct cosend_filter csi_filter_where = {
    .abi = COSEND_ABI,
    .name = "where",
    .aliases = "filter",
    .role = COSEND_FILTER,
    .summary = "Keep the records for which a condition holds",
    .details =
        "Emits each record for which the condition holds, unchanged, as it "
        "comes. A condition is an expression, status >= 500 && ms > 100, "
        "which in one line takes the rest of its stage as it stands, up to a "
        "| that is not || and stands in no quotes or brackets. Or it is data: "
        "{\"field\", \"op\", \"value\"}, or "
        "{\"all\": [...]}, {\"any\": [...]} or {\"not\": ...} of conditions; "
        "\"and\" and \"or\" are \"all\" and \"any\". In one line it is "
        "field=NAME op=OP value=VALUE. "
        "The operators: eq, ne, lt, le, gt and ge compare as numbers, exactly, "
        "where the value is a number, else byte by byte; in and not_in are eq "
        "and ne with each of a list; contains, starts_with and ends_with look "
        "for a string, regex (or matches) for a PCRE2 pattern; exists and "
        "empty take no value. "
        "A number is what is one in data: 5, .5, +5, 05, 1e5. In JSON quotes "
        "make text of it, but where JSON could not write it without them, as "
        "\".5\". What is empty, absent or null is false for all but exists, "
        "empty and ne. A field that should be a number and is not makes the "
        "record bad. Beside text all is text: a time that is to be compared as "
        "one, as that of an access log, is time(time) >= \"2026-03-01\".",
    .example = "parse combined | where status >= 500",
    .options_size = sizeof(struct where),
    .options = options,
    .body = body,
    .parallel = COSEND_STATELESS,
};
