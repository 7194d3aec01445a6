/* SPDX-License-Identifier: MIT */
/*
 * A leak inside a coroutine, on purpose: a body that forgets 123 bytes when it
 * is closed.
 *
 * reported by sanitizer: Direct leak of 123 byte
 * reported by valgrind: 123 bytes in 1 blocks are definitely lost
 */
#include "cosend/coroutine.h"

#include <stdlib.h>
#include <string.h>

static int forgets(struct cosend_coroutine *self, void *argument)
{
    char *volatile memory = malloc(123);

    (void)argument;
    if (memory)
        memset(memory, 1, 123);
    cosend_yield(self, NULL, NULL);
    memory = NULL;
    return cosend_reraise(self);
}

/* Overwrites what is left of the pointer on the pooled stack. */
static int wipes(struct cosend_coroutine *self, void *argument)
{
    volatile char room[4096];

    (void)self, (void)argument;
    memset((char *)room, 0, sizeof(room));
    return room[5];
}

int main(void)
{
    struct cosend_coroutine *co = cosend_start(forgets, NULL, NULL, NULL);

    cosend_free(co);
    cosend_free(cosend_start(wipes, NULL, NULL, NULL));
    return 0;
}
