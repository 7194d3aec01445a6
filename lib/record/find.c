/* SPDX-License-Identifier: MIT */
#include "cosend/find.h"
#include "record/byte_bitmaps.h"
#include "record/byte_places_x86.h"

#include <string.h>

#if defined(__x86_64__)
#define BMI __attribute__((target("bmi,bmi2,popcnt")))
#endif
#define INLINE __attribute__((always_inline)) static inline

/* Places that are written without asking whether they are. */
enum { AT_ONCE = 4 };

_Static_assert((int)COSEND_FIND_BYTES == CSI_SCAN_NEEDLES, "as the kernels");

/* ---- Bitmaps ------------------------------------------------------------- */

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

/* ---- Places -------------------------------------------------------------- */

/* Where there is none it is the last of a word, which costs no question. */
static const uint64_t last_bit = UINT64_C(1) << (CSI_SCAN_WORD - 1);

/* Most words have a few, and how many is hard to foresee: so the first ones are
   written in any case, and those that are none are written over. */
INLINE size_t take_places(const uint64_t *found, size_t words, uint32_t *places)
{
    uint32_t *next = places;

    for (size_t w = 0; w < words; w++) {
        uint32_t at = (uint32_t)(w * CSI_SCAN_WORD);
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

static size_t take_any(const uint64_t *found, size_t words, uint32_t *places)
{
    return take_places(found, words, places);
}

#if defined(__x86_64__)
BMI static size_t take_bmi(const uint64_t *found, size_t words,
                           uint32_t *places)
{
    return take_places(found, words, places);
}

CSI_AVX512_PLACES static size_t take_avx512(const uint64_t *found, size_t words,
                                            uint32_t *places)
{
    uint32_t *next = places;

    for (size_t w = 0; w < words; w++) {
        csi_put_places(next, found[w], (uint32_t)(w * CSI_SCAN_WORD), 8);
        next += __builtin_popcountll(found[w]);
    }
    return (size_t)(next - places);
}
#endif

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
#if defined(__x86_64__)
    if (csi_simd_level() >= CSI_SIMD_AVX512)
        return take_avx512(found, words, places);
    if (csi_simd_level() >= CSI_SIMD_AVX2)
        return take_bmi(found, words, places);
#endif
    return take_any(found, words, places);
}
