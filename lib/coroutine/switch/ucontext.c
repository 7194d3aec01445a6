/* SPDX-License-Identifier: MIT */
/*
 * The context switch by way of ucontext, for machines without one of ours.
 *
 * A context's word points at a struct ucontext_switch: in the frame of the
 * csi_switch that it is suspended in, or at the top of a stack not yet begun.
 * Each switch makes a system call for the signal mask, so it is some fifty
 * times slower. A debugger sees the running stack alone.
 */
#include "coroutine/switch/switch.h"

#include <stddef.h>
#include <stdint.h>
#include <ucontext.h>

struct ucontext_switch {
    ucontext_t context;
    int answer;
    int (*call)(void *); /* before it goes on, unless NULL */
    void (*entry)(void *);
    void *argument;
};

static int leave(void **save, struct ucontext_switch *there)
{
    struct ucontext_switch here;

    here.call = NULL;
    /* cppcheck-suppress autoVariables ; loaded while this frame waits */
    *save = &here;
    swapcontext(&here.context, &there->context);
    /* cppcheck-suppress uninitvar ; set by whoever loads it */
    return here.call ? here.call(here.argument) : here.answer;
}

int csi_switch(void **save, void *load, int answer)
{
    struct ucontext_switch *there = load;

    there->call = NULL;
    there->answer = answer;
    return leave(save, there);
}

int csi_switch_call(void **save, void *load, int (*call)(void *),
                    void *argument)
{
    struct ucontext_switch *there = load;

    there->call = call;
    there->argument = argument;
    return leave(save, there);
}

/* makecontext passes ints only, so a pointer travels in two. */
static void start(unsigned high, unsigned low)
{
    uintptr_t word = (uintptr_t)high << 32 | low;
    struct ucontext_switch *self = (void *)word;

    self->entry(self->argument);
}

void *csi_make(void *low, void *high, void (*entry)(void *), void *argument)
{
    uintptr_t top =
        ((uintptr_t)high - sizeof(struct ucontext_switch)) & ~(uintptr_t)63;
    struct ucontext_switch *self = (void *)top;
    void (*starter)(void) = (void (*)(void))start;

    getcontext(&self->context);
    self->context.uc_stack.ss_sp = low;
    self->context.uc_stack.ss_size = top - (uintptr_t)low;
    self->context.uc_link = NULL;
    self->entry = entry;
    self->argument = argument;
    makecontext(&self->context, starter, 2, (unsigned)((uint64_t)top >> 32),
                (unsigned)top);
    return self;
}

/* Every context has its own already. */
void csi_fpenv_swap(struct csi_fpenv *save, const struct csi_fpenv *load)
{
    (void)save, (void)load;
}
