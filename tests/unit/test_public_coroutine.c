/* SPDX-License-Identifier: MIT */
/*
 * Every call on a coroutine that test_coroutine_matrix.c does not have, in
 * every state, from outside and from its own body: it answers as its header
 * says, and the coroutine can be closed and freed afterwards.
 */
#include "cosend/coroutine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum state { CREATED, SUSPENDED, INSIDE, CLOSED, STATES };

struct situation {
    int (*call)(struct cosend_coroutine *co);
    int answer;
    enum state at;
};

static int body(struct cosend_coroutine *self, void *argument)
{
    struct situation *now = argument;

    if (now->at == INSIDE) {
        now->answer = now->call(self);
        cosend_handled(self);
        return cosend_return(self, NULL);
    }
    while (now->at == SUSPENDED)
        COSEND_YIELD_OR_RETURN(self, NULL, NULL);
    return 0;
}

static int nothing(struct cosend_coroutine *self, void *argument)
{
    (void)self;
    (void)argument;
    return 0;
}

/* An answer as a letter: o OK, y YIELD, d DONE, g GOT, u USAGE, r RUNNING,
   t TYPE, m any other; of what is no outcome, 1 true and 0 false. */
static int letter(int answer)
{
    switch (answer) {
    case COSEND_OK:
        return 'o';
    case COSEND_YIELD:
        return 'y';
    case COSEND_DONE:
        return 'd';
    case COSEND_GOT:
        return 'g';
    case COSEND_E_USAGE:
        return 'u';
    case COSEND_E_RUNNING:
        return 'r';
    case COSEND_E_TYPE:
        return 't';
    default:
        return 'm';
    }
}

static int whether(bool is)
{
    return is ? '1' : '0';
}

static int call_prime(struct cosend_coroutine *co)
{
    return letter(cosend_prime(co, NULL, NULL));
}

static int call_next(struct cosend_coroutine *co)
{
    return letter(cosend_next(co, NULL, NULL));
}

static int call_send(struct cosend_coroutine *co)
{
    return letter(cosend_send(co, NULL, NULL, NULL));
}

/* An error that is none, of whatever state. */
static int call_throw(struct cosend_coroutine *co)
{
    struct cosend_error none = {0}, done = {.kind = COSEND_DONE};

    assert_int_equal(cosend_throw(co, NULL, NULL, NULL),
                     cosend_throw(co, &none, NULL, NULL));
    return letter(cosend_throw(co, &done, NULL, NULL));
}

static int call_close(struct cosend_coroutine *co)
{
    return letter(cosend_close(co, NULL, NULL));
}

static int call_iterate(struct cosend_coroutine *co)
{
    void *value;

    return letter(cosend_iterate(co, &value));
}

static int close_outside(void *co)
{
    return call_close(co);
}

static int call_outside(struct cosend_coroutine *co)
{
    return cosend_call_outside(close_outside, co);
}

static int call_name(struct cosend_coroutine *co)
{
    return whether(strcmp(cosend_name(co), "coroutine") == 0);
}

static int call_taken(struct cosend_coroutine *co)
{
    return whether(cosend_taken(co));
}

static int call_delegate(struct cosend_coroutine *co)
{
    return whether(cosend_delegate(co) != NULL);
}

static int call_adopt(struct cosend_coroutine *co)
{
    return letter(cosend_adopt(co));
}

static int call_current(struct cosend_coroutine *co)
{
    return whether(cosend_current() == co);
}

static int call_state(struct cosend_coroutine *co)
{
    return '0' + (int)cosend_state(co);
}

static int call_stack_overflow(struct cosend_coroutine *co)
{
    const char *name;
    size_t size;

    assert_false(cosend_stack_overflow(NULL, &name, &size));
    return whether(cosend_stack_overflow(co, &name, &size));
}

static int call_yield(struct cosend_coroutine *co)
{
    return cosend_current() == co ? letter(COSEND_E_USAGE)
                                  : letter(cosend_yield(co, NULL, NULL));
}

static int call_yield_from(struct cosend_coroutine *co)
{
    struct cosend_coroutine *sub = cosend_new(nothing, NULL, NULL, NULL);
    int answer = letter(cosend_yield_from(co, sub, NULL));

    cosend_free(sub);
    return answer;
}

static int call_thrown(struct cosend_coroutine *co)
{
    return whether(cosend_thrown(co) != NULL);
}

static int call_handled(struct cosend_coroutine *co)
{
    cosend_handled(co);
    cosend_handled(co);
    return letter(COSEND_OK);
}

static int call_return(struct cosend_coroutine *co)
{
    return letter(cosend_return(co, NULL));
}

/* Kinds that are no errors'. */
static int call_raise(struct cosend_coroutine *co)
{
    int answer = cosend_raise(co, COSEND_DONE, "%d", 1);

    cosend_handled(co);
    assert_int_equal(cosend_raise(co, 0, "%d", 1), answer);
    cosend_handled(co);
    return letter(answer);
}

static int call_raise_from(struct cosend_coroutine *co)
{
    int answer = cosend_raise_from(co, NULL, 1, "%d", 1);

    cosend_handled(co);
    return letter(answer);
}

static int call_raise_error(struct cosend_coroutine *co)
{
    struct cosend_error error = {.kind = COSEND_E_TYPE};
    int answer = cosend_raise_error(co, &error);

    cosend_handled(co);
    return letter(answer);
}

static int call_reraise(struct cosend_coroutine *co)
{
    int answer = cosend_reraise(co);

    cosend_handled(co);
    return letter(answer);
}

static void deferred(void *argument)
{
    (void)argument;
}

static int call_defer(struct cosend_coroutine *co)
{
    return letter(cosend_defer(co, deferred, NULL));
}

/* CREATED, SUSPENDED, INSIDE its body, CLOSED. */
static const struct {
    const char *name;
    int (*call)(struct cosend_coroutine *co);
    const char *answers;
} rows[] = {
    {"prime", call_prime, "dyrd"},
    {"next", call_next, "dyrd"},
    {"send", call_send, "dyrd"},
    {"throw", call_throw, "tttt"},
    {"close", call_close, "ooro"},
    {"iterate", call_iterate, "dyrd"},
    {"call outside", call_outside, "ooro"},
    {"name", call_name, "1111"},
    {"taken", call_taken, "0101"},
    {"delegate", call_delegate, "0000"},
    {"adopt", call_adopt, "oooo"},
    {"current", call_current, "0010"},
    {"state", call_state, "0123"},
    {"stack overflow", call_stack_overflow, "0000"},
    {"yield", call_yield, "uuuu"},
    {"yield from", call_yield_from, "uugu"},
    {"thrown", call_thrown, "0000"},
    {"handled", call_handled, "oooo"},
    {"return", call_return, "oooo"},
    {"raise", call_raise, "tttt"},
    {"raise from", call_raise_from, "tttt"},
    {"raise error", call_raise_error, "tttt"},
    {"reraise", call_reraise, "uuuu"},
    {"defer", call_defer, "ooou"},
};

static int answer_in(enum state at, int (*call)(struct cosend_coroutine *co))
{
    struct situation now = {.call = call, .at = at};
    struct cosend_coroutine *co = cosend_new(body, &now, NULL, NULL);

    assert_non_null(co);
    if (at != CREATED)
        cosend_prime(co, NULL, NULL);
    if (at != INSIDE)
        now.answer = call(co);
    now.at = CLOSED;
    cosend_close(co, NULL, NULL);
    assert_int_equal(cosend_state(co), COSEND_CLOSED);
    cosend_free(co);
    return now.answer;
}

static void every_call_in_every_state(void **state)
{
    bool same = true;

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char answers[STATES + 1] = "";

        for (int at = 0; at < STATES; at++)
            answers[at] = (char)answer_in((enum state)at, rows[i].call);
        if (strcmp(answers, rows[i].answers) != 0)
            print_error("%s: %s, not %s\n", rows[i].name, answers,
                        rows[i].answers);
        same &= strcmp(answers, rows[i].answers) == 0;
    }
    assert_true(same);
}

static void nothing_is_made_of_nothing(void **state)
{
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX / 2};
    struct cosend_error error = {0};

    (void)state;
    cosend_free(NULL);
    assert_null(cosend_current());
    assert_null(cosend_new(NULL, NULL, NULL, &error));
    assert_int_equal(error.kind, COSEND_E_TYPE);
    assert_null(cosend_start(NULL, NULL, NULL, NULL));
    for (size_t i = 0; i < 2; i++) {
        struct cosend_coroutine_options options = {.size = sizeof(options),
                                                   .stack_size = sizes[i]};

        error.kind = 0;
        assert_null(cosend_new(nothing, NULL, &options, &error));
        assert_int_equal(error.kind, COSEND_E_TYPE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_in_every_state),
        cmocka_unit_test(nothing_is_made_of_nothing)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
