/* SPDX-License-Identifier: MIT */
/*
 * The functions whose bodies are in the headers are symbols of the library as
 * well, for languages without a C compiler; those do the same. The bodies here
 * are put where they are called, so that a symbol of their name is the twin's.
 */
#define COSEND_INLINE static inline __attribute__((always_inline))
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "host.h"

#define TWIN(result, name, parameters)                                         \
    result twin_##name parameters __asm__(#name)

TWIN(bool, cosend_receive, (struct cosend_stage *, struct cosend_record *));
TWIN(int, cosend_emit, (struct cosend_stage *, struct cosend_record *));
TWIN(int, cosend_pick, (struct cosend_stage *, uint32_t));
TWIN(bool, cosend_each, (struct cosend_coroutine *, void **));
TWIN(struct cosend_cell, cosend_field,
     (const struct cosend_record *, struct cosend_field));
TWIN(struct cosend_cell, cosend_cell_at,
     (const struct cosend_cells *, uint32_t));
TWIN(struct cosend_cell, cosend_text, (const char *, size_t));
TWIN(bool, cosend_is_blank, (struct cosend_cell));
TWIN(bool, cosend_has_field, (struct cosend_field));
TWIN(struct cosend_field, cosend_nth, (struct cosend_fields, uint32_t));
TWIN(bool, cosend_is_number, (const struct cosend_value *));
TWIN(void *, cosend_state_at, (const struct cosend_added *, uint32_t));
TWIN(bool, cosend_appears_before,
     (const struct cosend_appearance *, const struct cosend_appearance *));
TWIN(uint64_t, cosend_found_bits, (const uint64_t *, size_t));
TWIN(size_t, cosend_next_found, (const uint64_t *, size_t, size_t));
TWIN(uint32_t, cosend_number_index, (const struct cosend_numbers *, uint32_t));
TWIN(enum cosend_form, cosend_double_at,
     (const struct cosend_numbers *, uint32_t, double *));

/* ---- In a filter --------------------------------------------------------- */

struct filled {
    struct cosend_fields fields;
    bool pick;
};

static const struct cosend_option filled_options[] = {
    {.name = "fields",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct filled, fields),
     .flags = COSEND_REQUIRED | COSEND_MAIN},
    {.name = "pick",
     .type = COSEND_OPTION_BOOL,
     .offset = offsetof(struct filled, pick)},
    {.name = NULL}};

/* Keep the records whose fields all are filled. */
static int run_filled(struct cosend_stage *self, void *options)
{
    const struct filled *filled = options;
    struct cosend_record record;

    while (twin_cosend_receive(self, &record)) {
        bool keep = true;

        for (uint32_t i = 0; i < filled->fields.count; i++) {
            struct cosend_field field = twin_cosend_nth(filled->fields, i);

            keep = keep && twin_cosend_has_field(field) &&
                   !twin_cosend_is_blank(twin_cosend_field(&record, field));
        }
        if (keep && filled->pick)
            twin_cosend_pick(self, record.position);
        else if (keep)
            twin_cosend_emit(self, &record);
    }
    return 0;
}

static const struct cosend_filter filled_filter = {
    .abi = COSEND_ABI,
    .name = "filled",
    .options_size = sizeof(struct filled),
    .options = filled_options,
    .body = run_filled,
};

static void a_filter_is_written_with_twins(void **state)
{
    static const char *const lines[] = {"filled a,b", "filled a,b pick=true"};

    (void)state;
    assert_int_equal(cosend_register(&filled_filter, NULL), COSEND_OK);
    for (size_t i = 0; i < 2; i++) {
        struct taken taken;
        struct cosend_options options = host(&taken);
        struct cosend_pipeline *pipeline;

        options.input_format = COSEND_FORMAT_CSV;
        pipeline = open_line(lines[i], &options);
        push(pipeline, "a,b\n1,2\n,3\n4,\n5,6\n");
        finish(pipeline);
        assert_string_equal(taken.text, "a=1 b=2 ;a=5 b=6 ;");
    }
}

/* ---- By themselves ------------------------------------------------------- */

static int three(struct cosend_coroutine *self, void *argument)
{
    static int values[3] = {1, 2, 3};
    void *in;

    (void)argument;
    for (int i = 0; i < 3; i++)
        COSEND_YIELD_OR_RETURN(self, &values[i], &in);
    return 0;
}

static void values_of_a_coroutine_come(void **state)
{
    struct cosend_coroutine *co = cosend_new(three, NULL, NULL, NULL);
    void *value;
    int sum = 0;

    (void)state;
    assert_non_null(co);
    while (twin_cosend_each(co, &value))
        sum = sum * 10 + *(int *)value;
    assert_int_equal(sum, 123);
    assert_false(cosend_each(co, &value));
    cosend_free(co);
}

static void cells_and_columns_are_read(void **state)
{
    struct cosend_cell cells[2] = {cosend_text("a", 1), cosend_text("", 0)};
    const uint32_t selection[] = {1, 0};
    const uint8_t forms[] = {COSEND_FORM_INTEGER, 1};
    const union cosend_number values[] = {{.integer = 7}, {.integer = 15}};
    struct cosend_cells column = {cells, selection, 0, UINT32_MAX, 0};
    struct cosend_numbers numbers = {forms, values,     cells, selection,
                                     0,     UINT32_MAX, 0};
    double here = 0, there = 0;

    (void)state;
    for (uint32_t at = 0; at < 2; at++) {
        struct cosend_cell cell = twin_cosend_cell_at(&column, at);

        assert_ptr_equal(cell.data, cosend_cell_at(&column, at).data);
        assert_int_equal(twin_cosend_is_blank(cell), cosend_is_blank(cell));
        assert_int_equal(twin_cosend_number_index(&numbers, at),
                         cosend_number_index(&numbers, at));
        assert_int_equal(twin_cosend_double_at(&numbers, at, &there),
                         cosend_double_at(&numbers, at, &here));
        assert_true(here == there && here == (at ? 7 : 1.5));
    }
    assert_int_equal(twin_cosend_text("abc", 2).length, 2);
}

static void the_small_ones_agree(void **state)
{
    struct cosend_value value = {.type = COSEND_TYPE_INT};
    struct cosend_appearance one = {1, 2}, two = {1, 3};
    char states[8];
    void *const at[] = {states, states + 4};
    struct cosend_added added = {.states = at, .offset = 2, .to = 2};
    uint64_t found[COSEND_FIND_BYTES * COSEND_FIND_WORDS(3)];

    (void)state;
    assert_true(twin_cosend_is_number(&value) && cosend_is_number(&value));
    value.type = COSEND_TYPE_TEXT;
    assert_false(twin_cosend_is_number(&value) || cosend_is_number(&value));
    assert_true(twin_cosend_appears_before(&one, &two));
    assert_false(cosend_appears_before(&two, &one));
    assert_ptr_equal(twin_cosend_state_at(&added, 1), states + 6);
    assert_ptr_equal(cosend_state_at(&added, 0), states + 2);
    cosend_find_bytes("a b", 3, "    ", found);
    assert_int_equal(twin_cosend_next_found(found, 0, 3), 1);
    assert_int_equal(twin_cosend_found_bits(found, 1),
                     cosend_found_bits(found, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_filter_is_written_with_twins),
        cmocka_unit_test(values_of_a_coroutine_come),
        cmocka_unit_test(cells_and_columns_are_read),
        cmocka_unit_test(the_small_ones_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
