/* SPDX-License-Identifier: MIT */
/*
 * Closing, and freeing, which is to close what is not CLOSED yet.
 *
 * Who owns what: the object is the user's until cosend_free, the stack the
 * object's until it is CLOSED. But whoever delegates to a coroutine needs it,
 * as does every call of ours that still is at work with it, so cosend_free
 * before that only says that the user does not: the last one to need it calls
 * csi_release.
 *
 * A body may yield in answer to close, and is SUSPENDED still. To free it is to
 * insist, COSEND_REFUSALS times in all: once as CPython does, and once more for
 * a body that yields in its cleanup. Then its stack is taken away as it is. So
 * what only that stack knows of is leaked, and that is reported.
 */
#include "coroutine/close.h"

#include "coroutine/bury.h"
#include "coroutine/hook.h"
#include "coroutine/raise.h"
#include "coroutine/refusal.h"
#include "coroutine/resume.h"
#include "coroutine/route.h"
#include "coroutine/thread.h"

/* Close co, SUSPENDED. It is held. */
static int close_suspended(struct cosend_coroutine *co, void **out,
                           struct cosend_error *err)
{
    void *value;
    int outcome;

    co->closing = true;
    outcome = csi_exit_along(co, NULL, &value, err);
    co->closing = false;
    if (outcome == COSEND_YIELD) {
        csi_dispose(co, value);
        return csi_refuse(co, COSEND_E_IGNORED_EXIT, err);
    }
    if (outcome == COSEND_DONE)
        csi_give(co, value, out);
    if (outcome == COSEND_DONE || outcome == COSEND_E_EXIT)
        return COSEND_OK;
    return outcome;
}

int cosend_close(struct cosend_coroutine *co, void **out,
                 struct cosend_error *err)
{
    int outcome = csi_obstacle(co);

    if (out)
        *out = NULL;
    if (outcome)
        return csi_refuse(co, outcome, err);
    if (co->state == COSEND_CLOSED)
        return COSEND_OK;
    co->holds++;
    if (co->state == COSEND_SUSPENDED)
        outcome = close_suspended(co, out, err);
    else
        csi_bury(co);
    co->holds--;
    if (csi_unused(co))
        csi_release(co);
    return outcome;
}

/* ---- Freeing ------------------------------------------------------------- */

/* Close co, SUSPENDED and held, by all means but force. */
static void insist(struct cosend_coroutine *co)
{
    for (int asked = 1; co->state == COSEND_SUSPENDED; asked++) {
        int outcome = close_suspended(co, NULL, NULL);

        if (outcome != COSEND_E_IGNORED_EXIT) {
            if (outcome != COSEND_OK)
                csi_report(co, csi_handled(co));
        } else if (asked < COSEND_REFUSALS) {
            csi_report_refusal(co, COSEND_E_IGNORED_EXIT);
        } else {
            csi_report_refusal(co, COSEND_E_LIMIT);
            return;
        }
    }
}

void csi_release(struct cosend_coroutine *co)
{
    struct cosend_coroutine *sub = NULL;

    co->holds++;
    insist(co);
    if (co->state != COSEND_CLOSED)
        csi_bury(co);
    if (co->delegate)
        sub = csi_undelegate(co);
    csi_free_object(co);
    if (sub)
        csi_release(sub);
}

/* Whether nothing of co has to be run any more. Any thread may ask. */
static bool over_or_not_begun(const struct cosend_coroutine *co)
{
    uint8_t state = __atomic_load_n(&co->state, __ATOMIC_RELAXED);

    return state == COSEND_CREATED || state == COSEND_CLOSED;
}

void cosend_free(struct cosend_coroutine *co)
{
    if (!co || co->freed)
        return;
    if (!csi_owned(co) && !over_or_not_begun(co)) {
        csi_report_refusal(co, COSEND_E_THREAD);
        return;
    }
    if (co->state != COSEND_CREATED && csi_busy(co) == co) {
        csi_report_refusal(co, COSEND_E_RUNNING);
        return;
    }
    co->freed = true;
    if (csi_unused(co))
        csi_release(co);
}
