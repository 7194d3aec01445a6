/* SPDX-License-Identifier: MIT */
/* Forms of lines that have a name: each takes its own example, and no bytes are
   a line of none. */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void each_form_is_described(void **state)
{
    struct cosend_bytes bytes = {0};

    (void)state;
    for (size_t i = 0; cosend_log_form_names[i]; i++) {
        cosend_bytes_clear(&bytes);
        cosend_log_form_describe(i, &bytes);
        assert_false(bytes.failed);
        assert_true(bytes.length > 10);
        /* All but auto are one of these. */
        assert_int_equal(!cosend_log_forms[i].access +
                             !cosend_log_forms[i].lines +
                             !cosend_log_forms[i].pairs,
                         strcmp(cosend_log_form_names[i], "auto") ? 2 : 3);
    }
    cosend_bytes_free(&bytes);
}

/* That of a name that means the form of another is the other's. */
static void every_form_of_access_log_has_its_name(void **state)
{
    (void)state;
    for (size_t k = 0; cosend_access_logs[k]; k++) {
        size_t i = 0;

        while (cosend_log_form_names[i] &&
               strcmp(cosend_log_form_names[i], cosend_access_logs[k]->name))
            i++;
        assert_non_null(cosend_log_form_names[i]);
        assert_ptr_equal(cosend_log_forms[i].access, cosend_access_logs[k]);
    }
}

static void assert_example(const struct cosend_line_form *form)
{
    struct cosend_cell parts[COSEND_LINE_FIELDS];
    struct cosend_bytes bytes = {0};
    struct cosend_cell line = cosend_text(form->example, strlen(form->example));
    const char *where = form->cut(form, line, parts);

    if (where)
        fail_msg("%s: its example is none, at its %s", form->name, where);
    for (uint32_t k = 0; k < form->count; k++) {
        struct cosend_cell value =
            cosend_line_value(&form->fields[k], parts[k], &bytes);

        assert_false(bytes.failed);
        if (!form->fields[k].make)
            assert_ptr_equal(value.data, parts[k].data);
    }
    cosend_bytes_free(&bytes);
}

static void an_example_is_a_line_and_nothing_is_none(void **state)
{
    struct cosend_cell parts[COSEND_LINE_FIELDS];
    struct cosend_cell none = {0};

    (void)state;
    for (size_t i = 0; cosend_log_form_names[i]; i++) {
        const struct cosend_line_form *form = cosend_log_forms[i].lines;

        if (!form)
            continue;
        assert_in_range(form->count, 1, COSEND_LINE_FIELDS);
        assert_example(form);
        assert_non_null(form->cut(form, none, parts));
        assert_non_null(form->cut(form, cosend_text("", 0), parts));
        assert_int_equal(cosend_line_value(&form->fields[0], none, NULL).kind,
                         COSEND_ABSENT);
    }
}

/* A form's own example is of it, or of one that says as much. */
static void the_form_of_a_line_is_found(void **state)
{
    struct cosend_cell none = {0};

    (void)state;
    assert_int_equal(cosend_log_form_of(none), -1);
    assert_int_equal(cosend_log_form_of(cosend_text("", 0)), -1);
    assert_int_equal(cosend_log_form_of(cosend_text("no log", 6)), -1);
    for (size_t i = 0; cosend_log_form_names[i]; i++) {
        const struct cosend_line_form *form = cosend_log_forms[i].lines;
        int found;

        if (!form)
            continue;
        found = cosend_log_form_of(
            cosend_text(form->example, strlen(form->example)));
        if (found != (int)i &&
            (found < 0 || strcmp(form->name, "systemd") != 0 ||
             strcmp(cosend_log_form_names[found], "syslog") != 0))
            fail_msg("%s is taken for %s", form->name,
                     found < 0 ? "none" : cosend_log_form_names[found]);
    }
}

static void nothing_is_no_pattern(void **state)
{
    struct cosend_error error = {0};
    struct cosend_line_form *form;

    (void)state;
    cosend_line_form_free(NULL);
    assert_null(cosend_line_form_new(COSEND_LINE_LOG4J, "", 0, NULL));
    assert_null(cosend_line_form_new(COSEND_LINE_LOG4J, NULL, 0, &error));
    assert_int_equal(error.kind, COSEND_E_USAGE);
    form = cosend_line_form_new(COSEND_LINE_POSTGRES, "", 0, &error);
    assert_non_null(form);
    assert_int_equal(form->count, 2);
    cosend_line_form_free(form);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_is_described),
        cmocka_unit_test(every_form_of_access_log_has_its_name),
        cmocka_unit_test(an_example_is_a_line_and_nothing_is_none),
        cmocka_unit_test(the_form_of_a_line_is_found),
        cmocka_unit_test(nothing_is_no_pattern),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
