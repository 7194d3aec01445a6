/* SPDX-License-Identifier: MIT */
/* Stacks: mapped, guarded, committed as they are touched, and pooled. */
#ifndef CSI_STACK_H
#define CSI_STACK_H

#include <stdbool.h>
#include <stddef.h>

enum {
    CSI_GUARD = 64 * 1024,
    CSI_STACK_MIN = 16 * 1024,
    /* How many stacks a thread keeps for reuse. */
    CSI_STACKS_KEPT = 64
};

/*
 * A stack that can be used. It lies at the top of its own mapping, which an
 * overflow, growing down into the guard, cannot reach:
 *
 *     guard | low ...... usable, `size` bytes ...... | struct csi_stack
 */
struct csi_stack {
    char *low;
    size_t size;
    struct csi_stack *next; /* in the pool */
    unsigned valgrind_id;
};

/* The stacks a thread keeps, last in first out. All zero is empty. */
struct csi_pool {
    struct csi_stack *top;
    unsigned count;
};

/*
 * A stack of at least size bytes (0: the default), from this thread's pool if
 * one of that size is there.
 *
 * Returns NULL if the system refuses, with the reason in errno; EOVERFLOW for a
 * size beyond reason.
 */
struct csi_stack *csi_stack_get(struct csi_pool *pool, size_t size);

/* Give a stack back; it may be the one in use, for it is not unmapped now. */
void csi_stack_put(struct csi_pool *pool, struct csi_stack *stack);

/* Unmap what the pool keeps. */
void csi_pool_empty(struct csi_pool *pool);

/* Whether address is in the guard. Async-signal-safe. */
bool csi_stack_guards(const struct csi_stack *stack, const void *address);

#endif
