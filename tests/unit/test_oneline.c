/* SPDX-License-Identifier: MIT */
/* The one-line form: what it means, and where its problems stand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "spec_fakes.h"

/* The steps of a line's plan, one after the other: `filter{options}`. */
static void describe(const char *line, char *text, size_t room)
{
    struct cosend_error error = {0};
    struct csi_plan *plan = csi_plan_from_line(line, NULL, &fake_ends, &error);
    char *expanded = plan ? csi_plan_expand(plan) : NULL;
    json_t *json = expanded ? json_loads(expanded, 0, NULL) : NULL;
    size_t length = 0, i;
    const json_t *node;

    if (!plan)
        print_error("%s: %s\n", line, error.message);
    assert_non_null(json);
    json_array_foreach(json_object_get(json, "nodes"), i, node)
    {
        const char *id = json_string_value(json_object_get(node, "id"));
        char *options =
            json_dumps(json_object_get(node, "options"), JSON_COMPACT);

        length += (size_t)snprintf(text + length, room - length, "%s%s%s",
                                   i ? "|" : "", id, options);
        csi_free(options);
    }
    json_decref(json);
    csi_free(expanded);
    csi_plan_free(plan);
}

#define INPUT                                                                  \
    "input{\"format\":\"auto\",\"header\":true,\"max_record_bytes\":16777216}" \
    "|"
#define STDOUT        "|stdout{\"format\":\"auto\"}"
#define GREP(pattern) "grep{\"pattern\":\"" pattern "\",\"invert\":false}"

static void check_meaning(const char *line, const char *meaning)
{
    char text[2048];

    describe(line, text, sizeof(text));
    assert_string_equal(text, meaning);
}

static void a_stage_is_a_name_and_its_main_option(void **state)
{
    (void)state;
    check_meaning("grep ERROR", INPUT GREP("ERROR") STDOUT);
    check_meaning(" grep  ERROR|head 3 ",
                  INPUT GREP("ERROR") "|head{\"n\":3}" STDOUT);
    check_meaning("grep 404 invert=true",
                  INPUT "grep{\"pattern\":\"404\",\"invert\":true}" STDOUT);
    check_meaning("head", INPUT "head{\"n\":10}" STDOUT);
}

static void quotes_and_backslashes_protect_what_has_a_meaning(void **state)
{
    (void)state;
    check_meaning("grep a\\d", INPUT GREP("a\\\\d") STDOUT);
    check_meaning("grep \\bERROR\\b", INPUT GREP("\\\\bERROR\\\\b") STDOUT);
    check_meaning("grep \\.js$", INPUT GREP("\\\\.js$") STDOUT);
    check_meaning("grep 'a\\d\\\\'", INPUT GREP("a\\\\d\\\\\\\\") STDOUT);
    check_meaning("grep \"cost \\$5\"", INPUT GREP("cost \\\\$5") STDOUT);
    check_meaning("grep \"\\`\\n\"", INPUT GREP("\\\\`\\\\n") STDOUT);
    check_meaning("grep a\\\\d", INPUT GREP("a\\\\d") STDOUT);
    check_meaning("select a\\", INPUT "select{\"fields\":[\"a\\\\\"]}" STDOUT);
    check_meaning("grep \\'\\\"\\,\\\tx", INPUT GREP("'\\\",\\tx") STDOUT);
    check_meaning("grep a||b", INPUT GREP("a||b") STDOUT);
    check_meaning("grep a\\|\\|b", INPUT GREP("a||b") STDOUT);
    check_meaning("select \\x\\,y,z",
                  INPUT "select{\"fields\":[\"\\\\x,y\",\"z\"]}" STDOUT);
    check_meaning("grep 'a b|c=d'", INPUT GREP("a b|c=d") STDOUT);
    check_meaning("grep \"a \\\"b\\\\ \\d\"",
                  INPUT GREP("a \\\"b\\\\ \\\\d") STDOUT);
    check_meaning("grep a\\ b\\|'c'\"d\"", INPUT GREP("a b|cd") STDOUT);
    check_meaning("grep ''", INPUT GREP("") STDOUT);
    check_meaning("grep 'invert=true'", INPUT GREP("invert=true") STDOUT);
    check_meaning("grep invert\\=true", INPUT GREP("invert=true") STDOUT);
    check_meaning("grep '$x${y}$$'", INPUT GREP("$x${y}$$") STDOUT);
}

static void only_an_options_name_makes_an_option_of_a_word(void **state)
{
    (void)state;
    check_meaning("grep status=500", INPUT GREP("status=500") STDOUT);
    check_meaning("grep pattern=a=b", INPUT GREP("a=b") STDOUT);
}

static void commas_make_lists_where_the_option_is_one(void **state)
{
    (void)state;
    check_meaning("select a,b",
                  INPUT "select{\"fields\":[\"a\",\"b\"]}" STDOUT);
    check_meaning("select 'a,b',c\\,d",
                  INPUT "select{\"fields\":[\"a,b\",\"c,d\"]}" STDOUT);
    check_meaning("grep a,b", INPUT GREP("a,b") STDOUT);
    check_meaning("input header=a,b | head",
                  "input{\"format\":\"auto\",\"header\":[\"a\",\"b\"],"
                  "\"max_record_bytes\":16777216}|head{\"n\":10}" STDOUT);
    check_meaning("input csv header=false | head",
                  "input{\"format\":\"csv\",\"header\":false,"
                  "\"max_record_bytes\":16777216}|head{\"n\":10}" STDOUT);
}

static void a_space_may_stand_behind_a_comma_of_a_list(void **state)
{
    (void)state;
    check_meaning("select a, b,  c,d",
                  INPUT "select{\"fields\":[\"a\",\"b\",\"c\",\"d\"]}" STDOUT);
    check_meaning("select fields=a, b=c | head 1", INPUT
                  "select{\"fields\":[\"a\",\"b=c\"]}|head{\"n\":1}" STDOUT);
    check_meaning("average ms by=a, b emit=each",
                  INPUT "average{\"field\":\"ms\",\"by\":[\"a\",\"b\"],"
                        "\"emit\":\"each\",\"as\":\"average\",\"words\":[\"a\","
                        "\"b\"]}" STDOUT);
    check_meaning("select a,\"\"",
                  INPUT "select{\"fields\":[\"a\",\"\"]}" STDOUT);
    check_meaning("grep a, | head 1", INPUT GREP("a,") "|head{\"n\":1}" STDOUT);
}

static void the_bare_name_of_a_flag_is_true(void **state)
{
    (void)state;
    check_meaning("grep x invert",
                  INPUT "grep{\"pattern\":\"x\",\"invert\":true}" STDOUT);
    check_meaning("grep invert", INPUT GREP("invert") STDOUT);
    check_meaning("grep invert invert",
                  INPUT "grep{\"pattern\":\"invert\",\"invert\":true}" STDOUT);
    check_meaning("grep pattern=x invert",
                  INPUT "grep{\"pattern\":\"x\",\"invert\":true}" STDOUT);
}

static void a_source_may_come_first_and_a_sink_last(void **state)
{
    (void)state;
    check_meaning("file a.log | head 1 | file b.log",
                  "file{\"path\":[\"a.log\"]}|head{\"n\":1}|file_2{\"path\":"
                  "\"b.log\",\"format\":\"auto\"}");
}

static void tee_takes_the_path_of_a_file(void **state)
{
    (void)state;
    check_meaning("tee all.csv | head 1",
                  INPUT "tee{}|file{\"path\":\"all.csv\",\"format\":\"auto\"}|"
                        "head{\"n\":1}" STDOUT);
}

static void a_condition_is_its_json(void **state)
{
    (void)state;
    check_meaning("where '{\"all\": [{\"field\": \"a\", \"op\": \"in\", "
                  "\"value\": [1, \"b\"]}]}' | head 1",
                  INPUT
                  "where{\"condition\":{\"all\":[{\"field\":\"a\","
                  "\"op\":\"in\",\"value\":[1,\"b\"]}]}}|head{\"n\":1}" STDOUT);
}

static void problems_stand_at_their_column(void **state)
{
    static const char *const cases[][2] = {
        {"", "<line>:1:1: a stage is missing here: a filter's name\n"},
        {"grep x |", "<line>:1:9: a stage is missing here: a filter's name\n"},
        {"grep x || head",
         "<line>:1:8: \"||\" does not begin a stage, \"|\" does; where it is "
         "part of a value, quote that\n"},
        {"grep x | | head",
         "<line>:1:10: a stage is missing here: a filter's name\n"},
        {"grep 'x", "<line>:1:6: this quote is not closed; one that is meant "
                    "as it stands is written \\'\n"},
        {"grep '\u00e9' | hed 3",
         "<line>:1:12: steps[1].hed: there is no filter \"hed\"; did you mean "
         "\"head\"?\n"},
        {"grep a b", "<line>:1:8: `grep` takes one value; quote what has "
                     "spaces in it, and write options as name=value\n"},
        {"select a b",
         "<line>:1:10: `select` takes one list, with commas between: a,b; "
         "options are written name=value\n"},
        {"null x", "<line>:1:6: `null` takes only options, as name=value\n"},
        {"head n=1 n=2", "<line>:1:10: `head` is given this option twice\n"},
        {"average emit=eech",
         "<line>:1:14: steps[0].average.emit: must be end or each, not "
         "\"eech\"; did you mean \"each\"?\n"},
        {"head x | grep (",
         "<line>:1:6: steps[0].head.n: must be a whole number, not \"x\"\n"
         "<line>:1:15: steps[1].grep.pattern: at character 1: missing closing "
         "parenthesis\n"},
        {"broadcast a b [c, d] | head x",
         "<line>:1:11: branches do not fit in one line; write this pipeline "
         "as a JSON spec\n"
         "<line>:1:29: steps[1].head.n: must be a whole number, not "
         "\"x\"\n"},
        {"where 'a > '",
         "<line>:1:13: steps[0].where: the expression ends here; a value is "
         "missing\n"},
        {"head 3 | where a >  2 || b = 3 | head 1",
         "<line>:1:28: steps[1].where: = alone means nothing; equality is "
         "==\n"},
        {"where condition=a > 1 &", "<line>:1:23: steps[0].where: and is &&\n"},
        {"where '{\"field\": \"a\", \"op\": \"gte\", \"value\": 1}'",
         "<line>:1:29: steps[0].where.op: \"gte\" is not an operator; did you "
         "mean \"ge\"?\n"},
        {"where '{\"field\": '", "<line>:1:7: this is not JSON: it ends here, "
                                 "and the { of 1:1 is not closed\n"},
        {"where", "<line>:1:1: steps[0].where: a condition has a \"field\", "
                  "or is \"all\", \"any\" or \"not\" of others\n"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct told told = {""};
        struct cosend_error error = {0};
        struct cosend_options options = {
            .size = sizeof(options), .problem = tell, .context = &told};

        assert_null(
            csi_plan_from_line(cases[i][0], &options, &fake_ends, &error));
        assert_string_equal(told.text, cases[i][1]);
        assert_int_equal(error.kind, COSEND_E_SPEC);
        assert_string_equal(error.source, "<line>");
    }
}

static void a_line_has_no_parameters(void **state)
{
    static const struct cosend_parameter given = {"level", "x"};
    struct told told = {""};
    struct cosend_options options = {.size = sizeof(options),
                                     .problem = tell,
                                     .context = &told,
                                     .parameters = &given,
                                     .parameter_count = 1};

    (void)state;
    assert_null(csi_plan_from_line("head", &options, &fake_ends, NULL));
    assert_string_equal(told.text,
                        "<line>:1:1: -p: there is no parameter \"level\"; "
                        "parameters are declared in \"params\"\n");
}

static long allocations_left = -1;
static bool refused;

static void *failing_malloc(size_t size)
{
    if (allocations_left == 0)
        refused = true;
    else if (allocations_left > 0)
        allocations_left--;
    return refused ? NULL : malloc(size);
}

static void *failing_realloc(void *old, size_t size)
{
    if (allocations_left == 0)
        refused = true;
    else if (allocations_left > 0)
        allocations_left--;
    return refused ? NULL : realloc(old, size);
}

static void each_allocation_may_fail(void **state)
{
    bool over = false;

    (void)state;
    cosend_set_allocator(failing_malloc, failing_realloc, free);
    for (long n = 0; !over; n++) {
        struct cosend_error error = {0};
        struct csi_plan *plan;

        allocations_left = n;
        refused = false;
        plan = csi_plan_from_line(
            "grep 'a b' invert=true | select a,b | tee x | where '{\"field\": "
            "\"a\", \"op\": \"in\", \"value\": [1, \"x\"]}' | where 'a > 1 && "
            "lower(b.c) =~ \"x\" ||"
            " time(a, \"%F\", \"UTC\") > time(b)' | head 7",
            NULL, &fake_ends, &error);
        over = !refused;
        allocations_left = -1;
        refused = false;
        assert_int_equal(plan == NULL, error.kind == COSEND_E_MEMORY);
        assert_int_equal(plan != NULL, over);
        csi_plan_free(plan);
    }
    cosend_set_allocator(NULL, NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stage_is_a_name_and_its_main_option),
        cmocka_unit_test(quotes_and_backslashes_protect_what_has_a_meaning),
        cmocka_unit_test(only_an_options_name_makes_an_option_of_a_word),
        cmocka_unit_test(commas_make_lists_where_the_option_is_one),
        cmocka_unit_test(a_space_may_stand_behind_a_comma_of_a_list),
        cmocka_unit_test(the_bare_name_of_a_flag_is_true),
        cmocka_unit_test(a_source_may_come_first_and_a_sink_last),
        cmocka_unit_test(tee_takes_the_path_of_a_file),
        cmocka_unit_test(a_condition_is_its_json),
        cmocka_unit_test(problems_stand_at_their_column),
        cmocka_unit_test(a_line_has_no_parameters),
        cmocka_unit_test(each_allocation_may_fail)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
