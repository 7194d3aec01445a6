/* SPDX-License-Identifier: MIT */
/*
 * A run that its host takes a part at a time: it is the same run, and may be
 * left half-way in each of the ways there are.
 */
#include "cosend.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "joined_batches.h"

enum { LINES = 50000, THREADS = 3 };

static char path[] = "/tmp/cosend-next-XXXXXX";

static int write_lines(void **state)
{
    FILE *file = fdopen(mkstemp(path), "w");

    (void)state;
    assert_non_null(file);
    for (int i = 0; i < LINES; i++)
        fprintf(file, "line %d\n", i);
    return fclose(file);
}

static int remove_lines(void **state)
{
    (void)state;
    return unlink(path);
}

struct running {
    struct cosend_pipeline *pipeline;
    struct cosend_bytes taken;
    struct cosend_taker taker;
    int status;
};

static void make(struct running *running, const char *line, uint32_t threads)
{
    static const char *const files[] = {path};
    struct cosend_options options = {.size = sizeof(options),
                                     .files = files,
                                     .file_count =
                                         strncmp(line, "reads", 5) != 0,
                                     .threads = threads,
                                     .quiet = true,
                                     .on_error = COSEND_ON_ERROR_FAIL,
                                     .taker = &running->taker};

    *running = (struct running){.status = COSEND_YIELD};
    running->taker = (struct cosend_taker){.size = sizeof(running->taker),
                                           .batch = take_joined,
                                           .context = &running->taken};
    running->pipeline = cosend_pipeline_from_line(line, &options, NULL);
    assert_non_null(running->pipeline);
}

static void let_go(struct running *running)
{
    cosend_pipeline_free(running->pipeline);
    cosend_bytes_free(&running->taken);
}

static int next(struct running *running)
{
    running->status = cosend_pipeline_next(running->pipeline, NULL);
    return running->status;
}

/* ---- The same run -------------------------------------------------------- */

static void check_parts(const char *line, uint32_t threads, int least)
{
    struct running whole, parts;
    int calls = 0;

    make(&whole, line, threads);
    assert_int_equal(cosend_pipeline_run(whole.pipeline, NULL), COSEND_OK);
    make(&parts, line, threads);
    while (next(&parts) == COSEND_YIELD)
        calls++;
    assert_int_equal(parts.status, COSEND_OK);
    assert_int_equal(next(&parts), COSEND_OK);
    assert_true(calls >= least);
    assert_true(cosend_pipeline_balanced(parts.pipeline));
    assert_int_equal(parts.taken.length, whole.taken.length);
    assert_memory_equal(parts.taken.data, whole.taken.data, whole.taken.length);
    let_go(&whole);
    let_go(&parts);
}

static void parts_are_the_whole(void **state)
{
    (void)state;
    for (uint32_t threads = 1; threads <= THREADS; threads++) {
        check_parts("grep 7", threads, 3);
        check_parts("sort line | tail 3", threads, 3);
        check_parts("head 3", threads, 0);
    }
}

static void what_went_wrong_is_said_again(void **state)
{
    struct running running;
    struct cosend_error error = {0};

    (void)state;
    make(&running, "average line", 1);
    while (next(&running) == COSEND_YIELD)
        continue;
    assert_int_equal(running.status, COSEND_E_DATA);
    assert_int_equal(cosend_pipeline_next(running.pipeline, &error),
                     COSEND_E_DATA);
    assert_int_equal(error.kind, COSEND_E_DATA);
    let_go(&running);
}

/* ---- Left half-way ------------------------------------------------------- */

static void it_may_be_left_half_way(void **state)
{
    struct running running;

    (void)state;
    for (uint32_t threads = 1; threads <= THREADS; threads++)
        for (int parts = 1; parts <= 3; parts++) {
            make(&running, "grep 7 | sort line", threads);
            for (int i = 0; i < parts; i++)
                assert_int_equal(next(&running), COSEND_YIELD);
            let_go(&running);
        }
}

static void finish_ends_it(void **state)
{
    struct running running;

    (void)state;
    make(&running, "count", 1);
    assert_int_equal(next(&running), COSEND_YIELD);
    assert_int_equal(cosend_pipeline_run(running.pipeline, NULL),
                     COSEND_E_USAGE);
    assert_int_equal(cosend_pipeline_push(running.pipeline, "x", 1, NULL),
                     COSEND_E_USAGE);
    assert_int_equal(cosend_pipeline_finish(running.pipeline, NULL), COSEND_OK);
    assert_true(cosend_pipeline_balanced(running.pipeline));
    assert_true(running.taken.length > 0);
    assert_int_equal(next(&running), COSEND_OK);
    let_go(&running);
}

static void a_stop_ends_it(void **state)
{
    struct running running;

    (void)state;
    make(&running, "count", 1);
    assert_int_equal(next(&running), COSEND_YIELD);
    cosend_pipeline_request(running.pipeline, COSEND_STOP);
    while (next(&running) == COSEND_YIELD)
        continue;
    assert_int_equal(running.status, COSEND_OK);
    assert_true(cosend_pipeline_balanced(running.pipeline));
    let_go(&running);
}

/* ---- Threads ------------------------------------------------------------- */

static void *go_on(void *argument)
{
    next(argument);
    return NULL;
}

/* Each part in another, with threads of its own below. */
static void it_goes_from_thread_to_thread(void **state)
{
    struct running running;
    pthread_t thread;

    (void)state;
    make(&running, "sort line | count", THREADS);
    while (running.status == COSEND_YIELD) {
        assert_int_equal(pthread_create(&thread, NULL, go_on, &running), 0);
        assert_int_equal(pthread_join(thread, NULL), 0);
    }
    assert_int_equal(running.status, COSEND_OK);
    let_go(&running);
}

/* ---- Signals ------------------------------------------------------------- */

static int ends[2]; /* of a pipe */

/* A source of one's own, which waits where it reads. */
static int read_pipe(struct cosend_stage *self, void *options)
{
    const struct cosend_format_options text = {.name = COSEND_FORMAT_TEXT};
    struct cosend_feed *feed = cosend_feed_new(self, &text);
    struct cosend_input *input;
    struct cosend_error error = {0};
    size_t room, length;
    int status = COSEND_OK;

    (void)options;
    if (!feed || cosend_input_descriptor(cosend_stage_io(self), ends[0], "pipe",
                                         &input, &error) < 0)
        return COSEND_E_MEMORY;
    while (status == COSEND_OK) {
        char *to = cosend_feed_room(feed, &room);

        status = to ? cosend_input_read(input, to, room, &length, &error)
                    : COSEND_E_MEMORY;
        if (status == COSEND_OK)
            status = cosend_feed_take(feed, length);
    }
    cosend_input_free(input);
    return status == COSEND_DONE ? cosend_feed_end(feed) : status;
}

static const struct cosend_filter reads_pipe = {.abi = COSEND_ABI,
                                                .name = "reads_pipe",
                                                .role = COSEND_SOURCE,
                                                .summary = "lines of a pipe",
                                                .body = read_pipe};

static void heed(int signal)
{
    (void)signal;
}

/* Signals, and then the second half. */
static void *disturb(void *argument)
{
    const struct timespec pause = {.tv_nsec = 10000000};

    for (int i = 0; i < 5; i++) {
        nanosleep(&pause, NULL);
        pthread_kill(*(pthread_t *)argument, SIGUSR1);
    }
    if (write(ends[1], "c\nd\n", 4) != 4)
        return argument;
    close(ends[1]);
    return NULL;
}

static void a_signal_ends_no_read_of_ones_own(void **state)
{
    const struct sigaction heeded = {.sa_handler = heed,
                                     .sa_flags = SA_RESTART};
    pthread_t own = pthread_self(), other;
    struct running running;
    void *failed;

    (void)state;
    assert_int_equal(sigaction(SIGUSR1, &heeded, NULL), 0);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "a\nb\n", 4), 4);
    make(&running, "reads_pipe | count", 1);
    assert_int_equal(pthread_create(&other, NULL, disturb, &own), 0);
    while (next(&running) == COSEND_YIELD)
        continue;
    pthread_join(other, &failed);
    assert_null(failed);
    assert_int_equal(running.status, COSEND_OK);
    assert_int_equal(running.taken.length, strlen("[{\"count\":4}]"));
    assert_memory_equal(running.taken.data, "[{\"count\":4}]",
                        running.taken.length);
    let_go(&running);
    close(ends[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signal_ends_no_read_of_ones_own),
        cmocka_unit_test(parts_are_the_whole),
        cmocka_unit_test(what_went_wrong_is_said_again),
        cmocka_unit_test(it_may_be_left_half_way),
        cmocka_unit_test(finish_ends_it),
        cmocka_unit_test(a_stop_ends_it),
        cmocka_unit_test(it_goes_from_thread_to_thread),
    };

    if (cosend_register(&reads_pipe, NULL) != COSEND_OK)
        return 1;
    return cmocka_run_group_tests(tests, write_lines, remove_lines);
}
