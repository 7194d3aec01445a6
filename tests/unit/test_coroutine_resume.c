/* SPDX-License-Identifier: MIT */
/* Rules 0 to 15 of the yield data model: states, starting, resuming. */
#include "coroutine.h"

static int four_to_six(struct cosend_coroutine *self, void *argument)
{
    (void)argument;
    for (int i = 4; i <= 6; i++)
        cosend_yield(self, V(i), NULL);
    return cosend_return(self, V(99));
}

static void rule_0_a_loop_calls_next_until_done(void **state)
{
    struct cosend_coroutine *co = make(four_to_six, NULL);
    intptr_t sum = 0;
    void *value;

    (void)state;
    COSEND_EACH(co, value)
    sum += (intptr_t)value;
    assert_int_equal(sum, 15);
    assert_null(value);
    assert_int_equal(cosend_state(co), COSEND_CLOSED);
    cosend_free(co);
}

static void rule_0_start_is_new_and_prime(void **state)
{
    struct cosend_coroutine *co = started(echo, NULL);

    (void)state;
    assert_int_equal(cosend_state(co), COSEND_SUSPENDED);
    cosend_free(co);
}

static void rule_1_new_runs_nothing(void **state)
{
    struct cosend_coroutine *co;

    (void)state;
    start_log();
    co = make(echo, NULL);
    assert_string_equal(log_text, "");
    assert_int_equal(cosend_state(co), COSEND_CREATED);
    cosend_free(co);
}

static int reads_its_state(struct cosend_coroutine *self, void *argument)
{
    *(enum cosend_state *)argument = cosend_state(self);
    cosend_yield(self, NULL, NULL);
    return 0;
}

static void rule_2_there_are_four_states(void **state)
{
    enum cosend_state inside = COSEND_CLOSED;
    struct cosend_coroutine *co = make(reads_its_state, &inside);

    (void)state;
    assert_int_equal(cosend_state(co), COSEND_CREATED);
    cosend_next(co, NULL, NULL);
    assert_int_equal(inside, COSEND_RUNNING);
    assert_int_equal(cosend_state(co), COSEND_SUSPENDED);
    cosend_next(co, NULL, NULL);
    assert_int_equal(cosend_state(co), COSEND_CLOSED);
    cosend_free(co);
}

static void rule_3_next_sends_null(void **state)
{
    struct cosend_coroutine *co = started(echo, V(1));
    void *out;

    (void)state;
    assert_outcome(cosend_next(co, &out, NULL), COSEND_YIELD, out, 0);
    assert_outcome(cosend_send(co, NULL, &out, NULL), COSEND_YIELD, out, 0);
    cosend_free(co);
}

static void rule_4_priming_runs_to_the_first_yield(void **state)
{
    struct cosend_coroutine *co = make(echo, V(3));
    void *out;

    (void)state;
    assert_outcome(cosend_prime(co, &out, NULL), COSEND_YIELD, out, 3);
    cosend_free(co);
}

static void rule_5_a_value_for_a_created_one_is_refused(void **state)
{
    struct cosend_coroutine *co = make(echo, V(3));
    struct cosend_error error = {0};
    void *out;

    (void)state;
    start_log();
    assert_outcome(cosend_send(co, V(5), &out, &error), COSEND_E_UNPRIMED, out,
                   0);
    assert_int_equal(error.kind, COSEND_E_UNPRIMED);
    assert_non_null(strstr(error.message, "just-started"));
    assert_false(cosend_taken(co));
    assert_int_equal(cosend_state(co), COSEND_CREATED);
    assert_string_equal(log_text, "");
    assert_outcome(cosend_prime(co, &out, NULL), COSEND_YIELD, out, 3);
    cosend_free(co);
}

static int returns_at_once(struct cosend_coroutine *self, void *value)
{
    return cosend_return(self, value);
}

static void rule_6_the_first_resume_may_finish(void **state)
{
    struct cosend_coroutine *co = make(returns_at_once, V(6));
    void *out;

    (void)state;
    assert_outcome(cosend_prime(co, &out, NULL), COSEND_DONE, out, 6);
    assert_int_equal(cosend_state(co), COSEND_CLOSED);
    cosend_free(co);
}

static void rule_7_null_is_a_value(void **state)
{
    struct cosend_coroutine *co = started(echo, NULL);
    void *out;

    (void)state;
    assert_outcome(cosend_send(co, NULL, &out, NULL), COSEND_YIELD, out, 0);
    assert_true(cosend_taken(co));
    cosend_free(co);
}

static void rule_8_send_is_what_yield_evaluates_to(void **state)
{
    struct cosend_coroutine *co = started(echo, NULL);
    void *out;

    (void)state;
    for (int i = 1; i < 1000; i++)
        assert_outcome(cosend_send(co, V(i), &out, NULL), COSEND_YIELD, out, i);
    assert_true(cosend_taken(co));
    cosend_free(co);
}

static int notes_null(struct cosend_coroutine *self, void *argument)
{
    void *in = V(1);

    (void)argument;
    if (cosend_yield(self, NULL, &in) == COSEND_GOT && !in)
        note("null");
    return 0;
}

static void rule_9_next_makes_yield_evaluate_to_null(void **state)
{
    struct cosend_coroutine *co = started(notes_null, NULL);

    (void)state;
    start_log();
    assert_int_equal(cosend_next(co, NULL, NULL), COSEND_DONE);
    assert_string_equal(log_text, "null");
    cosend_free(co);
}

static int returns_bare(struct cosend_coroutine *self, void *argument)
{
    (void)self, (void)argument;
    return 0;
}

static void rule_10_a_return_value_comes_with_done(void **state)
{
    struct cosend_coroutine *co = started(one_then_42, NULL);
    struct cosend_coroutine *bare = make(returns_bare, NULL);
    void *out;

    (void)state;
    assert_outcome(cosend_next(co, &out, NULL), COSEND_DONE, out, 42);
    assert_int_equal(cosend_state(co), COSEND_CLOSED);
    assert_outcome(cosend_next(bare, &out, NULL), COSEND_DONE, out, 0);
    cosend_free(co);
    cosend_free(bare);
}

static void rule_11_a_return_value_comes_once(void **state)
{
    struct cosend_coroutine *co = started(one_then_42, NULL);
    void *out;

    (void)state;
    assert_outcome(cosend_next(co, &out, NULL), COSEND_DONE, out, 42);
    for (int i = 0; i < 3; i++) {
        assert_outcome(cosend_next(co, &out, NULL), COSEND_DONE, out, 0);
        assert_outcome(cosend_send(co, V(1), &out, NULL), COSEND_DONE, out, 0);
    }
    cosend_free(co);
}

static void rule_12_a_return_value_is_opaque(void **state)
{
    struct cosend_error stop = error_of(COSEND_E_STOP_LEAK, "only a value");
    struct cosend_coroutine *co = make(returns_at_once, &stop);
    void *out = NULL;

    (void)state;
    assert_int_equal(cosend_next(co, &out, NULL), COSEND_DONE);
    assert_ptr_equal(out, &stop);
    cosend_free(co);
}

static void rule_13_an_error_goes_to_the_resumer(void **state)
{
    struct cosend_coroutine *co = started(one_then_error, NULL);
    struct cosend_error error = {0};
    void *out;

    (void)state;
    assert_outcome(cosend_send(co, V(1), &out, &error), E_VALUE, out, 0);
    assert_int_equal(error.kind, E_VALUE);
    assert_string_equal(error.message, "body failed");
    assert_true(cosend_taken(co));
    assert_int_equal(cosend_state(co), COSEND_CLOSED);
    cosend_free(co);
}

static void rule_13_the_first_error_wins(void **state)
{
    struct cosend_coroutine *co = started(one_then_error, NULL);
    struct cosend_error error = error_of(E_KEY, "earlier");

    (void)state;
    assert_int_equal(cosend_next(co, NULL, &error), E_VALUE);
    assert_string_equal(error.message, "earlier");
    cosend_free(co);
}

static int fails_without_words(struct cosend_coroutine *self, void *argument)
{
    (void)self, (void)argument;
    return E_KEY;
}

static void rule_13_an_error_needs_no_message(void **state)
{
    struct cosend_coroutine *co = make(fails_without_words, NULL);
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(cosend_next(co, NULL, &error), E_KEY);
    assert_int_equal(error.kind, E_KEY);
    assert_true(error.message[0] != '\0');
    cosend_free(co);
}

static void rule_14_an_error_is_reported_once(void **state)
{
    struct cosend_coroutine *co = started(one_then_error, NULL);
    void *out;

    (void)state;
    assert_int_equal(cosend_next(co, NULL, NULL), E_VALUE);
    assert_outcome(cosend_next(co, &out, NULL), COSEND_DONE, out, 0);
    assert_outcome(cosend_send(co, V(2), &out, NULL), COSEND_DONE, out, 0);
    cosend_free(co);
}

static void rule_15_a_closed_one_is_done_and_takes_nothing(void **state)
{
    struct cosend_coroutine *co = make(echo, NULL);
    void *out;

    (void)state;
    cosend_close(co, NULL, NULL);
    assert_outcome(cosend_send(co, V(1), &out, NULL), COSEND_DONE, out, 0);
    assert_false(cosend_taken(co));
    assert_outcome(cosend_next(co, &out, NULL), COSEND_DONE, out, 0);
    cosend_free(co);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rule_0_a_loop_calls_next_until_done),
        cmocka_unit_test(rule_0_start_is_new_and_prime),
        cmocka_unit_test(rule_1_new_runs_nothing),
        cmocka_unit_test(rule_2_there_are_four_states),
        cmocka_unit_test(rule_3_next_sends_null),
        cmocka_unit_test(rule_4_priming_runs_to_the_first_yield),
        cmocka_unit_test(rule_5_a_value_for_a_created_one_is_refused),
        cmocka_unit_test(rule_6_the_first_resume_may_finish),
        cmocka_unit_test(rule_7_null_is_a_value),
        cmocka_unit_test(rule_8_send_is_what_yield_evaluates_to),
        cmocka_unit_test(rule_9_next_makes_yield_evaluate_to_null),
        cmocka_unit_test(rule_10_a_return_value_comes_with_done),
        cmocka_unit_test(rule_11_a_return_value_comes_once),
        cmocka_unit_test(rule_12_a_return_value_is_opaque),
        cmocka_unit_test(rule_13_an_error_goes_to_the_resumer),
        cmocka_unit_test(rule_13_the_first_error_wins),
        cmocka_unit_test(rule_13_an_error_needs_no_message),
        cmocka_unit_test(rule_14_an_error_is_reported_once),
        cmocka_unit_test(rule_15_a_closed_one_is_done_and_takes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
