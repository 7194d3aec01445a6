/* SPDX-License-Identifier: MIT */
/*
 * What the coroutine runtime costs, beside what it could cost: each job in
 * nanoseconds, the median of several rounds that take turns, and the ratios
 * that the project has promised.
 *
 * usage: coroutine [PYTHON SCRIPT]     python3 tests/bench/coroutine.py
 */
#include "coroutine/switch/switch.h"
#include "cosend/coroutine.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <ucontext.h>

enum { ROUNDS = 9, TURNS = 200000, STACK = 64 * 1024 };

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* ---- The jobs: each returns nanoseconds per turn ---------------------------
 */

static void *identity(void *value)
{
    return value;
}

static void *(*volatile call)(void *) = identity;

static double function_pointer(void)
{
    double start = now();

    for (int i = 0; i < TURNS; i++)
        call(NULL);
    return (now() - start) / TURNS;
}

static void *bare_self, *bare_resumer;

static void bare_entry(void *argument)
{
    (void)argument;
    for (;;)
        csi_switch(&bare_self, bare_resumer, 0);
}

static double bare_pair(void)
{
    char *stack = malloc(STACK);
    double start, end;

    bare_self = csi_make(stack, stack + STACK, bare_entry, NULL);
    start = now();
    for (int i = 0; i < TURNS; i++)
        csi_switch(&bare_resumer, bare_self, 0);
    end = now();
    free(stack);
    return (end - start) / TURNS;
}

static ucontext_t ucontext_self, ucontext_resumer;

static void ucontext_entry(void)
{
    for (;;)
        swapcontext(&ucontext_self, &ucontext_resumer);
}

static double ucontext_pair(void)
{
    enum { FEWER = TURNS / 20 };
    char *stack = malloc(STACK);
    double start, end;

    getcontext(&ucontext_self);
    ucontext_self.uc_stack.ss_sp = stack;
    ucontext_self.uc_stack.ss_size = STACK;
    makecontext(&ucontext_self, ucontext_entry, 0);
    start = now();
    for (int i = 0; i < FEWER; i++)
        swapcontext(&ucontext_resumer, &ucontext_self);
    end = now();
    free(stack);
    return (end - start) / FEWER;
}

static int echo(struct cosend_coroutine *self, void *value)
{
    while (cosend_yield(self, value, &value) == COSEND_GOT)
        ;
    return cosend_reraise(self);
}

static int delegate(struct cosend_coroutine *self, void *sub)
{
    cosend_yield_from(self, sub, NULL);
    return cosend_reraise(self);
}

static double send_through(int delegates)
{
    struct cosend_coroutine *chain[16];
    double start, end;
    void *out;

    chain[0] = cosend_new(echo, NULL, NULL, NULL);
    for (int i = 1; i <= delegates; i++)
        chain[i] = cosend_new(delegate, chain[i - 1], NULL, NULL);
    cosend_prime(chain[delegates], NULL, NULL);
    start = now();
    for (int i = 0; i < TURNS; i++)
        cosend_send(chain[delegates], &out, &out, NULL);
    end = now();
    for (int i = delegates; i >= 0; i--)
        cosend_free(chain[i]);
    return (end - start) / TURNS;
}

static double send_plain(void)
{
    return send_through(0);
}

static double send_1(void)
{
    return send_through(1);
}

static double send_10(void)
{
    return send_through(10);
}

static double create(void)
{
    double start = now();

    for (int i = 0; i < TURNS; i++)
        cosend_free(cosend_new(echo, NULL, NULL, NULL));
    return (now() - start) / TURNS;
}

static double create_run(void)
{
    double start = now();

    for (int i = 0; i < TURNS; i++)
        cosend_free(cosend_start(echo, NULL, NULL, NULL));
    return (now() - start) / TURNS;
}

/* ---- The table -------------------------------------------------------------
 */

enum job {
    CALL,
    BARE,
    SEND,
    DELEGATE_1,
    DELEGATE_10,
    CREATE,
    CREATE_RUN,
    UCONTEXT,
    PYTHON,
    PYTHON_1,
    PYTHON_10,
    JOBS
};

static const struct {
    const char *what;
    double (*run)(void);
} jobs[JOBS] = {[CALL] = {"call through a function pointer", function_pointer},
                [BARE] = {"bare switch, there and back", bare_pair},
                [SEND] = {"send round trip", send_plain},
                [DELEGATE_1] = {"send through yield_from, depth 1", send_1},
                [DELEGATE_10] = {"send through yield_from, depth 10", send_10},
                [CREATE] = {"create and destroy", create},
                [CREATE_RUN] = {"create, prime, close, destroy", create_run},
                [UCONTEXT] = {"swapcontext, there and back", ucontext_pair},
                [PYTHON] = {"CPython send", NULL},
                [PYTHON_1] = {"CPython send, yield from, depth 1", NULL},
                [PYTHON_10] = {"CPython send, yield from, depth 10", NULL}};

static double times[JOBS][ROUNDS];

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(enum job job)
{
    qsort(times[job], ROUNDS, sizeof(double), ascending);
    return times[job][ROUNDS / 2];
}

static void ask_python(const char *python, const char *script, int round)
{
    char command[512];
    FILE *pipe;

    snprintf(command, sizeof(command), "%s %s", python, script);
    pipe = popen(command, "r");
    for (int job = PYTHON; job <= PYTHON_10; job++)
        if (!pipe || fscanf(pipe, "%lf", &times[job][round]) != 1)
            times[job][round] = 0;
    if (pipe)
        pclose(pipe);
}

static void promise(const char *what, double ratio, double due)
{
    printf("%-46s %8.2f   due <= %5.2f   %s\n", what, ratio, due,
           ratio <= due ? "met" : "MISSED");
}

int main(int argc, char **argv)
{
    double ns[JOBS];

    for (int round = 0; round < ROUNDS; round++) {
        for (int job = 0; job < PYTHON; job++)
            times[job][round] = jobs[job].run();
        if (argc == 3)
            ask_python(argv[1], argv[2], round);
    }
    printf("%-46s %8s %10s\n", "median of 9 rounds", "ns", "of a send");
    for (int job = 0; job < JOBS; job++)
        ns[job] = median((enum job)job);
    for (int job = 0; job < JOBS; job++)
        if (ns[job] > 0)
            printf("%-46s %8.2f %10.2f\n", jobs[job].what, ns[job],
                   ns[job] / ns[SEND]);
    if (ns[PYTHON] > 0)
        promise("send / CPython send", ns[SEND] / ns[PYTHON], 0.2);
    promise("send / bare switch pair", ns[SEND] / ns[BARE], 1.5);
    promise("create and destroy / send", ns[CREATE] / ns[SEND], 15);
    return 0;
}
