/* SPDX-License-Identifier: MIT */
/*
 * Binary heaps (Williams 1964) in arrays of anything that is small: the first
 * item comes before all others. With a size and an order that the compiler
 * knows nothing is called.
 */
#ifndef CSI_HEAP_H
#define CSI_HEAP_H

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { CSI_HEAP_ITEM = 32 /* bytes at most */ };

/* Whether one item comes before another; `own` is the caller's. */
typedef bool csi_heap_order(const void *own, const void *a, const void *b);

/* Item `at` goes up to its place: one that was put behind all others. */
__attribute__((always_inline)) static inline void
csi_heap_rise(void *items, size_t size, size_t at, csi_heap_order *is_before,
              const void *own)
{
    alignas(max_align_t) char item[CSI_HEAP_ITEM];
    char *all = items;

    memcpy(item, all + at * size, size);
    for (; at && is_before(own, item, all + (at - 1) / 2 * size);
         at = (at - 1) / 2)
        memcpy(all + at * size, all + (at - 1) / 2 * size, size);
    memcpy(all + at * size, item, size);
}

/* Item `at` goes down to its place: one that came there from elsewhere, or is
   not what it was. */
__attribute__((always_inline)) static inline void
csi_heap_sink(void *items, size_t size, size_t count, size_t at,
              csi_heap_order *is_before, const void *own)
{
    alignas(max_align_t) char item[CSI_HEAP_ITEM];
    char *all = items;

    memcpy(item, all + at * size, size);
    for (size_t below; (below = 2 * at + 1) < count; at = below) {
        below += below + 1 < count &&
                 is_before(own, all + (below + 1) * size, all + below * size);
        if (!is_before(own, all + below * size, item))
            break;
        memcpy(all + at * size, all + below * size, size);
    }
    memcpy(all + at * size, item, size);
}

#endif
