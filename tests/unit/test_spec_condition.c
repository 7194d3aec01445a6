/* SPDX-License-Identifier: MIT */
/* Conditions on records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "chance.h"
#include "cosend/expression.h"
#include "spec/number_json.h"
#include "spec_fakes.h"

/* What the only step of a plan, a condition on the only field "a", says of one
   cell. The plan is freed. */
static enum cosend_verdict judge_by(struct csi_plan *plan,
                                    struct cosend_cell cell, const char **why)
{
    static const uint32_t map[4];
    struct cosend_column_cells column = {&cell, 0, 0};
    struct cosend_record record = {.columns = &column, .map = map};
    const struct fake_where *where;
    struct cosend_why because = {0};
    enum cosend_verdict verdict;

    assert_non_null(plan);
    where = plan->nodes[1].options;
    verdict = cosend_condition_holds(where->condition, &record, &because);
    *why = because.kind;
    csi_plan_free(plan);
    return verdict;
}

static enum cosend_verdict judge(const char *condition, struct cosend_cell cell,
                                 const char **why)
{
    char spec[512];
    struct cosend_error error = {0};
    struct csi_plan *plan;

    snprintf(spec, sizeof(spec),
             "{\"cosend\": 1, \"steps\": [{\"where\": %s}]}", condition);
    plan = csi_plan_from_json(spec, strlen(spec), NULL, &fake_ends, &error);
    if (!plan)
        print_error("%s\n", error.message);
    return judge_by(plan, cell, why);
}

static enum cosend_verdict judge_line(const char *line, const char *cell,
                                      const char **why)
{
    struct cosend_error error = {0};
    struct csi_plan *plan = csi_plan_from_line(line, NULL, &fake_ends, &error);

    if (!plan)
        print_error("%s: %s\n", line, error.message);
    return judge_by(plan, cosend_text(cell, strlen(cell)), why);
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

/* ---- Numbers ------------------------------------------------------------- */

struct line_case {
    const char *line, *cell;
    enum cosend_verdict verdict;
};

static void a_word_of_a_line_is_a_number_by_the_grammar_of_data(void **state)
{
    static const struct line_case cases[] = {
        {"where field=a op=eq value=.5", "0.5", COSEND_TRUE},
        {"where field=a op=eq value=+5", "5.0", COSEND_TRUE},
        {"where field=a op=eq value=-.5", "-0.50", COSEND_TRUE},
        {"where field=a op=eq value=5.", "5", COSEND_TRUE},
        {"where field=a op=lt value=05", "10", COSEND_FALSE},
        {"where field=a op=eq value=1e5", "100000", COSEND_TRUE},
        {"where field=a op=gt value=9223372036854775808", "9223372036854775809",
         COSEND_TRUE},
        {"where field=a op=in value=1,2", "1.0", COSEND_TRUE},
        {"where field=a op=in value=1", "1.0", COSEND_TRUE},
        {"where field=a op=in value=x,.5", "0.5", COSEND_TRUE},
        {"where field=a op=not_in value=x,.5", "0.5", COSEND_FALSE},
        {"where field=a op=eq value=0x10", "16", COSEND_FALSE},
        {"where field=a op=eq value=1e999", "1e999", COSEND_TRUE},
        {"where field=a op=contains value=05", "205", COSEND_TRUE},
        {"where field=a op=contains value=05", "25", COSEND_FALSE},
        {"where field=a op=starts_with value=5", "50", COSEND_TRUE},
        {"where field=a op=regex value=5", "x5", COSEND_TRUE}};
    const char *why = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(judge_line(cases[i].line, cases[i].cell, &why),
                         cases[i].verdict);
}

static void a_number_that_json_has_not_is_one_in_quotes(void **state)
{
    static const struct verdict_case cases[] = {
        {TEST("eq", "\".5\""), "0.5", COSEND_TRUE},
        {TEST("ge", "\"+5\""), "10", COSEND_TRUE},
        {TEST("in", "[\"05\"]"), "5", COSEND_TRUE},
        {TEST("eq", "\"5\""), "5.0", COSEND_FALSE},
        {TEST("ge", "\"5\""), "10", COSEND_FALSE},
        {TEST("contains", "\"05\""), "5", COSEND_FALSE}};
    const char *why = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(
            judge(cases[i].condition, text_cell(cases[i].cell), &why),
            cases[i].verdict);
}

/* A number as an integer of PLACES decimal digits, the last of which counts
   10^-LOWEST: the oracle, which knows neither words nor doubles. */
enum { PLACES = 400, LOWEST = 200 };

struct places {
    signed char digits[PLACES]; /* the sign in each */
};

static void add_place(struct places *number, int sign, char digit, long power)
{
    long at = PLACES - 1 - (power + LOWEST);

    assert_in_range(at, 0, PLACES - 1);
    number->digits[at] = (signed char)(sign * (digit - '0'));
}

static struct places places_of(const char *text)
{
    struct places number = {{0}};
    const char *e = text + strcspn(text, "eE"), *p = text;
    const char *point = text + strcspn(text, ".eE");
    long power = *e ? strtol(e + 1, NULL, 10) : 0;
    int sign = *text == '-' ? -1 : 1;

    p += *p == '-' || *p == '+';
    power += point - p - 1;
    for (; p < e; p++)
        if (*p != '.')
            add_place(&number, sign, *p, power--);
    return number;
}

static int oracle(const char *left, const char *right)
{
    struct places a = places_of(left), b = places_of(right);

    for (int i = 0; i < PLACES; i++)
        if (a.digits[i] != b.digits[i])
            return a.digits[i] > b.digits[i] ? 1 : -1;
    return 0;
}

static bool one_in(unsigned count)
{
    return draw(count) == 0;
}

static size_t spell_digits(char *text, unsigned most, unsigned kinds)
{
    unsigned count = draw(most + 1);

    for (unsigned i = 0; i < count; i++)
        text[i] = (char)('0' + draw(kinds));
    return count;
}

/* Any spelling of the grammar; few kinds of digits make equal ones likely. */
static void spell(char *text)
{
    unsigned most = one_in(3) ? 45 : 5, kinds = one_in(2) ? 2 : 10;
    size_t whole, decimals = 0;

    if (one_in(2))
        *text++ = "+-"[draw(2)];
    whole = spell_digits(text, most, kinds);
    text += whole;
    if (!whole || one_in(2)) {
        *text++ = '.';
        decimals = spell_digits(text, most, kinds);
        text += decimals;
    }
    if (!whole && !decimals)
        *text++ = '0';
    *text = '\0';
    if (one_in(3))
        sprintf(text, "%c%s%u", "eE"[draw(2)],
                one_in(2)   ? "-"
                : one_in(2) ? "+"
                            : "",
                draw(60));
}

/* Another spelling of the same number, or of one that is near it. */
static void respell(const char *text, char *other)
{
    size_t length = strcspn(text, "eE");
    bool has_point = memchr(text, '.', length);
    long power = text[length] ? strtol(text + length + 1, NULL, 10) : 0;

    if (*text == '-' || one_in(2))
        *other++ = *text == '-' ? '-' : '+';
    length -= *text == '-' || *text == '+';
    text += *text == '-' || *text == '+';
    for (unsigned zeros = draw(3); zeros; zeros--)
        *other++ = '0';
    memcpy(other, text, length);
    other += length;
    if (!has_point)
        *other++ = '.';
    for (unsigned zeros = draw(25); zeros; zeros--)
        *other++ = '0';
    if (one_in(3))
        *other++ = '1';
    if (power || one_in(2))
        other += sprintf(other, "e%ld", power);
    *other = '\0';
}

static bool holds(const char *op, int order)
{
    if (strcmp(op, "eq") == 0 || strcmp(op, "in") == 0)
        return order == 0;
    if (strcmp(op, "ne") == 0 || strcmp(op, "not_in") == 0)
        return order != 0;
    if (*op == 'l')
        return order < 0 || (op[1] == 'e' && order == 0);
    return order > 0 || (op[1] == 'e' && order == 0);
}

static void numbers_of_any_spelling_compare_exactly(void **state)
{
    static const char *const ops[] = {"eq", "ne", "lt", "le",
                                      "gt", "ge", "in", "not_in"};
    const char *why = NULL;
    char cell[256], value[256], condition[512];

    (void)state;
    for (int i = 0; i < 20000; i++) {
        const char *op = ops[draw(sizeof(ops) / sizeof(ops[0]))];
        bool is_list = *op == 'i' || *op == 'n';
        int expected, in_line, in_spec;

        is_list &= strcmp(op, "ne") != 0;
        spell(value);
        if (one_in(2))
            spell(cell);
        else
            respell(value, cell);
        expected = holds(op, oracle(cell, value)) ? COSEND_TRUE : COSEND_FALSE;
        snprintf(condition, sizeof(condition), "where field=a op=%s value=%s",
                 op, value);
        in_line = judge_line(condition, cell, &why);
        snprintf(condition, sizeof(condition),
                 "{\"field\": \"a\", \"op\": \"%s\", \"value\": %s%s%s%s%s}",
                 op, is_list ? "[\"x\", " : "",
                 csi_is_json_number(value, strlen(value)) ? "" : "\"", value,
                 csi_is_json_number(value, strlen(value)) ? "" : "\"",
                 is_list ? "]" : "");
        in_spec = judge(condition, text_cell(cell), &why);
        if (in_line != expected || in_spec != expected)
            fail_msg("%s %s %s: %d, in a line %d, in a spec %d", cell, op,
                     value, expected, in_line, in_spec);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_compared_as_one_and_text_bytewise),
        cmocka_unit_test(text_beside_a_number_is_unequal_but_has_no_order),
        cmocka_unit_test(blanks_are_false_for_all_but_exists_empty_and_ne),
        cmocka_unit_test(lists_parts_and_patterns),
        cmocka_unit_test(a_word_of_a_line_is_a_number_by_the_grammar_of_data),
        cmocka_unit_test(a_number_that_json_has_not_is_one_in_quotes),
        cmocka_unit_test(numbers_of_any_spelling_compare_exactly),
        cmocka_unit_test(all_any_and_not_look_no_further_than_they_must)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
