/* SPDX-License-Identifier: MIT */
#include "coroutine/bury.h"

#include "base/base.h"
#include "coroutine/hook.h"
#include "coroutine/raise.h"
#include "coroutine/thread.h"

void csi_bury(struct cosend_coroutine *co)
{
    csi_set_state(co, COSEND_CLOSED);
    co->holds++;
    csi_run_deferred(co);
    co->holds--;
    csi_stack_put(&csi_thread.pool, co->stack);
    csi_san_bury(&co->san);
    co->stack = NULL;
}

void csi_free_object(struct cosend_coroutine *co)
{
    co->holds++;
    csi_run_deferred(co);
    if (co->clause)
        csi_leave_clauses(co);
    csi_free(co);
}
