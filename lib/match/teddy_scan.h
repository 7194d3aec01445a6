/* SPDX-License-Identifier: MIT */
/*
 * Teddy's kernels: where in a text some bucket may have a string, 64 places at
 * a time. teddy.c says what for.
 */
#ifndef CSI_TEDDY_SCAN_H
#define CSI_TEDDY_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CSI_TEDDY_WINDOW = 3,  /* bytes of a string that are looked for, at most */
    CSI_TEDDY_BUCKETS = 8, /* in a group: the bits of a byte */
    CSI_TEDDY_GROUPS = 2,
    CSI_TEDDY_STRETCH = 64 /* places that a kernel looks at together */
};

/* The buckets in which a byte may be, for one byte of the window. */
struct csi_teddy_table {
    uint8_t bytes[256];
    /* The same by a byte's lower seven bits, and, where both are in it, by its
       lower and its upper half. */
    uint8_t ascii[128];
    uint8_t low[16], high[16];
};

struct csi_teddy_tables {
    size_t width; /* of the window */
    size_t groups;
    struct csi_teddy_table of[CSI_TEDDY_GROUPS][CSI_TEDDY_WINDOW];
};

/*
 * A kernel: the first CSI_TEDDY_STRETCH bytes from `text` on at some of which a
 * window may be, the places as bits. Where there are too few bytes before the
 * end, which a window's may not cross, there are no more places.
 */
typedef const char *csi_teddy_kernel(const struct csi_teddy_tables *tables,
                                     const char *text, const char *end,
                                     uint64_t *places);

/* That of csi_simd_level(). */
csi_teddy_kernel *csi_teddy_choose_kernel(void);

/* Whether a window may be at one place. */
static inline bool csi_teddy_may_be_at(const struct csi_teddy_tables *tables,
                                       const char *text, size_t width,
                                       size_t groups)
{
    unsigned any = 0;

    for (size_t group = 0; group < groups; group++) {
        unsigned buckets = UINT8_MAX;

        for (size_t i = 0; i < width; i++)
            buckets &= tables->of[group][i].bytes[(unsigned char)text[i]];
        any |= buckets;
    }
    return any;
}

#endif
