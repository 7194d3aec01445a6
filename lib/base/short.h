/* SPDX-License-Identifier: MIT */
/*
 * Copying and comparing what is mostly short, keys and names, without a call:
 * two words that overlap are as long as any number of bytes between one word
 * and two.
 */
#ifndef CSI_SHORT_H
#define CSI_SHORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t csi_load64(const void *p)
{
    uint64_t word;

    memcpy(&word, p, sizeof(word));
    return word;
}

static inline uint32_t csi_load32(const void *p)
{
    uint32_t word;

    memcpy(&word, p, sizeof(word));
    return word;
}

/* Whether n bytes are the same. */
static inline bool csi_same(const void *one, const void *other, size_t n)
{
    const unsigned char *a = one, *b = other;

    if (n > 64)
        return memcmp(a, b, n) == 0;
    if (n >= 8) {
        for (size_t i = 0; i < n - 8; i += 8)
            if (csi_load64(a + i) != csi_load64(b + i))
                return false;
        return csi_load64(a + n - 8) == csi_load64(b + n - 8);
    }
    if (n >= 4)
        return csi_load32(a) == csi_load32(b) &&
               csi_load32(a + n - 4) == csi_load32(b + n - 4);
    for (size_t i = 0; i < n; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

/* Copy n bytes to where none of them is. */
static inline void csi_copy(void *to, const void *from, size_t n)
{
    unsigned char *a = to;
    const unsigned char *b = from;

    if (n > 32) {
        memcpy(a, b, n);
    } else if (n >= 16) {
        memcpy(a, b, 16);
        memcpy(a + n - 16, b + n - 16, 16);
    } else if (n >= 8) {
        memcpy(a, b, 8);
        memcpy(a + n - 8, b + n - 8, 8);
    } else if (n >= 4) {
        memcpy(a, b, 4);
        memcpy(a + n - 4, b + n - 4, 4);
    } else {
        for (size_t i = 0; i < n; i++)
            a[i] = b[i];
    }
}

#endif
