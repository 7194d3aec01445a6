/* SPDX-License-Identifier: MIT */
/* Filters of one's own beside the built-in ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "spec_fakes.h"

static int refuse(const char *name, const char *aliases)
{
    struct cosend_filter filter = {
        .name = name, .aliases = aliases, .body = fake_body};
    struct cosend_error error = {0};
    int status = cosend_register(&filter, &error);

    assert_int_equal(error.kind, status);
    return status;
}

static void names_that_mean_something_else_are_refused(void **state)
{
    (void)state;
    assert_int_equal(refuse("grep", NULL), COSEND_E_USAGE);
    assert_int_equal(refuse("mine", "x mean"), COSEND_E_USAGE);
    assert_int_equal(refuse("run", NULL), COSEND_E_USAGE);
    assert_int_equal(refuse("on_error", NULL), COSEND_E_USAGE);
    assert_int_equal(refuse("two words", NULL), COSEND_E_USAGE);
    assert_int_equal(refuse("", NULL), COSEND_E_USAGE);
    assert_null(cosend_find_filter("mine"));
}

static void a_registered_filter_is_found_by_every_name(void **state)
{
    static const struct cosend_filter mine = {
        .name = "mine", .aliases = "my own", .body = fake_body};
    struct cosend_error error = {0};
    const struct cosend_filter *filter, *last = NULL;
    size_t count = 0;
    bool seen = false;
    struct csi_plan *plan;

    (void)state;
    assert_int_equal(cosend_register(&mine, &error), COSEND_OK);
    assert_ptr_equal(cosend_find_filter("own"), &mine);
    assert_ptr_equal(cosend_find_filter("averager"), &fake_average);
    for (; (filter = cosend_filter_at(count)); count++, last = filter) {
        seen |= filter == &mine;
        assert_true(!last || strcmp(last->name, filter->name) <= 0);
    }
    assert_true(seen);
    assert_int_equal(count, 13);
    plan = csi_plan_from_line("my | mine", NULL, &fake_ends, &error);
    assert_non_null(plan);
    assert_string_equal(plan->nodes[2].id, "mine_2");
    csi_plan_free(plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_mean_something_else_are_refused),
        cmocka_unit_test(a_registered_filter_is_found_by_every_name)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
