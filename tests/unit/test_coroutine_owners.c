/* SPDX-License-Identifier: MIT */
/*
 * Who owns what, and who runs where: values that are taken, coroutines that are
 * freed while others need them, functions that the library calls.
 */
#include "coroutine.h"

#include <stdio.h>
#include <unistd.h>

/* ---- Values -------------------------------------------------------------- */

/* Takes a value, and tries to send itself another. */
static int sends_to_itself(struct cosend_coroutine *self, void *argument)
{
    bool *own_was_taken = argument;

    cosend_yield(self, NULL, NULL);
    cosend_send(self, V(2), NULL, NULL);
    *own_was_taken = cosend_taken(self);
    cosend_yield(self, NULL, NULL);
    return 0;
}

static void a_refusal_does_not_undo_what_was_taken(void **state)
{
    bool own_was_taken = true;
    struct cosend_coroutine *co = started(sends_to_itself, &own_was_taken);

    (void)state;
    assert_int_equal(cosend_send(co, V(1), NULL, NULL), COSEND_YIELD);
    assert_true(cosend_taken(co));
    assert_false(own_was_taken);
    assert_int_equal(cosend_send(co, V(1), NULL, NULL), COSEND_DONE);
    assert_true(cosend_taken(co));
    assert_int_equal(cosend_send(co, V(1), NULL, NULL), COSEND_DONE);
    assert_false(cosend_taken(co));
    cosend_free(co);
}

/* ---- Delegates that are freed -------------------------------------------- */

static int defers_and_echoes(struct cosend_coroutine *self, void *argument)
{
    cosend_defer(self, note_argument, "deferred ");
    return echo(self, argument);
}

static void a_delegate_lives_as_long_as_it_is_delegated_to(void **state)
{
    struct cosend_coroutine *inner = make(defers_and_echoes, NULL);
    struct cosend_coroutine *outer = started(delegates, inner);
    void *out;

    (void)state;
    cosend_free(inner);
    start_log();
    assert_outcome(cosend_send(outer, V(5), &out, NULL), COSEND_YIELD, out, 5);
    assert_int_equal(cosend_close(outer, NULL, NULL), COSEND_OK);
    assert_string_equal(log_text, "got out deferred closing ");
    cosend_free(outer);
}

static void it_may_return_after_it_was_freed(void **state)
{
    struct cosend_coroutine *inner = make(one_then_42, NULL);
    struct cosend_coroutine *outer = started(delegates, inner);
    void *out;

    (void)state;
    cosend_free(inner);
    assert_outcome(cosend_next(outer, &out, NULL), COSEND_YIELD, out, 42);
    assert_null(cosend_delegate(outer));
    cosend_free(outer);
}

static void it_may_be_shared_and_freed(void **state)
{
    struct cosend_coroutine *inner = make(echo, NULL);
    struct cosend_coroutine *first = started(delegates, inner);
    struct cosend_coroutine *second = started(delegates, inner);
    void *out;

    (void)state;
    cosend_free(inner);
    assert_int_equal(cosend_close(first, NULL, NULL), COSEND_OK);
    assert_outcome(cosend_send(second, V(3), &out, NULL), COSEND_YIELD, out, 0);
    cosend_free(first);
    cosend_free(second);
}

static void one_that_will_not_close_is_freed_after_its_delegator(void **state)
{
    int kind = 0;
    struct cosend_coroutine *inner = make(handles, NULL);
    struct cosend_coroutine *outer = started(delegates, inner);
    struct cosend_error error = {0};

    (void)state;
    cosend_free(inner);
    kind = cosend_close(outer, NULL, &error);
    assert_int_equal(kind, COSEND_E_IGNORED_EXIT);
    assert_int_equal(cosend_state(outer), COSEND_CLOSED);
    cosend_free(outer);
}

static int frees_its_argument(struct cosend_coroutine *self, void *argument)
{
    cosend_yield(self, NULL, NULL);
    cosend_free(argument);
    cosend_yield(self, NULL, NULL);
    return cosend_reraise(self);
}

static void somebody_else_may_free_it(void **state)
{
    struct cosend_coroutine *inner = make(echo, NULL);
    struct cosend_coroutine *outer = started(delegates, inner);
    struct cosend_coroutine *other = started(frees_its_argument, inner);
    void *out;

    (void)state;
    cosend_next(other, NULL, NULL);
    assert_outcome(cosend_send(outer, V(4), &out, NULL), COSEND_YIELD, out, 4);
    cosend_free(other);
    cosend_free(outer);
}

/* ---- Long delegations ---------------------------------------------------- */

enum { LONG = 3000 };

static int delegates_and_counts(struct cosend_coroutine *self, void *sub)
{
    void *result = NULL;

    if (cosend_yield_from(self, sub, &result) != COSEND_GOT)
        return cosend_reraise(self);
    return cosend_return(self, V((intptr_t)result + 1));
}

static int returns_what_it_is_sent(struct cosend_coroutine *self, void *value)
{
    while (!value)
        COSEND_YIELD_OR_RETURN(self, NULL, &value);
    return cosend_return(self, value);
}

static void a_chain_of_delegations_may_be_long(void **state)
{
    static struct cosend_coroutine *chain[LONG];
    void *out;

    (void)state;
    for (int close = 0; close < 2; close++) {
        chain[0] = make(returns_what_it_is_sent, NULL);
        for (int i = 1; i < LONG; i++)
            chain[i] = make(delegates_and_counts, chain[i - 1]);
        for (int i = 0; i < 3; i++)
            assert_int_equal(cosend_next(chain[LONG - 1], NULL, NULL),
                             COSEND_YIELD);
        assert_int_equal(cosend_state(chain[LONG / 2]), COSEND_SUSPENDED);
        if (close)
            assert_int_equal(cosend_close(chain[LONG - 1], NULL, NULL),
                             COSEND_OK);
        else
            assert_outcome(cosend_send(chain[LONG - 1], V(7), &out, NULL),
                           COSEND_DONE, out, LONG + 6);
        for (int i = 0; i < LONG; i++) {
            assert_int_equal(cosend_state(chain[i]), COSEND_CLOSED);
            cosend_free(chain[i]);
        }
    }
}

/* ---- Functions that the library calls ------------------------------------ */

/* What a deferred function saw. */
struct deferred {
    struct cosend_coroutine *co, *current;
    enum cosend_state state;
    int yielded, yielded_for_current;
    const char *stack;
};

static void looks_around(void *argument)
{
    struct deferred *seen = argument;

    /* Not a variable's address: a sanitizer may have moved those elsewhere. */
    seen->stack = __builtin_frame_address(0);
    seen->current = cosend_current();
    seen->state = cosend_state(seen->co);
    seen->yielded = cosend_yield(seen->co, NULL, NULL);
    if (seen->current)
        seen->yielded_for_current = cosend_yield(seen->current, NULL, NULL);
}

static int defers_a_look(struct cosend_coroutine *self, void *argument)
{
    struct deferred *seen = argument;

    seen->co = self;
    cosend_defer(self, looks_around, seen);
    COSEND_YIELD_OR_RETURN(self, NULL, NULL);
    return 0;
}

static void assert_outside(const struct deferred *seen,
                           struct cosend_coroutine *ender)
{
    assert_ptr_equal(seen->current, ender);
    assert_int_equal(seen->state, COSEND_CLOSED);
    assert_int_equal(seen->yielded, COSEND_E_USAGE);
    assert_int_equal(seen->yielded_for_current, ender ? COSEND_E_USAGE : 0);
}

static void what_is_deferred_runs_outside(void **state)
{
    struct cosend_error thrown = error_of(E_VALUE, "bad");
    const char *here = __builtin_frame_address(0);

    (void)state;
    for (int end = 0; end < 3; end++) {
        struct deferred seen = {0};
        struct cosend_coroutine *co = started(defers_a_look, &seen);

        if (end == 0)
            assert_int_equal(cosend_next(co, NULL, NULL), COSEND_DONE);
        if (end == 1)
            assert_int_equal(cosend_throw(co, &thrown, NULL, NULL), E_VALUE);
        if (end == 2)
            assert_int_equal(cosend_close(co, NULL, NULL), COSEND_OK);
        assert_outside(&seen, NULL);
        assert_true(seen.stack < here && here - seen.stack < 100000);
        cosend_free(co);
    }
}

static int resumes(struct cosend_coroutine *self, void *argument)
{
    (void)self;
    return cosend_next(argument, NULL, NULL) == COSEND_DONE ? 0 : E_VALUE;
}

static void also_in_whoever_resumed_or_delegates(void **state)
{
    struct deferred seen = {0};
    struct cosend_coroutine *co = started(defers_a_look, &seen);
    struct cosend_coroutine *ender = make(resumes, co);

    (void)state;
    assert_int_equal(cosend_next(ender, NULL, NULL), COSEND_DONE);
    assert_outside(&seen, ender);
    cosend_free(ender);
    cosend_free(co);
    co = make(defers_a_look, &seen);
    ender = started(delegates, co);
    assert_int_equal(cosend_next(ender, NULL, NULL), COSEND_YIELD);
    assert_outside(&seen, ender);
    assert_int_equal(cosend_next(ender, NULL, NULL), COSEND_DONE);
    cosend_free(ender);
    cosend_free(co);
}

static void frees(void *co)
{
    cosend_free(co);
    note("freed ");
}

static int defers_its_free(struct cosend_coroutine *self, void *argument)
{
    cosend_defer(self, note_argument, "first ");
    cosend_defer(self, frees, self);
    COSEND_YIELD_OR_RETURN(self, argument, NULL);
    return 0;
}

static void a_deferred_function_may_free_its_coroutine(void **state)
{
    struct cosend_error thrown = error_of(E_VALUE, "bad"), error = {0};
    struct cosend_coroutine *outer;

    (void)state;
    start_log();
    assert_int_equal(cosend_next(started(defers_its_free, NULL), NULL, NULL),
                     COSEND_DONE);
    assert_int_equal(
        cosend_throw(started(defers_its_free, NULL), &thrown, NULL, &error),
        E_VALUE);
    assert_string_equal(error.message, "bad");
    assert_int_equal(cosend_close(started(defers_its_free, NULL), NULL, NULL),
                     COSEND_OK);
    cosend_free(started(defers_its_free, NULL));
    assert_string_equal(log_text, "freed first freed first freed first "
                                  "freed first ");
    outer = started(delegates, make(defers_its_free, NULL));
    assert_int_equal(cosend_next(outer, NULL, NULL), COSEND_YIELD);
    cosend_free(outer);
}

static void what_is_deferred_too_late_is_refused(void **state)
{
    struct cosend_coroutine *co = make(echo, NULL);

    (void)state;
    cosend_close(co, NULL, NULL);
    assert_int_equal(cosend_defer(co, note_argument, ""), COSEND_E_USAGE);
    cosend_free(co);
}

/* Yields for the coroutine, resumes it and frees it: none of it is possible. */
static void meddles(void *value, void *context)
{
    struct cosend_coroutine *co = *(struct cosend_coroutine **)context;

    (void)value;
    assert_int_equal(cosend_yield(co, NULL, NULL), COSEND_E_USAGE);
    assert_int_equal(cosend_next(co, NULL, NULL), COSEND_E_RUNNING);
    note("disposed ");
}

static void a_dispose_hook_cannot_break_a_yield(void **state)
{
    struct cosend_coroutine *co = NULL;
    struct cosend_coroutine_options options = {
        .size = sizeof(options), .dispose = meddles, .context = &co};

    (void)state;
    start_log();
    co = cosend_new(one_then_42, NULL, &options, NULL);
    assert_int_equal(cosend_next(co, NULL, NULL), COSEND_YIELD);
    assert_int_equal(cosend_next(co, NULL, NULL), COSEND_DONE);
    assert_string_equal(log_text, "disposed disposed ");
    cosend_free(co);
}

static void frees_context(void *value, void *context)
{
    (void)value;
    cosend_free(*(struct cosend_coroutine **)context);
    *(struct cosend_coroutine **)context = NULL;
}

static void a_dispose_hook_may_free_one_that_ignored_close(void **state)
{
    struct cosend_coroutine *co = NULL, *same;
    struct cosend_coroutine_options options = {
        .size = sizeof(options), .dispose = frees_context, .context = &co};
    void *out;

    (void)state;
    same = co = cosend_new(handles, NULL, &options, NULL);
    assert_int_equal(cosend_next(co, &out, NULL), COSEND_YIELD);
    assert_int_equal(cosend_close(same, NULL, NULL), COSEND_E_IGNORED_EXIT);
    assert_null(co);
}

/* ---- Bodies that will not close ------------------------------------------ */

static int catches_everything(struct cosend_coroutine *self, void *argument)
{
    while (*(int *)argument < 1000000)
        if (cosend_yield(self, NULL, NULL) == COSEND_CLOSING)
            ++*(int *)argument;
    return 0;
}

/* Free it, and hand out what that says on standard error. */
static void free_listening(struct cosend_coroutine *co, char *said, size_t size)
{
    FILE *file = tmpfile();
    int saved = dup(2);
    size_t length;

    fflush(stderr);
    dup2(fileno(file), 2);
    cosend_free(co);
    fflush(stderr);
    dup2(saved, 2);
    close(saved);
    rewind(file);
    length = fread(said, 1, size - 1, file);
    said[length] = '\0';
    fclose(file);
}

static void one_that_keeps_catching_is_given_up_soon_and_reported(void **state)
{
    char said[1000];
    int catches = 0;
    struct cosend_coroutine *co = started(catches_everything, &catches);

    (void)state;
    cosend_close(co, NULL, NULL);
    cosend_close(co, NULL, NULL);
    free_listening(co, said, sizeof(said));
    assert_int_equal(catches, 2 + COSEND_REFUSALS);
    assert_true(catches <= 4);
    assert_non_null(strstr(said, "ignored GeneratorExit"));
    assert_non_null(strstr(said, "given up"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refusal_does_not_undo_what_was_taken),
        cmocka_unit_test(a_delegate_lives_as_long_as_it_is_delegated_to),
        cmocka_unit_test(it_may_return_after_it_was_freed),
        cmocka_unit_test(it_may_be_shared_and_freed),
        cmocka_unit_test(one_that_will_not_close_is_freed_after_its_delegator),
        cmocka_unit_test(somebody_else_may_free_it),
        cmocka_unit_test(a_chain_of_delegations_may_be_long),
        cmocka_unit_test(what_is_deferred_runs_outside),
        cmocka_unit_test(also_in_whoever_resumed_or_delegates),
        cmocka_unit_test(a_deferred_function_may_free_its_coroutine),
        cmocka_unit_test(what_is_deferred_too_late_is_refused),
        cmocka_unit_test(a_dispose_hook_cannot_break_a_yield),
        cmocka_unit_test(a_dispose_hook_may_free_one_that_ignored_close),
        cmocka_unit_test(one_that_keeps_catching_is_given_up_soon_and_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
