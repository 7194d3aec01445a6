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

CSI_TLS _Thread_local struct csi_thread csi_thread;

static uint64_t thread_id(void)
{
    static atomic_uint_fast64_t last;

    if (csi_thread.id == 0)
        csi_thread.id = atomic_fetch_add(&last, 1) + 1;
    return csi_thread.id;
}

void csi_dispose(struct cosend_coroutine *co, void *value)
{
    if (value && co->dispose)
        co->dispose(value, co->context);
}

/* Hand out a value that came from co, if anybody wants it. */
static void give(struct cosend_coroutine *co, void *value, void **out)
{
    if (LIKELY(out))
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

/* ---- Switching ----------------------------------------------------------- */

/* Each goes to the other's caller, which is answered by `answer`. */

static CSI_SWITCHES int switch_in(struct cosend_coroutine *co, int answer)
{
    csi_san_resume(&co->san, co->stack->low, co->stack->size);
    answer = csi_switch(&co->resumer_sp, co->sp, answer);
    csi_san_resumed(&co->san);
    return answer;
}

static CSI_SWITCHES int switch_out(struct cosend_coroutine *self, int answer)
{
    csi_san_leave(&self->san);
    answer = csi_switch(&self->sp, self->resumer_sp, answer);
    csi_san_arrive(&self->san);
    return answer;
}

/* The thread goes on in the resumer. */
static inline void step_out(struct cosend_coroutine *self)
{
    csi_thread.current = self->resumer;
    csi_thread.depth--;
}

/* Run co, CREATED or SUSPENDED, until it yields or ends. */
static inline int resume(struct cosend_coroutine *co, int signal, void *in,
                         void **out, struct cosend_error *err)
{
    co->state = COSEND_RUNNING;
    co->resumer = csi_thread.current;
    co->out = out;
    co->err = err;
    csi_thread.current = co;
    csi_thread.depth++;
    *co->in = in;
    return switch_in(co, signal);
}

/* cosend_free is at work: do not switch, unless there have been too many. */
static __attribute__((noinline)) int refuse_yield(struct cosend_coroutine *self,
                                                  void *out, void **in)
{
    csi_dispose(self, out);
    *in = NULL;
    if (++self->refusals > COSEND_REFUSALS) {
        self->state = COSEND_SUSPENDED;
        step_out(self);
        give(self, NULL, self->out);
        return switch_out(self, COSEND_YIELD);
    }
    self->incoming = NULL;
    if (!self->delegate)
        csi_enter(self, NULL);
    return COSEND_CLOSING;
}

int csi_suspend(struct cosend_coroutine *self, void *out, void **in)
{
    if (__builtin_expect(self->dying, false))
        return refuse_yield(self, out, in);
    self->state = COSEND_SUSPENDED;
    self->in = in;
    step_out(self);
    give(self, out, self->out);
    return switch_out(self, COSEND_YIELD);
}

int cosend_yield(struct cosend_coroutine *self, void *out, void **in)
{
    if (self != csi_thread.current)
        return COSEND_E_USAGE;
    return csi_suspend(self, out, in ? in : &self->ignored);
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

/* A coroutine that is not running will not run any more. */
static void bury(struct cosend_coroutine *co)
{
    co->state = COSEND_CLOSED;
    run_deferred(co);
    csi_stack_put(&csi_thread.pool, co->stack);
    csi_san_bury(&co->san);
    co->stack = NULL;
}

/* Whoever resumed co has heard that it is done; see COSEND_E_STOP_LEAK. */
static int done(const struct cosend_coroutine *co,
                struct cosend_coroutine *resumer)
{
    if (resumer)
        memcpy(resumer->stopped, co->name, sizeof(co->name));
    return COSEND_DONE;
}

/* The body has returned status; what its resumer is answered. */
static int finish(struct cosend_coroutine *self, int status)
{
    void *result = self->result;
    int kind;

    self->state = COSEND_CLOSED;
    self->result = NULL;
    run_deferred(self);
    if (status == 0) {
        give(self, result, self->out);
        return done(self, self->resumer);
    }
    csi_dispose(self, result);
    if (self->out)
        *self->out = NULL;
    kind = csi_enter_status(self, status);
    if (kind != COSEND_E_EXIT || !self->closing)
        copy_error(self->err, &self->error);
    return kind;
}

static int run(struct cosend_coroutine *self)
{
    return finish(self, self->body(self, self->argument));
}

/*
 * The first and last frame of every stack. The stack is in the pool before it
 * is left, which is safe: who could take it runs in this thread, later.
 */
CSI_UNCHECKED static void entry(void *argument)
{
    struct cosend_coroutine *self = argument;
    int answer;

    csi_san_arrive(&self->san);
    answer = run(self);
    step_out(self);
    csi_stack_put(&csi_thread.pool, self->stack);
    self->stack = NULL;
    csi_san_leave_for_good(&self->san);
    csi_switch(&self->sp, self->resumer_sp, answer);
    __builtin_unreachable();
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
        return done(co, csi_thread.current);
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

/* Resume with an error (NULL: GeneratorExit). */
static int interrupt(struct cosend_coroutine *co, int signal,
                     const struct cosend_error *thrown, void **out,
                     struct cosend_error *err)
{
    if (co->delegate)
        co->incoming = thrown;
    else
        csi_enter(co, thrown);
    return resume(co, signal, NULL, out, err);
}

int cosend_throw(struct cosend_coroutine *co, const struct cosend_error *thrown,
                 void **out, struct cosend_error *err)
{
    int why = obstacle(co);

    if (out)
        *out = NULL;
    if (why != COSEND_E_THREAD && (!thrown || thrown->kind >= 0))
        why = COSEND_E_TYPE;
    if (why)
        return refuse(co, why, err);
    if (co->state == COSEND_SUSPENDED)
        return interrupt(
            co, thrown->kind == COSEND_E_EXIT ? COSEND_CLOSING : COSEND_THROWN,
            thrown, out, err);
    if (co->state == COSEND_CREATED)
        bury(co);
    copy_error(err, thrown);
    return thrown->kind;
}

/* cosend_close of one that is SUSPENDED and that nothing keeps from it. */
static int close_suspended(struct cosend_coroutine *co, void **out,
                           struct cosend_error *err)
{
    void *value;
    int outcome;

    co->closing = true;
    outcome = interrupt(co, COSEND_CLOSING, NULL, &value, err);
    co->closing = false;
    if (outcome == COSEND_YIELD) {
        csi_dispose(co, value);
        return refuse(co, COSEND_E_IGNORED_EXIT, err);
    }
    if (outcome == COSEND_DONE)
        give(co, value, out);
    if (outcome == COSEND_DONE || outcome == COSEND_E_EXIT)
        return COSEND_OK;
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

    if (why == EOVERFLOW)
        return cosend_error_set(err, COSEND_E_TYPE,
                                "a stack size beyond reason");
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
    if (options && CSI_CHECK_RESERVED(options, "coroutine options", err) < 0)
        return NULL;
    co = csi_malloc(sizeof(*co));
    if (!co) {
        cosend_error_set(err, COSEND_E_MEMORY, "no memory for a coroutine");
        return NULL;
    }
    memset(co, 0, offsetof(struct cosend_coroutine, error));
    memset(co->stopped, 0,
           sizeof(*co) - offsetof(struct cosend_coroutine, stopped));
    co->owner = thread_id();
    co->body = body;
    co->argument = argument;
    co->in = &co->ignored;
    set_options(co, options);
    co->stack =
        csi_stack_get(&csi_thread.pool, options ? options->stack_size : 0);
    if (!co->stack) {
        no_stack(err);
        csi_free(co);
        return NULL;
    }
    csi_san_birth(&co->san, co->stack->low, co->stack->size);
    co->sp =
        csi_make(co->stack->low, co->stack->low + co->stack->size, entry, co);
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

/* It cannot be freed as it should: kind says why. */
static void report_refusal(const struct cosend_coroutine *co, int kind)
{
    struct cosend_error error = {0};

    refuse(co, kind, &error);
    report(co, &error);
}

/*
 * Close it, and if it will not, have it run to its end or give it up. error is
 * room for what is to be reported, or NULL if nobody wants to know.
 */
static void finalise(struct cosend_coroutine *co, struct cosend_error *error)
{
    if (close_suspended(co, NULL, error) != COSEND_OK)
        report(co, error);
    if (co->state == COSEND_CLOSED)
        return;
    co->dying = true;
    if (error)
        memset(error, 0, sizeof(*error));
    if (close_suspended(co, NULL, error) == COSEND_OK)
        return;
    if (co->state == COSEND_CLOSED)
        report(co, error);
    else
        report_refusal(co, COSEND_E_LIMIT);
}

/* Apart, since an error takes longer to clear than a coroutine to close. */
static __attribute__((noinline)) void
finalise_reporting(struct cosend_coroutine *co)
{
    struct cosend_error error = {0};

    finalise(co, &error);
}

void cosend_free(struct cosend_coroutine *co)
{
    if (!co)
        return;
    if (co->owner != csi_thread.id) {
        report_refusal(co, COSEND_E_THREAD);
        return;
    }
    if (co->state == COSEND_RUNNING) {
        report_refusal(co, COSEND_E_RUNNING);
        return;
    }
    if (co->state == COSEND_SUSPENDED && co->report)
        finalise_reporting(co);
    else if (co->state == COSEND_SUSPENDED)
        finalise(co, NULL);
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

const struct cosend_coroutine *
cosend_delegate(const struct cosend_coroutine *co)
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
