/* SPDX-License-Identifier: MIT */
/* Making coroutines. */
#include "base/base.h"
#include "base/sized.h"
#include "coroutine/hook.h"
#include "coroutine/thread.h"
#include "coroutine/yield.h"

#include <errno.h>
#include <string.h>

static const struct cosend_coroutine_options defaults;

/* Set every field, one by one: the compiler would clear the whole by an
   instruction that takes longer than all the rest. */
static void set_fields(struct cosend_coroutine *co)
{
    co->called_from = &co->resumer_sp;
    co->owner = csi_thread.id;
    co->head = co;
    co->in = &co->ignored;
    co->resumer = NULL;
    co->resumer_sp = NULL;
    co->out = NULL;
    co->err = NULL;
    co->thrown = NULL;
    co->state = COSEND_CREATED;
    co->slow = 0;
    co->verdict = false;
    co->taken = false;
    co->closing = false;
    co->shutting = false;
    co->unreported = false;
    co->freed = false;
    co->holds = 0;
    co->delegators = 0;
    co->delegate = NULL;
    co->up = NULL;
    co->result = NULL;
    co->ignored = NULL;
    co->deferred = NULL;
    co->clause = NULL;
    co->constant.error = NULL;
    co->handling = 0;
    co->stopped[0] = '\0';
}

static void set_options(struct cosend_coroutine *co,
                        const struct cosend_coroutine_options *options)
{
    static const char unnamed[] = "coroutine";

    if (options->name) {
        size_t length = strnlen(options->name, sizeof(co->name) - 1);

        memcpy(co->name, options->name, length);
        co->name[length] = '\0';
    } else {
        memcpy(co->name, unnamed, sizeof(unnamed));
    }
    co->dispose = options->dispose;
    co->report = options->report;
    co->context = options->context;
    co->target = co;
    if (options->keep_fpenv) {
        co->target = &csi_nowhere;
        co->slow = CSI_SLOW_FPENV;
        csi_fpenv_swap(&co->inside, &co->inside);
    }
}

static void no_stack(struct cosend_error *err)
{
    int why = errno;

    if (why == EOVERFLOW)
        cosend_error_set(err, COSEND_E_TYPE, "a stack size beyond reason");
    else
        cosend_error_set(err, COSEND_E_LIMIT,
                         "too many coroutines: no room for a stack (%s); see "
                         "vm.max_map_count",
                         why == ENOMEM ? "ENOMEM" : "mmap failed");
}

struct cosend_coroutine *
cosend_new(cosend_body body, void *argument,
           const struct cosend_coroutine_options *options,
           struct cosend_error *err)
{
    struct cosend_coroutine_options own;
    struct cosend_coroutine *co;

    if (!body) {
        cosend_error_set(err, COSEND_E_TYPE, "a coroutine without a body");
        return NULL;
    }
    if (!options)
        options = &defaults;
    else if (CSI_TAKE(cosend_coroutine_options, &own, options, err) < 0)
        return NULL;
    else
        options = &own;
    if (CSI_UNLIKELY(csi_thread.id == 0))
        csi_thread_begin();
    co = csi_malloc(sizeof(*co));
    if (!co) {
        cosend_error_set(err, COSEND_E_MEMORY, "no memory for a coroutine");
        return NULL;
    }
    co->stack = csi_stack_get(&csi_thread.pool, options->stack_size);
    if (!co->stack) {
        no_stack(err);
        csi_free(co);
        return NULL;
    }
    set_fields(co);
    set_options(co, options);
    co->body = body;
    co->argument = argument;
    csi_san_birth(&co->san, co->stack->low, co->stack->size);
    co->sp = csi_make(co->stack->low, co->stack->low + co->stack->size,
                      csi_entry, co);
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

int cosend_return(struct cosend_coroutine *self, void *value)
{
    void *before = self->result;

    self->result = value;
    if (before != value)
        csi_dispose(self, before);
    return 0;
}
