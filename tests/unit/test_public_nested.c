/* SPDX-License-Identifier: MIT */
/*
 * Every call of cosend/nested.h and cosend/template.h: with cells of all kinds,
 * with no bytes, and with memory that is wanting.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host.h"

/* ---- Nested cells -------------------------------------------------------- */

static void cells_that_hold_nothing_have_no_members(void **state)
{
    struct cosend_bytes text = {0};

    (void)state;
    for (int kind = -1; kind <= COSEND_NESTED + 1; kind++) {
        struct cosend_cell cell = {"{", 1, (enum cosend_kind)kind};
        struct cosend_cell none = {NULL, 0, (enum cosend_kind)kind};
        struct cosend_item item = {0};

        assert_false(cosend_next_member(cell, &item, &text));
        assert_false(cosend_next_member(none, &item, &text));
        assert_int_equal(cosend_take_path(cell, "a", 1, &text).kind,
                         COSEND_ABSENT);
        assert_int_equal(cosend_take_path(none, "[0]", 3, &text).kind,
                         COSEND_ABSENT);
        assert_true((int)cosend_take_path(none, NULL, 0, &text).kind == kind);
    }
    assert_null(text.data);
}

static void a_walk_that_is_over_stays_so(void **state)
{
    struct cosend_cell cell = {"[1]", 3, COSEND_NESTED};
    struct cosend_bytes text = {0};
    struct cosend_item item = {0};

    (void)state;
    assert_true(cosend_next_member(cell, &item, &text));
    assert_false(cosend_next_member(cell, &item, &text));
    assert_false(cosend_next_member(cell, &item, &text));
}

static void no_bytes_are_a_path(void **state)
{
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(cosend_check_path(NULL, 0, &error), COSEND_OK);
    assert_int_equal(cosend_check_path(".", 1, &error), COSEND_E_USAGE);
    assert_int_equal(error.kind, COSEND_E_USAGE);
    assert_int_equal(cosend_check_path("\0", 1, NULL), COSEND_E_USAGE);
}

static void cells_are_put_as_json(void **state)
{
    static const char *const wanted[] = {"null", "null", "\"1\\\"\"",
                                         "1\"",  "1\"",  "1\""};
    struct cosend_bytes bytes = {0}, full = {.failed = true};

    (void)state;
    for (int kind = 0; kind <= COSEND_NESTED; kind++) {
        struct cosend_cell cell = {"1\"", 2, (enum cosend_kind)kind};

        cosend_bytes_clear(&bytes);
        cosend_put_json(&bytes, cell);
        assert_int_equal(bytes.length, strlen(wanted[kind]));
        assert_memory_equal(bytes.data, wanted[kind], bytes.length);
        cosend_put_json(&full, cell);
        assert_true(full.failed && !full.length);
    }
    cosend_bytes_clear(&bytes);
    cosend_put_json(&bytes, cosend_text(NULL, 0));
    assert_memory_equal(bytes.data, "\"\"", 2);
    cosend_bytes_free(&bytes);
}

static void numbers_are_told_as_json_writes_them(void **state)
{
    static const char *const no[] = {"",   "05",  "+1", ".5",
                                     "1.", "NaN", "1e", "-"};

    (void)state;
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
        assert_false(cosend_is_json_number(no[i], strlen(no[i])));
    assert_false(cosend_is_json_number("1 ", 2));
    assert_true(cosend_is_json_number("-0.5e+10", 8));
    assert_true(cosend_is_json_number("12", 1));
}

/* ---- Templates ----------------------------------------------------------- */

struct filling {
    const struct cosend_template *with;
};

static const struct cosend_option filling_options[] = {
    {.name = "with",
     .type = COSEND_OPTION_TEMPLATE,
     .offset = offsetof(struct filling, with),
     .flags = COSEND_MAIN | COSEND_REQUIRED},
    {.name = NULL}};

static int filling_body(struct cosend_stage *self, void *options)
{
    const struct cosend_template *with = ((struct filling *)options)->with;
    struct cosend_bytes bytes = {0}, full = {.failed = true};
    struct cosend_record record;

    while (cosend_receive(self, &record)) {
        uint32_t lacking = cosend_fill_template(with, &record, NULL, &bytes);

        if (!cosend_template_text(with) ||
            cosend_fill_template(with, &record, "?", &full) != lacking ||
            full.data || lacking > cosend_template_count(with) ||
            cosend_template_misfit(with, &record) !=
                cosend_template_count(with))
            cosend_bad(self, &record, "template", "it counts otherwise");
        else
            cosend_emit(self, &record);
    }
    cosend_bytes_free(&bytes);
    return 0;
}

static void filling_check(struct cosend_check *check, void *options)
{
    const struct cosend_template *with = ((struct filling *)options)->with;

    for (uint32_t i = 0; i < cosend_template_count(with); i++)
        if (!cosend_check_field_name(check, cosend_template_field(with, i)))
            cosend_check_error(check, "with", "a field has no name");
}

static const struct cosend_filter filling_filter = {.abi = COSEND_ABI,
                                                    .name = "filling",
                                                    .options_size =
                                                        sizeof(struct filling),
                                                    .options = filling_options,
                                                    .check = filling_check,
                                                    .body = filling_body};

static void templates_of_all_sorts_are_filled(void **state)
{
    static const char *const lines[] = {"filling ''", "filling {line}",
                                        "filling a{line}b{line:>5}c",
                                        "filling '{{ no field'"};
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(cosend_register(&filling_filter, &error), COSEND_OK);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct taken taken;
        struct cosend_options options = host(&taken);
        struct cosend_pipeline *pipeline = open_line(lines[i], &options);

        push(pipeline, "x\n\n");
        finish(pipeline);
        assert_string_equal(taken.text, "line=x ;line= ;");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_that_hold_nothing_have_no_members),
        cmocka_unit_test(a_walk_that_is_over_stays_so),
        cmocka_unit_test(cells_are_put_as_json),
        cmocka_unit_test(numbers_are_told_as_json_writes_them),
        cmocka_unit_test(no_bytes_are_a_path),
        cmocka_unit_test(templates_of_all_sorts_are_filled)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
