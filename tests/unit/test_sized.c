/* SPDX-License-Identifier: MIT */
/*
 * A struct that grew is understood whichever side has the older header, and no
 * byte behind a program's own is read or written.
 */
#include "base/sized.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* One struct by three headers. */
struct old {
    size_t size;
    uint64_t one;
};

struct now {
    size_t size;
    uint64_t one, two;
};

struct later {
    size_t size;
    uint64_t one, two, three;
};

static int take(struct now *own, const void *made, struct cosend_error *error)
{
    return csi_take_struct(own, sizeof(*own), sizeof(struct old), made,
                           "struct now", error);
}

static int fill(void *made, const struct now *own, struct cosend_error *error)
{
    return csi_fill_struct(made, sizeof(struct old), own, sizeof(*own),
                           "struct now", error);
}

static void any_header_is_understood(void **state)
{
    struct {
        struct old old;
        uint64_t behind;
    } before = {{sizeof(struct old), 1}, UINT64_MAX};
    struct now same = {.size = sizeof(same), .one = 1, .two = 2};
    struct later after = {.size = sizeof(after), .one = 1, .two = 2};
    struct now own;
    struct cosend_error error = {0};

    (void)state;
    memset(&own, 255, sizeof(own));
    assert_int_equal(take(&own, &before, &error), COSEND_OK);
    assert_true(own.size == sizeof(own) && own.one == 1 && own.two == 0);
    assert_int_equal(take(&own, &same, &error), COSEND_OK);
    assert_true(own.size == sizeof(own) && own.one == 1 && own.two == 2);
    assert_int_equal(take(&own, &after, &error), COSEND_OK);
    assert_true(own.size == sizeof(own) && own.one == 1 && own.two == 2);
    assert_int_equal(take(&own, NULL, &error), COSEND_OK);
    assert_true(own.size == sizeof(own) && own.one == 0 && own.two == 0);

    own = (struct now){.size = sizeof(own), .one = 3, .two = 4};
    assert_int_equal(fill(&before, &own, &error), COSEND_OK);
    assert_true(before.old.size == sizeof(struct old) && before.old.one == 3);
    assert_true(before.behind == UINT64_MAX);
    assert_int_equal(fill(&same, &own, &error), COSEND_OK);
    assert_true(same.size == sizeof(same) && same.one == 3 && same.two == 4);
    after.three = UINT64_MAX;
    assert_int_equal(fill(&after, &own, &error), COSEND_OK);
    assert_true(after.size == sizeof(after) && after.two == 4);
    assert_true(after.three == 0 && error.kind == 0);
}

static void a_size_that_cannot_be_is_refused(void **state)
{
    static const size_t sizes[] = {0, 1, sizeof(struct old) - 1, 4097,
                                   SIZE_MAX};
    struct now own = {.one = 5}, made = {.one = 6};

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct cosend_error error = {0};

        made.size = sizes[i];
        assert_int_equal(take(&own, &made, &error), COSEND_E_USAGE);
        assert_true(own.size == 0 && own.one == 5);
        assert_int_equal(fill(&made, &own, NULL), COSEND_E_USAGE);
        assert_true(made.size == sizes[i] && made.one == 6);
        assert_non_null(strstr(error.message, "{.size = sizeof(struct now)}"));
    }
}

static void what_only_a_later_version_knows_is_refused(void **state)
{
    struct later made = {.size = sizeof(made), .three = (uint64_t)1 << 63};
    struct now own = {.one = 5};
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(take(&own, &made, &error), COSEND_E_USAGE);
    assert_int_equal(own.one, 5);
    assert_non_null(strstr(error.message, "is not zero: made for a later"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_header_is_understood),
        cmocka_unit_test(a_size_that_cannot_be_is_refused),
        cmocka_unit_test(what_only_a_later_version_knows_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
