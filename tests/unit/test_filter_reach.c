/* SPDX-License-Identifier: MIT */
/*
 * Records where they do not belong, and stores at odd times: a filter that
 * reaches for them is told, or gets what it asks for, and no cell goes out
 * under another column's name.
 */
#include "cosend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "host.h"

static char path[] = "/tmp/cosend-reach-XXXXXX";

struct reach {
    struct cosend_read_options read;
    int64_t keep;
    struct cosend_field field;
};

/* ---- Records of a table -------------------------------------------------- */

struct shelf {
    struct cosend_stage *self;
    struct cosend_record kept;
    struct cosend_bytes key;
};

static int keep_row(const struct cosend_record *record, void *context)
{
    static const struct cosend_fields none = {0, 0};
    struct shelf *shelf = context;

    if (!cosend_record_key(shelf->self, record, none, none, &shelf->key))
        return COSEND_E_MEMORY;
    return shelf->kept.batch || cosend_keep(shelf->self, record, &shelf->kept)
               ? COSEND_OK
               : COSEND_E_MEMORY;
}

static bool read_shelf(struct cosend_stage *self, const struct reach *reach,
                       struct shelf *shelf)
{
    struct cosend_table_reader reader = {.each = keep_row, .context = shelf};

    shelf->self = self;
    return cosend_read_table(self, &reach->read, &reader) == COSEND_OK;
}

static int emit_a_row(struct cosend_stage *self, void *options)
{
    struct shelf shelf = {0};
    struct cosend_record record;

    if (read_shelf(self, options, &shelf))
        while (cosend_receive(self, &record))
            cosend_emit(self, &shelf.kept);
    cosend_bytes_free(&shelf.key);
    return 0;
}

static int store_a_row(struct cosend_stage *self, void *options)
{
    static const struct cosend_store_options all;
    struct cosend_store *store = cosend_store_new(self, &all);
    struct shelf shelf = {0};
    struct cosend_record record;

    if (store && read_shelf(self, options, &shelf)) {
        while (cosend_receive(self, &record))
            cosend_store_put(store, &shelf.kept);
        cosend_store_emit(store);
    }
    cosend_bytes_free(&shelf.key);
    return 0;
}

static int store_too_early(struct cosend_stage *self, void *options)
{
    static const struct cosend_store_options all;
    struct cosend_store *store = cosend_store_new(self, &all);
    struct shelf shelf = {0};
    struct cosend_record record;

    if (store && read_shelf(self, options, &shelf)) {
        cosend_store_put(store, &shelf.kept);
        while (cosend_receive(self, &record))
            cosend_emit(self, &record);
        cosend_store_emit(store);
    }
    cosend_bytes_free(&shelf.key);
    return 0;
}

/* A kept record's batch has not the column that is added. */
static int emit_a_kept_batch(struct cosend_stage *self, void *options)
{
    struct cosend_record record, kept;

    (void)options;
    cosend_add_column(self, "more");
    while (cosend_receive(self, &record))
        if (cosend_keep(self, &record, &kept))
            cosend_emit_batch(self, kept.batch);
    return 0;
}

/* ---- Stores -------------------------------------------------------------- */

/* From the fourth record on one is taken out for each that comes. */
static int take_slowly(struct cosend_stage *self, void *options)
{
    static const struct cosend_store_options all;
    struct cosend_store *store = cosend_store_new(self, &all);
    struct cosend_record record, stored;

    (void)options;
    if (!store)
        return COSEND_E_MEMORY;
    cosend_publish(self, store);
    for (int i = 0; cosend_receive(self, &record); i++)
        if (i < 3)
            cosend_store_put(store, &record);
        else if (cosend_store_next(store, &stored))
            cosend_emit(self, &stored);
    cosend_store_emit(store);
    return 0;
}

static int save_store(const void *store, struct cosend_bytes *to)
{
    return cosend_store_save(store, to);
}

static int merge_store(void *store, struct cosend_reader_bytes *from)
{
    return cosend_store_merge(store, from);
}

static int keep_last(struct cosend_stage *self, void *options)
{
    const struct reach *reach = options;
    struct cosend_store_options most = {
        .keep = reach->keep ? (uint64_t)reach->keep : UINT64_MAX,
        .last = true,
        .memory = 1};
    struct cosend_store *store = cosend_store_new(self, &most);
    struct cosend_record record;

    while (store && cosend_receive(self, &record))
        cosend_store_put(store, &record);
    if (store)
        cosend_store_emit(store);
    return 0;
}

/* What it is made with is written over then. */
static int sort_down(struct cosend_stage *self, void *options)
{
    const struct reach *reach = options;
    bool down[] = {true};
    unsigned char text[] = {COSEND_COLLATE_TEXT};
    struct cosend_store_options order = {
        .key = {reach->field.slot, 1}, .descending = down, .collations = text};
    struct cosend_store *store = cosend_store_new(self, &order);
    struct cosend_record record;

    down[0] = false;
    text[0] = COSEND_COLLATE_VALUE;
    memset(&order, 0, sizeof(order));
    while (store && cosend_receive(self, &record))
        cosend_store_put(store, &record);
    if (store)
        cosend_store_emit(store);
    return 0;
}

/* ---- Others -------------------------------------------------------------- */

/* With fields that the data name, all that is not x goes on; x is bad. */
static int doubt_x(struct cosend_stage *self, void *options)
{
    struct cosend_column column = cosend_add_column(self, "more");
    const struct cosend_batch *batch;
    struct cosend_item item;

    (void)options;
    cosend_open_columns(self);
    while ((batch = cosend_receive_batch(self))) {
        uint32_t positions[64], count = 0;

        cosend_set_column(self, column);
        for (uint32_t i = 0; i < cosend_batch_count(batch) && i < 64; i++) {
            struct cosend_record record = cosend_record_at(self, i);

            memset(&item, 0, sizeof(item));
            if (cosend_walk(self, &record, &item) && *item.cell.data == 'x')
                cosend_bad(self, &record, "x", "it is x");
            else
                positions[count++] = i;
        }
        cosend_emit_picked(self, positions, count);
    }
    return 0;
}

static int wait_for_the_past(struct cosend_stage *self, void *options)
{
    struct cosend_record record;

    (void)options;
    while (cosend_receive(self, &record))
        if (cosend_wait_until(self, INT64_MIN) && cosend_wait_until(self, -1))
            cosend_emit(self, &record);
    return 0;
}

/* ---- The tests ----------------------------------------------------------- */

static const struct cosend_option options[] = {
    {.name = "keep",
     .type = COSEND_OPTION_INT,
     .offset = offsetof(struct reach, keep),
     .flags = COSEND_MAIN,
     .maximum = INT64_MAX,
     .help = "how many"},
    {.name = "field",
     .type = COSEND_OPTION_FIELD,
     .offset = offsetof(struct reach, field),
     .help = "what to sort by"},
    {.name = "paths",
     .type = COSEND_OPTION_PATHS,
     .offset = offsetof(struct reach, read) +
               offsetof(struct cosend_read_options, paths),
     .help = "the table"},
    {.name = "format",
     .type = COSEND_OPTION_GROUP,
     .offset = offsetof(struct reach, read) +
               offsetof(struct cosend_read_options, format),
     .group = cosend_reader_options,
     .help = "the table's"},
    {.name = NULL}};

#define REACH(function)                                                        \
    {                                                                          \
        .abi = COSEND_ABI, .name = #function, .options = options,              \
        .body = function, .options_size = sizeof(struct reach)                 \
    }

static const struct cosend_filter filters[] = {
    REACH(emit_a_row),
    REACH(store_a_row),
    REACH(store_too_early),
    REACH(emit_a_kept_batch),
    REACH(keep_last),
    REACH(sort_down),
    REACH(doubt_x),
    REACH(wait_for_the_past),
    {.abi = COSEND_ABI,
     .name = "take_slowly",
     .options = options,
     .options_size = sizeof(struct reach),
     .body = take_slowly,
     .save = save_store,
     .merge = merge_store},
};

static int set_up(void **state)
{
    static const char table[] = "a\n1\n2\n";
    int fd = mkstemp(path);

    (void)state;
    for (size_t i = 0; i < sizeof(filters) / sizeof(*filters); i++)
        if (cosend_register(&filters[i], NULL) != COSEND_OK)
            return -1;
    if (fd < 0 || write(fd, table, sizeof(table) - 1) < 0)
        return -1;
    return close(fd);
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(path);
}

/* Its answer, where the ledger balances. */
static int reach(const char *filter, struct taken *taken,
                 struct cosend_error *error)
{
    struct cosend_options made = host(taken);
    struct cosend_pipeline *pipeline;
    char line[200];
    int status;

    made.input_format = COSEND_FORMAT_CSV;
    snprintf(line, sizeof(line), "%s paths=%s format=csv", filter, path);
    pipeline = cosend_pipeline_from_line(line, &made, error);
    assert_non_null(pipeline);
    cosend_pipeline_open(pipeline, error);
    cosend_pipeline_push(pipeline, "k,v\n1,2\n3,40\n5,6\n7,8\n", 21, error);
    status = cosend_pipeline_finish(pipeline, error);
    assert_true(cosend_pipeline_balanced(pipeline));
    cosend_pipeline_free(pipeline);
    return status;
}

static void records_of_others_are_refused(void **state)
{
    static const struct {
        const char *filter, *told;
    } cases[] = {{"emit_a_row", "did not receive"},
                 {"store_a_row", "did not receive"},
                 {"store_too_early", "before any was received"},
                 {"emit_a_kept_batch", "other columns than its output"}};
    struct taken taken;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct cosend_error error = {0};

        assert_int_equal(reach(cases[i].filter, &taken, &error),
                         COSEND_E_USAGE);
        assert_non_null(strstr(error.message, cases[i].told));
        assert_string_equal(taken.text, "");
    }
}

static void any_number_of_records_is_kept(void **state)
{
    struct cosend_error error = {0};
    struct taken taken;

    (void)state;
    assert_int_equal(reach("keep_last", &taken, &error), COSEND_OK);
    assert_string_equal(taken.text, "k=1 v=2 ;k=3 v=40 ;k=5 v=6 ;k=7 v=8 ;");
    assert_int_equal(reach("keep_last 2", &taken, &error), COSEND_OK);
    assert_string_equal(taken.text, "k=5 v=6 ;k=7 v=8 ;");
}

static void a_store_keeps_how_it_is_ordered(void **state)
{
    struct cosend_error error = {0};
    struct taken taken;

    (void)state;
    assert_int_equal(reach("sort_down field=v", &taken, &error), COSEND_OK);
    assert_string_equal(taken.text, "k=7 v=8 ;k=5 v=6 ;k=3 v=40 ;k=1 v=2 ;");
}

static void what_is_over_is_not_waited_for(void **state)
{
    struct cosend_error error = {0};
    struct taken taken;

    (void)state;
    assert_int_equal(reach("wait_for_the_past", &taken, &error), COSEND_OK);
    assert_string_equal(taken.text, "k=1 v=2 ;k=3 v=40 ;k=5 v=6 ;k=7 v=8 ;");
}

static void a_store_that_is_walked_is_not_saved(void **state)
{
    struct taken taken;
    struct cosend_options made = host(&taken);
    struct cosend_pipeline *pipeline = open_line("take_slowly", &made);
    struct cosend_bytes bytes = {0};

    (void)state;
    push(pipeline, "a\nb\nc\n");
    assert_int_equal(cosend_pipeline_save(pipeline, &bytes), COSEND_OK);
    push(pipeline, "d\n");
    assert_int_equal(cosend_pipeline_save(pipeline, &bytes), COSEND_E_USAGE);
    assert_non_null(strstr(cosend_pipeline_refusal(pipeline), "take_slowly"));
    finish(pipeline);
    assert_string_equal(taken.text, "line=a ;line=b ;line=c ;");
    cosend_bytes_free(&bytes);
}

static void what_is_before_a_bad_one_goes_on(void **state)
{
    static const uint32_t sizes[] = {0, 1, 2};

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        struct taken taken;
        struct cosend_options made = host(&taken);
        struct cosend_error error = {0};
        struct cosend_pipeline *pipeline;

        made.batch_size = sizes[i];
        made.on_error = COSEND_ON_ERROR_FAIL;
        pipeline = open_line("doubt_x", &made);
        cosend_pipeline_push(pipeline, "a\nb\nc\nx\nd\n", 10, &error);
        assert_int_equal(cosend_pipeline_finish(pipeline, &error),
                         COSEND_E_DATA);
        assert_true(cosend_pipeline_balanced(pipeline));
        assert_string_equal(taken.text, "line=a ;line=b ;line=c ;");
        cosend_pipeline_free(pipeline);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_of_others_are_refused),
        cmocka_unit_test(any_number_of_records_is_kept),
        cmocka_unit_test(a_store_keeps_how_it_is_ordered),
        cmocka_unit_test(what_is_over_is_not_waited_for),
        cmocka_unit_test(a_store_that_is_walked_is_not_saved),
        cmocka_unit_test(what_is_before_a_bad_one_goes_on),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
