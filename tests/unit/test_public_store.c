/* SPDX-License-Identifier: MIT */
/*
 * The calls of stores and aggregates at every point of a body's life: before
 * its first receive, with a record and with a batch in hand, and at the end;
 * and with what is none. They work, or the step fails; the ledger balances.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "host.h"

struct own {
    struct cosend_field field;
    struct cosend_fields fields;
};

static const struct cosend_option own_options[] = {
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct own, field),
     .help = "a field"},
    {.name = "fields",
     .type = COSEND_OPTION_FIELDS,
     .offset = offsetof(struct own, fields),
     .help = "fields"},
    {.name = NULL}};

enum point { FIRST, RECORD, BATCH, LAST, POINTS };

static enum point point;

static void try_store(struct cosend_stage *self, const struct own *own,
                      const struct cosend_record *record)
{
    struct cosend_store_options options = {.key = own->fields, .memory = 100};
    struct cosend_store *store = cosend_store_new(self, &options);
    struct cosend_reader_bytes none = cosend_read_bytes(NULL, 0), saved;
    struct cosend_bytes bytes = {0};
    struct cosend_record next;

    if (!store)
        return;
    cosend_store_save(store, &bytes);
    assert_true(cosend_store_merge(store, &none) < 0);
    saved = cosend_read_bytes(bytes.data, bytes.length);
    cosend_store_merge(store, &saved);
    cosend_bytes_free(&bytes);
    assert_false(cosend_store_next(store, &next));
    store = cosend_store_new(self, &options);
    for (int i = 0; record && store && i < 3; i++)
        assert_int_equal(cosend_store_put(store, record), COSEND_OK);
    if (store && cosend_store_next(store, &next))
        cosend_emit(self, &next);
    cosend_store_emit(store);
    assert_int_equal(cosend_store_emit(NULL), COSEND_E_USAGE);
}

static void assert_column(struct cosend_call call, const char *column)
{
    char name[16];

    assert_int_equal(cosend_call_column(&call, name, sizeof(name)),
                     strlen(column));
    assert_string_equal(name, column);
    assert_int_equal(cosend_call_column(&call, name, 2), strlen(column));
    assert_int_equal(strlen(name), strlen(column) ? 1 : 0);
}

static void calls_are_read(void **state)
{
    struct cosend_slice none = {0};
    struct cosend_call call = cosend_read_call("a=p95('b c')", 12, false);

    (void)state;
    assert_column(call, "a");
    assert_int_equal(call.part, 95000);
    assert_true(call.is_field);
    assert_int_equal(call.subject.length, 3);
    call = cosend_read_call("a=max(ms)", 9, true);
    assert_null(call.row);
    call = cosend_read_call("max(ms", 6, false);
    assert_true(call.is_open);
    assert_null(call.subject.data);
    assert_column(cosend_read_call("max(a*2)", 8, false), "max(a*2)");
    assert_column(cosend_read_call("max(a.b)", 8, false), "max_a.b");
    assert_column(cosend_read_call("=", 1, false), "");
    assert_column(cosend_read_call("", 0, false), "");
    assert_column(cosend_read_call(NULL, 0, false), "");
    assert_column(cosend_call_of(none, none), "");
    assert_null(cosend_call_of(none, none).row);
}

static void try_aggregates(struct cosend_stage *self, const struct own *own,
                           const struct cosend_record *record)
{
    struct cosend_fields by = {own->fields.first,
                               point == RECORD ? own->fields.count : 0};
    struct cosend_use use = {cosend_aggregate_at(1), own->field, NULL, "as",
                             NULL};
    uint32_t part = 0;
    struct cosend_aggregates *all = cosend_aggregates_new(self, by, &use, 1);
    struct cosend_reader_bytes none = cosend_read_bytes(NULL, 0);
    struct cosend_bytes bytes = {0};
    const void *states = NULL;

    assert_ptr_equal(use.aggregate, cosend_find_aggregate("sum"));
    assert_null(cosend_find_aggregate(""));
    assert_ptr_equal(cosend_find_function("average(x)", 7, &part),
                     cosend_find_aggregate("mean"));
    assert_ptr_equal(cosend_find_function("p99.9", 5, &part),
                     cosend_find_aggregate("percentile"));
    assert_int_equal(part, 99900);
    assert_null(cosend_find_function("p100.5", 6, &part));
    assert_null(cosend_find_function("percentile", 10, &part));
    assert_null(cosend_find_function("", 0, &part));
    if (!all)
        return;
    if (point == LAST)
        assert_true(cosend_aggregates_limit(all, 1, true));
    if (point == FIRST) {
        cosend_aggregates_add_groups(all);
        cosend_aggregates_add_columns(all);
    }
    if (point == BATCH || point == FIRST)
        assert_true(cosend_aggregates_add_batch(all));
    if (record)
        states = cosend_aggregates_add(all, record);
    if (cosend_aggregates_only(all))
        states = cosend_aggregates_only(all);
    if (states) {
        assert_ptr_equal(cosend_aggregates_state(all, states, 0), states);
        cosend_aggregates_set(all, states);
    }
    cosend_aggregates_save(all, &bytes);
    assert_true(cosend_aggregates_merge(all, &none) < 0);
    cosend_bytes_free(&bytes);
    if (point != FIRST)
        cosend_aggregates_emit(all);
    if (point == LAST)
        cosend_aggregates_emit_often(all, 1, 1);
    if (point == LAST)
        cosend_aggregates_emit_each(all, "there is no way out");
}

static int body(struct cosend_stage *self, void *options)
{
    struct own *own = options;
    struct cosend_record record;
    bool have = false;

    if (point == FIRST)
        try_aggregates(self, own, NULL);
    if (point == FIRST)
        try_store(self, own, NULL);
    if (point == RECORD && cosend_receive(self, &record)) {
        try_store(self, own, &record);
        try_aggregates(self, own, &record);
    }
    if (point == BATCH && cosend_receive_batch(self)) {
        record = cosend_record_at(self, 0);
        try_store(self, own, &record);
        try_aggregates(self, own, &record);
    }
    while (cosend_receive(self, &record))
        if (point == LAST && !have)
            have = cosend_keep(self, &record, &record);
    if (point == LAST) {
        try_store(self, own, NULL);
        try_aggregates(self, own, NULL);
    }
    return 0;
}

/* A store walked is not put in; unknown words are refused; a field is needed.
 */
static int misuse(struct cosend_stage *self, void *options)
{
    struct cosend_store_options words = {.reserved = {1}}, all = {.keep = 0};
    struct cosend_use use = {
        cosend_find_aggregate("mean"), {COSEND_NO_FIELD}, NULL, "as", NULL};
    struct cosend_fields none = {0, 0};
    struct cosend_store *store;
    struct cosend_record record, next;

    (void)options;
    if (point == FIRST)
        cosend_store_new(self, &words);
    if (point == RECORD)
        cosend_aggregates_new(self, none, &use, 1);
    store = point == LAST ? cosend_store_new(self, &all) : NULL;
    while (cosend_receive(self, &record))
        if (store) {
            cosend_store_put(store, &record);
            cosend_store_put(store, &record);
            assert_true(cosend_store_next(store, &next));
            assert_int_equal(cosend_store_put(store, &record), COSEND_E_USAGE);
        }
    return 0;
}

static const struct cosend_filter own[] = {{.abi = COSEND_ABI,
                                            .name = "calls",
                                            .summary = "calls",
                                            .options_size = sizeof(struct own),
                                            .options = own_options,
                                            .body = body},
                                           {.abi = COSEND_ABI,
                                            .name = "misuse",
                                            .summary = "calls",
                                            .options_size = sizeof(struct own),
                                            .options = own_options,
                                            .body = misuse}};

static int register_own(void **state)
{
    (void)state;
    return cosend_register(&own[0], NULL) == COSEND_OK &&
                   cosend_register(&own[1], NULL) == COSEND_OK
               ? 0
               : -1;
}

static int run(const char *line, uint32_t batch_size)
{
    static struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline;

    options.batch_size = batch_size;
    pipeline = cosend_pipeline_from_line(line, &options, &error);
    assert_non_null(pipeline);
    cosend_pipeline_open(pipeline, &error);
    cosend_pipeline_push(pipeline, "1\n2\n3\n", 6, &error);
    cosend_pipeline_finish(pipeline, &error);
    assert_true(cosend_pipeline_balanced(pipeline));
    cosend_pipeline_free(pipeline);
    return error.kind;
}

static void every_call_at_every_point(void **state)
{
    (void)state;
    for (int at = 0; at < POINTS; at++)
        for (uint32_t size = 0; size < 3; size++) {
            point = (enum point)at;
            /* Aggregates have no columns that are not declared first. */
            assert_int_equal(run("calls field=line fields=line", size),
                             point == FIRST ? COSEND_OK : COSEND_E_USAGE);
        }
}

static void misuse_is_told(void **state)
{
    (void)state;
    point = FIRST;
    assert_int_equal(run("misuse", 0), COSEND_E_USAGE);
    point = RECORD;
    assert_int_equal(run("misuse", 0), COSEND_E_USAGE);
    point = LAST;
    assert_int_equal(run("misuse", 0), COSEND_E_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_are_read),
        cmocka_unit_test(every_call_at_every_point),
        cmocka_unit_test(misuse_is_told),
    };

    return cmocka_run_group_tests(tests, register_own, NULL);
}
