/* SPDX-License-Identifier: MIT */
#include "coroutine/stack.h"
#include "coroutine/sanitizer.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(CSI_ASAN) || defined(CSI_TSAN) || defined(CSI_MSAN)
enum { DEFAULT_SIZE = 1024 * 1024 };
#else
enum { DEFAULT_SIZE = 256 * 1024 };
#endif

/* What the struct csi_stack takes at the top; keeps the rest aligned. */
enum { HEAD = 64 };

_Static_assert(sizeof(struct csi_stack) <= HEAD, "the head must fit");

static size_t page_size;
static pthread_key_t pool_key;
static bool pool_key_made;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void unmap(struct csi_stack *stack)
{
    csi_san_unmap(stack->low, stack->size);
    VALGRIND_STACK_DEREGISTER(stack->valgrind_id);
    munmap(stack->low - CSI_GUARD, CSI_GUARD + stack->size + HEAD);
}

static void empty(void *argument)
{
    struct csi_pool *pool = argument;
    struct csi_stack *stack;

    while ((stack = pool->top)) {
        pool->top = stack->next;
        unmap(stack);
    }
    pool->count = 0;
    pool->registered = false;
}

static void prepare(void)
{
    page_size = (size_t)sysconf(_SC_PAGESIZE);
    pool_key_made = pthread_key_create(&pool_key, empty) == 0;
}

/* A mapping of size bytes, head included, above a guard. */
static struct csi_stack *map(size_t size)
{
    char *base, *low;
    struct csi_stack *stack;

    base = mmap(NULL, CSI_GUARD + size, PROT_NONE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED)
        return NULL;
    low = base + CSI_GUARD;
    if (mprotect(low, size, PROT_READ | PROT_WRITE) != 0) {
        int why = errno;

        munmap(base, CSI_GUARD + size);
        errno = why;
        return NULL;
    }
    madvise(low, size, MADV_NOHUGEPAGE);
    stack = (struct csi_stack *)(void *)(low + size - HEAD);
    stack->low = low;
    stack->size = size - HEAD;
    stack->valgrind_id = VALGRIND_STACK_REGISTER(low, low + size);
    return stack;
}

struct csi_stack *csi_stack_get(struct csi_pool *pool, size_t size)
{
    struct csi_stack **link, *stack;

    pthread_once(&once, prepare);
    if (size == 0)
        size = DEFAULT_SIZE;
    if (size < CSI_STACK_MIN)
        size = CSI_STACK_MIN;
    if (size > SIZE_MAX / 4) {
        errno = EOVERFLOW;
        return NULL;
    }
    size = (size + page_size - 1) & ~(page_size - 1);

    for (link = &pool->top; (stack = *link); link = &stack->next) {
        if (stack->size + HEAD == size) {
            *link = stack->next;
            pool->count--;
            return stack;
        }
    }
    return map(size);
}

void csi_stack_put(struct csi_pool *pool, struct csi_stack *stack)
{
    struct csi_stack *top = pool->top;

    if (pool->count >= CSI_STACKS_KEPT) {
        pool->top = top->next;
        pool->count--;
        unmap(top);
    }
    stack->next = pool->top;
    pool->top = stack;
    pool->count++;
    if (!pool->registered && pool_key_made)
        pool->registered = pthread_setspecific(pool_key, pool) == 0;
}

bool csi_stack_guards(const struct csi_stack *stack, const void *address)
{
    const char *at = address;

    return at < stack->low && at >= stack->low - CSI_GUARD;
}
