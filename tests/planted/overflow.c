/* SPDX-License-Identifier: MIT */
/*
 * A stack overflow inside a coroutine, on purpose. It must end in the guard
 * below the stack.
 *
 * reported by sanitizer: ERROR: AddressSanitizer: stack-overflow
 * reported by valgrind: Process terminating with default action of signal 11
 */
#include "cosend/coroutine.h"

#include <string.h>

static int recurse(int depth)
{
    volatile char frame[1024];

    memset((char *)frame, depth, sizeof(frame));
    return depth < 0 ? 0 : recurse(depth + 1) + frame[depth % 1024];
}

static int overflows(struct cosend_coroutine *self, void *argument)
{
    (void)self, (void)argument;
    return recurse(0) ? COSEND_E_USER : 0;
}

int main(void)
{
    struct cosend_coroutine *co = cosend_new(overflows, NULL, NULL, NULL);

    cosend_next(co, NULL, NULL);
    cosend_free(co);
    return 0;
}
