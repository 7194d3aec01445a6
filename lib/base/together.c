/* SPDX-License-Identifier: MIT */
#include "base/together.h"

#include "base/base.h"

#include <pthread.h>
#include <signal.h>

struct part {
    pthread_t thread;
    void (*task)(void *context, uint32_t part);
    void *context;
    uint32_t number;
    bool runs; /* in a thread of its own */
};

static void *run_part(void *argument)
{
    const struct part *part = argument;

    part->task(part->context, part->number);
    return NULL;
}

/* Signals are for the threads that there were. */
static void start_parts(struct part *parts, uint32_t count)
{
    sigset_t blocked, old;

    sigfillset(&blocked);
    pthread_sigmask(SIG_SETMASK, &blocked, &old);
    for (uint32_t i = 1; i < count; i++)
        parts[i].runs =
            pthread_create(&parts[i].thread, NULL, run_part, &parts[i]) == 0;
    pthread_sigmask(SIG_SETMASK, &old, NULL);
}

void csi_together(uint32_t count, void (*task)(void *context, uint32_t part),
                  void *context)
{
    struct part *parts = count > 1 ? csi_calloc(count, sizeof(*parts)) : NULL;

    for (uint32_t i = 0; parts && i < count; i++)
        parts[i] = (struct part){.task = task, .context = context, .number = i};
    if (parts)
        start_parts(parts, count);
    for (uint32_t i = 0; i < count; i++)
        if (!parts || !parts[i].runs)
            task(context, i);
    for (uint32_t i = 0; parts && i < count; i++)
        if (parts[i].runs)
            pthread_join(parts[i].thread, NULL);
    csi_free(parts);
}
