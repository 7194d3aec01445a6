/* SPDX-License-Identifier: MIT */
/*
 * What the coroutine runtime costs, beside what it could cost: each job in
 * nanoseconds, the least of several rounds that take turns (what it takes when
 * nothing disturbs it), and beside it what the project has promised.
 *
 * usage: coroutine [PYTHON SCRIPT]     python3 tests/bench/coroutine.py
 *
 * With WITH_FCONTEXT it is linked with Boost.Context, whose switch is the
 * measure of ours.
 */
#include "coroutine/switch/switch.h"
#include "cosend/coroutine.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

enum { ROUNDS = 9, TURNS = 200000, STACK = 64 * 1024, DEEPEST = 100 };

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* ---- The jobs: each returns nanoseconds per turn ------------------------- */

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

#ifdef WITH_FCONTEXT
/* As in boost/context/detail/fcontext.hpp, which is C++. */
struct transfer {
    void *from, *data;
};

extern struct transfer jump_fcontext(void *to, void *data);
extern void *make_fcontext(void *high, size_t size,
                           void (*entry)(struct transfer));

static void fcontext_entry(struct transfer transfer)
{
    for (;;)
        transfer = jump_fcontext(transfer.from, transfer.data);
}

static double fcontext_pair(void)
{
    char *stack = malloc(STACK);
    struct transfer there = {
        make_fcontext(stack + STACK, STACK, fcontext_entry), NULL};
    double start = now(), end;

    for (int i = 0; i < TURNS; i++)
        there = jump_fcontext(there.from, stack);
    end = now();
    free(stack);
    return (end - start) / TURNS;
}
#else
#define fcontext_pair NULL
#endif

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

static double send_through(int delegates, bool keep_fpenv)
{
    struct cosend_coroutine_options options = {.size = sizeof(options),
                                               .keep_fpenv = keep_fpenv};
    struct cosend_coroutine *chain[DEEPEST + 1];
    double start, end;
    void *out;

    chain[0] = cosend_new(echo, NULL, &options, NULL);
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
    return send_through(0, false);
}

static double send_fpenv(void)
{
    return send_through(0, true);
}

static double send_1(void)
{
    return send_through(1, false);
}

static double send_10(void)
{
    return send_through(10, false);
}

static double send_100(void)
{
    return send_through(DEEPEST, false);
}

/* A loop over a source, each value a turn. */
static double iterate(void)
{
    struct cosend_coroutine *co = cosend_new(echo, NULL, NULL, NULL);
    double start = now(), end;
    void *value;
    int i = 0;

    COSEND_EACH(co, value)
    {
        if (++i == TURNS)
            break;
    }
    end = now();
    cosend_free(co);
    return (end - start) / TURNS;
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

/* ---- Memory -------------------------------------------------------------- */

static long resident_pages(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long pages = 0;

    if (file && fscanf(file, "%*d %ld", &pages) != 1)
        pages = 0;
    if (file)
        fclose(file);
    return pages;
}

/* Bytes of memory that a coroutine takes that waits at its first yield. */
static double suspended(void)
{
    enum { MANY = 10000 };
    static struct cosend_coroutine *all[MANY];
    long before = resident_pages(), after;

    for (int i = 0; i < MANY; i++)
        all[i] = cosend_start(echo, NULL, NULL, NULL);
    after = resident_pages();
    for (int i = 0; i < MANY; i++)
        cosend_free(all[i]);
    return (double)((after - before) * sysconf(_SC_PAGESIZE)) / MANY;
}

/* ---- The table ----------------------------------------------------------- */

enum job {
    CALL,
    BARE,
    FCONTEXT,
    UCONTEXT,
    SEND,
    SEND_FPENV,
    ITERATE,
    DELEGATE_1,
    DELEGATE_10,
    DELEGATE_100,
    CREATE,
    CREATE_RUN,
    PYTHON,
    PYTHON_1,
    PYTHON_10,
    PYTHON_100,
    JOBS
};

static const struct {
    const char *what;
    double (*run)(void);
} jobs[JOBS] = {
    [CALL] = {"call through a function pointer", function_pointer},
    [BARE] = {"bare switch, there and back", bare_pair},
    [FCONTEXT] = {"Boost.Context's fcontext, there and back", fcontext_pair},
    [UCONTEXT] = {"swapcontext, there and back", ucontext_pair},
    [SEND] = {"send round trip", send_plain},
    [SEND_FPENV] = {"send to one that has its FPU environment", send_fpenv},
    [ITERATE] = {"turn of COSEND_EACH", iterate},
    [DELEGATE_1] = {"send through yield_from, depth 1", send_1},
    [DELEGATE_10] = {"send through yield_from, depth 10", send_10},
    [DELEGATE_100] = {"send through yield_from, depth 100", send_100},
    [CREATE] = {"create and free", create},
    [CREATE_RUN] = {"create, prime, close, free", create_run},
    [PYTHON] = {"CPython send", NULL},
    [PYTHON_1] = {"CPython send, yield from, depth 1", NULL},
    [PYTHON_10] = {"CPython send, yield from, depth 10", NULL},
    [PYTHON_100] = {"CPython send, yield from, depth 100", NULL}};

static double times[JOBS][ROUNDS];

static double least(enum job job)
{
    double least = times[job][0];

    for (int round = 1; round < ROUNDS; round++)
        if (times[job][round] < least)
            least = times[job][round];
    return least;
}

static void ask_python(const char *python, const char *script, int round)
{
    char command[512];
    FILE *pipe;

    snprintf(command, sizeof(command), "%s %s", python, script);
    pipe = popen(command, "r");
    for (int job = PYTHON; job <= PYTHON_100; job++)
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
            times[job][round] = jobs[job].run ? jobs[job].run() : 0;
        if (argc == 3)
            ask_python(argv[1], argv[2], round);
    }
    printf("%-46s %8s %10s\n", "least of 9 rounds", "ns", "of a send");
    for (int job = 0; job < JOBS; job++)
        ns[job] = least((enum job)job);
    for (int job = 0; job < JOBS; job++)
        if (ns[job] > 0)
            printf("%-46s %8.2f %10.2f\n", jobs[job].what, ns[job],
                   ns[job] / ns[SEND]);
    printf("%-46s %8.0f\n", "bytes of memory, suspended", suspended());
    if (ns[FCONTEXT] > 0)
        promise("send / fcontext", ns[SEND] / ns[FCONTEXT], 0.65);
    else
        printf("fcontext: skipped, no libboost_context here\n");
    if (ns[PYTHON_100] > 0)
        promise("delegation at depth 100 / CPython's",
                ns[DELEGATE_100] / ns[PYTHON_100], 0.2);
    else
        printf("CPython: skipped, no python3 here\n");
    promise("create and free, ns", ns[CREATE], 30);
    promise("turn of COSEND_EACH / send", ns[ITERATE] / ns[SEND], 1.1);
    promise("send / bare switch pair", ns[SEND] / ns[BARE], 1.5);
    return 0;
}
