/* SPDX-License-Identifier: MIT */
/*
 * Every call about whole batches, at every point of a body's life, with what is
 * none: it works, or the step fails with COSEND_E_USAGE, and the ledger
 * balances.
 */
#include "cosend.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host.h"

enum point { FIRST, RECORD, BATCH, LAST, FAILED, POINTS };

struct own {
    struct cosend_field field;
    struct cosend_condition *condition;
};

struct part {
    struct cosend_stage *self;
    const struct own *own;
    struct cosend_column column;
};

static const struct cosend_column no_column = {UINT32_MAX};
static const struct cosend_field no_field = {COSEND_NO_FIELD};

static void call_numbers_of(const struct part *part)
{
    struct cosend_sum sum = {0};
    struct cosend_numbers numbers;
    double value = 0;

    if (!cosend_numbers_of(part->self, part->own->field, &numbers))
        return;
    assert_false(cosend_numbers_of(part->self, no_field, &numbers));
    assert_int_equal(cosend_double_at(&numbers, 0, &value), 0);
    assert_int_equal(cosend_sum_add_number(&sum, &numbers, 0),
                     COSEND_IS_NUMBER);
    cosend_sum_free(&sum);
    assert_true(cosend_decimal_double(25, 1) == 2.5);
    assert_true(cosend_decimal_double(INT64_MIN, 18) == -9.223372036854775808);
}

static void call_set_column(const struct part *part)
{
    struct cosend_cell *cells = cosend_set_column(part->self, part->column);

    assert_null(cosend_set_column(part->self, no_column));
    if (cells)
        cells[0] = cosend_text("x", 1);
    if (part->self->batch)
        cosend_emit_batch(part->self, part->self->batch);
}

static void call_set_numbers(const struct part *part)
{
    union cosend_number *values;
    uint8_t *forms;

    if (!cosend_set_numbers(part->self, part->column, &forms, &values))
        return;
    assert_false(cosend_set_numbers(part->self, no_column, &forms, &values));
    forms[0] = COSEND_FORM_DOUBLE;
    values[0].number = HUGE_VAL; /* is none, and so absent */
}

static void call_values_of(const struct part *part)
{
    const struct cosend_value *values =
        cosend_values_of(part->self, part->own->field);

    if (!values)
        return;
    assert_int_equal(values[0].type, COSEND_TYPE_INT);
    assert_null(cosend_values_of(part->self, no_field));
}

static void call_set_values(const struct part *part)
{
    struct cosend_value values[64];

    memset(values, 0, sizeof(values));
    values[0].type = COSEND_TYPE_BAD;
    values[0].as.text = "no value";
    values[0].length = 8;
    values[1].type = COSEND_TYPE_TIME;
    values[1].offset = INT32_MIN;
    if (!cosend_set_values(part->self, part->column, values))
        return;
    assert_false(cosend_set_values(part->self, no_column, values));
    cosend_emit_batch(part->self, part->self->batch);
}

static bool fill(struct cosend_fill *fill)
{
    char *bytes = cosend_fill_bytes(fill, 0);

    return bytes && fill->count;
}

static void call_fill_column(const struct part *part)
{
    static const uint32_t positions[] = {0, 1};

    cosend_fill_column(part->self, part->column, fill,
                       cosend_stage_bytes(part->self, 0));
    if (!part->self->batch)
        cosend_fill_column(part->self, no_column, fill, NULL);
    if (part->self->batch)
        cosend_emit_picked(part->self, positions,
                           cosend_batch_count(part->self->batch) > 1 ? 2 : 1);
}

static void call_emit_picked(const struct part *part)
{
    static const uint32_t wrong[] = {1, 0}, far[] = {UINT32_MAX};

    cosend_emit_picked(part->self, NULL, 0);
    assert_true(cosend_emit_picked(part->self, wrong, 2) < 0);
    assert_true(cosend_emit_picked(part->self, far, 1) < 0);
}

static void call_emit_caused(const struct part *part)
{
    static const uint32_t first[] = {0}, far[] = {UINT32_MAX};

    cosend_emit_caused(part->self, first, first, 1);
    assert_true(cosend_emit_caused(part->self, first, far, 1) < 0);
}

/* Each of its calls, with a batch in hand and without. */
static void call_events(const struct part *part)
{
    static struct cosend_events_options options;
    struct cosend_open_event event = {0};
    struct cosend_bytes bytes = {0};
    struct cosend_reader_bytes none = {0};
    struct cosend_events *events;

    options.field = part->own->field;
    events = cosend_events_new(part->self, &options);
    assert_non_null(events);
    assert_int_equal(cosend_events_due(events), INT64_MAX);
    assert_false(cosend_events_take(events, &event, 0, cosend_text("", 0), 0));
    if (cosend_events_begin(events, true)) {
        cosend_events_take(events, &event, 0, cosend_text("a", 1), true);
        cosend_events_end(events, &event, 0);
        cosend_events_take(events, &event, 0, cosend_text("b", 1), false);
        assert_false(cosend_events_take(events, &event, UINT32_MAX,
                                        cosend_text("c", 1), true));
        cosend_events_leave(events);
        cosend_events_save(events, &bytes);
    }
    cosend_events_merge(events, &none);
    cosend_events_tick(events);
    cosend_events_finish(events);
    cosend_open_event_free(&event);
    cosend_bytes_free(&bytes);
}

static void call_judge_batch(const struct part *part)
{
    signed char verdicts[64];

    cosend_judge_batch(part->self, part->own->condition, verdicts);
}

static void call_match_batch(const struct part *part)
{
    static const struct cosend_fields no_fields = {0, 0};
    struct cosend_regex *regex = cosend_regex_new("3", 1, NULL, NULL);
    signed char answers[64];

    cosend_match_batch(part->self, regex, no_fields, answers);
    if (part->self->batch && cosend_batch_count(part->self->batch) > 2)
        assert_int_equal(answers[2], COSEND_MATCH);
    cosend_regex_free(regex);
}

static void call_around(const struct part *part)
{
    struct cosend_around *around = cosend_around_new(part->self, 1, 1, 2);

    assert_non_null(around);
    if (cosend_around_take(around, 0, true) >= 0) {
        assert_true(cosend_around_take(around, 0, true) < 0);
        cosend_around_turn(around);
        assert_true(cosend_around_take(around, UINT32_MAX, false) < 0);
    }
    cosend_around_turn(around);
}

static void call_wanted(const struct part *part)
{
    cosend_only_fields(part->self);
    assert_false(cosend_column_wanted(part->self, part->column));
    assert_true(cosend_column_wanted(part->self, no_column));
}

static const struct {
    const char *name;
    void (*call)(const struct part *part);
} rows[] = {{"numbers of", call_numbers_of},
            {"set column", call_set_column},
            {"set numbers", call_set_numbers},
            {"values of", call_values_of},
            {"set values", call_set_values},
            {"fill column", call_fill_column},
            {"emit picked", call_emit_picked},
            {"emit caused", call_emit_caused},
            {"events", call_events},
            {"judge batch", call_judge_batch},
            {"match batch", call_match_batch},
            {"around", call_around},
            {"wanted", call_wanted}};

/* ---- The filter ---------------------------------------------------------- */

static enum point point;
static void (*call)(const struct part *part);

static int body(struct cosend_stage *self, void *argument)
{
    struct part part = {.self = self, .own = argument};
    struct cosend_record record;

    part.column = cosend_add_column(self, "new");
    if (point == FIRST)
        call(&part);
    if (point == BATCH && cosend_receive_batch(self))
        call(&part);
    for (int i = 0; cosend_receive(self, &record); i++) {
        if (i == 1 && point == RECORD)
            call(&part);
        if (i == 2 && point == FAILED)
            cosend_fail(self, COSEND_E_USER, "on purpose");
        cosend_emit(self, &record);
    }
    if (point == LAST || point == FAILED)
        call(&part);
    return COSEND_OK;
}

static const struct cosend_option options[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct own, field)},
    {.name = "condition",
     .type = COSEND_OPTION_CONDITION,
     .offset = offsetof(struct own, condition)},
    {.name = NULL}};

static const struct cosend_filter filter = {
    .abi = COSEND_ABI,
    .name = "batches",
    .summary = "make a call",
    .options_size = sizeof(struct own),
    .options = options,
    .body = body,
};

static int register_filter(void **state)
{
    (void)state;
    return cosend_register(&filter, NULL);
}

/* ---- The test ------------------------------------------------------------ */

static void run_row(size_t i, enum point at, uint32_t batch_size)
{
    static const char json[] =
        "{\"cosend\": 1, \"steps\": [{\"batches\": {\"field\": \"line\", "
        "\"condition\": {\"field\": \"line\", \"op\": \"ge\", "
        "\"value\": \"x\"}}}, {\"count\": {}}]}";
    struct taken taken;
    struct cosend_options made = host(&taken);
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline;

    point = at;
    call = rows[i].call;
    made.batch_size = batch_size;
    pipeline = cosend_pipeline_from_json(json, strlen(json), &made, &error);
    if (!pipeline)
        fail_msg("%s", error.message);
    cosend_pipeline_open(pipeline, &error);
    cosend_pipeline_push(pipeline, "1\n2\n3\n4\n5\n6\n", 12, &error);
    cosend_pipeline_finish(pipeline, &error);
    if ((error.kind != COSEND_OK && error.kind != COSEND_E_USAGE &&
         error.kind != COSEND_E_USER) ||
        !cosend_pipeline_balanced(pipeline))
        fail_msg("%s at point %d by %u: %d, %s", rows[i].name, (int)at,
                 batch_size, error.kind, error.message);
    cosend_pipeline_free(pipeline);
}

static void every_call_at_every_point(void **state)
{
    static const uint32_t sizes[] = {2, 1, 0};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        for (int at = 0; at < POINTS; at++)
            for (size_t size = 0; size < 3; size++)
                run_row(i, (enum point)at, sizes[size]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_at_every_point)};

    return cmocka_run_group_tests(tests, register_filter, NULL);
}
