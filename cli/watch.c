/* SPDX-License-Identifier: MIT */
/*
 * A thread asks, and waits for the answer before it asks again: a run with many
 * groups takes long to show them, and is given four times as long for its work
 * in between.
 */
#include "watch.h"

#include "terminal.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    ON_TERMINAL = 250, /* milliseconds between two snapshots there */
    ELSEWHERE = 2000,
    REST = 4 /* times as long as a snapshot took, at least */
};

static struct {
    pthread_mutex_t lock; /* for what follows */
    pthread_cond_t changed;
    struct cosend_pipeline *pipeline;
    int64_t interval; /* nanoseconds */
    bool answered, over;
} watch = {.lock = PTHREAD_MUTEX_INITIALIZER};

static pthread_t asker;
static bool asks;

/* ---- Whether ------------------------------------------------------------- */

/* Whether standard input is read, and somebody writes to it. */
static bool stdin_is_live(const struct csi_cli_command *command)
{
    struct stat status;

    return !command->options.file_count && fstat(STDIN_FILENO, &status) == 0 &&
           (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
}

bool csi_cli_may_watch(const struct csi_cli_command *command)
{
    return command->watch ||
           (csi_cli_has_screen() &&
            (command->options.follow || stdin_is_live(command)));
}

/* What there may be to show, and where it goes. */
struct outcome {
    bool sums_up; /* a step makes something of many records, or picks a few */
    bool keeps;   /* ... or has any other state that may be shown */
    bool to_stdout, to_stderr;
};

static bool is_called(const struct cosend_filter *filter, const char *name)
{
    return strcmp(filter->name, name) == 0;
}

static struct outcome outcome_of(const struct cosend_pipeline *pipeline)
{
    struct outcome outcome = {false, false, false, false};
    struct cosend_ledger ledger = {.size = sizeof(ledger)};

    for (size_t i = 0; cosend_pipeline_ledger(pipeline, i, &ledger); i++) {
        const struct cosend_filter *filter = cosend_find_filter(ledger.filter);

        if (!filter)
            continue;
        outcome.sums_up |= (filter->role == COSEND_FILTER && filter->absorbs) ||
                           is_called(filter, "top") ||
                           is_called(filter, "tail");
        outcome.keeps |= outcome.sums_up || filter->save;
        outcome.to_stdout |= is_called(filter, "stdout");
        outcome.to_stderr |= is_called(filter, "stderr");
    }
    return outcome;
}

/* Who asked for snapshots is told why there will be none. */
static void tell_idle(const struct csi_cli_command *command,
                      const struct outcome *outcome)
{
    if (!command->watch || command->options.quiet)
        return;
    if (!outcome->to_stdout && !outcome->to_stderr)
        csi_cli_message("--watch prints results so far, and this pipeline "
                        "prints none: they go to files, when they are whole");
    else if (!outcome->keeps)
        csi_cli_message("--watch prints results so far, and no step here has "
                        "any to print");
}

/* ---- The thread ---------------------------------------------------------- */

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void wait_until(int64_t when)
{
    const struct timespec time = {.tv_sec = when / 1000000000,
                                  .tv_nsec = when % 1000000000};

    while (!watch.over && now() < when)
        pthread_cond_timedwait(&watch.changed, &watch.lock, &time);
}

static void *ask(void *unused)
{
    int64_t rest = watch.interval;

    pthread_mutex_lock(&watch.lock);
    while (!watch.over) {
        int64_t asked;

        wait_until(now() + rest);
        if (watch.over)
            break;
        watch.answered = false;
        asked = now();
        cosend_pipeline_request(watch.pipeline, COSEND_SNAPSHOT);
        while (!watch.over && !watch.answered)
            pthread_cond_wait(&watch.changed, &watch.lock);
        rest = REST * (now() - asked);
        if (rest < watch.interval)
            rest = watch.interval;
    }
    pthread_mutex_unlock(&watch.lock);
    return unused;
}

static int64_t interval_of(const struct csi_cli_command *command)
{
    int64_t ms = csi_cli_has_screen() ? ON_TERMINAL : ELSEWHERE;

    return command->watch_interval ? command->watch_interval : ms * 1000000;
}

void csi_cli_watch_begin(const struct csi_cli_command *command,
                         struct cosend_pipeline *pipeline)
{
    struct outcome outcome = outcome_of(pipeline);
    pthread_condattr_t monotonic;
    sigset_t all, before;

    if (!command->options.watch)
        return;
    tell_idle(command, &outcome);
    if (!command->watch && !(outcome.sums_up && outcome.to_stdout))
        return;
    watch.pipeline = pipeline;
    watch.interval = interval_of(command);
    watch.over = false;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&watch.changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    /* Signals are for the thread that runs the pipeline. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    asks = pthread_create(&asker, NULL, ask, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!asks)
        csi_cli_message("there can be no thread that asks for snapshots; "
                        "SIGUSR1 does");
}

static void tell(bool *what)
{
    pthread_mutex_lock(&watch.lock);
    *what = true;
    pthread_cond_signal(&watch.changed);
    pthread_mutex_unlock(&watch.lock);
}

void csi_cli_watch_answered(void)
{
    if (asks)
        tell(&watch.answered);
}

void csi_cli_watch_end(void)
{
    if (!asks)
        return;
    tell(&watch.over);
    pthread_join(asker, NULL);
    pthread_cond_destroy(&watch.changed);
    asks = false;
}
