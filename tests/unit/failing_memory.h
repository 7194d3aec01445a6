/* SPDX-License-Identifier: MIT */
/*
 * An allocator of which an allocation fails, once or from then on, in whichever
 * thread; and which counts what lives, and writes over what is freed, so that
 * nobody gets by with it.
 */
#ifndef TESTS_FAILING_MEMORY_H
#define TESTS_FAILING_MEMORY_H

#include <limits.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Allocations before the one that fails; and how many were not freed. */
static atomic_long left = LONG_MAX, live;
static atomic_bool failed;
static bool sticky;

static bool refuse(void)
{
    long at = atomic_fetch_sub(&left, 1);
    bool now = sticky ? at <= 0 : at == 0;

    if (now)
        failed = true;
    return now;
}

static void *failing_malloc(size_t size)
{
    void *memory = refuse() ? NULL : malloc(size);

    live += memory != NULL;
    return memory;
}

static void *failing_realloc(void *old, size_t size)
{
    void *memory = refuse() ? NULL : realloc(old, size);

    live += memory && !old;
    return memory;
}

static void forgetting_free(void *memory)
{
    live -= memory != NULL;
    if (memory)
        memset(memory, 0xdb, malloc_usable_size(memory));
    free(memory);
}

#endif
