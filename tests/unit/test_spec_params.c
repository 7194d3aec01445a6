/* SPDX-License-Identifier: MIT */
/* Parameters: where their values come from, and where they go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "spec_fakes.h"

#define PARAMS(params, steps)                                                  \
    "{\"cosend\": 1, \"params\": {" params "}, \"steps\": [" steps "]}"

#define LEVEL                                                                  \
    "\"level\": {\"type\": \"string\", \"default\": \"E\", "                   \
    "\"env\": \"SPEC_TEST_LEVEL\"}"

static const char level_spec[] = PARAMS(LEVEL, "{\"grep\": \"${level}\"}");

static void check_pattern(const char *spec,
                          const struct cosend_options *options,
                          const char *pattern)
{
    struct cosend_error error = {0};
    struct csi_plan *plan =
        csi_plan_from_json(spec, strlen(spec), options, &fake_ends, &error);
    const struct fake_grep *grep;

    if (!plan)
        print_error("%s\n", error.message);
    assert_non_null(plan);
    grep = plan->nodes[1].options;
    assert_string_equal(grep->pattern.data, pattern);
    csi_plan_free(plan);
}

static void the_call_beats_the_environment_beats_the_default(void **state)
{
    static const struct cosend_parameter given[] = {{"level", "x"},
                                                    {"level", "P"}};
    struct cosend_options options = {.size = sizeof(options)};

    (void)state;
    unsetenv("SPEC_TEST_LEVEL");
    check_pattern(level_spec, &options, "E");
    setenv("SPEC_TEST_LEVEL", "V", 1);
    check_pattern(level_spec, &options, "V");
    options.no_environment = true;
    check_pattern(level_spec, &options, "E");
    options.no_environment = false;
    options.parameters = given;
    options.parameter_count = 2;
    check_pattern(level_spec, &options, "P");
    unsetenv("SPEC_TEST_LEVEL");
}

static void values_are_put_into_strings(void **state)
{
    (void)state;
    check_pattern(PARAMS(LEVEL
                         ", \"n\": {\"type\": \"int\", \"default\": -3}, "
                         "\"x\": {\"type\": \"number\", \"default\": 0.5}, "
                         "\"b\": {\"type\": \"bool\", \"default\": false}",
                         "{\"grep\": \"<${level}${n} ${x} ${b}>\"}"),
                  NULL, "<E-3 0.5 false>");
    check_pattern(PARAMS(LEVEL, "{\"grep\": \"$$ $${level} $x a$ ${level}$\"}"),
                  NULL, "$ ${level} $x a$ E$");
    check_pattern(PARAMS(LEVEL, "{\"grep\": \"x\", \"note\": \"${what}\"}"),
                  NULL, "x");
}

static void a_string_that_is_a_parameter_takes_its_type(void **state)
{
    static const char spec[] = PARAMS(
        "\"n\": {\"type\": \"int\", \"default\": 7}", "{\"head\": \"${n}\"}");
    static const struct cosend_parameter given = {"n", "12"};
    struct cosend_options options = {
        .size = sizeof(options), .parameters = &given, .parameter_count = 1};
    struct csi_plan *plan =
        csi_plan_from_json(spec, sizeof(spec) - 1, NULL, &fake_ends, NULL);

    (void)state;
    assert_non_null(plan);
    assert_int_equal(((struct fake_head *)plan->nodes[1].options)->n, 7);
    csi_plan_free(plan);
    plan =
        csi_plan_from_json(spec, sizeof(spec) - 1, &options, &fake_ends, NULL);
    assert_non_null(plan);
    assert_int_equal(((struct fake_head *)plan->nodes[1].options)->n, 12);
    csi_plan_free(plan);
}

static void every_problem_of_a_parameter_is_told_once(void **state)
{
    static const struct cosend_parameter given[] = {
        {"n", "1x"}, {"lvel", "y"}, {"big", "99999999999999999999"}};
    static const char *const cases[][2] = {
        {PARAMS("\"n\": {\"type\": \"int\"}, \"level\": {\"type\": "
                "\"path\", \"env\": \"SPEC_TEST_UNSET\"}, \"big\": {\"type\": "
                "\"int\"}",
                "{\"head\": \"${n}\"}, {\"grep\": \"a${level}\"}"),
         "s:1:25: params: -p: there is no parameter \"lvel\"; did you mean "
         "\"level\"?\n"
         "s:1:26: params.n: -p: must be a whole number, not \"1x\"\n"
         "s:1:48: params.level: has no value; give it with -p level=... or in "
         "$SPEC_TEST_UNSET\n"
         "s:1:101: params.big: -p: must be a whole number, not "
         "\"99999999999999999999\"\n"},
        {PARAMS("\"n\": {\"type\": \"integer\", \"hepl\": \"\"}, \"big\": 3, "
                "\"lvel\": {\"type\": \"bool\", \"default\": \"true\", "
                "\"help\": 1}",
                "{\"grep\": \"${nn}${\"}"),
         "s:1:40: params.n.type: must be string, int, number, bool or path, "
         "not \"integer\"; did you mean \"int\"?\n"
         "s:1:51: params.n.hepl: \"hepl\" is not a key of a parameter; did "
         "you mean \"help\"?\n"
         "s:1:71: params.big: must be an object with a \"type\"\n"
         "s:1:74: params.lvel: -p: must be true or false, not \"y\"\n"
         "s:1:126: params.lvel.help: must be a string, not a number\n"
         "s:1:150: steps[0].grep: there is no parameter \"nn\"\n"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct told told = {""};
        struct cosend_options options = {.size = sizeof(options),
                                         .name = "s",
                                         .problem = tell,
                                         .context = &told,
                                         .parameters = given,
                                         .parameter_count = 3};

        assert_null(csi_plan_from_json(cases[i][0], strlen(cases[i][0]),
                                       &options, &fake_ends, NULL));
        assert_string_equal(told.text, cases[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_call_beats_the_environment_beats_the_default),
        cmocka_unit_test(values_are_put_into_strings),
        cmocka_unit_test(a_string_that_is_a_parameter_takes_its_type),
        cmocka_unit_test(every_problem_of_a_parameter_is_told_once)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
