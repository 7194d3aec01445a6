/* SPDX-License-Identifier: MIT */
#include "format/json_special.h"

#include "base/base.h"
#include "record/byte_bitmaps.h"

enum { USUAL_WORDS = 1 << 14 }; /* of bitmaps: of 1 MiB */

/* How many bits there are, at most: of a stretch of the usual size all may be,
   since memory that nobody writes to is none. */
static size_t most_places(const uint64_t *bitmap, size_t words)
{
    size_t count = 0;

    if (words <= USUAL_WORDS)
        return words * CSI_SCAN_WORD;
    for (size_t i = 0; i < words; i++)
        count += (size_t)__builtin_popcountll(bitmap[i]);
    return count;
}

bool csi_special_find(struct csi_special *special, const char *start,
                      const char *end)
{
    size_t length = (size_t)(end - start), words = csi_scan_words(length);
    size_t rest = length % CSI_SCAN_WORD, count;

    if (!csi_grow(&special->words, &special->word_capacity, words + 1,
                  sizeof(*special->words)))
        return false;
    csi_scan_kernels()->find_special(start, words, CSI_SPECIAL_JSON,
                                     special->words);
    /* What is behind the stretch may never have been written to. */
    if (rest)
        special->words[words - 1] &= csi_low_bits(rest);
    special->words[words] = ~UINT64_C(0);
    if (!csi_grow(&special->places, &special->place_capacity,
                  most_places(special->words, words) + 1 + CSI_SCAN_MORE,
                  sizeof(*special->places)))
        return false;
    count = csi_scan_kernels()->list(special->words, words, special->places);
    special->places[count] = (uint32_t)(words * CSI_SCAN_WORD);
    special->base = start;
    special->next = 0;
    return true;
}

void csi_special_free(struct csi_special *special)
{
    csi_free(special->words);
    csi_free(special->places);
}
