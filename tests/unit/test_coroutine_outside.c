/* SPDX-License-Identifier: MIT */
/* Functions that are called on the thread's own stack, from inside. */
#include "coroutine.h"

#include <pthread.h>

/* What a function that is called outside sees, and does. */
struct visit {
    struct cosend_coroutine *caller;
    const char *frame; /* of it */
    struct cosend_coroutine *current;
    int refused[2];
    void *nested; /* what another coroutine yields to it */
    unsigned calls;
};

static unsigned distance(const char *a, const char *b)
{
    uintptr_t x = (uintptr_t)a, y = (uintptr_t)b;
    uintptr_t apart = x > y ? x - y : y - x;

    return apart < UINT32_MAX ? (unsigned)apart : UINT32_MAX;
}

/* Far less than lies between two stacks, and more than a few frames. */
enum { NEAR_BY = 64 * 1024 };

static int look_around(void *argument)
{
    struct visit *visit = argument;

    visit->frame = __builtin_frame_address(0);
    visit->current = cosend_current();
    visit->refused[0] = cosend_send(visit->caller, NULL, NULL, NULL);
    visit->refused[1] = cosend_yield(visit->caller, NULL, NULL);
    return (int)++visit->calls;
}

/* Calls outside before each yield, and yields what it answered. */
static int goes_outside(struct cosend_coroutine *self, void *argument)
{
    struct visit *visit = argument;
    char mine[100];

    memset(mine, 7, sizeof(mine));
    do {
        visit->caller = self;
        visit->calls = (unsigned)cosend_call_outside(look_around, visit);
        if (cosend_current() != self || mine[99] != 7)
            return E_VALUE;
    } while (cosend_yield(self, V(visit->calls), NULL) == COSEND_GOT);
    return cosend_reraise(self);
}

static int sends_on(struct cosend_coroutine *self, void *target)
{
    void *out = NULL;

    do {
        if (cosend_send(target, NULL, &out, NULL) != COSEND_YIELD)
            return E_KEY;
    } while (cosend_yield(self, out, NULL) == COSEND_GOT);
    return cosend_reraise(self);
}

static void check_visits(cosend_body outermost)
{
    struct visit visit = {0};
    struct cosend_coroutine *inner = make(goes_outside, &visit);
    struct cosend_coroutine *middle = make(outermost, inner);
    struct cosend_coroutine *outer = make(sends_on, middle);
    const char *here = __builtin_frame_address(0);
    void *out;

    for (int i = 1; i <= 1000; i++) {
        assert_outcome(cosend_next(outer, &out, NULL), COSEND_YIELD, out, i);
        assert_true(distance(visit.frame, here) < NEAR_BY);
        assert_null(visit.current);
        assert_int_equal(visit.refused[0], COSEND_E_RUNNING);
        assert_int_equal(visit.refused[1], COSEND_E_USAGE);
    }
    cosend_free(outer);
    cosend_free(middle);
    cosend_free(inner);
}

static void it_runs_on_the_threads_own_stack(void **state)
{
    (void)state;
    check_visits(sends_on);
}

static void from_a_delegate_too(void **state)
{
    (void)state;
    check_visits(delegates);
}

static void *in_thread(void *argument)
{
    check_visits(sends_on);
    return argument;
}

static void in_every_thread_on_its_own(void **state)
{
    pthread_t threads[2];

    (void)state;
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, in_thread, NULL), 0);
    check_visits(sends_on);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
}

/* ---- Others meanwhile ---------------------------------------------------- */

static int runs_another(void *argument)
{
    struct visit *visit = argument, other = {0};
    struct cosend_coroutine *co = make(goes_outside, &other);

    for (int i = 0; i < 3; i++)
        if (cosend_next(co, &visit->nested, NULL) != COSEND_YIELD)
            return E_VALUE;
    cosend_free(co);
    return distance(other.frame, __builtin_frame_address(0)) < NEAR_BY ? 11
                                                                       : 12;
}

static int calls_one_that_runs_another(struct cosend_coroutine *self,
                                       void *argument)
{
    while (cosend_yield(self, V(cosend_call_outside(runs_another, argument)),
                        NULL) == COSEND_GOT)
        continue;
    return cosend_reraise(self);
}

static void it_may_run_others_which_go_outside_again(void **state)
{
    struct visit visit = {0};
    struct cosend_coroutine *co = make(calls_one_that_runs_another, &visit);
    void *out;

    (void)state;
    for (int i = 0; i < 10; i++) {
        assert_outcome(cosend_next(co, &out, NULL), COSEND_YIELD, out, 11);
        assert_ptr_equal(visit.nested, V(3));
    }
    cosend_free(co);
}

static int doubles(void *argument)
{
    return 2 * *(int *)argument;
}

static void where_no_coroutine_runs_it_is_a_plain_call(void **state)
{
    int number = 21;

    (void)state;
    assert_int_equal(cosend_call_outside(doubles, &number), 42);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_runs_on_the_threads_own_stack),
        cmocka_unit_test(from_a_delegate_too),
        cmocka_unit_test(in_every_thread_on_its_own),
        cmocka_unit_test(it_may_run_others_which_go_outside_again),
        cmocka_unit_test(where_no_coroutine_runs_it_is_a_plain_call),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
