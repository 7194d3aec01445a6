/* SPDX-License-Identifier: MIT */
/*
 * The host program's half: filters of one's own, pushed bytes and records,
 * records taken out, results, the ledger, states that are merged.
 *
 * Written on cosend.h alone, as a host program is.
 */
#include "cosend.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "host.h"
#include "swap_pairs.h"

/* ---- Filters of one's own ------------------------------------------------ */

static int every_other(struct cosend_stage *self, void *options)
{
    struct cosend_record record;
    bool odd = false;

    (void)options;
    while (cosend_receive(self, &record))
        if ((odd = !odd))
            cosend_emit(self, &record);
    return 0;
}

static int number_lines(struct cosend_stage *self, void *options)
{
    struct cosend_column n = cosend_add_column(self, "n");
    struct cosend_record record;
    int64_t line = 0;

    (void)options;
    while (cosend_receive(self, &record)) {
        cosend_set_integer(self, n, ++line);
        cosend_emit(self, &record);
    }
    return 0;
}

static const struct cosend_option no_options[] = {{.name = NULL}};

static const struct cosend_filter own[] = {{.abi = COSEND_ABI,
                                            .name = "every_other",
                                            .summary = "every other record",
                                            .options = no_options,
                                            .body = every_other},
                                           {.abi = COSEND_ABI,
                                            .name = "number_lines",
                                            .summary = "number the records",
                                            .options = no_options,
                                            .body = number_lines},
                                           {.abi = COSEND_ABI,
                                            .name = "swap_pairs",
                                            .summary = "swap neighbours",
                                            .options = no_options,
                                            .body = swap_pairs}};

static int register_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        if (cosend_register(&own[i], NULL) != COSEND_OK)
            return -1;
    return 0;
}

/* ---- Tests --------------------------------------------------------------- */

static void pushed_bytes_may_be_cut_anywhere(void **state)
{
    static const char text[] = "one\ntwo\nthree\nfour";
    (void)state;

    for (size_t piece = 1; piece < sizeof(text); piece++) {
        struct taken taken;
        struct cosend_options options = host(&taken);
        struct cosend_pipeline *pipeline = open_line("every_other", &options);
        struct cosend_error error = {0};

        for (size_t at = 0; at < sizeof(text) - 1; at += piece) {
            size_t left = sizeof(text) - 1 - at;

            assert_int_equal(cosend_pipeline_push(pipeline, text + at,
                                                  left < piece ? left : piece,
                                                  &error),
                             COSEND_OK);
        }
        finish(pipeline);
        assert_string_equal(taken.text, "line=one ;line=three ;");
    }
}

static void batch_size_makes_no_difference(void **state)
{
    static const uint32_t sizes[] = {1, 2, 3, 7, 0};
    (void)state;

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct taken taken;
        struct cosend_options options = host(&taken);
        struct cosend_pipeline *pipeline;

        options.batch_size = sizes[i];
        pipeline =
            open_line("number_lines | swap_pairs | every_other", &options);
        push(pipeline, "a\nb\nc\nd\ne\nf\ng\n");
        finish(pipeline);
        assert_string_equal(taken.text,
                            "line=b n=2 ;line=d n=4 ;line=f n=6 ;line=g n=7 ;");
    }
}

static void a_kept_record_outlives_its_batch(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline = open_line("swap_pairs", &options);
    (void)state;

    push(pipeline, "a\n");
    push(pipeline, "b\nc\n");
    push(pipeline, "d\n");
    finish(pipeline);
    assert_string_equal(taken.text, "line=b ;line=a ;line=d ;line=c ;");
}

static void pushed_records_have_the_columns_they_are_given(void **state)
{
    static const char *const names[] = {"host", "size"};
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline =
        open_line("average size by=host", &options);
    (void)state;

    for (int i = 0; i < 4; i++) {
        struct cosend_cell cells[2] = {cosend_text(i % 2 ? "b" : "a", 1),
                                       cosend_text(&"1234"[i], 1)};

        assert_int_equal(
            cosend_pipeline_push_record(pipeline, names, cells, 2, &error),
            COSEND_OK);
    }
    finish(pipeline);
    assert_string_equal(taken.text, "host=a count=2 average=2 ;"
                                    "host=b count=2 average=3 ;");
}

static void steps_can_be_added_call_by_call(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline = cosend_pipeline_new(&options, &error);
    (void)state;

    assert_non_null(pipeline);
    assert_int_equal(
        cosend_pipeline_add(pipeline, "grep", "{\"pattern\": \"a\"}", &error),
        COSEND_OK);
    assert_int_equal(cosend_pipeline_add(pipeline, "count", NULL, &error),
                     COSEND_OK);
    assert_int_equal(cosend_pipeline_open(pipeline, &error), COSEND_OK);
    push(pipeline, "a\nb\nba\n");
    finish(pipeline);
    assert_string_equal(taken.text, "count=2 ;");
}

static void done_travels_up_to_the_host(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline = open_line("head 2", &options);
    struct cosend_error error = {0};
    (void)state;

    assert_int_equal(cosend_pipeline_push(pipeline, "a\nb\nc\n", 6, &error),
                     COSEND_DONE);
    assert_int_equal(cosend_pipeline_push(pipeline, "d\n", 2, &error),
                     COSEND_DONE);
    finish(pipeline);
    assert_string_equal(taken.text, "line=a ;line=b ;");
}

static void results_and_the_ledger_can_be_read_afterwards(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_pipeline *pipeline = open_line("average", &options);
    struct cosend_error error = {0};
    struct cosend_ledger ledger = {.size = sizeof(ledger)};
    struct cosend_cell value;
    const char *name;
    (void)state;

    push(pipeline, "2\n4\nx\n1\n5\n");
    assert_int_equal(cosend_pipeline_finish(pipeline, &error), COSEND_OK);
    assert_true(cosend_pipeline_result(pipeline, 1, 1, &name, &value));
    assert_string_equal(name, "average");
    assert_int_equal(value.length, 1);
    assert_memory_equal(value.data, "3", 1);
    assert_true(cosend_pipeline_ledger(pipeline, 1, &ledger));
    assert_string_equal(ledger.id, "average");
    assert_int_equal(ledger.in, 5);
    assert_int_equal(ledger.absorbed, 4);
    assert_int_equal(ledger.rejected, 1);
    assert_int_equal(ledger.created, 1);
    assert_int_equal(ledger.out, 1);
    assert_int_equal(cosend_pipeline_errors(pipeline), 1);
    cosend_pipeline_free(pipeline);
}

static void fail_sends_what_came_before_the_bad_record(void **state)
{
    static const uint32_t sizes[] = {1, 2, 0};
    (void)state;

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct taken taken;
        struct cosend_options options = host(&taken);
        struct cosend_error error = {0};
        struct cosend_pipeline *pipeline;

        options.batch_size = sizes[i];
        options.on_error = COSEND_ON_ERROR_FAIL;
        pipeline = open_line("average emit=each | number_lines", &options);
        assert_int_equal(
            cosend_pipeline_push(pipeline, "1\n3\nx\n5\n", 8, &error),
            COSEND_E_DATA);
        assert_string_equal(error.step, "average");
        assert_int_equal(error.line, 3);
        assert_int_equal(cosend_pipeline_finish(pipeline, NULL), COSEND_E_DATA);
        cosend_pipeline_free(pipeline);
        assert_string_equal(taken.text, "line=1 count=1 average=1 n=1 ;"
                                        "line=3 count=2 average=2 n=2 ;");
    }
}

/* One push may hold both the record with which `head` had enough and a bad one
   behind it: that one is no error, as it is none where records come alone. */
static void fail_behind_the_last_record_wanted_is_none_when_pushed(void **state)
{
    static const uint32_t sizes[] = {1, 2, 0};
    (void)state;

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct taken taken;
        struct cosend_options options = host(&taken);
        struct cosend_error error = {0};
        struct cosend_pipeline *pipeline;

        options.batch_size = sizes[i];
        options.on_error = COSEND_ON_ERROR_FAIL;
        pipeline = open_line("average emit=each | head 1", &options);
        assert_int_equal(
            cosend_pipeline_push(pipeline, "1\n3\nx\n5\n", 8, &error),
            COSEND_DONE);
        assert_int_equal(cosend_pipeline_push(pipeline, "7\n", 2, &error),
                         COSEND_DONE);
        assert_int_equal(error.kind, COSEND_OK);
        finish(pipeline);
        assert_string_equal(taken.text, "line=1 count=1 average=1 ;");
    }
}

/* However many records a batch has, those behind the one at which a step failed
   were not looked at. */
static void fail_leaves_what_is_behind_the_bad_record_unread(void **state)
{
    static const char *const lines[] = {"average", "average emit=each",
                                        "where field=line op=ge value=3",
                                        "parse regex=(?<n>[0-9])"};
    (void)state;

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct taken taken;
        struct cosend_options options = host(&taken);
        struct cosend_pipeline *pipeline;
        struct cosend_ledger ledger = {.size = sizeof(ledger)};

        options.on_error = COSEND_ON_ERROR_FAIL;
        pipeline = open_line(lines[i], &options);
        assert_int_equal(
            cosend_pipeline_push(pipeline, "1\n3\nx\n5\n6\n", 10, NULL),
            COSEND_E_DATA);
        assert_int_equal(cosend_pipeline_finish(pipeline, NULL), COSEND_E_DATA);
        assert_true(cosend_pipeline_ledger(pipeline, 1, &ledger));
        assert_int_equal(ledger.in, 5);
        assert_int_equal(ledger.rejected, 1);
        assert_int_equal(ledger.unread, 2);
        assert_int_equal(ledger.out + ledger.dropped + ledger.absorbed, 2);
        cosend_pipeline_free(pipeline);
    }
}

static void an_unknown_column_is_told_before_the_first_record(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline;
    (void)state;

    options.input_format = COSEND_FORMAT_CSV;
    pipeline = open_line("average sise", &options);
    assert_int_equal(
        cosend_pipeline_push(pipeline, "host,size\na,1\n", 14, &error),
        COSEND_E_COLUMN);
    assert_non_null(strstr(taken.problems, "did you mean \"size\"?"));
    assert_string_equal(taken.text, "");
    cosend_pipeline_free(pipeline);
}

/* ---- States -------------------------------------------------------------- */

static void halves_merged_equal_the_whole(void **state)
{
    static const char *const lines[] = {"count", "count by=line", "average",
                                        "average line by=line",
                                        "grep -1 invert=true | average"};
    static const char first[] = "0.1\n7\n3.25\n7\n", second[] = "0.2\n-1\n7\n";
    (void)state;

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct taken whole, half, merged;
        struct cosend_options options = host(&whole);
        struct cosend_options half_options = host(&half);
        struct cosend_options merged_options = host(&merged);
        struct cosend_pipeline *pipeline = open_line(lines[i], &options);
        struct cosend_bytes bytes = {0};
        struct cosend_reader_bytes reader;

        push(pipeline, first);
        push(pipeline, second);
        finish(pipeline);
        pipeline = open_line(lines[i], &half_options);
        push(pipeline, first);
        assert_int_equal(cosend_pipeline_save(pipeline, &bytes), COSEND_OK);
        cosend_pipeline_free(pipeline);
        pipeline = open_line(lines[i], &merged_options);
        reader = cosend_read_bytes(bytes.data, bytes.length);
        assert_int_equal(cosend_pipeline_merge(pipeline, &reader), COSEND_OK);
        push(pipeline, second);
        assert_int_equal(cosend_pipeline_finish(pipeline, NULL), COSEND_OK);
        cosend_pipeline_free(pipeline);
        cosend_bytes_free(&bytes);
        assert_true(whole.length > 0);
        assert_string_equal(whole.text, merged.text);
    }
}

/* ---- Two pipelines in two threads ---------------------------------------- */

static const char *const chains[] = {
    "grep a | count",
    "where field=line op=eq value=a",
    "parse regex='(?<x>.)' | select x | head 3",
    "tail 2",
    "average",
    "average emit=each",
    "count by=line"};

static void *run_chains(void *context)
{
    struct taken *all = context;

    for (size_t i = 0; i < sizeof(chains) / sizeof(chains[0]); i++) {
        struct taken taken;
        struct cosend_options options = host(&taken);
        struct cosend_pipeline *pipeline =
            cosend_pipeline_from_line(chains[i], &options, NULL);

        if (!pipeline || cosend_pipeline_open(pipeline, NULL) != COSEND_OK)
            return NULL;
        for (int j = 0; j < 100; j++)
            cosend_pipeline_push(pipeline, "1\na\n22\n", 7, NULL);
        cosend_pipeline_finish(pipeline, NULL);
        cosend_pipeline_free(pipeline);
        append(all, taken.text, taken.length < 200 ? taken.length : 200);
    }
    return all;
}

struct elsewhere {
    struct cosend_pipeline *pipeline;
    struct cosend_error error;
    int status;
};

static void *push_elsewhere(void *context)
{
    struct elsewhere *elsewhere = context;

    elsewhere->status =
        cosend_pipeline_push(elsewhere->pipeline, "1\n", 2, &elsewhere->error);
    return NULL;
}

static void another_thread_may_go_on_with_it(void **state)
{
    struct taken taken;
    struct cosend_options options = host(&taken);
    struct elsewhere elsewhere = {.pipeline = open_line("count", &options)};
    pthread_t thread;
    (void)state;

    assert_int_equal(pthread_create(&thread, NULL, push_elsewhere, &elsewhere),
                     0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(elsewhere.status, COSEND_OK);
    push(elsewhere.pipeline, "2\n");
    finish(elsewhere.pipeline);
    assert_string_equal(taken.text, "count=2 ;");
}

static void two_pipelines_in_two_threads_share_nothing(void **state)
{
    struct taken results[2] = {0};
    pthread_t threads[2];
    void *done;
    (void)state;

    for (int i = 0; i < 2; i++)
        assert_int_equal(
            pthread_create(&threads[i], NULL, run_chains, &results[i]), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pthread_join(threads[i], &done), 0);
        assert_non_null(done);
    }
    assert_true(results[0].length > 100);
    assert_string_equal(results[0].text, results[1].text);
}

/* The rest is run, and the host is told by more than a warning. */
static void a_missing_file_is_an_error_after_the_rest_ran(void **state)
{
    static const char numbers[] = "/tmp/cosend-test-numbers.XXXXXX";
    char there[sizeof(numbers)];
    const char *files[] = {"/nowhere/at/all", there};
    struct cosend_error error = {0};
    struct taken taken = {0};
    struct cosend_options options = {.size = sizeof(options),
                                     .files = files,
                                     .file_count = 2,
                                     .record = take,
                                     .context = &taken};
    struct cosend_pipeline *pipeline;
    int fd;
    (void)state;

    memcpy(there, numbers, sizeof(numbers));
    fd = mkstemp(there);
    assert_int_equal(write(fd, "1\n2\n", 4), 4);
    close(fd);
    pipeline = cosend_pipeline_from_line("count", &options, &error);
    assert_non_null(pipeline);
    assert_int_equal(cosend_pipeline_run(pipeline, &error), COSEND_E_INPUT);
    assert_int_equal(error.kind, COSEND_E_INPUT);
    assert_string_equal(error.message,
                        "/nowhere/at/all: No such file or directory");
    assert_string_equal(taken.text, "count=2 ;");
    assert_int_equal(cosend_pipeline_unreadable(pipeline), 1);
    assert_true(cosend_pipeline_balanced(pipeline));
    assert_int_equal(cosend_pipeline_finish(pipeline, NULL), COSEND_E_INPUT);
    cosend_pipeline_free(pipeline);
    unlink(there);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pushed_bytes_may_be_cut_anywhere),
        cmocka_unit_test(batch_size_makes_no_difference),
        cmocka_unit_test(a_kept_record_outlives_its_batch),
        cmocka_unit_test(pushed_records_have_the_columns_they_are_given),
        cmocka_unit_test(steps_can_be_added_call_by_call),
        cmocka_unit_test(done_travels_up_to_the_host),
        cmocka_unit_test(results_and_the_ledger_can_be_read_afterwards),
        cmocka_unit_test(fail_sends_what_came_before_the_bad_record),
        cmocka_unit_test(
            fail_behind_the_last_record_wanted_is_none_when_pushed),
        cmocka_unit_test(fail_leaves_what_is_behind_the_bad_record_unread),
        cmocka_unit_test(an_unknown_column_is_told_before_the_first_record),
        cmocka_unit_test(halves_merged_equal_the_whole),
        cmocka_unit_test(a_missing_file_is_an_error_after_the_rest_ran),
        cmocka_unit_test(another_thread_may_go_on_with_it),
        cmocka_unit_test(two_pipelines_in_two_threads_share_nothing)};

    return cmocka_run_group_tests(tests, register_own, NULL);
}
