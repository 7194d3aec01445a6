/* SPDX-License-Identifier: MIT */
/*
 * The coroutine object, which coroutine.c (life and resuming), delegate.c
 * (yield from) and raise.c (errors) share.
 *
 * The object is apart from the stack. While the coroutine is CREATED or
 * SUSPENDED `sp` is where its stack goes on; while it is RUNNING `resumer_sp`
 * is where that of its resumer does. A RUNNING coroutine that is not the
 * thread's `current` waits for one that it resumed; `resumer` links them, and
 * the thread's `depth` is the length of that chain. CLOSED, it has no stack.
 *
 * Nothing is left to do after a switch. A switch leaves by a jump, so a `ret`
 * of the function that switched would be mispredicted: the processor's return
 * stack holds the other side's calls. So whoever switches does what there is to
 * do on the other side before it goes (the yield stores the value where the
 * resumer wants it, and the reverse), and then switches as its last act, with
 * the other side's answer: it goes straight back to the other's caller.
 */
#ifndef CSI_COROUTINE_OBJECT_H
#define CSI_COROUTINE_OBJECT_H

#include "coroutine/sanitizer.h"
#include "coroutine/stack.h"
#include "cosend/coroutine.h"

/* What coroutines know of the thread that they run in. */
struct csi_thread {
    struct cosend_coroutine *current;
    uint64_t id; /* never used again by another thread; 0: none yet */
    unsigned depth;
    struct csi_pool pool;
};

/*
 * Found without a call even in position-independent code: it is small enough
 * for the room that the loader keeps for such variables.
 */
#define CSI_TLS __attribute__((tls_model("initial-exec"), visibility("hidden")))

extern CSI_TLS _Thread_local struct csi_thread csi_thread;

struct csi_deferred {
    struct csi_deferred *next;
    void (*fn)(void *);
    void *argument;
};

struct cosend_coroutine {
    /* What a send and a yield touch: a cache line. */
    void *sp, *resumer_sp;
    struct cosend_coroutine *resumer;
    uint64_t owner; /* id of its thread; never changes */
    uint8_t state;  /* enum cosend_state */
    bool taken;     /* cosend_taken */
    bool dying;     /* yields are refused: cosend_free is at work */
    bool closing;   /* cosend_close waits: GeneratorExit is no news to it */
    void **in;      /* where its yield wants the value; never NULL */
    void **out;     /* where its resumer does; NULL: nowhere */
    struct cosend_error *err;

    struct csi_sanitizer san;
    struct csi_stack *stack;
    cosend_body body;
    void *argument;
    void *result; /* cosend_return */
    void (*dispose)(void *value, void *context);
    void (*report)(const struct cosend_error *error, void *context);
    void *context;
    struct csi_deferred *deferred;
    const struct cosend_coroutine *delegate;
    const struct cosend_error *incoming; /* while delegating; see csi_suspend */
    void *ignored; /* what `in` points at when nobody wants the value */
    unsigned refusals;
    unsigned handling; /* except clauses entered; 0: the two below are stale */
    struct cosend_error error;                /* what the innermost handles */
    struct cosend_cause outer[COSEND_CAUSES]; /* and those around it */
    char stopped[64]; /* the last coroutine that answered DONE to this one */
    char name[64];
};

/*
 * What is behind cosend_yield. self must be the current coroutine; `in` may
 * not be NULL.
 *
 * While self->delegate is set no except clause is entered: the error that comes
 * with COSEND_THROWN, and may come with COSEND_CLOSING, is in self->incoming,
 * which is the resumer's, good until the next suspension.
 */
int csi_suspend(struct cosend_coroutine *self, void *out, void **in);

/* Free a value that nobody can take. NULL is no value. */
void csi_dispose(struct cosend_coroutine *co, void *value);

/*
 * Enter an except clause with an error that has arrived (NULL: GeneratorExit);
 * what was being handled becomes its context.
 */
void csi_enter(struct cosend_coroutine *self, const struct cosend_error *error);

/*
 * Enter one with whatever a body's answer (not 0) stands for, if it does not
 * handle that already.
 *
 * Returns the kind of error that comes out of the coroutine.
 */
int csi_enter_status(struct cosend_coroutine *self, int status);

#endif
