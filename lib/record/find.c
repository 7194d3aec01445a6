/* SPDX-License-Identifier: MIT */
#include "cosend/find.h"
#include "record/byte_bitmaps.h"

#include <string.h>

#if defined(__x86_64__)
#define BMI __attribute__((target("bmi,bmi2,popcnt")))
#endif
#define INLINE __attribute__((always_inline)) static inline

enum {
    WORDS = 32, /* that are found before they are looked at */
    AT_ONCE = 4 /* places that are written without asking whether they are */
};

/* ---- Bitmaps ------------------------------------------------------------- */

/* The bits of less than a word's bytes, behind which nothing is read. */
static uint64_t find_rest(const struct csi_scan_kernels *kernels,
                          const char *data, size_t length, char byte)
{
    char padded[CSI_SCAN_WORD] = {0};
    uint64_t found;

    memcpy(padded, data, length);
    kernels->find_one(padded, 1, byte, &found);
    return found & csi_low_bits(length); /* the byte may be 0 */
}

void cosend_find_byte(const char *data, size_t length, char byte,
                      uint64_t *found)
{
    size_t words = length / CSI_SCAN_WORD, rest = length % CSI_SCAN_WORD;
    const struct csi_scan_kernels *kernels = csi_scan_kernels();

    kernels->find_one(data, words, byte, found);
    found[words] = found[words + 1] = 0;
    if (rest)
        found[words] =
            find_rest(kernels, data + words * CSI_SCAN_WORD, rest, byte);
}

/* ---- Places -------------------------------------------------------------- */

/* Where there is none it is the last of a word, which costs no question. */
static const uint64_t last_bit = UINT64_C(1) << (CSI_SCAN_WORD - 1);

/* Most words have a few, and how many is hard to foresee: so the first ones are
   written in any case, and those that are none are written over. */
INLINE size_t take_places(const uint64_t *found, size_t words, size_t from,
                          uint32_t *places)
{
    uint32_t *next = places;

    for (size_t w = 0; w < words; w++) {
        uint32_t at = (uint32_t)(from + w * CSI_SCAN_WORD);
        uint64_t bits = found[w];
        int count = __builtin_popcountll(bits);

        for (int i = 0; i < AT_ONCE; i++) {
            next[i] = at + (uint32_t)__builtin_ctzll(bits | last_bit);
            bits &= bits - 1;
        }
        for (int i = AT_ONCE; i < count; i++) {
            next[i] = at + (uint32_t)__builtin_ctzll(bits);
            bits &= bits - 1;
        }
        next += count;
    }
    return (size_t)(next - places);
}

static size_t take_any(const uint64_t *found, size_t words, size_t from,
                       uint32_t *places)
{
    return take_places(found, words, from, places);
}

#if defined(__x86_64__)
BMI static size_t take_bmi(const uint64_t *found, size_t words, size_t from,
                           uint32_t *places)
{
    return take_places(found, words, from, places);
}
#endif

size_t cosend_find_places(const char *data, size_t length, char byte,
                          uint32_t *places)
{
    size_t (*take)(const uint64_t *, size_t, size_t, uint32_t *) = take_any;
    const struct csi_scan_kernels *kernels = csi_scan_kernels();
    size_t count = 0, rest = length % CSI_SCAN_WORD, words;
    uint64_t found[WORDS];

    if (!places)
        return (size_t)csi_scan_count(data, length, byte);
#if defined(__x86_64__)
    if (csi_simd_level() >= CSI_SIMD_AVX2)
        take = take_bmi;
#endif
    for (size_t at = 0; at < length; at += words * CSI_SCAN_WORD) {
        words = (length - at) / CSI_SCAN_WORD;
        if (words > WORDS)
            words = WORDS;
        kernels->find_one(data + at, words, byte, found);
        if (words < WORDS && rest)
            found[words++] =
                find_rest(kernels, data + length - rest, rest, byte);
        count += take(found, words, at, places + count);
    }
    return count;
}
