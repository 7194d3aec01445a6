/* SPDX-License-Identifier: MIT */
/*
 * One string, after Wojciech Mula ("SIMD-friendly algorithms for substring
 * searching"): two of its bytes that are seldom in text are compared with 16 to
 * 64 places at once, and only where both are do the others follow.
 *
 *     string  w p - a d m i n        the bytes - and w are the most seldom
 *     text    x w p - a d m i        w at `first`, - at `second`: a place
 *
 * In text that has both bytes everywhere that would take the string's length
 * times the text's. So each byte of text allows PATIENCE bytes of comparing in
 * vain; a search that has used up more goes on with memmem, which is linear.
 *
 * Limits: where case is ignored there is no memmem, and what follows is
 * quadratic; its callers keep such strings short.
 */
#include "match/substring.h"

#include "base/simd.h"
#include "match/bytes.h"

#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define AVX2   __attribute__((target("avx2,bmi")))
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,bmi")))
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

/* Bytes compared in vain before the search gives up being clever, for each byte
   that it came forward. */
enum { PATIENCE = 8, FIRST_PATIENCE = 4096 };

/* ---- Without vectors ----------------------------------------------------- */

static bool is_needle_at(const struct csi_substring *needle, const char *text)
{
    if (!needle->ignore_case)
        return memcmp(text, needle->text, needle->length) == 0;
    for (size_t i = 0; i < needle->length; i++)
        if (csi_small(text[i]) != needle->text[i])
            return false;
    return true;
}

/* Linear whatever the text: Knuth, Morris and Pratt's needs memory for its
   table, so case is ignored in quadratic time, of a needle that is short. */
static const char *find_slowly(const struct csi_substring *needle,
                               const char *text, const char *end)
{
    if (!needle->ignore_case)
        return memmem(text, (size_t)(end - text), needle->text, needle->length);
    for (; (size_t)(end - text) >= needle->length; text++)
        if (is_needle_at(needle, text))
            return text;
    return NULL;
}

static const char *find_portable(const struct csi_substring *needle,
                                 const char *text, const char *end)
{
    return find_slowly(needle, text, end);
}

/* What is left of a search: places where both bytes are, in a bitmap. */
struct search {
    const struct csi_substring *needle;
    size_t patience;
    bool slow; /* patience is used up */
};

static inline const char *verify_places(struct search *search, const char *text,
                                        uint64_t places)
{
    for (; places; places &= places - 1) {
        const char *at = text + __builtin_ctzll(places);

        if (is_needle_at(search->needle, at))
            return at;
        if (search->patience < search->needle->length) {
            search->slow = true;
            return NULL;
        }
        search->patience -= search->needle->length;
    }
    return NULL;
}

/*
 * The loop that all kernels share: `places` says where, from a text on that is
 * WIDTH bytes and the needle's length, both bytes are.
 */
#define SEARCH(WIDTH, PLACES)                                                  \
    struct search search = {needle, FIRST_PATIENCE, false};                    \
    const char *found;                                                         \
    uint64_t places;                                                           \
                                                                               \
    while ((size_t)(end - text) >= (WIDTH) + needle->length) {                 \
        csi_look_ahead(text);                                                  \
        places = (PLACES);                                                     \
        search.patience += PATIENCE;                                           \
        if (places) {                                                          \
            found = verify_places(&search, text, places);                      \
            if (found)                                                         \
                return found;                                                  \
            if (search.slow)                                                   \
                break;                                                         \
        }                                                                      \
        text += (WIDTH);                                                       \
    }                                                                          \
    return find_slowly(needle, text, end)

/* Of a letter in either case, the bit that makes it small. */
static char fold_of(const struct csi_substring *needle, size_t place)
{
    return needle->ignore_case && csi_is_letter(needle->text[place]) ? 0x20 : 0;
}

#if defined(__x86_64__)

/* ---- SSE2 ---------------------------------------------------------------- */

static inline uint64_t pair_sse2(const char *first, const char *second,
                                 __m128i a, __m128i b, __m128i fold_a,
                                 __m128i fold_b)
{
    __m128i at_a = _mm_or_si128(_mm_loadu_si128((const void *)first), fold_a);
    __m128i at_b = _mm_or_si128(_mm_loadu_si128((const void *)second), fold_b);

    return (unsigned)_mm_movemask_epi8(
        _mm_and_si128(_mm_cmpeq_epi8(at_a, a), _mm_cmpeq_epi8(at_b, b)));
}

static const char *find_sse2(const struct csi_substring *needle,
                             const char *text, const char *end)
{
    size_t first = needle->first, second = needle->second;
    __m128i a = _mm_set1_epi8(needle->text[first]);
    __m128i b = _mm_set1_epi8(needle->text[second]);
    __m128i fold_a = _mm_set1_epi8(fold_of(needle, first));
    __m128i fold_b = _mm_set1_epi8(fold_of(needle, second));

    SEARCH(16, pair_sse2(text + first, text + second, a, b, fold_a, fold_b));
}

/* ---- AVX2 ---------------------------------------------------------------- */

AVX2 static inline uint64_t pair_avx2(const char *first, const char *second,
                                      __m256i a, __m256i b, __m256i fold_a,
                                      __m256i fold_b)
{
    __m256i at_a =
        _mm256_or_si256(_mm256_loadu_si256((const void *)first), fold_a);
    __m256i at_b =
        _mm256_or_si256(_mm256_loadu_si256((const void *)second), fold_b);

    return (uint32_t)_mm256_movemask_epi8(_mm256_and_si256(
        _mm256_cmpeq_epi8(at_a, a), _mm256_cmpeq_epi8(at_b, b)));
}

AVX2 static const char *find_avx2(const struct csi_substring *needle,
                                  const char *text, const char *end)
{
    size_t first = needle->first, second = needle->second;
    __m256i a = _mm256_set1_epi8(needle->text[first]);
    __m256i b = _mm256_set1_epi8(needle->text[second]);
    __m256i fold_a = _mm256_set1_epi8(fold_of(needle, first));
    __m256i fold_b = _mm256_set1_epi8(fold_of(needle, second));

    SEARCH(64, pair_avx2(text + first, text + second, a, b, fold_a, fold_b) |
                   pair_avx2(text + first + 32, text + second + 32, a, b,
                             fold_a, fold_b)
                       << 32);
}

/* ---- AVX-512 ------------------------------------------------------------- */

AVX512 static inline uint64_t pair_avx512(const char *first, const char *second,
                                          __m512i a, __m512i b, __m512i fold_a,
                                          __m512i fold_b)
{
    __m512i at_a = _mm512_or_si512(_mm512_loadu_si512(first), fold_a);
    __m512i at_b = _mm512_or_si512(_mm512_loadu_si512(second), fold_b);

    return _mm512_mask_cmpeq_epi8_mask(_mm512_cmpeq_epi8_mask(at_a, a), at_b,
                                       b);
}

AVX512 static const char *find_avx512(const struct csi_substring *needle,
                                      const char *text, const char *end)
{
    size_t first = needle->first, second = needle->second;
    __m512i a = _mm512_set1_epi8(needle->text[first]);
    __m512i b = _mm512_set1_epi8(needle->text[second]);
    __m512i fold_a = _mm512_set1_epi8(fold_of(needle, first));
    __m512i fold_b = _mm512_set1_epi8(fold_of(needle, second));

    SEARCH(64, pair_avx512(text + first, text + second, a, b, fold_a, fold_b));
}

#elif defined(__aarch64__)

/* ---- NEON ---------------------------------------------------------------- */

/* A bit for each of 16 bytes of all ones or none. */
static inline uint64_t bits_neon(uint8x16_t bytes)
{
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                        1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t part = vandq_u8(bytes, vld1q_u8(weights));

    part = vpaddq_u8(part, part);
    part = vpaddq_u8(part, part);
    part = vpaddq_u8(part, part);
    return vgetq_lane_u16(vreinterpretq_u16_u8(part), 0);
}

static inline uint64_t pair_neon(const char *first, const char *second,
                                 uint8x16_t a, uint8x16_t b, uint8x16_t fold_a,
                                 uint8x16_t fold_b)
{
    uint8x16_t at_a = vorrq_u8(vld1q_u8((const uint8_t *)first), fold_a);
    uint8x16_t at_b = vorrq_u8(vld1q_u8((const uint8_t *)second), fold_b);

    return bits_neon(vandq_u8(vceqq_u8(at_a, a), vceqq_u8(at_b, b)));
}

static const char *find_neon(const struct csi_substring *needle,
                             const char *text, const char *end)
{
    size_t first = needle->first, second = needle->second;
    uint8x16_t a = vdupq_n_u8((uint8_t)needle->text[first]);
    uint8x16_t b = vdupq_n_u8((uint8_t)needle->text[second]);
    uint8x16_t fold_a = vdupq_n_u8((uint8_t)fold_of(needle, first));
    uint8x16_t fold_b = vdupq_n_u8((uint8_t)fold_of(needle, second));

    SEARCH(16, pair_neon(text + first, text + second, a, b, fold_a, fold_b));
}

#endif

/* ---- By level ------------------------------------------------------------ */

void csi_substring_init(struct csi_substring *needle, const char *text,
                        size_t length, bool ignore_case)
{
    size_t rare = 0, rarer = 0;

    for (size_t i = 1; i < length; i++)
        if (csi_byte_frequency(text[i]) < csi_byte_frequency(text[rare]))
            rare = i;
    if (length > 1)
        rarer = rare ? 0 : 1;
    for (size_t i = 0; i < length; i++)
        if (i != rare &&
            csi_byte_frequency(text[i]) < csi_byte_frequency(text[rarer]))
            rarer = i;
    *needle = (struct csi_substring){.text = text,
                                     .length = length,
                                     .ignore_case = ignore_case,
                                     .first = rare < rarer ? rare : rarer,
                                     .second = rare < rarer ? rarer : rare,
                                     .find = find_portable};
#if defined(__x86_64__)
    if (csi_simd_level() >= CSI_SIMD_SSE2)
        needle->find = find_sse2;
    if (csi_simd_level() >= CSI_SIMD_AVX2)
        needle->find = find_avx2;
    if (csi_simd_level() >= CSI_SIMD_AVX512)
        needle->find = find_avx512;
#elif defined(__aarch64__)
    if (csi_simd_level() >= CSI_SIMD_NEON)
        needle->find = find_neon;
#endif
}
