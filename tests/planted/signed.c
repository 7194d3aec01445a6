/* SPDX-License-Identifier: MIT */
/*
 * A signed overflow inside a coroutine, on purpose; -fno-strict-overflow would
 * define it, and so hide it.
 *
 * reported by sanitizer: signed integer overflow: 2147483647 \+ 1
 */
#include "cosend/coroutine.h"

#include <limits.h>

static int counts_on(struct cosend_coroutine *self, void *argument)
{
    int *count = argument;

    (void)self;
    *count += 1;
    return 0;
}

int main(int argc, char **argv)
{
    int count = INT_MAX - argc + 1;
    struct cosend_coroutine *co = cosend_new(counts_on, &count, NULL, NULL);

    (void)argv;
    cosend_next(co, NULL, NULL);
    cosend_free(co);
    return count > 0;
}
