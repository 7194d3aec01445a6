/* SPDX-License-Identifier: MIT */
/* Rules 16 to 39 of the yield data model: throw and close. */
#include "coroutine.h"

static void rule_16_throw_raises_at_the_yield(void **state)
{
    struct cosend_error thrown = error_of(E_VALUE, "bad"), error = {0};
    struct cosend_coroutine *co = started(echo, NULL);

    (void)state;
    start_log();
    assert_int_equal(cosend_throw(co, &thrown, NULL, &error), E_VALUE);
    assert_string_equal(log_text, "out ");
    cosend_free(co);
}

static void rule_17_what_is_handled_may_be_answered(void **state)
{
    struct cosend_error thrown = error_of(E_VALUE, "bad");
    struct cosend_coroutine *co = started(handles, NULL);
    void *out;

    (void)state;
    assert_outcome(cosend_throw(co, &thrown, &out, NULL), COSEND_YIELD, out, 7);
    assert_int_equal(cosend_state(co), COSEND_SUSPENDED);
    assert_outcome(cosend_next(co, &out, NULL), COSEND_DONE, out, 8);
    cosend_free(co);
}

static void rule_18_what_is_handled_may_end_in_a_return(void **state)
{
    struct cosend_error thrown = error_of(E_VALUE, "bad");
    struct cosend_coroutine *co = started(handles_and_returns, NULL);
    void *out;

    (void)state;
    assert_outcome(cosend_throw(co, &thrown, &out, NULL), COSEND_DONE, out, 42);
    assert_int_equal(cosend_state(co), COSEND_CLOSED);
    cosend_free(co);
}

static void rule_19_what_is_not_handled_comes_out_as_it_was(void **state)
{
    struct cosend_error thrown = error_of(E_VALUE, "bad"), error = {0};
    struct cosend_coroutine *co = started(echo, NULL);
    void *out;

    (void)state;
    thrown.line = 12;
    assert_outcome(cosend_throw(co, &thrown, &out, &error), E_VALUE, out, 0);
    assert_memory_equal(&error, &thrown, sizeof(error));
    assert_int_equal(cosend_state(co), COSEND_CLOSED);
    assert_outcome(cosend_next(co, &out, NULL), COSEND_DONE, out, 0);
    cosend_free(co);
}

static void rule_20_a_replaced_error_is_the_context(void **state)
{
    struct cosend_error thrown = error_of(E_VALUE, "bad"), error = {0};
    struct cosend_coroutine *co = started(replaces, NULL);

    (void)state;
    assert_int_equal(cosend_throw(co, &thrown, NULL, &error), E_KEY);
    assert_string_equal(error.message, "replaced");
    assert_int_equal(error.causes, 1);
    assert_int_equal(error.cause[0].kind, E_VALUE);
    assert_string_equal(error.cause[0].message, "bad");
    assert_false(error.cause[0].raised_from);
    cosend_free(co);
}

static void rule_21_throw_closes_a_created_one(void **state)
{
    struct cosend_error thrown = error_of(E_VALUE, "bad"), error = {0};
    struct cosend_coroutine *co = make(echo, NULL);
    void *out;

    (void)state;
    start_log();
    assert_outcome(cosend_throw(co, &thrown, &out, &error), E_VALUE, out, 0);
    assert_string_equal(error.message, "bad");
    assert_string_equal(log_text, "");
    assert_int_equal(cosend_state(co), COSEND_CLOSED);
    assert_outcome(cosend_next(co, &out, NULL), COSEND_DONE, out, 0);
    cosend_free(co);
}

static void rule_22_a_try_not_reached_catches_nothing(void **state)
{
    struct cosend_error thrown = error_of(E_VALUE, "bad");
    struct cosend_coroutine *co = make(handles, NULL);

    (void)state;
    assert_int_equal(cosend_throw(co, &thrown, NULL, NULL), E_VALUE);
    cosend_free(co);
}

static void rule_23_throw_into_a_closed_one_comes_back(void **state)
{
    struct cosend_error thrown = error_of(E_VALUE, "bad"), error = {0};
    struct cosend_coroutine *co = make(handles, NULL);

    (void)state;
    cosend_close(co, NULL, NULL);
    assert_int_equal(cosend_throw(co, &thrown, NULL, &error), E_VALUE);
    assert_string_equal(error.message, "bad");
    cosend_free(co);
}

static void rule_24_only_errors_can_be_thrown(void **state)
{
    struct cosend_error none = {0}, error = {0};
    struct cosend_coroutine *co = started(echo, NULL);
    void *out;

    (void)state;
    assert_int_equal(cosend_throw(co, &none, NULL, &error), COSEND_E_TYPE);
    assert_int_equal(error.kind, COSEND_E_TYPE);
    assert_int_equal(cosend_throw(co, NULL, NULL, NULL), COSEND_E_TYPE);
    assert_int_equal(cosend_state(co), COSEND_SUSPENDED);
    assert_outcome(cosend_send(co, V(1), &out, NULL), COSEND_YIELD, out, 1);
    cosend_free(co);
}

static void rule_25_a_thrown_exit_is_not_close(void **state)
{
    struct cosend_error thrown = error_of(COSEND_E_EXIT, "leave"), error = {0};
    struct cosend_coroutine *stays = started(handles, NULL);
    struct cosend_coroutine *leaves = started(echo, NULL);
    void *out;

    (void)state;
    assert_outcome(cosend_throw(stays, &thrown, &out, NULL), COSEND_YIELD, out,
                   7);
    assert_int_equal(cosend_throw(leaves, &thrown, NULL, &error),
                     COSEND_E_EXIT);
    assert_string_equal(error.message, "leave");
    assert_int_equal(cosend_state(leaves), COSEND_CLOSED);
    cosend_free(stays);
    cosend_free(leaves);
}

static void rule_26_done_cannot_be_thrown(void **state)
{
    struct cosend_error done = {.kind = COSEND_DONE};
    struct cosend_coroutine *created = make(echo, NULL);
    struct cosend_coroutine *suspended = started(echo, NULL);

    (void)state;
    assert_int_equal(cosend_throw(created, &done, NULL, NULL), COSEND_E_TYPE);
    assert_int_equal(cosend_state(created), COSEND_CREATED);
    assert_int_equal(cosend_throw(suspended, &done, NULL, NULL), COSEND_E_TYPE);
    assert_int_equal(cosend_state(suspended), COSEND_SUSPENDED);
    cosend_free(created);
    cosend_free(suspended);
}

static void rule_27_close_of_a_created_one_runs_nothing(void **state)
{
    struct cosend_coroutine *co = make(echo, NULL);
    void *out;

    (void)state;
    start_log();
    assert_outcome(cosend_close(co, &out, NULL), COSEND_OK, out, 0);
    assert_string_equal(log_text, "");
    assert_int_equal(cosend_state(co), COSEND_CLOSED);
    cosend_free(co);
}

static int notes_signal(struct cosend_coroutine *self, void *argument)
{
    void *in = V(5);

    (void)argument;
    if (cosend_yield(self, NULL, &in) == COSEND_CLOSING && !in)
        note("closing");
    if (cosend_thrown(self)->kind == COSEND_E_EXIT)
        note(" exit");
    return cosend_reraise(self);
}

static void rule_28_close_raises_generator_exit_at_the_yield(void **state)
{
    struct cosend_coroutine *co = started(notes_signal, NULL);

    (void)state;
    start_log();
    assert_int_equal(cosend_close(co, NULL, NULL), COSEND_OK);
    assert_string_equal(log_text, "closing exit");
    cosend_free(co);
}

static int returns_closing(struct cosend_coroutine *self, void *argument)
{
    (void)argument;
    return cosend_yield(self, NULL, NULL);
}

static void rule_29_an_exit_let_out_is_a_clean_close(void **state)
{
    struct cosend_coroutine *co = started(echo, NULL);
    struct cosend_coroutine *terse = started(returns_closing, NULL);
    struct cosend_error error = {0};
    void *out;

    (void)state;
    assert_outcome(cosend_close(co, &out, &error), COSEND_OK, out, 0);
    assert_outcome(cosend_close(terse, &out, &error), COSEND_OK, out, 0);
    assert_int_equal(error.kind, 0);
    assert_int_equal(cosend_state(co), COSEND_CLOSED);
    cosend_free(co);
    cosend_free(terse);
}

static void rule_30_close_hands_out_the_return_value(void **state)
{
    struct cosend_coroutine *co = started(handles_and_returns, NULL);
    void *out;

    (void)state;
    assert_outcome(cosend_close(co, &out, NULL), COSEND_OK, out, 42);
    assert_outcome(cosend_close(co, &out, NULL), COSEND_OK, out, 0);
    cosend_free(co);
}

static void count_dispose(void *value, void *context)
{
    *(int *)context += value == V(7);
}

static void rule_31_a_yield_in_answer_to_close_is_an_error(void **state)
{
    int disposed = 0;
    struct cosend_coroutine_options options = {.size = sizeof(options),
                                               .dispose = count_dispose,
                                               .context = &disposed};
    struct cosend_coroutine *co = cosend_new(handles, NULL, &options, NULL);
    struct cosend_error error = {0};
    void *out;

    (void)state;
    cosend_next(co, &out, NULL);
    assert_outcome(cosend_close(co, &out, &error), COSEND_E_IGNORED_EXIT, out,
                   0);
    assert_non_null(strstr(error.message, "ignored GeneratorExit"));
    assert_int_equal(disposed, 1);
    assert_int_equal(cosend_state(co), COSEND_SUSPENDED);
    assert_outcome(cosend_send(co, V(1), &out, NULL), COSEND_DONE, out, 8);
    cosend_free(co);
}

static void rule_31_a_second_close_tries_again(void **state)
{
    struct cosend_coroutine *co = started(handles, NULL);

    (void)state;
    assert_int_equal(cosend_close(co, NULL, NULL), COSEND_E_IGNORED_EXIT);
    assert_int_equal(cosend_close(co, NULL, NULL), COSEND_OK);
    assert_int_equal(cosend_state(co), COSEND_CLOSED);
    cosend_free(co);
}

static void rule_32_a_yield_in_finally_puts_the_exit_off(void **state)
{
    struct cosend_coroutine *co = started(yields_in_finally, NULL);
    struct cosend_error error = {0};
    void *out;

    (void)state;
    start_log();
    assert_int_equal(cosend_close(co, NULL, NULL), COSEND_E_IGNORED_EXIT);
    assert_outcome(cosend_next(co, &out, &error), COSEND_E_EXIT, out, 0);
    assert_int_equal(error.kind, COSEND_E_EXIT);
    assert_string_equal(log_text, "finally ");
    assert_int_equal(cosend_state(co), COSEND_CLOSED);
    cosend_free(co);
}

static void rule_33_an_error_during_close_comes_out(void **state)
{
    struct cosend_coroutine *co = started(replaces, NULL);
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(cosend_close(co, NULL, &error), E_KEY);
    assert_string_equal(error.message, "replaced");
    assert_int_equal(error.causes, 1);
    assert_int_equal(error.cause[0].kind, COSEND_E_EXIT);
    assert_int_equal(cosend_state(co), COSEND_CLOSED);
    cosend_free(co);
}

static void rule_34_done_during_close_is_not_swallowed(void **state)
{
    struct cosend_coroutine *co = started(leaks_done, NULL);
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(cosend_close(co, NULL, &error), COSEND_E_STOP_LEAK);
    assert_int_equal(error.kind, COSEND_E_STOP_LEAK);
    cosend_free(co);
}

static void rule_35_close_of_a_closed_one_does_nothing(void **state)
{
    struct cosend_coroutine *co = started(one_then_42, NULL);
    void *out;

    (void)state;
    assert_outcome(cosend_next(co, &out, NULL), COSEND_DONE, out, 42);
    for (int i = 0; i < 3; i++)
        assert_outcome(cosend_close(co, &out, NULL), COSEND_OK, out, 0);
    cosend_free(co);
}

static int closes_itself(struct cosend_coroutine *self, void *argument)
{
    *(int *)argument = cosend_close(self, NULL, NULL);
    cosend_yield(self, V(3), NULL);
    return 0;
}

static void rule_36_close_of_a_running_one_is_refused(void **state)
{
    int answer = 0;
    struct cosend_coroutine *co = make(closes_itself, &answer);
    void *out;

    (void)state;
    assert_outcome(cosend_next(co, &out, NULL), COSEND_YIELD, out, 3);
    assert_int_equal(answer, COSEND_E_RUNNING);
    cosend_free(co);
}

static int handles_errors_only(struct cosend_coroutine *self, void *argument)
{
    int signal;

    (void)argument;
    while ((signal = cosend_yield(self, NULL, NULL)) != COSEND_CLOSING)
        if (signal == COSEND_THROWN)
            note("except ");
    note("finally ");
    return cosend_reraise(self);
}

static void rule_37_generator_exit_is_not_an_error(void **state)
{
    struct cosend_error thrown = error_of(E_VALUE, "bad");
    struct cosend_coroutine *co = started(handles_errors_only, NULL);

    (void)state;
    start_log();
    assert_int_equal(cosend_throw(co, &thrown, NULL, NULL), COSEND_YIELD);
    assert_int_equal(cosend_close(co, NULL, NULL), COSEND_OK);
    assert_string_equal(log_text, "except finally ");
    cosend_free(co);
}

static int sends_to_itself_when_closing(struct cosend_coroutine *self,
                                        void *argument)
{
    cosend_yield(self, NULL, NULL);
    if (cosend_state(self) == COSEND_RUNNING)
        *(int *)argument = cosend_send(self, V(1), NULL, NULL);
    return cosend_reraise(self);
}

static void rule_38_while_closing_it_is_running(void **state)
{
    int answer = 0;
    struct cosend_coroutine *co =
        started(sends_to_itself_when_closing, &answer);

    (void)state;
    assert_int_equal(cosend_close(co, NULL, NULL), COSEND_OK);
    assert_int_equal(answer, COSEND_E_RUNNING);
    cosend_free(co);
}

static int defers_two(struct cosend_coroutine *self, void *argument)
{
    (void)argument;
    cosend_defer(self, note_argument, "first ");
    cosend_defer(self, note_argument, "second ");
    cosend_yield(self, NULL, NULL);
    note("body ");
    return cosend_reraise(self);
}

static void rule_39_what_it_deferred_is_done_before_close_returns(void **state)
{
    struct cosend_coroutine *co = started(defers_two, NULL);

    (void)state;
    start_log();
    assert_int_equal(cosend_close(co, NULL, NULL), COSEND_OK);
    assert_string_equal(log_text, "body second first ");
    cosend_free(co);
    assert_string_equal(log_text, "body second first ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rule_16_throw_raises_at_the_yield),
        cmocka_unit_test(rule_17_what_is_handled_may_be_answered),
        cmocka_unit_test(rule_18_what_is_handled_may_end_in_a_return),
        cmocka_unit_test(rule_19_what_is_not_handled_comes_out_as_it_was),
        cmocka_unit_test(rule_20_a_replaced_error_is_the_context),
        cmocka_unit_test(rule_21_throw_closes_a_created_one),
        cmocka_unit_test(rule_22_a_try_not_reached_catches_nothing),
        cmocka_unit_test(rule_23_throw_into_a_closed_one_comes_back),
        cmocka_unit_test(rule_24_only_errors_can_be_thrown),
        cmocka_unit_test(rule_25_a_thrown_exit_is_not_close),
        cmocka_unit_test(rule_26_done_cannot_be_thrown),
        cmocka_unit_test(rule_27_close_of_a_created_one_runs_nothing),
        cmocka_unit_test(rule_28_close_raises_generator_exit_at_the_yield),
        cmocka_unit_test(rule_29_an_exit_let_out_is_a_clean_close),
        cmocka_unit_test(rule_30_close_hands_out_the_return_value),
        cmocka_unit_test(rule_31_a_yield_in_answer_to_close_is_an_error),
        cmocka_unit_test(rule_31_a_second_close_tries_again),
        cmocka_unit_test(rule_32_a_yield_in_finally_puts_the_exit_off),
        cmocka_unit_test(rule_33_an_error_during_close_comes_out),
        cmocka_unit_test(rule_34_done_during_close_is_not_swallowed),
        cmocka_unit_test(rule_35_close_of_a_closed_one_does_nothing),
        cmocka_unit_test(rule_36_close_of_a_running_one_is_refused),
        cmocka_unit_test(rule_37_generator_exit_is_not_an_error),
        cmocka_unit_test(rule_38_while_closing_it_is_running),
        cmocka_unit_test(rule_39_what_it_deferred_is_done_before_close_returns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
