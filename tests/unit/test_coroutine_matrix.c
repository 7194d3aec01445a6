/* SPDX-License-Identifier: MIT */
/*
 * Every state of a coroutine against every operation: 7 x 6 cells, each with
 * what is answered, what comes out, the state after, whether the body ran and
 * whether the value sent was taken.
 */
#include "coroutine.h"

enum from { CREATED, SUSPENDED, ITSELF, ANCESTOR, RETURNED, FAILED, SHUT };
enum operation { NEXT, SEND_NULL, SEND, THROW, CLOSE, FREE };

static const struct cell {
    enum from from;
    enum operation operation;
    int outcome;
    int out;
    enum cosend_state after;
    bool ran, taken;
} cells[] = {
    {CREATED, NEXT, COSEND_YIELD, 1, COSEND_SUSPENDED, true, true},
    {CREATED, SEND_NULL, COSEND_YIELD, 1, COSEND_SUSPENDED, true, true},
    {CREATED, SEND, COSEND_E_UNPRIMED, 0, COSEND_CREATED, false, false},
    {CREATED, THROW, E_VALUE, 0, COSEND_CLOSED, false, false},
    {CREATED, CLOSE, COSEND_OK, 0, COSEND_CLOSED, false, false},
    {CREATED, FREE, 0, 0, COSEND_CLOSED, false, false},

    {SUSPENDED, NEXT, COSEND_YIELD, 0, COSEND_SUSPENDED, true, true},
    {SUSPENDED, SEND_NULL, COSEND_YIELD, 0, COSEND_SUSPENDED, true, true},
    {SUSPENDED, SEND, COSEND_YIELD, 5, COSEND_SUSPENDED, true, true},
    {SUSPENDED, THROW, E_VALUE, 0, COSEND_CLOSED, true, false},
    {SUSPENDED, CLOSE, COSEND_OK, 0, COSEND_CLOSED, true, false},
    {SUSPENDED, FREE, 0, 0, COSEND_CLOSED, true, false},

    {ITSELF, NEXT, COSEND_E_RUNNING, 0, COSEND_RUNNING, false, false},
    {ITSELF, SEND_NULL, COSEND_E_RUNNING, 0, COSEND_RUNNING, false, false},
    {ITSELF, SEND, COSEND_E_RUNNING, 0, COSEND_RUNNING, false, false},
    {ITSELF, THROW, COSEND_E_RUNNING, 0, COSEND_RUNNING, false, false},
    {ITSELF, CLOSE, COSEND_E_RUNNING, 0, COSEND_RUNNING, false, false},
    {ITSELF, FREE, COSEND_E_RUNNING, 0, COSEND_RUNNING, false, false},

    {ANCESTOR, NEXT, COSEND_E_RUNNING, 0, COSEND_RUNNING, false, false},
    {ANCESTOR, SEND_NULL, COSEND_E_RUNNING, 0, COSEND_RUNNING, false, false},
    {ANCESTOR, SEND, COSEND_E_RUNNING, 0, COSEND_RUNNING, false, false},
    {ANCESTOR, THROW, COSEND_E_RUNNING, 0, COSEND_RUNNING, false, false},
    {ANCESTOR, CLOSE, COSEND_E_RUNNING, 0, COSEND_RUNNING, false, false},
    {ANCESTOR, FREE, COSEND_E_RUNNING, 0, COSEND_RUNNING, false, false},

    {RETURNED, NEXT, COSEND_DONE, 0, COSEND_CLOSED, false, false},
    {RETURNED, SEND_NULL, COSEND_DONE, 0, COSEND_CLOSED, false, false},
    {RETURNED, SEND, COSEND_DONE, 0, COSEND_CLOSED, false, false},
    {RETURNED, THROW, E_VALUE, 0, COSEND_CLOSED, false, false},
    {RETURNED, CLOSE, COSEND_OK, 0, COSEND_CLOSED, false, false},
    {RETURNED, FREE, 0, 0, COSEND_CLOSED, false, false},

    {FAILED, NEXT, COSEND_DONE, 0, COSEND_CLOSED, false, false},
    {FAILED, SEND_NULL, COSEND_DONE, 0, COSEND_CLOSED, false, false},
    {FAILED, SEND, COSEND_DONE, 0, COSEND_CLOSED, false, false},
    {FAILED, THROW, E_VALUE, 0, COSEND_CLOSED, false, false},
    {FAILED, CLOSE, COSEND_OK, 0, COSEND_CLOSED, false, false},
    {FAILED, FREE, 0, 0, COSEND_CLOSED, false, false},

    {SHUT, NEXT, COSEND_DONE, 0, COSEND_CLOSED, false, false},
    {SHUT, SEND_NULL, COSEND_DONE, 0, COSEND_CLOSED, false, false},
    {SHUT, SEND, COSEND_DONE, 0, COSEND_CLOSED, false, false},
    {SHUT, THROW, E_VALUE, 0, COSEND_CLOSED, false, false},
    {SHUT, CLOSE, COSEND_OK, 0, COSEND_CLOSED, false, false},
    {SHUT, FREE, 0, 0, COSEND_CLOSED, false, false},
};

_Static_assert(sizeof(cells) / sizeof(cells[0]) == 42, "7 states x 6 verbs");

/* What happened; a free is judged by what it reported and what was deferred. */
struct seen {
    int outcome;
    void *out;
    enum cosend_state after;
    int runs, ended;
    bool ran, taken;
};

static void on_report(const struct cosend_error *error, void *context)
{
    ((struct seen *)context)->outcome = error->kind;
}

static void on_end(void *context)
{
    ((struct seen *)context)->ended++;
}

static void perform(struct cosend_coroutine *co, enum operation operation,
                    struct seen *seen)
{
    struct cosend_error thrown = error_of(E_VALUE, "thrown");

    switch (operation) {
    case NEXT:
        seen->outcome = cosend_next(co, &seen->out, NULL);
        break;
    case SEND_NULL:
        seen->outcome = cosend_send(co, NULL, &seen->out, NULL);
        break;
    case SEND:
        seen->outcome = cosend_send(co, V(5), &seen->out, NULL);
        break;
    case THROW:
        seen->outcome = cosend_throw(co, &thrown, &seen->out, NULL);
        break;
    case CLOSE:
        seen->outcome = cosend_close(co, &seen->out, NULL);
        break;
    case FREE:
        cosend_free(co);
        break;
    }
}

static void operate(struct cosend_coroutine *co, enum operation operation,
                    struct seen *seen)
{
    int before = seen->runs;
    bool refused;

    perform(co, operation, seen);
    refused = seen->outcome == COSEND_E_RUNNING;
    seen->ran = seen->runs > before;
    seen->after = COSEND_CLOSED;
    if (operation != FREE || refused)
        seen->after = cosend_state(co);
    if (operation <= SEND)
        seen->taken = cosend_taken(co);
}

/* A coroutine that is led to a state, and what is to be done to it there. */
struct subject {
    const struct cell *cell;
    struct cosend_coroutine *co;
    struct seen seen;
};

static int operates(struct cosend_coroutine *self, void *argument)
{
    struct subject *subject = argument;

    (void)self;
    operate(subject->co, subject->cell->operation, &subject->seen);
    return 0;
}

static int lives(struct cosend_coroutine *self, void *argument)
{
    struct subject *subject = argument;
    enum from from = subject->cell->from;
    struct cosend_coroutine *inner;
    void *value = V(1);

    subject->seen.runs++;
    if (from == ITSELF)
        operates(self, subject);
    if (from == ANCESTOR) {
        inner = cosend_start(operates, subject, NULL, NULL);
        cosend_free(inner);
    }
    while (cosend_yield(self, value, &value) == COSEND_GOT) {
        subject->seen.runs++;
        if (from == RETURNED)
            return cosend_return(self, V(42));
        if (from == FAILED)
            return cosend_raise(self, E_KEY, "failed");
    }
    subject->seen.runs++;
    return cosend_reraise(self);
}

static void lead(struct subject *subject)
{
    struct cosend_coroutine_options options = {.size = sizeof(options),
                                               .report = on_report,
                                               .context = &subject->seen};

    subject->co = cosend_new(lives, subject, &options, NULL);
    assert_non_null(subject->co);
    cosend_defer(subject->co, on_end, &subject->seen);
    if (subject->cell->from == CREATED)
        return;
    cosend_next(subject->co, NULL, NULL);
    if (subject->cell->from == RETURNED || subject->cell->from == FAILED)
        cosend_next(subject->co, NULL, NULL);
    if (subject->cell->from == SHUT)
        cosend_close(subject->co, NULL, NULL);
}

static void every_state_answers_every_operation(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
        const struct cell *cell = &cells[i];
        struct subject subject = {.cell = cell};
        struct seen *seen = &subject.seen;

        lead(&subject);
        if (cell->from != ITSELF && cell->from != ANCESTOR)
            operate(subject.co, cell->operation, seen);
        assert_int_equal(seen->outcome, cell->outcome);
        assert_ptr_equal(seen->out, V(cell->out));
        assert_int_equal(seen->after, cell->after);
        assert_int_equal(seen->ran, cell->ran);
        assert_int_equal(seen->taken, cell->taken);
        if (cell->operation != FREE || seen->after == COSEND_RUNNING)
            cosend_free(subject.co);
        assert_int_equal(seen->ended, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_answers_every_operation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
