/* SPDX-License-Identifier: MIT */
#include "coroutine/refusal.h"

#include "coroutine/raise.h"
#include "coroutine/thread.h"

#include <stdio.h>

static const char *reason(int kind)
{
    switch (kind) {
    case COSEND_E_THREAD:
        return "coroutine '%s' belongs to another thread";
    case COSEND_E_RUNNING:
        return "coroutine '%s' is already executing";
    case COSEND_E_UNPRIMED:
        return "can't send a value to just-started coroutine '%s'";
    case COSEND_E_DEPTH:
        return "coroutine '%s' is resumed inside too many others";
    case COSEND_E_IGNORED_EXIT:
        return "coroutine '%s' ignored GeneratorExit";
    case COSEND_E_LIMIT:
        return "coroutine '%s' would not close and was given up: what it holds "
               "is leaked";
    default:
        return "what is thrown into coroutine '%s' is not an error";
    }
}

int csi_refuse(const struct cosend_coroutine *co, int kind,
               struct cosend_error *err)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    return cosend_error_set(err, kind, reason(kind), co->name);
#pragma GCC diagnostic pop
}

void csi_report(const struct cosend_coroutine *co,
                const struct cosend_error *error)
{
    if (co->report)
        co->report(error, co->context);
    else
        fprintf(stderr, "cosend: error in coroutine '%s': %s\n", co->name,
                error->message);
}

void csi_report_refusal(const struct cosend_coroutine *co, int kind)
{
    struct cosend_error error = {0};

    csi_refuse(co, kind, &error);
    csi_report(co, &error);
}

void csi_raise_in_loop(struct cosend_coroutine *co,
                       struct cosend_coroutine *iterates,
                       const struct cosend_error *error)
{
    if (iterates)
        csi_enter_raised(iterates, error);
    else
        csi_report(co, error);
}

int csi_refuse_loop(struct cosend_coroutine *co, int kind)
{
    struct cosend_error error = {0};

    csi_refuse(co, kind, &error);
    csi_raise_in_loop(co, csi_thread.current, &error);
    return kind;
}
