/* SPDX-License-Identifier: MIT */
/*
 * Coroutines: the generator protocol of Python (PEP 342, 380 and 479) in C.
 *
 * A coroutine is a function with a stack of its own. It runs when somebody
 * resumes it (prime, next, send, throw, close) and stops at cosend_yield; its
 * locals stay where they are meanwhile. Values are opaque pointers, and NULL
 * is a value like any other: Python's None.
 *
 *     static int averager(struct cosend_coroutine *self, void *argument)
 *     {
 *         double total = 0, mean = 0;
 *         void *in;
 *
 *         (void)argument;
 *         for (int n = 1;; n++) {
 *             COSEND_YIELD_OR_RETURN(self, &mean, &in);
 *             if (!in)
 *                 return cosend_return(self, NULL);
 *             total += *(double *)in;
 *             mean = total / n;
 *         }
 *     }
 *
 * Every call that resumes answers COSEND_YIELD (a value came out), COSEND_DONE
 * (the body returned, now or earlier) or an error (< 0). `out` and `err` may
 * be NULL in all of them. *out is always set: the value yielded or returned,
 * else NULL. *err is filled on an error unless it is set already, so it must
 * start as all zero.
 *
 * A coroutine belongs to one thread at a time: that which made it, until that
 * has ended or another takes it over (cosend_adopt). Every other is refused
 * with COSEND_E_THREAD. No longjmp, C++ exception, pthread_exit or cancellation
 * may cross a yield or a resume; nor may a body yield inside a C++ catch block,
 * for what is caught is the thread's. So are errno, the locale, the signal mask
 * and, but with keep_fpenv, the rounding mode.
 *
 * A function of the user's that the library calls (dispose, report, what is
 * deferred) may use coroutines, and free the one that it is called for. It
 * cannot yield for the coroutine that is current: that is COSEND_E_USAGE.
 */
#ifndef COSEND_COROUTINE_H
#define COSEND_COROUTINE_H

#include "cosend/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A coroutine; from cosend_new to cosend_free. */
struct cosend_coroutine;

/* Where a coroutine is in its life. */
enum cosend_state {
    COSEND_CREATED,   /* made, not started */
    COSEND_SUSPENDED, /* at a yield */
    COSEND_RUNNING,   /* executing, or waiting for one that it resumed */
    COSEND_CLOSED     /* returned, failed or was closed */
};

enum {
    /* How many coroutines may be resumed inside each other in a thread. */
    COSEND_DEPTH = 1024,
    /* How often cosend_free asks a body to close before it gives it up. */
    COSEND_REFUSALS = 2
};

/*
 * What a coroutine runs.
 *
 * Returns 0 to return (with the value of cosend_return, else NULL), an error
 * (< 0; best from cosend_raise or cosend_reraise) to raise, COSEND_CLOSING to
 * let GeneratorExit out. Any other answer > 0, such as somebody else's
 * COSEND_DONE, comes out as COSEND_E_STOP_LEAK.
 */
typedef int (*cosend_body)(struct cosend_coroutine *self, void *argument);

/* How to make a coroutine. Sized; all else zero is the default of everything.
 */
struct cosend_coroutine_options {
    size_t size; /* sizeof(struct cosend_coroutine_options) */
    /* For messages; copied, and cut at 63 bytes. NULL: "coroutine". */
    const char *name;
    /* In bytes, rounded up to pages. 0: 256 KiB (1 MiB under a sanitizer). */
    size_t stack_size;
    /*
     * Frees a value (never NULL) that came out where nobody can take it: one
     * yielded in answer to close, one that comes out of a call whose `out` is
     * NULL, one returned to cosend_free. NULL: such values are just dropped.
     */
    void (*dispose)(void *value, void *context);
    /*
     * Told of an error that no caller can be told of: from cosend_free, and
     * from COSEND_EACH outside a coroutine. The error is its own only during
     * the call. NULL: a line on standard error.
     */
    void (*report)(const struct cosend_error *error, void *context);
    /* Handed to dispose and report. */
    void *context;
    /*
     * Whether it has the rounding mode and the flags of the FPU to itself, from
     * what they are when it is made. A send takes some 25 ns longer then.
     */
    bool keep_fpenv;
};

/* ---- Making and freeing -------------------------------------------------- */

/*
 * A new coroutine, CREATED: body has not begun. `options` may be NULL.
 *
 * Returns NULL on COSEND_E_MEMORY, COSEND_E_LIMIT (no more stacks) or
 * COSEND_E_TYPE (no body, or a stack size beyond reason) or COSEND_E_USAGE
 * (options by their `size`), with err filled.
 */
COSEND_API struct cosend_coroutine *
cosend_new(cosend_body body, void *argument,
           const struct cosend_coroutine_options *options,
           struct cosend_error *err);

/*
 * cosend_new and cosend_prime in one, for a coroutine that is sent to: its
 * first value is discarded. One that returns at once is handed out CLOSED.
 *
 * Returns NULL, with err filled, when either fails.
 */
COSEND_API struct cosend_coroutine *
cosend_start(cosend_body body, void *argument,
             const struct cosend_coroutine_options *options,
             struct cosend_error *err);

/*
 * Close and free. NULL is fine. One that another delegates to is freed when
 * that is over, and goes on until then.
 *
 * A body that yields in answer to close is reported (COSEND_E_IGNORED_EXIT) and
 * asked again, COSEND_REFUSALS times in all. Then it is reported again
 * (COSEND_E_LIMIT) and left as it is: what it holds leaks, but for what it
 * deferred. Other errors are reported too; a return value is disposed of.
 *
 * While the coroutine is RUNNING, or SUSPENDED and another thread's, it reports
 * COSEND_E_RUNNING or COSEND_E_THREAD and frees nothing. One that is CREATED or
 * CLOSED any thread may free.
 */
COSEND_API void cosend_free(struct cosend_coroutine *co);

/* ---- Resuming ------------------------------------------------------------ */

/*
 * Resume with a value: the cosend_yield that it waits in answers COSEND_GOT
 * and hands it over. Who owns it then is between the two; cosend_taken says
 * whether it was handed over.
 *
 * Returns COSEND_YIELD, with the next value yielded; COSEND_DONE, with the
 * value returned, once, and ever after with NULL; what the body raised, once;
 * COSEND_E_UNPRIMED for a value other than NULL while CREATED;
 * COSEND_E_RUNNING; COSEND_E_THREAD; or COSEND_E_DEPTH when COSEND_DEPTH
 * coroutines wait for each other already. A refusal changes nothing.
 */
COSEND_API int cosend_send(struct cosend_coroutine *co, void *in, void **out,
                           struct cosend_error *err);

/* cosend_send with NULL. */
COSEND_API int cosend_next(struct cosend_coroutine *co, void **out,
                           struct cosend_error *err);

/* cosend_next, by the name of what it does to a coroutine that is CREATED. */
COSEND_API int cosend_prime(struct cosend_coroutine *co, void **out,
                            struct cosend_error *err);

/*
 * Resume with an error (copied): the cosend_yield that it waits in answers
 * COSEND_THROWN; or COSEND_CLOSING for COSEND_E_EXIT, but unlike cosend_close
 * it may yield then. One that is CREATED becomes CLOSED without having begun;
 * from there, and from CLOSED, the error comes straight back.
 *
 * Returns what cosend_send does; the kind of the error if it came out again;
 * or COSEND_E_TYPE, all unchanged, if `thrown` is NULL or its kind not < 0.
 */
COSEND_API int cosend_throw(struct cosend_coroutine *co,
                            const struct cosend_error *thrown, void **out,
                            struct cosend_error *err);

/*
 * End it: the cosend_yield that it waits in answers COSEND_CLOSING. While
 * closing it may still send to others, but not yield.
 *
 * Returns COSEND_OK when it is CLOSED, also if it was before; *out is the
 * value the body returned in answer, else NULL. COSEND_E_IGNORED_EXIT: it
 * yielded, the value was disposed of, and it is SUSPENDED still. What the body
 * raised instead; COSEND_E_RUNNING, COSEND_E_THREAD or COSEND_E_DEPTH.
 */
COSEND_API int cosend_close(struct cosend_coroutine *co, void **out,
                            struct cosend_error *err);

/*
 * What COSEND_EACH does at each turn: cosend_next into *value.
 *
 * Returns COSEND_YIELD, or something else, with *value NULL, when there is no
 * more: a value returned has been disposed of, and an error is raised in the
 * coroutine that iterates, cosend_current(). What that does not handle (see
 * cosend_thrown) comes out of it: its next yield answers COSEND_THROWN at once,
 * and if its body returns, it fails with that error nevertheless. Outside a
 * coroutine the error is reported; to get it there, call cosend_next.
 */
COSEND_API int cosend_iterate(struct cosend_coroutine *co, void **value);

/* `COSEND_EACH(co, value) { ... }`, as Python's for; value is a void *. */
#define COSEND_EACH(co, value)                                                 \
    while (cosend_iterate((co), &(value)) == COSEND_YIELD)

/* cosend_iterate, as a condition. */
COSEND_INLINE bool cosend_each(struct cosend_coroutine *co, void **value)
{
    return cosend_iterate(co, value) == COSEND_YIELD;
}

/* ---- Asking -------------------------------------------------------------- */

/*
 * Any thread may ask; what another than its own is told may be over by then,
 * and is SUSPENDED for one that waits for whom it delegates to, though that
 * runs.
 */
COSEND_API enum cosend_state cosend_state(const struct cosend_coroutine *co);

COSEND_API const char *cosend_name(const struct cosend_coroutine *co);

/*
 * Whether the value of the last cosend_send reached the body. False after
 * COSEND_E_UNPRIMED, COSEND_E_RUNNING, COSEND_E_THREAD, COSEND_E_DEPTH and
 * after COSEND_DONE from one that was CLOSED already: the caller still owns
 * the value then.
 */
COSEND_API bool cosend_taken(const struct cosend_coroutine *co);

/* Whom its cosend_yield_from delegates to now, or NULL. */
COSEND_API const struct cosend_coroutine *
cosend_delegate(const struct cosend_coroutine *co);

/* The innermost coroutine running in this thread, or NULL. */
COSEND_API struct cosend_coroutine *cosend_current(void);

/*
 * Whether address lies in the guard below the stack of cosend_current(), that
 * is, whether a fault there is a stack overflow. If so *name and *stack_size
 * (bytes) say whose. Async-signal-safe: meant for a SIGSEGV handler, on an
 * alternate stack.
 */
COSEND_API bool cosend_stack_overflow(const void *address, const char **name,
                                      size_t *stack_size);

/*
 * Have it belong to this thread from now on, and whom it delegates to. The
 * thread that it belonged to must be through with it. That is not needed if
 * that thread has ended.
 *
 * Returns COSEND_OK, or COSEND_E_RUNNING if it runs in another.
 */
COSEND_API int cosend_adopt(struct cosend_coroutine *co);

/*
 * Call a function on the thread's own stack, outside of all coroutines: for
 * what a coroutine's stack is too small for, or what cannot live on any but the
 * thread's, as a call into Go, Python or Rust. The coroutines stay where they
 * are meanwhile, RUNNING; cosend_current() is NULL in it. It may use other
 * coroutines, and return; a C++ exception or longjmp may not leave it.
 *
 * Returns what call does. Where no coroutine runs it is a plain call.
 */
COSEND_API int cosend_call_outside(int (*call)(void *argument), void *argument);

/* ---- Inside a body ------------------------------------------------------- */

/*
 * Suspend, with a value for whoever resumed this coroutine.
 *
 * Returns COSEND_GOT with what was sent in *in; COSEND_CLOSING or
 * COSEND_THROWN, with *in NULL and cosend_thrown to say more; COSEND_E_USAGE,
 * at once, if self is not cosend_current(), or in a function that the library
 * called. `in` may be NULL.
 */
COSEND_API int cosend_yield(struct cosend_coroutine *self, void *out,
                            void **in);

/*
 * cosend_yield for a body that wants values only: anything else, an error
 * thrown or close, ends the body there and comes out of it as it is. Use it
 * where the body holds nothing but what it deferred.
 */
#define COSEND_YIELD_OR_RETURN(self, out, in)                                  \
    do {                                                                       \
        if (cosend_yield((self), (out), (in)) != COSEND_GOT)                   \
            return cosend_reraise(self);                                       \
    } while (0)

/*
 * Delegate to sub as `yield from` does, until it is done: prime it or call
 * next, yield what it yields, and pass on what is sent, thrown or closed.
 *
 * Returns COSEND_GOT with what sub returned in *result (NULL if it was CLOSED
 * before); COSEND_THROWN when an error came out of sub; COSEND_CLOSING after
 * sub was closed; COSEND_E_USAGE as from cosend_yield. `result` may be NULL.
 * sub stays the caller's to free, and lives until this returns if it is freed
 * earlier. A send takes no longer for a chain of delegations, however long.
 */
COSEND_API int cosend_yield_from(struct cosend_coroutine *self,
                                 struct cosend_coroutine *sub, void **result);

/* Set what the body is about to return. Returns 0. */
COSEND_API int cosend_return(struct cosend_coroutine *self, void *value);

/*
 * The body will raise an error of kind (< 0, else COSEND_E_TYPE); the error
 * being handled, if any, becomes its context.
 *
 * Returns kind: `return cosend_raise(self, MY_ERROR, "no %s", what)`.
 */
COSEND_API int cosend_raise(struct cosend_coroutine *self, int kind,
                            const char *format, ...) COSEND_PRINTF(3, 4);

/* Python's `raise X from cause`. cause NULL: `from None`. */
COSEND_API int cosend_raise_from(struct cosend_coroutine *self,
                                 const struct cosend_error *cause, int kind,
                                 const char *format, ...) COSEND_PRINTF(4, 5);

/*
 * Python's `raise error`: let out an error as it is, say one that came from a
 * coroutine that the body sent to. error->kind must be < 0.
 *
 * Returns error->kind; COSEND_CLOSING for COSEND_E_EXIT.
 */
COSEND_API int cosend_raise_error(struct cosend_coroutine *self,
                                  const struct cosend_error *error);

/*
 * Python's bare `raise`: let out what is being handled.
 *
 * Returns its kind; COSEND_CLOSING for GeneratorExit; COSEND_E_USAGE, raised
 * now, if there is none.
 */
COSEND_API int cosend_reraise(struct cosend_coroutine *self);

/*
 * The error being handled: that of the last COSEND_THROWN, COSEND_CLOSING
 * (kind COSEND_E_EXIT), cosend_raise or COSEND_EACH; NULL if none. It is good
 * until the next yield, raise or cosend_handled. COSEND_E_MEMORY stands for one
 * that there was no memory for.
 */
COSEND_API const struct cosend_error *
cosend_thrown(const struct cosend_coroutine *self);

/*
 * Leave the except clause: what was thrown is dealt with. Each of
 * COSEND_THROWN, COSEND_CLOSING, cosend_raise and an error of COSEND_EACH
 * enters one; the one around it is in force again.
 *
 * What is handled is the context of an error that is raised before this is
 * called, but not of one that is raised once a yield in between has answered
 * COSEND_GOT: whoever goes on with values has dealt with the error.
 */
COSEND_API void cosend_handled(struct cosend_coroutine *self);

/*
 * Have fn(argument) called when the coroutine ends, in whatever way, before
 * the call that ends it returns; the last deferred is called first. Also
 * allowed from outside before it starts. fn runs outside the coroutine, which
 * is CLOSED, on the stack of whoever ended it, and may free it.
 *
 * Returns COSEND_OK; COSEND_E_MEMORY, or COSEND_E_USAGE if it is CLOSED: then
 * it will not be called.
 */
COSEND_API int cosend_defer(struct cosend_coroutine *self, void (*fn)(void *),
                            void *argument);

#ifdef __cplusplus
}
#endif

#endif
