/* SPDX-License-Identifier: MIT */
/*
 * Random programs: coroutines that make, resume, throw into, close, free and
 * delegate to each other in every order, from bodies and from what they defer.
 *
 * Nothing is known of what such a program should do, but this must hold:
 * - a value is freed once: by who took it, or by who offered it in vain;
 * - what is deferred is called once, outside, and cannot yield;
 * - a body that runs is current and RUNNING, whatever it did to others;
 * - a coroutine is freed when nobody needs it, and not before (under a
 *   sanitizer), and all are in the end.
 *
 * usage: test_coroutine_random [FIRST LAST]     programs by their numbers
 */
#include "coroutine.h"

#include "coroutine/sanitizer.h"

#include <stdio.h>
#include <stdlib.h>

enum { SLOTS = 7, STEPS = 150, VALUES = 8192, SOURCE_TURNS = 3 };

#if defined(CSI_TSAN)
enum { PROGRAMS = 500 };
#elif defined(CSI_ASAN)
enum { PROGRAMS = 4000 };
#else
enum { PROGRAMS = 20000 };
#endif

enum life { NOBODYS, OFFERED, GONE };

struct value {
    enum life life;
};

/* The world of one program. */
static struct {
    uint64_t random;
    int program, steps;
    struct cosend_coroutine *slot[SLOTS];
    struct value values[VALUES];
    int used;
    int deferred, called;
    int objects;
} world;

#define check(condition)                                                       \
    do {                                                                       \
        if (!(condition)) {                                                    \
            fprintf(stderr, "program %d: %s:%d: not %s\n", world.program,      \
                    __FILE__, __LINE__, #condition);                           \
            abort();                                                           \
        }                                                                      \
    } while (0)

/* Marsaglia's xorshift64. */
static unsigned below(unsigned limit)
{
    world.random ^= world.random << 13;
    world.random ^= world.random >> 7;
    world.random ^= world.random << 17;
    return (unsigned)(world.random >> 33) % limit;
}

/* ---- Values -------------------------------------------------------------- */

static struct value *offer(void)
{
    struct value *value;

    if (world.used == VALUES || below(4) == 0)
        return NULL;
    value = &world.values[world.used++];
    value->life = OFFERED;
    return value;
}

static void take(void *it)
{
    struct value *value = it;

    if (!value)
        return;
    check(value->life == OFFERED);
    value->life = GONE;
}

static void dispose(void *value, void *context)
{
    (void)context;
    take(value);
}

static void report(const struct cosend_error *error, void *context)
{
    (void)context;
    check(error->kind < 0);
}

static void *counting_malloc(size_t size)
{
    world.objects++;
    return malloc(size);
}

static void counting_free(void *memory)
{
    world.objects -= memory != NULL;
    free(memory);
}

/* ---- Steps --------------------------------------------------------------- */

static int run_body(struct cosend_coroutine *self, void *argument);

static struct cosend_error some_error(void)
{
    struct cosend_error error = {0};
    int kind = below(4) ? COSEND_E_USER - (int)below(3) : COSEND_E_EXIT;
    unsigned number = below(2);

    cosend_error_set(&error, kind, "error %u", number);
    return error;
}

static void make_one(unsigned i)
{
    static const struct cosend_coroutine_options options = {
        .size = sizeof(options),
        .dispose = dispose,
        .report = report,
        .stack_size = 128 * 1024};
    struct cosend_coroutine_options own = options;

    own.keep_fpenv = below(4) == 0;
    if (!world.slot[i])
        world.slot[i] = cosend_new(run_body, NULL, &own, NULL);
}

static void send_to(unsigned i)
{
    struct cosend_coroutine *co = world.slot[i];
    struct value *value = offer();
    void *out = NULL, **where = below(4) ? &out : NULL;
    int outcome = cosend_send(co, value, where, NULL);

    take(out);
    if (!value)
        return;
    /* It may have ended, and been freed by what it deferred. */
    if (world.slot[i] == co && outcome != COSEND_DONE)
        check(cosend_taken(co) == (value->life == GONE));
    if (value->life == OFFERED)
        take(value);
}

static void throw_into(unsigned i)
{
    struct cosend_error thrown = some_error(), error = {0};
    void *out;

    cosend_throw(world.slot[i], &thrown, &out, below(2) ? &error : NULL);
    take(out);
}

static void close_one(unsigned i)
{
    void *out = NULL;

    cosend_close(world.slot[i], below(2) ? &out : NULL, NULL);
    take(out);
}

static void free_one(unsigned i)
{
    struct cosend_coroutine *co = world.slot[i];

    if (cosend_state(co) != COSEND_RUNNING)
        world.slot[i] = NULL;
    cosend_free(co);
}

static void iterate_over(unsigned i)
{
    void *value;

    for (int turn = 0; turn < SOURCE_TURNS && world.slot[i]; turn++) {
        if (!cosend_each(world.slot[i], &value))
            break;
        take(value);
    }
}

/* One of what anybody can do. */
static void act(void)
{
    unsigned i = below(SLOTS);

    make_one(i);
    switch (below(10)) {
    case 0:
    case 1:
    case 2:
        send_to(i);
        break;
    case 3:
    case 4:
        throw_into(i);
        break;
    case 5:
        close_one(i);
        break;
    case 6:
    case 7:
        free_one(i);
        break;
    case 8:
        iterate_over(i);
        break;
    }
}

/* ---- Bodies -------------------------------------------------------------- */

/* What is deferred: it acts, and tries to yield for whom it must not. */
static void call_deferred(void *co)
{
    struct cosend_coroutine *current = cosend_current();

    world.called++;
    check(current != co);
    check(cosend_state(co) == COSEND_CLOSED);
    check(cosend_yield(co, NULL, NULL) == COSEND_E_USAGE);
    if (current)
        check(cosend_yield(current, NULL, NULL) == COSEND_E_USAGE);
    if (world.steps > 0 && world.steps-- && below(2))
        act();
    check(cosend_current() == current);
}

/* Yields. Returns whether the body is to go on. */
static bool yield_once(struct cosend_coroutine *self)
{
    void *in = NULL;
    int signal = cosend_yield(self, offer(), &in);

    take(in);
    if (signal == COSEND_GOT)
        return true;
    check(signal == COSEND_CLOSING || signal == COSEND_THROWN);
    check(cosend_thrown(self));
    if (below(3) == 0)
        cosend_handled(self);
    return below(3) == 0;
}

static bool delegate_once(struct cosend_coroutine *self)
{
    struct cosend_coroutine *sub = world.slot[below(SLOTS)];
    void *result = NULL, **where;
    int signal;

    if (!sub)
        return true;
    where = below(4) ? &result : NULL;
    signal = cosend_yield_from(self, sub, where);
    check(!cosend_delegate(self));
    if (signal == COSEND_GOT) {
        take(result);
        return true;
    }
    check(signal == COSEND_CLOSING || signal == COSEND_THROWN);
    check(cosend_thrown(self));
    return below(2) == 0;
}

/* Does something as a body. Returns whether it is to go on. */
static bool step(struct cosend_coroutine *self)
{
    switch (below(8)) {
    case 0:
    case 1:
        return yield_once(self);
    case 2:
    case 3:
        return delegate_once(self);
    case 4:
        if (below(3) == 0 &&
            cosend_defer(self, call_deferred, self) == COSEND_OK)
            world.deferred++;
        return true;
    case 5:
        if (cosend_thrown(self) && below(2))
            cosend_handled(self);
        return true;
    default:
        act();
        return true;
    }
}

static int end_body(struct cosend_coroutine *self)
{
    if (below(2))
        cosend_return(self, offer());
    if (below(8) == 0)
        return COSEND_DONE;
    if (below(4) == 0)
        return cosend_raise(self, COSEND_E_USER - 7, "raised");
    if (cosend_thrown(self) && below(2))
        return cosend_reraise(self);
    return 0;
}

static int run_body(struct cosend_coroutine *self, void *argument)
{
    bool going_on = true;

    (void)argument;
    while (going_on && world.steps > 0 && below(12)) {
        world.steps--;
        going_on = step(self);
        check(cosend_current() == self);
        check(cosend_state(self) == COSEND_RUNNING);
    }
    return end_body(self);
}

/* ---- Programs ------------------------------------------------------------ */

static void run_program(int number)
{
    memset(&world, 0, sizeof(world));
    world.program = number;
    world.random = (uint64_t)number * 0x9e3779b97f4a7c15u + 1;
    for (int i = 0; i < 20; i++)
        below(2);
    world.steps = STEPS;
    cosend_set_allocator(counting_malloc, realloc, counting_free);
    while (world.steps-- > 0) {
        act();
        check(!cosend_current());
    }
    for (int i = 0; i < SLOTS; i++)
        cosend_free(world.slot[i]);
    cosend_set_allocator(NULL, NULL, NULL);
    for (int i = 0; i < world.used; i++)
        check(world.values[i].life != OFFERED);
    check(world.called == world.deferred);
    check(world.objects == 0);
}

static void nothing_breaks_in_random_programs(void **state)
{
    (void)state;
    for (int number = 0; number < PROGRAMS; number++)
        run_program(number);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_breaks_in_random_programs),
    };

    if (argc != 3)
        return cmocka_run_group_tests(tests, NULL, NULL);
    for (int number = atoi(argv[1]); number <= atoi(argv[2]); number++)
        run_program(number);
    return 0;
}
