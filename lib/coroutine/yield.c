/* SPDX-License-Identifier: MIT */
/*
 * The inside of a coroutine: it runs its body, yields, delegates, ends. Each of
 * these gives the thread to somebody else:
 *
 *     yields       the resumer of the head, answered COSEND_YIELD
 *     delegates    who runs for the delegate
 *     ends         its delegator, if the resumption came through one; else the
 *                  resumer
 *     yields when its delegator closes it, or ends then: the delegator, which
 *                  goes on closing itself
 *
 * In all of these the resumption goes on, but in the first, and the fourth when
 * it is the head that ends: who resumed does not notice, and the head keeps
 * what that one is to be answered with.
 *
 * An end leaves things behind that are not to be done on the stack that is left
 * (functions that were deferred, objects to be freed). They are called on the
 * stack of whoever is next, before that goes on: `settle`.
 */
#include "coroutine/yield.h"

#include "coroutine/bury.h"
#include "coroutine/close.h"
#include "coroutine/hook.h"
#include "coroutine/raise.h"
#include "coroutine/refusal.h"
#include "coroutine/route.h"
#include "coroutine/thread.h"

#include <string.h>

/* Where the thread goes when it leaves a coroutine, and with what answer. */
struct next {
    struct cosend_coroutine *co; /* NULL: the thread's own stack */
    void *sp;
    int answer;
};

/* ---- Switching ----------------------------------------------------------- */

static CSI_SWITCHES int switch_to(struct cosend_coroutine *self,
                                  struct cosend_coroutine *next, void *sp,
                                  int answer)
{
    csi_san_leave(&csi_thread.san, &self->san, csi_san(next));
    answer = csi_switch(&self->sp, sp, answer);
    csi_san_arrive(&csi_thread.san, &self->san);
    return answer;
}

/* What a coroutine that is left has left behind. */
static CSI_COLD void settle_left(struct cosend_coroutine *left)
{
    if (left->state == COSEND_CLOSED) {
        bool taken = left->taken;

        left->holds++;
        csi_run_deferred(left);
        if (left->unreported)
            csi_report(left, csi_handled(left));
        left->holds--;
        left->taken = taken; /* whatever they sent to it */
        if (left->unreported)
            csi_leave_clauses(left);
        left->unreported = false;
    }
    if (csi_unused(left))
        csi_release(left);
}

/* The same, called on the way. */
CSI_UNCHECKED static int settle_on_arrival(void *left)
{
    struct csi_sanitizer *here = csi_san(csi_thread.current);
    int answer = csi_thread.answer;

    csi_san_arrive(&csi_thread.san, here);
    settle_left(left);
    csi_san_go_on(here);
    return answer;
}

static CSI_SWITCHES int switch_and_settle(struct cosend_coroutine *self,
                                          struct next next,
                                          struct cosend_coroutine *left)
{
    int answer;

    csi_thread.answer = next.answer;
    csi_san_leave(&csi_thread.san, &self->san, csi_san(next.co));
    answer = csi_switch_call(&self->sp, next.sp, settle_on_arrival, left);
    csi_san_arrive(&csi_thread.san, &self->san);
    return answer;
}

/* co runs from here on, inside a resumption that goes on. */
static struct next hand_over_to(struct cosend_coroutine *co, int answer)
{
    co->slow &= (uint8_t)~CSI_SLOW_SHUTTING;
    if (co->head->shutting)
        co->slow |= CSI_SLOW_SHUTTING;
    if (co->slow & CSI_SLOW_FPENV)
        csi_fpenv_swap(&co->outside, &co->inside);
    csi_set_state(co, COSEND_RUNNING);
    csi_thread.current = co;
    return (struct next){.co = co, .sp = co->sp, .answer = answer};
}

static void leave_fpenv(struct cosend_coroutine *self)
{
    if (self->slow & CSI_SLOW_FPENV)
        csi_fpenv_swap(&self->inside, &self->outside);
}

/* ---- Yielding ------------------------------------------------------------ */

/* The resumption is over: the thread goes on in the resumer. */
static inline struct next step_out(struct cosend_coroutine *head, int answer)
{
    head->taken = head->verdict;
    csi_thread.current = head->resumer;
    csi_thread.depth--;
    return (struct next){head->resumer, head->resumer_sp, answer};
}

/* The yield that everything is about. */
static inline int suspend(struct cosend_coroutine *self, void *out, void **in)
{
    struct cosend_coroutine *head = self->head;
    struct next next;

    if (CSI_LIKELY(head->out))
        *head->out = out;
    self->in = in;
    csi_set_state(self, COSEND_SUSPENDED);
    csi_set_state(head, COSEND_SUSPENDED);
    next = step_out(head, COSEND_YIELD);
    return switch_to(self, next.co, next.sp, next.answer);
}

/* Its delegator closes it, and it yields: that is an error there. */
static int ignore_exit(struct cosend_coroutine *self, void *out, void **in)
{
    struct cosend_coroutine *head = self->head, *up = head->up, *over;
    struct cosend_error error = {0};
    struct next next;

    csi_dispose(self, out);
    self->in = in;
    leave_fpenv(self);
    self->slow &= (uint8_t)~CSI_SLOW_SHUTTING;
    head->shutting = false;
    csi_set_state(self, COSEND_SUSPENDED);
    csi_set_state(head, COSEND_SUSPENDED);
    csi_refuse(head, COSEND_E_IGNORED_EXIT, &error);
    over = csi_undelegate(up);
    csi_enter(up, &error);
    next = hand_over_to(up, COSEND_THROWN);
    return over ? switch_and_settle(self, next, over)
                : switch_to(self, next.co, next.sp, next.answer);
}

/* A loop's error is raised here, since the body did not look at it. */
static int raise_now(struct cosend_coroutine *self, void **in)
{
    self->slow &= (uint8_t)~CSI_SLOW_RAISED;
    *in = NULL;
    return COSEND_THROWN;
}

static CSI_COLD int suspend_slowly(struct cosend_coroutine *self, void *out,
                                   void **in)
{
    if (self->slow & CSI_SLOW_HOOK)
        return COSEND_E_USAGE;
    if (self->slow & CSI_SLOW_RAISED) {
        csi_dispose(self, out);
        return raise_now(self, in);
    }
    if (self->slow & CSI_SLOW_HANDLING)
        csi_yields_in_clause(self);
    if (self->slow & CSI_SLOW_SHUTTING)
        return ignore_exit(self, out, in);
    if (!self->head->out)
        csi_dispose(self, out);
    leave_fpenv(self);
    return suspend(self, out, in);
}

int cosend_yield(struct cosend_coroutine *self, void *out, void **in)
{
    if (CSI_UNLIKELY(!self || self != csi_thread.current))
        return COSEND_E_USAGE;
    if (!in)
        in = &self->ignored;
    if (CSI_UNLIKELY(self->slow || (!self->head->out && self->dispose)))
        return suspend_slowly(self, out, in);
    return suspend(self, out, in);
}

/* ---- Delegating ---------------------------------------------------------- */

/* What keeps self from delegating to sub, or 0; COSEND_DONE: it is CLOSED. */
static int obstacle_to_delegate(struct cosend_coroutine *sub)
{
    if (!csi_owned(sub))
        return COSEND_E_THREAD;
    if (csi_busy(sub) == sub)
        return COSEND_E_RUNNING;
    return sub->state == COSEND_CLOSED ? COSEND_DONE : 0;
}

/* self delegates to sub: whoever runs for that runs now, by next. */
static int delegate_to(struct cosend_coroutine *self,
                       struct cosend_coroutine *sub)
{
    struct cosend_coroutine *head = self->head;
    struct csi_route route = csi_delegate(self, sub);
    int answer = COSEND_GOT;
    struct next next;

    if (head->target == self)
        csi_keep_target(head, &route);
    if (route.why)
        answer = csi_answer_for(&route, COSEND_GOT, NULL);
    else
        *route.last->in = NULL;
    leave_fpenv(self);
    if (self != head)
        csi_set_state(self, COSEND_SUSPENDED);
    next = hand_over_to(route.last, answer);
    return switch_to(self, next.co, next.sp, next.answer);
}

static void remember_done(struct cosend_coroutine *self,
                          const struct cosend_coroutine *over)
{
    memcpy(self->stopped, over->name, sizeof(over->name));
}

static int refuse_delegation(struct cosend_coroutine *self,
                             const struct cosend_coroutine *sub, int why)
{
    struct cosend_error error = {0};

    csi_refuse(sub, why, &error);
    csi_enter(self, &error);
    return COSEND_THROWN;
}

int cosend_yield_from(struct cosend_coroutine *self,
                      struct cosend_coroutine *sub, void **result)
{
    int why;

    if (!self || self != csi_thread.current || self->slow & CSI_SLOW_HOOK)
        return COSEND_E_USAGE;
    self->in = result ? result : &self->ignored;
    if (self->slow & CSI_SLOW_RAISED)
        return raise_now(self, self->in);
    csi_yields_in_clause(self);
    why = obstacle_to_delegate(sub);
    if (why == COSEND_DONE) {
        *self->in = NULL;
        remember_done(self, sub);
        return COSEND_GOT;
    }
    if (why)
        return refuse_delegation(self, sub, why);
    return delegate_to(self, sub);
}

/* ---- Ending -------------------------------------------------------------- */

/* It ends with a value, or with what it handles if kind is not 0. */
struct end {
    void *result;
    int kind;
};

static int end_for_resumer(struct cosend_coroutine *self, struct end end)
{
    bool loop = self->err == &csi_iterates;

    if (loop)
        csi_dispose(self, end.result);
    else if (end.kind == 0)
        csi_give(self, end.result, self->out);
    if (self->out && (loop || end.kind))
        *self->out = NULL;
    if (end.kind == 0) {
        if (self->resumer)
            remember_done(self->resumer, self);
        return COSEND_DONE;
    }
    if (loop && self->resumer)
        csi_raise_in_loop(self, self->resumer, csi_handled(self));
    else if (loop)
        self->unreported = true;
    else if (self->err && !self->err->kind &&
             !(end.kind == COSEND_E_EXIT && self->closing))
        *self->err = *csi_handled(self);
    return end.kind;
}

static int end_for_delegator(struct cosend_coroutine *self, struct end end,
                             struct cosend_coroutine *up)
{
    if (end.kind) {
        csi_enter(up, csi_handled(self));
        return COSEND_THROWN;
    }
    if (up->in == &up->ignored)
        csi_dispose(self, end.result);
    else
        *up->in = end.result;
    remember_done(up, self);
    return COSEND_GOT;
}

/* up closes self, which has ended; so it goes on closing itself. */
static int end_for_closer(struct cosend_coroutine *self, struct end end,
                          struct cosend_coroutine *up)
{
    self->shutting = false;
    csi_dispose(self, end.result);
    if (end.kind && end.kind != COSEND_E_EXIT) {
        csi_enter(up, csi_handled(self));
        return COSEND_THROWN;
    }
    csi_enter_thrown(up, up->shutting ? NULL : up->thrown);
    return COSEND_CLOSING;
}

/* self has ended, and the resumption goes on in its delegator. */
static struct next end_in_delegator(struct cosend_coroutine *self,
                                    struct end end)
{
    struct cosend_coroutine *up = self->up, *head = self->head;
    struct csi_route route = {.last = up, .alone = true};
    int answer;

    if (self->shutting) {
        answer = end_for_closer(self, end, up);
    } else {
        answer = end_for_delegator(self, end, up);
        up->head = head;
        if (head->target == self)
            csi_keep_target(head, &route);
    }
    csi_undelegate(up);
    csi_set_state(self, COSEND_CLOSED);
    return hand_over_to(up, answer);
}

/* The body has returned status. */
static struct next finish_body(struct cosend_coroutine *self, int status)
{
    bool inner = self->shutting || self->head != self;
    struct end end = {.result = self->result};

    self->result = NULL;
    end.kind = csi_enter_status(self, status);
    if (end.kind) {
        csi_dispose(self, end.result);
        end.result = NULL;
    }
    if (inner) {
        leave_fpenv(self);
        return end_in_delegator(self, end);
    }
    end.kind = end_for_resumer(self, end);
    leave_fpenv(self);
    csi_set_state(self, COSEND_CLOSED);
    return step_out(self, end.kind);
}

/*
 * Leave self for ever. Its stack is in the pool before it is left, which is
 * safe: who could take it runs in this thread, later.
 */
CSI_UNCHECKED static void leave_for_good(struct cosend_coroutine *self,
                                         struct next next)
{
    bool left_behind = self->deferred || self->unreported || csi_unused(self);

    if (!self->freed && !self->unreported)
        csi_leave_clauses(self);
    csi_stack_put(&csi_thread.pool, self->stack);
    self->stack = NULL;
    csi_san_leave_for_good(&csi_thread.san, &self->san, csi_san(next.co));
    csi_thread.answer = next.answer;
    if (left_behind)
        csi_switch_call(&self->sp, next.sp, settle_on_arrival, self);
    else
        csi_switch(&self->sp, next.sp, next.answer);
}

CSI_UNCHECKED void csi_entry(void *argument)
{
    struct cosend_coroutine *self = argument;

    csi_san_arrive(&csi_thread.san, &self->san);
    leave_for_good(self, finish_body(self, self->body(self, self->argument)));
    __builtin_unreachable();
}
