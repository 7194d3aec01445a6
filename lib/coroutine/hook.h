/* SPDX-License-Identifier: MIT */
/* The user's functions that the runtime calls: dispose, and what is deferred.
 */
#ifndef CSI_COROUTINE_HOOK_H
#define CSI_COROUTINE_HOOK_H

#include "coroutine/object.h"

/*
 * Free a value that nobody can take. NULL is no value. The coroutine that
 * executes, which may be co, cannot yield meanwhile.
 */
void csi_dispose(struct cosend_coroutine *co, void *value);

/* Call what co deferred. The coroutine that executes cannot yield meanwhile. */
void csi_call_deferred(struct cosend_coroutine *co);

/* The same, where there may be nothing. */
static inline void csi_run_deferred(struct cosend_coroutine *co)
{
    if (co->deferred)
        csi_call_deferred(co);
}

/* Hand out a value that came from co, if anybody wants it. */
static inline void csi_give(struct cosend_coroutine *co, void *value,
                            void **out)
{
    if (CSI_LIKELY(out))
        *out = value;
    else
        csi_dispose(co, value);
}

#endif
