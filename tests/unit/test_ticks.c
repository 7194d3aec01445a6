/* SPDX-License-Identifier: MIT */
/*
 * Ticks: a step is told when a live input was silent for as long as it asked,
 * and of a regular file never.
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

/* ---- A filter that gathers records until there was none for a while ------ */

struct gather {
    int64_t quiet;
};

static const struct cosend_option options[] = {
    {.name = "quiet",
     .type = COSEND_OPTION_DURATION,
     .offset = offsetof(struct gather, quiet),
     .flags = COSEND_MAIN | COSEND_REQUIRED,
     .minimum = 1,
     .maximum = INT64_MAX},
    {.name = NULL}};

/* Where ticks are told to whoever writes the input. */
static int told[2];

static int gather_body(struct cosend_stage *self, void *memory)
{
    const struct gather *gather = memory;
    struct cosend_column column;
    struct cosend_record record;
    int64_t due = INT64_MAX, gathered = 0;

    cosend_drop_columns(self);
    column = cosend_add_column(self, "records");
    for (;;)
        switch (cosend_receive_until(self, &record, due)) {
        case COSEND_EVENT_RECORD:
            gathered++;
            due = cosend_now(self) + gather->quiet;
            break;
        case COSEND_EVENT_TICK:
            due = INT64_MAX;
            cosend_set_integer(self, column, gathered);
            cosend_emit_new(self);
            gathered = 0;
            if (write(told[1], "", 1) != 1)
                return COSEND_E_USER;
            break;
        default:
            if (!gathered)
                return 0;
            cosend_set_integer(self, column, gathered);
            cosend_emit_new(self);
            return 0;
        }
}

static const struct cosend_filter gather = {
    .abi = COSEND_ABI,
    .name = "gather",
    .summary = "count records until none comes",
    .options_size = sizeof(struct gather),
    .options = options,
    .body = gather_body,
    .absorbs = true,
};

/* ---- Who writes the input ------------------------------------------------ */

static int input[2];
static struct cosend_pipeline *running;

/* Two records, and, once these were told of, three. */
static void *write_records(void *unused)
{
    char byte;

    (void)unused;
    if (write(input[1], "a\nb\n", 4) != 4 || read(told[0], &byte, 1) != 1 ||
        write(input[1], "c\n", 2) != 2 || read(told[0], &byte, 1) != 1 ||
        write(input[1], "d\ne\n", 4) != 4)
        return NULL;
    close(input[1]);
    return &input;
}

/* Two records to a file that is followed; and, once they were told of, the end.
 */
static void *append_records(void *path)
{
    FILE *file = fopen(path, "a");
    char byte;

    if (!file || fputs("a\nb\n", file) < 0 || fclose(file) != 0 ||
        read(told[0], &byte, 1) != 1)
        return NULL;
    cosend_pipeline_request(running, COSEND_STOP);
    return &input;
}

static int run(const char *line, const char *path, bool follow,
               struct taken *taken, pthread_t *writer)
{
    const char *const files[] = {path};
    struct cosend_options made = host(taken);
    struct cosend_error error = {0};
    struct cosend_pipeline *pipeline;

    made.push = false;
    made.files = files;
    made.file_count = 1;
    made.follow = follow;
    pipeline = cosend_pipeline_from_line(line, &made, &error);
    if (!pipeline)
        fail_msg("%s", error.message);
    running = pipeline;
    if (follow)
        assert_int_equal(
            pthread_create(writer, NULL, append_records, (void *)path), 0);
    cosend_pipeline_run(pipeline, &error);
    if (follow)
        assert_int_equal(pthread_join(*writer, NULL), 0);
    assert_true(cosend_pipeline_balanced(pipeline));
    cosend_pipeline_free(pipeline);
    return error.kind;
}

/* A step that asked for a later time is not told. */
static void a_silent_pipe_ticks(void **state)
{
    static const char *const lines[] = {"gather 20ms",
                                        "gather 20ms | gather 1h"};
    static const char *const wanted[] = {"records=2 ;records=1 ;records=2 ;",
                                         "records=3 ;"};
    struct taken taken;
    char path[32];
    pthread_t writer;
    void *wrote;

    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pipe(input), 0);
        assert_int_equal(pipe(told), 0);
        snprintf(path, sizeof(path), "/dev/fd/%d", input[0]);
        assert_int_equal(pthread_create(&writer, NULL, write_records, NULL), 0);
        assert_int_equal(run(lines[i], path, false, &taken, NULL), COSEND_OK);
        assert_int_equal(pthread_join(writer, &wrote), 0);
        assert_non_null(wrote);
        assert_string_equal(taken.text, wanted[i]);
        close(input[0]);
        close(told[0]);
        close(told[1]);
    }
}

static void a_regular_file_does_not_tick(void **state)
{
    char path[] = "/tmp/cosend-ticks-XXXXXX";
    int descriptor = mkstemp(path);
    struct taken taken;

    (void)state;
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, "a\nb\nc\n", 6), 6);
    close(descriptor);
    assert_int_equal(run("gather 1ns", path, false, &taken, NULL), COSEND_OK);
    assert_string_equal(taken.text, "records=3 ;");
    unlink(path);
}

static void a_followed_file_ticks(void **state)
{
    char path[] = "/tmp/cosend-ticks-XXXXXX";
    int descriptor = mkstemp(path);
    struct taken taken;
    pthread_t writer;

    (void)state;
    assert_true(descriptor >= 0);
    close(descriptor);
    assert_int_equal(pipe(told), 0);
    assert_int_equal(run("gather 20ms", path, true, &taken, &writer),
                     COSEND_OK);
    assert_string_equal(taken.text, "records=2 ;");
    close(told[0]);
    close(told[1]);
    unlink(path);
}

static int register_filter(void **state)
{
    (void)state;
    return cosend_register(&gather, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_silent_pipe_ticks),
        cmocka_unit_test(a_followed_file_ticks),
        cmocka_unit_test(a_regular_file_does_not_tick),
    };

    return cmocka_run_group_tests(tests, register_filter, NULL);
}
