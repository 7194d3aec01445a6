/* SPDX-License-Identifier: MIT */
/* What the tests of coroutines share: small values, and bodies that log. */
#ifndef TESTS_COROUTINE_H
#define TESTS_COROUTINE_H

#include "cosend/coroutine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define UNUSED __attribute__((unused))

enum { E_VALUE = COSEND_E_USER - 1, E_KEY = COSEND_E_USER - 2 };

static UNUSED void *V(intptr_t number)
{
    return (void *)number;
}

/* What the bodies did, a letter or word each; cleared by start_log. */
static char log_text[256];

static UNUSED void start_log(void)
{
    log_text[0] = '\0';
}

static UNUSED void note(const char *what)
{
    strncat(log_text, what, sizeof(log_text) - strlen(log_text) - 1);
}

static UNUSED void note_argument(void *what)
{
    note(what);
}

static UNUSED struct cosend_error error_of(int kind, const char *message)
{
    struct cosend_error error = {0};

    cosend_error_set(&error, kind, "%s", message);
    return error;
}

/* Yields what it is sent, until it is interrupted. */
static UNUSED int echo(struct cosend_coroutine *self, void *value)
{
    note("begin ");
    while (cosend_yield(self, value, &value) == COSEND_GOT)
        note("got ");
    note("out ");
    return cosend_reraise(self);
}

/* Yields 1, then returns 42. */
static UNUSED int one_then_42(struct cosend_coroutine *self, void *argument)
{
    (void)argument;
    if (cosend_yield(self, V(1), NULL) != COSEND_GOT)
        return cosend_reraise(self);
    return cosend_return(self, V(42));
}

/* Yields 1, then raises E_VALUE "body failed". */
static UNUSED int one_then_error(struct cosend_coroutine *self, void *argument)
{
    (void)argument;
    if (cosend_yield(self, V(1), NULL) != COSEND_GOT)
        return cosend_reraise(self);
    return cosend_raise(self, E_VALUE, "body failed");
}

/* Handles whatever is thrown at its first yield and yields 7 for it. */
static UNUSED int handles(struct cosend_coroutine *self, void *argument)
{
    (void)argument;
    while (cosend_yield(self, V(1), NULL) == COSEND_GOT)
        ;
    cosend_handled(self);
    if (cosend_yield(self, V(7), NULL) != COSEND_GOT)
        return cosend_reraise(self);
    return cosend_return(self, V(8));
}

/* Handles it and returns 42. */
static UNUSED int handles_and_returns(struct cosend_coroutine *self,
                                      void *argument)
{
    (void)argument;
    while (cosend_yield(self, V(1), NULL) == COSEND_GOT)
        ;
    return cosend_return(self, V(42));
}

/* Raises E_KEY "replaced" instead of what interrupts it. */
static UNUSED int replaces(struct cosend_coroutine *self, void *argument)
{
    (void)argument;
    while (cosend_yield(self, V(1), NULL) == COSEND_GOT)
        ;
    return cosend_raise(self, E_KEY, "replaced");
}

/* try: yield 1; finally: yield 9. */
static UNUSED int yields_in_finally(struct cosend_coroutine *self,
                                    void *argument)
{
    (void)argument;
    while (cosend_yield(self, V(1), NULL) == COSEND_GOT)
        ;
    if (cosend_yield(self, V(9), NULL) == COSEND_GOT)
        note("finally ");
    return cosend_reraise(self);
}

/* Delegates to its argument; what that returns is yielded, then returned. */
static UNUSED int delegates(struct cosend_coroutine *self, void *sub)
{
    void *result = V(-1);

    switch (cosend_yield_from(self, sub, &result)) {
    case COSEND_GOT:
        if (cosend_yield(self, result, NULL) != COSEND_GOT)
            break;
        return cosend_return(self, result);
    case COSEND_THROWN:
        note("thrown ");
        break;
    case COSEND_CLOSING:
        note("closing ");
        break;
    }
    return cosend_reraise(self);
}

/* Answers with a DONE that is not its own. */
static UNUSED int leaks_done(struct cosend_coroutine *self, void *argument)
{
    (void)argument;
    cosend_yield(self, NULL, NULL);
    return COSEND_DONE;
}

static UNUSED struct cosend_coroutine *make(cosend_body body, void *argument)
{
    struct cosend_coroutine *co = cosend_new(body, argument, NULL, NULL);

    assert_non_null(co);
    return co;
}

static UNUSED struct cosend_coroutine *started(cosend_body body, void *argument)
{
    struct cosend_coroutine *co = cosend_start(body, argument, NULL, NULL);

    assert_non_null(co);
    return co;
}

#define assert_outcome(call, outcome_due, out, value_due)                      \
    do {                                                                       \
        out = V(-99);                                                          \
        assert_int_equal((call), (outcome_due));                               \
        assert_ptr_equal((out), V(value_due));                                 \
    } while (0)

#endif
