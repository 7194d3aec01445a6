/* SPDX-License-Identifier: MIT */
/*
 * Whose error is whose: what loops raise, what is a cause and what is not, and
 * what there is no memory for.
 */
#include "coroutine.h"

#include <stdlib.h>

/* ---- Loops --------------------------------------------------------------- */

/* Yields 1, 2 and 3, then fails. */
static int fails_at_its_fourth(struct cosend_coroutine *self, void *argument)
{
    (void)argument;
    for (int i = 1; i <= 3; i++)
        COSEND_YIELD_OR_RETURN(self, V(i), NULL);
    return cosend_raise(self, E_VALUE, "no fourth");
}

static int sums(struct cosend_coroutine *self, void *source)
{
    intptr_t sum = 0;
    void *value;

    COSEND_EACH(source, value)
    {
        sum += (intptr_t)value;
    }
    return cosend_return(self, V(sum));
}

static void a_loop_raises_what_its_source_raises(void **state)
{
    struct cosend_coroutine *source = make(fails_at_its_fourth, NULL);
    struct cosend_coroutine *co = make(sums, source);
    struct cosend_error error = {0};
    void *out;

    (void)state;
    assert_outcome(cosend_next(co, &out, &error), E_VALUE, out, 0);
    assert_int_equal(error.kind, E_VALUE);
    assert_string_equal(error.message, "no fourth");
    assert_int_equal(cosend_state(co), COSEND_CLOSED);
    cosend_free(co);
    cosend_free(source);
}

/* Passes on what a loop over its source gives. */
static int passes_on(struct cosend_coroutine *self, void *source)
{
    void *value;

    COSEND_EACH(source, value)
    COSEND_YIELD_OR_RETURN(self, value, NULL);
    return 0;
}

static void it_goes_through_loops_over_loops(void **state)
{
    struct cosend_coroutine *source = make(fails_at_its_fourth, NULL);
    struct cosend_coroutine *middle = make(passes_on, source);
    struct cosend_coroutine *co = make(sums, middle);
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(cosend_next(co, NULL, &error), E_VALUE);
    assert_string_equal(error.message, "no fourth");
    cosend_free(co);
    cosend_free(middle);
    cosend_free(source);
}

/* Yields the sum, and looks at what its yield answers. */
static int yields_its_sum(struct cosend_coroutine *self, void *source)
{
    intptr_t sum = 0;
    void *value;

    COSEND_EACH(source, value)
    sum += (intptr_t)value;
    COSEND_YIELD_OR_RETURN(self, V(sum), NULL);
    return cosend_return(self, V(sum));
}

static void a_wrong_sum_is_not_even_yielded(void **state)
{
    struct cosend_coroutine *source = make(fails_at_its_fourth, NULL);
    struct cosend_coroutine *co = make(yields_its_sum, source);
    void *out;

    (void)state;
    assert_outcome(cosend_next(co, &out, NULL), E_VALUE, out, 0);
    cosend_free(co);
    cosend_free(source);
}

/* Looks at nothing at all. */
static int ignores_everything(struct cosend_coroutine *self, void *source)
{
    void *value;

    COSEND_EACH(source, value);
    for (int i = 0; i < 3; i++)
        cosend_yield(self, V(i), NULL);
    return 0;
}

static void nor_can_a_body_drop_it_that_looks_at_nothing(void **state)
{
    struct cosend_coroutine *source = make(fails_at_its_fourth, NULL);
    struct cosend_coroutine *co = make(ignores_everything, source);
    int outcome = COSEND_YIELD;

    (void)state;
    for (int i = 0; i < 9 && outcome == COSEND_YIELD; i++)
        outcome = cosend_next(co, NULL, NULL);
    assert_int_equal(outcome, E_VALUE);
    cosend_free(co);
    cosend_free(source);
}

static int handles_its_loop(struct cosend_coroutine *self, void *source)
{
    void *value;

    COSEND_EACH(source, value);
    if (!cosend_thrown(self) || cosend_thrown(self)->kind != E_VALUE)
        return E_KEY;
    cosend_handled(self);
    COSEND_YIELD_OR_RETURN(self, V(5), NULL);
    return cosend_return(self, V(6));
}

static void a_body_may_handle_it(void **state)
{
    struct cosend_coroutine *source = make(fails_at_its_fourth, NULL);
    struct cosend_coroutine *co = make(handles_its_loop, source);
    void *out;

    (void)state;
    assert_outcome(cosend_next(co, &out, NULL), COSEND_YIELD, out, 5);
    assert_outcome(cosend_next(co, &out, NULL), COSEND_DONE, out, 6);
    cosend_free(co);
    cosend_free(source);
}

static int replaces_its_loops(struct cosend_coroutine *self, void *source)
{
    void *value;

    COSEND_EACH(source, value);
    return cosend_raise(self, E_KEY, "replaced");
}

static void or_raise_another_for_it(void **state)
{
    struct cosend_coroutine *source = make(fails_at_its_fourth, NULL);
    struct cosend_coroutine *co = make(replaces_its_loops, source);
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(cosend_next(co, NULL, &error), E_KEY);
    assert_int_equal(error.causes, 1);
    assert_string_equal(error.cause[0].message, "no fourth");
    cosend_free(co);
    cosend_free(source);
}

static int loops_over_itself(struct cosend_coroutine *self, void *argument)
{
    void *value;

    (void)argument;
    COSEND_EACH(self, value);
    return 0;
}

static void a_refusal_is_an_error_of_the_loop_too(void **state)
{
    struct cosend_coroutine *co = make(loops_over_itself, NULL);

    (void)state;
    assert_int_equal(cosend_next(co, NULL, NULL), COSEND_E_RUNNING);
    cosend_free(co);
}

/* ---- Causes -------------------------------------------------------------- */

static int fails_twice(struct cosend_coroutine *self, void *argument)
{
    (void)argument;
    cosend_raise(self, E_VALUE, "attempt failed");
    return cosend_raise(self, E_VALUE, "attempt failed");
}

static void equal_words_are_two_errors(void **state)
{
    struct cosend_coroutine *co = make(fails_twice, NULL);
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(cosend_next(co, NULL, &error), E_VALUE);
    assert_int_equal(error.causes, 1);
    assert_string_equal(error.cause[0].message, "attempt failed");
    cosend_free(co);
}

static int raises_a_copy(struct cosend_coroutine *self, void *argument)
{
    struct cosend_error copy;

    (void)argument;
    cosend_raise(self, E_VALUE, "mine");
    copy = *cosend_thrown(self);
    return cosend_raise_error(self, &copy);
}

static void a_copy_is_the_same_error(void **state)
{
    struct cosend_coroutine *co = make(raises_a_copy, NULL);
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(cosend_next(co, NULL, &error), E_VALUE);
    assert_int_equal(error.causes, 0);
    cosend_free(co);
}

static int wraps(struct cosend_coroutine *self, void *inner)
{
    struct cosend_error error = {0};

    if (!inner)
        return cosend_raise(self, E_VALUE, "root");
    cosend_next(inner, NULL, &error);
    return cosend_raise_from(self, &error, E_KEY, "around %s", error.message);
}

static void the_root_cause_is_kept_however_deep(void **state)
{
    enum { DEEP = 10 };
    struct cosend_coroutine *chain[DEEP];
    struct cosend_error error = {0};

    (void)state;
    for (int i = 0; i < DEEP; i++)
        chain[i] = make(wraps, i ? chain[i - 1] : NULL);
    assert_int_equal(cosend_next(chain[DEEP - 1], NULL, &error), E_KEY);
    assert_int_equal(error.causes, COSEND_CAUSES);
    assert_string_equal(error.cause[COSEND_CAUSES - 1].message, "root");
    assert_int_equal(error.causes + error.omitted, DEEP - 1);
    for (int i = 0; i < DEEP; i++)
        cosend_free(chain[i]);
}

/* Catches whatever is thrown, never says so, and fails when it is sent 9. */
static int forgets_handled(struct cosend_coroutine *self, void *argument)
{
    void *in = NULL;

    (void)argument;
    while (in != V(9))
        if (cosend_yield(self, NULL, &in) == COSEND_CLOSING)
            return cosend_reraise(self);
    return cosend_raise(self, E_KEY, "unrelated");
}

static void old_news_is_no_cause(void **state)
{
    struct cosend_error news = error_of(E_VALUE, "old news"), error = {0};
    struct cosend_coroutine *co = started(forgets_handled, NULL);

    (void)state;
    for (int i = 0; i < 20; i++)
        assert_int_equal(cosend_throw(co, &news, NULL, NULL), COSEND_YIELD);
    assert_int_equal(cosend_send(co, V(9), NULL, &error), E_KEY);
    assert_string_equal(error.message, "unrelated");
    assert_int_equal(error.causes, 0);
    cosend_free(co);
}

static int forgets_and_lets_out(struct cosend_coroutine *self, void *argument)
{
    int thrown = 0, signal = COSEND_GOT;

    (void)argument;
    while (signal == COSEND_GOT || (signal == COSEND_THROWN && thrown++ == 0))
        signal = cosend_yield(self, NULL, NULL);
    return cosend_reraise(self);
}

static void nor_is_it_of_what_is_thrown_after_values(void **state)
{
    struct cosend_error news = error_of(E_VALUE, "old news"), error = {0};
    struct cosend_error later = error_of(E_KEY, "later");
    struct cosend_coroutine *co = started(forgets_and_lets_out, NULL);

    (void)state;
    assert_int_equal(cosend_throw(co, &news, NULL, NULL), COSEND_YIELD);
    assert_int_equal(cosend_next(co, NULL, NULL), COSEND_YIELD);
    assert_int_equal(cosend_throw(co, &later, NULL, &error), E_KEY);
    assert_int_equal(error.causes, 0);
    cosend_free(co);
}

/* ---- Memory -------------------------------------------------------------- */

static void *no_malloc(size_t size)
{
    (void)size;
    return NULL;
}

static void without_memory_an_error_is_still_one(void **state)
{
    struct cosend_error thrown = error_of(E_VALUE, "bad"), error = {0};
    struct cosend_coroutine *lets_out = started(echo, NULL);
    struct cosend_coroutine *raises = started(one_then_error, NULL);
    struct cosend_coroutine *closes = started(replaces, NULL);
    struct cosend_coroutine *keeps = started(forgets_and_lets_out, NULL);

    (void)state;
    cosend_set_allocator(no_malloc, realloc, free);
    assert_int_equal(cosend_throw(lets_out, &thrown, NULL, &error), E_VALUE);
    assert_string_equal(error.message, "bad");
    memset(&error, 0, sizeof(error));
    assert_int_equal(cosend_next(raises, NULL, &error), COSEND_E_MEMORY);
    assert_int_equal(error.kind, COSEND_E_MEMORY);
    assert_int_equal(cosend_close(closes, NULL, NULL), COSEND_E_MEMORY);
    assert_int_equal(cosend_throw(keeps, &thrown, NULL, NULL), COSEND_YIELD);
    assert_int_equal(cosend_thrown(keeps)->kind, COSEND_E_MEMORY);
    cosend_set_allocator(NULL, NULL, NULL);
    cosend_free(keeps);
    cosend_free(lets_out);
    cosend_free(raises);
    cosend_free(closes);
}

static void to_close_takes_no_memory(void **state)
{
    struct cosend_error thrown = error_of(E_VALUE, "bad");
    struct cosend_coroutine *co = started(echo, NULL);
    struct cosend_coroutine *handling = started(forgets_handled, NULL);

    (void)state;
    assert_int_equal(cosend_throw(handling, &thrown, NULL, NULL), COSEND_YIELD);
    cosend_set_allocator(no_malloc, realloc, free);
    assert_int_equal(cosend_close(co, NULL, NULL), COSEND_OK);
    assert_int_equal(cosend_close(handling, NULL, NULL), COSEND_OK);
    cosend_set_allocator(NULL, NULL, NULL);
    cosend_free(co);
    cosend_free(handling);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_loop_raises_what_its_source_raises),
        cmocka_unit_test(it_goes_through_loops_over_loops),
        cmocka_unit_test(a_wrong_sum_is_not_even_yielded),
        cmocka_unit_test(nor_can_a_body_drop_it_that_looks_at_nothing),
        cmocka_unit_test(a_body_may_handle_it),
        cmocka_unit_test(or_raise_another_for_it),
        cmocka_unit_test(a_refusal_is_an_error_of_the_loop_too),
        cmocka_unit_test(equal_words_are_two_errors),
        cmocka_unit_test(a_copy_is_the_same_error),
        cmocka_unit_test(the_root_cause_is_kept_however_deep),
        cmocka_unit_test(old_news_is_no_cause),
        cmocka_unit_test(nor_is_it_of_what_is_thrown_after_values),
        cmocka_unit_test(without_memory_an_error_is_still_one),
        cmocka_unit_test(to_close_takes_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
