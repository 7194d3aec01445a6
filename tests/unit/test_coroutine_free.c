/* SPDX-License-Identifier: MIT */
/*
 * Rules 67 to 73 of the yield data model: finalisation. And what else must
 * hold of memory: nothing leaks, and every allocation may fail.
 */
#include "coroutine.h"
#include "rounds.h"
#include "sanitized.h"

#include "coroutine/sanitizer.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What the hooks of a coroutine were told. */
struct told {
    int reports, kind[4];
    int disposals, disposed;
};

static void on_report(const struct cosend_error *error, void *context)
{
    struct told *told = context;

    if (told->reports < 4)
        told->kind[told->reports] = error->kind;
    told->reports++;
}

static void on_dispose(void *value, void *context)
{
    struct told *told = context;

    told->disposals++;
    told->disposed += (int)(intptr_t)value;
}

static struct cosend_coroutine *started_told(cosend_body body, void *argument,
                                             struct told *told)
{
    struct cosend_coroutine_options options = {.size = sizeof(options),
                                               .dispose = on_dispose,
                                               .report = on_report,
                                               .context = told};
    struct cosend_coroutine *co = cosend_new(body, argument, &options, NULL);
    void *first;

    memset(told, 0, sizeof(*told));
    cosend_prime(co, &first, NULL);
    return co;
}

static void rule_67_free_closes(void **state)
{
    struct cosend_coroutine *co = started(echo, NULL);

    (void)state;
    start_log();
    cosend_free(co);
    assert_string_equal(log_text, "out ");
    cosend_free(NULL);
}

static void rule_68_free_of_a_created_one_runs_nothing(void **state)
{
    struct cosend_coroutine *co = make(echo, NULL);

    (void)state;
    start_log();
    cosend_free(co);
    assert_string_equal(log_text, "");
}

static void rule_69_errors_go_to_the_report_hook(void **state)
{
    struct told told;

    (void)state;
    cosend_free(started_told(replaces, NULL, &told));
    assert_int_equal(told.reports, 1);
    assert_int_equal(told.kind[0], E_KEY);
}

static void rule_69_an_ignored_exit_is_reported_and_insisted_on(void **state)
{
    struct told told;

    (void)state;
    cosend_free(started_told(handles, NULL, &told));
    assert_int_equal(told.reports, 1);
    assert_int_equal(told.kind[0], COSEND_E_IGNORED_EXIT);
    assert_int_equal(told.disposed, 7);
}

static int refuses(struct cosend_coroutine *self, void *argument)
{
    int limit = *(int *)argument;

    cosend_defer(self, note_argument, "deferred");
    for (int i = 0; limit == 0 || i < limit; i++)
        cosend_yield(self, NULL, NULL);
    note("end ");
    return 0;
}

static void free_lets_a_body_that_yields_in_its_cleanup_end(void **state)
{
    int yields = COSEND_REFUSALS;
    struct told told;

    (void)state;
    start_log();
    cosend_free(started_told(refuses, &yields, &told));
    assert_string_equal(log_text, "end deferred");
    assert_int_equal(told.reports, 1);
    assert_int_equal(told.kind[0], COSEND_E_IGNORED_EXIT);
}

static void free_gives_up_one_that_never_ends(void **state)
{
    int forever = 0;
    struct told told;

    (void)state;
    start_log();
    cosend_free(started_told(refuses, &forever, &told));
    assert_string_equal(log_text, "deferred");
    assert_int_equal(told.reports, 2);
    assert_int_equal(told.kind[0], COSEND_E_IGNORED_EXIT);
    assert_int_equal(told.kind[1], COSEND_E_LIMIT);
    assert_int_equal(told.disposals, 0);
}

static void rule_70_a_return_value_is_disposed_of(void **state)
{
    struct told told;

    (void)state;
    cosend_free(started_told(handles_and_returns, NULL, &told));
    assert_int_equal(told.reports, 0);
    assert_int_equal(told.disposed, 42);
}

static void rule_71_free_finalises_the_inner_first(void **state)
{
    struct cosend_coroutine *inner = make(echo, NULL);
    struct cosend_coroutine *outer = started(delegates, inner);

    (void)state;
    start_log();
    cosend_free(outer);
    assert_string_equal(log_text, "out closing ");
    assert_int_equal(cosend_state(inner), COSEND_CLOSED);
    cosend_free(inner);
}

/* Rules 72 and 73 are about the end of the interpreter and resurrection. */

static int frees(struct cosend_coroutine *self, void *argument)
{
    struct cosend_coroutine **other = argument;

    cosend_free(*other ? *other : self);
    cosend_yield(self, NULL, NULL);
    return cosend_reraise(self);
}

static void a_running_one_is_not_freed(void **state)
{
    struct cosend_coroutine *itself = NULL;
    struct told told;
    struct cosend_coroutine *co = started_told(frees, &itself, &told);

    (void)state;
    assert_int_equal(told.reports, 1);
    assert_int_equal(told.kind[0], COSEND_E_RUNNING);
    assert_int_equal(cosend_state(co), COSEND_SUSPENDED);
    cosend_free(co);
}

static void *free_in_thread(void *co)
{
    cosend_free(co);
    return NULL;
}

static void another_thread_cannot_free(void **state)
{
    struct told told;
    struct cosend_coroutine *co = started_told(echo, NULL, &told);
    pthread_t thread;

    (void)state;
    pthread_create(&thread, NULL, free_in_thread, co);
    pthread_join(thread, NULL);
    assert_int_equal(told.reports, 1);
    assert_int_equal(told.kind[0], COSEND_E_THREAD);
    assert_int_equal(cosend_state(co), COSEND_SUSPENDED);
    cosend_free(co);
}

static void values_nobody_takes_are_disposed_of(void **state)
{
    struct told told;
    struct cosend_coroutine *co = started_told(one_then_42, NULL, &told);

    (void)state;
    cosend_next(co, NULL, NULL);
    assert_int_equal(told.disposed, 42);
    cosend_free(co);
    co = started_told(one_then_error, NULL, &told);
    assert_false(cosend_each(co, &(void *){NULL}));
    assert_int_equal(told.kind[0], E_VALUE);
    cosend_free(co);
}

static void deferred_work_is_done_however_it_ends(void **state)
{
    struct cosend_error thrown = error_of(E_VALUE, "bad");
    struct cosend_coroutine *co;

    (void)state;
    for (int end = 0; end < 4; end++) {
        start_log();
        co = make(one_then_42, NULL);
        assert_int_equal(cosend_defer(co, note_argument, "done"), COSEND_OK);
        if (end > 0)
            cosend_next(co, NULL, NULL);
        if (end == 1)
            cosend_next(co, NULL, NULL);
        if (end == 2)
            cosend_throw(co, &thrown, NULL, NULL);
        if (end == 1 || end == 2)
            assert_string_equal(log_text, "done");
        cosend_free(co);
        assert_string_equal(log_text, "done");
    }
}

static int fails_at_once(struct cosend_coroutine *self, void *argument)
{
    (void)argument;
    return cosend_raise(self, E_VALUE, "not today");
}

static void a_coroutine_that_cannot_be_is_refused(void **state)
{
    struct cosend_coroutine_options huge = {.size = sizeof(huge),
                                            .stack_size = SIZE_MAX};
    struct cosend_coroutine_options large = {.size = sizeof(large),
                                             .stack_size = SIZE_MAX / 8};
    struct cosend_error error = {0};

    (void)state;
    assert_null(cosend_new(NULL, NULL, NULL, &error));
    assert_int_equal(error.kind, COSEND_E_TYPE);
    memset(&error, 0, sizeof(error));
    assert_null(cosend_new(echo, NULL, &huge, &error));
    assert_int_equal(error.kind, COSEND_E_TYPE);
    memset(&error, 0, sizeof(error));
    assert_null(cosend_new(echo, NULL, &large, &error));
    assert_int_equal(error.kind, COSEND_E_LIMIT);
    assert_non_null(strstr(error.message, "vm.max_map_count"));
    memset(&error, 0, sizeof(error));
    assert_null(cosend_start(fails_at_once, NULL, NULL, &error));
    assert_int_equal(error.kind, E_VALUE);
}

static int fills_its_stack(struct cosend_coroutine *self, void *size)
{
    volatile char room[32 * 1024];

    (void)size;
    memset((char *)room, 1, sizeof(room));
    cosend_yield(self, V(room[7]), NULL);
    return cosend_reraise(self);
}

static void a_stack_is_as_large_as_asked(void **state)
{
    (void)state;
    for (size_t kib = 1; kib <= 4096; kib *= 4) {
        struct cosend_coroutine_options options = {.size = sizeof(options),
                                                   .stack_size = kib * 1024};
        struct cosend_coroutine *co =
            cosend_new(kib < 64 ? echo : fills_its_stack, NULL, &options, NULL);

        assert_non_null(co);
        assert_int_equal(cosend_prime(co, NULL, NULL), COSEND_YIELD);
        cosend_free(co);
    }
}

static int reads_guard(struct cosend_coroutine *self, void *argument)
{
    /* Not a variable's address: a sanitizer may have moved those elsewhere. */
    const char *here = __builtin_frame_address(0);
    const char *name = "";
    size_t size = 0, below = 0;

    (void)self;
    (void)argument;
    if (cosend_stack_overflow(here, &name, &size))
        return E_VALUE;
    while (below < 8u << 20 &&
           !cosend_stack_overflow(here - below, &name, &size))
        below += 4096;
    return strcmp(name, "deep") == 0 && size >= 60000 && below <= size + 4096
               ? 0
               : E_KEY;
}

static void a_fault_in_the_guard_is_an_overflow(void **state)
{
    struct cosend_coroutine_options options = {
        .size = sizeof(options), .name = "deep", .stack_size = 64 * 1024};
    struct cosend_coroutine *co = cosend_new(reads_guard, NULL, &options, NULL);
    const char *name;
    size_t size;

    (void)state;
    assert_int_equal(cosend_next(co, NULL, NULL), COSEND_DONE);
    assert_false(cosend_stack_overflow(&co, &name, &size));
    cosend_free(co);
}

static void a_name_is_copied_and_cut(void **state)
{
    char name[100];
    struct cosend_coroutine_options options = {.size = sizeof(options),
                                               .name = name};
    struct cosend_coroutine *co;

    (void)state;
    memset(name, 'x', sizeof(name));
    name[99] = '\0';
    co = cosend_new(echo, NULL, &options, NULL);
    name[0] = 'y';
    assert_int_equal(strlen(cosend_name(co)), 63);
    assert_int_equal(cosend_name(co)[0], 'x');
    cosend_free(co);
}

/* ---- Memory -------------------------------------------------------------- */

static int allocated, until_failure = -1;

static void *counting_malloc(size_t size)
{
    void *memory;

    if (until_failure == 0 || (until_failure > 0 && until_failure-- == 1)) {
        until_failure = 0;
        return NULL;
    }
    memory = malloc(size);
    allocated += memory != NULL;
    return memory;
}

static void counting_free(void *memory)
{
    allocated -= memory != NULL;
    free(memory);
}

static int defers_many(struct cosend_coroutine *self, void *argument)
{
    for (int i = 0; i < 5; i++)
        if (cosend_defer(self, note_argument, "d") != COSEND_OK)
            return cosend_raise(self, COSEND_E_MEMORY, "no memory");
    cosend_yield(self, argument, NULL);
    return cosend_reraise(self);
}

static void every_allocation_may_fail(void **state)
{
    bool succeeded = false;

    (void)state;
    cosend_set_allocator(counting_malloc, realloc, counting_free);
    for (int n = 1; !succeeded && n < 100; n++) {
        struct cosend_error error = {0};
        struct cosend_coroutine *co;

        start_log();
        until_failure = n;
        co = cosend_start(defers_many, NULL, NULL, &error);
        succeeded = co != NULL;
        assert_int_equal(error.kind, succeeded ? 0 : COSEND_E_MEMORY);
        cosend_free(co);
        if (n > 1)
            assert_int_equal(strlen(log_text), n - 2 < 5 ? n - 2 : 5);
        assert_int_equal(allocated, 0);
    }
    until_failure = -1;
    cosend_set_allocator(NULL, NULL, NULL);
    assert_true(succeeded);
}

/* Sanitizers cannot live with a limit, and emulators do not enforce it. */
static bool limit_memory(struct rlimit *old)
{
#if SANITIZED
    (void)old;
    return false;
#else
    struct rlimit none;
    void *probe;

    if (getrlimit(RLIMIT_AS, old) != 0)
        return false;
    none = *old;
    none.rlim_cur = 1;
    if (setrlimit(RLIMIT_AS, &none) != 0)
        return false;
    probe = mmap(NULL, 1 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (probe == MAP_FAILED)
        return true;
    munmap(probe, 1 << 20);
    setrlimit(RLIMIT_AS, old);
    return false;
#endif
}

static void no_room_for_a_stack_is_an_error(void **state)
{
    struct cosend_coroutine_options options = {.size = sizeof(options),
                                               .stack_size = 3 << 20};
    struct cosend_error error = {0};
    struct cosend_coroutine *co;
    struct rlimit old;

    (void)state;
    if (!limit_memory(&old))
        skip();
    co = cosend_new(echo, NULL, &options, &error);
    assert_int_equal(setrlimit(RLIMIT_AS, &old), 0);
    assert_null(co);
    assert_int_equal(error.kind, COSEND_E_LIMIT);
}

static void many_cycles_leak_nothing(void **state)
{
    const int rounds = rounds_of(100000);
    struct cosend_coroutine *co;

    (void)state;
    cosend_set_allocator(counting_malloc, realloc, counting_free);
    for (int i = 0; i < rounds; i++) {
        co = cosend_new(i % 2 ? echo : one_then_42, NULL, NULL, NULL);
        cosend_defer(co, note_argument, "");
        for (int j = 0; j < i % 4; j++)
            cosend_next(co, NULL, NULL);
        if (i % 5 == 0)
            cosend_close(co, NULL, NULL);
        cosend_free(co);
    }
    cosend_set_allocator(NULL, NULL, NULL);
    assert_int_equal(allocated, 0);
}

/* Whether the kernel has guards that are no mappings of their own. */
static bool guards_are_marks(void)
{
    enum { INSTALL = 102 }; /* MADV_GUARD_INSTALL, Linux 6.13 */
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    bool marks;

    if (page == MAP_FAILED || RUNNING_ON_VALGRIND)
        return false;
    errno = 0;
    marks =
        madvise(page, 4096, INSTALL) == 0 &&
        syscall(SYS_futex, page, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0) < 0 &&
        errno == EFAULT;
    munmap(page, 4096);
    return marks;
}

static void no_number_of_mappings_limits_coroutines(void **state)
{
    enum { MANY = 40000 };
    static struct cosend_coroutine *all[MANY];
    struct cosend_coroutine_options options = {.size = sizeof(options),
                                               .stack_size = 16 * 1024};

    (void)state;
    if (SANITIZED)
        skip();
    if (!guards_are_marks())
        skip();
    for (int i = 0; i < MANY; i++)
        all[i] = cosend_new(one_then_42, NULL, &options, NULL);
    for (int i = 0; i < MANY; i++)
        assert_non_null(all[i]);
    /* Every other one first, so that holes come between those that are left. */
    for (int i = 0; i < 2 * MANY; i += 2)
        cosend_free(all[i < MANY ? i : i - MANY + 1]);
}

static void *use_many(void *argument)
{
    enum { MANY = 200 };
    struct cosend_coroutine *co[MANY];

    for (int i = 0; i < MANY; i++)
        co[i] = cosend_start(one_then_42, argument, NULL, NULL);
    for (int i = 0; i < MANY; i++)
        if (i % 2)
            cosend_next(co[i], NULL, NULL);
    for (int i = 0; i < MANY; i++)
        cosend_free(co[i]);
    return NULL;
}

static void threads_use_and_free_their_own_stacks(void **state)
{
    pthread_t threads[4];

    (void)state;
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 4; i++)
            assert_int_equal(pthread_create(&threads[i], NULL, use_many, NULL),
                             0);
        for (int i = 0; i < 4; i++)
            pthread_join(threads[i], NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rule_67_free_closes),
        cmocka_unit_test(rule_68_free_of_a_created_one_runs_nothing),
        cmocka_unit_test(rule_69_errors_go_to_the_report_hook),
        cmocka_unit_test(rule_69_an_ignored_exit_is_reported_and_insisted_on),
        cmocka_unit_test(free_lets_a_body_that_yields_in_its_cleanup_end),
        cmocka_unit_test(free_gives_up_one_that_never_ends),
        cmocka_unit_test(rule_70_a_return_value_is_disposed_of),
        cmocka_unit_test(rule_71_free_finalises_the_inner_first),
        cmocka_unit_test(a_running_one_is_not_freed),
        cmocka_unit_test(another_thread_cannot_free),
        cmocka_unit_test(values_nobody_takes_are_disposed_of),
        cmocka_unit_test(deferred_work_is_done_however_it_ends),
        cmocka_unit_test(a_coroutine_that_cannot_be_is_refused),
        cmocka_unit_test(a_stack_is_as_large_as_asked),
        cmocka_unit_test(a_fault_in_the_guard_is_an_overflow),
        cmocka_unit_test(a_name_is_copied_and_cut),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(no_room_for_a_stack_is_an_error),
        cmocka_unit_test(many_cycles_leak_nothing),
        cmocka_unit_test(no_number_of_mappings_limits_coroutines),
        cmocka_unit_test(threads_use_and_free_their_own_stacks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
