/* SPDX-License-Identifier: MIT */
/*
 * One body for each instruction set, made for each width of the window and
 * number of groups, which are constants then. Tables by halves of bytes (SSSE3,
 * AVX2, NEON: a shuffle looks up 16 values at once) say of more bytes that they
 * are in a bucket than those that are, AVX-512's, of 128 bytes, of a byte
 * beyond ASCII what they say of the one below; both never too little.
 */
#include "match/teddy_scan.h"

#include "base/simd.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define SSSE3  __attribute__((target("ssse3")))
#define AVX2   __attribute__((target("avx2,bmi")))
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi")))
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

/* ---- Without vectors ----------------------------------------------------- */

/* What all kernels have in common: the places of a stretch are in PLACES. */
#define SCAN(PLACES)                                                           \
    while ((size_t)(end - text) >= CSI_TEDDY_STRETCH + tables->width) {        \
        csi_look_ahead(text);                                                  \
        *places = (PLACES);                                                    \
        if (*places)                                                           \
            return text;                                                       \
        text += CSI_TEDDY_STRETCH;                                             \
    }                                                                          \
    *places = 0;                                                               \
    return text

/*
 * A kernel's search is made for each width of the window and number of groups,
 * which are constants then; this picks one.
 */
#define BY_WIDTH(CALL)                                                         \
    if (tables->groups == 1) {                                                 \
        if (tables->width == 3)                                                \
            CALL(3, 1);                                                        \
        if (tables->width == 2)                                                \
            CALL(2, 1);                                                        \
        CALL(1, 1);                                                            \
    }                                                                          \
    if (tables->width == 3)                                                    \
        CALL(3, 2);                                                            \
    if (tables->width == 2)                                                    \
        CALL(2, 2);                                                            \
    CALL(1, 2)

#define INLINE __attribute__((always_inline)) static inline

INLINE uint64_t places_portable(const struct csi_teddy_tables *tables,
                                const char *text, size_t width, size_t groups)
{
    uint64_t places = 0;

    for (unsigned i = 0; i < CSI_TEDDY_STRETCH; i++)
        places |= (uint64_t)csi_teddy_may_be_at(tables, text + i, width, groups)
                  << i;
    return places;
}

INLINE const char *search_portable(const struct csi_teddy_tables *tables,
                                   const char *text, const char *end,
                                   uint64_t *places, size_t width,
                                   size_t groups)
{
    SCAN(places_portable(tables, text, width, groups));
}

static const char *scan_portable(const struct csi_teddy_tables *tables,
                                 const char *text, const char *end,
                                 uint64_t *places)
{
#define CALL(WIDTH, COUNT)                                                     \
    return search_portable(tables, text, end, places, WIDTH, COUNT)
    BY_WIDTH(CALL);
#undef CALL
}

/* ---- SSSE3, AVX2, AVX-512 ------------------------------------------------ */

#if defined(__x86_64__)

struct vectors_ssse3 {
    __m128i low[CSI_TEDDY_GROUPS][CSI_TEDDY_WINDOW],
        high[CSI_TEDDY_GROUPS][CSI_TEDDY_WINDOW];
};

SSSE3 INLINE uint64_t places_ssse3(const struct vectors_ssse3 *vectors,
                                   const char *text, size_t width,
                                   size_t groups)
{
    __m128i half = _mm_set1_epi8(15), any = _mm_setzero_si128();

    for (size_t group = 0; group < groups; group++) {
        __m128i buckets = _mm_set1_epi8(-1);

        for (size_t i = 0; i < width; i++) {
            __m128i bytes = _mm_loadu_si128((const void *)(text + i));
            __m128i high = _mm_and_si128(_mm_srli_epi16(bytes, 4), half);
            __m128i low = _mm_and_si128(bytes, half);

            buckets = _mm_and_si128(
                buckets,
                _mm_and_si128(_mm_shuffle_epi8(vectors->low[group][i], low),
                              _mm_shuffle_epi8(vectors->high[group][i], high)));
        }
        any = _mm_or_si128(any, buckets);
    }
    return (unsigned)_mm_movemask_epi8(
               _mm_cmpeq_epi8(any, _mm_setzero_si128())) ^
           0xffffU;
}

SSSE3 INLINE const char *search_ssse3(const struct csi_teddy_tables *tables,
                                      const char *text, const char *end,
                                      uint64_t *places, size_t width,
                                      size_t groups)
{
    struct vectors_ssse3 vectors;

    for (size_t group = 0; group < groups; group++)
        for (size_t i = 0; i < width; i++) {
            const struct csi_teddy_table *table = &tables->of[group][i];

            vectors.low[group][i] = _mm_loadu_si128((const void *)table->low);
            vectors.high[group][i] = _mm_loadu_si128((const void *)table->high);
        }
    SCAN(places_ssse3(&vectors, text, width, groups) |
         places_ssse3(&vectors, text + 16, width, groups) << 16 |
         places_ssse3(&vectors, text + 32, width, groups) << 32 |
         places_ssse3(&vectors, text + 48, width, groups) << 48);
}

SSSE3 static const char *scan_ssse3(const struct csi_teddy_tables *tables,
                                    const char *text, const char *end,
                                    uint64_t *places)
{
#define CALL(WIDTH, COUNT)                                                     \
    return search_ssse3(tables, text, end, places, WIDTH, COUNT)
    BY_WIDTH(CALL);
#undef CALL
}

struct vectors_avx2 {
    __m256i low[CSI_TEDDY_GROUPS][CSI_TEDDY_WINDOW],
        high[CSI_TEDDY_GROUPS][CSI_TEDDY_WINDOW];
};

AVX2 INLINE uint64_t places_avx2(const struct vectors_avx2 *vectors,
                                 const char *text, size_t width, size_t groups)
{
    __m256i half = _mm256_set1_epi8(15), any = _mm256_setzero_si256();

    for (size_t group = 0; group < groups; group++) {
        __m256i buckets = _mm256_set1_epi8(-1);

        for (size_t i = 0; i < width; i++) {
            __m256i bytes = _mm256_loadu_si256((const void *)(text + i));
            __m256i high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half);
            __m256i low = _mm256_and_si256(bytes, half);

            buckets = _mm256_and_si256(
                buckets,
                _mm256_and_si256(
                    _mm256_shuffle_epi8(vectors->low[group][i], low),
                    _mm256_shuffle_epi8(vectors->high[group][i], high)));
        }
        any = _mm256_or_si256(any, buckets);
    }
    return (uint32_t)~_mm256_movemask_epi8(
        _mm256_cmpeq_epi8(any, _mm256_setzero_si256()));
}

AVX2 INLINE const char *search_avx2(const struct csi_teddy_tables *tables,
                                    const char *text, const char *end,
                                    uint64_t *places, size_t width,
                                    size_t groups)
{
    struct vectors_avx2 vectors;

    for (size_t group = 0; group < groups; group++)
        for (size_t i = 0; i < width; i++) {
            const struct csi_teddy_table *table = &tables->of[group][i];

            vectors.low[group][i] = _mm256_broadcastsi128_si256(
                _mm_loadu_si128((const void *)table->low));
            vectors.high[group][i] = _mm256_broadcastsi128_si256(
                _mm_loadu_si128((const void *)table->high));
        }
    SCAN(places_avx2(&vectors, text, width, groups) |
         places_avx2(&vectors, text + 32, width, groups) << 32);
}

AVX2 static const char *scan_avx2(const struct csi_teddy_tables *tables,
                                  const char *text, const char *end,
                                  uint64_t *places)
{
#define CALL(WIDTH, COUNT)                                                     \
    return search_avx2(tables, text, end, places, WIDTH, COUNT)
    BY_WIDTH(CALL);
#undef CALL
}

/* The halves of a table of 128 bytes. */
struct pair_avx512 {
    __m512i first, second;
};

AVX512 INLINE struct pair_avx512
load_avx512(const struct csi_teddy_tables *tables, size_t group, size_t i)
{
    const uint8_t *bytes = tables->of[group][i].ascii;

    return (struct pair_avx512){_mm512_loadu_si512(bytes),
                                _mm512_loadu_si512(bytes + 64)};
}

AVX512 INLINE __m512i buckets_avx512(struct pair_avx512 table, const char *text)
{
    return _mm512_permutex2var_epi8(table.first, _mm512_loadu_si512(text),
                                    table.second);
}

AVX512 INLINE __m512i window_avx512(struct pair_avx512 a, struct pair_avx512 b,
                                    struct pair_avx512 c, const char *text,
                                    size_t width)
{
    __m512i buckets = buckets_avx512(a, text);

    if (width > 1)
        buckets = _mm512_and_si512(buckets, buckets_avx512(b, text + 1));
    if (width > 2)
        buckets = _mm512_and_si512(buckets, buckets_avx512(c, text + 2));
    return buckets;
}

/* No array of vectors: see record/byte_bitmaps_x86.c. */
AVX512 INLINE const char *search_avx512(const struct csi_teddy_tables *tables,
                                        const char *text, const char *end,
                                        uint64_t *places, size_t width,
                                        size_t groups)
{
    struct pair_avx512 a = load_avx512(tables, 0, 0),
                       b = load_avx512(tables, 0, 1);
    struct pair_avx512 c = load_avx512(tables, 0, 2),
                       d = load_avx512(tables, 1, 0);
    struct pair_avx512 e = load_avx512(tables, 1, 1),
                       f = load_avx512(tables, 1, 2);

    if (groups == 1) {
        SCAN(_cvtmask64_u64(_mm512_test_epi8_mask(
            window_avx512(a, b, c, text, width), _mm512_set1_epi8(-1))));
    }
    SCAN(_cvtmask64_u64(_mm512_test_epi8_mask(
        _mm512_or_si512(window_avx512(a, b, c, text, width),
                        window_avx512(d, e, f, text, width)),
        _mm512_set1_epi8(-1))));
}

AVX512 static const char *scan_avx512(const struct csi_teddy_tables *tables,
                                      const char *text, const char *end,
                                      uint64_t *places)
{
#define CALL(WIDTH, COUNT)                                                     \
    return search_avx512(tables, text, end, places, WIDTH, COUNT)
    BY_WIDTH(CALL);
#undef CALL
}

#elif defined(__aarch64__)

/* ---- NEON ---------------------------------------------------------------- */

struct vectors_neon {
    uint8x16_t low[CSI_TEDDY_GROUPS][CSI_TEDDY_WINDOW],
        high[CSI_TEDDY_GROUPS][CSI_TEDDY_WINDOW];
};

INLINE uint8x16_t any_neon(const struct vectors_neon *vectors, const char *text,
                           size_t width, size_t groups)
{
    uint8x16_t any = vdupq_n_u8(0);

    for (size_t group = 0; group < groups; group++) {
        uint8x16_t buckets = vdupq_n_u8(UINT8_MAX);

        for (size_t i = 0; i < width; i++) {
            uint8x16_t bytes = vld1q_u8((const uint8_t *)text + i);
            uint8x16_t low = vandq_u8(bytes, vdupq_n_u8(15));

            buckets =
                vandq_u8(buckets, vqtbl1q_u8(vectors->low[group][i], low));
            buckets = vandq_u8(buckets, vqtbl1q_u8(vectors->high[group][i],
                                                   vshrq_n_u8(bytes, 4)));
        }
        any = vorrq_u8(any, buckets);
    }
    return vtstq_u8(any, any);
}

/* A bit for each of 64 bytes of all ones or none. */
INLINE uint64_t bits_neon(uint8x16_t a, uint8x16_t b, uint8x16_t c,
                          uint8x16_t d)
{
    static const uint8_t weights[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                        1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t weight = vld1q_u8(weights);
    uint8x16_t first = vpaddq_u8(vandq_u8(a, weight), vandq_u8(b, weight));
    uint8x16_t second = vpaddq_u8(vandq_u8(c, weight), vandq_u8(d, weight));

    first = vpaddq_u8(first, second);
    first = vpaddq_u8(first, first);
    return vgetq_lane_u64(vreinterpretq_u64_u8(first), 0);
}

INLINE const char *search_neon(const struct csi_teddy_tables *tables,
                               const char *text, const char *end,
                               uint64_t *places, size_t width, size_t groups)
{
    struct vectors_neon vectors;

    for (size_t group = 0; group < groups; group++)
        for (size_t i = 0; i < width; i++) {
            vectors.low[group][i] = vld1q_u8(tables->of[group][i].low);
            vectors.high[group][i] = vld1q_u8(tables->of[group][i].high);
        }
    SCAN(bits_neon(any_neon(&vectors, text, width, groups),
                   any_neon(&vectors, text + 16, width, groups),
                   any_neon(&vectors, text + 32, width, groups),
                   any_neon(&vectors, text + 48, width, groups)));
}

static const char *scan_neon(const struct csi_teddy_tables *tables,
                             const char *text, const char *end,
                             uint64_t *places)
{
#define CALL(WIDTH, COUNT)                                                     \
    return search_neon(tables, text, end, places, WIDTH, COUNT)
    BY_WIDTH(CALL);
#undef CALL
}

#endif

/* ---- By level ------------------------------------------------------------ */

csi_teddy_kernel *csi_teddy_choose_kernel(void)
{
    csi_teddy_kernel *kernel = scan_portable;

#if defined(__x86_64__)
    if (csi_simd_level() >= CSI_SIMD_SSE2 && __builtin_cpu_supports("ssse3"))
        kernel = scan_ssse3;
    if (csi_simd_level() >= CSI_SIMD_AVX2)
        kernel = scan_avx2;
    if (csi_simd_level() >= CSI_SIMD_AVX512)
        kernel = scan_avx512;
#elif defined(__aarch64__)
    if (csi_simd_level() >= CSI_SIMD_NEON)
        kernel = scan_neon;
#endif
    return kernel;
}
