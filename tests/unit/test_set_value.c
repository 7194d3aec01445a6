/* SPDX-License-Identifier: MIT */
/* Typed values as cells of an added column. */
#include "cosend.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host.h"

/* ---- The filter ---------------------------------------------------------- */

struct typed {
    struct cosend_field field;
};

static const struct cosend_option typed_options[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct typed, field),
     .flags = COSEND_MAIN | COSEND_ONLY_COLUMN},
    {.name = NULL}};

/* Words stand for values that no cell is. */
static struct cosend_value value_for(struct cosend_cell cell)
{
    struct cosend_value value = cosend_value_of(cell);
    size_t length = cell.length;

    if (value.type != COSEND_TYPE_TEXT)
        return value;
    if (length == 6 && memcmp(cell.data, "absent", length) == 0)
        value.type = COSEND_TYPE_ABSENT;
    if (length == 4 && memcmp(cell.data, "null", length) == 0)
        value.type = COSEND_TYPE_NULL;
    if (length == 3 && memcmp(cell.data, "bad", length) == 0)
        value.type = COSEND_TYPE_BAD;
    if (length == 4 && memcmp(cell.data, "true", length) == 0) {
        value.type = COSEND_TYPE_BOOL;
        value.as.truth = true;
    }
    if (length == 4 && memcmp(cell.data, "noon", length) == 0) {
        value.type = COSEND_TYPE_TIME;
        value.as.integer = INT64_C(43200500000000);
        value.offset = 7200;
    }
    if (length == 3 && memcmp(cell.data, "1/3", length) == 0) {
        value.type = COSEND_TYPE_DOUBLE;
        value.as.number = 1 / 3.0;
    }
    return value;
}

static int typed_body(struct cosend_stage *self, void *options)
{
    struct typed *typed = options;
    struct cosend_column column = cosend_add_column(self, "v");
    struct cosend_record record;

    cosend_drop_columns(self);
    while (cosend_receive(self, &record)) {
        struct cosend_value value =
            value_for(cosend_field(&record, typed->field));

        cosend_set_value(self, column, &value);
        cosend_emit(self, &record);
    }
    return 0;
}

static const struct cosend_filter typed_filter = {.abi = COSEND_ABI,
                                                  .name = "typed",
                                                  .options_size =
                                                      sizeof(struct typed),
                                                  .options = typed_options,
                                                  .body = typed_body};

static int register_typed(void **state)
{
    struct cosend_error error = {0};

    (void)state;
    return cosend_register(&typed_filter, &error) == COSEND_OK ? 0 : -1;
}

/* ---- The tests ----------------------------------------------------------- */

/* Writes a cell as its kind's number and text. */
static int take_kind(const struct cosend_record *record, void *context)
{
    struct cosend_item item = {0};
    struct taken *taken = context;
    char kind[8];

    if (!cosend_next_item(record, &item, NULL))
        return COSEND_OK;
    snprintf(kind, sizeof(kind), "%d:", (int)item.cell.kind);
    append(taken, kind, 2);
    append(taken, item.cell.data, item.cell.length);
    append(taken, "\n", 1);
    return COSEND_OK;
}

static void assert_set(const char *texts, const char *due)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline;

    options.record = take_kind;
    pipeline = open_line("typed", &options);
    push(pipeline, texts);
    finish(pipeline);
    assert_string_equal(taken.text, due);
}

static void values_are_printed_as_numbers_are(void **state)
{
    (void)state;
    assert_set("007\n7.50\n1/3\n1e3\n0.30000000000000004\n-0\n",
               "3:7\n3:7.5\n3:0.3333333333333333\n3:1000\n"
               "3:0.30000000000000004\n3:0\n");
}

static void decimals_keep_their_digits_in_the_grammar_of_json(void **state)
{
    (void)state;
    assert_set("9223372036854775808\n+0009223372036854775808.\n"
               "-.12345678901234567890\n00.10000000000000001\n1.e23\n",
               "3:9223372036854775808\n3:9223372036854775808\n"
               "3:-0.12345678901234567890\n3:0.10000000000000001\n3:1e23\n");
}

static void what_is_no_number_keeps_its_kind(void **state)
{
    (void)state;
    assert_set("absent\nnull\ntrue\nabc\n1e999\n\n",
               "0:\n1:\n4:true\n2:abc\n2:1e999\n2:\n");
}

static void times_are_printed_in_their_offset(void **state)
{
    (void)state;
    assert_set("noon\n", "2:1970-01-01T14:00:00.500+02:00\n");
}

static void a_bad_value_fails_the_step(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline = open_line("typed", &options);

    (void)state;
    cosend_pipeline_push(pipeline, "bad\n", 4, &error);
    if (!error.kind)
        cosend_pipeline_finish(pipeline, &error);
    assert_int_equal(error.kind, COSEND_E_TYPE);
    assert_non_null(strstr(error.message, "bad"));
    cosend_pipeline_free(pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_printed_as_numbers_are),
        cmocka_unit_test(decimals_keep_their_digits_in_the_grammar_of_json),
        cmocka_unit_test(what_is_no_number_keeps_its_kind),
        cmocka_unit_test(times_are_printed_in_their_offset),
        cmocka_unit_test(a_bad_value_fails_the_step),
    };

    return cmocka_run_group_tests(tests, register_typed, NULL);
}
