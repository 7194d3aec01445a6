/* SPDX-License-Identifier: MIT */
/*
 * As much of cmocka as the tests of coroutines use, for a cross compiler that
 * has no cmocka of its architecture. A failed assertion ends the program.
 */
#ifndef TESTS_AARCH64_CMOCKA_H
#define TESTS_AARCH64_CMOCKA_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct CMUnitTest {
    const char *name;
    void (*run)(void **state);
};

#define cmocka_unit_test(test)                                                 \
    {                                                                          \
#test, test                                                            \
    }

#define cmocka_run_group_tests(tests, setup, teardown)                         \
    cmocka_run(tests, sizeof(tests) / sizeof((tests)[0]))

#define skip() return

#define assert_true(condition)                                                 \
    do {                                                                       \
        if (!(condition)) {                                                    \
            printf("%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);     \
            exit(1);                                                           \
        }                                                                      \
    } while (0)
#define assert_false(condition)  assert_true(!(condition))
#define assert_null(pointer)     assert_true(!(pointer))
#define assert_non_null(pointer) assert_true((pointer) != NULL)
#define assert_int_equal(a, b)   assert_true((long long)(a) == (long long)(b))
#define assert_ptr_equal(a, b)                                                 \
    assert_true((const void *)(a) == (const void *)(b))
#define assert_string_equal(a, b)       assert_true(strcmp((a), (b)) == 0)
#define assert_memory_equal(a, b, size) assert_true(memcmp(a, b, size) == 0)

static inline int cmocka_run(const struct CMUnitTest *tests, size_t count)
{
    void *state = NULL;

    for (size_t i = 0; i < count; i++)
        tests[i].run(&state);
    printf("%zu tests passed\n", count);
    return 0;
}

#endif
