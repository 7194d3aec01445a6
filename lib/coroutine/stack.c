/* SPDX-License-Identifier: MIT */
/*
 * Stacks. A guard below each turns an overflow into a fault. Two ways to have
 * one:
 *
 * - MADV_GUARD_INSTALL (Linux 6.13): marks in the page table. The mapping stays
 *   one, and neighbours become one with it, so that their number has no limit
 *   but memory.
 * - mprotect: a mapping of its own, so that a stack takes two of the 65,530
 *   that Linux allows a process (vm.max_map_count).
 *
 * The first is tried out once, for an emulator may accept advice that it does
 * not know: a system call that reads from the guard must fail (one whose
 * argument Valgrind does not read itself, which would be its end). And it may
 * fail any time, as under mlockall; then that stack gets the second.
 *
 * Where neighbours are one mapping, to unmap one cuts that in two, which fails
 * where there are too many already. Then its memory is given back, and the
 * stack is kept.
 */
#include "coroutine/stack.h"

#include "coroutine/sanitizer.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/futex.h>
#include <sys/syscall.h>
#endif

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

#if defined(CSI_ASAN) || defined(CSI_TSAN) || defined(CSI_MSAN)
enum { DEFAULT_SIZE = 1024 * 1024 };
#else
enum { DEFAULT_SIZE = 256 * 1024 };
#endif

/* What the struct csi_stack takes at the top; keeps the rest aligned. */
enum { HEAD = 64 };

_Static_assert(sizeof(struct csi_stack) <= HEAD, "the head must fit");

static size_t page_size; /* 0 until prepared */
static bool marks_guard;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* ---- Mappings ------------------------------------------------------------ */

static void *map_private(size_t size)
{
    return mmap(NULL, size, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
}

/* Whether guards by marks are known here, and guard. */
static bool marks_work(void)
{
#ifdef __linux__
    void *page = map_private(page_size);
    bool work;

    if (page == MAP_FAILED)
        return false;
    /* There is 0, not 1, if anything: it does not wait. */
    errno = 0;
    work = madvise(page, page_size, MADV_GUARD_INSTALL) == 0 &&
           syscall(SYS_futex, page, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0) < 0 &&
           errno == EFAULT;
    munmap(page, page_size);
    return work;
#else
    return false;
#endif
}

static void prepare_guard(void)
{
    page_size = (size_t)sysconf(_SC_PAGESIZE);
    marks_guard = !RUNNING_ON_VALGRIND && marks_work();
}

static bool guard(char *base)
{
    return (marks_guard && madvise(base, CSI_GUARD, MADV_GUARD_INSTALL) == 0) ||
           mprotect(base, CSI_GUARD, PROT_NONE) == 0;
}

/* A mapping of size bytes, head included, above a guard. */
static struct csi_stack *map_stack(size_t size)
{
    char *base = map_private(CSI_GUARD + size), *low;
    struct csi_stack *stack;

    if (base == MAP_FAILED)
        return NULL;
    /* All of it, or it would be cut in two. */
    madvise(base, CSI_GUARD + size, MADV_NOHUGEPAGE);
    if (!guard(base)) {
        int why = errno;

        munmap(base, CSI_GUARD + size);
        errno = why;
        return NULL;
    }
    low = base + CSI_GUARD;
    stack = (struct csi_stack *)(void *)(low + size - HEAD);
    stack->low = low;
    stack->size = size - HEAD;
    stack->valgrind_id = VALGRIND_STACK_REGISTER(low, low + size);
    return stack;
}

/* Returns false, having given back its memory only, where it cannot be. */
static bool unmap_stack(struct csi_stack *stack)
{
    char *low = stack->low;
    size_t size = stack->size;
    unsigned valgrind_id = stack->valgrind_id;

    csi_san_unmap(low, size);
    if (munmap(low - CSI_GUARD, CSI_GUARD + size + HEAD) != 0) {
        madvise(low, size & ~(page_size - 1), MADV_DONTNEED);
        return false;
    }
    VALGRIND_STACK_DEREGISTER(valgrind_id);
    (void)valgrind_id;
    return true;
}

/* ---- The pool ------------------------------------------------------------ */

static struct csi_stack *from_pool(struct csi_pool *pool, size_t size)
{
    struct csi_stack **link, *stack;

    for (link = &pool->top; (stack = *link); link = &stack->next) {
        if (stack->size + HEAD == size) {
            *link = stack->next;
            pool->count--;
            return stack;
        }
    }
    return NULL;
}

struct csi_stack *csi_stack_get(struct csi_pool *pool, size_t size)
{
    struct csi_stack *stack;

    if (!pool->top)
        pthread_once(&once, prepare_guard);
    if (size == 0)
        size = DEFAULT_SIZE;
    if (size < CSI_STACK_MIN)
        size = CSI_STACK_MIN;
    if (size > SIZE_MAX / 4) {
        errno = EOVERFLOW;
        return NULL;
    }
    size = (size + page_size - 1) & ~(page_size - 1);
    stack = from_pool(pool, size);
    return stack ? stack : map_stack(size);
}

void csi_stack_put(struct csi_pool *pool, struct csi_stack *stack)
{
    struct csi_stack *top = pool->top;

    if (pool->count >= CSI_STACKS_KEPT) {
        pool->top = top->next;
        pool->count--;
        if (!unmap_stack(top)) {
            top->next = pool->top;
            pool->top = top;
            pool->count++;
        }
    }
    stack->next = pool->top;
    pool->top = stack;
    pool->count++;
}

void csi_pool_empty(struct csi_pool *pool)
{
    struct csi_stack *stack, *next;

    for (stack = pool->top; stack; stack = next) {
        next = stack->next;
        unmap_stack(stack);
    }
    pool->top = NULL;
    pool->count = 0;
}

bool csi_stack_guards(const struct csi_stack *stack, const void *address)
{
    const char *at = address;

    return at < stack->low && at >= stack->low - CSI_GUARD;
}
