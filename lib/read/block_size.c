/* SPDX-License-Identifier: MIT */
#include "read/block_size.h"

#include <stdlib.h>
#include <unistd.h>

enum { LEAST_BLOCK = 16 }; /* which has room for one more byte */
enum { USUAL_BLOCK = 256 * 1024 };
size_t csi_block_bytes = USUAL_BLOCK;

void csi_block_size_take(void)
{
#ifdef CSI_SIMD_FROM_ENV
    const char *bytes = getenv("COSEND_BLOCK");

    if (bytes && atoi(bytes) >= LEAST_BLOCK)
        csi_block_bytes = (size_t)atoi(bytes);
#endif
}

/* Of a core's own; where the system does not say it is taken for small. */
static size_t cache_bytes(void)
{
#ifdef _SC_LEVEL2_CACHE_SIZE
    long bytes = sysconf(_SC_LEVEL2_CACHE_SIZE);

    return bytes > 0 ? (size_t)bytes : 0;
#else
    return 0;
#endif
}

size_t csi_block_least(const struct csi_format *format)
{
    size_t least = csi_block_bytes / 8 * 3;

    return format->is_indexed && least >= LEAST_BLOCK ? least : csi_block_bytes;
}

/*
 * A block, and the index of its cells, as large again, stay in that cache, with
 * room for all else: of 1 MiB larger ones took a fifth more time, by two
 * threads a half; of 2 MiB twice as large ones take up to a twelfth less.
 */
size_t csi_block_size(const struct csi_format *format)
{
    size_t least = csi_block_least(format), size = cache_bytes() / 10;

    /* Tests that say how large it is get what they said. */
    if (!format->is_indexed || csi_block_bytes != USUAL_BLOCK || size < least)
        return least;
    return size < 2 * least ? size : 2 * least;
}
