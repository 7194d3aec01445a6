/* SPDX-License-Identifier: MIT */
#include "cosend/find.h"
#include "record/byte_bitmaps.h"

#include <string.h>

_Static_assert((int)COSEND_FIND_BYTES == CSI_SCAN_NEEDLES &&
                   (int)COSEND_FIND_MORE == CSI_SCAN_MORE,
               "as the kernels");

void cosend_find_bytes(const char *data, size_t length, const char *bytes,
                       uint64_t *found)
{
    size_t words = length / CSI_SCAN_WORD, rest = length % CSI_SCAN_WORD;
    size_t stride = COSEND_FIND_WORDS(length);
    const struct csi_scan_kernels *kernels = csi_scan_kernels();
    char padded[CSI_SCAN_WORD] = {0};
    uint64_t mask = csi_low_bits(rest); /* a byte may be 0 */

    kernels->find_apart(data, words, bytes, found, stride);
    found += words;
    if (rest)
        memcpy(padded, data + words * CSI_SCAN_WORD, rest);
    kernels->find_apart(padded, 1, bytes, found, stride);
    for (size_t i = 0; i < COSEND_FIND_BYTES; i++, found += stride) {
        found[0] &= mask;
        found[1] = 0;
    }
}

static size_t count_places(const uint64_t *found, size_t words)
{
    size_t count = 0;

    for (size_t w = 0; w < words; w++)
        count += (unsigned)__builtin_popcountll(found[w]);
    return count;
}

size_t cosend_found_places(const uint64_t *found, size_t length,
                           uint32_t *places)
{
    size_t words = csi_scan_words(length);

    if (!places)
        return count_places(found, words);
    return csi_scan_kernels()->list(found, words, places);
}
