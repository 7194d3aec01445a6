/* SPDX-License-Identifier: MIT */
/* Conditions on records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "spec_fakes.h"

/* What a condition on the only field "a" says of one cell. */
static enum cosend_verdict judge(const char *condition, struct cosend_cell cell,
                                 const char **why)
{
    static const uint32_t map[4];
    struct cosend_column_cells column = {&cell, 0, 0};
    struct cosend_record record = {.columns = &column, .map = map};
    char spec[512];
    struct cosend_error error = {0};
    struct csi_plan *plan;
    const struct fake_where *where;
    struct cosend_why because = {NULL, NULL, NULL};
    enum cosend_verdict verdict;

    snprintf(spec, sizeof(spec),
             "{\"cosend\": 1, \"steps\": [{\"where\": %s}]}", condition);
    plan = csi_plan_from_json(spec, strlen(spec), NULL, &fake_ends, &error);
    if (!plan)
        print_error("%s\n", error.message);
    assert_non_null(plan);
    where = plan->nodes[1].options;
    verdict = cosend_condition_holds(where->condition, &record, &because);
    *why = because.kind;
    csi_plan_free(plan);
    return verdict;
}

static struct cosend_cell text_cell(const char *text)
{
    return cosend_text(text, strlen(text));
}

#define TEST(op, value)                                                        \
    "{\"field\": \"a\", \"op\": \"" op "\", \"value\": " value "}"
#define ALONE(op) "{\"field\": \"a\", \"op\": \"" op "\"}"

struct verdict_case {
    const char *condition, *cell;
    enum cosend_verdict verdict;
};

static void a_number_is_compared_as_one_and_text_bytewise(void **state)
{
    static const struct verdict_case cases[] = {
        {TEST("eq", "500"), "500", COSEND_TRUE},
        {TEST("eq", "500"), "5e2", COSEND_TRUE},
        {TEST("eq", "\"500\""), "5e2", COSEND_FALSE},
        {TEST("ne", "500"), "500.0", COSEND_FALSE},
        {TEST("ne", "\"a\""), "b", COSEND_TRUE},
        {TEST("lt", "10"), "9", COSEND_TRUE},
        {TEST("lt", "\"10\""), "9", COSEND_FALSE},
        {TEST("lt", "10"), "10", COSEND_FALSE},
        {TEST("le", "10"), "10", COSEND_TRUE},
        {TEST("gt", "-1.5"), "-1", COSEND_TRUE},
        {TEST("ge", "500"), "499", COSEND_FALSE},
        {TEST("ge", "500"), "500", COSEND_TRUE},
        {TEST("gt", "\"ab\""), "abc", COSEND_TRUE},
        {TEST("lt", "\"abc\""), "ab", COSEND_TRUE},
        {TEST("eq", "true"), "true", COSEND_TRUE}};
    const char *why = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(
            judge(cases[i].condition, text_cell(cases[i].cell), &why),
            cases[i].verdict);
}

static void text_beside_a_number_is_unequal_but_has_no_order(void **state)
{
    const char *why = NULL;

    (void)state;
    assert_int_equal(judge(TEST("eq", "5"), text_cell("five"), &why),
                     COSEND_FALSE);
    assert_int_equal(judge(TEST("ne", "5"), text_cell("five"), &why),
                     COSEND_TRUE);
    assert_null(why);
    assert_int_equal(judge(TEST("lt", "5"), text_cell("five"), &why),
                     COSEND_VERDICT_BAD);
    assert_string_equal(why, "not_a_number");
    assert_int_equal(
        judge("{\"not\": " TEST("ge", "5") "}", text_cell("0x1F"), &why),
        COSEND_VERDICT_BAD);
}

static void blanks_are_false_for_all_but_exists_empty_and_ne(void **state)
{
    static const struct cosend_cell blanks[] = {
        {NULL, 0, COSEND_ABSENT}, {NULL, 0, COSEND_NULL}, {"", 0, COSEND_TEXT}};
    static const char *const never[] = {
        TEST("eq", "\"\""),          TEST("lt", "5"),
        TEST("ge", "\"\""),          TEST("in", "[\"\"]"),
        TEST("not_in", "[1]"),       TEST("contains", "\"\""),
        TEST("starts_with", "\"\""), TEST("ends_with", "\"\""),
        TEST("regex", "\"\"")};
    const char *why = NULL;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        for (size_t j = 0; j < sizeof(never) / sizeof(never[0]); j++)
            assert_int_equal(judge(never[j], blanks[i], &why), COSEND_FALSE);
        assert_int_equal(judge(ALONE("exists"), blanks[i], &why), i > 0);
        assert_int_equal(judge(ALONE("empty"), blanks[i], &why), COSEND_TRUE);
        assert_int_equal(judge(TEST("ne", "5"), blanks[i], &why), COSEND_TRUE);
    }
    assert_null(why);
}

static void lists_parts_and_patterns(void **state)
{
    static const struct verdict_case cases[] = {
        {TEST("in", "[1, \"x\"]"), "1.0", COSEND_TRUE},
        {TEST("in", "[1, \"x\"]"), "x", COSEND_TRUE},
        {TEST("in", "[]"), "x", COSEND_FALSE},
        {TEST("not_in", "[1, \"x\"]"), "y", COSEND_TRUE},
        {TEST("contains", "\"b\""), "abc", COSEND_TRUE},
        {TEST("contains", "\"abcd\""), "abc", COSEND_FALSE},
        {TEST("starts_with", "\"ab\""), "abc", COSEND_TRUE},
        {TEST("starts_with", "\"bc\""), "abc", COSEND_FALSE},
        {TEST("ends_with", "\"bc\""), "abc", COSEND_TRUE},
        {TEST("ends_with", "\"ab\""), "abc", COSEND_FALSE},
        {TEST("regex", "\"^a.c$\""), "abc", COSEND_TRUE},
        {TEST("matches", "\"^b\""), "abc", COSEND_FALSE},
        {ALONE("empty"), "x", COSEND_FALSE}};
    const char *why = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(
            judge(cases[i].condition, text_cell(cases[i].cell), &why),
            cases[i].verdict);
}

static void all_any_and_not_look_no_further_than_they_must(void **state)
{
#define YES TEST("eq", "\"x\"")
#define NO  TEST("eq", "\"y\"")
#define BAD TEST("lt", "1")
    static const struct verdict_case cases[] = {
        {"{\"all\": [" YES ", " YES "]}", "x", COSEND_TRUE},
        {"{\"all\": [" NO ", " BAD "]}", "x", COSEND_FALSE},
        {"{\"all\": [" YES ", " BAD "]}", "x", COSEND_VERDICT_BAD},
        {"{\"all\": []}", "x", COSEND_TRUE},
        {"{\"any\": [" NO ", " YES ", " BAD "]}", "x", COSEND_TRUE},
        {"{\"any\": [" NO ", " NO "]}", "x", COSEND_FALSE},
        {"{\"any\": []}", "x", COSEND_FALSE},
        {"{\"not\": {\"any\": [" NO "]}}", "x", COSEND_TRUE},
        {"{\"not\": " YES "}", "x", COSEND_FALSE}};
    const char *why = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(
            judge(cases[i].condition, text_cell(cases[i].cell), &why),
            cases[i].verdict);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_compared_as_one_and_text_bytewise),
        cmocka_unit_test(text_beside_a_number_is_unequal_but_has_no_order),
        cmocka_unit_test(blanks_are_false_for_all_but_exists_empty_and_ne),
        cmocka_unit_test(lists_parts_and_patterns),
        cmocka_unit_test(all_any_and_not_look_no_further_than_they_must)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
