/* SPDX-License-Identifier: MIT */
/*
 * Copying and comparing what is mostly short, keys and names, without a call:
 * two words that overlap are as long as any number of bytes between one word
 * and two. Where as many may be read as the longest has, masks do it without a
 * branch that lengths decide.
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

/* At most eight bytes, the first in the lowest byte where that comes first in
   memory, and none above. */
static inline uint64_t csi_load_short(const void *from, size_t n)
{
    const unsigned char *p = from;

    if (n == 8)
        return csi_load64(p);
    if (n >= 4)
        return csi_load32(p) | (uint64_t)csi_load32(p + n - 4) << 8 * (n - 4);
    if (n == 0)
        return 0;
    return p[0] | (uint64_t)p[n / 2] << 8 * (n / 2) |
           (uint64_t)p[n - 1] << 8 * (n - 1);
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

/* ---- At most 32 bytes, where 32 may be read ------------------------------ */

enum { CSI_SHORT = 32 };

/* Ones, and as many zeros: from CSI_SHORT - n on, a mask of the first n bytes.
 */
extern const uint64_t csi_short_masks[2 * CSI_SHORT / 8];

typedef uint64_t csi_pair __attribute__((vector_size(16)));

static inline csi_pair csi_load_pair(const void *p)
{
    csi_pair pair;

    memcpy(&pair, p, sizeof(pair));
    return pair;
}

/* Copy n bytes, and 0 up to the 32nd. */
static inline void csi_short_copy(void *to, const void *from, size_t n)
{
    const char *mask = (const char *)csi_short_masks + CSI_SHORT - n;
    csi_pair low = csi_load_pair(from) & csi_load_pair(mask);
    csi_pair high =
        csi_load_pair((const char *)from + 16) & csi_load_pair(mask + 16);

    memcpy(to, &low, sizeof(low));
    memcpy((char *)to + 16, &high, sizeof(high));
}

/* Whether n bytes are those of a text that is 0 from there up to the 32nd. */
static inline bool csi_short_same(const void *one, const void *padded, size_t n)
{
    const char *mask = (const char *)csi_short_masks + CSI_SHORT - n;
    csi_pair low = csi_load_pair(one) & csi_load_pair(mask);
    csi_pair high =
        csi_load_pair((const char *)one + 16) & csi_load_pair(mask + 16);

    low ^= csi_load_pair(padded);
    high ^= csi_load_pair((const char *)padded + 16);
    low |= high;
    return !(low[0] | low[1]);
}

#endif
