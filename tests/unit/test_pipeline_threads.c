/* SPDX-License-Identifier: MIT */
/* A pipeline belongs to one thread at a time, not to one for ever; and goes on
   whatever others ask of it. */
#include "cosend.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* A pipeline, and what a thread of its own has done with it. */
struct used {
    struct cosend_pipeline *pipeline;
    bool finishes, stays;
    int status, records;
    pthread_barrier_t used, over;
};

static int count_record(const struct cosend_record *record, void *context)
{
    (void)record;
    ++*(int *)context;
    return COSEND_OK;
}

static int push_some(struct cosend_pipeline *pipeline)
{
    return cosend_pipeline_push(pipeline, "a\nb\na\n", 6, NULL);
}

static void *use(void *argument)
{
    struct used *used = argument;
    struct cosend_options options = {.size = sizeof(options),
                                     .push = true,
                                     .record = count_record,
                                     .context = &used->records};

    used->pipeline =
        cosend_pipeline_from_line("grep a | count line", &options, NULL);
    used->status = cosend_pipeline_open(used->pipeline, NULL);
    if (used->status == COSEND_OK)
        used->status = push_some(used->pipeline);
    if (used->status >= 0 && used->finishes)
        used->status = cosend_pipeline_finish(used->pipeline, NULL);
    pthread_barrier_wait(&used->used);
    if (used->stays)
        pthread_barrier_wait(&used->over);
    return NULL;
}

static pthread_t start_using(struct used *used)
{
    pthread_t thread;

    pthread_barrier_init(&used->used, NULL, 2);
    pthread_barrier_init(&used->over, NULL, 2);
    assert_int_equal(pthread_create(&thread, NULL, use, used), 0);
    pthread_barrier_wait(&used->used);
    assert_true(used->status >= 0);
    return thread;
}

static void stop_using(struct used *used, pthread_t thread)
{
    if (used->stays)
        pthread_barrier_wait(&used->over);
    pthread_join(thread, NULL);
    pthread_barrier_destroy(&used->used);
    pthread_barrier_destroy(&used->over);
}

static void any_thread_may_free_one(void **state)
{
    (void)state;
    for (int finishes = 0; finishes < 2; finishes++) {
        struct used used = {.finishes = finishes, .stays = true};
        pthread_t thread = start_using(&used);

        cosend_pipeline_free(used.pipeline);
        assert_int_equal(used.records, finishes);
        stop_using(&used, thread);
    }
}

static void one_that_an_ended_thread_left_can_be_used(void **state)
{
    struct used used = {0};

    (void)state;
    stop_using(&used, start_using(&used));
    assert_true(push_some(used.pipeline) >= 0);
    assert_int_equal(cosend_pipeline_finish(used.pipeline, NULL), COSEND_OK);
    assert_int_equal(used.records, 1);
    cosend_pipeline_free(used.pipeline);
}

/* ---- Requests that come faster than they are answered -------------------- */

enum { REPORTS_MAX = 1000 };

/* Whoever was told asks again at once. */
static void ask_again(struct cosend_pipeline *pipeline, void *context)
{
    if (++*(int *)context < REPORTS_MAX)
        cosend_pipeline_request(pipeline, COSEND_SNAPSHOT);
}

static void stop_after_three(struct cosend_pipeline *pipeline, void *context)
{
    cosend_pipeline_request(pipeline, ++*(int *)context < 3 ? COSEND_LEDGER
                                                            : COSEND_STOP);
}

static int reports_of(const char *path, uint32_t threads)
{
    int records = 0, reports = 0;
    const char *files[] = {path};
    struct cosend_options options = {.size = sizeof(options),
                                     .files = files,
                                     .file_count = 1,
                                     .threads = threads,
                                     .record = count_record,
                                     .context = &records};
    struct cosend_pipeline *pipeline =
        cosend_pipeline_from_line("count", &options, NULL);

    assert_non_null(pipeline);
    cosend_pipeline_on_ledger(pipeline, ask_again, &reports);
    cosend_pipeline_request(pipeline, COSEND_SNAPSHOT);
    assert_int_equal(cosend_pipeline_run(pipeline, NULL), COSEND_OK);
    cosend_pipeline_free(pipeline);
    return reports;
}

/* Some 3 MB: a few blocks, between which there are pauses. */
static void reports_without_end_do_not_stop_a_run(void **state)
{
    char path[] = "/tmp/cosend-reports-XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");

    (void)state;
    assert_non_null(file);
    for (int i = 0; i < 200000; i++)
        fprintf(file, "line %d of a file\n", i);
    assert_int_equal(fclose(file), 0);
    for (uint32_t threads = 1; threads <= 3; threads += 2) {
        int reports = reports_of(path, threads);

        assert_in_range(reports, 1, REPORTS_MAX / 2);
    }
    unlink(path);
}

/* One that waits for more answers all that is asked of it meanwhile. */
static void a_run_that_waits_answers_each_request(void **state)
{
    int records = 0, reports = 0, ends[2];
    char path[64];
    const char *files[] = {path};
    struct cosend_options options = {.size = sizeof(options),
                                     .files = files,
                                     .file_count = 1,
                                     .record = count_record,
                                     .context = &records};
    struct cosend_pipeline *pipeline;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
    pipeline = cosend_pipeline_from_line("count", &options, NULL);
    assert_non_null(pipeline);
    cosend_pipeline_on_ledger(pipeline, stop_after_three, &reports);
    cosend_pipeline_request(pipeline, COSEND_LEDGER);
    assert_int_equal(cosend_pipeline_run(pipeline, NULL), COSEND_OK);
    assert_int_equal(reports, 3);
    cosend_pipeline_free(pipeline);
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_thread_may_free_one),
        cmocka_unit_test(one_that_an_ended_thread_left_can_be_used),
        cmocka_unit_test(reports_without_end_do_not_stop_a_run),
        cmocka_unit_test(a_run_that_waits_answers_each_request),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
