/* SPDX-License-Identifier: MIT */
/*
 * What a body must not give a call: nothing at all where something must be,
 * fields, columns and positions that are not its own, cells of no kind. At
 * every point of its life the step fails with COSEND_E_USAGE, nothing is read
 * that is not there, and the ledger balances.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host.h"

enum point { FIRST, RECORD, BATCH, LAST, POINTS };

static const struct cosend_field far_field = {12345};
static const struct cosend_fields no_fields = {0, 0}, far_fields = {99, 7};
static const struct cosend_column no_column = {999};

static struct cosend_column column; /* the body's */

/* ---- Misuse -------------------------------------------------------------- */

static void set_nowhere(struct cosend_stage *self)
{
    struct cosend_cell cell = {NULL, 3, COSEND_TEXT};

    cosend_set(self, column, cell);
}

/* More than a cell has room for: no part of it is taken for the whole. */
static void set_too_much(struct cosend_stage *self)
{
    cosend_set(self, column, cosend_text("abc", (size_t)UINT32_MAX + 4));
}

static void set_no_kind(struct cosend_stage *self)
{
    struct cosend_cell cell = {"abc", 3, (enum cosend_kind)64};

    cosend_set_slice(self, column, cell);
}

static void set_no_type(struct cosend_stage *self)
{
    struct cosend_value value = {.type = (enum cosend_type)77};

    cosend_set_value(self, column, &value);
}

static void set_no_value(struct cosend_stage *self)
{
    cosend_set_value(self, column, NULL);
}

static void set_nowhere_value(struct cosend_stage *self)
{
    struct cosend_value value = {.type = COSEND_TYPE_TEXT};

    value.length = 5;
    cosend_set_value(self, column, &value);
}

static void set_no_values(struct cosend_stage *self)
{
    cosend_set_values(self, column, NULL);
}

static void set_numbers_nowhere(struct cosend_stage *self)
{
    cosend_set_numbers(self, column, NULL, NULL);
}

static void fill_by_nothing(struct cosend_stage *self)
{
    cosend_fill_column(self, column, NULL, NULL);
}

static void values_of_far_field(struct cosend_stage *self)
{
    cosend_values_of(self, far_field);
}

static void emit_nothing(struct cosend_stage *self)
{
    cosend_emit(self, NULL);
}

static void emit_nothing_to(struct cosend_stage *self)
{
    cosend_emit_to(self, 0, NULL);
}

static void emit_no_batch(struct cosend_stage *self)
{
    cosend_emit_batch(self, NULL);
}

static void keep_nothing(struct cosend_stage *self)
{
    struct cosend_record kept;

    assert_false(cosend_keep(self, NULL, &kept));
}

static void walk_nothing(struct cosend_stage *self)
{
    struct cosend_item item = {0};

    assert_false(cosend_walk(self, NULL, &item));
}

static void ask_for_a_far_record(struct cosend_stage *self)
{
    assert_null(cosend_record_at(self, 12345).batch);
}

static void evaluate_nothing(struct cosend_stage *self)
{
    assert_null(cosend_evaluate(self, NULL));
}

static void add_no_name(struct cosend_stage *self)
{
    cosend_add_column(self, NULL);
}

static void rename_to_nothing(struct cosend_stage *self)
{
    cosend_rename_column(self, cosend_nth(no_fields, 0), NULL);
}

static void place_no_column(struct cosend_stage *self)
{
    cosend_place_column(self, no_column, COSEND_PLACE_FIRST, far_field);
}

static void place_nowhere(struct cosend_stage *self)
{
    cosend_place_column(self, column, (enum cosend_place)9, far_field);
}

static void place_beside_far_field(struct cosend_stage *self)
{
    cosend_place_column(self, column, COSEND_PLACE_BEFORE, far_field);
}

static void move_far_fields(struct cosend_stage *self)
{
    cosend_move_columns(self, far_fields, COSEND_PLACE_LAST, far_field);
}

static void store_by_nothing(struct cosend_stage *self)
{
    assert_null(cosend_store_new(self, NULL));
}

static void store_by_far_fields(struct cosend_stage *self)
{
    struct cosend_store_options options = {.key = far_fields};

    assert_null(cosend_store_new(self, &options));
}

static void store_nothing(struct cosend_stage *self)
{
    struct cosend_store_options options = {.memory = 0};
    struct cosend_store *store = cosend_store_new(self, &options);

    assert_non_null(store);
    assert_int_equal(cosend_store_put(store, NULL), COSEND_E_USAGE);
    assert_int_equal(cosend_store_put(NULL, NULL), COSEND_E_USAGE);
}

static void aggregate_by_nothing(struct cosend_stage *self)
{
    struct cosend_use use = {.aggregate = NULL};

    assert_null(cosend_aggregates_new(self, no_fields, &use, 1));
    assert_false(cosend_aggregates_add_batch(NULL));
    assert_null(cosend_aggregates_add(NULL, NULL));
}

static void aggregate_far_field(struct cosend_stage *self)
{
    struct cosend_use use = {.aggregate = cosend_find_aggregate("sum"),
                             .field = far_field};

    assert_null(cosend_aggregates_new(self, no_fields, &use, 1));
}

static void group_by_far_fields(struct cosend_stage *self)
{
    assert_null(cosend_groups_new(self, far_fields, 8, NULL));
}

static void read_no_table(struct cosend_stage *self)
{
    assert_true(cosend_read_table(self, NULL, NULL) < 0);
}

static void emit_at_no_positions(struct cosend_stage *self)
{
    cosend_emit_picked(self, NULL, 1);
}

static void judge_by_nothing(struct cosend_stage *self)
{
    signed char verdicts[8];

    cosend_judge_batch(self, NULL, verdicts);
}

static void match_nothing(struct cosend_stage *self)
{
    signed char answers[8];

    cosend_match_batch(self, NULL, no_fields, answers);
}

static void find_bad_of_no_kind(struct cosend_stage *self)
{
    cosend_bad(self, NULL, NULL, "bad");
}

static void return_no_name(struct cosend_stage *self)
{
    cosend_set_result(self, NULL, cosend_text("1", 1));
}

static void return_nowhere(struct cosend_stage *self)
{
    struct cosend_cell cell = {NULL, 3, COSEND_TEXT};

    cosend_set_result(self, "n", cell);
}

static void (*const misuses[])(struct cosend_stage *self) = {
    set_nowhere,          set_too_much,
    set_no_kind,          set_no_type,
    set_no_value,         set_nowhere_value,
    set_no_values,        set_numbers_nowhere,
    fill_by_nothing,      values_of_far_field,
    emit_nothing,         emit_nothing_to,
    emit_no_batch,        keep_nothing,
    walk_nothing,         ask_for_a_far_record,
    evaluate_nothing,     add_no_name,
    rename_to_nothing,    place_no_column,
    place_nowhere,        place_beside_far_field,
    move_far_fields,      store_by_nothing,
    store_by_far_fields,  store_nothing,
    aggregate_by_nothing, aggregate_far_field,
    group_by_far_fields,  read_no_table,
    emit_at_no_positions, judge_by_nothing,
    match_nothing,        find_bad_of_no_kind,
    return_no_name,       return_nowhere};

/* ---- The filter ---------------------------------------------------------- */

static enum point point;
static size_t misuse;

static int body(struct cosend_stage *self, void *memory)
{
    struct cosend_record record;

    (void)memory;
    column = cosend_add_column(self, "new");
    if (point == FIRST)
        misuses[misuse](self);
    if (point == BATCH && cosend_receive_batch(self))
        misuses[misuse](self);
    for (int i = 0; cosend_receive(self, &record); i++) {
        if (i == 1 && point == RECORD)
            misuses[misuse](self);
        cosend_emit(self, &record);
    }
    if (point == LAST)
        misuses[misuse](self);
    return COSEND_OK;
}

struct own {
    struct cosend_field field;
};

static const struct cosend_option options[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct own, field),
     .flags = COSEND_ONLY_COLUMN},
    {.name = NULL}};

static const struct cosend_filter filter = {.abi = COSEND_ABI,
                                            .name = "misuse",
                                            .summary = "misuse a call",
                                            .options_size = sizeof(struct own),
                                            .options = options,
                                            .body = body};

static int register_filter(void **state)
{
    (void)state;
    return cosend_register(&filter, NULL);
}

/* ---- The test ------------------------------------------------------------ */

static void every_misuse_at_every_point_is_told(void **state)
{
    struct taken taken;
    struct cosend_options made = host(&taken);

    (void)state;
    for (misuse = 0; misuse < sizeof(misuses) / sizeof(*misuses); misuse++)
        for (int at = 0; at < POINTS; at++) {
            struct cosend_error error = {0};
            struct cosend_pipeline *pipeline;

            point = (enum point)at;
            made = host(&taken);
            pipeline =
                cosend_pipeline_from_line("misuse | count", &made, &error);
            assert_non_null(pipeline);
            cosend_pipeline_open(pipeline, &error);
            cosend_pipeline_push(pipeline, "1\n2\n3\n", 6, &error);
            cosend_pipeline_finish(pipeline, &error);
            if (error.kind != (misuses[misuse] == set_too_much
                                   ? COSEND_E_LIMIT
                                   : COSEND_E_USAGE) ||
                !cosend_pipeline_balanced(pipeline))
                fail_msg("misuse %zu at point %d: %d, %s", misuse, at,
                         error.kind, error.message);
            cosend_pipeline_free(pipeline);
        }
}

static void a_check_of_nothing_is_refused(void **state)
{
    struct cosend_filter_check none = {.size = sizeof(none)};
    struct cosend_error error = {0};

    (void)state;
    assert_int_equal(cosend_check_filter(&none, &error), COSEND_E_USAGE);
    none.size = 0;
    assert_int_equal(cosend_check_filter(&none, NULL), COSEND_E_USAGE);
    assert_int_equal(cosend_check_filter(NULL, NULL), COSEND_E_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_check_of_nothing_is_refused),
        cmocka_unit_test(every_misuse_at_every_point_is_told)};

    return cmocka_run_group_tests(tests, register_filter, NULL);
}
