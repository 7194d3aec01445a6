/* SPDX-License-Identifier: MIT */
/*
 * A chain of errors has room for COSEND_CAUSES. The latest are kept, and always
 * the oldest, the root cause, in the last place; `omitted` counts those that
 * would stand before it.
 *
 * No error may be in its own chain (rule 49 of the yield data model). Which
 * error is which its id says, that copies share, never its text: an attempt
 * that fails twice in the same words failed twice. One without an id, filled in
 * by hand, is like no other.
 */
#include "coroutine/causes.h"

#include <string.h>

static bool in_chain(const struct cosend_error *error, uint64_t id)
{
    if (id == 0)
        return false;
    if (error->id == id)
        return true;
    for (unsigned i = 0; i < error->causes; i++)
        if (error->cause[i].id == id)
            return true;
    return false;
}

static void append_cause(struct cosend_error *error,
                         const struct cosend_cause *cause)
{
    if (error->causes < COSEND_CAUSES)
        error->causes++;
    else
        error->omitted++;
    error->cause[error->causes - 1] = *cause;
}

static struct cosend_cause summary(const struct cosend_error *error,
                                   bool raised_from)
{
    struct cosend_cause cause = {
        .kind = error->kind, .raised_from = raised_from, .id = error->id};

    memcpy(cause.message, error->message, sizeof(cause.message) - 1);
    return cause;
}

void csi_causes_append(struct cosend_error *error,
                       const struct cosend_error *older, bool raised_from)
{
    struct cosend_cause cause = summary(older, raised_from);

    for (unsigned i = 0; !in_chain(error, cause.id); i++) {
        if (i + 1 == COSEND_CAUSES)
            error->omitted += older->omitted;
        append_cause(error, &cause);
        if (i >= older->causes)
            return;
        cause = older->cause[i];
    }
}
