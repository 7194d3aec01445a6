/* SPDX-License-Identifier: MIT */
/*
 * Errors inside a body. C has no except clauses, so they are kept here: each
 * error that arrives or is raised enters one, cosend_handled leaves the
 * innermost. They are a list, the innermost first, of which no more than
 * REMEMBERED are kept: a body that never says cosend_handled must not grow. A
 * coroutine that never meets an error allocates nothing.
 *
 * What a clause handles is the context of an error that arises in it. A body
 * that has forgotten cosend_handled is still in its clause, though its handler
 * is long over, and an old error would be blamed for one that has nothing to do
 * with it. So a clause counts how often it was yielded in. Once a value has
 * come (the yield was not answered by an error), what is raised has no context
 * in it; nor has what is thrown at a yield after that. To raise the handled
 * error itself again is still possible, as in a `finally` that yields.
 */
#include "coroutine/raise.h"

#include "base/base.h"
#include "coroutine/causes.h"

#include <string.h>

enum { REMEMBERED = COSEND_CAUSES + 1 };

/* A clause with an error of its own. */
struct copied {
    struct csi_clause clause;
    struct cosend_error error;
};

/* What is handled where there is no memory for a clause. */
static const struct cosend_error no_memory = {
    .kind = COSEND_E_MEMORY, .message = "no memory for an error"};
static const struct cosend_error exits = {.kind = COSEND_E_EXIT,
                                          .message = "GeneratorExit"};

static void free_clause(struct cosend_coroutine *self,
                        struct csi_clause *clause)
{
    if (clause == &self->constant)
        clause->error = NULL;
    else if (clause)
        csi_free((char *)clause - offsetof(struct copied, clause));
}

void csi_leave_clauses(struct cosend_coroutine *self)
{
    struct csi_clause *first;

    while ((first = self->clause)) {
        self->clause = first->outer;
        free_clause(self, first);
    }
}

const struct cosend_error *csi_handled(const struct cosend_coroutine *self)
{
    return self->clause ? self->clause->error : NULL;
}

static void forget_oldest(struct cosend_coroutine *self)
{
    struct csi_clause **link = &self->clause;

    for (int kept = 0; kept < REMEMBERED && *link; kept++)
        link = &(*link)->outer;
    if (*link) {
        free_clause(self, *link);
        *link = NULL;
    }
}

static void push_clause(struct cosend_coroutine *self,
                        struct csi_clause *clause,
                        const struct cosend_error *error)
{
    clause->outer = self->clause;
    clause->error = error;
    clause->yields = 0;
    clause->raised = false;
    self->clause = clause;
    self->handling++;
    self->slow |= CSI_SLOW_HANDLING;
    self->slow &= (uint8_t)~CSI_SLOW_RAISED;
    forget_oldest(self);
}

/* Enter a clause with an error that is never freed. */
static void enter_constant(struct cosend_coroutine *self,
                           const struct cosend_error *error)
{
    if (self->constant.error)
        csi_leave_clauses(self);
    push_clause(self, &self->constant, error);
}

/*
 * Enter one with a copy of the error, in the context given (NULL: none).
 *
 * Returns false, having entered one with a constant, without memory.
 */
static bool enter_copy(struct cosend_coroutine *self,
                       const struct cosend_error *error,
                       const struct cosend_error *context)
{
    struct copied *copied = csi_malloc(sizeof(*copied));

    if (!copied) {
        enter_constant(self,
                       error->kind == COSEND_E_EXIT ? &exits : &no_memory);
        return false;
    }
    copied->error = *error;
    if (context && context != error)
        csi_causes_append(&copied->error, context, false);
    push_clause(self, &copied->clause, &copied->error);
    return true;
}

/* What is the context of an error that arises after so many yields. */
static const struct cosend_error *
context_before(const struct cosend_coroutine *self, unsigned yields)
{
    return self->clause && self->clause->yields < yields ? self->clause->error
                                                         : NULL;
}

static bool enter_arrived(struct cosend_coroutine *self,
                          const struct cosend_error *error)
{
    const struct cosend_error *context = context_before(self, 2);

    if (error != &exits || context || self->constant.error)
        return enter_copy(self, error, context);
    enter_constant(self, error);
    return true;
}

void csi_enter(struct cosend_coroutine *self, const struct cosend_error *error)
{
    enter_arrived(self, error ? error : &exits);
}

void csi_enter_thrown(struct cosend_coroutine *self,
                      const struct cosend_error *error)
{
    if (!enter_arrived(self, error ? error : &exits) && error)
        self->constant.error = error;
}

/* The same, for one that the body raises. */
static void enter_own(struct cosend_coroutine *self,
                      const struct cosend_error *error)
{
    enter_copy(self, error, context_before(self, 1));
}

void csi_enter_raised(struct cosend_coroutine *self,
                      const struct cosend_error *error)
{
    enter_own(self, error);
    self->clause->raised = true;
    self->slow |= CSI_SLOW_RAISED;
}

void csi_yields_in_clause(struct cosend_coroutine *self)
{
    if (self->constant.error && self->constant.error != &exits)
        self->constant.error = &no_memory;
    if (self->clause && self->clause->yields < 2)
        self->clause->yields++;
    if (!self->clause || self->clause->yields == 2)
        self->slow &= (uint8_t)~CSI_SLOW_HANDLING;
}

/* ---- What a body says ---------------------------------------------------- */

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
    enter_own(self, &error);
    return self->clause->error->kind;
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
        csi_causes_append(&error, cause, true);
    enter_copy(self, &error, NULL);
    return self->clause->error->kind;
}

int cosend_raise_error(struct cosend_coroutine *self,
                       const struct cosend_error *error)
{
    enter_own(self, error);
    return cosend_reraise(self);
}

int cosend_reraise(struct cosend_coroutine *self)
{
    const struct cosend_error *handled = csi_handled(self);

    if (!handled)
        return cosend_raise(self, COSEND_E_USAGE, "no error to raise again");
    return handled->kind == COSEND_E_EXIT ? COSEND_CLOSING : handled->kind;
}

const struct cosend_error *cosend_thrown(const struct cosend_coroutine *self)
{
    return csi_handled(self);
}

void cosend_handled(struct cosend_coroutine *self)
{
    struct csi_clause *left = self->clause;

    if (self->handling)
        self->handling--;
    if (!left)
        return;
    self->clause = left->outer;
    free_clause(self, left);
    self->slow &= (uint8_t)~CSI_SLOW_RAISED;
    self->slow |= CSI_SLOW_HANDLING;
}

/* ---- What its answer stands for ------------------------------------------ */

/* PEP 479: StopIteration must not pass for the end of this body. */
static void stop_leak(struct cosend_coroutine *self, int status)
{
    struct cosend_error stop = {0};

    if (status == COSEND_DONE && self->stopped[0])
        cosend_error_set(&stop, COSEND_E_STOP_LEAK, "downstream '%s' finished",
                         self->stopped);
    else
        cosend_error_set(&stop, COSEND_E_STOP_LEAK, "the body returned %d",
                         status);
    cosend_raise_from(self, &stop, COSEND_E_STOP_LEAK,
                      "coroutine '%s' raised StopIteration", self->name);
}

/* A loop raised an error, and the body says nothing of it: go back to it. */
static bool still_raised(struct cosend_coroutine *self)
{
    const struct csi_clause *clause = self->clause;

    while (clause && !clause->raised)
        clause = clause->outer;
    if (!clause)
        return false;
    while (self->clause != clause)
        cosend_handled(self);
    return true;
}

int csi_enter_status(struct cosend_coroutine *self, int status)
{
    const struct cosend_error *handled;

    if (status >= 0 && still_raised(self))
        return self->clause->error->kind;
    if (status == 0)
        return 0;
    if (status == COSEND_CLOSING)
        status = COSEND_E_EXIT;
    handled = csi_handled(self);
    if (status > 0)
        stop_leak(self, status);
    else if (handled && handled->kind == status)
        ;
    else if (status == COSEND_E_EXIT)
        csi_enter(self, NULL);
    else
        cosend_raise(self, status, "coroutine '%s' failed (%d)", self->name,
                     status);
    return self->clause->error->kind;
}
