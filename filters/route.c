/* SPDX-License-Identifier: MIT */
/*
 * route: sends each record to the steps of the first case whose condition
 * holds, or of all such cases, else to the default's.
 */
#include "cosend.h"

#include <string.h>

struct route_case {
    struct cosend_condition *when;
    struct cosend_steps steps;
};

struct route {
    struct cosend_list cases; /* of struct route_case */
    struct cosend_steps otherwise;
    int match;
};

enum { CASES = 200 }; /* at most */

enum { MATCH_FIRST, MATCH_ALL };

static const char *const matches[] = {"first", "all", NULL};

static const struct cosend_option one_case[] = {
    {.name = "when",
     .type = COSEND_OPTION_CONDITION,
     .offset = offsetof(struct route_case, when),
     .flags = COSEND_REQUIRED,
     .help = "what must hold"},
    {.name = "steps",
     .type = COSEND_OPTION_STEPS,
     .offset = offsetof(struct route_case, steps),
     .flags = COSEND_REQUIRED,
     .help = "where its records go"},
    {.name = NULL},
};

static const struct cosend_option options[] = {
    {.name = "cases",
     .type = COSEND_OPTION_LIST,
     .offset = offsetof(struct route, cases),
     .flags = COSEND_REQUIRED,
     .help = "conditions, in order, and the steps of each",
     .group = one_case,
     .item_size = sizeof(struct route_case)},
    {.name = "default",
     .type = COSEND_OPTION_STEPS,
     .offset = offsetof(struct route, otherwise),
     .flags = COSEND_REQUIRED,
     .help = "the steps of records of no case; [{\"null\": {}}] drops them"},
    {.name = "match",
     .type = COSEND_OPTION_ENUM,
     .offset = offsetof(struct route, match),
     .fallback = "\"first\"",
     .choices = matches,
     .help = "whether a record goes to the first case that holds, or to all"},
    {.name = NULL},
};

static void check(struct cosend_check *check, void *memory)
{
    const struct route *route = memory;

    if (!route->cases.count)
        cosend_check_error(check, "cases", "needs a case");
    if (route->cases.count > CASES)
        cosend_check_error(check, "cases", "there are %d cases at most", CASES);
}

/* Judge a record: holds[i] is whether it is of case i. False where it is bad,
   or the step failed: *status. */
static bool judge(struct cosend_stage *self, const struct route *route,
                  const struct cosend_record *record, bool *holds, int *status)
{
    const struct route_case *cases = route->cases.items;
    bool found = false;

    for (size_t i = 0; i < route->cases.count; i++) {
        struct cosend_why why;
        enum cosend_verdict verdict = COSEND_FALSE;

        if (!found || route->match == MATCH_ALL)
            verdict = cosend_condition_holds(cases[i].when, record, &why);
        holds[i] = verdict == COSEND_TRUE;
        found |= holds[i];
        if (verdict != COSEND_VERDICT_BAD)
            continue;
        if (strcmp(why.kind, "memory") == 0)
            *status = cosend_fail(self, COSEND_E_MEMORY, "out of memory");
        else
            cosend_bad(self, record, why.kind, "%s", why.message);
        return false;
    }
    return true;
}

/* A record is judged as a whole before any of it is sent. */
static int send(struct cosend_stage *self, const struct route *route,
                struct cosend_record *record)
{
    const struct route_case *cases = route->cases.items;
    bool holds[CASES], found = false;
    int status = 0;

    if (!judge(self, route, record, holds, &status))
        return status;
    for (size_t i = 0; i < route->cases.count; i++) {
        if (holds[i])
            cosend_emit_to(self, cases[i].steps.target, record);
        found |= holds[i];
    }
    if (!found)
        cosend_emit_to(self, route->otherwise.target, record);
    return 0;
}

static int body(struct cosend_stage *self, void *memory)
{
    const struct route *route = memory;
    struct cosend_record record;
    int status = 0;

    while (status == 0 && cosend_receive(self, &record))
        status = send(self, route, &record);
    return status;
}

const struct cosend_filter csi_filter_route = {
    .abi = COSEND_ABI,
    .name = "route",
    .role = COSEND_FILTER,
    .summary = "Send each record to the steps of the case that holds",
    .details =
        "{\"cases\": [{\"when\": \"status >= 500\", \"steps\": [...]}, ...], "
        "\"default\": [...]}: each record goes, as it is, to the steps of the "
        "first case whose condition holds, or of all that hold with match "
        "all, and where none does to the default's. A condition is an "
        "expression or data, as in where. Steps that do not end in a sink "
        "join again behind route, in the order of the input. A record on "
        "which a condition cannot be judged is bad.",
    .options_size = sizeof(struct route),
    .options = options,
    .check = check,
    .body = body,
    .parallel = COSEND_STATELESS,
    .fans_out = true,
};
