/* SPDX-License-Identifier: MIT */
/*
 * Every call of cosend/expression.h that test_public_stage.c does not try, and
 * every function's example.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host.h"

struct computing {
    struct cosend_expression *value;
};

static const struct cosend_option computing_options[] = {
    {.name = "value",
     .type = COSEND_OPTION_EXPRESSION,
     .offset = offsetof(struct computing, value),
     .flags = COSEND_MAIN | COSEND_REQUIRED},
    {.name = NULL}};

static int computing_body(struct cosend_stage *self, void *options)
{
    struct cosend_expression *value = ((struct computing *)options)->value;
    struct cosend_column is = cosend_add_column(self, "is");
    const struct cosend_value *values;
    const struct cosend_batch *batch;

    while ((batch = cosend_receive_batch(self))) {
        values = cosend_evaluate(self, value);
        if (!values)
            return COSEND_E_MEMORY;
        for (uint32_t i = 0; i < cosend_batch_count(batch); i++) {
            struct cosend_record record = cosend_record_at(self, i);

            cosend_bad_value(self, &record, &values[i]);
            if (values[i].type == COSEND_TYPE_BAD)
                continue;
            cosend_set_value(self, is, &values[i]);
            cosend_pick(self, i);
        }
    }
    return 0;
}

/* Before there is a batch in hand. */
static int eager_body(struct cosend_stage *self, void *options)
{
    const struct cosend_expression *value =
        ((struct computing *)options)->value;
    struct cosend_field field;

    assert_false(cosend_expression_field(value, SIZE_MAX, &field));
    assert_false(cosend_expression_field(value, 1, &field));
    return cosend_evaluate(self, value) || !*cosend_expression_text(value)
               ? 0
               : COSEND_E_USAGE;
}

static const struct cosend_filter computing_filter = {
    .abi = COSEND_ABI,
    .name = "computing",
    .options_size = sizeof(struct computing),
    .options = computing_options,
    .body = computing_body};

static const struct cosend_filter eager_filter = {.abi = COSEND_ABI,
                                                  .name = "eager",
                                                  .options_size =
                                                      sizeof(struct computing),
                                                  .options = computing_options,
                                                  .body = eager_body};

/* An option that is a type's number and, behind a space, the expression that
   has it. */
struct typed {
    struct cosend_string text;
    struct cosend_expression *made;
};

static const struct cosend_option typed_options[] = {
    {.name = "text",
     .type = COSEND_OPTION_STRING,
     .offset = offsetof(struct typed, text),
     .flags = COSEND_MAIN | COSEND_REQUIRED},
    {.name = NULL}};

static void typed_check(struct cosend_check *check, void *options)
{
    struct typed *typed = options;
    enum cosend_type type = (enum cosend_type)(*typed->text.data - '0');

    typed->made = cosend_check_expression(check, "text", typed->text.data + 2,
                                          typed->text.length - 2, 2);
    if (typed->made && cosend_expression_type(typed->made) != type)
        cosend_check_error(check, "text", "it is of type %d",
                           (int)cosend_expression_type(typed->made));
}

static void typed_release(void *options)
{
    cosend_expression_free(((struct typed *)options)->made);
}

static int typed_body(struct cosend_stage *self, void *options)
{
    const struct typed *typed = options;
    const struct cosend_batch *batch;

    while ((batch = cosend_receive_batch(self)))
        for (uint32_t i = 0; i < cosend_batch_count(batch); i++)
            if (cosend_evaluate(self, typed->made)[i].type >= COSEND_TYPE_BOOL)
                cosend_pick(self, i);
    return 0;
}

static const struct cosend_filter typed_filter = {.abi = COSEND_ABI,
                                                  .name = "typed",
                                                  .options_size =
                                                      sizeof(struct typed),
                                                  .options = typed_options,
                                                  .check = typed_check,
                                                  .release = typed_release,
                                                  .body = typed_body};

static int setup(void **state)
{
    (void)state;
    return cosend_register(&typed_filter, NULL) ||
           cosend_register(&computing_filter, NULL) ||
           cosend_register(&eager_filter, NULL);
}

static void every_example_is_its_result(void **state)
{
    struct cosend_function function;

    (void)state;
    for (size_t i = 0; cosend_function_at(i, &function); i++) {
        struct taken taken;
        struct cosend_options options = host(&taken);
        char line[256], wanted[256];

        struct cosend_pipeline *pipeline;

        snprintf(line, sizeof(line), "computing %s", function.example);
        snprintf(wanted, sizeof(wanted), "line=x is=%s ;", function.result);
        pipeline = open_line(line, &options);
        push(pipeline, "x\n");
        finish(pipeline);
        assert_string_equal(taken.text, wanted);
    }
}

static void functions_are_complete(void **state)
{
    struct cosend_function function, other;

    (void)state;
    assert_false(cosend_function_at(SIZE_MAX, &function));
    for (size_t i = 0; cosend_function_at(i, &function); i++) {
        assert_true(*function.name && *function.group && *function.summary);
        assert_non_null(strstr(function.example, function.name));
        for (size_t k = 0; k < i; k++) {
            cosend_function_at(k, &other);
            assert_string_not_equal(function.name, other.name);
        }
    }
}

static void values_are_of_each_record(void **state)
{
    static const char *const lines[][2] = {
        {"computing line", "line=2 is=2 ;line=x is=x ;line= is= ;"},
        {"computing '\"a\"'", "line=2 is=a ;line=x is=a ;line= is=a ;"},
        {"computing line == 2", "line=2 is=true ;line=x is=false ;line= "
                                "is=false ;"},
        {"computing line * 2", "line=2 is=4 ;line= is= ;"},
        {"computing line > 1 && true", "line=2 is=true ;line= is=false ;"},
        {"computing line ?? 7", "line=2 is=2 ;line=x is=x ;line= is=7 ;"}};

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct taken taken;
        struct cosend_options options = host(&taken);
        struct cosend_pipeline *pipeline = open_line(lines[i][0], &options);

        push(pipeline, "2\nx\n\n");
        finish(pipeline);
        assert_string_equal(taken.text, lines[i][1]);
    }
}

static void without_a_batch_it_fails(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline =
        cosend_pipeline_from_line("eager 1", &options, &error);

    (void)state;
    assert_non_null(pipeline);
    if (cosend_pipeline_open(pipeline, &error) == COSEND_OK)
        cosend_pipeline_finish(pipeline, &error);
    assert_int_equal(error.kind, COSEND_E_USAGE);
    cosend_pipeline_free(pipeline);
}

/* Each with its type, and what is wrong at its own character. */
static void parts_of_an_option_are_expressions(void **state)
{
    static const char *const good[] = {
        "typed '0 line'",        "typed '2 line == 1'",  "typed '4 line + 1'",
        "typed '7 lower(line)'", "typed '6 time(line)'", "typed '1 null'"};
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_error error = {0};

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        struct cosend_pipeline *pipeline = open_line(good[i], &options);

        taken.text[0] = '\0';
        taken.length = 0;
        push(pipeline, "1\n");
        finish(pipeline);
        assert_string_equal(taken.text, i < 5 ? "line=1 ;" : "");
    }
    assert_null(
        cosend_pipeline_from_line("typed '4 line + * 1'", &options, &error));
    assert_non_null(strstr(taken.problems, "1:17"));
    cosend_expression_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_is_its_result),
        cmocka_unit_test(functions_are_complete),
        cmocka_unit_test(values_are_of_each_record),
        cmocka_unit_test(without_a_batch_it_fails),
        cmocka_unit_test(parts_of_an_option_are_expressions)};

    return cmocka_run_group_tests(tests, setup, NULL);
}
