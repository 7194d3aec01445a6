/* SPDX-License-Identifier: MIT */
/* Coroutines that move from thread to thread, and backtraces through them. */
#include "coroutine.h"

#include <execinfo.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unwind.h>

static int defers_and_echoes(struct cosend_coroutine *self, void *argument)
{
    cosend_defer(self, note_argument, "deferred ");
    return echo(self, argument);
}

static int resumes(struct cosend_coroutine *self, void *argument)
{
    (void)self;
    return cosend_next(argument, NULL, NULL) == COSEND_DONE ? 0 : E_VALUE;
}

/* ---- Threads ------------------------------------------------------------- */

static void *make_a_pair(void *argument)
{
    struct cosend_coroutine **pair = argument;

    pair[0] = make(defers_and_echoes, NULL);
    pair[1] = started(delegates, pair[0]);
    return NULL;
}

static void in_thread(void *(*function)(void *), void *argument)
{
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, function, argument), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static void what_an_ended_thread_left_belongs_to_whoever_takes_it(void **state)
{
    struct cosend_coroutine *pair[2];
    void *out;

    (void)state;
    start_log();
    in_thread(make_a_pair, pair);
    assert_outcome(cosend_send(pair[1], V(3), &out, NULL), COSEND_YIELD, out,
                   3);
    assert_outcome(cosend_send(pair[0], V(4), &out, NULL), COSEND_YIELD, out,
                   4);
    cosend_free(pair[1]);
    cosend_free(pair[0]);
    assert_non_null(strstr(log_text, "deferred closing "));
    in_thread(make_a_pair, pair);
    cosend_free(pair[0]);
    cosend_free(pair[1]);
}

static void *free_it(void *co)
{
    cosend_free(co);
    return NULL;
}

static void one_that_runs_nowhere_any_thread_may_free(void **state)
{
    struct cosend_coroutine *closed = started(defers_and_echoes, NULL);

    (void)state;
    cosend_close(closed, NULL, NULL);
    in_thread(free_it, closed);
    in_thread(free_it, make(echo, NULL));
}

static void *adopt_and_use(void *argument)
{
    void *out = NULL;
    int adopted = cosend_adopt(argument);

    if (adopted == COSEND_OK &&
        cosend_send(argument, V(8), &out, NULL) == COSEND_YIELD)
        return out;
    return NULL;
}

static void a_coroutine_may_move_from_thread_to_thread(void **state)
{
    struct cosend_coroutine *inner = make(echo, NULL);
    struct cosend_coroutine *co = started(delegates, inner);
    pthread_t thread;
    void *out;

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(pthread_create(&thread, NULL, adopt_and_use, co), 0);
        assert_int_equal(pthread_join(thread, &out), 0);
        assert_ptr_equal(out, V(8));
        assert_int_equal(cosend_adopt(co), COSEND_OK);
        assert_outcome(cosend_send(co, V(9), &out, NULL), COSEND_YIELD, out, 9);
    }
    cosend_free(co);
    cosend_free(inner);
}

static void *adopt(void *co)
{
    return V(cosend_adopt(co));
}

/* Runs until a thread that tries to adopt it is through. */
static int is_adopted_while_running(struct cosend_coroutine *self,
                                    void *argument)
{
    pthread_t thread;
    void *answer = NULL;

    (void)argument;
    if (pthread_create(&thread, NULL, adopt, self) != 0)
        return E_KEY;
    pthread_join(thread, &answer);
    return answer == V(COSEND_E_RUNNING) ? cosend_adopt(self) : E_VALUE;
}

static void but_not_while_it_runs(void **state)
{
    struct cosend_coroutine *co = make(is_adopted_while_running, NULL);

    (void)state;
    assert_int_equal(cosend_next(co, NULL, NULL), COSEND_DONE);
    cosend_free(co);
}

struct watched {
    struct cosend_coroutine *co;
    atomic_bool over;
    bool known;
};

static void *watch(void *argument)
{
    struct watched *watched = argument;

    watched->known = true;
    while (!watched->over)
        if (cosend_state(watched->co) > COSEND_CLOSED)
            watched->known = false;
    return NULL;
}

static void any_thread_may_ask_for_the_state(void **state)
{
    struct watched watched = {.co = started(echo, NULL)};
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, watch, &watched), 0);
    for (int i = 0; i < 10000; i++)
        cosend_next(watched.co, NULL, NULL);
    watched.over = true;
    pthread_join(thread, NULL);
    assert_true(watched.known);
    cosend_free(watched.co);
}

/* ---- Backtraces ---------------------------------------------------------- */

enum { FRAMES = 64 };

struct trace {
    void *frames[FRAMES];
    int count;
    struct cosend_coroutine *inner;
};

static int traces(struct cosend_coroutine *self, void *argument)
{
    struct trace *trace = argument;

    (void)self;
    trace->count = backtrace(trace->frames, FRAMES);
    return 0;
}

static int delegates_to_inner(struct cosend_coroutine *self, void *argument)
{
    return cosend_yield_from(self, ((struct trace *)argument)->inner, NULL) ==
                   COSEND_GOT
               ? 0
               : E_VALUE;
}

static void a_backtrace_goes_on_in_the_resumer(void **state)
{
    struct trace here = {0}, inside = {0};
    struct cosend_coroutine *outer, *resumer;

    (void)state;
#if defined(CSI_SWITCH_UCONTEXT)
    skip();
#endif
    inside.inner = make(traces, &inside);
    outer = make(delegates_to_inner, &inside);
    resumer = make(resumes, outer);
    here.count = backtrace(here.frames, FRAMES);
    assert_int_equal(cosend_next(resumer, NULL, NULL), COSEND_DONE);
    assert_true(here.count > 2);
    assert_true(inside.count > here.count + 5);
    for (int i = 1; i < here.count - 1; i++)
        assert_ptr_equal(inside.frames[inside.count - i],
                         here.frames[here.count - i]);
    cosend_free(resumer);
    cosend_free(outer);
    cosend_free(inside.inner);
}

static int throws(struct cosend_coroutine *self, void *argument)
{
    static struct _Unwind_Exception exception;

    (void)self;
    /* It returns where nobody catches it. */
    *(_Unwind_Reason_Code *)argument = _Unwind_RaiseException(&exception);
    return 0;
}

static void an_exception_does_not_go_on_in_the_resumer(void **state)
{
    _Unwind_Reason_Code reason = _URC_NO_REASON;
    struct cosend_coroutine *co = make(throws, &reason);

    (void)state;
#if defined(CSI_SWITCH_UCONTEXT)
    cosend_free(co);
    skip();
#endif
    assert_int_equal(cosend_next(co, NULL, NULL), COSEND_DONE);
#if defined(__x86_64__) /* libgcc's answer is lost elsewhere: PR 114843 */
    assert_int_equal(reason, _URC_FATAL_PHASE1_ERROR);
#endif
    cosend_free(co);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_an_ended_thread_left_belongs_to_whoever_takes_it),
        cmocka_unit_test(one_that_runs_nowhere_any_thread_may_free),
        cmocka_unit_test(a_coroutine_may_move_from_thread_to_thread),
        cmocka_unit_test(but_not_while_it_runs),
        cmocka_unit_test(any_thread_may_ask_for_the_state),
        cmocka_unit_test(a_backtrace_goes_on_in_the_resumer),
        cmocka_unit_test(an_exception_does_not_go_on_in_the_resumer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
