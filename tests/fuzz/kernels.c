/* SPDX-License-Identifier: MIT */
/* Each kernel of the scan, and of the search for strings, against the portable
   ones. */
#include "base/simd.h"
#include "match/substring.h"
#include "record/byte_bitmaps.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

enum { MOST = 1024 };

struct found {
    struct csi_scan_word four[MOST / 64];
    uint64_t apart[CSI_SCAN_NEEDLES][MOST / 64];
    uint64_t one[MOST / 64], special[MOST / 64], count;
    const char *place;
};

static void find_all(const char *data, size_t size, const char *needles,
                     const char *text, size_t length, struct found *found)
{
    const struct csi_scan_kernels *kernels = csi_scan_kernels();
    struct csi_substring needle;

    memset(found, 0, sizeof(*found));
    kernels->find(data, csi_scan_words(size), needles, found->four);
    kernels->find_apart(data, csi_scan_words(size), needles, found->apart[0],
                        MOST / 64);
    kernels->find_one(data, csi_scan_words(size), needles[0], found->one);
    kernels->find_special(data, csi_scan_words(size), CSI_SPECIAL_JSON,
                          found->special);
    found->count = csi_scan_count(data, size, needles[0]);
    csi_substring_init(&needle, text, length, needles[1] & 1);
    found->place = csi_substring_find(&needle, data, data + size);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static char data[MOST + 64], text[8];
    struct found due, is;
    size_t length;

    if (size < 13 || size > MOST)
        return 0;
    length = 1 + bytes[4] % 8;
    memcpy(text, bytes + 5, 8);
    for (size_t i = 0; i < 8; i++)
        if (text[i] >= 'A' && text[i] <= 'Z')
            text[i] |= 0x20;
    memcpy(data, bytes, size);
    memset(data + size, 0, 64);
    csi_simd_mask(CSI_SIMD_PORTABLE);
    find_all(data, size, data, text, length, &due);
    for (int level = 1; level < CSI_SIMD_LEVELS; level++) {
        csi_simd_mask((enum csi_simd)level);
        find_all(data, size, data, text, length, &is);
        if (memcmp(&is, &due, sizeof(is)) != 0)
            abort();
    }
    return 0;
}
