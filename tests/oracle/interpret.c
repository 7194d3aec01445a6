/* SPDX-License-Identifier: MIT */
/*
 * Runs the programs of oracle.py on cosend: programs on standard input, traces
 * on standard output. A body is a tree of statements that a coroutine walks.
 *
 * Each THROWN, CLOSING or raise enters an except clause. `entered` counts them,
 * so that leaving a try statement can leave what was entered inside it.
 */
#include "cosend/coroutine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODIES = 8, STATEMENTS = 4096, STACK = 1024 * 1024 };

enum flow { GO_ON, RETURN, RAISE, LEAK };

struct statement {
    char operation[16];
    char mask;
    int number[4];
    struct statement *first, *second, *next;
};

struct body {
    int me;
    struct statement *first;
    struct cosend_coroutine *co;
    unsigned entered;
};

static struct statement statements[STATEMENTS];
static size_t used;
static struct body bodies[BODIES];
static bool quiet; /* the program is over */

/* ---- Reading
 * ----------------------------------------------------------------- */

static bool word(char *into)
{
    return scanf("%15s", into) == 1;
}

static int number(void)
{
    int value = 0;

    if (scanf("%d", &value) != 1)
        exit(2);
    return value;
}

static int arguments_of(const char *operation)
{
    static const struct {
        const char *operation;
        int arguments;
    } table[] = {{"yield", 1}, {"return", 1},   {"raise", 2}, {"from", 4},
                 {"must", 2},  {"delegate", 1}, {"next", 1},  {"send", 2},
                 {"throw", 3}, {"close", 1},    {"loop", 1}};

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (strcmp(table[i].operation, operation) == 0)
            return table[i].arguments;
    return 0;
}

static struct statement *read_block(void);

static struct statement *read_statement(const char *operation)
{
    struct statement *it = &statements[used++];
    char mask[16];

    if (used == STATEMENTS)
        exit(2);
    memset(it, 0, sizeof(*it));
    memcpy(it->operation, operation, sizeof(it->operation));
    for (int i = 0; i < arguments_of(operation); i++)
        it->number[i] = number();
    if (strcmp(operation, "try") == 0 && word(mask))
        it->mask = mask[0];
    if (strcmp(operation, "loop") == 0)
        it->first = read_block();
    if (it->mask || strcmp(operation, "finally") == 0) {
        it->first = read_block();
        it->second = read_block();
    }
    return it;
}

static struct statement *read_block(void)
{
    struct statement *first = NULL, **end = &first;
    char text[16];

    word(text);
    while (word(text) && strcmp(text, "}") != 0) {
        *end = read_statement(text);
        end = &(*end)->next;
    }
    return first;
}

/* ---- Tracing
 * ----------------------------------------------------------------- */

static void print_name(int kind, const char *message)
{
    if (kind <= COSEND_E_USER)
        printf("E%d:%s", COSEND_E_USER - kind, message);
    else if (kind == COSEND_E_EXIT)
        printf("EXIT");
    else if (kind == COSEND_E_UNPRIMED)
        printf("UNPRIMED");
    else if (kind == COSEND_E_RUNNING)
        printf("RUNNING");
    else if (kind == COSEND_E_IGNORED_EXIT)
        printf("IGNORED_EXIT");
    else if (kind == COSEND_E_STOP_LEAK)
        printf("STOP_LEAK");
    else
        printf("unexpected %d: %s", kind, message);
}

static void print_error(const struct cosend_error *error)
{
    const struct cosend_cause *cause = &error->cause[0];

    print_name(error->kind, error->message);
    if (error->causes == 0)
        return;
    printf(cause->raised_from ? " from " : " in ");
    if (cause->raised_from && cause->kind == COSEND_E_STOP_LEAK)
        printf("STOP");
    else
        print_name(cause->kind, cause->message);
}

static void *value_of(int value)
{
    return (void *)(intptr_t)value;
}

static int number_of(void *value)
{
    return (int)(intptr_t)value;
}

/* The error that the oracle's `kind number` stands for. */
static struct cosend_error error_of(int kind, int serial)
{
    struct cosend_error error = {0};

    cosend_error_set(&error, kind ? COSEND_E_USER - kind : COSEND_E_EXIT, "m%d",
                     serial);
    return error;
}

/* ---- Calls
 * ------------------------------------------------------------------- */

static int call_on(struct cosend_coroutine *co, const struct statement *it,
                   void **out, struct cosend_error *error)
{
    struct cosend_error thrown;

    switch (it->operation[0]) {
    case 'n':
        return cosend_next(co, out, error);
    case 's':
        return cosend_send(co, value_of(it->number[1]), out, error);
    case 't':
        thrown = error_of(it->number[1], it->number[2]);
        return cosend_throw(co, &thrown, out, error);
    default:
        return cosend_close(co, out, error);
    }
}

/* One of next, send, throw and close, by the body `who` or by main (-1). */
static void call(int who, const struct statement *it)
{
    static const char *const states[] = {"CREATED", "SUSPENDED", "RUNNING",
                                         "CLOSED"};
    struct cosend_coroutine *co = bodies[it->number[0]].co;
    struct cosend_error error = {0};
    void *out;
    int outcome = call_on(co, it, &out, &error);

    if (quiet)
        return;
    if (who < 0)
        printf("main %s", it->operation);
    else
        printf("%d %s", who, it->operation);
    for (int i = 0; i < arguments_of(it->operation); i++)
        printf(" %d", it->number[i]);
    printf(" -> ");
    if (outcome < 0)
        print_error(&error);
    else
        printf("%s %d",
               outcome == COSEND_YIELD  ? "yield"
               : outcome == COSEND_DONE ? "done"
                                        : "ok",
               number_of(out));
    printf(" %s\n", states[cosend_state(co)]);
}

/* ---- Statements
 * ---------------------------------------------------------------- */

static enum flow run_block(struct body *body, const struct statement *first);

static void note(const struct body *body, const char *what, int value)
{
    if (!quiet)
        printf("%d %s %d\n", body->me, what, value);
}

/* The answer of a yield or a delegation. */
static enum flow received(struct body *body, int signal, const char *what,
                          void *value)
{
    if (signal != COSEND_GOT) {
        body->entered++;
        return RAISE;
    }
    note(body, what, number_of(value));
    return GO_ON;
}

static enum flow raise_error(struct body *body,
                             const struct cosend_error *error)
{
    cosend_raise_error(body->co, error);
    body->entered++;
    return RAISE;
}

static enum flow raise_from(struct body *body, const int *number_)
{
    struct cosend_error error = error_of(number_[0], number_[1]);
    struct cosend_error cause = error_of(number_[2], number_[3]);

    cosend_raise_from(body->co, &cause, error.kind, "%s", error.message);
    body->entered++;
    return RAISE;
}

/* A send whose answer is not looked at: what it raises, the body raises. */
static enum flow must_send(struct body *body, const struct statement *it)
{
    struct cosend_error error = {0};
    void *out;
    int outcome = cosend_send(bodies[it->number[0]].co, value_of(it->number[1]),
                              &out, &error);

    if (outcome == COSEND_DONE)
        return LEAK;
    if (outcome < 0)
        return raise_error(body, &error);
    note(body, "must", number_of(out));
    return GO_ON;
}

static bool catches(char mask, const struct cosend_error *error)
{
    switch (mask) {
    case 'B':
        return true;
    case 'E':
        return error->kind != COSEND_E_EXIT;
    case 'G':
        return error->kind == COSEND_E_EXIT;
    default:
        return error->kind == COSEND_E_USER - (mask - '0');
    }
}

static void leave_to(struct body *body, unsigned entered)
{
    for (; body->entered > entered; body->entered--)
        cosend_handled(body->co);
}

static enum flow run_try(struct body *body, const struct statement *it)
{
    unsigned outside = body->entered;
    enum flow flow = run_block(body, it->first);

    if (flow != RAISE || !catches(it->mask, cosend_thrown(body->co)))
        return flow;
    if (!quiet) {
        printf("%d caught ", body->me);
        print_error(cosend_thrown(body->co));
        printf("\n");
    }
    flow = run_block(body, it->second);
    if (flow == GO_ON || flow == RETURN)
        leave_to(body, outside);
    return flow;
}

static enum flow run_finally(struct body *body, const struct statement *it)
{
    unsigned outside = body->entered;
    enum flow flow = run_block(body, it->first), then;

    if (!quiet)
        printf("%d finally\n", body->me);
    then = run_block(body, it->second);
    if (then == RETURN)
        leave_to(body, outside);
    return then == GO_ON ? flow : then;
}

static enum flow run_loop(struct body *body, const struct statement *it)
{
    enum flow flow = GO_ON;

    for (int i = 0; i < it->number[0] && flow == GO_ON; i++)
        flow = run_block(body, it->first);
    return flow;
}

static enum flow run_statement(struct body *body, const struct statement *it)
{
    struct cosend_error error;
    void *value = NULL;
    int signal;

    if (strcmp(it->operation, "yield") == 0) {
        signal = cosend_yield(body->co, value_of(it->number[0]), &value);
        return received(body, signal, "got", value);
    }
    if (strcmp(it->operation, "delegate") == 0) {
        signal = cosend_yield_from(body->co, bodies[it->number[0]].co, &value);
        return received(body, signal, "result", value);
    }
    if (strcmp(it->operation, "return") == 0) {
        note(body, "returns", it->number[0]);
        cosend_return(body->co, value_of(it->number[0]));
        return RETURN;
    }
    if (strcmp(it->operation, "raise") == 0) {
        error = error_of(it->number[0], it->number[1]);
        return raise_error(body, &error);
    }
    if (strcmp(it->operation, "from") == 0)
        return raise_from(body, it->number);
    if (strcmp(it->operation, "must") == 0)
        return must_send(body, it);
    if (strcmp(it->operation, "reraise") == 0)
        return RAISE;
    if (strcmp(it->operation, "try") == 0)
        return run_try(body, it);
    if (strcmp(it->operation, "finally") == 0)
        return run_finally(body, it);
    if (strcmp(it->operation, "loop") == 0)
        return run_loop(body, it);
    call(body->me, it);
    return GO_ON;
}

static enum flow run_block(struct body *body, const struct statement *first)
{
    enum flow flow = GO_ON;

    for (; first && flow == GO_ON; first = first->next)
        flow = run_statement(body, first);
    return flow;
}

static int run_body(struct cosend_coroutine *self, void *argument)
{
    struct body *body = argument;

    switch (run_block(body, body->first)) {
    case RAISE:
        return cosend_reraise(self);
    case LEAK:
        return COSEND_DONE;
    case RETURN:
        return 0;
    default:
        return cosend_return(self, NULL);
    }
}

/* ---- Programs
 * ------------------------------------------------------------------ */

/* Bodies use each other, so none may be freed before all are CLOSED. */
static void close_all(int count)
{
    for (int i = 0; i < count; i++)
        while (cosend_state(bodies[i].co) != COSEND_CLOSED)
            cosend_close(bodies[i].co, NULL, NULL);
}

static void run_program(void)
{
    struct cosend_coroutine_options options = {.size = sizeof(options),
                                               .stack_size = STACK};
    int count = 0;
    char text[16];

    used = 0;
    quiet = false;
    while (word(text) && strcmp(text, "body") == 0 && count < BODIES) {
        struct body *body = &bodies[count];

        *body = (struct body){.me = count, .first = read_block()};
        body->co = cosend_new(run_body, body, &options, NULL);
        if (!body->co)
            exit(2);
        count++;
    }
    for (; strcmp(text, "end") != 0; word(text))
        call(-1, read_statement(text));
    quiet = true;
    close_all(count);
    for (int i = 0; i < count; i++)
        cosend_free(bodies[i].co);
}

int main(void)
{
    char text[16];

    while (word(text) && strcmp(text, "program") == 0) {
        printf("program %d\n", number());
        run_program();
    }
    return 0;
}
