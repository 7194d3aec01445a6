/* SPDX-License-Identifier: MIT */
/* What our own files share below every module: the allocator in force. */
#ifndef CSI_BASE_H
#define CSI_BASE_H

#include "cosend/base.h"

#include <stdarg.h>

/* Of a large local of which nothing is read before it is set, in a function
   that is called for every field: builds that are hardened clear all others. */
#if defined(__has_attribute)
#if __has_attribute(uninitialized)
#define CSI_UNCLEARED __attribute__((uninitialized))
#endif
#endif
#ifndef CSI_UNCLEARED
#define CSI_UNCLEARED
#endif

/* What cosend_set_allocator has set: for whoever puts one in front of it. */
struct csi_allocator {
    void *(*allocate)(size_t);
    void *(*reallocate)(void *, size_t);
    void (*release)(void *);
};
struct csi_allocator csi_allocator_now(void);

/* As malloc, realloc, calloc and free; NULL when there is no memory. */
void *csi_malloc(size_t size);
void *csi_realloc(void *old, size_t size);
void *csi_calloc(size_t count, size_t size);
void csi_free(void *memory);
/* For memory that, where it is large, is read here and there: in small pages
   nearly every read would wait for the page's address too, and each is given by
   the system by itself, which takes longest of all. */
void *csi_malloc_large(size_t size);
/* The same, all zero. */
void *csi_calloc_large(size_t size);

/* A copy of length bytes with a NUL behind them, or NULL. */
char *csi_strndup(const char *text, size_t length);

/* csi_grow, where need is more than *capacity. */
bool csi_grow_more(void *array, size_t *capacity, size_t need, size_t size);

/*
 * Make room for at least `need` elements of `size` bytes in *array, whose
 * capacity is *capacity; it grows by doubling.
 *
 * Returns false, with all as it was, when there is no memory.
 */
static inline bool csi_grow(void *array, size_t *capacity, size_t need,
                            size_t size)
{
    return need <= *capacity || csi_grow_more(array, capacity, need, size);
}

/* csi_grow, for such memory. */
bool csi_grow_large(void *array, size_t *capacity, size_t need, size_t size);

/* Say what is wrong with text that a user wrote, at a byte of it, which is told
   as a character from 1 on. Returns COSEND_E_USAGE. */
int csi_error_in(struct cosend_error *error, const char *text, size_t place,
                 const char *format, ...) COSEND_PRINTF(4, 5);
/* The va_list form of cosend_error_set. */
int csi_error_vset(struct cosend_error *error, int kind, const char *format,
                   va_list arguments) COSEND_PRINTF(3, 0);

/* Set the error that says so, and return COSEND_E_MEMORY. */
int csi_no_memory(struct cosend_error *error);

/*
 * The words `reserved` of a struct that the program made, called `what`.
 *
 * Returns COSEND_OK where all are zero, else COSEND_E_USAGE with the error set:
 * the program means something that only a later version knows.
 */
int csi_check_reserved(const uintptr_t *reserved, size_t count,
                       const char *what, struct cosend_error *error);

#define CSI_CHECK_RESERVED(made, what, error)                                  \
    csi_check_reserved((made)->reserved,                                       \
                       sizeof((made)->reserved) / sizeof(uintptr_t), what,     \
                       error)

#endif
