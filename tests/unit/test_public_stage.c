/* SPDX-License-Identifier: MIT */
/*
 * Every call that a filter's body makes, at every point of its life: before its
 * first receive, with a record in hand, with a batch in hand, at the end, and
 * after it has failed. It works, or the step fails with COSEND_E_USAGE or
 * another error that it may have; in either case the ledger balances.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host.h"

enum point { FIRST, RECORD, BATCH, LAST, FAILED, POINTS };

/* What the options of the filter are. */
struct own {
    struct cosend_field field;
    struct cosend_fields fields;
    struct cosend_condition *condition;
};

/* A body's part of a call: what it has at that point. */
struct part {
    struct cosend_stage *self;
    const struct own *own;
    struct cosend_column column;  /* that it declared */
    struct cosend_groups *groups; /* that it made */
    struct cosend_record *record; /* one that it received, kept at LAST */
    const struct cosend_batch *batch;
};

static enum point point;
static void (*call)(const struct part *part);

static const struct cosend_cell nothing;

/* ---- The calls ----------------------------------------------------------- */

static void call_add_column(const struct part *part)
{
    cosend_add_column(part->self, "");
    cosend_add_column(part->self, "added");
}

static void call_replace_column(const struct part *part)
{
    struct cosend_field none = {COSEND_NO_FIELD};

    cosend_replace_column(part->self, part->own->field);
    assert_int_equal(cosend_replace_column(part->self, none).index, UINT32_MAX);
}

static void call_add_line(const struct part *part)
{
    cosend_add_line(part->self);
}

static void call_drop_columns(const struct part *part)
{
    cosend_drop_columns(part->self);
}

static void call_drop_column(const struct part *part)
{
    struct cosend_field none = {COSEND_NO_FIELD};

    cosend_drop_column(part->self, part->own->field);
    cosend_drop_column(part->self, none);
}

static void call_drop_fields(const struct part *part)
{
    cosend_drop_fields(part->self, part->own->fields);
}

static void call_own_fields(const struct part *part)
{
    cosend_own_fields(part->self, part->own->fields);
}

static void call_rename(const struct part *part)
{
    cosend_rename_column(part->self, (struct cosend_field){COSEND_NO_FIELD},
                         "none");
    cosend_rename_column(part->self, part->own->field, "other");
    cosend_rename_column(part->self, part->own->field, "new");
    cosend_overwrite_columns(part->self);
}

static void call_open(const struct part *part)
{
    struct cosend_item item = {0};

    cosend_open_columns(part->self);
    cosend_set_field(part->self, "", 0, nothing);
    cosend_set_field(part->self, "a", 1, cosend_text("1", 1));
    cosend_set_item(part->self, NULL, 0, &item);
    cosend_set_item(part->self, "b", 1, &item);
}

static void call_field_column(const struct part *part)
{
    struct cosend_value value = {.type = COSEND_TYPE_INT};
    struct cosend_column column;

    cosend_open_columns(part->self);
    column = cosend_field_column(part->self, "a", 1);
    cosend_set(part->self, column, cosend_text("1", 1));
    cosend_set_number(part->self, column, 0.5);
    cosend_set_value(part->self, column, &value);
    cosend_set_integer(part->self, cosend_field_column(part->self, "", 0), 1);
}

static void call_field_column_of_none(const struct part *part)
{
    cosend_set(part->self, cosend_field_column(part->self, "a", 1),
               cosend_text("1", 1));
}

static void call_remake(const struct part *part)
{
    cosend_remake_fields(part->self);
    cosend_set_field(part->self, "a", 1, cosend_text("1", 1));
}

static void call_open_first(const struct part *part)
{
    cosend_remake_fields(part->self);
    cosend_open_columns(part->self);
}

static bool shout(const char *name, size_t length, struct cosend_bytes *to,
                  const void *own)
{
    (void)own;
    cosend_put_raw(to, name, length);
    cosend_put_raw(to, "!", 1);
    return true;
}

static void call_rename_by_rule(const struct part *part)
{
    cosend_rename_columns(part->self, shout, NULL);
}

static void call_place(const struct part *part)
{
    static const struct cosend_column no_column = {UINT32_MAX};
    static const struct cosend_field no_field = {COSEND_NO_FIELD};
    static const struct cosend_fields no_fields = {0, 0};

    for (int place = 0; place <= COSEND_PLACE_AFTER; place++) {
        enum cosend_place where = (enum cosend_place)place;

        cosend_place_column(part->self, part->column, where, no_field);
        cosend_place_column(part->self, part->column, where, part->own->field);
        cosend_place_column(part->self, no_column, where, part->own->field);
        cosend_move_columns(part->self, part->own->fields, where, no_field);
        cosend_move_columns(part->self, part->own->fields, where,
                            part->own->field);
        cosend_move_columns(part->self, no_fields, where, part->own->field);
    }
}

static void call_keep_columns(const struct part *part)
{
    struct cosend_fields none = {0, 0};

    cosend_keep_columns(part->self, part->own->fields);
    cosend_keep_columns(part->self, none);
}

static struct cosend_cell strange_cell(int kind)
{
    struct cosend_cell cell = cosend_text("1", 1);

    cell.kind = (enum cosend_kind)kind;
    return cell;
}

static void call_set(const struct part *part)
{
    cosend_set(part->self, part->column, nothing);
    cosend_set(part->self, part->column, strange_cell(99));
    cosend_set_slice(part->self, part->column, nothing);
}

static void call_set_numbers(const struct part *part)
{
    struct cosend_value value = {0};

    cosend_set_number(part->self, part->column, 0.0 / 1e-300);
    cosend_set_integer(part->self, part->column, INT64_MIN);
    cosend_set_value(part->self, part->column, &value);
}

static void call_set_value_of_no_type(const struct part *part)
{
    struct cosend_value value = {0};

    value.type = (enum cosend_type)99;
    cosend_set_value(part->self, part->column, &value);
}

static void call_set_what_is_no_column(const struct part *part)
{
    struct cosend_column far = {1000};

    cosend_set(part->self, far, cosend_text("1", 1));
    if (point != FAILED)
        assert_int_equal(cosend_ended(part->self), COSEND_END_FAILED);
    cosend_set_slice(part->self, far, nothing);
    cosend_set_number(part->self, far, 0.5);
    cosend_set_integer(part->self, far, 1);
}

static void call_fields_that_are_none(const struct part *part)
{
    struct cosend_field far = {1000};
    struct cosend_time time;

    assert_null(cosend_field_name(part->self, far));
    cosend_drop_column(part->self, far);
    cosend_rename_column(part->self, far, "x");
    if (part->record)
        cosend_bad_number(part->self, part->record, far);
    if (part->record)
        assert_false(
            cosend_time_of(part->self, part->record, far, NULL, &time));
    if (part->record)
        assert_false(
            cosend_past_time_of(part->self, part->record, far, NULL, &time));
    if (part->batch)
        assert_int_equal(cosend_column_of(part->self, far).cells->kind,
                         COSEND_ABSENT);
}

/* What a coroutine does, and a body does not. */
static void call_yield(const struct part *part)
{
    (void)part;
    cosend_yield(cosend_current(), NULL, NULL);
}

static void call_walk(const struct part *part)
{
    struct cosend_item item = {0};
    int fields = 0;

    if (!part->record)
        return;
    while (cosend_walk(part->self, part->record, &item))
        fields++;
    assert_int_equal(fields, 1);
    assert_false(cosend_walk(part->self, part->record, &item));
}

static void call_receive(const struct part *part)
{
    struct cosend_record record;

    cosend_receive(part->self, &record);
    cosend_receive_more(part->self, &record);
}

static void call_receive_batch(const struct part *part)
{
    const struct cosend_batch *batch = cosend_receive_batch(part->self);

    if (batch)
        cosend_batch_record(batch, 0);
}

static bool is_dropped(struct cosend_stage *self,
                       const struct cosend_record *record, const char *where,
                       const char *other, void *own)
{
    (void)self;
    (void)own;
    assert_non_null(record);
    assert_non_null(where);
    assert_null(other);
    return false;
}

static bool is_free(struct cosend_stage *self,
                    const struct cosend_record *record, void *own)
{
    (void)self;
    (void)own;
    assert_non_null(record);
    return true;
}

static void call_send_log_lines(const struct part *part)
{
    struct cosend_log_lines lines = {.field = part->own->field,
                                     .log = cosend_access_logs[0],
                                     .is_free = is_free,
                                     .is_other = is_dropped};

    cosend_send_log_lines(part->self, &lines);
}

static bool is_none(struct cosend_stage *self,
                    const struct cosend_record *record, const char *where,
                    void *own)
{
    (void)self;
    (void)own;
    assert_non_null(record);
    assert_non_null(where);
    return false;
}

static void call_send_cut_fields(const struct part *part)
{
    static const struct cosend_column to[COSEND_LINE_FIELDS];
    struct cosend_cut_fields cut = {.field = part->own->field,
                                    .to = to,
                                    .is_free = is_free,
                                    .is_other = is_none};

    for (size_t i = 0; !cut.form; i++)
        cut.form = cosend_log_forms[i].lines;
    cosend_send_cut_fields(part->self, &cut);
}

static bool is_no_pairs(struct cosend_stage *self,
                        const struct cosend_record *record, const char *why,
                        void *own)
{
    return is_none(self, record, why, own);
}

static void call_send_pair_lines(const struct part *part)
{
    static const struct cosend_pair_options options = {0};
    struct cosend_pair_lines lines = {.field = part->own->field,
                                      .form =
                                          &cosend_pair_forms[COSEND_PAIR_KV],
                                      .options = &options,
                                      .is_other = is_no_pairs};

    cosend_send_pair_lines(part->self, &lines);
}

static void call_bad_log_line(const struct part *part)
{
    if (part->record)
        cosend_bad_log_line(part->self, part->record, part->own->field,
                            cosend_access_logs[0], "host", NULL);
}

static void call_columns_free(const struct part *part)
{
    struct cosend_fields none = {0, 0};

    if (part->record)
        cosend_columns_free(part->self, part->record, NULL, 0, none, "x");
}

static void call_convert_field(const struct part *part)
{
    const struct cosend_field_type type = {.name = {"n", 1},
                                           .type = COSEND_TO_BOOL};
    struct cosend_cell cell = cosend_text("perhaps", 7);
    struct cosend_bytes bytes = {0};

    if (part->record)
        assert_false(cosend_convert_field(part->self, part->record, &type,
                                          &cell, &bytes));
    cosend_bytes_free(&bytes);
}

/* In a body its schema is known by its first receive, or nothing is. */
static void call_await_columns(const struct part *part)
{
    cosend_first_line(part->self);
    cosend_await_columns(part->self);
    cosend_first_line(part->self);
}

static void call_choose_form(const struct part *part)
{
    cosend_choose_form(part->self);
}

static void call_questions(const struct part *part)
{
    const struct cosend_schema *schema = cosend_input_schema(part->self);
    struct cosend_field none = {COSEND_NO_FIELD};

    cosend_ended(part->self);
    cosend_targets(part->self);
    cosend_field_name(part->self, part->own->field);
    assert_null(cosend_field_name(part->self, none));
    if (schema) {
        for (size_t i = 0; i < cosend_schema_count(schema); i++)
            cosend_schema_name(schema, i);
        cosend_schema_open(schema);
        cosend_schema_is_text(schema);
    }
    if (part->batch) {
        cosend_column_of(part->self, part->own->field);
        cosend_batch_count(part->batch);
        cosend_batch_schema(part->batch);
    }
}

static void call_emit(const struct part *part)
{
    if (!part->record)
        return;
    cosend_emit(part->self, part->record);
    cosend_emit(part->self, part->record);
    cosend_emit_more(part->self, part->record);
}

static void call_emit_to(const struct part *part)
{
    if (!part->record)
        return;
    cosend_emit_to(part->self, 0, part->record);
    cosend_emit(part->self, part->record);
    cosend_emit_to(part->self, 0, part->record);
}

static void call_emit_to_none(const struct part *part)
{
    assert_true(cosend_emit_to(part->self, 1, part->record) < 0);
}

static void call_pick_to(const struct part *part)
{
    assert_true(cosend_pick_to(part->self, UINT32_MAX, 0) < 0);
    if (!part->batch || point != BATCH)
        return;
    cosend_pick_to(part->self, 0, 0);
    assert_true(cosend_pick_to(part->self, 0, UINT32_MAX) < 0);
}

static void call_pick(const struct part *part)
{
    struct cosend_record record;

    if (!part->batch || point != BATCH)
        return;
    cosend_pick(part->self, 0);
    cosend_pick_more(part->self, 1);
    record = cosend_record_at(part->self, 1);
    cosend_emit(part->self, &record);
}

/* Of one record more often than it came, and of one that did not. */
static void call_pick_too_often(const struct part *part)
{
    if (!part->batch || point != BATCH)
        return;
    for (int i = 0; i < 100; i++)
        cosend_pick(part->self, 0);
}

static void call_pick_of_none(const struct part *part)
{
    assert_true(cosend_pick(part->self, UINT32_MAX) < 0);
}

static void call_emit_batch(const struct part *part)
{
    if (part->batch)
        cosend_emit_batch(part->self, part->batch);
}

static void call_emit_new(const struct part *part)
{
    cosend_emit_new(part->self);
}

static void call_bad(const struct part *part)
{
    if (part->record)
        cosend_bad(part->self, part->record, "odd", "it is %s", "odd");
}

static void call_bad_twice(const struct part *part)
{
    call_bad(part);
    call_bad(part);
}

static void call_bad_number(const struct part *part)
{
    if (part->record)
        cosend_bad_number(part->self, part->record, part->own->field);
}

static void call_bad_cell(const struct part *part)
{
    if (part->record)
        cosend_bad_cell(part->self, part->record, "strange", "n", 1,
                        cosend_text(NULL, 0), "will not do");
}

static void call_bad_line(const struct part *part)
{
    if (part->record)
        cosend_bad_line(part->self, part->record, part->own->field, "it is %s",
                        "odd");
}

static void call_bad_is_told(const struct part *part)
{
    if (part->record)
        cosend_bad_is_told(part->self, part->record);
}

static void call_time_of(const struct part *part)
{
    struct cosend_time time = {0};

    if (part->record)
        cosend_time_of(part->self, part->record, part->own->field, NULL, &time);
}

static void call_past_time_of(const struct part *part)
{
    struct cosend_time time = {0};

    if (part->record)
        cosend_past_time_of(part->self, part->record, part->own->field, NULL,
                            &time);
}

static void call_fail(const struct part *part)
{
    cosend_fail(part->self, COSEND_E_USER, "%s", "enough");
    cosend_fail(part->self, COSEND_E_DATA, "%s", "more");
}

/* A kind that is no error's. */
static void call_fail_with_nothing(const struct part *part)
{
    cosend_fail(part->self, COSEND_DONE, "%s", "nothing");
}

static void call_keep(const struct part *part)
{
    struct cosend_record kept;

    if (!part->record || !cosend_keep(part->self, part->record, &kept))
        return;
    cosend_release(part->self, &kept);
    cosend_release(part->self, &kept);
}

static void call_keep_and_emit(const struct part *part)
{
    struct cosend_record kept;

    if (!part->record || !cosend_keep(part->self, part->record, &kept))
        return;
    cosend_emit(part->self, &kept);
    cosend_emit(part->self, &kept);
    cosend_release(part->self, &kept);
}

static void call_put_and_get(const struct part *part)
{
    struct cosend_reader_bytes none = cosend_read_bytes(NULL, 0), some;
    struct cosend_bytes bytes = {0};
    struct cosend_record kept, got;

    assert_int_equal(cosend_get_record(part->self, &none, &got), COSEND_E_TYPE);
    if (!part->record || !cosend_keep(part->self, part->record, &kept))
        return;
    cosend_put_record(&bytes, &kept);
    some = cosend_read_bytes(bytes.data, bytes.length);
    if (cosend_get_record(part->self, &some, &got) == COSEND_OK)
        cosend_emit(part->self, &got);
    cosend_bytes_free(&bytes);
}

static void call_publish(const struct part *part)
{
    cosend_publish(part->self, NULL);
}

/* More is in tests/cases/generate-waits-and-is-stopped, throttle-by-delay. */
static void call_wait(const struct part *part)
{
    cosend_wait_until(part->self, cosend_now(part->self));
}

/* More is in test_public_source. */
static void call_poll(const struct part *part)
{
    assert_false(cosend_is_snapshot(part->self));
    assert_non_null(cosend_stage_io(part->self));
    assert_int_not_equal(cosend_poll(part->self, NULL, 0, 0), COSEND_OK);
}

static void call_flush(const struct part *part)
{
    cosend_flush(part->self);
    assert_int_equal(cosend_stopping(part->self),
                     cosend_ended(part->self) != COSEND_NOT_ENDED);
}

static void call_poll_nowhere(const struct part *part)
{
    assert_int_equal(cosend_poll(part->self, NULL, 1, 0), COSEND_E_USAGE);
}

static void call_as_source(const struct part *part)
{
    const struct cosend_format_options text = {.name = COSEND_FORMAT_TEXT};

    assert_null(cosend_feed_new(part->self, NULL));
    assert_null(cosend_feed_new(part->self, &text));
    assert_int_equal(cosend_wait_inputs(part->self, NULL, 0, 0),
                     COSEND_E_USAGE);
    cosend_unreadable(part->self, NULL);
}

static void call_as_sink(const struct part *part)
{
    const struct cosend_error none = {0};

    assert_false(cosend_leave_output(part->self, NULL));
    assert_int_equal(cosend_give_up(part->self, COSEND_DONE, &none),
                     COSEND_E_USAGE);
}

static void call_tell_flushes(const struct part *part)
{
    struct cosend_record record;

    cosend_tell_flushes(part->self);
    cosend_receive_until(part->self, &record, INT64_MAX);
    cosend_receive(part->self, &record);
}

static void call_set_parallel(const struct part *part)
{
    cosend_set_parallel(part->self, COSEND_MERGES);
    cosend_set_parallel(part->self, COSEND_SERIAL);
}

static void call_set_result(const struct part *part)
{
    cosend_set_result(part->self, "", nothing);
    cosend_set_result(part->self, "", strange_cell(99));
    cosend_set_note(part->self, NULL);
    cosend_set_note(part->self, "note");
    cosend_warn(part->self, "%s", "a warning");
}

static void free_regex(void *regex)
{
    cosend_regex_free(regex);
}

static void call_sieve(const struct part *part)
{
    struct cosend_regex *regex = cosend_regex_new("1", 1, NULL, NULL);

    cosend_stage_defer(part->self, free_regex, regex);
    cosend_sieve(part->self, regex);
}

static void call_stage_memory(const struct part *part)
{
    assert_non_null(cosend_stage_memory(part->self, 0));
    assert_non_null(cosend_stage_memory(part->self, 1));
    assert_int_equal(cosend_stage_text(part->self)->length, 0);
    assert_int_equal(cosend_table_count(cosend_stage_table(part->self, 0)), 0);
    assert_non_null(cosend_stage_in_order(
        part->self,
        cosend_stage_table(part->self, sizeof(struct cosend_appearance))));
}

static void call_groups(const struct part *part)
{
    struct cosend_fields none = {0, 0};
    struct cosend_groups *groups = cosend_groups_new(part->self, none, 0, NULL);

    assert_non_null(groups);
    assert_non_null(cosend_group_only(groups));
}

static void call_groups_add_columns(const struct part *part)
{
    cosend_groups_add_columns(part->groups);
}

static void call_group_of(const struct part *part)
{
    if (!part->record)
        return;
    cosend_group_find(part->groups, part->record);
    cosend_group_of(part->groups, part->record);
    cosend_group_find(part->groups, part->record);
}

static void call_by_fields(const struct part *part)
{
    struct cosend_fields none = {0, 0};
    struct cosend_item item = {0}, no_item = {0};
    struct cosend_bytes key = {0};

    assert_false(cosend_is_among(part->self, none, &no_item));
    if (!part->record)
        return;
    cosend_record_key(part->self, part->record, part->own->fields, none, &key);
    cosend_record_key(part->self, part->record, none, part->own->fields, &key);
    cosend_bytes_free(&key);
    while (cosend_next_item(part->record, &item, NULL)) {
        assert_false(cosend_is_among(part->self, none, &item));
        cosend_is_among(part->self, part->own->fields, &item);
    }
    assert_true(cosend_name_free(part->self, part->record, "none", none, ""));
}

static void call_name_that_is_taken(const struct part *part)
{
    struct cosend_fields none = {0, 0};
    struct cosend_item item = {0};

    if (!part->record || !cosend_next_item(part->record, &item, NULL))
        return;
    assert_false(
        cosend_name_free(part->self, part->record, "line", none, "no way out"));
    assert_true(cosend_name_free(part->self, part->record, "line",
                                 part->own->fields, "no way out"));
}

static void call_matches(const struct part *part)
{
    struct cosend_fields none = {0, 0}, own = part->own->fields;
    struct cosend_item item = {0};

    assert_int_equal(cosend_matched(part->self, none).count, 0);
    assert_int_equal(cosend_matched(part->self, own).count, own.count);
    assert_false(cosend_matches_vary(part->self, none));
    assert_false(cosend_is_pattern(part->self, cosend_nth(own, 0)));
    assert_false(cosend_is_pattern(part->self, cosend_nth(own, UINT32_MAX)));
    assert_false(cosend_matches_vary(part->self, own));
    cosend_change(part->self, &item, nothing);
    if (!part->record)
        return;
    assert_false(cosend_next_match(part->self, none, part->record, &item));
    while (cosend_next_match(part->self, own, part->record, &item))
        cosend_change(part->self, &item, cosend_text("1", 1));
}

static void call_rename_items(const struct part *part)
{
    cosend_remake_fields(part->self);
    if (part->record)
        cosend_rename_items(part->self, part->record, shout, NULL, true);
    cosend_emit_renamed(part->self);
}

static void call_change_fields(const struct part *part)
{
    struct cosend_fields none = {0, 0};

    cosend_change_fields(part->self, none);
    cosend_changed_column(part->self, 0);
    cosend_change_fields(part->self, part->own->fields);
    cosend_changed_column(part->self, UINT32_MAX);
    call_matches(part);
}

static void call_groups_limit(const struct part *part)
{
    assert_true(cosend_groups_limit(part->self, UINT64_MAX, 0));
    assert_true(cosend_groups_limit(part->self, 1, 1));
    assert_false(cosend_groups_limit(part->self, 2, 1));
}

static void put_nothing(const void *value, struct cosend_bytes *to,
                        const void *context)
{
    (void)context;
    (void)value;
    (void)to;
}

static int get_nothing(void *value, struct cosend_reader_bytes *from,
                       const void *context)
{
    (void)context;
    (void)value;
    (void)from;
    return COSEND_OK;
}

static void call_groups_walk(const struct part *part)
{
    struct cosend_group group = {0};
    struct cosend_bytes bytes = {0};
    struct cosend_reader_bytes none = cosend_read_bytes(NULL, 0), some;

    while (cosend_groups_next(part->groups, &group))
        cosend_groups_set_columns(part->groups, &group);
    cosend_groups_save(part->groups, &bytes, put_nothing, NULL);
    some = cosend_read_bytes(bytes.data, bytes.length);
    cosend_groups_merge(part->groups, &some, get_nothing, NULL);
    cosend_groups_merge(part->groups, &none, get_nothing, NULL);
    cosend_bytes_free(&bytes);
}

static void call_record(const struct part *part)
{
    struct cosend_why why;
    struct cosend_item item = {0};
    const char *data, *source;
    size_t length;
    uint64_t row, last;
    bool placed;

    if (!part->record)
        return;
    while (cosend_next_item(part->record, &item, NULL))
        ;
    cosend_record_raw(part->record, &data, &length);
    cosend_record_ordinal(part->record);
    placed = cosend_record_place(part->record, &source, &row);
    assert_int_equal(placed, source != NULL);
    assert_true(placed || cosend_record_offset(part->record) == 0);
    assert_false(cosend_in_span(part->self, part->record));
    assert_int_equal(cosend_batch_source(part->record->batch, UINT32_MAX,
                                         &source, &row, &row),
                     0);
    assert_in_range(
        cosend_batch_source(part->record->batch, 0, &source, &row, &last), 1,
        cosend_batch_count(part->record->batch));
    assert_true(row <= last);
    if (point != FIRST)
        cosend_condition_holds(part->own->condition, part->record, &why);
}

/* As JSON lines; from behind the last record there is nothing to write. */
static void call_encoder(const struct cosend_batch *batch,
                         struct cosend_bytes *to)
{
    struct cosend_format_options options = {.name = COSEND_FORMAT_JSONL};
    struct cosend_encoder *encoder = cosend_encoder_new(&options, NULL);
    uint32_t at = cosend_batch_count(batch);

    assert_null(cosend_encoder_new(&(struct cosend_format_options){0}, NULL));
    assert_int_equal(cosend_encode(encoder, batch, &at, to, NULL), COSEND_OK);
    assert_int_equal(cosend_encoder_end(encoder, NULL, to, NULL), COSEND_OK);
    assert_int_equal(to->length, 0);
    assert_int_equal(cosend_encoder_replaced(encoder), 0);
    cosend_encoder_free(encoder);
    cosend_encoder_free(NULL);
}

/* All of a batch's columns, and one that it does not have; and a record. */
static void call_batch_columns(const struct part *part)
{
    struct cosend_bytes bytes = {0}, full = {.failed = true};
    struct cosend_numbers numbers;
    struct cosend_cell cells[16];
    uint64_t ends[16];
    uint8_t kinds[16];
    const struct cosend_batch *batch;
    size_t columns;

    if (!part->record)
        return;
    batch = part->record->batch;
    columns = cosend_schema_count(cosend_batch_schema(batch));
    assert_false(cosend_batch_cells(batch, columns, NULL));
    assert_false(cosend_batch_numbers(batch, SIZE_MAX, &numbers));
    for (size_t i = 0; i < columns && cosend_batch_count(batch) <= 16; i++) {
        cosend_batch_cells(batch, i, cells);
        cosend_batch_numbers(batch, i, &numbers);
        cosend_put_column(&bytes, batch, i, ends, i ? kinds : NULL);
    }
    assert_false(cosend_put_column(&bytes, batch, columns, NULL, NULL));
    cosend_bytes_clear(&bytes);
    call_encoder(batch, &bytes);
    cosend_bytes_clear(&bytes);
    cosend_put_json_record(&bytes, part->record);
    cosend_put_json_record(&full, part->record);
    cosend_put_json_batch(&bytes, batch);
    cosend_put_json_batch(&full, batch);
    assert_true(bytes.failed || bytes.length >= 2);
    cosend_bytes_free(&bytes);
}

static void call_match_lines(const struct part *part)
{
    struct cosend_regex *regex = cosend_regex_new("1", 1, NULL, NULL);
    signed char answers[16];

    if (part->batch && cosend_batch_count(part->batch) <= sizeof(answers))
        cosend_regex_match_lines(regex, part->batch, answers);
    cosend_regex_free(regex);
}

/* A source's and a sink's whole, in a filter that is neither, told what is
   none. */
static void call_read(const struct part *part)
{
    static const struct cosend_string none = {"/dev/null", 9};
    struct cosend_read_options options = {.paths = {&none, 1}};

    cosend_read(part->self, &options);
}

static void call_merge(const struct part *part)
{
    static const struct cosend_string none = {"/dev/null", 9};
    struct cosend_merge_options options = {.read = {.paths = {&none, 1}}};

    cosend_merge(part->self, &options);
}

static void call_write(const struct part *part)
{
    static const struct cosend_write_options options = {
        .path = {"/dev/null", 9}};

    cosend_write(part->self, &options);
}

/* Enums and words of theirs that are none: the n-th of them. */
static bool spoil(struct cosend_format_options *format, size_t n)
{
    int *enums[] = {&format->name,         &format->ragged,  &format->line_end,
                    &format->invalid_utf8, &format->quoting, &format->border,
                    &format->duplicates};
    enum { EACH = 2 * sizeof(enums) / sizeof(*enums), ALL = EACH + 8 };

    if (n < EACH)
        *enums[n / 2] = n % 2 ? -1 : 99;
    else if (n < ALL)
        format->reserved[n - EACH] = 1;
    return n < ALL;
}

static void call_read_what_is_none(const struct part *part)
{
    for (size_t n = 0;; n++) {
        struct cosend_read_options read;

        memset(&read, 0, sizeof(read));
        if (!spoil(&read.format, n))
            break;
        assert_int_equal(cosend_read(part->self, &read), COSEND_E_USAGE);
    }
}

static int refuse_record(const struct cosend_record *record, void *context)
{
    (void)record;
    (void)context;
    return COSEND_E_USER;
}

static void call_read_table(const struct part *part)
{
    static const struct cosend_table_reader reader = {.each = refuse_record};
    struct cosend_read_options read;

    memset(&read, 0, sizeof(read));
    assert_int_equal(cosend_read_table(part->self, &read, &reader),
                     COSEND_E_USAGE);
    for (size_t n = 0;; n++) {
        static const struct cosend_string path = {"none.csv", 8};

        memset(&read, 0, sizeof(read));
        read.paths.items = &path;
        read.paths.count = 1;
        if (!spoil(&read.format, n))
            break;
        assert_int_equal(cosend_read_table(part->self, &read, &reader),
                         COSEND_E_USAGE);
    }
}

static void call_index_table(const struct part *part)
{
    static const struct cosend_string same[] = {{"a", 1}, {"a", 1}};
    struct cosend_index_source source;
    struct cosend_indexed indexed;

    memset(&source, 0, sizeof(source));
    assert_int_equal(cosend_index_table(part->self, &source, &indexed),
                     COSEND_E_USAGE);
    source.key.items = source.columns.items = same;
    source.key.count = 1;
    assert_int_equal(cosend_index_table(part->self, &source, &indexed),
                     COSEND_E_USAGE);
    source.columns.count = 2;
    assert_int_equal(cosend_index_table(part->self, &source, &indexed),
                     COSEND_E_USAGE);
    source.columns.count = 1;
    source.reserved[0] = 1;
    assert_int_equal(cosend_index_table(part->self, &source, &indexed),
                     COSEND_E_USAGE);
    assert_null(indexed.index);
    cosend_indexed_free(&indexed);
    cosend_indexed_free(&indexed);
}

static int released;

static int make_common(struct cosend_stage *self, void *memory,
                       const void *argument)
{
    (void)self;
    *(char *)memory = 1;
    return *(const int *)argument;
}

static void release_common(void *memory)
{
    released += *(char *)memory;
}

/* What was not made is tried anew, and what was made stays. */
static void call_stage_common(const struct part *part)
{
    static const int good = 0, bad = COSEND_E_USER;
    void *common;

    released = 0;
    assert_null(
        cosend_stage_common(part->self, 1, make_common, release_common, &bad));
    assert_int_equal(released, 1);
    common =
        cosend_stage_common(part->self, 1, make_common, release_common, &good);
    assert_non_null(common);
    assert_ptr_equal(common, cosend_stage_common(part->self, 1, make_common,
                                                 release_common, &bad));
    assert_int_equal(released, 1);
}

static void call_receive_until(const struct part *part)
{
    const struct cosend_batch *batch;
    struct cosend_record record;

    /* Pushed records are no live input. */
    assert_true(cosend_now(part->self) > 0);
    cosend_receive_until(part->self, &record, INT64_MAX);
    assert_int_not_equal(cosend_receive_until(part->self, &record, 0),
                         COSEND_EVENT_TICK);
    assert_int_not_equal(cosend_receive_batch_until(part->self, &batch, 0),
                         COSEND_EVENT_TICK);
    assert_false(cosend_files_alternate(part->self));
}

static void call_inputs(const struct part *part)
{
    if (part->record)
        assert_int_equal(cosend_input_of(part->self, part->record), 0);
    cosend_tell_inputs(part->self);
    if (part->record)
        assert_int_equal(cosend_input_of(part->self, part->record), 0);
}

static void call_write_what_is_none(const struct part *part)
{
    for (size_t n = 0;; n++) {
        struct cosend_write_options write;

        memset(&write, 0, sizeof(write));
        if (!spoil(&write.format, n))
            break;
        assert_int_equal(cosend_write(part->self, &write), COSEND_E_USAGE);
    }
}

static const struct {
    const char *name;
    void (*call)(const struct part *part);
} rows[] = {
    {"add column", call_add_column},
    {"add line", call_add_line},
    {"drop columns", call_drop_columns},
    {"drop column", call_drop_column},
    {"drop fields", call_drop_fields},
    {"own fields", call_own_fields},
    {"rename", call_rename},
    {"rename by rule", call_rename_by_rule},
    {"place", call_place},
    {"open columns", call_open},
    {"open columns first", call_open_first},
    {"field column", call_field_column},
    {"field column of none", call_field_column_of_none},
    {"remake fields", call_remake},
    {"keep columns", call_keep_columns},
    {"set", call_set},
    {"set numbers", call_set_numbers},
    {"set value of no type", call_set_value_of_no_type},
    {"set what is no column", call_set_what_is_no_column},
    {"fields that are none", call_fields_that_are_none},
    {"yield", call_yield},
    {"walk", call_walk},
    {"receive", call_receive},
    {"receive batch", call_receive_batch},
    {"await columns", call_await_columns},
    {"choose form", call_choose_form},
    {"send cut fields", call_send_cut_fields},
    {"send pair lines", call_send_pair_lines},
    {"convert field", call_convert_field},
    {"bad log line", call_bad_log_line},
    {"columns free", call_columns_free},
    {"send log lines", call_send_log_lines},
    {"questions", call_questions},
    {"emit", call_emit},
    {"emit to", call_emit_to},
    {"emit to none", call_emit_to_none},
    {"pick to", call_pick_to},
    {"pick", call_pick},
    {"pick too often", call_pick_too_often},
    {"pick of none", call_pick_of_none},
    {"emit batch", call_emit_batch},
    {"emit new", call_emit_new},
    {"bad", call_bad},
    {"bad twice", call_bad_twice},
    {"bad number", call_bad_number},
    {"bad cell", call_bad_cell},
    {"bad line", call_bad_line},
    {"bad is told", call_bad_is_told},
    {"time of", call_time_of},
    {"past time of", call_past_time_of},
    {"fail", call_fail},
    {"fail with nothing", call_fail_with_nothing},
    {"keep", call_keep},
    {"keep and emit", call_keep_and_emit},
    {"put and get", call_put_and_get},
    {"publish", call_publish},
    {"set parallel", call_set_parallel},
    {"wait until", call_wait},
    {"poll", call_poll},
    {"poll nowhere", call_poll_nowhere},
    {"flush", call_flush},
    {"tell flushes", call_tell_flushes},
    {"as a source", call_as_source},
    {"as a sink", call_as_sink},
    {"replace column", call_replace_column},
    {"set result", call_set_result},
    {"sieve", call_sieve},
    {"stage memory", call_stage_memory},
    {"groups", call_groups},
    {"groups add columns", call_groups_add_columns},
    {"group of", call_group_of},
    {"groups walk", call_groups_walk},
    {"groups limit", call_groups_limit},
    {"by fields", call_by_fields},
    {"name that is taken", call_name_that_is_taken},
    {"matches", call_matches},
    {"change fields", call_change_fields},
    {"rename items", call_rename_items},
    {"record", call_record},
    {"batch columns", call_batch_columns},
    {"match lines", call_match_lines},
    {"read", call_read},
    {"merge", call_merge},
    {"write", call_write},
    {"read table", call_read_table},
    {"index table", call_index_table},
    {"stage common", call_stage_common},
    {"receive until", call_receive_until},
    {"inputs", call_inputs},
    {"read what is none", call_read_what_is_none},
    {"write what is none", call_write_what_is_none},
};

/* ---- The filter ---------------------------------------------------------- */

static void act(struct part *part, enum point at)
{
    if (point == at)
        call(part);
}

static int body(struct cosend_stage *self, void *argument)
{
    struct part part = {.self = self, .own = argument};
    struct cosend_record record, kept = {0};
    int i = 0;

    part.groups = cosend_groups_new(self, part.own->fields, 8, NULL);
    if (!part.groups)
        return COSEND_E_MEMORY;
    part.column = cosend_add_column(self, "new");
    act(&part, FIRST);
    if (point == BATCH && (part.batch = cosend_receive_batch(self))) {
        record = cosend_record_at(self, 0);
        part.record = &record;
        act(&part, BATCH);
    }
    for (; cosend_receive(self, &record); i++) {
        part.record = &record;
        part.batch = self->batch;
        if (i == 1)
            act(&part, RECORD);
        else if (i == 2 && point == FAILED)
            cosend_fail(self, COSEND_E_USER, "on purpose");
        else if (i != 3 || !cosend_keep(self, &record, &kept))
            cosend_emit(self, &record);
    }
    part.record = kept.batch ? &kept : NULL;
    part.batch = NULL;
    act(&part, LAST);
    act(&part, FAILED);
    return COSEND_OK;
}

static const struct cosend_option options[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct own, field)},
    {.name = "fields",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct own, fields)},
    {.name = "condition",
     .type = COSEND_OPTION_CONDITION,
     .offset = offsetof(struct own, condition)},
    {.name = NULL}};

static const char *column_at(const void *columns, size_t i)
{
    return ((const char *const *)columns)[i];
}

/* Of two columns, by a map of one that is there or is not. */
static void types_are_of_names(const char *key, size_t unknown)
{
    static const char *const columns[] = {"first", "second"};
    struct cosend_string keys[] = {{key, strlen(key)}};
    int codes[] = {COSEND_TO_DATE}, types[] = {-1, -1};
    struct cosend_list map = {.items = codes, .keys = keys, .count = 1};

    assert_int_equal(cosend_types_of(&map, 2, column_at, columns, types),
                     unknown);
    assert_int_equal(types[0], -1);
    assert_int_equal(types[1], unknown ? COSEND_TO_DATE : -1);
}

/* The calls of a check, with names that are no option's. */
static void check(struct cosend_check *made, void *argument)
{
    const struct own *own = argument;
    struct cosend_format_options format = {0};
    struct cosend_span span = {.since = {"1h", 2}, .tz = {"UTC", 3}};
    struct cosend_span any = {0};
    struct cosend_field none = {COSEND_NO_FIELD};

    cosend_check_format(made, &format);
    format.name = 99;
    cosend_check_format(made, &format);
    cosend_check_span(made, &any, false);
    assert_true(any.from == INT64_MIN && any.to == INT64_MAX && !any.zone);
    assert_true(cosend_span_has(&any, NULL, 0, INT64_MIN));
    assert_false(cosend_span_has(&any, NULL, 0, INT64_MAX));
    cosend_span_release(&any);
    cosend_check_span(made, &span, true);
    assert_true(span.from > 0 && span.to == INT64_MAX && span.zone);
    assert_true(cosend_span_has(&span, NULL, 0, span.from));
    assert_false(cosend_span_has(&span, NULL, 0, span.from - 1));
    assert_false(cosend_span_has(&span, NULL, 0, INT64_MIN));
    cosend_span_release(&span);
    assert_null(span.zone);
    assert_false(cosend_check_given(made, "no_such"));
    assert_true(cosend_check_given(made, "field"));
    assert_true(cosend_has_field(cosend_check_field(made, "field", "line", 4)));
    assert_non_null(cosend_check_template(made, "field", "{line}.csv", 10));
    assert_non_null(cosend_check_template(made, "no_such", "", 0));
    cosend_check_field_name(made, own->field);
    cosend_check_on_error(made, COSEND_ON_ERROR_DEFAULT);
    cosend_check_on_error(made, -1);
    cosend_check_on_error(made, 99);
    cosend_check_on_error(made, COSEND_ON_ERROR_REJECT);
    cosend_check_missing(made, (struct cosend_fields){0, 0},
                         COSEND_MISSING_SKIP);
    cosend_check_missing(made, (struct cosend_fields){1000, 1},
                         COSEND_MISSING_EMPTY);
    cosend_check_endless(made, COSEND_GROWS, NULL);
    cosend_check_endless(made, (enum cosend_endless)99, "do without");
    assert_null(cosend_check_field_name(made, none));
    types_are_of_names("second", 1);
    types_are_of_names("third", 0);
    assert_int_equal(cosend_check_fields(made, "fields", NULL, 0).count, 0);
    if (point == POINTS) {
        struct cosend_error error = {.kind = COSEND_E_SPEC};

        cosend_check_error(made, "no_such", "is %d", 1);
        assert_null(cosend_check_template(made, "no_such", "{", 1));
        cosend_check_failed(made, "no_such", &error);
        cosend_check_slices(made, "no_such", &(struct cosend_string){"1d", 2},
                            &(struct cosend_slices){.has_origin = true});
        cosend_check_slices(made, "no_such", &(struct cosend_string){"1x", 2},
                            &(struct cosend_slices){0});
        cosend_zone_free(cosend_check_zone(made, "field",
                                           &(struct cosend_string){"UTC", 3}));
        assert_null(cosend_check_zone(made, "no_such",
                                      &(struct cosend_string){"no such", 7}));
    }
}

static const struct cosend_filter filter = {
    .abi = COSEND_ABI,
    .name = "calls",
    .summary = "make a call",
    .options_size = sizeof(struct own),
    .options = options,
    .body = body,
    .check = check,
};

static int register_filter(void **state)
{
    (void)state;
    return cosend_register(&filter, NULL);
}

/* ---- The tests ----------------------------------------------------------- */

static const char line[] = "calls field=line fields=line | count";

static bool may_fail_with(int kind)
{
    return kind == COSEND_OK || kind == COSEND_E_USAGE ||
           kind == COSEND_E_USER || kind == COSEND_E_SPEC ||
           kind == COSEND_E_TYPE || kind == COSEND_E_STOP_LEAK ||
           kind == COSEND_E_COLUMN || kind == COSEND_E_LIMIT;
}

/* What it emits goes to another step, or to a file. */
static void run_row(size_t i, enum point at, uint32_t batch_size, bool counted)
{
    static const char steps[] =
        "{\"cosend\": 1, \"steps\": [{\"calls\": {\"field\": \"line\", "
        "\"fields\": [\"line\"], \"condition\": {\"field\": \"line\", "
        "\"op\": \"ge\", \"value\": 1}}}";
    char json[sizeof(steps) + sizeof(", {\"count\": {}}]}")];
    struct taken taken;
    struct cosend_options made = host(&taken);
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline;

    point = at;
    call = rows[i].call;
    made.batch_size = batch_size;
    made.rejects_path = "/dev/null";
    if (!counted) {
        made.record = NULL;
        made.output_path = "/dev/zero";
    }
    snprintf(json, sizeof(json), "%s%s]}", steps,
             counted ? ", {\"count\": {}}" : "");
    pipeline = cosend_pipeline_from_json(json, strlen(json), &made, &error);
    if (!pipeline)
        fail_msg("%s", error.message);
    cosend_pipeline_open(pipeline, &error);
    cosend_pipeline_push(pipeline, "1\n2\n3\n4\n5\n6\n", 12, &error);
    cosend_pipeline_finish(pipeline, &error);
    if (!may_fail_with(error.kind) || !cosend_pipeline_balanced(pipeline))
        fail_msg("%s at point %d by %u (%d): %d, %s", rows[i].name, (int)at,
                 batch_size, counted, error.kind, error.message);
    cosend_pipeline_free(pipeline);
}

static void every_call_at_every_point(void **state)
{
    static const uint32_t sizes[] = {2, 1, 0};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        for (int at = 0; at < POINTS; at++)
            for (size_t size = 0; size < 3; size++)
                if (at != BATCH || sizes[size] != 1) {
                    run_row(i, (enum point)at, sizes[size], true);
                    run_row(i, (enum point)at, sizes[size], false);
                }
}

static void a_check_names_what_is_no_option(void **state)
{
    struct cosend_error error = {0};
    struct cosend_options made = {.size = sizeof(made), .push = true};

    (void)state;
    point = POINTS;
    assert_null(cosend_pipeline_from_line(line, &made, &error));
    assert_int_equal(error.kind, COSEND_E_SPEC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_at_every_point),
        cmocka_unit_test(a_check_names_what_is_no_option)};

    return cmocka_run_group_tests(tests, register_filter, NULL);
}
