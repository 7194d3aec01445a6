/* SPDX-License-Identifier: MIT */
/*
 * Calling a function outside of all coroutines: on the thread's own stack,
 * above whoever waits there for the outermost coroutine.
 *
 *     own stack    main -> cosend_send ...  | -> call
 *     coroutine    body -> cosend_send ...  |    ^
 *     coroutine    body -> cosend_call_outside --'
 *
 * The way there is a switch that calls something before it goes on; but here it
 * never goes on: it switches back from within. The frames of the call are left
 * behind above those of main, whose pointer is still where it was, and are
 * written over by what comes there next.
 */
#include "coroutine/switch/switch.h"
#include "coroutine/thread.h"

struct outside_call {
    int (*call)(void *argument);
    void *argument;
    struct cosend_coroutine *caller;
};

/* Where the thread's own stack waits. */
static void *find_own_stack(const struct cosend_coroutine *co)
{
    while (co->head->resumer)
        co = co->head->resumer;
    return co->head->resumer_sp;
}

/* On the thread's own stack. */
CSI_UNCHECKED static int make_call(void *memory)
{
    struct outside_call *outside = memory;
    struct cosend_coroutine *caller = outside->caller;
    void *left;
    int answer;

    csi_san_arrive(&csi_thread.san, &csi_thread.san.own);
    csi_thread.current = NULL;
    answer = outside->call(outside->argument);
    csi_thread.current = caller;
    csi_san_leave(&csi_thread.san, &csi_thread.san.own, &caller->san);
    csi_switch(&left, caller->sp, answer);
    __builtin_unreachable();
}

static CSI_SWITCHES int call_from(struct cosend_coroutine *caller,
                                  struct outside_call *outside)
{
    int answer;

    csi_san_leave(&csi_thread.san, &caller->san, &csi_thread.san.own);
    answer = csi_switch_call(&caller->sp, find_own_stack(caller), make_call,
                             outside);
    csi_san_arrive(&csi_thread.san, &caller->san);
    return answer;
}

int cosend_call_outside(int (*call)(void *argument), void *argument)
{
    struct outside_call outside = {call, argument, csi_thread.current};

    return outside.caller ? call_from(outside.caller, &outside)
                          : call(argument);
}
