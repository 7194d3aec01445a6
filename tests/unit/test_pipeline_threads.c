/* SPDX-License-Identifier: MIT */
/* A pipeline belongs to one thread at a time, not to one for ever. */
#include "cosend.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* A pipeline, and what a thread of its own has done with it. */
struct used {
    struct cosend_pipeline *pipeline;
    bool finishes, stays;
    int status, records;
    pthread_barrier_t used, over;
};

static void count_record(const struct cosend_record *record, void *context)
{
    (void)record;
    ++*(int *)context;
}

static int push_some(struct cosend_pipeline *pipeline)
{
    return cosend_pipeline_push(pipeline, "a\nb\na\n", 6, NULL);
}

static void *use(void *argument)
{
    struct used *used = argument;
    struct cosend_options options = {
        .push = true, .record = count_record, .context = &used->records};

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_thread_may_free_one),
        cmocka_unit_test(one_that_an_ended_thread_left_can_be_used),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
