/* SPDX-License-Identifier: MIT */
#include "coroutine/signal_stack.h"

#include "base/base.h"

#include <signal.h>

enum { STACK_SIZE = 64 << 10 };

static bool wants_stack(int number)
{
    struct sigaction action;

    return sigaction(number, NULL, &action) == 0 &&
           action.sa_flags & SA_ONSTACK;
}

void *csi_signal_stack_begin(void)
{
    stack_t stack = {.ss_size = STACK_SIZE}, there;

    if (!(wants_stack(SIGSEGV) || wants_stack(SIGBUS)) ||
        sigaltstack(NULL, &there) != 0 || !(there.ss_flags & SS_DISABLE))
        return NULL;
    stack.ss_sp = csi_malloc(STACK_SIZE);
    if (stack.ss_sp && sigaltstack(&stack, NULL) == 0)
        return stack.ss_sp;
    csi_free(stack.ss_sp);
    return NULL;
}

void csi_signal_stack_end(void *memory)
{
    stack_t none = {.ss_flags = SS_DISABLE};

    if (memory)
        sigaltstack(&none, NULL);
    csi_free(memory);
}
