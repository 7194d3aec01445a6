/* SPDX-License-Identifier: MIT */
/*
 * Delegations form a forest: a coroutine delegates to one at most, and several
 * may delegate to it, one after the other or at once:
 *
 *     a --> b --> c --> d          what runs is always at the right end,
 *           x --/                  whoever is resumed
 *
 * A resumption of `a` that has reached `d` goes through b and c, so all four
 * are RUNNING. Only the states of `a`, the head, and `d`, the runner, say so:
 * to mark the others would make a send as dear as the path is long. So whether
 * one in the middle is RUNNING is found by walking: two paths that end in the
 * same place meet where they first have the same distance from it.
 *
 * Limits: a walk takes as long as the path, so what is O(1) is the send through
 * a path that nobody else uses, and what happens at its end. A close walks in
 * any case, for each on the path has to be closed.
 */
#include "coroutine/route.h"

#include "coroutine/bury.h"
#include "coroutine/raise.h"
#include "coroutine/refusal.h"
#include "coroutine/thread.h"

/* The last on the path from co, and how many steps it is away. */
static const struct cosend_coroutine *
end_of_route(const struct cosend_coroutine *co, unsigned long *steps)
{
    for (*steps = 0; co->delegate; co = co->delegate)
        ++*steps;
    return co;
}

/* Where the paths from a and b, which have the same end, meet. */
static const struct cosend_coroutine *meeting(const struct cosend_coroutine *a,
                                              unsigned long a_steps,
                                              const struct cosend_coroutine *b)
{
    unsigned long b_steps;

    end_of_route(b, &b_steps);
    for (; a_steps > b_steps; a_steps--)
        a = a->delegate;
    for (; b_steps > a_steps; b_steps--)
        b = b->delegate;
    for (; a != b; b = b->delegate)
        a = a->delegate;
    return a;
}

const struct cosend_coroutine *csi_busy(const struct cosend_coroutine *co)
{
    unsigned long steps;
    const struct cosend_coroutine *last = end_of_route(co, &steps), *met;

    if (last->state != COSEND_RUNNING)
        return NULL;
    met = meeting(co, steps, last->head);
    while (co != met && co->state != COSEND_RUNNING)
        co = co->delegate;
    return co;
}

/* What keeps sub, delegated to, from being resumed; busy is from csi_busy. */
static int obstacle(struct cosend_coroutine *sub,
                    const struct cosend_coroutine *busy)
{
    if (!csi_owned(sub))
        return COSEND_E_THREAD;
    if (sub == busy)
        return COSEND_E_RUNNING;
    return sub->state == COSEND_CLOSED ? COSEND_DONE : 0;
}

/* The resumption comes from `at` to its delegate. */
static struct cosend_coroutine *step_to_delegate(struct cosend_coroutine *at)
{
    struct cosend_coroutine *sub = at->delegate;

    sub->up = at;
    sub->called_from = &at->sp;
    return sub;
}

struct csi_route csi_find_route(struct cosend_coroutine *co,
                                struct cosend_coroutine *head)
{
    const struct cosend_coroutine *busy = csi_busy(co);
    struct csi_route route = {.last = co};

    route.alone = co == head || co->delegators == 1;
    while (route.last->delegate) {
        route.why = obstacle(route.last->delegate, busy);
        if (route.why)
            break;
        route.last = step_to_delegate(route.last);
        route.alone = route.alone && route.last->delegators == 1;
    }
    route.last->head = head;
    return route;
}

struct csi_route csi_find_route_to_close(struct cosend_coroutine *co)
{
    const struct cosend_coroutine *busy = csi_busy(co);
    struct csi_route route = {.last = co};

    co->head = co;
    while (route.last->delegate) {
        route.why = obstacle(route.last->delegate, busy);
        if (route.why)
            break;
        route.last = step_to_delegate(route.last);
        route.last->head = route.last;
        route.last->shutting = true;
        csi_set_state(route.last, COSEND_RUNNING);
    }
    return route;
}

/* The delegate cannot run: that is the error. */
static int answer_refusal(const struct csi_route *route)
{
    struct cosend_error error = {0};

    csi_refuse(route->last->delegate, route->why, &error);
    csi_enter(route->last, &error);
    return COSEND_THROWN;
}

int csi_answer_for(const struct csi_route *route, int signal,
                   const struct cosend_error *thrown)
{
    struct cosend_coroutine *self = route->last, *over;

    if (route->why != COSEND_DONE)
        signal = answer_refusal(route);
    else if (signal == COSEND_GOT)
        *self->in = NULL;
    else
        csi_enter_thrown(self, thrown);
    over = csi_undelegate(self);
    if (over && over->state == COSEND_CLOSED)
        csi_free_object(over);
    return signal;
}

void csi_keep_target(struct cosend_coroutine *head,
                     const struct csi_route *route)
{
    bool plain = !((head->slow | route->last->slow) & CSI_SLOW_FPENV);

    head->target =
        route->alone && plain && !head->delegators ? route->last : &csi_nowhere;
}

void csi_forget_targets(struct cosend_coroutine *co)
{
    while (co->delegators == 1 && co->up)
        co = co->up;
    co->target = &csi_nowhere;
}

struct csi_route csi_delegate(struct cosend_coroutine *self,
                              struct cosend_coroutine *sub)
{
    struct csi_route route;

    csi_forget_targets(sub);
    sub->delegators++;
    /* First, for sub may delegate to one that is RUNNING up to self. */
    route = csi_find_route(sub, self->head);
    self->delegate = sub;
    step_to_delegate(self);
    return route;
}

struct cosend_coroutine *csi_undelegate(struct cosend_coroutine *self)
{
    struct cosend_coroutine *sub = self->delegate;

    self->delegate = NULL;
    if (sub->up == self) {
        sub->up = NULL;
        sub->called_from = &sub->resumer_sp;
    }
    sub->delegators--;
    return csi_unused(sub) ? sub : NULL;
}
