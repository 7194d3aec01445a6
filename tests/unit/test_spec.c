/* SPDX-License-Identifier: MIT */
/* Specs and the problems that are told of them; plans and their links. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "spec_fakes.h"

struct spec_case {
    const char *spec;
    const char *problems;
};

static struct csi_plan *plan_of(const char *text,
                                const struct cosend_options *options)
{
    struct cosend_error error = {0};
    struct csi_plan *plan =
        csi_plan_from_json(text, strlen(text), options, &fake_ends, &error);

    if (!plan)
        print_error("%s\n", error.message);
    assert_non_null(plan);
    return plan;
}

static void check_problems(const struct spec_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct told told = {""};
        struct cosend_error error = {0};
        struct cosend_options options = {.size = sizeof(options),
                                         .name = "s",
                                         .problem = tell,
                                         .context = &told,
                                         .no_environment = true};
        const char *text = cases[i].spec;

        assert_null(csi_plan_from_json(text, strlen(text), &options, &fake_ends,
                                       &error));
        assert_string_equal(told.text, cases[i].problems);
        assert_int_equal(error.kind, COSEND_E_SPEC);
        assert_string_equal(error.source, "s");
        assert_int_equal(error.line, strtoul(told.text + 2, NULL, 10));
    }
}

#define STEPS(steps) "{\"cosend\": 1, \"steps\": [" steps "]}"

static void every_problem_of_a_spec_is_told_once_in_order(void **state)
{
    static const struct spec_case cases[] = {
        {"{}", "s:1:1: \"cosend\": 1, the version of the spec, is missing\n"
               "s:1:1: \"steps\" is missing\n"},
        {"[]", "s:1:1: a spec is an object, {\"cosend\": 1, \"steps\": [...]}, "
               "not an array\n"},
        {"{\n \"cosend\": 2,\n \"stpes\": [],\n \"steps\": {},\n \"note\": 1}",
         "s:2:12: cosend: must be 1, the version of specs that this program "
         "reads\n"
         "s:3:2: stpes: \"stpes\" is not a key of a spec; did you mean "
         "\"steps\"?\n"
         "s:4:11: steps: must be an array of steps, not an object\n"
         "s:5:10: note: must be a string, not a number\n"},
        {"{\"cosend\": 1, \"steps\": [], \"define\": 1, \"tests\": 2}",
         "s:1:28: define: `define` is not supported by this version\n"
         "s:1:41: tests: `tests` is not supported by this version\n"},
        {STEPS("3, {}, {\"id\": \"x\"}, {\"use\": \"y\"}"),
         "s:1:25: steps[0]: must be an object with a filter's name as its "
         "key, not a number\n"
         "s:1:28: steps[1]: needs a filter's name as a key\n"
         "s:1:32: steps[2]: needs a filter's name as a key\n"
         "s:1:46: steps[3].use: `use` is not supported by this version\n"},
        {STEPS("{\"gerp\": \"x\"}, {\"input\": {}}"),
         "s:1:26: steps[0].gerp: there is no filter \"gerp\"; did you mean "
         "\"grep\"?\n"
         "s:1:41: steps[1].input: \"input\" is a source, and this must be a "
         "filter; sources stand in \"from\"\n"},
        {STEPS("{\"grep\": \"x\", \"head\": 1, \"on_eror\": \"skip\"}"),
         "s:1:39: steps[0].head: a step has one filter, and this one has "
         "\"grep\" already\n"
         "s:1:50: steps[0].on_eror: \"on_eror\" is not a key of a step; did "
         "you mean \"on_error\"?\n"},
        {STEPS("{\"head\": 1, \"on_error\": \"skipp\", \"note\": 3}"),
         "s:1:49: steps[0].on_error: must be reject, skip or fail, not "
         "\"skipp\"; did you mean \"skip\"?\n"
         "s:1:66: steps[0].note: must be a string, not a number\n"},
        {"{\"cosend\": 1, \"steps\": [], \"from\": {\"grep\": \"x\"}, "
         "\"to\": {\"stdot\": {}}, \"rejects\": {\"fiel\": \"x\"}}",
         "s:1:37: from.grep: \"grep\" is a filter, and this must be a source\n"
         "s:1:58: to.stdot: there is no sink \"stdot\"; did you mean "
         "\"stdout\"?\n"
         "s:1:84: rejects.fiel: \"fiel\" is not a key of rejects; it is "
         "\"file\"\n"}};

    (void)state;
    check_problems(cases, sizeof(cases) / sizeof(cases[0]));
}

static void options_are_checked_by_their_rows(void **state)
{
    static const struct spec_case cases[] = {
        {STEPS("{\"grep\": {\"pattren\": \"x\"}}"),
         "s:1:26: steps[0].grep: grep needs \"pattern\"\n"
         "s:1:35: steps[0].grep.pattren: \"pattren\" is not an option of "
         "grep; did you mean \"pattern\"?\n"},
        {STEPS("{\"grep\": 404}"),
         "s:1:34: steps[0].grep: must be a string, not a number\n"},
        {STEPS("{\"grep\": \"(\"}"),
         "s:1:34: steps[0].grep: at character 1: missing closing "
         "parenthesis\n"},
        {STEPS("{\"grep\": {\"pattern\": \"x\", \"invert\": true, "
               "\"field\": \"a\"}}"),
         "s:1:61: steps[0].grep.invert: not with a field\n"},
        {STEPS("{\"grep\": {\"pattern\": \"x\", \"invert\": \"no\"}}"),
         "s:1:61: steps[0].grep.invert: must be true or false, not a "
         "string\n"},
        {STEPS("{\"head\": 1.5}, {\"head\": -1}, {\"head\": null}"),
         "s:1:34: steps[0].head: must be a whole number\n"
         "s:1:49: steps[1].head: must be 0 or more\n"
         "s:1:63: steps[2].head: must be a whole number, not null\n"},
        {STEPS("{\"average\": {\"by\": [\"a\", 2], \"emit\": \"eech\", "
               "\"words\": 3, \"field\": []}}"),
         "s:1:50: steps[0].average.by[1]: must be a field's name, not a "
         "number\n"
         "s:1:62: steps[0].average.emit: must be end or each, not \"eech\"; "
         "did you mean \"each\"?\n"
         "s:1:79: steps[0].average.words: must be a string or an array of "
         "strings, not a number\n"
         "s:1:91: steps[0].average.field: must be a field's name, not an "
         "array\n"},
        {STEPS("{\"null\": 3}"),
         "s:1:34: steps[0].null: null takes its options as an object, not a "
         "number\n"},
        {"{\"cosend\": 1, \"from\": {\"input\": {\"header\": [1], "
         "\"max_record_bytes\": 0}}, \"steps\": []}",
         "s:1:45: from.input.header[0]: must be a string, not a number\n"
         "s:1:69: from.input.max_record_bytes: must be between 1 and "
         "1073741824\n"}};

    (void)state;
    check_problems(cases, sizeof(cases) / sizeof(cases[0]));
}

#define WHERE(condition) STEPS("{\"where\": " condition "}")

static void conditions_are_checked_in_every_part(void **state)
{
    static const struct spec_case cases[] = {
        {WHERE("\"status >= \\u0022\\n\\u0022 \\u0026\""),
         "s:1:61: steps[0].where: and is &&\n"},
        {WHERE("{\"field\": \"status\", \"op\": \"gte\", \"value\": 5}"),
         "s:1:61: steps[0].where.op: \"gte\" is not an operator; did you mean "
         "\"ge\"?\n"},
        {WHERE("{}"), "s:1:35: steps[0].where: a condition has a \"field\", "
                      "or is \"all\", \"any\" or \"not\" of others\n"},
        {WHERE("{\"fild\": \"a\"}"),
         "s:1:36: steps[0].where.fild: \"fild\" is not a key of a condition; "
         "did you mean \"field\"?\n"},
        {WHERE("{\"all\": [{\"field\": 1, \"op\": \"lt\"}, {\"not\": 2}, "
               "{\"any\": {}}]}"),
         "s:1:44: steps[0].where.all[0]: \"lt\" needs a \"value\"\n"
         "s:1:54: steps[0].where.all[0].field: must be a field's name, not a "
         "number\n"
         "s:1:78: steps[0].where.all[1].not: must be a condition, an object, "
         "not a number\n"
         "s:1:90: steps[0].where.all[2].any: must be an array of conditions, "
         "not an object\n"},
        {WHERE("{\"field\": \"a\", \"op\": \"regex\", \"value\": \"(\"}"),
         "s:1:74: steps[0].where.value: at character 1: missing closing "
         "parenthesis\n"},
        {WHERE("{\"field\": \"a\", \"op\": \"in\", \"value\": [1, []]}"),
         "s:1:75: steps[0].where.value[1]: must be a string or a number, not "
         "an array\n"},
        {WHERE("{\"field\": \"a\", \"op\": \"empty\", \"value\": 1}"),
         "s:1:74: steps[0].where.value: \"empty\" takes no value\n"}};

    (void)state;
    check_problems(cases, sizeof(cases) / sizeof(cases[0]));
}

static void a_text_that_is_not_json_is_told_with_its_place(void **state)
{
    static const struct spec_case cases[] = {
        {"", "s:1:1: this is not JSON: it is empty; a spec is {\"cosend\": 1, "
             "\"steps\": [...]}\n"},
        {" \n\n ", "s:1:1: this is not JSON: it is empty; a spec is "
                   "{\"cosend\": 1, \"steps\": [...]}\n"},
        {"cosend: 1\nsteps: []",
         "s:1:1: this is not JSON: it looks like YAML, which is not read; a "
         "spec is {\"cosend\": 1, \"steps\": [...]}\n"},
        {"- grep: x",
         "s:1:1: this is not JSON: it looks like YAML, which is not read; a "
         "spec is {\"cosend\": 1, \"steps\": [...]}\n"},
        {"grep x", "s:1:1: this is not JSON: a spec is {\"cosend\": 1, "
                   "\"steps\": [...]}\n"},
        {"{\"cosend\": 1,\n \"\u00e9\u00e9\": \"x\" \"steps\": []}",
         "s:2:12: this is not JSON: a comma is missing before this\n"},
        {"{\"cosend\": 1} x",
         "s:1:15: this is not JSON: the spec has ended before this\n"},
        {"{\"cosend\": 1, // no\n}",
         "s:1:15: this is not JSON: comments are for .jsonc files\n"},
        {"{\"cosend\": 1, # no\n}", "s:1:15: this is not JSON: comments are "
                                    "for .jsonc files, and begin with //\n"},
        {"{\"cosend\": 1,\n}",
         "s:1:13: this is not JSON: this comma is one too many: nothing "
         "follows it; they may be left in .jsonc files\n"},
        {"{\"a\": [1, 2,]}",
         "s:1:12: this is not JSON: this comma is one too many: nothing "
         "follows it; they may be left in .jsonc files\n"},
        {"{\"a\": [,]}", "s:1:8: this is not JSON: a value is missing here\n"},
        {"{\"a\": }", "s:1:7: this is not JSON: a value is missing here\n"},
        {"{\"a\" 1}",
         "s:1:6: this is not JSON: a colon is missing before this\n"},
        {"{\"a\": \"\\d\"}", "s:1:8: this is not JSON: a backslash in a string "
                             "is written twice: \\\\d\n"},
        {"{\"a\": \"\\u12\"}", "s:1:8: this is not JSON: \\u is followed by "
                               "four hexadecimal digits\n"},
        {"{\"a\": \"b\tc\"}",
         "s:1:9: this is not JSON: a tab in a string is written \\t\n"},
        {"{\"a\": \"b\nc\"}",
         "s:1:7: this is not JSON: this string does not end on its line; a "
         "line end in it is written \\n\n"},
        {"{\"a\": \"b}",
         "s:1:7: this is not JSON: this string is not closed\n"},
        {"{'a': 1}",
         "s:1:2: this is not JSON: strings stand in double quotes\n"},
        {"{a: 1}",
         "s:1:2: this is not JSON: keys stand in double quotes: \"a\"\n"},
        {"{\"a\": True}", "s:1:7: this is not JSON: True is written true\n"},
        {"{\"a\": word}",
         "s:1:7: this is not JSON: text stands in double quotes: \"word\"\n"},
        {"{\"a\": .5}",
         "s:1:7: this is not JSON: .5 is no number: one begins with a digit "
         "that is not 0, or is 0, 0.5 or such, with a - before it or not\n"},
        {"{\"a\": 010}",
         "s:1:7: this is not JSON: 010 is no number: one begins with a digit "
         "that is not 0, or is 0, 0.5 or such, with a - before it or not\n"},
        {"{\"a\": [1}",
         "s:1:9: this is not JSON: this } cannot close the [ of 1:7\n"},
        {"{\"a\": [1]", "s:1:10: this is not JSON: it ends here, and the { of "
                        "1:1 is not closed\n"},
        {"[\"a\": 1]",
         "s:1:5: this is not JSON: keys stand in { }, not in [ ]\n"},
        {STEPS("{\"grep\": \"a\\u0000b\"}"),
         "s:1:34: steps[0].grep: a string cannot hold a NUL, \\u0000; a "
         "pattern "
         "has \\\\x00 for it\n"},
        {"{\"cosend\": 1, \"steps\": [], \"cosend\": 1}",
         "s:1:28: cosend: \"cosend\" stands here twice; the first is at "
         "1:2\n"},
        {STEPS("{\"head\": {\"n\": [2], \"\\u006e\": 3}}"),
         "s:1:45: steps[0].head.n: \"n\" stands here twice; the first is at "
         "1:35\n"}};

    (void)state;
    check_problems(cases, sizeof(cases) / sizeof(cases[0]));
}

static void deep_nesting_is_refused_before_anything_recurses(void **state)
{
    enum { DEPTH = 100000 };
    static char text[DEPTH + 1];
    struct cosend_error error = {0};

    (void)state;
    memset(text, '[', DEPTH);
    assert_null(csi_plan_from_json(text, DEPTH, NULL, &fake_ends, &error));
    assert_string_equal(error.message, "nested deeper than 64 levels");
    assert_int_equal(error.column, 65);
}

static void an_oversized_spec_is_refused(void **state)
{
    size_t length = 16 * 1024 * 1024 + 1;
    char *text = malloc(length);
    struct cosend_error error = {0};

    (void)state;
    assert_non_null(text);
    memset(text, ' ', length);
    assert_null(csi_plan_from_json(text, length, NULL, &fake_ends, &error));
    assert_string_equal(error.message, "larger than 16 MiB");
    free(text);
}

static void comments_and_trailing_commas_are_for_jsonc(void **state)
{
    static const char text[] =
        "\xEF\xBB\xBF{\"cosend\": 1, // one\n"
        "/* \u00e9 \", */ \"steps\": [{\"grep\": \"//,]\"}, {\"heed\": 1},],}";
    struct told told = {""};
    struct cosend_options options = {.size = sizeof(options),
                                     .name = "s",
                                     .allow_comments = true,
                                     .problem = tell,
                                     .context = &told};

    (void)state;
    assert_null(
        csi_plan_from_json(text, sizeof(text) - 1, &options, &fake_ends, NULL));
    assert_string_equal(told.text,
                        "s:2:41: steps[1].heed: there is no filter \"heed\"; "
                        "did you mean \"head\"?\n");
}

/* ---- Graphs -------------------------------------------------------------- */

/* The plan as lines `id: target target`, targets being ids or join.port. */
static void draw(const struct csi_plan *plan, char *text, size_t room)
{
    size_t length = 0;

    for (uint32_t i = 0; i < plan->node_count; i++) {
        const struct csi_node *node = &plan->nodes[i];

        length +=
            (size_t)snprintf(text + length, room - length, "%s:", node->id);
        for (uint32_t j = 0; j < node->target_count; j++) {
            const struct csi_link *link = &node->targets[j];

            length +=
                (size_t)(link->join == CSI_NOWHERE
                             ? snprintf(text + length, room - length, " %s",
                                        plan->nodes[link->node].id)
                             : snprintf(text + length, room - length, " j%u.%u",
                                        link->join, link->port));
        }
        for (uint32_t j = 0; j < plan->join_count; j++) {
            const struct csi_join_plan *join = &plan->joins[j];

            if (join->owner != i)
                continue;
            length +=
                (size_t)(join->target.join == CSI_NOWHERE
                             ? snprintf(text + length, room - length,
                                        " j%u(%u)=%s", j, join->ports,
                                        plan->nodes[join->target.node].id)
                             : snprintf(text + length, room - length,
                                        " j%u(%u)=j%u.%u", j, join->ports,
                                        join->target.join, join->target.port));
        }
        length += (size_t)snprintf(text + length, room - length, "\n");
    }
}

static void branches_join_where_several_go_on(void **state)
{
    static const struct spec_case cases[] = {
        {STEPS(""), "input: stdout\nstdout:\n"},
        {STEPS("{\"grep\": \"x\"}, {\"grep\": \"y\"}"),
         "input: grep\ngrep: grep_2\ngrep_2: stdout\nstdout:\n"},
        {STEPS("{\"broadcast\": {\"a\": [{\"grep\": \"x\"}], \"b\": "
               "{\"steps\": [{\"head\": 1}, {\"null\": {}}]}}}, {\"mean\": "
               "\"f\"}"),
         "input: broadcast\nbroadcast: grep head\ngrep: average\n"
         "head: null\nnull:\naverage: stdout\nstdout:\n"},
        {STEPS("{\"broadcast\": [[], [{\"grep\": \"x\"}], "
               "{\"steps\": [{\"head\": 2}]}]}"),
         "input: broadcast\nbroadcast: j0.0 grep head j0(3)=stdout\n"
         "grep: j0.1\nhead: j0.2\nstdout:\n"},
        {STEPS("{\"tee\": [{\"file\": \"x\"}]}, {\"head\": 1}"),
         "input: tee\ntee: head file\nfile:\nhead: stdout\nstdout:\n"},
        {STEPS("{\"tee\": {\"to\": [{\"grep\": \"x\"}]}}"),
         "input: tee\ntee: j0.0 grep j0(2)=stdout\ngrep: j0.1\nstdout:\n"},
        {STEPS("{\"broadcast\": [[{\"tee\": [{\"head\": 1}]}], []]}"),
         "input: broadcast\nbroadcast: tee j1.1 j1(2)=stdout\n"
         "tee: j0.0 head j0(2)=j1.0\nhead: j0.1\nstdout:\n"},
        {STEPS("{\"broadcast\": [[{\"null\": {}}], [{\"stdout\": {}}]]}"),
         "input: broadcast\nbroadcast: null stdout\nnull:\nstdout:\n"},
        {STEPS("{\"head\": 1, \"id\": \"grep\"}, {\"grep\": \"x\"}, "
               "{\"grep\": \"x\"}"),
         "input: grep\ngrep: grep_2\ngrep_2: grep_3\ngrep_3: stdout\n"
         "stdout:\n"}};
    char drawn[2048];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct csi_plan *plan = plan_of(cases[i].spec, NULL);

        draw(plan, drawn, sizeof(drawn));
        csi_plan_free(plan);
        assert_string_equal(drawn, cases[i].problems);
    }
}

static void links_only_go_forward(void **state)
{
    struct csi_plan *plan = plan_of(
        STEPS("{\"broadcast\": [[{\"tee\": [{\"head\": 1}]}], [{\"grep\": "
              "\"x\"}]]}, {\"head\": 1}"),
        NULL);

    (void)state;
    for (uint32_t i = 0; i < plan->node_count; i++)
        for (uint32_t j = 0; j < plan->nodes[i].target_count; j++)
            if (plan->nodes[i].targets[j].node != CSI_NOWHERE)
                assert_true(plan->nodes[i].targets[j].node > i);
    assert_int_equal(plan->output, plan->node_count - 1);
    assert_true(plan->reaches_output);
    csi_plan_free(plan);
}

static void graphs_that_cannot_be_are_told(void **state)
{
    static const struct spec_case cases[] = {
        {STEPS("{\"null\": {}}, {\"head\": 1}, {\"head\": 2}"),
         "s:1:39: steps[1]: nothing reaches this step: all before it ends in "
         "a sink; a `tee` writes and goes on\n"},
        {"{\"cosend\": 1, \"steps\": [{\"null\": {}}], \"to\": {\"stdout\": "
         "{}}}",
         "s:1:40: to: nothing reaches \"to\": every way ends in a sink before "
         "it\n"},
        {STEPS("{\"broadcast\": [[{\"stdout\": {}}], [{\"printer\": {}}]]}"),
         "s:1:60: steps[0].broadcast[1][0].printer: two sinks write to "
         "stdout: this one and steps[0].broadcast[0][0].stdout, at 1:42\n"},
        {STEPS("{\"tee\": [{\"stdout\": {}}]}"),
         "s:1:35: steps[0].tee[0].stdout: two sinks write to stdout: this one "
         "and the output, which is stdout by default\n"},
        {STEPS("{\"broadcast\": []}, {\"broadcast\": 1}, {\"tee\": []}"),
         "s:1:39: steps[0].broadcast: needs a branch\n"
         "s:1:58: steps[1].broadcast: must be an object or an array of "
         "branches, not a number\n"
         "s:1:70: steps[2].tee: needs a step\n"},
        {STEPS("{\"head\": 1, \"id\": \"a\"}, {\"head\": 1, \"id\": \"a\"}, "
               "{\"head\": 1, \"id\": \"a b\"}"),
         "s:1:67: steps[1].id: the id \"a\" is taken: by the step at 1:43\n"
         "s:1:91: steps[2].id: must be a string of up to 63 letters, digits, "
         "_, - and .\n"}};

    (void)state;
    check_problems(cases, sizeof(cases) / sizeof(cases[0]));
}

static void a_path_of_more_than_1000_stages_is_refused(void **state)
{
    enum { STEP = 12, COUNT = 999 };
    char *text = malloc(64 + (size_t)STEP * COUNT);
    struct cosend_error error = {0};

    (void)state;
    assert_non_null(text);
    for (int extra = 0; extra < 2; extra++) {
        int count = COUNT - 1 + extra;
        char *at = stpcpy(text, "{\"cosend\": 1, \"steps\": [");
        struct csi_plan *plan;

        for (int i = 0; i < count; i++)
            at = stpcpy(at, i ? ",{\"head\":1}" : "{\"head\":1}");
        stpcpy(at, "]}");
        plan = csi_plan_from_json(text, strlen(text), NULL, &fake_ends, &error);
        assert_int_equal(plan != NULL, !extra);
        csi_plan_free(plan);
    }
    assert_string_equal(error.message,
                        "to: a path of more than 1,000 stages ends here");
    free(text);
}

/* ---- What the call says -------------------------------------------------- */

static void options_of_the_call_win_over_the_spec(void **state)
{
    struct cosend_options options = {.size = sizeof(options),
                                     .input_format = COSEND_FORMAT_CSV,
                                     .output_format = COSEND_FORMAT_JSONL,
                                     .output_path = "o.json",
                                     .rejects_path = "r",
                                     .on_error = COSEND_ON_ERROR_FAIL};
    struct csi_plan *plan = plan_of(
        "{\"cosend\": 1, \"from\": {\"input\": {\"format\": \"text\"}}, "
        "\"steps\": [{\"head\": 1, \"on_error\": \"skip\"}, {\"head\": 2}], "
        "\"to\": {\"stdout\": \"table\"}, \"rejects\": {\"file\": \"q\"}}",
        &options);
    const struct cosend_write_options *sink = plan->nodes[3].options;
    const struct fake_read *source = plan->nodes[0].options;

    (void)state;
    assert_int_equal(source->read.format.name, COSEND_FORMAT_CSV);
    assert_ptr_equal(plan->nodes[3].filter, &fake_file_sink);
    assert_int_equal(sink->format.name, COSEND_FORMAT_JSONL);
    assert_string_equal(sink->path.data, "o.json");
    assert_string_equal(plan->rejects_path, "r");
    assert_int_equal(plan->nodes[1].on_error, CSI_SKIP);
    assert_int_equal(plan->nodes[2].on_error, CSI_FAIL);
    csi_plan_free(plan);
}

static int ignore_record(const struct cosend_record *record, void *context)
{
    (void)record;
    (void)context;
    return COSEND_OK;
}

static void a_host_program_puts_its_own_ends_on(void **state)
{
    struct cosend_options options = {
        .size = sizeof(options), .push = true, .record = ignore_record};
    struct csi_plan *plan = plan_of(
        "{\"cosend\": 1, \"from\": {\"input\": \"csv\"}, \"steps\": []}",
        &options);
    const struct fake_read *source = plan->nodes[0].options;

    (void)state;
    assert_ptr_equal(plan->nodes[0].filter, &fake_push);
    assert_int_equal(source->read.format.name, COSEND_FORMAT_CSV);
    assert_ptr_equal(plan->nodes[1].filter, &fake_callback);
    csi_plan_free(plan);
}

static void check_usage(const char *text, const struct cosend_options *options,
                        const char *message)
{
    struct cosend_error error = {0};

    assert_null(
        csi_plan_from_json(text, strlen(text), options, &fake_ends, &error));
    assert_int_equal(error.kind, COSEND_E_USAGE);
    assert_string_equal(error.message, message);
}

static void a_call_that_does_not_fit_the_spec_is_a_usage_error(void **state)
{
    static const char *const files[] = {"a"};
    struct cosend_options with_files = {
        .size = sizeof(with_files), .files = files, .file_count = 1};
    struct cosend_options to_file = {.size = sizeof(to_file),
                                     .output_path = "x"};
    struct cosend_options as_csv = {.size = sizeof(as_csv),
                                    .output_format = COSEND_FORMAT_CSV};

    (void)state;
    check_usage("{\"cosend\": 1, \"from\": {\"file\": \"x\"}, \"steps\": "
                "[{\"null\": {}}]}",
                &with_files,
                "the pipeline reads from `file` and takes no files");
    check_usage("{\"cosend\": 1, \"from\": {\"file\": \"x\"}, \"steps\": []}",
                &with_files,
                "the pipeline reads from `file` and takes no files; a sink has "
                "a source in front: `input | file ...`");
    check_usage(STEPS("{\"null\": {}}"), &to_file,
                "-o: nothing reaches the pipeline's output, every way ends in "
                "a sink before it");
    check_usage("{\"cosend\": 1, \"steps\": [], \"to\": {\"null\": {}}}",
                &as_csv, "-t: `null` does not write that format");
}

/* ---- Options and the expanded form --------------------------------------- */

static void options_arrive_in_the_filters_struct(void **state)
{
    struct csi_plan *plan =
        plan_of(STEPS("{\"average\": {\"by\": [\"a\", \"b\"], \"emit\": "
                      "\"each\"}}, {\"grep\": {\"pattern\": \"x\", "
                      "\"field\": \"line\"}}"),
                NULL);
    const struct csi_node *node = &plan->nodes[1];
    const struct fake_average *average = node->options;
    const struct fake_grep *grep = plan->nodes[2].options;

    (void)state;
    assert_int_equal(node->field_count, 3);
    assert_null(node->fields[average->field.slot].name);
    assert_string_equal(node->fields[average->by.first].name, "a");
    assert_string_equal(node->fields[average->by.first + 1].name, "b");
    assert_string_equal(node->fields[average->by.first].place.path,
                        "steps[0].average.by[0]");
    assert_int_equal(average->emit, 1);
    assert_string_equal(average->as.data, "average");
    assert_int_equal(average->words.count, 2);
    assert_string_equal(average->words.items[1].data, "b");
    assert_string_equal(plan->nodes[2].fields[grep->field.slot].name, "line");
    csi_plan_free(plan);
}

static void the_expanded_form_shows_every_node_and_edge(void **state)
{
    struct csi_plan *plan =
        plan_of(STEPS("{\"tee\": [{\"where\": {\"field\": \"a\", \"op\": "
                      "\"lt\", \"value\": 5}}]}"),
                NULL);
    char *text = csi_plan_expand(plan);
    json_t *json = json_loads(text, 0, NULL);
    const json_t *nodes = json_object_get(json, "nodes");
    const json_t *options =
        json_object_get(json_array_get(nodes, 2), "options");

    (void)state;
    csi_free(text);
    assert_int_equal(json_array_size(nodes), 4);
    assert_int_equal(json_array_size(json_object_get(json, "edges")), 5);
    text = json_dumps(options, JSON_COMPACT);
    assert_string_equal(
        text, "{\"condition\":{\"field\":\"a\",\"op\":\"lt\",\"value\":5}}");
    csi_free(text);
    json_decref(json);
    csi_plan_free(plan);
}

/* ---- Faults -------------------------------------------------------------- */

static long allocations_left = -1;
static bool refused;

static bool may_allocate(void)
{
    if (allocations_left == 0)
        refused = true;
    else if (allocations_left > 0)
        allocations_left--;
    return !refused;
}

static void *failing_malloc(size_t size)
{
    return may_allocate() ? malloc(size) : NULL;
}

static void *failing_realloc(void *old, size_t size)
{
    return may_allocate() ? realloc(old, size) : NULL;
}

/* Without memory there is no canonical form, or it is whole. */
static void fail_each_allocation(const char *text, bool is_right)
{
    struct csi_plan *whole =
        csi_plan_from_json(text, strlen(text), NULL, &fake_ends, NULL);
    char *right = whole ? csi_plan_expand(whole) : NULL;
    bool over = false;

    for (long n = 0; !over; n++) {
        struct cosend_error error = {0};
        struct csi_plan *plan;
        char *expanded = NULL;

        allocations_left = n;
        refused = false;
        plan = csi_plan_from_json(text, strlen(text), NULL, &fake_ends, &error);
        if (plan)
            expanded = csi_plan_expand(plan);
        over = !refused;
        allocations_left = -1;
        if (expanded)
            assert_string_equal(expanded, right);
        csi_free(expanded);
        if (!plan && error.kind != COSEND_E_MEMORY) {
            assert_true(over);
            assert_false(is_right);
            assert_int_equal(error.kind, COSEND_E_SPEC);
        }
        assert_true(n < 100000);
        csi_plan_free(plan);
    }
    csi_free(right);
    csi_plan_free(whole);
}

static void each_allocation_may_fail(void **state)
{
    (void)state;
    cosend_set_allocator(failing_malloc, failing_realloc, free);
    fail_each_allocation(
        "{\"cosend\": 1, \"params\": {\"p\": {\"type\": \"string\", "
        "\"default\": \"v\"}}, \"steps\": [{\"broadcast\": {\"a\": "
        "[{\"grep\": \"x${p}\"}], \"b\": [{\"where\": {\"all\": "
        "[{\"field\": \"a\", \"op\": \"in\", \"value\": [1, \"x\"]}, {\"not\": "
        "{\"field\": \"b\", \"op\": \"regex\", \"value\": \"y\"}}]}}]}}, "
        "{\"average\": {\"by\": [\"${p}\", \"\\u0062\"]}}, "
        "\"grep \\\"a\\\" invert\", \"head 7\", {\"tee\": [\"grep ${p}\"]}, "
        "\"where field=a op=in value=1, 2.50\"]}",
        true);
    fail_each_allocation(STEPS("{\"hed\": 1}, {\"head\": {\"m\": 1, \"m\": "
                               "\"2\"}}"),
                         false);
    cosend_set_allocator(NULL, NULL, NULL);
}

/* Whatever byte of a spec is another one, there is a plan or a problem. */
static void any_byte_may_be_wrong(void **state)
{
    static const char right[] =
        "{\"cosend\": 1, \"params\": {\"p\": {\"type\": \"int\", \"default\": "
        "3}}, \"from\": {\"input\": {\"format\": \"csv\"}}, \"steps\": "
        "[{\"grep\": \"x\", \"id\": \"g\"}, {\"head\": \"${p}\"}, {\"tee\": "
        "[{\"file\": {\"path\": \"o\"}}]}, {\"where\": {\"any\": "
        "[{\"field\": \"a\", \"op\": \"ge\", \"value\": 5}]}}], \"to\": "
        "{\"stdout\": {}}, \"rejects\": \"r\"}";
    static const char others[] = "\"{}[]:,x0\\ $";
    char text[sizeof(right)];

    (void)state;
    for (size_t i = 0; i + 1 < sizeof(right); i++)
        for (const char *other = others; *other; other++) {
            struct told told = {""};
            struct cosend_error error = {0};
            struct cosend_options options = {
                .size = sizeof(options), .problem = tell, .context = &told};
            struct csi_plan *plan;

            memcpy(text, right, sizeof(right));
            text[i] = *other;
            plan = csi_plan_from_json(text, strlen(text), &options, &fake_ends,
                                      &error);
            assert_int_equal(plan == NULL, error.kind == COSEND_E_SPEC);
            assert_int_equal(plan == NULL, *told.text != '\0');
            csi_plan_free(plan);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_problem_of_a_spec_is_told_once_in_order),
        cmocka_unit_test(options_are_checked_by_their_rows),
        cmocka_unit_test(conditions_are_checked_in_every_part),
        cmocka_unit_test(a_text_that_is_not_json_is_told_with_its_place),
        cmocka_unit_test(deep_nesting_is_refused_before_anything_recurses),
        cmocka_unit_test(an_oversized_spec_is_refused),
        cmocka_unit_test(comments_and_trailing_commas_are_for_jsonc),
        cmocka_unit_test(branches_join_where_several_go_on),
        cmocka_unit_test(links_only_go_forward),
        cmocka_unit_test(graphs_that_cannot_be_are_told),
        cmocka_unit_test(a_path_of_more_than_1000_stages_is_refused),
        cmocka_unit_test(options_of_the_call_win_over_the_spec),
        cmocka_unit_test(a_host_program_puts_its_own_ends_on),
        cmocka_unit_test(a_call_that_does_not_fit_the_spec_is_a_usage_error),
        cmocka_unit_test(options_arrive_in_the_filters_struct),
        cmocka_unit_test(the_expanded_form_shows_every_node_and_edge),
        cmocka_unit_test(each_allocation_may_fail),
        cmocka_unit_test(any_byte_may_be_wrong)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
