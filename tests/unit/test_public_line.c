/* SPDX-License-Identifier: MIT */
/*
 * What a line stands for: a spec as JSON, and the calls that make the same;
 * whether its end came early.
 *
 * Written on cosend.h alone, as a host program is.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "host.h"

static const char line[] = "input format=csv delimiter=; | "
                           "where field=a op=in value=1,x | "
                           "head n=2 by=a | tee all.csv | count by=a,b as=n";

static const char spec[] =
    "{\n"
    "  \"cosend\": 1,\n"
    "  \"from\": {\"input\": {\"format\": \"csv\", \"delimiter\": \";\"}},\n"
    "  \"steps\": [\n"
    "    {\"where\": {\"field\": \"a\", \"op\": \"in\", "
    "\"value\": [1, \"x\"]}},\n"
    "    {\"head\": {\"n\": 2, \"by\": \"a\"}},\n"
    "    {\"tee\": [{\"file\": \"all.csv\"}]},\n"
    "    {\"count\": {\"by\": [\"a\", \"b\"], \"as\": \"n\"}}\n"
    "  ]\n"
    "}\n";

static void a_line_is_a_spec(void **state)
{
    struct cosend_error error = {0};
    char *json = cosend_line_to_json(line, NULL, &error);
    struct cosend_pipeline *from_line, *from_json;
    char *one, *other;
    (void)state;

    assert_non_null(json);
    assert_string_equal(json, spec);
    from_line = cosend_pipeline_from_line(line, NULL, &error);
    from_json = cosend_pipeline_from_json(json, strlen(json), NULL, &error);
    one = cosend_pipeline_expand(from_line);
    other = cosend_pipeline_expand(from_json);
    assert_string_equal(one, other);
    cosend_release_text(one);
    cosend_release_text(other);
    cosend_release_text(json);
    cosend_pipeline_free(from_line);
    cosend_pipeline_free(from_json);
}

/* What is called, in a pipeline that is made by these calls. */
static void make(int role, const char *name, const char *options, void *context)
{
    struct cosend_pipeline *pipeline = context;
    struct cosend_error error = {0};

    assert_int_equal(
        role == COSEND_SOURCE
            ? cosend_pipeline_set_source(pipeline, name, options, &error)
            : cosend_pipeline_add(pipeline, name, options, &error),
        COSEND_OK);
}

static void a_line_is_calls(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline = cosend_pipeline_new(&options, &error);
    static const char rows[] = "a;b\n1.0;p\ny;q\nx;r\n1;s\n";
    (void)state;

    /* The last source that is set counts. */
    assert_int_equal(
        cosend_pipeline_set_source(pipeline, "file", "\"none\"", &error),
        COSEND_OK);
    assert_int_equal(
        cosend_line_calls("input format=csv delimiter=; | "
                          "where field=a op=in value=1,x | count by=b",
                          NULL, make, pipeline, &error),
        COSEND_OK);
    assert_int_equal(cosend_pipeline_open(pipeline, &error), COSEND_OK);
    assert_int_equal(
        cosend_pipeline_set_source(pipeline, "input", NULL, &error),
        COSEND_E_USAGE);
    assert_int_equal(
        cosend_pipeline_push(pipeline, rows, sizeof(rows) - 1, &error),
        COSEND_OK);
    assert_int_equal(cosend_pipeline_finish(pipeline, &error), COSEND_OK);
    assert_string_equal(taken.text, "b=p count=1 ;b=r count=1 ;b=s count=1 ;");
    cosend_pipeline_free(pipeline);
}

static void an_early_end_is_known(void **state)
{
    static const char *const lines[] = {"average emit=each | head 1",
                                        "average emit=each | head 9"};
    (void)state;

    for (int i = 0; i < 2; i++) {
        struct taken taken;
        struct cosend_options options = host(&taken);
        struct cosend_error error = {0};
        struct cosend_pipeline *pipeline =
            cosend_pipeline_from_line(lines[i], &options, &error);

        assert_false(cosend_pipeline_ended_early(pipeline));
        assert_int_equal(cosend_pipeline_open(pipeline, &error), COSEND_OK);
        cosend_pipeline_push(pipeline, "x\n1\ny\n2\n", 8, &error);
        cosend_pipeline_finish(pipeline, &error);
        assert_int_equal(cosend_pipeline_ended_early(pipeline), i == 0);
        cosend_pipeline_free(pipeline);
    }
}

static void never(int role, const char *name, const char *options,
                  void *context)
{
    (void)role;
    (void)name;
    (void)options;
    (void)context;
    fail();
}

static void a_wrong_line_is_nothing(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_error error = {0};
    (void)state;

    assert_null(cosend_line_to_json("gerp x", &options, &error));
    assert_int_equal(error.kind, COSEND_E_SPEC);
    assert_string_equal(taken.problems,
                        "1:1: steps[0].gerp: there is no filter \"gerp\"; did "
                        "you mean \"grep\"?");
    assert_int_equal(cosend_line_calls("gerp x", NULL, never, NULL, NULL),
                     COSEND_E_SPEC);
    assert_null(cosend_line_to_json("grep \xff", NULL, NULL));
    memset(&options, 0, sizeof(options));
    options.size = sizeof(options);
    options.output_path = "\xff";
    memset(&error, 0, sizeof(error));
    assert_null(cosend_line_to_json("grep x", &options, &error));
    assert_int_equal(error.kind, COSEND_E_USAGE);
}

/* ---- Without memory ------------------------------------------------------ */

static long allowed;

static void *failing_malloc(size_t size)
{
    return allowed-- > 0 ? malloc(size) : NULL;
}

static void *failing_realloc(void *memory, size_t size)
{
    return allowed-- > 0 ? realloc(memory, size) : NULL;
}

static void without_memory_there_is_none_of_it(void **state)
{
    const struct cosend_options options = {.size = sizeof(options),
                                           .input_format = COSEND_FORMAT_CSV,
                                           .output_format = COSEND_FORMAT_TABLE,
                                           .output_path = "a$$",
                                           .rejects_path = "b"};
    struct cosend_error error;
    char *json = NULL, *whole;
    (void)state;

    whole = cosend_line_to_json(line, &options, NULL);
    assert_non_null(whole);
    cosend_set_allocator(failing_malloc, failing_realloc, free);
    for (long i = 0; !json; i++) {
        memset(&error, 0, sizeof(error));
        allowed = i;
        json = cosend_line_to_json(line, &options, &error);
        if (!json)
            assert_int_equal(error.kind, COSEND_E_MEMORY);
    }
    cosend_set_allocator(NULL, NULL, NULL);
    assert_string_equal(json, whole);
    cosend_release_text(json);
    cosend_release_text(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_a_spec), cmocka_unit_test(a_line_is_calls),
        cmocka_unit_test(an_early_end_is_known),
        cmocka_unit_test(a_wrong_line_is_nothing),
        cmocka_unit_test(without_memory_there_is_none_of_it)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
