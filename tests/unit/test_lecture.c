/* SPDX-License-Identifier: MIT */
/*
 * A tour of coroutines: the programs of a lecture on Python's, in its order and
 * with its numbers, as a user of cosend writes them. Each body is followed by
 * the session that the lecture runs with it.
 */
#include "cosend/coroutine.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* What the lecture prints, the programs write here. */
static char screen[512];

static void clear_screen(void)
{
    screen[0] = '\0';
}

static void show(const char *text)
{
    strncat(screen, text, sizeof(screen) - strlen(screen) - 1);
}

/* Errors of the lecture's own. */
enum { VALUE_ERROR = COSEND_E_USER - 1, DEMO_EXCEPTION = COSEND_E_USER - 2 };

/* ---- A first coroutine --------------------------------------------------- */

/*
 *     def my_coroutine():
 *         print('started')
 *         x = yield
 *         print('received', x)
 */
static int my_coroutine(struct cosend_coroutine *self, void *argument)
{
    void *x;

    (void)argument;
    show("started;");
    COSEND_YIELD_OR_RETURN(self, NULL, &x);
    show("received ");
    show(x);
    return 0;
}

static void an_unprimed_coroutine_does_nothing(void **state)
{
    struct cosend_coroutine *co = cosend_new(my_coroutine, NULL, NULL, NULL);

    (void)state;
    clear_screen();
    assert_string_equal(screen, "");
    assert_int_equal(cosend_state(co), COSEND_CREATED);
    cosend_free(co);
}

static void a_primed_coroutine_receives(void **state)
{
    struct cosend_coroutine *co = cosend_new(my_coroutine, NULL, NULL, NULL);
    void *out;

    (void)state;
    clear_screen();
    assert_int_equal(cosend_prime(co, &out, NULL), COSEND_YIELD);
    assert_null(out);
    assert_string_equal(screen, "started;");
    assert_int_equal(cosend_send(co, (void *)"42", &out, NULL), COSEND_DONE);
    assert_string_equal(screen, "started;received 42");
    cosend_free(co);
}

static void start_primes_as_the_decorator_does(void **state)
{
    struct cosend_coroutine *co = cosend_start(my_coroutine, NULL, NULL, NULL);

    (void)state;
    clear_screen();
    assert_int_equal(cosend_send(co, (void *)"42", NULL, NULL), COSEND_DONE);
    assert_string_equal(screen, "received 42");
    cosend_free(co);
}

static void a_just_started_coroutine_takes_no_value(void **state)
{
    struct cosend_coroutine *co = cosend_new(my_coroutine, NULL, NULL, NULL);
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(cosend_send(co, (void *)"42", NULL, &error),
                     COSEND_E_UNPRIMED);
    assert_string_equal(
        error.message,
        "can't send a value to just-started coroutine 'coroutine'");
    assert_int_equal(cosend_prime(co, NULL, NULL), COSEND_YIELD);
    cosend_free(co);
}

static void close_before_start_runs_nothing(void **state)
{
    struct cosend_coroutine *co = cosend_new(my_coroutine, NULL, NULL, NULL);

    (void)state;
    clear_screen();
    assert_int_equal(cosend_close(co, NULL, NULL), COSEND_OK);
    assert_string_equal(screen, "");
    assert_int_equal(cosend_state(co), COSEND_CLOSED);
    assert_int_equal(cosend_next(co, NULL, NULL), COSEND_DONE);
    cosend_free(co);
}

/* ---- Its state ----------------------------------------------------------- */

static int state_inside(struct cosend_coroutine *self, void *argument)
{
    enum cosend_state *during = argument;

    *during = cosend_state(self);
    cosend_yield(self, NULL, NULL);
    return 0;
}

static void a_coroutine_has_a_state_before_during_and_after(void **state)
{
    enum cosend_state during = COSEND_CLOSED;
    struct cosend_coroutine *co = cosend_new(state_inside, &during, NULL, NULL);

    (void)state;
    assert_int_equal(cosend_state(co), COSEND_CREATED);
    cosend_prime(co, NULL, NULL);
    assert_int_equal(during, COSEND_RUNNING);
    assert_int_equal(cosend_state(co), COSEND_SUSPENDED);
    assert_int_equal(cosend_next(co, NULL, NULL), COSEND_DONE);
    assert_int_equal(cosend_state(co), COSEND_CLOSED);
    cosend_free(co);
}

/* ---- Values in and out --------------------------------------------------- */

/*
 *     def coroutine_yield(a):
 *         b = yield a
 *         c = yield a + b
 */
static int coroutine_yield(struct cosend_coroutine *self, void *argument)
{
    int a = *(int *)argument, sum;
    void *b, *c;

    COSEND_YIELD_OR_RETURN(self, &a, &b);
    sum = a + *(int *)b;
    COSEND_YIELD_OR_RETURN(self, &sum, &c);
    return 0;
}

static void values_come_out_and_go_in(void **state)
{
    int two = 2, five = 5, more = 99;
    struct cosend_coroutine *co = cosend_new(coroutine_yield, &two, NULL, NULL);
    void *out;

    (void)state;
    assert_int_equal(cosend_next(co, &out, NULL), COSEND_YIELD);
    assert_int_equal(*(int *)out, 2);
    assert_int_equal(cosend_send(co, &five, &out, NULL), COSEND_YIELD);
    assert_int_equal(*(int *)out, 7);
    assert_int_equal(cosend_send(co, &more, &out, NULL), COSEND_DONE);
    cosend_free(co);
}

/*
 *     def pattern(text):
 *         while True:
 *             line = yield
 *             try:
 *                 if text in line: print(line)
 *             except TypeError: print('not a line')
 */
static int pattern(struct cosend_coroutine *self, void *text)
{
    void *line;

    for (;;) {
        COSEND_YIELD_OR_RETURN(self, NULL, &line);
        if (!line)
            show("not a line;");
        else if (strstr(line, text))
            show(line);
    }
}

static void a_pattern_survives_a_bad_value(void **state)
{
    struct cosend_coroutine *grep =
        cosend_start(pattern, (void *)"Python", NULL, NULL);

    (void)state;
    clear_screen();
    cosend_send(grep, (void *)"C is terse;", NULL, NULL);
    cosend_send(grep, (void *)"Python has generators;", NULL, NULL);
    cosend_send(grep, NULL, NULL, NULL);
    cosend_send(grep, (void *)"so has Python 2.5;", NULL, NULL);
    assert_string_equal(screen,
                        "Python has generators;not a line;so has Python 2.5;");
    assert_int_equal(cosend_close(grep, NULL, NULL), COSEND_OK);
    cosend_free(grep);
}

/* ---- Threads ------------------------------------------------------------- */

struct closing {
    struct cosend_coroutine *co;
    int answer;
    struct cosend_error error;
};

static void *close_it(void *argument)
{
    struct closing *closing = argument;

    closing->answer = cosend_close(closing->co, NULL, &closing->error);
    return NULL;
}

/* Runs until a thread that tries to close it is through. */
static int is_closed_while_running(struct cosend_coroutine *self,
                                   void *argument)
{
    struct closing *closing = argument;
    pthread_t thread;

    closing->co = self;
    if (pthread_create(&thread, NULL, close_it, closing) != 0)
        return cosend_raise(self, VALUE_ERROR, "no thread");
    pthread_join(thread, NULL);
    cosend_yield(self, NULL, NULL);
    return 0;
}

static void a_running_coroutine_is_not_closed_by_another_thread(void **state)
{
    struct closing closing = {0};
    struct cosend_coroutine *co =
        cosend_new(is_closed_while_running, &closing, NULL, NULL);

    (void)state;
    assert_int_equal(cosend_next(co, NULL, NULL), COSEND_YIELD);
    assert_int_equal(closing.answer, COSEND_E_THREAD);
    assert_string_equal(closing.error.message,
                        "coroutine 'coroutine' belongs to another thread");
    assert_int_equal(cosend_next(co, NULL, NULL), COSEND_DONE);
    cosend_free(co);
}

/* ---- The averager
 * ------------------------------------------------------------ */

struct result {
    int count;
    double average;
};

/*
 *     def averager():
 *         total, count, average = 0.0, 0, None
 *         while True:
 *             term = yield average
 *             if term is None: break
 *             total += term; count += 1; average = total / count
 *         return Result(count, average)
 */
static int averager(struct cosend_coroutine *self, void *argument)
{
    struct result *result = argument;
    double total = 0;
    void *term;

    *result = (struct result){0, 0};
    for (;;) {
        COSEND_YIELD_OR_RETURN(self, &result->average, &term);
        if (!term)
            return cosend_return(self, result);
        total += *(double *)term;
        result->count++;
        result->average = total / result->count;
    }
}

static void an_averager_averages_as_it_goes(void **state)
{
    const struct {
        double term;
        const char *average;
    } steps[] = {{2, "2"}, {4, "3"}, {1, "2.3333333333333335"}, {5, "3"}};
    struct result place, *result;
    struct cosend_coroutine *co = cosend_start(averager, &place, NULL, NULL);
    char text[32];
    void *out;

    (void)state;
    for (int i = 0; i < 4; i++) {
        double term = steps[i].term;

        assert_int_equal(cosend_send(co, &term, &out, NULL), COSEND_YIELD);
        snprintf(text, sizeof(text), "%.17g", *(double *)out);
        assert_string_equal(text, steps[i].average);
    }
    assert_int_equal(cosend_send(co, NULL, &out, NULL), COSEND_DONE);
    result = out;
    assert_int_equal(result->count, 4);
    assert_true(result->average >= 3.0 && result->average <= 3.0);
    cosend_free(co);
}

static void an_averager_lets_an_error_out(void **state)
{
    struct cosend_error zero = {.kind = VALUE_ERROR, .message = "zero"};
    struct cosend_error error = {0};
    struct result place;
    struct cosend_coroutine *co = cosend_start(averager, &place, NULL, NULL);
    void *out;

    (void)state;
    assert_int_equal(cosend_throw(co, &zero, &out, &error), VALUE_ERROR);
    assert_string_equal(error.message, "zero");
    assert_null(out);
    assert_int_equal(cosend_state(co), COSEND_CLOSED);
    cosend_free(co);
}

/* ---- Returning
 * ---------------------------------------------------------------- */

/*
 *     def generator():
 *         yield 1
 *         yield 2
 *         return 'the end'
 */
static int generator(struct cosend_coroutine *self, void *argument)
{
    int one = 1, two = 2;

    (void)argument;
    cosend_yield(self, &one, NULL);
    cosend_yield(self, &two, NULL);
    return cosend_return(self, (void *)"the end");
}

static void a_for_loop_loses_the_return_value(void **state)
{
    struct cosend_coroutine *co = cosend_new(generator, NULL, NULL, NULL);
    void *value;
    int sum = 0;

    (void)state;
    COSEND_EACH(co, value)
    sum += *(int *)value;
    assert_int_equal(sum, 3);
    assert_null(value);
    cosend_free(co);
}

static void by_hand_it_is_found(void **state)
{
    struct cosend_coroutine *co = cosend_new(generator, NULL, NULL, NULL);
    void *value;

    (void)state;
    while (cosend_next(co, &value, NULL) == COSEND_YIELD)
        ;
    assert_string_equal(value, "the end");
    assert_int_equal(cosend_next(co, &value, NULL), COSEND_DONE);
    assert_null(value);
    cosend_free(co);
}

/* ---- A pipeline of generators
 * --------------------------------------------------- */

static int integers(struct cosend_coroutine *self, void *limit)
{
    for (int i = 1; i < *(int *)limit; i++)
        COSEND_YIELD_OR_RETURN(self, &i, NULL);
    return 0;
}

/* A stage: yields a function of each value of the coroutine before it. */
struct stage {
    struct cosend_coroutine *before;
    int (*function)(int);
};

static int stage(struct cosend_coroutine *self, void *argument)
{
    struct stage *it = argument;
    void *value;
    int mapped;

    COSEND_EACH(it->before, value)
    {
        mapped = it->function(*(int *)value);
        COSEND_YIELD_OR_RETURN(self, &mapped, NULL);
    }
    return 0;
}

static int squared(int value)
{
    return value * value;
}

static int less_one(int value)
{
    return value - 1;
}

static int negated(int value)
{
    return -value;
}

static int pipeline(int limit)
{
    struct cosend_coroutine *source = cosend_new(integers, &limit, NULL, NULL);
    struct stage first = {source, squared}, second = {NULL, less_one},
                 third = {NULL, negated};
    struct cosend_coroutine *last;
    void *value;
    int sum = 0;

    second.before = cosend_new(stage, &first, NULL, NULL);
    third.before = cosend_new(stage, &second, NULL, NULL);
    last = cosend_new(stage, &third, NULL, NULL);
    COSEND_EACH(last, value)
    sum += *(int *)value;
    cosend_free(last);
    cosend_free(third.before);
    cosend_free(second.before);
    cosend_free(source);
    return sum;
}

static void a_pipeline_of_9_sums_to_minus_196(void **state)
{
    (void)state;
    assert_int_equal(pipeline(9), -196);
}

/* ---- Errors
 * ------------------------------------------------------------------- */

/*
 *     def coroutine_exception():
 *         while True:
 *             try: x = yield
 *             except DemoException: print('handled')
 *             else: print('received', x)          # x must be a string
 */
static int coroutine_exception(struct cosend_coroutine *self, void *argument)
{
    void *x;

    (void)argument;
    for (;;) {
        switch (cosend_yield(self, NULL, &x)) {
        case COSEND_GOT:
            if (!x)
                return cosend_raise(self, VALUE_ERROR, "x is None");
            show(x);
            break;
        case COSEND_THROWN:
            if (cosend_thrown(self)->kind != DEMO_EXCEPTION)
                return cosend_reraise(self);
            cosend_handled(self);
            show("handled;");
            break;
        default:
            show("closed;");
            return cosend_reraise(self);
        }
    }
}

static void its_own_error_ends_a_coroutine(void **state)
{
    struct cosend_coroutine *co =
        cosend_start(coroutine_exception, NULL, NULL, NULL);
    struct cosend_error error = {0};

    (void)state;
    clear_screen();
    cosend_send(co, (void *)"11;", NULL, NULL);
    assert_int_equal(cosend_send(co, NULL, NULL, &error), VALUE_ERROR);
    assert_string_equal(error.message, "x is None");
    assert_int_equal(cosend_state(co), COSEND_CLOSED);
    assert_int_equal(cosend_send(co, (void *)"22;", NULL, NULL), COSEND_DONE);
    assert_string_equal(screen, "11;");
    cosend_free(co);
}

static void close_ends_it_without_an_error(void **state)
{
    struct cosend_coroutine *co =
        cosend_start(coroutine_exception, NULL, NULL, NULL);

    (void)state;
    clear_screen();
    cosend_send(co, (void *)"11;", NULL, NULL);
    assert_int_equal(cosend_close(co, NULL, NULL), COSEND_OK);
    assert_string_equal(screen, "11;closed;");
    assert_int_equal(cosend_state(co), COSEND_CLOSED);
    cosend_free(co);
}

static void a_handled_throw_leaves_it_alive(void **state)
{
    struct cosend_coroutine *co =
        cosend_start(coroutine_exception, NULL, NULL, NULL);
    struct cosend_error demo = {.kind = DEMO_EXCEPTION, .message = "demo"};

    (void)state;
    clear_screen();
    cosend_send(co, (void *)"11;", NULL, NULL);
    assert_int_equal(cosend_throw(co, &demo, NULL, NULL), COSEND_YIELD);
    assert_int_equal(cosend_state(co), COSEND_SUSPENDED);
    cosend_send(co, (void *)"22;", NULL, NULL);
    assert_string_equal(screen, "11;handled;22;");
    cosend_free(co);
}

static void an_unhandled_throw_ends_it(void **state)
{
    struct cosend_coroutine *co =
        cosend_start(coroutine_exception, NULL, NULL, NULL);
    struct cosend_error zero = {.kind = VALUE_ERROR, .message = "zero"};
    struct cosend_error error = {0};

    (void)state;
    cosend_send(co, (void *)"11;", NULL, NULL);
    assert_int_equal(cosend_throw(co, &zero, NULL, &error), VALUE_ERROR);
    assert_string_equal(error.message, "zero");
    assert_int_equal(cosend_state(co), COSEND_CLOSED);
    cosend_free(co);
}

/*
 *     def coroutine_without_reraise():
 *         while True:
 *             try: yield
 *             except GeneratorExit: print('no')
 */
static int coroutine_without_reraise(struct cosend_coroutine *self,
                                     void *argument)
{
    int *refusals = argument;

    while (*refusals > 0)
        if (cosend_yield(self, NULL, NULL) == COSEND_CLOSING)
            --*refusals;
    return 0;
}

static void an_exit_that_is_swallowed_is_refused(void **state)
{
    int refusals = 3;
    struct cosend_coroutine *co =
        cosend_start(coroutine_without_reraise, &refusals, NULL, NULL);
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(cosend_close(co, NULL, &error), COSEND_E_IGNORED_EXIT);
    assert_string_equal(error.message,
                        "coroutine 'coroutine' ignored GeneratorExit");
    assert_int_equal(cosend_state(co), COSEND_SUSPENDED);
    cosend_free(co);
    assert_int_equal(refusals, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unprimed_coroutine_does_nothing),
        cmocka_unit_test(a_primed_coroutine_receives),
        cmocka_unit_test(start_primes_as_the_decorator_does),
        cmocka_unit_test(a_just_started_coroutine_takes_no_value),
        cmocka_unit_test(close_before_start_runs_nothing),
        cmocka_unit_test(a_coroutine_has_a_state_before_during_and_after),
        cmocka_unit_test(values_come_out_and_go_in),
        cmocka_unit_test(a_pattern_survives_a_bad_value),
        cmocka_unit_test(a_running_coroutine_is_not_closed_by_another_thread),
        cmocka_unit_test(an_averager_averages_as_it_goes),
        cmocka_unit_test(an_averager_lets_an_error_out),
        cmocka_unit_test(a_for_loop_loses_the_return_value),
        cmocka_unit_test(by_hand_it_is_found),
        cmocka_unit_test(a_pipeline_of_9_sums_to_minus_196),
        cmocka_unit_test(its_own_error_ends_a_coroutine),
        cmocka_unit_test(close_ends_it_without_an_error),
        cmocka_unit_test(a_handled_throw_leaves_it_alive),
        cmocka_unit_test(an_unhandled_throw_ends_it),
        cmocka_unit_test(an_exit_that_is_swallowed_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
