/* SPDX-License-Identifier: MIT */
/* The life of a coroutine: made, resumed, ended, freed. */
#include "base/base.h"
#include "coroutine/object.h"
#include "coroutine/switch/switch.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define LIKELY(condition) __builtin_expect(!!(condition), 1)

_Thread_local struct csi_thread csi_thread;

static uint64_t thread_id(void)
{
    static atomic_uint_fast64_t last;

    if (csi_thread.id == 0)
        csi_thread.id = atomic_fetch_add(&last, 1) + 1;
    return csi_thread.id;
}

/* ---- Switching ----------------------------------------------------------- */

void csi_dispose(struct cosend_coroutine *co, void *value)
{
    if (value && co->dispose)
        co->dispose(value, co->context);
}

static CSI_SWITCHES void *switch_in(struct cosend_coroutine *co, void *in)
{
    void *out;

    csi_san_resume(&co->san, co->stack->low, co->stack->size);
    out = csi_switch(&co->resumer_sp, co->sp, in);
    csi_san_resumed(&co->san);
    return out;
}

static CSI_SWITCHES void *switch_out(struct cosend_coroutine *self, void *out)
{
    void *in;

    csi_san_leave(&self->san, 0);
    in = csi_switch(&self->sp, self->resumer_sp, out);
    csi_san_arrive(&self->san);
    return in;
}

static int run_body(struct cosend_coroutine *self)
{
    return self->body(self, self->argument);
}

/* The first and last frame of every stack. */
#if defined(CSI_ASAN)
__attribute__((noinline, no_sanitize("address")))
#elif defined(CSI_TSAN)
__attribute__((noinline, no_sanitize("thread")))
#endif
static void
entry(void *argument)
{
    struct cosend_coroutine *self = argument;

    csi_san_arrive(&self->san);
    self->status = run_body(self);
    self->state = COSEND_CLOSED;
    csi_san_leave(&self->san, 1);
    csi_switch(&self->sp, self->resumer_sp, NULL);
    __builtin_unreachable();
}

/* ---- Ending -------------------------------------------------------------- */

static void run_deferred(struct cosend_coroutine *co)
{
    struct csi_deferred *first;

    while ((first = co->deferred)) {
        co->deferred = first->next;
        first->fn(first->argument);
        csi_free(first);
    }
}

/* It will not run any more: its stack goes, and what it deferred is done. */
static void bury(struct cosend_coroutine *co)
{
    co->state = COSEND_CLOSED;
    co->delegate = NULL;
    csi_san_bury(&co->san, co->stack->low, co->stack->size);
    csi_stack_put(&csi_thread.pool, co->stack);
    co->stack = NULL;
    run_deferred(co);
}

static void give(struct cosend_coroutine *co, void *value, void **out)
{
    if (out)
        *out = value;
    else
        csi_dispose(co, value);
}

static void copy_error(struct cosend_error *err,
                       const struct cosend_error *error)
{
    if (err && !err->kind)
        *err = *error;
}

/* Whoever resumed co has heard that it is done; see COSEND_E_STOP_LEAK. */
static int done(const struct cosend_coroutine *co)
{
    struct cosend_coroutine *resumer = csi_thread.current;

    if (resumer)
        memcpy(resumer->stopped, co->name, sizeof(co->name));
    return COSEND_DONE;
}

/* The body has ended; what its resumer is answered. */
static int finish(struct cosend_coroutine *co, void **out,
                  struct cosend_error *err)
{
    void *result = co->result;
    int kind;

    co->result = NULL;
    bury(co);
    if (co->status == 0) {
        give(co, result, out);
        return done(co);
    }
    csi_dispose(co, result);
    kind = csi_enter_status(co, co->status);
    copy_error(err, &co->error);
    co->handling = 0;
    return kind;
}

/* ---- Resuming ------------------------------------------------------------ */

static int refuse(const struct cosend_coroutine *co, int kind,
                  struct cosend_error *err)
{
    const char *why = "";

    switch (kind) {
    case COSEND_E_THREAD:
        why = "coroutine '%s' belongs to another thread";
        break;
    case COSEND_E_RUNNING:
        why = "coroutine '%s' is already executing";
        break;
    case COSEND_E_UNPRIMED:
        why = "can't send a value to just-started coroutine '%s'";
        break;
    case COSEND_E_DEPTH:
        why = "coroutine '%s' is resumed inside too many others";
        break;
    case COSEND_E_IGNORED_EXIT:
        why = "coroutine '%s' ignored GeneratorExit";
        break;
    case COSEND_E_LIMIT:
        why = "coroutine '%s' would not close and was given up";
        break;
    case COSEND_E_TYPE:
        why = "what is thrown into coroutine '%s' is not an error";
        break;
    }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    return cosend_error_set(err, kind, why, co->name);
#pragma GCC diagnostic pop
}

/* Run it until it yields or ends. It must be CREATED or SUSPENDED. */
static inline int resume(struct cosend_coroutine *co, int signal, void *in,
                         void **out, struct cosend_error *err)
{
    struct csi_thread *thread = &csi_thread;
    void *value;

    co->resumer = thread->current;
    co->state = COSEND_RUNNING;
    co->signal = (uint8_t)signal;
    thread->current = co;
    thread->depth++;
    value = switch_in(co, in);
    thread->depth--;
    thread->current = co->resumer;
    if (LIKELY(co->state == COSEND_SUSPENDED)) {
        if (LIKELY(out))
            *out = value;
        else
            csi_dispose(co, value);
        return COSEND_YIELD;
    }
    return finish(co, out, err);
}

/* The answer of a send that does not resume a SUSPENDED coroutine. */
static __attribute__((noinline)) int send_slow(struct cosend_coroutine *co,
                                               void *in, void **out,
                                               struct cosend_error *err)
{
    if (out)
        *out = NULL;
    if (co->owner != csi_thread.id)
        return refuse(co, COSEND_E_THREAD, err);
    co->taken = false;
    if (co->state == COSEND_CREATED && in)
        return refuse(co, COSEND_E_UNPRIMED, err);
    if (co->state == COSEND_RUNNING)
        return refuse(co, COSEND_E_RUNNING, err);
    if (co->state == COSEND_CLOSED)
        return done(co);
    if (csi_thread.depth >= COSEND_DEPTH)
        return refuse(co, COSEND_E_DEPTH, err);
    co->taken = true;
    return resume(co, COSEND_GOT, in, out, err);
}

int cosend_send(struct cosend_coroutine *co, void *in, void **out,
                struct cosend_error *err)
{
    if (LIKELY(co->owner == csi_thread.id && co->state == COSEND_SUSPENDED &&
               csi_thread.depth < COSEND_DEPTH)) {
        co->taken = true;
        return resume(co, COSEND_GOT, in, out, err);
    }
    return send_slow(co, in, out, err);
}

int cosend_next(struct cosend_coroutine *co, void **out,
                struct cosend_error *err)
{
    return cosend_send(co, NULL, out, err);
}

int cosend_prime(struct cosend_coroutine *co, void **out,
                 struct cosend_error *err)
{
    return cosend_send(co, NULL, out, err);
}

/* What keeps throw and close from co, or 0. */
static int obstacle(const struct cosend_coroutine *co)
{
    if (co->owner != csi_thread.id)
        return COSEND_E_THREAD;
    if (co->state == COSEND_RUNNING)
        return COSEND_E_RUNNING;
    if (co->state == COSEND_SUSPENDED && csi_thread.depth >= COSEND_DEPTH)
        return COSEND_E_DEPTH;
    return 0;
}

int cosend_throw(struct cosend_coroutine *co, const struct cosend_error *thrown,
                 void **out, struct cosend_error *err)
{
    bool exits;
    int why;

    if (out)
        *out = NULL;
    why = obstacle(co);
    if (why != COSEND_E_THREAD && (!thrown || thrown->kind >= 0))
        why = COSEND_E_TYPE;
    if (why)
        return refuse(co, why, err);
    if (co->state == COSEND_SUSPENDED) {
        exits = thrown->kind == COSEND_E_EXIT;
        co->incoming = thrown;
        return resume(co, exits ? COSEND_CLOSING : COSEND_THROWN, NULL, out,
                      err);
    }
    if (co->state == COSEND_CREATED)
        bury(co);
    copy_error(err, thrown);
    return thrown->kind;
}

/* cosend_close of a coroutine that nothing keeps from closing. */
static int close_suspended(struct cosend_coroutine *co, void **out,
                           struct cosend_error *err)
{
    struct cosend_error raised = {0};
    void *value;
    int outcome;

    co->incoming = NULL;
    outcome = resume(co, COSEND_CLOSING, NULL, &value, &raised);
    if (outcome == COSEND_YIELD) {
        csi_dispose(co, value);
        return refuse(co, COSEND_E_IGNORED_EXIT, err);
    }
    if (outcome == COSEND_DONE)
        give(co, value, out);
    if (outcome == COSEND_DONE || outcome == COSEND_E_EXIT)
        return COSEND_OK;
    copy_error(err, &raised);
    return outcome;
}

int cosend_close(struct cosend_coroutine *co, void **out,
                 struct cosend_error *err)
{
    int why = obstacle(co);

    if (out)
        *out = NULL;
    if (why)
        return refuse(co, why, err);
    if (co->state == COSEND_SUSPENDED)
        return close_suspended(co, out, err);
    if (co->state == COSEND_CREATED)
        bury(co);
    return COSEND_OK;
}

/* ---- Suspending ---------------------------------------------------------- */

/* cosend_free is at work: do not switch, unless there have been too many. */
static __attribute__((noinline)) int refuse_yield(struct cosend_coroutine *self,
                                                  void *out)
{
    csi_dispose(self, out);
    self->incoming = NULL;
    if (++self->refusals > COSEND_REFUSALS) {
        self->state = COSEND_SUSPENDED;
        switch_out(self, NULL);
    }
    return COSEND_CLOSING;
}

int csi_suspend(struct cosend_coroutine *self, void *out, void **in)
{
    *in = NULL;
    if (self->dying)
        return refuse_yield(self, out);
    self->state = COSEND_SUSPENDED;
    *in = switch_out(self, out);
    return self->signal;
}

static __attribute__((noinline)) int interrupted(struct cosend_coroutine *self,
                                                 int signal)
{
    csi_enter(self, self->incoming);
    return signal;
}

int cosend_yield(struct cosend_coroutine *self, void *out, void **in)
{
    void *value = NULL;
    int signal;

    if (self != csi_thread.current)
        return COSEND_E_USAGE;
    signal = csi_suspend(self, out, &value);
    if (in)
        *in = value;
    if (LIKELY(signal == COSEND_GOT))
        return signal;
    return interrupted(self, signal);
}

/* ---- Making and freeing -------------------------------------------------- */

static void set_options(struct cosend_coroutine *co,
                        const struct cosend_coroutine_options *options)
{
    const char *name = options && options->name ? options->name : "coroutine";

    strncpy(co->name, name, sizeof(co->name) - 1);
    if (!options)
        return;
    co->dispose = options->dispose;
    co->report = options->report;
    co->context = options->context;
}

static int no_stack(struct cosend_error *err)
{
    int why = errno;

    if (why == EINVAL)
        return cosend_error_set(err, COSEND_E_TYPE, "a stack that large");
    return cosend_error_set(err, COSEND_E_LIMIT,
                            "too many coroutines: no room for a stack (%s); "
                            "see vm.max_map_count",
                            why == ENOMEM ? "ENOMEM" : "mmap failed");
}

struct cosend_coroutine *
cosend_new(cosend_body body, void *argument,
           const struct cosend_coroutine_options *options,
           struct cosend_error *err)
{
    struct cosend_coroutine *co;

    if (!body) {
        cosend_error_set(err, COSEND_E_TYPE, "a coroutine without a body");
        return NULL;
    }
    co = csi_malloc(sizeof(*co));
    if (!co) {
        cosend_error_set(err, COSEND_E_MEMORY, "no memory for a coroutine");
        return NULL;
    }
    memset(co, 0, offsetof(struct cosend_coroutine, error));
    memset(co->stopped, 0, sizeof(*co) -
                               offsetof(struct cosend_coroutine, stopped));
    co->owner = thread_id();
    co->body = body;
    co->argument = argument;
    set_options(co, options);
    co->stack = csi_stack_get(&csi_thread.pool,
                              options ? options->stack_size : 0);
    if (!co->stack) {
        no_stack(err);
        csi_free(co);
        return NULL;
    }
    csi_san_birth(&co->san, co->stack->low, co->stack->size);
    co->sp = csi_make(co->stack->low, co->stack->low + co->stack->size, entry,
                      co);
    return co;
}

struct cosend_coroutine *
cosend_start(cosend_body body, void *argument,
             const struct cosend_coroutine_options *options,
             struct cosend_error *err)
{
    struct cosend_coroutine *co = cosend_new(body, argument, options, err);

    if (co && cosend_prime(co, NULL, err) < 0) {
        cosend_free(co);
        return NULL;
    }
    return co;
}

static void report(const struct cosend_coroutine *co,
                   const struct cosend_error *error)
{
    if (co->report)
        co->report(error, co->context);
}

/* Close it, and if it will not, have it run to its end or give it up. */
static void finalise(struct cosend_coroutine *co)
{
    struct cosend_error error = {0};

    if (close_suspended(co, NULL, &error) != COSEND_OK)
        report(co, &error);
    if (co->state == COSEND_CLOSED)
        return;
    co->dying = true;
    memset(&error, 0, sizeof(error));
    if (close_suspended(co, NULL, &error) != COSEND_OK) {
        if (co->state != COSEND_CLOSED) {
            memset(&error, 0, sizeof(error));
            refuse(co, COSEND_E_LIMIT, &error);
        }
        report(co, &error);
    }
}

void cosend_free(struct cosend_coroutine *co)
{
    struct cosend_error error = {0};

    if (!co)
        return;
    if (co->owner != csi_thread.id || co->state == COSEND_RUNNING) {
        refuse(co, co->owner != csi_thread.id ? COSEND_E_THREAD
                                              : COSEND_E_RUNNING, &error);
        report(co, &error);
        return;
    }
    if (co->state == COSEND_SUSPENDED)
        finalise(co);
    if (co->state != COSEND_CLOSED)
        bury(co);
    csi_free(co);
}

/* ---- The rest ------------------------------------------------------------ */

bool cosend_each(struct cosend_coroutine *co, void **value)
{
    struct cosend_error error = {0};
    int outcome = cosend_next(co, value, &error);

    if (outcome == COSEND_YIELD)
        return true;
    csi_dispose(co, *value);
    *value = NULL;
    if (outcome < 0)
        report(co, &error);
    return false;
}

int cosend_return(struct cosend_coroutine *self, void *value)
{
    if (self->result != value)
        csi_dispose(self, self->result);
    self->result = value;
    return 0;
}

int cosend_defer(struct cosend_coroutine *self, void (*fn)(void *),
                 void *argument)
{
    struct csi_deferred *first = csi_malloc(sizeof(*first));

    if (!first)
        return COSEND_E_MEMORY;
    first->next = self->deferred;
    first->fn = fn;
    first->argument = argument;
    self->deferred = first;
    return COSEND_OK;
}

enum cosend_state cosend_state(const struct cosend_coroutine *co)
{
    return (enum cosend_state)co->state;
}

const char *cosend_name(const struct cosend_coroutine *co)
{
    return co->name;
}

bool cosend_taken(const struct cosend_coroutine *co)
{
    return co->owner == csi_thread.id && co->taken;
}

const struct cosend_coroutine *cosend_delegate(const struct cosend_coroutine *co)
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
