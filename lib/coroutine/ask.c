/* SPDX-License-Identifier: MIT */
/* What can be asked of a coroutine, and whose it is to be. */
#include "coroutine/route.h"
#include "coroutine/thread.h"

enum cosend_state cosend_state(const struct cosend_coroutine *co)
{
    uint8_t state = __atomic_load_n(&co->state, __ATOMIC_RELAXED);

    if (state == COSEND_SUSPENDED &&
        __atomic_load_n(&co->owner, __ATOMIC_RELAXED) == csi_thread.id &&
        co->delegate && csi_busy(co) == co)
        return COSEND_RUNNING;
    return (enum cosend_state)state;
}

const char *cosend_name(const struct cosend_coroutine *co)
{
    return co->name;
}

bool cosend_taken(const struct cosend_coroutine *co)
{
    return __atomic_load_n(&co->owner, __ATOMIC_RELAXED) == csi_thread.id &&
           co->taken;
}

const struct cosend_coroutine *
cosend_delegate(const struct cosend_coroutine *co)
{
    return co->delegate;
}

struct cosend_coroutine *cosend_current(void)
{
    return csi_thread.current;
}

bool cosend_stack_overflow(const void *address, const char **name,
                           size_t *stack_size)
{
    const struct cosend_coroutine *co = csi_thread.current;

    if (!co || !co->stack || !csi_stack_guards(co->stack, address))
        return false;
    *name = co->name;
    *stack_size = co->stack->size;
    return true;
}

int cosend_adopt(struct cosend_coroutine *co)
{
    if (csi_thread.id == 0)
        csi_thread_begin();
    if (__atomic_load_n(&co->owner, __ATOMIC_ACQUIRE) == csi_thread.id)
        return COSEND_OK;
    if (csi_busy(co) == co)
        return COSEND_E_RUNNING;
    csi_forget_targets(co);
    for (; co; co = co->delegate) {
        __atomic_store_n(&co->owner, csi_thread.id, __ATOMIC_RELEASE);
        co->target = &csi_nowhere;
    }
    return COSEND_OK;
}
