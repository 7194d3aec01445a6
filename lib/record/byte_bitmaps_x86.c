/* SPDX-License-Identifier: MIT */
#include "record/byte_bitmaps_x86.h"
#include "record/bit_numbers.h"
#include "record/byte_places_x86.h"

#if defined(__x86_64__)

#include <immintrin.h>

#define AVX2   __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,bmi2,popcnt")))

#define INLINE __attribute__((always_inline)) static inline

/* ---- SSE2 ---------------------------------------------------------------- */

static inline uint64_t equal_16(__m128i bytes, __m128i needle)
{
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, needle));
}

static inline uint64_t word_sse2(const __m128i *bytes, __m128i needle)
{
    return equal_16(bytes[0], needle) | equal_16(bytes[1], needle) << 16 |
           equal_16(bytes[2], needle) << 32 | equal_16(bytes[3], needle) << 48;
}

static inline void load_sse2(const char *data, __m128i *bytes)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = _mm_loadu_si128((const void *)(data + 16 * i));
}

/* The bits of word w and needle i go to found[w * step + i * stride]. */
INLINE void each_sse2(const char *data, size_t words, const char *needles,
                      uint64_t *found, size_t step, size_t stride)
{
    __m128i needle[CSI_SCAN_NEEDLES], bytes[4];

    for (int i = 0; i < CSI_SCAN_NEEDLES; i++)
        needle[i] = _mm_set1_epi8(needles[i]);
    for (size_t w = 0; w < words; w++, data += CSI_SCAN_WORD, found += step) {
        load_sse2(data, bytes);
        for (size_t i = 0; i < CSI_SCAN_NEEDLES; i++)
            found[i * stride] = word_sse2(bytes, needle[i]);
    }
}

static void find_sse2(const char *data, size_t words, const char *needles,
                      struct csi_scan_word *found)
{
    each_sse2(data, words, needles, found->bits, CSI_SCAN_NEEDLES, 1);
}

static void find_apart_sse2(const char *data, size_t words, const char *needles,
                            uint64_t *found, size_t stride)
{
    each_sse2(data, words, needles, found, 1, stride);
}

static void find_one_sse2(const char *data, size_t words, char needle,
                          uint64_t *found)
{
    __m128i wanted = _mm_set1_epi8(needle), bytes[4];

    for (size_t w = 0; w < words; w++, data += CSI_SCAN_WORD) {
        load_sse2(data, bytes);
        found[w] = word_sse2(bytes, wanted);
    }
}

/* As signed numbers, control bytes and those beyond ASCII are below a space. */
static void find_special_sse2(const char *data, size_t words,
                              const char *needles, uint64_t *found)
{
    __m128i first = _mm_set1_epi8(needles[0]);
    __m128i second = _mm_set1_epi8(needles[1]);
    __m128i space = _mm_set1_epi8(' '), bytes[4];

    for (size_t w = 0; w < words; w++, data += CSI_SCAN_WORD) {
        load_sse2(data, bytes);
        found[w] = 0;
        for (int i = 0; i < 4; i++) {
            __m128i special =
                _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes[i], first),
                                          _mm_cmpeq_epi8(bytes[i], second)),
                             _mm_cmplt_epi8(bytes[i], space));

            found[w] |= (uint64_t)(unsigned)_mm_movemask_epi8(special)
                        << 16 * i;
        }
    }
}

static size_t list_sse2(const uint64_t *found, size_t words, uint32_t *numbers)
{
    return csi_list_numbers(found, words, numbers);
}

/* Bytes of -1 where the needle is, added up in bytes as long as they can hold
   it, then by the sum of absolute differences. */
static uint64_t count_sse2(const char *data, size_t words, char needle)
{
    __m128i wanted = _mm_set1_epi8(needle), zero = _mm_setzero_si128();
    __m128i total = zero, bytes[4];

    while (words) {
        size_t some = words < 63 ? words : 63;
        __m128i sum = zero;

        words -= some;
        for (; some; some--, data += CSI_SCAN_WORD) {
            load_sse2(data, bytes);
            for (int i = 0; i < 4; i++)
                sum = _mm_sub_epi8(sum, _mm_cmpeq_epi8(bytes[i], wanted));
        }
        total = _mm_add_epi64(total, _mm_sad_epu8(sum, zero));
    }
    return (uint64_t)_mm_cvtsi128_si64(total) +
           (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(total, total));
}

const struct csi_scan_kernels csi_scan_sse2 = {find_sse2,     find_apart_sse2,
                                               find_one_sse2, find_special_sse2,
                                               list_sse2,     count_sse2};

/* ---- AVX2 ---------------------------------------------------------------- */

AVX2 static inline uint64_t word_avx2(__m256i low, __m256i high, __m256i needle)
{
    uint32_t first =
        (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, needle));
    uint32_t second =
        (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, needle));

    return first | (uint64_t)second << 32;
}

AVX2 INLINE void each_avx2(const char *data, size_t words, const char *needles,
                           uint64_t *found, size_t step, size_t stride)
{
    __m256i needle[CSI_SCAN_NEEDLES];

    for (int i = 0; i < CSI_SCAN_NEEDLES; i++)
        needle[i] = _mm256_set1_epi8(needles[i]);
    for (size_t w = 0; w < words; w++, data += CSI_SCAN_WORD, found += step) {
        __m256i low = _mm256_loadu_si256((const void *)data);
        __m256i high = _mm256_loadu_si256((const void *)(data + 32));

        for (size_t i = 0; i < CSI_SCAN_NEEDLES; i++)
            found[i * stride] = word_avx2(low, high, needle[i]);
    }
}

AVX2 static void find_avx2(const char *data, size_t words, const char *needles,
                           struct csi_scan_word *found)
{
    each_avx2(data, words, needles, found->bits, CSI_SCAN_NEEDLES, 1);
}

AVX2 static void find_apart_avx2(const char *data, size_t words,
                                 const char *needles, uint64_t *found,
                                 size_t stride)
{
    each_avx2(data, words, needles, found, 1, stride);
}

AVX2 static void find_one_avx2(const char *data, size_t words, char needle,
                               uint64_t *found)
{
    __m256i wanted = _mm256_set1_epi8(needle);

    for (size_t w = 0; w < words; w++, data += CSI_SCAN_WORD)
        found[w] =
            word_avx2(_mm256_loadu_si256((const void *)data),
                      _mm256_loadu_si256((const void *)(data + 32)), wanted);
}

AVX2 static inline uint32_t special_avx2(__m256i bytes, __m256i first,
                                         __m256i second)
{
    __m256i special =
        _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(bytes, first),
                                        _mm256_cmpeq_epi8(bytes, second)),
                        _mm256_cmpgt_epi8(_mm256_set1_epi8(' '), bytes));

    return (uint32_t)_mm256_movemask_epi8(special);
}

AVX2 static void find_special_avx2(const char *data, size_t words,
                                   const char *needles, uint64_t *found)
{
    __m256i first = _mm256_set1_epi8(needles[0]);
    __m256i second = _mm256_set1_epi8(needles[1]);

    for (size_t w = 0; w < words; w++, data += CSI_SCAN_WORD) {
        __m256i low = _mm256_loadu_si256((const void *)data);
        __m256i high = _mm256_loadu_si256((const void *)(data + 32));

        found[w] = special_avx2(low, first, second) |
                   (uint64_t)special_avx2(high, first, second) << 32;
    }
}

AVX2 static size_t list_avx2(const uint64_t *found, size_t words,
                             uint32_t *numbers)
{
    return csi_list_numbers(found, words, numbers);
}

AVX2 static uint64_t count_avx2(const char *data, size_t words, char needle)
{
    __m256i wanted = _mm256_set1_epi8(needle), zero = _mm256_setzero_si256();
    __m256i total = zero;

    while (words) {
        size_t some = words < 127 ? words : 127;
        __m256i sum = zero;

        words -= some;
        for (; some; some--, data += CSI_SCAN_WORD) {
            __m256i low = _mm256_loadu_si256((const void *)data);
            __m256i high = _mm256_loadu_si256((const void *)(data + 32));

            sum = _mm256_sub_epi8(sum, _mm256_cmpeq_epi8(low, wanted));
            sum = _mm256_sub_epi8(sum, _mm256_cmpeq_epi8(high, wanted));
        }
        total = _mm256_add_epi64(total, _mm256_sad_epu8(sum, zero));
    }
    return (uint64_t)_mm256_extract_epi64(total, 0) +
           (uint64_t)_mm256_extract_epi64(total, 1) +
           (uint64_t)_mm256_extract_epi64(total, 2) +
           (uint64_t)_mm256_extract_epi64(total, 3);
}

const struct csi_scan_kernels csi_scan_avx2 = {find_avx2,     find_apart_avx2,
                                               find_one_avx2, find_special_avx2,
                                               list_avx2,     count_avx2};

/* ---- AVX-512 ------------------------------------------------------------- */

/* No array of vectors: GCC 12's AddressSanitizer does not align one to 64 bytes
   (its bug 110027). */
AVX512 INLINE void each_avx512(const char *data, size_t words,
                               const char *needles, uint64_t *found,
                               size_t step, size_t stride)
{
    __m512i first = _mm512_set1_epi8(needles[0]);
    __m512i second = _mm512_set1_epi8(needles[1]);
    __m512i third = _mm512_set1_epi8(needles[2]);
    __m512i fourth = _mm512_set1_epi8(needles[3]);

    for (size_t w = 0; w < words; w++, data += CSI_SCAN_WORD, found += step) {
        __m512i bytes = _mm512_loadu_si512(data);

        found[0] = _mm512_cmpeq_epi8_mask(bytes, first);
        found[stride] = _mm512_cmpeq_epi8_mask(bytes, second);
        found[2 * stride] = _mm512_cmpeq_epi8_mask(bytes, third);
        found[3 * stride] = _mm512_cmpeq_epi8_mask(bytes, fourth);
    }
}

AVX512 static void find_avx512(const char *data, size_t words,
                               const char *needles, struct csi_scan_word *found)
{
    each_avx512(data, words, needles, found->bits, CSI_SCAN_NEEDLES, 1);
}

AVX512 static void find_apart_avx512(const char *data, size_t words,
                                     const char *needles, uint64_t *found,
                                     size_t stride)
{
    each_avx512(data, words, needles, found, 1, stride);
}

AVX512 static void find_one_avx512(const char *data, size_t words, char needle,
                                   uint64_t *found)
{
    __m512i wanted = _mm512_set1_epi8(needle);

    for (size_t w = 0; w < words; w++, data += CSI_SCAN_WORD)
        found[w] = _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(data), wanted);
}

AVX512 static void find_special_avx512(const char *data, size_t words,
                                       const char *needles, uint64_t *found)
{
    __m512i first = _mm512_set1_epi8(needles[0]);
    __m512i second = _mm512_set1_epi8(needles[1]);
    __m512i space = _mm512_set1_epi8(' ');

    for (size_t w = 0; w < words; w++, data += CSI_SCAN_WORD) {
        __m512i bytes = _mm512_loadu_si512(data);

        found[w] = _mm512_cmpeq_epi8_mask(bytes, first) |
                   _mm512_cmpeq_epi8_mask(bytes, second) |
                   _mm512_cmplt_epi8_mask(bytes, space);
    }
}

CSI_AVX512_PLACES static size_t list_avx512(const uint64_t *found, size_t words,
                                            uint32_t *numbers)
{
    uint32_t *to = numbers;

    for (size_t w = 0; w < words; w++) {
        csi_put_places(to, found[w], (uint32_t)(64 * w), 8);
        to += __builtin_popcountll(found[w]);
    }
    return (size_t)(to - numbers);
}

AVX512 static uint64_t count_avx512(const char *data, size_t words, char needle)
{
    __m512i wanted = _mm512_set1_epi8(needle);
    uint64_t total = 0;

    for (size_t w = 0; w < words; w++, data += CSI_SCAN_WORD)
        total += (unsigned)__builtin_popcountll(
            _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(data), wanted));
    return total;
}

const struct csi_scan_kernels csi_scan_avx512 = {
    find_avx512,         find_apart_avx512, find_one_avx512,
    find_special_avx512, list_avx512,       count_avx512};

#endif
