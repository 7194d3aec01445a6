/* SPDX-License-Identifier: MIT */
#include "base/base.h"

#include "cosend/version.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* What is as large as a part of a large page takes one of its own: it will
   grow, and hundreds of small pages, each faulted in by itself, take more time
   than what they are for. */
enum { HUGE_PAGE = 2 << 20, LARGE = HUGE_PAGE / 4 };

static void *(*allocate)(size_t) = malloc;
static void *(*reallocate)(void *, size_t) = realloc;
static void (*release)(void *) = free;

void cosend_set_allocator(void *(*new_allocate)(size_t),
                          void *(*new_reallocate)(void *, size_t),
                          void (*new_release)(void *))
{
    allocate = new_allocate ? new_allocate : malloc;
    reallocate = new_reallocate ? new_reallocate : realloc;
    release = new_release ? new_release : free;
}

struct csi_allocator csi_allocator_now(void)
{
    return (struct csi_allocator){allocate, reallocate, release};
}

void *csi_malloc(size_t size)
{
    return allocate(size ? size : 1);
}

/* Have large pages for as much of some memory as they can be. */
static void advise(void *memory, size_t size)
{
#ifdef MADV_HUGEPAGE
    uintptr_t page = HUGE_PAGE, from = (uintptr_t)memory;
    uintptr_t start = (from + page - 1) & -page, end = (from + size) & -page;

    if (start < end)
        madvise((void *)start, end - start, MADV_HUGEPAGE);
#else
    (void)memory;
    (void)size;
#endif
}

/* Whether it is of glibc's one heap, which grows, and is large pages from end
   to end if it has any. What begins as they do would begin with a page for the
   few bytes before it. */
static bool is_in_heap(const void *memory)
{
#ifdef __GLIBC__
    return (uintptr_t)memory < (uintptr_t)sbrk(0);
#else
    (void)memory;
    return false;
#endif
}

/* Large pages are for what begins and ends as they do. Where the allocator is
   the program's own it says where memory begins. */
static void *allocate_large(size_t size)
{
    void *memory = csi_malloc(size);

    if (!memory || size < LARGE || size > SIZE_MAX / 2 || allocate != malloc)
        return memory;
    if (!is_in_heap(memory)) {
        csi_free(memory);
        size = (size + HUGE_PAGE - 1) & -(size_t)HUGE_PAGE;
        if (posix_memalign(&memory, HUGE_PAGE, size) != 0)
            return NULL;
    }
    advise(memory, size);
    return memory;
}

void *csi_malloc_large(size_t size)
{
    return allocate_large(size);
}

void *csi_calloc_large(size_t size)
{
    void *memory = allocate_large(size);

    if (memory)
        memset(memory, 0, size);
    return memory;
}

bool csi_grow_large(void *array, size_t *capacity, size_t need, size_t size)
{
    size_t had = *capacity * size, wanted = *capacity ? *capacity : 8, bytes;
    void *old, *grown;

    if (need <= *capacity)
        return true;
    while (wanted < need)
        if (__builtin_mul_overflow(wanted, (size_t)2, &wanted))
            return false;
    if (__builtin_mul_overflow(wanted, size, &bytes))
        return false;
    if (bytes < LARGE)
        return csi_grow_more(array, capacity, need, size);
    grown = csi_malloc_large(bytes);
    if (!grown)
        return false;
    memcpy(&old, array, sizeof(old));
    if (had)
        memcpy(grown, old, had);
    csi_free(old);
    memcpy(array, &grown, sizeof(grown));
    *capacity = wanted;
    return true;
}

void *csi_realloc(void *old, size_t size)
{
    return reallocate(old, size ? size : 1);
}

void *csi_calloc(size_t count, size_t size)
{
    size_t bytes;
    void *memory;

    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    memory = csi_malloc(bytes);
    if (memory)
        memset(memory, 0, bytes);
    return memory;
}

void csi_free(void *memory)
{
    release(memory);
}

char *csi_strndup(const char *text, size_t length)
{
    char *copy = csi_malloc(length + 1);

    if (!copy)
        return NULL;
    if (length)
        memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

bool csi_grow_more(void *array, size_t *capacity, size_t need, size_t size)
{
    size_t wanted = *capacity ? *capacity : 8;
    size_t bytes;
    void *old, *grown;

    while (wanted < need)
        if (__builtin_mul_overflow(wanted, (size_t)2, &wanted))
            return false;
    if (__builtin_mul_overflow(wanted, size, &bytes))
        return false;
    memcpy(&old, array, sizeof(old));
    grown = csi_realloc(old, bytes);
    if (!grown)
        return false;
    memcpy(array, &grown, sizeof(grown));
    *capacity = wanted;
    return true;
}

int csi_error_vset(struct cosend_error *error, int kind, const char *format,
                   va_list arguments)
{
    static atomic_uint_fast64_t last_id;

    if (!error || error->kind)
        return kind;
    error->kind = kind;
    error->id =
        atomic_fetch_add_explicit(&last_id, 1, memory_order_relaxed) + 1;
    vsnprintf(error->message, sizeof(error->message), format, arguments);
    return kind;
}

int cosend_error_set(struct cosend_error *error, int kind, const char *format,
                     ...)
{
    va_list arguments;

    va_start(arguments, format);
    csi_error_vset(error, kind, format, arguments);
    va_end(arguments);
    return kind;
}

int csi_error_in(struct cosend_error *error, const char *text, size_t place,
                 const char *format, ...)
{
    char why[256];
    size_t characters = 1;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(why, sizeof(why), format, arguments);
    va_end(arguments);
    for (size_t i = 0; i < place; i++)
        characters += ((unsigned char)text[i] & 0xC0) != 0x80;
    return cosend_error_set(error, COSEND_E_USAGE, "character %zu: %s",
                            characters, why);
}

int csi_no_memory(struct cosend_error *error)
{
    return cosend_error_set(error, COSEND_E_MEMORY, "out of memory");
}

int csi_check_reserved(const uintptr_t *reserved, size_t count,
                       const char *what, struct cosend_error *error)
{
    for (size_t i = 0; i < count; i++)
        if (reserved[i])
            return cosend_error_set(error, COSEND_E_USAGE,
                                    "%s: reserved[%zu] is not zero: made for a "
                                    "later cosend than %s, or not initialized",
                                    what, i, cosend_version());
    return COSEND_OK;
}

const char *cosend_error_name(int kind)
{
    static const char *const names[] = {
        "none",   "unprimed", "running", "ignored_exit",   "stop_leak",
        "thread", "depth",    "type",    "exit",           "memory",
        "limit",  "usage",    "spec",    "unknown_column", "bad_data",
        "input",  "output",   "aborted", "ledger"};

    if (kind > 0 || kind <= -(int)(sizeof(names) / sizeof(names[0])))
        return "user";
    return names[-kind];
}
