/* SPDX-License-Identifier: MIT */
/*
 * Two pipelines in two threads, which share nothing; and one that three threads
 * push into in turns, for which a mutex is enough. Run it under TSan.
 *
 *     cc -fsanitize=thread -o threads threads.c \
 *         $(pkg-config --cflags --libs cosend)
 */
#include <cosend.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { LINES = 20000, TURNS = 500, THREADS = 3 };

struct counting {
    struct cosend_pipeline *pipeline;
    pthread_mutex_t lock;
    unsigned taken;
    int failed;
};

static int take(const struct cosend_record *record, void *context)
{
    struct counting *counting = context;

    (void)record;
    counting->taken++;
    return COSEND_OK;
}

static int open_line(struct counting *counting, const char *line)
{
    struct cosend_options options = {.size = sizeof(options),
                                     .push = true,
                                     .record = take,
                                     .context = counting};
    struct cosend_error error = {0};

    counting->pipeline = cosend_pipeline_from_line(line, &options, &error);
    return counting->pipeline ? cosend_pipeline_open(counting->pipeline, &error)
                              : error.kind;
}

static void *run_own(void *argument)
{
    struct counting *counting = argument;

    counting->failed = open_line(counting, "grep a | sort line") < 0;
    for (int i = 0; i < LINES && !counting->failed; i++)
        counting->failed =
            cosend_pipeline_push(counting->pipeline, i % 2 ? "a\n" : "b\n", 2,
                                 NULL) < 0;
    counting->failed |= cosend_pipeline_finish(counting->pipeline, NULL) < 0;
    cosend_pipeline_free(counting->pipeline);
    return NULL;
}

static void *take_turns(void *argument)
{
    struct counting *counting = argument;

    for (int i = 0; i < TURNS; i++) {
        pthread_mutex_lock(&counting->lock);
        counting->failed |=
            cosend_pipeline_push(counting->pipeline, "a\nb\n", 4, NULL) < 0;
        if (i % 7 == 0)
            counting->failed |=
                cosend_pipeline_flush(counting->pipeline, NULL) < 0;
        pthread_mutex_unlock(&counting->lock);
    }
    return NULL;
}

static void start(pthread_t *threads, int count, void *(*run)(void *),
                  struct counting *counting, int apart)
{
    for (int i = 0; i < count; i++)
        pthread_create(&threads[i], NULL, run, counting + i * apart);
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
}

int main(void)
{
    struct counting own[2] = {0};
    struct counting shared = {.lock = PTHREAD_MUTEX_INITIALIZER};
    pthread_t threads[THREADS];

    start(threads, 2, run_own, own, 1);
    printf("own: %u %u\n", own[0].taken, own[1].taken);
    shared.failed = open_line(&shared, "grep a") < 0;
    start(threads, THREADS, take_turns, &shared, 0);
    shared.failed |= cosend_pipeline_finish(shared.pipeline, NULL) < 0;
    cosend_pipeline_free(shared.pipeline);
    printf("in turns: %u\n", shared.taken);
    return own[0].failed || own[1].failed || shared.failed;
}
