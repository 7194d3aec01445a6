/* SPDX-License-Identifier: MIT */
/* Which strings lines are found by. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "match/line_finder.h"
#include "match/regex.h"

static void a_class_of_one_byte_is_looked_for_as_that_byte(void **state)
{
    struct cosend_regex_options options = {0};
    struct cosend_regex *regex =
        cosend_regex_new("[.]env\\d", 8, &options, NULL);

    (void)state;
    assert_non_null(regex);
    assert_int_equal(regex->needles[0].string.length, 4);
    cosend_regex_free(regex);
}

/* Of the first string that is looked for, by what it is followed by in ASCII;
   NULL: by anything. */
static void expect_next(const char *pattern, const char *due)
{
    struct cosend_regex *regex =
        cosend_regex_new(pattern, strlen(pattern), NULL, NULL);

    assert_non_null(regex);
    assert_int_equal(regex->needles[0].is_followed, due != NULL);
    for (int c = 1; due && c < 128; c++)
        assert_int_equal(csi_in_set(&regex->needles[0].next, (char)c),
                         strchr(due, c) != NULL);
    for (int c = 128; due && c < 256; c++)
        assert_true(csi_in_set(&regex->needles[0].next, (char)c));
    cosend_regex_free(regex);
}

static void a_string_is_looked_for_with_what_it_is_followed_by(void **state)
{
    (void)state;
    expect_next("abc[d-f]", "def");
    expect_next("(?i)abc[d-f]+", "defDEF");
    expect_next("abc(?<n>\\d{2,3})", "0123456789");
    expect_next("abc\\s", "\t\n\v\f\r ");
    expect_next("abc[\\d\\-]", "0123456789-");
    expect_next("abc\\d*", NULL);
    expect_next("abc\\d{0,1}", NULL);
    expect_next("abc[^d]", NULL);
    expect_next("abc+[d-f]", NULL);
    expect_next("abcd?[d-f]", NULL);
    expect_next("abc(?:[d-f]|g)", NULL);
    expect_next("abc", NULL);
    /* Of such a string it is the beginning that is looked for. */
    expect_next("(?i)abcdefghijklmnopqrstuvwxyz0123456789[d-f]", NULL);
}

static void a_choice_leaves_the_strings_beside_it(void **state)
{
    static const char pattern[] = "(?:a|b)error[0-9](?<n>x|y)*";
    struct cosend_regex *regex =
        cosend_regex_new(pattern, strlen(pattern), NULL, NULL);

    (void)state;
    assert_non_null(regex);
    assert_int_equal(regex->needles[0].string.length, 5);
    cosend_regex_free(regex);
}

/* Look for the lines of a text that may match, and say by which string that
   was in the end. */
static void expect_needle(const char *pattern, const char *text,
                          const char *due)
{
    const char *end = text + strlen(text), *place;
    struct cosend_regex *regex =
        cosend_regex_new(pattern, strlen(pattern), NULL, NULL);
    struct csi_line_finder finder = {.regex = regex};

    assert_non_null(regex);
    for (const char *p = text; (place = csi_line_finder_next(&finder, p, end));)
        p = strchr(place, '\n') + 1;
    assert_int_equal(finder.needle->string.length, strlen(due));
    assert_memory_equal(finder.needle->string.text, due, strlen(due));
    cosend_regex_free(regex);
}

static void the_string_that_is_in_the_fewest_lines_is_looked_for(void **state)
{
    static const char pattern[] = "GET (?<path>/[a-z]+) HTTP/1.1\" (?<s>50.)";
    static char dense[4000], sparse[40000];

    (void)state;
    for (unsigned i = 0; i < 60; i++)
        strcat(dense,
               i == 30 ? "GET /a HTTP/1.1\" 503\n" : "GET /a HTTP/1.1\" 200\n");
    expect_needle(pattern, dense, "1\" 50");
    /* With the first it is found seldom enough. */
    for (unsigned i = 0; i < 19; i++)
        sprintf(sparse + strlen(sparse), "%1999s\n", "GET /a HTTP/1.1\" 200");
    expect_needle(pattern, sparse, " HTTP/1");
}

/* Where it is everywhere, what is behind it is not looked at for a while: what
   is found may match, or not. */
static void a_string_that_is_everywhere_is_looked_for_alone(void **state)
{
    static const char pattern[] = "---[a-z]";
    static const char few[] = "a --- b\nc -- d\ne ---f\n";
    static const char many[] = "--------------------------\ne ---f\n";
    struct cosend_regex *regex =
        cosend_regex_new(pattern, strlen(pattern), NULL, NULL);
    struct csi_line_finder finder = {.regex = regex};

    (void)state;
    assert_non_null(regex);
    assert_ptr_equal(csi_line_finder_next(&finder, few, few + strlen(few)),
                     strstr(few, "---f"));
    assert_ptr_equal(csi_line_finder_next(&finder, many, many + strlen(many)),
                     many + 8);
    assert_ptr_equal(csi_needle_find(regex->needles, many, many + strlen(many)),
                     strstr(many, "---f"));
    cosend_regex_free(regex);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_class_of_one_byte_is_looked_for_as_that_byte),
        cmocka_unit_test(a_string_is_looked_for_with_what_it_is_followed_by),
        cmocka_unit_test(a_string_that_is_everywhere_is_looked_for_alone),
        cmocka_unit_test(a_choice_leaves_the_strings_beside_it),
        cmocka_unit_test(the_string_that_is_in_the_fewest_lines_is_looked_for)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
