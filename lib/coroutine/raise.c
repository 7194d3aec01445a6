/* SPDX-License-Identifier: MIT */
/*
 * Errors inside a body. A coroutine handles at most one at a time: that of the
 * innermost except clause it has entered, in `error`. Of the clauses around it
 * the nearest COSEND_CAUSES are kept in `outer`, by kind and message only:
 * going back to one finds what led to it in the chain of the error inside.
 */
#include "base/base.h"
#include "coroutine/object.h"

#include <string.h>

static struct cosend_cause summary(const struct cosend_error *error,
                                   bool raised_from)
{
    struct cosend_cause cause = {.kind = error->kind,
                                 .raised_from = raised_from};

    memcpy(cause.message, error->message, sizeof(cause.message) - 1);
    return cause;
}

static bool same(int kind, const char *message, const struct cosend_cause *with)
{
    return kind == with->kind &&
           strncmp(message, with->message, sizeof(with->message) - 1) == 0;
}

/* Whether it handles an error, and not one too far out to be remembered. */
static bool handles(const struct cosend_coroutine *self)
{
    return self->handling && self->error.kind;
}

/* No error may be in its own chain (rule 49). */
static bool in_chain(const struct cosend_error *error,
                     const struct cosend_cause *cause)
{
    if (same(error->kind, error->message, cause))
        return true;
    for (unsigned i = 0; i < error->causes; i++)
        if (same(error->cause[i].kind, error->cause[i].message, cause))
            return true;
    return false;
}

/* Put `older`, and what led to it, at the end of error's chain. */
static void chain(struct cosend_error *error, const struct cosend_error *older,
                  bool raised_from)
{
    struct cosend_cause link = summary(older, raised_from);

    for (unsigned i = 0; error->causes < COSEND_CAUSES; i++) {
        if (in_chain(error, &link))
            return;
        error->cause[error->causes++] = link;
        if (i >= older->causes)
            return;
        link = older->cause[i];
    }
}

/* What is handled is about to be replaced, and is handled around it then. */
static void enter(struct cosend_coroutine *self)
{
    if (self->handling) {
        memmove(&self->outer[1], &self->outer[0],
                sizeof(self->outer) - sizeof(self->outer[0]));
        self->outer[0] = summary(&self->error, false);
    }
    self->handling++;
}

static void enter_with_context(struct cosend_coroutine *self,
                               const struct cosend_error *error)
{
    struct cosend_error entered = *error;

    chain(&entered, &self->error, false);
    enter(self);
    self->error = entered;
}

void csi_enter(struct cosend_coroutine *self, const struct cosend_error *error)
{
    static const struct cosend_error exits = {.kind = COSEND_E_EXIT,
                                              .message = "GeneratorExit"};

    if (!error)
        error = &exits;
    if (handles(self)) {
        enter_with_context(self, error);
        return;
    }
    enter(self);
    self->error = *error;
}

/* An error of self's own, not yet entered. */
static struct cosend_error COSEND_PRINTF(3, 0)
    own(const struct cosend_coroutine *self, int kind, const char *format,
        va_list arguments)
{
    struct cosend_error error = {0};

    csi_error_vset(&error, kind < 0 ? kind : COSEND_E_TYPE, format, arguments);
    memcpy(error.step, self->name, sizeof(self->name));
    return error;
}

int cosend_raise(struct cosend_coroutine *self, int kind, const char *format,
                 ...)
{
    struct cosend_error error;
    va_list arguments;

    va_start(arguments, format);
    error = own(self, kind, format, arguments);
    va_end(arguments);
    csi_enter(self, &error);
    return error.kind;
}

int cosend_raise_from(struct cosend_coroutine *self,
                      const struct cosend_error *cause, int kind,
                      const char *format, ...)
{
    struct cosend_error error;
    va_list arguments;

    va_start(arguments, format);
    error = own(self, kind, format, arguments);
    va_end(arguments);
    if (cause)
        chain(&error, cause, true);
    enter(self);
    self->error = error;
    return error.kind;
}

int cosend_raise_error(struct cosend_coroutine *self,
                       const struct cosend_error *error)
{
    csi_enter(self, error);
    return cosend_reraise(self);
}

int cosend_reraise(struct cosend_coroutine *self)
{
    if (!handles(self))
        return cosend_raise(self, COSEND_E_USAGE, "no error to raise again");
    return self->error.kind == COSEND_E_EXIT ? COSEND_CLOSING
                                             : self->error.kind;
}

/* PEP 479: StopIteration must not pass for the end of this body. */
static int stop_leak(struct cosend_coroutine *self, int status)
{
    struct cosend_error stop = {0};

    if (status == COSEND_DONE && self->stopped[0])
        cosend_error_set(&stop, COSEND_E_STOP_LEAK, "downstream '%s' finished",
                         self->stopped);
    else
        cosend_error_set(&stop, COSEND_E_STOP_LEAK, "the body returned %d",
                         status);
    return cosend_raise_from(self, &stop, COSEND_E_STOP_LEAK,
                             "coroutine '%s' raised StopIteration", self->name);
}

int csi_enter_status(struct cosend_coroutine *self, int status)
{
    if (status == COSEND_CLOSING)
        status = COSEND_E_EXIT;
    if (status > 0)
        return stop_leak(self, status);
    if (handles(self) && self->error.kind == status)
        return status;
    if (status == COSEND_E_EXIT) {
        csi_enter(self, NULL);
        return status;
    }
    return cosend_raise(self, status, "coroutine '%s' failed (%d)", self->name,
                        status);
}

const struct cosend_error *cosend_thrown(const struct cosend_coroutine *self)
{
    return handles(self) ? &self->error : NULL;
}

/* The error of the clause around, which is in the chain of the one inside. */
static struct cosend_error around(const struct cosend_coroutine *self)
{
    const struct cosend_cause *outer = &self->outer[0];
    const struct cosend_error *inner = &self->error;
    struct cosend_error error = {.kind = outer->kind};
    unsigned i = 0;

    memcpy(error.message, outer->message, sizeof(outer->message));
    while (i < inner->causes &&
           !same(inner->cause[i].kind, inner->cause[i].message, outer))
        i++;
    while (++i < inner->causes)
        error.cause[error.causes++] = inner->cause[i];
    return error;
}

void cosend_handled(struct cosend_coroutine *self)
{
    if (!self->handling || --self->handling == 0)
        return;
    self->error = around(self);
    memmove(&self->outer[0], &self->outer[1],
            sizeof(self->outer) - sizeof(self->outer[0]));
    memset(&self->outer[COSEND_CAUSES - 1], 0, sizeof(self->outer[0]));
}
