/* SPDX-License-Identifier: MIT */
/*
 * Resuming, from outside. What matters is cosend_send to a coroutine that is
 * SUSPENDED, whose target is known: it costs a few stores and the switch. All
 * else takes the slow path, which finds out what there is to refuse, whom the
 * resumption reaches, and keeps the target for the next send.
 *
 *                  refused?          whom?                 with what?
 *     send, next   send_slow ------> csi_find_route -----> GOT, or what its
 *     throw        obstacle -------> csi_find_route -----> THROWN    delegate
 *     close        obstacle -------> .._route_to_close --> CLOSING   came to
 *                                                            |
 *                                     go_in: who resumes waits, who runs runs
 */
#include "coroutine/resume.h"

#include "coroutine/bury.h"
#include "coroutine/raise.h"
#include "coroutine/refusal.h"
#include "coroutine/route.h"
#include "coroutine/thread.h"

#include <string.h>

/* Its caller is answered by who comes back here. */
static CSI_SWITCHES int switch_in(struct cosend_coroutine *resumer,
                                  struct cosend_coroutine *head,
                                  struct cosend_coroutine *runner, int answer)
{
    csi_san_leave(&csi_thread.san, csi_san(resumer), &runner->san);
    answer = csi_switch(&head->resumer_sp, runner->sp, answer);
    csi_san_arrive(&csi_thread.san, csi_san(csi_thread.current));
    return answer;
}

/* Run runner, for a resumption of head, until it yields or ends. */
static inline int go_in(struct cosend_coroutine *head,
                        struct cosend_coroutine *runner, int answer, void **out,
                        struct cosend_error *err)
{
    struct cosend_coroutine *resumer = csi_thread.current;

    csi_set_state(head, COSEND_RUNNING);
    csi_set_state(runner, COSEND_RUNNING);
    head->resumer = resumer;
    head->out = out;
    head->err = err;
    csi_thread.current = runner;
    csi_thread.depth++;
    return switch_in(resumer, head, runner, answer);
}

/* Where a resumption has to look at everything. */
static int go_in_slowly(struct cosend_coroutine *head,
                        struct cosend_coroutine *runner, int answer, void **out,
                        struct cosend_error *err)
{
    runner->slow &= (uint8_t)~CSI_SLOW_SHUTTING;
    if (runner->head->shutting)
        runner->slow |= CSI_SLOW_SHUTTING;
    if (runner->slow & CSI_SLOW_FPENV)
        csi_fpenv_swap(&runner->outside, &runner->inside);
    return go_in(head, runner, answer, out, err);
}

/* ---- Sending ------------------------------------------------------------- */

/* Whoever resumed co has heard that it is done; see COSEND_E_STOP_LEAK. */
static int already_done(const struct cosend_coroutine *co)
{
    if (csi_thread.current)
        memcpy(csi_thread.current->stopped, co->name, sizeof(co->name));
    return COSEND_DONE;
}

/* A resumption of co begins that does not take its target for granted. */
static void begin_slowly(struct cosend_coroutine *co, bool verdict)
{
    co->verdict = verdict;
    co->called_from = &co->resumer_sp;
    if (co->delegators)
        csi_forget_targets(co);
}

/* Send to co, which is CREATED or SUSPENDED. */
static int send_along(struct cosend_coroutine *co, void *in, void **out,
                      struct cosend_error *err)
{
    struct csi_route route;
    int answer = COSEND_GOT;

    begin_slowly(co, true);
    route = csi_find_route(co, co);
    csi_keep_target(co, &route);
    if (route.why) {
        co->verdict = false;
        answer = csi_answer_for(&route, COSEND_GOT, NULL);
    } else {
        *route.last->in = in;
    }
    return go_in_slowly(co, route.last, answer, out, err);
}

static int refuse_send(struct cosend_coroutine *co, int kind,
                       struct cosend_error *err)
{
    return err == &csi_iterates ? csi_refuse_loop(co, kind)
                                : csi_refuse(co, kind, err);
}

/* A send that is not a plain one. */
static CSI_COLD int send_slow(struct cosend_coroutine *co, void *in, void **out,
                              struct cosend_error *err)
{
    if (out)
        *out = NULL;
    if (!csi_owned(co))
        return refuse_send(co, COSEND_E_THREAD, err);
    co->taken = false;
    if (co->state == COSEND_CREATED && in)
        return refuse_send(co, COSEND_E_UNPRIMED, err);
    if (csi_busy(co) == co)
        return refuse_send(co, COSEND_E_RUNNING, err);
    if (co->state == COSEND_CLOSED)
        return already_done(co);
    if (csi_thread.depth >= COSEND_DEPTH)
        return refuse_send(co, COSEND_E_DEPTH, err);
    return send_along(co, in, out, err);
}

static inline int send_to(struct cosend_coroutine *co, void *in, void **out,
                          struct cosend_error *err)
{
    struct cosend_coroutine *target = co->target;

    if (CSI_UNLIKELY(__atomic_load_n(&co->owner, __ATOMIC_RELAXED) !=
                         csi_thread.id ||
                     target->state != COSEND_SUSPENDED ||
                     csi_thread.depth >= COSEND_DEPTH))
        return send_slow(co, in, out, err);
    co->verdict = true;
    *target->in = in;
    return go_in(co, target, COSEND_GOT, out, err);
}

int cosend_send(struct cosend_coroutine *co, void *in, void **out,
                struct cosend_error *err)
{
    return send_to(co, in, out, err);
}

int cosend_next(struct cosend_coroutine *co, void **out,
                struct cosend_error *err)
{
    return send_to(co, NULL, out, err);
}

int cosend_prime(struct cosend_coroutine *co, void **out,
                 struct cosend_error *err)
{
    return send_to(co, NULL, out, err);
}

int cosend_iterate(struct cosend_coroutine *co, void **value)
{
    return send_to(co, NULL, value, &csi_iterates);
}

/* ---- Throwing and closing ------------------------------------------------ */

int csi_obstacle(struct cosend_coroutine *co)
{
    if (!csi_owned(co))
        return COSEND_E_THREAD;
    if (csi_busy(co) == co)
        return COSEND_E_RUNNING;
    if (co->state == COSEND_SUSPENDED && csi_thread.depth >= COSEND_DEPTH)
        return COSEND_E_DEPTH;
    return 0;
}

/* Resume co, SUSPENDED, with an error. */
static int throw_into(struct cosend_coroutine *co,
                      const struct cosend_error *thrown, void **out,
                      struct cosend_error *err)
{
    struct csi_route route;
    int answer = COSEND_THROWN;

    begin_slowly(co, co->taken);
    route = csi_find_route(co, co);
    csi_keep_target(co, &route);
    if (route.why)
        answer = csi_answer_for(&route, COSEND_THROWN, thrown);
    else
        csi_enter_thrown(route.last, thrown);
    if (!route.why)
        *route.last->in = NULL;
    return go_in_slowly(co, route.last, answer, out, err);
}

int csi_exit_along(struct cosend_coroutine *co,
                   const struct cosend_error *thrown, void **out,
                   struct cosend_error *err)
{
    struct csi_route route;
    int answer = COSEND_CLOSING;

    begin_slowly(co, co->taken);
    co->thrown = thrown;
    co->target = &csi_nowhere;
    route = csi_find_route_to_close(co);
    if (route.last != co)
        thrown = NULL;
    if (route.why)
        answer = csi_answer_for(&route, COSEND_CLOSING, thrown);
    else
        csi_enter_thrown(route.last, thrown);
    if (!route.why)
        *route.last->in = NULL;
    return go_in_slowly(co, route.last, answer, out, err);
}

int cosend_throw(struct cosend_coroutine *co, const struct cosend_error *thrown,
                 void **out, struct cosend_error *err)
{
    int why = csi_obstacle(co);

    if (out)
        *out = NULL;
    if (why != COSEND_E_THREAD && (!thrown || thrown->kind >= 0))
        why = COSEND_E_TYPE;
    if (why)
        return csi_refuse(co, why, err);
    if (co->state == COSEND_SUSPENDED)
        return thrown->kind == COSEND_E_EXIT
                   ? csi_exit_along(co, thrown, out, err)
                   : throw_into(co, thrown, out, err);
    if (co->state == COSEND_CREATED)
        csi_bury(co);
    if (err && !err->kind)
        *err = *thrown;
    return thrown->kind;
}
