/* SPDX-License-Identifier: MIT */
/*
 * Rules 45 to 51 of the yield data model: StopIteration that escapes (PEP 479),
 * chains of errors, what a coroutine handles.
 */
#include "coroutine.h"

static int answers(struct cosend_coroutine *self, void *status)
{
    (void)self;
    return (int)(intptr_t)status;
}

static void rule_45_done_that_escapes_is_an_error(void **state)
{
    const int leaks[] = {COSEND_DONE, COSEND_YIELD, COSEND_GOT, COSEND_THROWN,
                         77};

    (void)state;
    for (size_t i = 0; i < sizeof(leaks) / sizeof(leaks[0]); i++) {
        struct cosend_coroutine *co = make(answers, V(leaks[i]));
        struct cosend_error error = {0};

        assert_int_equal(cosend_next(co, NULL, &error), COSEND_E_STOP_LEAK);
        assert_int_equal(error.kind, COSEND_E_STOP_LEAK);
        assert_int_equal(error.causes, 1);
        assert_true(error.cause[0].raised_from);
        assert_int_equal(cosend_state(co), COSEND_CLOSED);
        cosend_free(co);
    }
}

static int sends_on_unguarded(struct cosend_coroutine *self, void *target)
{
    void *in;
    int outcome;

    while (cosend_yield(self, NULL, &in) == COSEND_GOT) {
        outcome = cosend_send(target, in, NULL, NULL);
        if (outcome != COSEND_YIELD)
            return outcome;
    }
    return cosend_reraise(self);
}

static void rule_46_an_unguarded_send_names_who_finished(void **state)
{
    struct cosend_coroutine_options options = {.size = sizeof(options),
                                               .name = "head"};
    struct cosend_coroutine *target =
        cosend_start(one_then_42, NULL, &options, NULL);
    struct cosend_coroutine *stage = started(sends_on_unguarded, target);
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(cosend_send(stage, V(1), NULL, &error),
                     COSEND_E_STOP_LEAK);
    assert_string_equal(error.cause[0].message, "downstream 'head' finished");
    assert_true(error.cause[0].raised_from);
    cosend_free(stage);
    cosend_free(target);
}

static void rule_47_also_under_delegation(void **state)
{
    struct cosend_coroutine *inner = make(leaks_done, NULL);
    struct cosend_coroutine *outer = started(delegates, inner);
    struct cosend_error error = {0};

    (void)state;
    start_log();
    assert_int_equal(cosend_next(outer, NULL, &error), COSEND_E_STOP_LEAK);
    assert_string_equal(log_text, "thrown ");
    cosend_free(outer);
    cosend_free(inner);
}

/* try: yield; except: yield, in the except clause */
static int yields_in_except(struct cosend_coroutine *self, void *argument)
{
    (void)argument;
    while (cosend_yield(self, V(1), NULL) == COSEND_GOT)
        ;
    while (cosend_yield(self, V(2), NULL) == COSEND_GOT)
        ;
    return cosend_reraise(self);
}

static void rule_48_throw_has_what_is_being_handled_as_context(void **state)
{
    struct cosend_error first = error_of(E_VALUE, "first");
    struct cosend_error second = error_of(E_KEY, "second"), error = {0};
    struct cosend_coroutine *co = started(yields_in_except, NULL);

    (void)state;
    assert_int_equal(cosend_throw(co, &first, NULL, NULL), COSEND_YIELD);
    assert_int_equal(cosend_throw(co, &second, NULL, &error), E_KEY);
    assert_int_equal(error.causes, 1);
    assert_int_equal(error.cause[0].kind, E_VALUE);
    assert_string_equal(error.cause[0].message, "first");
    assert_int_equal(second.causes, 0);
    cosend_free(co);
}

static int delegates_in_except(struct cosend_coroutine *self, void *sub)
{
    cosend_raise(self, E_VALUE, "first");
    cosend_yield_from(self, sub, NULL);
    return cosend_reraise(self);
}

static void rule_48_also_through_delegation(void **state)
{
    struct cosend_error second = error_of(E_KEY, "second"), error = {0};
    struct cosend_coroutine *inner = make(echo, NULL);
    struct cosend_coroutine *co = started(delegates_in_except, inner);

    (void)state;
    assert_int_equal(cosend_throw(co, &second, NULL, &error), E_KEY);
    assert_int_equal(error.causes, 1);
    assert_string_equal(error.cause[0].message, "first");
    cosend_free(co);
    cosend_free(inner);
}

static void rule_49_no_error_is_in_its_own_chain(void **state)
{
    struct cosend_error same = error_of(E_VALUE, "same"), error = {0};
    struct cosend_coroutine *co = started(yields_in_except, NULL);

    (void)state;
    assert_int_equal(cosend_throw(co, &same, NULL, NULL), COSEND_YIELD);
    assert_int_equal(cosend_throw(co, &same, NULL, &error), E_VALUE);
    assert_int_equal(error.causes, 0);
    cosend_free(co);
}

static int raises_ten(struct cosend_coroutine *self, void *argument)
{
    int kind = 0;

    (void)argument;
    for (int i = 0; i < 10; i++)
        kind = cosend_raise(self, E_VALUE, "number %d", i);
    return kind;
}

static void rule_49_a_chain_keeps_the_latest_and_the_root_cause(void **state)
{
    struct cosend_coroutine *co = make(raises_ten, NULL);
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(cosend_next(co, NULL, &error), E_VALUE);
    assert_string_equal(error.message, "number 9");
    assert_int_equal(error.causes, COSEND_CAUSES);
    assert_string_equal(error.cause[0].message, "number 8");
    assert_string_equal(error.cause[2].message, "number 6");
    assert_string_equal(error.cause[3].message, "number 0");
    assert_int_equal(error.omitted, 5);
    cosend_free(co);
}

static int raises_late(struct cosend_coroutine *self, void *argument)
{
    (void)argument;
    cosend_yield(self, NULL, NULL);
    return cosend_raise(self, E_KEY, "late");
}

static int resumes_in_except(struct cosend_coroutine *self, void *argument)
{
    static struct cosend_error got;
    struct cosend_error **seen = argument;
    struct cosend_coroutine *other =
        cosend_start(raises_late, NULL, NULL, NULL);

    cosend_raise(self, E_VALUE, "mine");
    memset(&got, 0, sizeof(got));
    cosend_next(other, NULL, &got);
    *seen = &got;
    cosend_free(other);
    if (strcmp(cosend_thrown(self)->message, "mine") == 0)
        note("kept ");
    cosend_yield(self, NULL, NULL);
    if (strcmp(cosend_thrown(self)->message, "mine") == 0)
        note("kept ");
    return 0;
}

static void rule_50_what_is_handled_belongs_to_one_coroutine(void **state)
{
    struct cosend_error *seen = NULL;
    struct cosend_coroutine *co, *other;
    struct cosend_error error = {0};

    (void)state;
    start_log();
    co = started(resumes_in_except, &seen);
    assert_string_equal(seen->message, "late");
    assert_int_equal(seen->causes, 0);
    other = started(raises_late, NULL);
    assert_int_equal(cosend_next(other, NULL, &error), E_KEY);
    assert_int_equal(error.causes, 0);
    assert_int_equal(cosend_next(co, NULL, NULL), COSEND_DONE);
    assert_string_equal(log_text, "kept kept ");
    cosend_free(co);
    cosend_free(other);
}

static int leaves_except(struct cosend_coroutine *self, void *argument)
{
    (void)argument;
    cosend_raise(self, E_VALUE, "outer");
    cosend_raise(self, E_KEY, "inner");
    cosend_handled(self);
    if (strcmp(cosend_thrown(self)->message, "outer") == 0)
        note("outer ");
    cosend_handled(self);
    if (!cosend_thrown(self))
        note("none ");
    cosend_handled(self);
    return cosend_raise(self, E_KEY, "new");
}

static void rule_50_a_handled_error_is_no_context(void **state)
{
    struct cosend_coroutine *co = make(leaves_except, NULL);
    struct cosend_error error = {0};

    (void)state;
    start_log();
    assert_int_equal(cosend_next(co, NULL, &error), E_KEY);
    assert_string_equal(log_text, "outer none ");
    assert_int_equal(error.causes, 0);
    cosend_free(co);
}

static int raises_from(struct cosend_coroutine *self, void *cause)
{
    cosend_raise(self, E_VALUE, "context");
    return cosend_raise_from(self, cause, E_KEY, "effect %d", 1);
}

static void rule_51_a_cause_can_be_named(void **state)
{
    struct cosend_error cause = error_of(E_VALUE, "cause"), error = {0};
    struct cosend_coroutine *co = make(raises_from, &cause);
    struct cosend_coroutine *none = make(raises_from, NULL);

    (void)state;
    assert_int_equal(cosend_next(co, NULL, &error), E_KEY);
    assert_string_equal(error.message, "effect 1");
    assert_int_equal(error.causes, 1);
    assert_true(error.cause[0].raised_from);
    assert_string_equal(error.cause[0].message, "cause");
    memset(&error, 0, sizeof(error));
    assert_int_equal(cosend_next(none, NULL, &error), E_KEY);
    assert_int_equal(error.causes, 0);
    cosend_free(co);
    cosend_free(none);
}

static int reraises_nothing(struct cosend_coroutine *self, void *argument)
{
    (void)argument;
    return cosend_reraise(self);
}

static void a_bare_raise_needs_an_error(void **state)
{
    struct cosend_coroutine *co = make(reraises_nothing, NULL);

    (void)state;
    assert_int_equal(cosend_next(co, NULL, NULL), COSEND_E_USAGE);
    cosend_free(co);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rule_45_done_that_escapes_is_an_error),
        cmocka_unit_test(rule_46_an_unguarded_send_names_who_finished),
        cmocka_unit_test(rule_47_also_under_delegation),
        cmocka_unit_test(rule_48_throw_has_what_is_being_handled_as_context),
        cmocka_unit_test(rule_48_also_through_delegation),
        cmocka_unit_test(rule_49_no_error_is_in_its_own_chain),
        cmocka_unit_test(rule_49_a_chain_keeps_the_latest_and_the_root_cause),
        cmocka_unit_test(rule_50_what_is_handled_belongs_to_one_coroutine),
        cmocka_unit_test(rule_50_a_handled_error_is_no_context),
        cmocka_unit_test(rule_51_a_cause_can_be_named),
        cmocka_unit_test(a_bare_raise_needs_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
