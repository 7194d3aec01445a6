/* SPDX-License-Identifier: MIT */
/*
 * Arithmetic on a null pointer inside a coroutine, on purpose: it adds nothing,
 * which clang alone minds.
 *
 * reported by sanitizer of clang: applying zero offset to null pointer
 */
#include "cosend/coroutine.h"

#include <stdlib.h>

static int adds_nothing(struct cosend_coroutine *self, void *argument)
{
    char *volatile none = NULL;
    const size_t *offset = argument;

    none = none + *offset;
    return cosend_return(self, none);
}

int main(int argc, char **argv)
{
    size_t offset = (size_t)argc - 1;
    struct cosend_coroutine *co = cosend_new(adds_nothing, &offset, NULL, NULL);

    (void)argv;
    cosend_next(co, NULL, NULL);
    cosend_free(co);
    return 0;
}
