/* SPDX-License-Identifier: MIT */
/*
 * Rules 40 to 44 of the yield data model: re-entrancy and threads. And what
 * else concerns coroutines inside each other.
 */
#include "coroutine.h"

#include <fenv.h>
#include <pthread.h>

/* What a body was answered when it tried the four verbs on a coroutine. */
struct attempt {
    struct cosend_coroutine *on; /* NULL: itself */
    int next, send, thrown, close;
};

static void try_verbs(struct cosend_coroutine *on, struct attempt *attempt)
{
    struct cosend_error thrown = error_of(E_VALUE, "bad");

    attempt->next = cosend_next(on, NULL, NULL);
    attempt->send = cosend_send(on, V(1), NULL, NULL);
    attempt->thrown = cosend_throw(on, &thrown, NULL, NULL);
    attempt->close = cosend_close(on, NULL, NULL);
}

static void assert_all_refused(const struct attempt *attempt, int kind)
{
    assert_int_equal(attempt->next, kind);
    assert_int_equal(attempt->send, kind);
    assert_int_equal(attempt->thrown, kind);
    assert_int_equal(attempt->close, kind);
}

static int tries_verbs(struct cosend_coroutine *self, void *argument)
{
    struct attempt *attempt = argument;

    try_verbs(attempt->on ? attempt->on : self, attempt);
    return one_then_42(self, NULL);
}

static void rule_40_a_running_one_refuses_and_is_unharmed(void **state)
{
    struct attempt attempt = {0};
    struct cosend_coroutine *co = make(tries_verbs, &attempt);
    void *out;

    (void)state;
    assert_outcome(cosend_next(co, &out, NULL), COSEND_YIELD, out, 1);
    assert_all_refused(&attempt, COSEND_E_RUNNING);
    assert_outcome(cosend_next(co, &out, NULL), COSEND_DONE, out, 42);
    cosend_free(co);
}

static int resumes_argument(struct cosend_coroutine *self, void *argument)
{
    void *out;

    for (;;) {
        if (cosend_next(argument, &out, NULL) != COSEND_YIELD)
            return 0;
        if (cosend_yield(self, out, NULL) != COSEND_GOT)
            return cosend_reraise(self);
    }
}

static void rule_41_one_that_resumed_another_is_running(void **state)
{
    struct attempt attempt = {0};
    struct cosend_coroutine *inner = make(tries_verbs, &attempt);
    struct cosend_coroutine *outer = make(resumes_argument, inner);
    void *out;

    (void)state;
    attempt.on = outer;
    assert_outcome(cosend_next(outer, &out, NULL), COSEND_YIELD, out, 1);
    assert_all_refused(&attempt, COSEND_E_RUNNING);
    cosend_free(outer);
    cosend_free(inner);
}

static void rule_42_a_delegating_one_is_running(void **state)
{
    struct attempt attempt = {0};
    struct cosend_coroutine *inner = make(tries_verbs, &attempt);
    struct cosend_coroutine *outer = make(delegates, inner);
    void *out;

    (void)state;
    attempt.on = outer;
    assert_outcome(cosend_next(outer, &out, NULL), COSEND_YIELD, out, 1);
    assert_all_refused(&attempt, COSEND_E_RUNNING);
    cosend_free(outer);
    cosend_free(inner);
}

static void *try_from_thread(void *argument)
{
    struct attempt *attempt = argument;

    try_verbs(attempt->on, attempt);
    return NULL;
}

static void in_thread(void *(*function)(void *), void *argument)
{
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, function, argument), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static void rule_43_another_thread_is_refused(void **state)
{
    struct cosend_coroutine *co = started(echo, NULL);
    struct attempt attempt = {.on = co};
    void *out;

    (void)state;
    in_thread(try_from_thread, &attempt);
    assert_all_refused(&attempt, COSEND_E_THREAD);
    assert_int_equal(cosend_state(co), COSEND_SUSPENDED);
    assert_outcome(cosend_send(co, V(3), &out, NULL), COSEND_YIELD, out, 3);
    cosend_free(co);
}

/* A thread that makes a coroutine, lets others try it, and frees it. */
struct owner {
    struct attempt attempt;
    pthread_barrier_t made, tried;
};

static void *make_and_wait(void *argument)
{
    struct owner *owner = argument;
    struct cosend_coroutine *co = cosend_start(echo, NULL, NULL, NULL);

    owner->attempt.on = co;
    pthread_barrier_wait(&owner->made);
    pthread_barrier_wait(&owner->tried);
    cosend_free(co);
    return NULL;
}

static void
rule_43_nor_may_the_main_thread_resume_what_another_made(void **state)
{
    struct owner owner = {0};
    pthread_t thread;

    (void)state;
    pthread_barrier_init(&owner.made, NULL, 2);
    pthread_barrier_init(&owner.tried, NULL, 2);
    pthread_create(&thread, NULL, make_and_wait, &owner);
    pthread_barrier_wait(&owner.made);
    try_verbs(owner.attempt.on, &owner.attempt);
    cosend_free(owner.attempt.on);
    pthread_barrier_wait(&owner.tried);
    pthread_join(thread, NULL);
    assert_all_refused(&owner.attempt, COSEND_E_THREAD);
    pthread_barrier_destroy(&owner.made);
    pthread_barrier_destroy(&owner.tried);
}

static void rule_44_checks_come_in_order(void **state)
{
    struct cosend_coroutine *created = make(echo, NULL);
    struct cosend_coroutine *closed = make(echo, NULL);
    struct attempt attempt = {.on = created};

    (void)state;
    in_thread(try_from_thread, &attempt);
    assert_all_refused(&attempt, COSEND_E_THREAD);
    cosend_close(closed, NULL, NULL);
    attempt.on = closed;
    in_thread(try_from_thread, &attempt);
    assert_all_refused(&attempt, COSEND_E_THREAD);
    assert_int_equal(cosend_send(created, V(1), NULL, NULL), COSEND_E_UNPRIMED);
    assert_int_equal(cosend_send(closed, V(1), NULL, NULL), COSEND_DONE);
    cosend_free(created);
    cosend_free(closed);
}

static int resumes_deeper(struct cosend_coroutine *self, void *argument)
{
    int *depth = argument;
    struct cosend_coroutine *deeper =
        cosend_new(resumes_deeper, depth, NULL, NULL);
    int outcome = COSEND_E_MEMORY;

    ++*depth;
    if (deeper)
        outcome = cosend_next(deeper, NULL, NULL);
    if (outcome == COSEND_E_DEPTH && cosend_state(deeper) == COSEND_CREATED)
        note("refused");
    cosend_free(deeper);
    (void)self;
    return 0;
}

static void resuming_too_deep_is_refused_and_harms_nobody(void **state)
{
    int depth = 0;
    struct cosend_coroutine *co = make(resumes_deeper, &depth);

    (void)state;
    start_log();
    assert_int_equal(cosend_next(co, NULL, NULL), COSEND_DONE);
    assert_int_equal(depth, COSEND_DEPTH);
    assert_string_equal(log_text, "refused");
    cosend_free(co);
}

static int sends_on_closing(struct cosend_coroutine *self, void *target)
{
    while (cosend_yield(self, NULL, NULL) == COSEND_GOT)
        ;
    cosend_send(target, V(5), NULL, NULL);
    return cosend_reraise(self);
}

static int remembers(struct cosend_coroutine *self, void *place)
{
    void *in;

    while (cosend_yield(self, NULL, &in) == COSEND_GOT)
        *(void **)place = in;
    return cosend_reraise(self);
}

static void a_stage_may_send_on_while_it_closes(void **state)
{
    void *last = NULL;
    struct cosend_coroutine *sink = started(remembers, &last);
    struct cosend_coroutine *stage = started(sends_on_closing, sink);

    (void)state;
    assert_int_equal(cosend_close(stage, NULL, NULL), COSEND_OK);
    assert_ptr_equal(last, V(5));
    cosend_free(stage);
    cosend_free(sink);
}

struct link {
    struct cosend_coroutine *co, *next;
    int *closed;
};

static int passes_on(struct cosend_coroutine *self, void *argument)
{
    struct link *link = argument;
    void *in;

    while (cosend_yield(self, NULL, &in) == COSEND_GOT)
        if (cosend_send(link->next, in, NULL, NULL) != COSEND_YIELD)
            return 0;
    ++*link->closed;
    cosend_send(link->next, V(*link->closed), NULL, NULL);
    cosend_close(link->next, NULL, NULL);
    return cosend_reraise(self);
}

static void a_thousand_stages_run_and_close_inside_each_other(void **state)
{
    enum { STAGES = 1000 };
    static struct link links[STAGES];
    int closed = 0;
    void *last = NULL;
    struct cosend_coroutine *sink = started(remembers, &last), *next = sink;

    (void)state;
    for (int i = STAGES - 1; i >= 0; i--) {
        links[i].next = next;
        links[i].closed = &closed;
        next = links[i].co = started(passes_on, &links[i]);
    }
    assert_int_equal(cosend_send(next, V(77), NULL, NULL), COSEND_YIELD);
    assert_ptr_equal(last, V(77));
    assert_int_equal(cosend_close(next, NULL, NULL), COSEND_OK);
    assert_int_equal(closed, STAGES);
    assert_ptr_equal(last, V(STAGES));
    for (int i = 0; i < STAGES; i++)
        cosend_free(links[i].co);
    cosend_free(sink);
}

static int rounds_up(struct cosend_coroutine *self, void *argument)
{
    (void)argument;
    fesetround(FE_UPWARD);
    cosend_yield(self, NULL, NULL);
    return fegetround() == FE_UPWARD ? 0 : E_VALUE;
}

static void a_rounding_mode_belongs_to_one_coroutine_that_keeps_it(void **state)
{
    struct cosend_coroutine_options options = {.size = sizeof(options),
                                               .keep_fpenv = true};
    struct cosend_coroutine *co = cosend_start(rounds_up, NULL, &options, NULL);

    (void)state;
    assert_int_equal(fegetround(), FE_TONEAREST);
    fesetround(FE_DOWNWARD);
    assert_int_equal(cosend_next(co, NULL, NULL), COSEND_DONE);
    assert_int_equal(fegetround(), FE_DOWNWARD);
    fesetround(FE_TONEAREST);
    cosend_free(co);
}

static int yields_for_another(struct cosend_coroutine *self, void *other)
{
    (void)self;
    return cosend_yield(other, NULL, NULL) == COSEND_E_USAGE ? 0 : E_VALUE;
}

static void only_the_running_one_can_yield(void **state)
{
    struct cosend_coroutine *other = started(echo, NULL);
    struct cosend_coroutine *co = make(yields_for_another, other);

    (void)state;
    assert_int_equal(cosend_yield(other, NULL, NULL), COSEND_E_USAGE);
    assert_int_equal(cosend_yield_from(other, co, NULL), COSEND_E_USAGE);
    /* Nobody is current here. */
    assert_null(cosend_current());
    assert_int_equal(cosend_yield(cosend_current(), NULL, NULL),
                     COSEND_E_USAGE);
    assert_int_equal(cosend_yield_from(cosend_current(), co, NULL),
                     COSEND_E_USAGE);
    assert_int_equal(cosend_next(co, NULL, NULL), COSEND_DONE);
    cosend_free(co);
    cosend_free(other);
}

static int reads_current(struct cosend_coroutine *self, void *argument)
{
    (void)argument;
    return cosend_current() == self ? 0 : E_VALUE;
}

static void the_current_one_is_known(void **state)
{
    struct cosend_coroutine *co = make(reads_current, NULL);

    (void)state;
    assert_null(cosend_current());
    assert_int_equal(cosend_next(co, NULL, NULL), COSEND_DONE);
    assert_null(cosend_current());
    cosend_free(co);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rule_40_a_running_one_refuses_and_is_unharmed),
        cmocka_unit_test(rule_41_one_that_resumed_another_is_running),
        cmocka_unit_test(rule_42_a_delegating_one_is_running),
        cmocka_unit_test(rule_43_another_thread_is_refused),
        cmocka_unit_test(
            rule_43_nor_may_the_main_thread_resume_what_another_made),
        cmocka_unit_test(rule_44_checks_come_in_order),
        cmocka_unit_test(resuming_too_deep_is_refused_and_harms_nobody),
        cmocka_unit_test(a_stage_may_send_on_while_it_closes),
        cmocka_unit_test(a_thousand_stages_run_and_close_inside_each_other),
        cmocka_unit_test(
            a_rounding_mode_belongs_to_one_coroutine_that_keeps_it),
        cmocka_unit_test(only_the_running_one_can_yield),
        cmocka_unit_test(the_current_one_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
