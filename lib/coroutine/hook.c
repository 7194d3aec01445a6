/* SPDX-License-Identifier: MIT */
/*
 * A function of the user's that is called in between may do what it likes, to
 * any coroutine, but one thing: it is not the body of the coroutine on whose
 * stack it runs, so it must not yield for it (COSEND_E_USAGE).
 */
#include "coroutine/hook.h"

#include "base/base.h"
#include "coroutine/thread.h"

struct csi_deferred {
    struct csi_deferred *next;
    void (*call)(void *);
    void *argument;
};

/* From here on the current coroutine cannot yield. Returns how it was. */
static unsigned enter_hook(struct cosend_coroutine *current)
{
    unsigned before = CSI_SLOW_HOOK;

    if (current) {
        before = current->slow & CSI_SLOW_HOOK;
        current->slow |= CSI_SLOW_HOOK;
    }
    return before;
}

static void leave_hook(struct cosend_coroutine *current, unsigned before)
{
    if (!before)
        current->slow &= (uint8_t)~CSI_SLOW_HOOK;
}

void csi_dispose(struct cosend_coroutine *co, void *value)
{
    struct cosend_coroutine *current = csi_thread.current;
    unsigned before;

    if (!value || !co->dispose)
        return;
    before = enter_hook(current);
    co->dispose(value, co->context);
    leave_hook(current, before);
}

void csi_call_deferred(struct cosend_coroutine *co)
{
    struct cosend_coroutine *current = csi_thread.current;
    unsigned before = enter_hook(current);
    struct csi_deferred *first;

    while ((first = co->deferred)) {
        co->deferred = first->next;
        first->call(first->argument);
        csi_free(first);
    }
    leave_hook(current, before);
}

int cosend_defer(struct cosend_coroutine *self, void (*fn)(void *),
                 void *argument)
{
    struct csi_deferred *first;

    if (self->state == COSEND_CLOSED && !self->holds)
        return COSEND_E_USAGE;
    first = csi_malloc(sizeof(*first));
    if (!first)
        return COSEND_E_MEMORY;
    first->next = self->deferred;
    first->call = fn;
    first->argument = argument;
    self->deferred = first;
    return COSEND_OK;
}
