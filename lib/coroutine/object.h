/* SPDX-License-Identifier: MIT */
/*
 * The coroutine object, which every file of this room shares, and the words
 * that the room is written in.
 *
 * A *resumption* is one call of cosend_send, throw or close that has not yet
 * returned. The coroutine that was called is its *head*; the object of the head
 * says who resumed it and where that one waits. The coroutine that executes is
 * the resumption's *runner*. They are the same, unless the head delegates:
 *
 *     resumer ---send---> head --delegate--> d1 --delegate--> runner
 *        ^                 ^ `----------- target -------------^ |
 *        |                 `---------------- head --------------'
 *        `------------------------ yield -----------------------'
 *
 * A send goes straight to the runner, by head->target, and a yield straight
 * back, by runner->head: the delegators between them are not touched, however
 * many there are. They are when the runner ends: the next one up, whose
 * cosend_yield_from waits for it, becomes the runner.
 *
 * Invariants:
 * - `state` of a head and of a runner is the truth. In a delegator between
 *   them it may say SUSPENDED while the resumption goes on; csi_busy tells.
 * - `target` is never stale. It is set only in a coroutine that nobody
 *   delegates to, where every one below has one delegator; whoever is about to
 *   change such a path otherwise than through its head takes it back first. It
 *   is &csi_nowhere, whose state fits no fast path, where it is not known.
 * - Whoever is named by a target has that head as `head`.
 * - A coroutine that is delegated to, or that is at work here, is not freed
 *   (`delegators`, `holds`): cosend_free then sets `freed`, and the last user
 *   releases it.
 *
 * Nothing is left to do after a switch. A switch leaves by a jump, so a `ret`
 * of the function that switched would be mispredicted: the processor's return
 * stack holds the other side's calls. So whoever switches does what there is to
 * do on the other side before it goes (the yield stores the value where the
 * resumer wants it, and the reverse), and then switches as its last act, with
 * the other side's answer: it goes straight back to the other's caller. What
 * must be done on the other side's stack, because it runs foreign code or frees
 * this one, is called there on the way (csi_switch_call).
 *
 * The object is apart from the stack, so that an overflow does not reach it.
 * CREATED and SUSPENDED, `sp` is where the stack goes on. CLOSED, there is
 * none.
 */
#ifndef CSI_COROUTINE_OBJECT_H
#define CSI_COROUTINE_OBJECT_H

#include "coroutine/sanitizer.h"
#include "coroutine/stack.h"
#include "coroutine/switch/switch.h"
#include "cosend/coroutine.h"

#define CSI_LIKELY(condition)   __builtin_expect(!!(condition), 1)
#define CSI_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define CSI_COLD                __attribute__((noinline))

/* Why a yield is not a plain one; a bit each of `slow`. */
enum {
    CSI_SLOW_HOOK = 1,     /* a function of the user's runs: no yield at all */
    CSI_SLOW_RAISED = 2,   /* a loop's error is to be raised first */
    CSI_SLOW_HANDLING = 4, /* it may be leaving an except clause */
    CSI_SLOW_SHUTTING = 8, /* its head is closed by a delegator */
    CSI_SLOW_FPENV = 16    /* it has an FPU environment of its own */
};

struct csi_deferred;

/* An except clause that a coroutine is in; see raise.c. */
struct csi_clause {
    struct csi_clause *outer;
    const struct cosend_error *error; /* behind the clause, or a constant */
    uint8_t yields; /* in it, 2 at most; an error that arrives is a new one */
    bool raised;    /* by a loop, and not dealt with: the body cannot return */
};

struct cosend_coroutine {
    void **called_from; /* where the stack pointer of its caller is; unwinding
                           reads it, see CSI_CALLED_FROM */
    uint64_t owner;     /* id of its thread; read by others */
    struct cosend_coroutine *target; /* whom a send to it runs */
    struct cosend_coroutine *head;   /* of the resumption that it runs in */
    void *sp;
    void **in; /* where its yield wants the value; never NULL */

    /* Of the resumption that it is the head of. */
    struct cosend_coroutine *resumer;
    void *resumer_sp;
    void **out; /* where the resumer wants the value; NULL: nowhere */
    struct cosend_error *err;          /* or &csi_iterates, or NULL */
    const struct cosend_error *thrown; /* a GeneratorExit that was thrown */

    uint8_t state;   /* enum cosend_state; read by others */
    uint8_t slow;    /* CSI_SLOW_... */
    bool verdict;    /* what `taken` is when the resumption is over */
    bool taken;      /* cosend_taken */
    bool closing;    /* cosend_close waits: GeneratorExit is no news to it */
    bool shutting;   /* its delegator closes it, and goes on when it has */
    bool unreported; /* its error is to be reported when it is left */
    bool freed;      /* by the user, but somebody still needs it */
    unsigned holds;  /* calls of ours that are not through with it */
    unsigned delegators;               /* how many delegate to it */
    struct cosend_coroutine *delegate; /* whom it delegates to */
    struct cosend_coroutine *up;       /* its delegator in the resumption */

    struct csi_stack *stack;
    cosend_body body;
    void *argument;
    void *result;  /* cosend_return */
    void *ignored; /* what `in` points at when nobody wants the value */
    void (*dispose)(void *value, void *context);
    void (*report)(const struct cosend_error *error, void *context);
    void *context;
    struct csi_deferred *deferred;
    struct csi_clause *clause;        /* the innermost that it is in */
    struct csi_clause constant;       /* for an error that is a constant */
    unsigned handling;                /* how many it is in, remembered or not */
    struct csi_fpenv inside, outside; /* for CSI_SLOW_FPENV */
    struct csi_sanitizer san;
    char stopped[64]; /* the last coroutine that answered DONE to this one */
    char name[64];
};

_Static_assert(offsetof(struct cosend_coroutine, called_from) ==
                   CSI_CALLED_FROM,
               "where the switches' unwind information expects it");

/* The target of those whose target is not known. */
extern struct cosend_coroutine csi_nowhere;

/* The `err` of a loop: an error is to be raised in whoever iterates. */
extern struct cosend_error csi_iterates;

static inline void csi_set_state(struct cosend_coroutine *co,
                                 enum cosend_state state)
{
    __atomic_store_n(&co->state, (uint8_t)state, __ATOMIC_RELAXED);
}

#endif
