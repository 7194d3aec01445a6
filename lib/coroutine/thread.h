/* SPDX-License-Identifier: MIT */
/* What coroutines know of the thread that they run in, and whose they are. */
#ifndef CSI_COROUTINE_THREAD_H
#define CSI_COROUTINE_THREAD_H

#include "coroutine/object.h"

struct csi_thread {
    struct cosend_coroutine *current; /* the one that executes */
    uint64_t id;    /* never used again by another thread; 0: none yet */
    unsigned depth; /* how many resumptions wait for each other */
    int answer;     /* of a switch that calls something on its way */
    struct csi_pool pool;
    struct csi_sanitizer_thread san;
};

/*
 * Found without a call even in position-independent code: it is small enough
 * for the room that the loader keeps for such variables.
 */
#define CSI_TLS __attribute__((tls_model("initial-exec"), visibility("hidden")))

extern CSI_TLS _Thread_local struct csi_thread csi_thread;

/* This thread uses coroutines from now on: it gets an id, until it ends. */
void csi_thread_begin(void);

/*
 * Have co, and whom it delegates to, belong to this thread if the thread that
 * they belonged to has ended.
 *
 * Returns whether co does.
 */
bool csi_thread_inherit(struct cosend_coroutine *co);

/* Whether co belongs to this thread, if need be by inheritance. */
static inline bool csi_owned(struct cosend_coroutine *co)
{
    return CSI_LIKELY(__atomic_load_n(&co->owner, __ATOMIC_RELAXED) ==
                      csi_thread.id) ||
           csi_thread_inherit(co);
}

/* The sanitizers' record of a coroutine's stack, or, for NULL, the thread's. */
static inline struct csi_sanitizer *csi_san(struct cosend_coroutine *co)
{
    return co ? &co->san : &csi_thread.san.own;
}

#endif
