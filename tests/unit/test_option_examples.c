/* SPDX-License-Identifier: MIT */
/* The examples that help prints for options are values that are taken. */
#include "cosend.h"
#include "pipeline/option_spec.h"
#include "spec/row_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void every_option_takes_its_example(void **state)
{
    const struct cosend_filter *const *filter = cosend_builtin_filters();

    struct csi_text spec = {0};

    (void)state;
    for (; *filter; filter++) {
        struct cosend_option option;

        for (size_t i = 0; cosend_option_at((*filter)->options, i, &option);
             i++)
            if (option.example && !csi_option_spec(*filter, &option, &spec))
                fail_msg("%s: %s is not taken for %s", (*filter)->name,
                         option.example, option.name);
    }
    csi_text_free(&spec);
}

static void every_row_is_one_that_may_be_registered(void **state)
{
    const struct cosend_filter *const *filter = cosend_builtin_filters();

    (void)state;
    for (; *filter; filter++) {
        struct cosend_error error = {0};

        if (csi_row_check(*filter, &error) < 0)
            fail_msg("%s", error.message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_one_that_may_be_registered),
        cmocka_unit_test(every_option_takes_its_example),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
