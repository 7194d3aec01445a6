/* SPDX-License-Identifier: MIT */
/*
 * Lines that belong together, by who prints them: which are known, what is said
 * of those that are not, and what two of them do together. What each takes is
 * in the cases multiline-NAME.
 *
 * Written on cosend.h alone, as a host program is.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct cosend_string name_of(const char *name)
{
    return (struct cosend_string){name, strlen(name)};
}

static struct cosend_cell line_of(const char *text)
{
    return cosend_text(text, strlen(text));
}

/* Each line of a text by a letter: `b` begins an event, `j` joins. */
static void expect(const char *const *names, size_t count,
                   const char *const *text, const char *wanted)
{
    struct cosend_string strings[COSEND_EVENT_LINES];
    struct cosend_event_state state = {0};
    struct cosend_event_lines *lines;
    size_t which, length = 0;
    char got[64] = "";

    for (size_t i = 0; i < count; i++)
        strings[i] = name_of(names[i]);
    lines = cosend_event_lines_new(strings, count, &which, NULL);
    assert_non_null(lines);
    for (; *text; text++)
        got[length++] = cosend_event_lines_join(lines, &state,
                                                line_of(*text)) == COSEND_MATCH
                            ? 'j'
                            : 'b';
    assert_string_equal(got, wanted);
    cosend_event_lines_free(lines);
}

static void any_of_several_joins(void **state)
{
    static const char *const both[] = {"java", "python"};
    static const char *const text[] = {
        "\tat a.b(C.java:1)",
        "one",
        "a.b.CException: d",
        "\tat a.b(C.java:1)",
        "two",
        "Traceback (most recent call last):",
        "  File \"a\", line 1",
        "ValueError: e",
        "",
        "During handling of the above exception, another exception occurred:",
        NULL};

    (void)state;
    expect(both, 2, text, "bbjjbjjjjj");
    expect(both, 1, text, "bbjjbbjjjb");
    expect(both + 1, 1, text, "bbbjbjjjjj");
    expect(both, 0, text, "bbbbbbbbbb");
}

static void the_first_line_begins(void **state)
{
    static const char *const go[] = {"go"};
    static const char *const text[] = {
        "\tindented", "goroutine 1 [running]:", "main.main()", "\t/a.go:1", "",
        NULL};

    (void)state;
    expect(go, 1, text, "bjjjj");
    expect(go, 1, text + 1, "bjjj");
    expect(go, 1, text + 2, "bjb");
    expect(go, 1, text + 4, "b");
}

static void all_are_made_together(void **state)
{
    struct cosend_string names[COSEND_EVENT_LINES];
    struct cosend_event_lines *lines;
    struct cosend_error error = {0};
    struct cosend_event_state before = {0};
    size_t count = 0, which;

    (void)state;
    for (; cosend_event_lines_known[count].name; count++) {
        assert_in_range(count, 0, COSEND_EVENT_LINES - 1);
        assert_non_null(cosend_event_lines_known[count].help);
        names[count] = name_of(cosend_event_lines_known[count].name);
    }
    lines = cosend_event_lines_new(names, count, &which, &error);
    assert_non_null(lines);
    assert_int_equal(which, count);
    assert_int_equal(cosend_event_lines_join(lines, &before, line_of("")),
                     COSEND_NO_MATCH);
    assert_int_equal(cosend_event_lines_join(lines, &before, line_of("\ta")),
                     COSEND_MATCH);
    cosend_event_lines_free(lines);
    cosend_event_lines_free(NULL);
}

static void refused(const char *first, const char *second, size_t wanted_which,
                    const char *wanted)
{
    struct cosend_string names[] = {name_of(first), name_of(second)};
    struct cosend_error error = {0};
    size_t which;

    assert_null(cosend_event_lines_new(names, 2, &which, &error));
    assert_int_equal(error.kind, COSEND_E_SPEC);
    assert_int_equal(which, wanted_which);
    assert_string_equal(error.message, wanted);
}

static void wrong_names_are_told(void **state)
{
    (void)state;
    refused("java", "cobol", 1, "\"cobol\" is not known");
    refused("", "go", 0, "\"\" is not known");
    refused("go", "go", 1, "go is there twice");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_of_several_joins),
        cmocka_unit_test(the_first_line_begins),
        cmocka_unit_test(all_are_made_together),
        cmocka_unit_test(wrong_names_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
