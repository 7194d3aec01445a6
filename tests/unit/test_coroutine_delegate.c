/* SPDX-License-Identifier: MIT */
/* Rules 52 to 66 of the yield data model: yield from. */
#include "coroutine.h"

/* An outer coroutine that delegates to an inner one. */
struct pair {
    struct cosend_coroutine *inner, *outer;
};

static struct pair paired(cosend_body body)
{
    struct pair pair;

    start_log();
    pair.inner = make(body, NULL);
    pair.outer = make(delegates, pair.inner);
    return pair;
}

static struct pair paired_and_started(cosend_body body)
{
    struct pair pair = paired(body);

    assert_int_equal(cosend_next(pair.outer, NULL, NULL), COSEND_YIELD);
    start_log();
    return pair;
}

static void free_pair(struct pair pair)
{
    cosend_free(pair.outer);
    cosend_free(pair.inner);
}

static void rule_52_delegation_starts_with_next(void **state)
{
    struct pair pair = paired(one_then_42);
    void *out;

    (void)state;
    assert_outcome(cosend_next(pair.outer, &out, NULL), COSEND_YIELD, out, 1);
    assert_int_equal(cosend_state(pair.inner), COSEND_SUSPENDED);
    free_pair(pair);
}

static void rule_52_one_that_is_started_goes_on(void **state)
{
    struct pair pair = paired(one_then_42);
    void *out;

    (void)state;
    cosend_prime(pair.inner, NULL, NULL);
    assert_outcome(cosend_next(pair.outer, &out, NULL), COSEND_YIELD, out, 42);
    assert_outcome(cosend_next(pair.outer, &out, NULL), COSEND_DONE, out, 42);
    free_pair(pair);
}

static void rule_53_what_is_sent_is_sent_on(void **state)
{
    struct pair pair = paired_and_started(echo);
    void *out;

    (void)state;
    assert_outcome(cosend_send(pair.outer, V(5), &out, NULL), COSEND_YIELD, out,
                   5);
    assert_outcome(cosend_next(pair.outer, &out, NULL), COSEND_YIELD, out, 0);
    assert_string_equal(log_text, "got got ");
    assert_true(cosend_taken(pair.outer));
    free_pair(pair);
}

static void rule_54_what_the_inner_yields_goes_to_the_caller(void **state)
{
    struct pair pair = paired_and_started(echo);
    struct cosend_coroutine *top = make(delegates, pair.outer);
    void *out;

    (void)state;
    cosend_next(top, NULL, NULL);
    for (int i = 1; i < 100; i++)
        assert_outcome(cosend_send(top, V(i), &out, NULL), COSEND_YIELD, out,
                       i);
    cosend_free(top);
    free_pair(pair);
}

static void rule_55_the_return_value_is_that_of_the_expression(void **state)
{
    struct pair pair = paired_and_started(one_then_42);
    void *out;

    (void)state;
    assert_outcome(cosend_next(pair.outer, &out, NULL), COSEND_YIELD, out, 42);
    free_pair(pair);
}

static void rule_56_the_inners_error_appears_in_the_outer(void **state)
{
    struct pair pair = paired_and_started(one_then_error);
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(cosend_next(pair.outer, NULL, &error), E_VALUE);
    assert_string_equal(error.message, "body failed");
    assert_string_equal(log_text, "thrown ");
    free_pair(pair);
}

static void rule_57_what_is_thrown_is_thrown_on(void **state)
{
    struct cosend_error thrown = error_of(E_VALUE, "bad"), error = {0};
    struct pair pair = paired_and_started(echo);
    struct pair stays = paired_and_started(handles);
    void *out;

    (void)state;
    start_log();
    assert_int_equal(cosend_throw(pair.outer, &thrown, NULL, &error), E_VALUE);
    assert_string_equal(error.message, "bad");
    assert_string_equal(log_text, "out thrown ");
    assert_outcome(cosend_throw(stays.outer, &thrown, &out, NULL), COSEND_YIELD,
                   out, 7);
    free_pair(pair);
    free_pair(stays);
}

static void rule_58_throw_answered_by_return_goes_on(void **state)
{
    struct cosend_error thrown = error_of(E_VALUE, "bad");
    struct pair pair = paired_and_started(handles_and_returns);
    void *out;

    (void)state;
    assert_outcome(cosend_throw(pair.outer, &thrown, &out, NULL), COSEND_YIELD,
                   out, 42);
    free_pair(pair);
}

static void rule_59_close_closes_the_inner_first(void **state)
{
    struct pair pair = paired_and_started(echo);

    (void)state;
    assert_int_equal(cosend_close(pair.outer, NULL, NULL), COSEND_OK);
    assert_string_equal(log_text, "out closing ");
    assert_int_equal(cosend_state(pair.inner), COSEND_CLOSED);
    free_pair(pair);
}

static void rule_59_the_inners_value_is_lost(void **state)
{
    struct pair pair = paired_and_started(handles_and_returns);
    struct pair thrown_into = paired_and_started(handles_and_returns);
    struct cosend_error thrown = error_of(COSEND_E_EXIT, "leave"), error = {0};
    void *out;

    (void)state;
    assert_outcome(cosend_close(pair.outer, &out, NULL), COSEND_OK, out, 0);
    assert_string_equal(log_text, "closing ");
    assert_int_equal(cosend_throw(thrown_into.outer, &thrown, NULL, &error),
                     COSEND_E_EXIT);
    assert_string_equal(error.message, "leave");
    free_pair(pair);
    free_pair(thrown_into);
}

static void rule_60_an_inner_that_ignores_exit_is_an_error(void **state)
{
    struct pair pair = paired_and_started(handles);
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(cosend_close(pair.outer, NULL, &error),
                     COSEND_E_IGNORED_EXIT);
    assert_string_equal(log_text, "thrown ");
    assert_int_equal(cosend_state(pair.outer), COSEND_CLOSED);
    assert_int_equal(cosend_state(pair.inner), COSEND_SUSPENDED);
    free_pair(pair);
}

static void rule_61_the_inners_error_replaces_the_exit(void **state)
{
    struct pair pair = paired_and_started(replaces);
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(cosend_close(pair.outer, NULL, &error), E_KEY);
    assert_string_equal(error.message, "replaced");
    assert_string_equal(log_text, "thrown ");
    free_pair(pair);
}

static int swallows_sub(struct cosend_coroutine *self, void *sub)
{
    if (cosend_yield_from(self, sub, NULL) == COSEND_THROWN)
        cosend_handled(self);
    return 0;
}

static int yields_after_sub(struct cosend_coroutine *self, void *sub)
{
    swallows_sub(self, sub);
    cosend_yield(self, NULL, NULL);
    return 0;
}

static void rule_61_the_outer_may_swallow_it(void **state)
{
    struct cosend_coroutine *inner = make(replaces, NULL);
    struct cosend_coroutine *outer = started(swallows_sub, inner);

    (void)state;
    assert_int_equal(cosend_close(outer, NULL, NULL), COSEND_OK);
    cosend_free(outer);
    cosend_free(inner);
    inner = make(replaces, NULL);
    outer = started(yields_after_sub, inner);
    assert_int_equal(cosend_close(outer, NULL, NULL), COSEND_E_IGNORED_EXIT);
    cosend_free(outer);
    cosend_free(inner);
}

static int defers_inner(struct cosend_coroutine *self, void *argument)
{
    cosend_defer(self, note_argument, "inner ");
    return echo(self, argument);
}

static int defers_outer(struct cosend_coroutine *self, void *sub)
{
    cosend_defer(self, note_argument, "outer ");
    cosend_yield_from(self, sub, NULL);
    return cosend_reraise(self);
}

static void rule_62_the_inner_cleans_up_first(void **state)
{
    struct cosend_coroutine *inner = make(defers_inner, NULL);
    struct cosend_coroutine *outer = started(defers_outer, inner);

    (void)state;
    start_log();
    assert_int_equal(cosend_close(outer, NULL, NULL), COSEND_OK);
    assert_string_equal(log_text, "out inner outer ");
    cosend_free(outer);
    cosend_free(inner);
}

static void rule_63_an_exhausted_inner_evaluates_to_null(void **state)
{
    struct pair pair = paired(one_then_42);
    void *out;

    (void)state;
    cosend_close(pair.inner, NULL, NULL);
    assert_outcome(cosend_next(pair.outer, &out, NULL), COSEND_YIELD, out, 0);
    free_pair(pair);
}

static void rule_63_so_does_one_closed_from_outside(void **state)
{
    struct pair pair = paired_and_started(echo);
    void *out;

    (void)state;
    cosend_close(pair.inner, NULL, NULL);
    assert_outcome(cosend_send(pair.outer, V(5), &out, NULL), COSEND_YIELD, out,
                   0);
    assert_false(cosend_taken(pair.outer));
    free_pair(pair);
}

/* Rule 64 is about iterators that cannot be sent to: there are none here. */

static void rule_65_two_may_share_an_inner(void **state)
{
    struct pair pair = paired_and_started(one_then_42);
    struct cosend_coroutine *second = make(delegates, pair.inner);
    void *out;

    (void)state;
    assert_outcome(cosend_next(second, &out, NULL), COSEND_YIELD, out, 42);
    assert_outcome(cosend_next(pair.outer, &out, NULL), COSEND_YIELD, out, 0);
    cosend_free(second);
    free_pair(pair);
}

static int delegates_to_itself(struct cosend_coroutine *self, void *argument)
{
    int signal = cosend_yield_from(self, self, NULL);

    *(int *)argument = signal == COSEND_THROWN ? cosend_thrown(self)->kind : 0;
    return 0;
}

static void rule_65_but_not_inside_each_other(void **state)
{
    int kind = 0;
    struct cosend_coroutine *co = make(delegates_to_itself, &kind);

    (void)state;
    assert_int_equal(cosend_next(co, NULL, NULL), COSEND_DONE);
    assert_int_equal(kind, COSEND_E_RUNNING);
    cosend_free(co);
}

static void rule_66_the_delegate_is_known(void **state)
{
    struct pair pair = paired(one_then_42);

    (void)state;
    assert_null(cosend_delegate(pair.outer));
    cosend_next(pair.outer, NULL, NULL);
    assert_ptr_equal(cosend_delegate(pair.outer), pair.inner);
    cosend_next(pair.outer, NULL, NULL);
    assert_null(cosend_delegate(pair.outer));
    free_pair(pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rule_52_delegation_starts_with_next),
        cmocka_unit_test(rule_52_one_that_is_started_goes_on),
        cmocka_unit_test(rule_53_what_is_sent_is_sent_on),
        cmocka_unit_test(rule_54_what_the_inner_yields_goes_to_the_caller),
        cmocka_unit_test(rule_55_the_return_value_is_that_of_the_expression),
        cmocka_unit_test(rule_56_the_inners_error_appears_in_the_outer),
        cmocka_unit_test(rule_57_what_is_thrown_is_thrown_on),
        cmocka_unit_test(rule_58_throw_answered_by_return_goes_on),
        cmocka_unit_test(rule_59_close_closes_the_inner_first),
        cmocka_unit_test(rule_59_the_inners_value_is_lost),
        cmocka_unit_test(rule_60_an_inner_that_ignores_exit_is_an_error),
        cmocka_unit_test(rule_61_the_inners_error_replaces_the_exit),
        cmocka_unit_test(rule_61_the_outer_may_swallow_it),
        cmocka_unit_test(rule_62_the_inner_cleans_up_first),
        cmocka_unit_test(rule_63_an_exhausted_inner_evaluates_to_null),
        cmocka_unit_test(rule_63_so_does_one_closed_from_outside),
        cmocka_unit_test(rule_65_two_may_share_an_inner),
        cmocka_unit_test(rule_65_but_not_inside_each_other),
        cmocka_unit_test(rule_66_the_delegate_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
