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

/* The example of a form that has one; or NULL. */
static const char *example_of(size_t i)
{
    const struct cosend_log_form *form = &cosend_log_forms[i];

    return form->lines   ? form->lines->example
           : form->pairs ? form->pairs->example
                         : NULL;
}

/* What the example of a form is taken for, where it is not that form: what says
   as much, or nothing. */
static const char *taken_for(const char *name)
{
    static const char *const others[][2] = {
        {"systemd", "syslog"}, {"csv", ""}, {"kv", ""}, {"w3c", "timed"}};

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (strcmp(others[i][0], name) == 0)
            return others[i][1];
    return name;
}

static void expect_form(const char *line, const char *name)
{
    int found = cosend_log_form_of(cosend_text(line, strlen(line)));
    const char *taken = found < 0 ? "" : cosend_log_form_names[found];

    if (strcmp(taken, name) != 0)
        fail_msg("\"%s\" is taken for %s and not %s", line,
                 *taken ? taken : "none", *name ? name : "none");
}

static void the_form_of_a_line_is_found(void **state)
{
    struct cosend_cell none = {0};

    (void)state;
    assert_int_equal(cosend_log_form_of(none), -1);
    for (size_t i = 0; cosend_log_form_names[i]; i++)
        if (example_of(i) && strcmp(example_of(i), "a=1; b=2") != 0)
            expect_form(example_of(i), taken_for(cosend_log_form_names[i]));
}

static void a_line_that_may_be_anything_is_of_no_form(void **state)
{
    (void)state;
    expect_form("", "");
    expect_form("no log", "");
    expect_form("a,b,c", "");
    expect_form("a: 1, b: 2", "");
    expect_form("a=1", "");
    expect_form("a=1 b", "");
    expect_form("b a=1 c=2", "");
    expect_form("a=1 b=", "logfmt");
    expect_form("[1,2]", "");
    expect_form("{\"a\":", "");
    expect_form("{}", "json");
    expect_form("#!/bin/sh", "");
    expect_form("#Version: 1.0", "w3c");
    expect_form("#fields: a b", "w3c");
}

/* What stands behind a time, or in front of an address, tells forms apart. */
static void a_line_that_may_be_of_two_forms_is_of_the_right_one(void **state)
{
    (void)state;
    expect_form("2024-04-24T21:09:29Z web-1.example app[7]: m", "syslog");
    expect_form("2024-04-24T21:09:29Z web-1 m", "timed");
    expect_form("2024-04-24T21:09:29Z web-1.example.org m", "syslog");
    expect_form("2024-04-24T21:09:29Z 192.0.2.1 m", "timed");
    expect_form("2024-04-24T21:09:29Z 0 [Note] [N-1] m", "mysql_error");
    expect_form("2024-04-24T21:09:29Z a=b c", "timed");
    expect_form("2024-04-24T21:09:29Z INFO app[7]: m", "log4j");
    expect_form("www:443 10.0.0.1 - ann [10/Oct/2000:13:55:36 -0700] "
                "\"GET / HTTP/1.0\" 200 23 \"-\" \"curl\"",
                "vhost_combined");
    expect_form("2001:db8::1 - ann [10/Oct/2000:13:55:36 -0700] "
                "\"GET / HTTP/1.0\" 200 23 \"-\" \"curl\"",
                "combined");
    expect_form("10.0.0.1 - ann lee [10/Oct/2000:13:55:36 -0700] "
                "\"GET / HTTP/1.0\" 200 23 \"-\" \"curl\"",
                "combined");
}

/* ---- In the options of a filter ------------------------------------------ */

struct own {
    struct cosend_program_options programs;
};

static const struct cosend_option own_options[] = {
    {.name = "programs",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct own, programs),
     .group = cosend_program_options},
    {.name = NULL}};

static const char *asked; /* an option */
static uint32_t fields;   /* what its lines have */

static void check_own(struct cosend_check *check, void *memory)
{
    const struct own *own = memory;
    struct cosend_access_log *log;
    struct cosend_line_form *form;

    fields = 0;
    if (strcmp(asked, "nginx") == 0 || strcmp(asked, "apache") == 0) {
        log = cosend_check_access_log(check, asked, &own->programs, false);
        fields = log ? log->count : 0;
        cosend_access_log_free(log);
        return;
    }
    form = cosend_check_line_form(check, asked, &own->programs);
    fields = form ? form->count : 0;
    cosend_line_form_free(form);
}

static int pass_all(struct cosend_stage *self, void *options)
{
    struct cosend_record record;

    (void)options;
    while (cosend_receive(self, &record))
        cosend_emit(self, &record);
    return 0;
}

static const struct cosend_filter own_filter = {.abi = COSEND_ABI,
                                                .name = "programs",
                                                .summary = "programs",
                                                .options_size =
                                                    sizeof(struct own),
                                                .options = own_options,
                                                .check = check_own,
                                                .body = pass_all};

static void expect_options(const char *option, const char *line, uint32_t count)
{
    struct cosend_options options = {.size = sizeof(options)};
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline;

    asked = option;
    pipeline = cosend_pipeline_from_line(line, &options, &error);
    assert_int_equal(fields, count);
    assert_true(!pipeline == !count);
    if (!count)
        assert_non_null(strstr(error.message, option));
    cosend_pipeline_free(pipeline);
}

static void settings_of_programs_are_forms(void **state)
{
    (void)state;
    assert_int_equal(cosend_register(&own_filter, NULL), COSEND_OK);
    expect_options("nginx", "programs nginx='$remote_addr $status'", 2);
    expect_options("apache", "programs apache='%h %>s %b'", 3);
    expect_options("log4j", "programs log4j='%d %m'", 2);
    expect_options("postgres", "programs postgres='%p '", 3);
    expect_options("nginx", "programs nginx='plain'", 0);
    expect_options("apache", "programs apache='%'", 0);
    expect_options("log4j", "programs log4j='%'", 0);
    expect_options("postgres", "programs postgres='%y'", 0);
    expect_options("postgres", "programs", 2);
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
        cmocka_unit_test(a_line_that_may_be_anything_is_of_no_form),
        cmocka_unit_test(a_line_that_may_be_of_two_forms_is_of_the_right_one),
        cmocka_unit_test(settings_of_programs_are_forms),
        cmocka_unit_test(nothing_is_no_pattern),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
