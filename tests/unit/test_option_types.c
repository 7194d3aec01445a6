/* SPDX-License-Identifier: MIT */
/* Options of all types, as a filter of a user's may have them. */
#include "cosend.h"
#include "spec/row_check.h"

#include "../../cli/help_words.h"
#include "../../cli/option_schema.h"

#include <jansson.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host.h"

/* ---- A filter with many options ------------------------------------------ */

struct key {
    struct cosend_field field;
    bool descending;
    int64_t weight;
};

struct named {
    struct cosend_string text;
    double factor;
};

struct typed {
    double ratio;
    int64_t every, memory, since;
    const struct cosend_template *text;
    struct cosend_list by, names;
};

static const struct cosend_option key_options[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct key, field),
     .flags = COSEND_MAIN | COSEND_REQUIRED},
    {.name = "descending",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct key, descending)},
    {.name = "weight",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct key, weight),
     .fallback = "1",
     .minimum = 1,
     .maximum = 9},
    {.name = NULL}};

static const struct cosend_option named_options[] = {
    {.name = "text",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct named, text),
     .flags = COSEND_MAIN},
    {.name = "factor",
     .type = COSEND_OPTION_NUMBER,
     .offset = offsetof(struct named, factor)},
    {.name = NULL}};

static const struct cosend_option typed_options[] = {
    {.name = "ratio",
     .type = COSEND_OPTION_NUMBER,
     .offset = offsetof(struct typed, ratio),
     .maximum = 1},
    {.name = "every",
     .type = COSEND_OPTION_DURATION,
     .offset = offsetof(struct typed, every),
     .fallback = "\"1m\"",
     .minimum = 1000000,
     .maximum = INT64_C(3600000000000)},
    {.name = "memory",
     .type = COSEND_OPTION_SIZE,
     .offset = offsetof(struct typed, memory),
     .minimum = 1,
     .maximum = INT64_MAX},
    {.name = "since",
     .type = COSEND_OPTION_TIME,
     .offset = offsetof(struct typed, since)},
    {.name = "text",
     .type = COSEND_OPTION_TEMPLATE,
     .offset = offsetof(struct typed, text)},
    {.name = "by",
     .type = COSEND_OPTION_LIST,
     .offset = offsetof(struct typed, by),
     .flags = COSEND_MAIN,
     .group = key_options,
     .item_size = sizeof(struct key)},
    {.name = "names",
     .type = COSEND_OPTION_MAP,
     .offset = offsetof(struct typed, names),
     .group = named_options,
     .item_size = sizeof(struct named)},
    {.name = NULL}};

/* What the options were at the last check. */
static char seen[512];

static void see(const char *format, ...) COSEND_PRINTF(1, 2);

static void see(const char *format, ...)
{
    size_t length = strlen(seen);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(seen + length, sizeof(seen) - length, format, arguments);
    va_end(arguments);
}

static void typed_check(struct cosend_check *check, void *options)
{
    struct typed *typed = options;
    const struct key *keys = typed->by.items;
    const struct named *named = typed->names.items;

    seen[0] = '\0';
    see("%g %lld %lld %lld", typed->ratio, (long long)typed->every,
        (long long)typed->memory, (long long)typed->since);
    for (size_t i = 0; i < typed->by.count; i++)
        see(" %s%s*%d", keys[i].descending ? "-" : "",
            cosend_check_field_name(check, keys[i].field), (int)keys[i].weight);
    for (size_t i = 0; i < typed->names.count; i++) {
        see(" %s=%s*%g", typed->names.keys[i].data, named[i].text.data,
            named[i].factor);
        if (named[i].factor > 100)
            cosend_check_error(check, "names.big.factor", "is too much");
    }
    if (typed->by.count > 2)
        cosend_check_error(check, "by[2].field", "is one too many");
}

static int typed_body(struct cosend_stage *self, void *options)
{
    struct typed *typed = options;
    struct cosend_column column = cosend_add_column(self, "made");
    struct cosend_bytes bytes = {0};
    struct cosend_record record;

    cosend_drop_columns(self);
    while (cosend_receive(self, &record)) {
        uint32_t lacking = 0;

        cosend_bytes_clear(&bytes);
        if (typed->text)
            lacking = cosend_fill_template(typed->text, &record, "?", &bytes);
        cosend_set(self, column,
                   cosend_text((const char *)bytes.data, bytes.length));
        if (lacking < 3)
            cosend_emit(self, &record);
    }
    cosend_bytes_free(&bytes);
    return 0;
}

static const struct cosend_filter typed_filter = {.abi = COSEND_ABI,
                                                  .name = "typed",
                                                  .options_size =
                                                      sizeof(struct typed),
                                                  .options = typed_options,
                                                  .check = typed_check,
                                                  .body = typed_body};

/* ---- Filters whose main option is a map; that have pipelines inside ------ */

struct renamed {
    struct cosend_list fields;
    bool loud;
};

static const struct cosend_option renamed_options[] = {
    {.name = "fields",
     .type = COSEND_OPTION_MAP,
     .offset = offsetof(struct renamed, fields),
     .flags = COSEND_MAIN,
     .group = named_options,
     .item_size = sizeof(struct named)},
    {.name = "loud",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct renamed, loud)},
    {.name = NULL}};

static void renamed_check(struct cosend_check *check, void *options)
{
    struct renamed *renamed = options;
    const struct named *named = renamed->fields.items;

    (void)check;
    seen[0] = '\0';
    for (size_t i = 0; i < renamed->fields.count; i++)
        see("%s=%s ", renamed->fields.keys[i].data, named[i].text.data);
    see("%s", renamed->loud ? "loud" : "");
}

static int pass_body(struct cosend_stage *self, void *options)
{
    struct cosend_record record;

    (void)options;
    while (cosend_receive(self, &record))
        cosend_emit(self, &record);
    return 0;
}

static const struct cosend_filter renamed_filter = {.abi = COSEND_ABI,
                                                    .name = "renamed",
                                                    .options_size =
                                                        sizeof(struct renamed),
                                                    .options = renamed_options,
                                                    .check = renamed_check,
                                                    .body = pass_body};

struct way {
    struct cosend_condition *when;
    struct cosend_steps steps;
};

struct ways {
    struct cosend_list cases;
    struct cosend_steps otherwise;
};

static const struct cosend_option way_options[] = {
    {.name = "when",
     .type = COSEND_OPTION_CONDITION,
     .offset = offsetof(struct way, when)},
    {.name = "steps",
     .type = COSEND_OPTION_STEPS,
     .offset = offsetof(struct way, steps),
     .flags = COSEND_REQUIRED},
    {.name = NULL}};

static const struct cosend_option ways_options[] = {
    {.name = "cases",
     .type = COSEND_OPTION_LIST,
     .offset = offsetof(struct ways, cases),
     .group = way_options,
     .item_size = sizeof(struct way)},
    {.name = "default",
     .type = COSEND_OPTION_STEPS,
     .offset = offsetof(struct ways, otherwise)},
    {.name = NULL}};

static void ways_check(struct cosend_check *check, void *options)
{
    struct ways *ways = options;
    const struct way *items = ways->cases.items;

    (void)check;
    seen[0] = '\0';
    for (size_t i = 0; i < ways->cases.count; i++)
        see("%d ", (int)items[i].steps.target);
    see("%d", (int)ways->otherwise.target);
}

static const struct cosend_filter ways_filter = {.abi = COSEND_ABI,
                                                 .name = "ways",
                                                 .options_size =
                                                     sizeof(struct ways),
                                                 .options = ways_options,
                                                 .check = ways_check,
                                                 .body = pass_body,
                                                 .fans_out = true};

static int register_all(void **state)
{
    struct cosend_error error = {0};

    (void)state;
    return cosend_register(&typed_filter, &error) == COSEND_OK &&
                   cosend_register(&renamed_filter, &error) == COSEND_OK &&
                   cosend_register(&ways_filter, &error) == COSEND_OK
               ? 0
               : -1;
}

/* ---- Helpers ------------------------------------------------------------- */

static struct cosend_pipeline *make(const char *text, struct taken *taken)
{
    struct cosend_options options = host(taken);

    seen[0] = '\0';
    return *text == '{'
               ? cosend_pipeline_from_json(text, strlen(text), &options, NULL)
               : cosend_pipeline_from_line(text, &options, NULL);
}

static void assert_seen(const char *text, const char *due)
{
    struct taken taken;
    struct cosend_pipeline *pipeline = make(text, &taken);

    if (!pipeline)
        fail_msg("%s: %s", text, taken.problems);
    assert_string_equal(seen, due);
    cosend_pipeline_free(pipeline);
}

static void assert_refused(const char *text, const char *due)
{
    struct taken taken;
    struct cosend_pipeline *pipeline = make(text, &taken);

    if (pipeline)
        fail_msg("%s is taken", text);
    assert_string_equal(taken.problems, due);
}

/* What a pipeline makes of some JSON lines. */
static void assert_makes(const char *text, const char *input, const char *due)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline;

    options.input_format = COSEND_FORMAT_JSONL;
    pipeline = cosend_pipeline_from_json(text, strlen(text), &options, &error);
    if (!pipeline)
        fail_msg("%s", taken.problems);
    assert_int_equal(cosend_pipeline_open(pipeline, &error), COSEND_OK);
    push(pipeline, input);
    finish(pipeline);
    assert_string_equal(taken.text, due);
}

#define STEP(options)  "{\"cosend\": 1, \"steps\": [" options "]}"
#define TYPED(options) STEP("{\"typed\": {" options "}}")

/* ---- Quantities ---------------------------------------------------------- */

static void quantities_are_read(void **state)
{
    (void)state;
    assert_seen(TYPED(""), "0 60000000000 0 0");
    assert_seen(TYPED("\"ratio\": 0.25, \"every\": \"90s\", \"memory\": "
                      "\"64M\", \"since\": \"1970-01-01T00:00:01Z\""),
                "0.25 90000000000 67108864 1000000000");
    assert_seen(TYPED("\"ratio\": 1, \"memory\": 4096, \"since\": 2"),
                "1 60000000000 4096 2000000000");
    assert_seen(TYPED("\"memory\": \"2kB\""), "0 60000000000 2000 0");
    assert_seen(TYPED("\"memory\": \"2KiB\""), "0 60000000000 2048 0");
    assert_seen(TYPED("\"memory\": \"7B\""), "0 60000000000 7 0");
    assert_seen("typed ratio=.5 every=1.5s memory=1g since=1970-01-02",
                "0.5 1500000000 1073741824 86400000000000");
}

static void quantities_that_are_none_are_told(void **state)
{
    (void)state;
    assert_refused(
        TYPED("\"ratio\": \"1\""),
        "1:45: steps[0].typed.ratio: must be a number, not a string");
    assert_refused(TYPED("\"ratio\": 1.5"),
                   "1:45: steps[0].typed.ratio: must be between 0 and 1");
    assert_refused(TYPED("\"every\": 5"),
                   "1:45: steps[0].typed.every: must be a duration, as 90s, "
                   "1h30m or 250ms, not a number");
    assert_refused(TYPED("\"every\": \"5\""),
                   "1:45: steps[0].typed.every: must be a duration, as 90s, "
                   "1h30m or 250ms: \"5\" has no unit, which is one of ns us "
                   "ms s m h d w");
    assert_refused(TYPED("\"every\": \"2h\""),
                   "1:45: steps[0].typed.every: must be between 1ms and 1h");
    assert_refused(TYPED("\"memory\": \"64X\""),
                   "1:46: steps[0].typed.memory: must be a size in bytes, as "
                   "4096, 64K, 64M or 2G, not \"64X\"");
    assert_refused(TYPED("\"memory\": \"9999999999G\""),
                   "1:46: steps[0].typed.memory: must be a size in bytes, as "
                   "4096, 64K, 64M or 2G, not \"9999999999G\"");
    assert_refused(TYPED("\"memory\": -1"),
                   "1:46: steps[0].typed.memory: must be 0 or more");
    assert_refused(TYPED("\"memory\": \"0\""),
                   "1:46: steps[0].typed.memory: must be 1 or more");
    assert_refused(TYPED("\"since\": \"yesterday\""),
                   "1:45: steps[0].typed.since: must be a time, as "
                   "2026-11-28T13:55:36Z or 2026-11-28, not \"yesterday\"");
    assert_refused(TYPED("\"since\": \"Oct 10 13:55:36\""),
                   "1:45: steps[0].typed.since: \"Oct 10 13:55:36\" has no "
                   "year: must be a time, as 2026-11-28T13:55:36Z or "
                   "2026-11-28");
    assert_refused("typed ratio=x",
                   "1:13: steps[0].typed.ratio: must be a number, not \"x\"");
}

/* ---- Templates ----------------------------------------------------------- */

static void templates_are_filled(void **state)
{
    static const char input[] = "{\"a\": 1, \"b c\": \"x\", \"d\": null}\n";

    (void)state;
    assert_makes(TYPED("\"text\": \"{a}-{b c}.csv\""), input, "made=1-x.csv ;");
    assert_makes(TYPED("\"text\": \"no field\""), input, "made=no field ;");
    assert_makes(TYPED("\"text\": \"\""), input, "made= ;");
    assert_makes(TYPED("\"text\": \"{{{a}}} } {`b c`}\""), input,
                 "made={1} } x ;");
    assert_makes(TYPED("\"text\": \"{d}{lacks}|\""), input, "made=??| ;");
    assert_makes(TYPED("\"text\": \"{a:>4}|{a:<4}|{a:^4}|{a:4}|{a:>0}\""),
                 input, "made=   1|1   | 1  |1   |1 ;");
    assert_makes(TYPED("\"text\": \"{a:03}|{b c:03}|{d:03}|{a:06.2f}\""), input,
                 "made=001|00x|  ?|001.00 ;");
}

static void templates_that_make_no_sense_are_told(void **state)
{
    (void)state;
    assert_refused(TYPED("\"text\": \"ab{c\""),
                   "1:44: steps[0].typed.text: byte 3: this { is not closed; a "
                   "brace that is meant is written {{");
    assert_refused(TYPED("\"text\": \"{a{b}}\""),
                   "1:44: steps[0].typed.text: byte 1: this { is not closed; a "
                   "brace that is meant is written {{");
    assert_refused(TYPED("\"text\": \"a{}\""),
                   "1:44: steps[0].typed.text: byte 3: a field's name is "
                   "missing between the braces");
    assert_refused(TYPED("\"text\": \"{a:.2g}\""),
                   "1:44: steps[0].typed.text: byte 4: a layout is <, > or ^ "
                   "and a width, as in {name:>8}, or one to fill with zeros, "
                   "as in {name:05}, and .2f for two digits behind the point, "
                   "as in {name:8.2f}");
    assert_refused(TYPED("\"text\": \"{a:<05}\""),
                   "1:44: steps[0].typed.text: byte 8: zeros fill a field in "
                   "front, so {name:05} has no < or ^");
    assert_refused(TYPED("\"text\": 5"),
                   "1:44: steps[0].typed.text: must be text with fields in "
                   "braces, {name}, not a number");
}

/* ---- Lists and maps ------------------------------------------------------ */

static void items_are_read_by_their_rows(void **state)
{
    (void)state;
    assert_seen(TYPED("\"by\": [\"a\", {\"field\": \"b\", \"descending\": "
                      "true, \"weight\": 3}]"),
                "0 60000000000 0 0 a*1 -b*3");
    assert_seen(STEP("{\"typed\": [\"a\", \"b\"]}"),
                "0 60000000000 0 0 a*1 b*1");
    assert_seen(STEP("{\"typed\": \"a\"}"), "0 60000000000 0 0 a*1");
    assert_seen(TYPED("\"by\": {\"field\": \"a\"}"), "0 60000000000 0 0 a*1");
    assert_seen(TYPED("\"by\": []"), "0 60000000000 0 0");
    assert_seen(TYPED("\"names\": {\"x\": \"y\", \"z\": {\"factor\": 0.5, "
                      "\"text\": \"w\"}}"),
                "0 60000000000 0 0 x=y*0 z=w*0.5");
}

static void items_stand_in_a_line(void **state)
{
    (void)state;
    assert_seen("typed a, b every=1s", "0 1000000000 0 0 a*1 b*1");
    assert_seen("typed names=x=y,z=w", "0 60000000000 0 0 x=y*0 z=w*0");
    assert_seen("typed by='[{\"field\": \"a\", \"descending\": true}]'",
                "0 60000000000 0 0 -a*1");
    assert_seen("renamed a=b, 'c d'=e loud", "a=b c d=e loud");
    assert_refused("renamed a=b, c",
                   "1:14: : a name and a value are missing here: name=value, "
                   "with commas between several");
    assert_refused("renamed a=b,a=c", "1:13: : \"a\" stands here twice");
}

static void a_map_may_be_a_steps_value(void **state)
{
    (void)state;
    assert_seen(STEP("{\"renamed\": {\"a\": \"b\", \"c\": \"d\"}}"),
                "a=b c=d ");
    assert_seen(STEP("{\"renamed\": {\"fields\": {\"loud\": \"b\"}, "
                     "\"loud\": true}}"),
                "loud=b loud");
}

static void items_that_are_wrong_are_told_at_their_place(void **state)
{
    (void)state;
    assert_refused(TYPED("\"by\": [\"a\", {\"feild\": \"b\"}]"),
                   "1:49: steps[0].typed.by[1].feild: \"feild\" is not an "
                   "option of by; did you mean \"field\"?");
    assert_refused(TYPED("\"by\": [{\"field\": \"b\", \"wieght\": 1}]"),
                   "1:58: steps[0].typed.by[0].wieght: \"wieght\" is not an "
                   "option of by; did you mean \"weight\"?");
    assert_refused(TYPED("\"by\": [{\"field\": \"b\", \"weight\": 10}]"),
                   "1:68: steps[0].typed.by[0].weight: must be between 1 and "
                   "9");
    assert_refused(TYPED("\"by\": [\"a\", 5]"),
                   "1:48: steps[0].typed.by[1]: must be a field's name, not a "
                   "number");
    assert_refused(TYPED("\"names\": [\"a\"]"),
                   "1:45: steps[0].typed.names: must be an object of names and "
                   "values, not an array");
    assert_refused(TYPED("\"by\": [\"a\", \"b\", {\"field\": \"c\"}]"),
                   "1:63: steps[0].typed.by[2].field: is one too many");
    assert_refused(TYPED("\"names\": {\"big\": {\"factor\": 101}}"),
                   "1:64: steps[0].typed.names.big.factor: is too much");
}

/* ---- Pipelines inside ---------------------------------------------------- */

static void pipelines_inside_are_branches_that_join(void **state)
{
    (void)state;
    assert_seen(STEP("{\"ways\": {\"cases\": [{\"steps\": [{\"head\": 1}]}, "
                     "{\"steps\": [\"head 2\"]}], \"default\": []}}"),
                "0 1 2");
    assert_seen(STEP("{\"ways\": {\"cases\": [{\"steps\": []}]}}"), "0 -1");
    /* Each record goes each way; those of one record come out together. */
    assert_makes(STEP("{\"ways\": {\"cases\": [{\"steps\": [{\"head\": 1}]}, "
                      "{\"steps\": [\"select a\"]}]}}, {\"select\": \"a\"}"),
                 "{\"a\": 1}\n{\"a\": 2}\n", "a=1 ;a=1 ;a=2 ;");
}

static void pipelines_inside_have_their_problems_told(void **state)
{
    (void)state;
    assert_refused(STEP("{\"ways\": {\"cases\": [{\"steps\": [{\"haed\": "
                        "1}]}]}}"),
                   "1:57: steps[0].ways.cases[0].steps[0].haed: there is no "
                   "filter \"haed\"; did you mean \"head\"?");
    assert_refused(STEP("{\"ways\": {\"cases\": [{\"steps\": [\"haed 1\"]}]}}"),
                   "1:57: steps[0].ways.cases[0].steps[0].haed: there is no "
                   "filter \"haed\"; did you mean \"head\"?");
    assert_refused(STEP("{\"ways\": {\"cases\": [{\"when\": {\"field\": "
                        "\"a\", \"op\": \"exists\"}}]}}"),
                   "1:45: steps[0].ways.cases[0]: needs \"steps\"");
    assert_refused(STEP("{\"ways\": {\"cases\": [{\"steps\": 5}]}}"),
                   "1:55: steps[0].ways.cases[0].steps: a branch is a list of "
                   "steps, also of one, not a number");
    assert_refused("ways default=head",
                   "1:6: : steps inside of a step do not fit in one line; "
                   "write this pipeline as a JSON spec");
    assert_refused("ways",
                   "1:1: steps[0].ways: has no steps inside, so that its "
                   "records would go nowhere; `cosend help ways` lists the "
                   "options that have some");
}

/* ---- As JSON again ------------------------------------------------------- */

static void options_are_shown_as_json(void **state)
{
    static const char *const due[] = {
        "\"ratio\": 0.5",       "\"every\": \"1m30s\"",
        "\"memory\": 65536",    "\"since\": \"2026-11-28T00:00:00Z\"",
        "\"text\": \"{a}{{\"",  "\"field\": \"b\"",
        "\"descending\": true", "\"x\": {"};
    struct taken taken;
    struct cosend_pipeline *pipeline =
        make(TYPED("\"ratio\": 0.5, \"every\": \"90s\", \"memory\": \"64K\", "
                   "\"since\": \"2026-11-28\", \"text\": \"{a}{{\", \"by\": "
                   "{\"field\": \"b\", \"descending\": true}, \"names\": "
                   "{\"x\": \"y\"}"),
             &taken);
    char *text = pipeline ? cosend_pipeline_expand(pipeline) : NULL;

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < sizeof(due) / sizeof(due[0]); i++)
        if (!strstr(text, due[i]))
            fail_msg("%s is not in %s", due[i], text);
    cosend_release_text(text);
    cosend_pipeline_free(pipeline);
}

static void a_line_with_items_is_a_spec(void **state)
{
    static const char line[] = "typed a,b ratio=.5 names=x=1,y=2 every=1s | "
                               "renamed a=b | typed c";
    struct cosend_error error = {0};
    char *json = cosend_line_to_json(line, NULL, &error);
    struct cosend_pipeline *from_line, *from_json;
    char *one, *other;

    (void)state;
    if (!json)
        fail_msg("%s", error.message);
    from_line = cosend_pipeline_from_line(line, NULL, &error);
    from_json = cosend_pipeline_from_json(json, strlen(json), NULL, &error);
    if (!from_json)
        fail_msg("%s: %s", json, error.message);
    one = cosend_pipeline_expand(from_line);
    other = cosend_pipeline_expand(from_json);
    assert_string_equal(one, other);
    cosend_release_text(one);
    cosend_release_text(other);
    cosend_release_text(json);
    cosend_pipeline_free(from_line);
    cosend_pipeline_free(from_json);
}

/* ---- Help and schema ----------------------------------------------------- */

static void assert_type(const struct cosend_option *option, const char *due)
{
    struct csi_cli_text text = {0};

    csi_cli_option_type(&text, option);
    assert_string_equal(text.data, due);
    csi_cli_free(&text);
}

static void types_have_words(void **state)
{
    (void)state;
    assert_type(&typed_options[0], "number");
    assert_type(&typed_options[1], "duration");
    assert_type(&typed_options[2], "size");
    assert_type(&typed_options[3], "time");
    assert_type(&typed_options[4], "template");
    assert_type(&typed_options[5], "list of field {descending, weight}");
    assert_type(&typed_options[6], "name=text {factor},...");
    assert_type(&ways_options[0], "list of {when, steps}");
    assert_type(&ways_options[1], "steps");
}

/* All of a table's, as one JSON text that jansson reads. */
static void assert_schemas(const struct cosend_option *rows)
{
    struct cosend_option row;

    for (size_t i = 0; cosend_option_at(rows, i, &row); i++) {
        struct csi_cli_text text = {0};
        json_t *json;

        csi_cli_option_schema(&text, &row);
        json = json_loads(text.data, 0, NULL);
        if (!json_is_object(json))
            fail_msg("%s: %s", row.name, text.data);
        json_decref(json);
        csi_cli_free(&text);
    }
}

static void schemas_are_json(void **state)
{
    const struct cosend_filter *filter;
    struct csi_cli_text text = {0};

    (void)state;
    for (size_t i = 0; (filter = cosend_filter_at(i)); i++)
        assert_schemas(filter->options);
    csi_cli_option_schema(&text, &typed_options[5]);
    assert_non_null(strstr(text.data, "\"required\": [\"field\"], "
                                      "\"additionalProperties\": false"));
    assert_non_null(strstr(text.data, "\"weight\": {\"type\": \"integer\", "
                                      "\"minimum\": 1, \"maximum\": 9}"));
    csi_cli_free(&text);
}

/* ---- Rows ---------------------------------------------------------------- */

static void rows_that_make_no_sense_are_refused(void **state)
{
    static const struct cosend_option none[] = {{.name = NULL}};
    struct cosend_option rows[] = {{.name = "x"}, {.name = NULL}};
    struct cosend_filter filter = {.abi = COSEND_ABI,
                                   .name = "f",
                                   .options_size = sizeof(struct ways),
                                   .options = rows,
                                   .body = pass_body};
    struct cosend_error error = {0};

    (void)state;
    rows[0].type = COSEND_OPTION_LIST;
    assert_int_equal(csi_row_check(&filter, NULL), COSEND_E_USAGE);
    rows[0].group = key_options;
    rows[0].item_size = sizeof(struct key) - 1;
    csi_row_check(&filter, &error);
    assert_string_equal(error.message, "f: the row of option \"weight\" lies "
                                       "outside of the item's struct");
    rows[0].item_size = sizeof(struct key);
    assert_int_equal(csi_row_check(&filter, NULL), COSEND_OK);
    rows[0].group = none;
    assert_int_equal(csi_row_check(&filter, NULL), COSEND_OK);
    rows[0].group = way_options;
    rows[0].item_size = sizeof(struct way);
    assert_int_equal(csi_row_check(&filter, NULL), COSEND_E_USAGE);
    filter.fans_out = true;
    assert_int_equal(csi_row_check(&filter, NULL), COSEND_OK);
    rows[0].type = COSEND_OPTION_STEPS;
    rows[0].fallback = "[]";
    assert_int_equal(csi_row_check(&filter, NULL), COSEND_E_USAGE);
    rows[0].fallback = NULL;
    assert_int_equal(csi_row_check(&filter, NULL), COSEND_OK);
}

/* ---- Memory -------------------------------------------------------------- */

static int allocations_left;

static void *limited_malloc(size_t size)
{
    return allocations_left-- > 0 ? malloc(size) : NULL;
}

static void *limited_realloc(void *old, size_t size)
{
    return allocations_left-- > 0 ? realloc(old, size) : NULL;
}

static void every_allocation_may_fail(void **state)
{
    static const char *const texts[] = {
        TYPED("\"text\": \"{a} and {b}\", \"by\": [\"a\", {\"field\": "
              "\"b\"}], \"names\": {\"x\": \"y\"}, \"every\": \"5s\""),
        STEP("{\"ways\": {\"cases\": [{\"when\": {\"field\": \"a\", \"op\": "
             "\"exists\"}, \"steps\": [\"head 1\"]}], \"default\": []}}"),
        "typed a,b names=x=y,z=w text={a}"};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct cosend_pipeline *pipeline = NULL;

        for (int count = 0; !pipeline; count++) {
            struct taken taken;

            allocations_left = count;
            cosend_set_allocator(limited_malloc, limited_realloc, free);
            pipeline = make(texts[i], &taken);
            cosend_set_allocator(NULL, NULL, NULL);
            assert_true(count < 2000);
        }
        cosend_pipeline_free(pipeline);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantities_are_read),
        cmocka_unit_test(quantities_that_are_none_are_told),
        cmocka_unit_test(templates_are_filled),
        cmocka_unit_test(templates_that_make_no_sense_are_told),
        cmocka_unit_test(items_are_read_by_their_rows),
        cmocka_unit_test(items_stand_in_a_line),
        cmocka_unit_test(a_map_may_be_a_steps_value),
        cmocka_unit_test(items_that_are_wrong_are_told_at_their_place),
        cmocka_unit_test(pipelines_inside_are_branches_that_join),
        cmocka_unit_test(pipelines_inside_have_their_problems_told),
        cmocka_unit_test(options_are_shown_as_json),
        cmocka_unit_test(a_line_with_items_is_a_spec),
        cmocka_unit_test(types_have_words),
        cmocka_unit_test(schemas_are_json),
        cmocka_unit_test(rows_that_make_no_sense_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, register_all, NULL);
}
