/* SPDX-License-Identifier: MIT */
#include "match/teddy.h"

#include "base/base.h"
#include "base/simd.h"
#include "match/bytes.h"

#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define SSSE3  __attribute__((target("ssse3")))
#define AVX2   __attribute__((target("avx2,bmi")))
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi")))
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

enum {
    WINDOW = 3,  /* bytes of a string that are looked for, at most */
    BUCKETS = 8, /* in a group: the bits of a byte */
    GROUPS = 2,
    STRETCH = 64,    /* places that a kernel looks at together */
    CHAIN_BITS = 10, /* of a chain's number */
    ONE_GROUP = 12   /* strings for which eight buckets are enough */
};

struct string {
    const char *text; /* in small letters where case is ignored */
    size_t length;
    size_t window; /* where in it */
    uint32_t key;  /* of the window */
    int next;      /* string of the same chain, or -1 */
};

/* The buckets in which a byte may be, for one byte of the window. */
struct table {
    uint8_t bytes[256];
    /* The same by a byte's lower seven bits, and, where both are in it, by its
       lower and its upper half. */
    uint8_t ascii[128];
    uint8_t low[16], high[16];
};

struct csi_teddy {
    const char *(*scan)(const struct csi_teddy *teddy, const char *text,
                        const char *end, uint64_t *places);
    size_t width; /* of the window */
    size_t groups;
    struct table tables[GROUPS][WINDOW];
    int16_t chains[1 << CHAIN_BITS]; /* strings by their windows, or -1 */
    bool ignore_case;
    uint32_t fold; /* bits that do not count in a key */
    size_t count;
    struct string strings[CSI_TEDDY_MOST];
    char text[];
};

static char folded(const struct csi_teddy *teddy, char c)
{
    return teddy->ignore_case ? csi_small(c) : c;
}

/* ---- Comparing ----------------------------------------------------------- */

static bool is_at(const struct csi_teddy *teddy, const struct string *string,
                  const char *text)
{
    if (!teddy->ignore_case)
        return memcmp(text, string->text, string->length) == 0;
    for (size_t i = 0; i < string->length; i++)
        if (csi_small(text[i]) != string->text[i])
            return false;
    return true;
}

/* A window as a number; the same in either case where case is ignored. */
static inline uint32_t key_of(const struct csi_teddy *teddy, const char *window)
{
    uint32_t key = (unsigned char)window[0];

    if (teddy->width > 1)
        key |= (uint32_t)(unsigned char)window[1] << 8;
    if (teddy->width > 2)
        key |= (uint32_t)(unsigned char)window[2] << 16;
    return key | teddy->fold;
}

/* Multiplicative hashing by the golden ratio (Knuth, volume 3, 6.4). */
static inline size_t chain_of(uint32_t key)
{
    return (uint32_t)(key * UINT32_C(2654435769)) >> (32 - CHAIN_BITS);
}

/* Where the string is whose window is at a place, or NULL. */
static const char *verify(const struct csi_teddy *teddy, const char *place,
                          const char *start, const char *end)
{
    uint32_t key = key_of(teddy, place);

    for (int i = teddy->chains[chain_of(key)]; i >= 0;
         i = teddy->strings[i].next) {
        const struct string *string = &teddy->strings[i];

        if (key == string->key && (size_t)(place - start) >= string->window &&
            (size_t)(end - place) >= string->length - string->window &&
            is_at(teddy, string, place - string->window))
            return place - string->window;
    }
    return NULL;
}

/* ---- Without vectors ----------------------------------------------------- */

/*
 * A kernel: the first STRETCH bytes from `text` on at some of which a window
 * may be, the places as bits. Where there are too few bytes before the end,
 * which a window's may not cross, there are no more places.
 */
#define SCAN(PLACES)                                                           \
    while ((size_t)(end - text) >= STRETCH + teddy->width) {                   \
        *places = (PLACES);                                                    \
        if (*places)                                                           \
            return text;                                                       \
        text += STRETCH;                                                       \
    }                                                                          \
    *places = 0;                                                               \
    return text

/*
 * A kernel's search is made for each width of the window and number of groups,
 * which are constants then; this picks one.
 */
#define BY_WIDTH(CALL)                                                         \
    if (teddy->groups == 1) {                                                  \
        if (teddy->width == 3)                                                 \
            CALL(3, 1);                                                        \
        if (teddy->width == 2)                                                 \
            CALL(2, 1);                                                        \
        CALL(1, 1);                                                            \
    }                                                                          \
    if (teddy->width == 3)                                                     \
        CALL(3, 2);                                                            \
    if (teddy->width == 2)                                                     \
        CALL(2, 2);                                                            \
    CALL(1, 2)

#define INLINE __attribute__((always_inline)) static inline

INLINE bool may_be_at(const struct csi_teddy *teddy, const char *text,
                      size_t width, size_t groups)
{
    unsigned any = 0;

    for (size_t group = 0; group < groups; group++) {
        unsigned buckets = UINT8_MAX;

        for (size_t i = 0; i < width; i++)
            buckets &= teddy->tables[group][i].bytes[(unsigned char)text[i]];
        any |= buckets;
    }
    return any;
}

INLINE uint64_t places_portable(const struct csi_teddy *teddy, const char *text,
                                size_t width, size_t groups)
{
    uint64_t places = 0;

    for (unsigned i = 0; i < STRETCH; i++)
        places |= (uint64_t)may_be_at(teddy, text + i, width, groups) << i;
    return places;
}

INLINE const char *search_portable(const struct csi_teddy *teddy,
                                   const char *text, const char *end,
                                   uint64_t *places, size_t width,
                                   size_t groups)
{
    SCAN(places_portable(teddy, text, width, groups));
}

static const char *scan_portable(const struct csi_teddy *teddy,
                                 const char *text, const char *end,
                                 uint64_t *places)
{
#define CALL(WIDTH, COUNT)                                                     \
    return search_portable(teddy, text, end, places, WIDTH, COUNT)
    BY_WIDTH(CALL);
#undef CALL
}

/* ---- SSSE3, AVX2, AVX-512 ------------------------------------------------ */

#if defined(__x86_64__)

struct tables_ssse3 {
    __m128i low[GROUPS][WINDOW], high[GROUPS][WINDOW];
};

SSSE3 INLINE uint64_t places_ssse3(const struct tables_ssse3 *tables,
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
                _mm_and_si128(_mm_shuffle_epi8(tables->low[group][i], low),
                              _mm_shuffle_epi8(tables->high[group][i], high)));
        }
        any = _mm_or_si128(any, buckets);
    }
    return (unsigned)_mm_movemask_epi8(
               _mm_cmpeq_epi8(any, _mm_setzero_si128())) ^
           0xffffU;
}

SSSE3 INLINE const char *search_ssse3(const struct csi_teddy *teddy,
                                      const char *text, const char *end,
                                      uint64_t *places, size_t width,
                                      size_t groups)
{
    struct tables_ssse3 tables;

    for (size_t group = 0; group < groups; group++)
        for (size_t i = 0; i < width; i++) {
            const struct table *table = &teddy->tables[group][i];

            tables.low[group][i] = _mm_loadu_si128((const void *)table->low);
            tables.high[group][i] = _mm_loadu_si128((const void *)table->high);
        }
    SCAN(places_ssse3(&tables, text, width, groups) |
         places_ssse3(&tables, text + 16, width, groups) << 16 |
         places_ssse3(&tables, text + 32, width, groups) << 32 |
         places_ssse3(&tables, text + 48, width, groups) << 48);
}

SSSE3 static const char *scan_ssse3(const struct csi_teddy *teddy,
                                    const char *text, const char *end,
                                    uint64_t *places)
{
#define CALL(WIDTH, COUNT)                                                     \
    return search_ssse3(teddy, text, end, places, WIDTH, COUNT)
    BY_WIDTH(CALL);
#undef CALL
}

struct tables_avx2 {
    __m256i low[GROUPS][WINDOW], high[GROUPS][WINDOW];
};

AVX2 INLINE uint64_t places_avx2(const struct tables_avx2 *tables,
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
                    _mm256_shuffle_epi8(tables->low[group][i], low),
                    _mm256_shuffle_epi8(tables->high[group][i], high)));
        }
        any = _mm256_or_si256(any, buckets);
    }
    return (uint32_t)~_mm256_movemask_epi8(
        _mm256_cmpeq_epi8(any, _mm256_setzero_si256()));
}

AVX2 INLINE const char *search_avx2(const struct csi_teddy *teddy,
                                    const char *text, const char *end,
                                    uint64_t *places, size_t width,
                                    size_t groups)
{
    struct tables_avx2 tables;

    for (size_t group = 0; group < groups; group++)
        for (size_t i = 0; i < width; i++) {
            const struct table *table = &teddy->tables[group][i];

            tables.low[group][i] = _mm256_broadcastsi128_si256(
                _mm_loadu_si128((const void *)table->low));
            tables.high[group][i] = _mm256_broadcastsi128_si256(
                _mm_loadu_si128((const void *)table->high));
        }
    SCAN(places_avx2(&tables, text, width, groups) |
         places_avx2(&tables, text + 32, width, groups) << 32);
}

AVX2 static const char *scan_avx2(const struct csi_teddy *teddy,
                                  const char *text, const char *end,
                                  uint64_t *places)
{
#define CALL(WIDTH, COUNT)                                                     \
    return search_avx2(teddy, text, end, places, WIDTH, COUNT)
    BY_WIDTH(CALL);
#undef CALL
}

/* The halves of a table of 128 bytes. */
struct pair_avx512 {
    __m512i first, second;
};

AVX512 INLINE struct pair_avx512 load_avx512(const struct csi_teddy *teddy,
                                             size_t group, size_t i)
{
    const uint8_t *bytes = teddy->tables[group][i].ascii;

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

/* No array of vectors: see record/scan_x86.c. */
AVX512 INLINE const char *search_avx512(const struct csi_teddy *teddy,
                                        const char *text, const char *end,
                                        uint64_t *places, size_t width,
                                        size_t groups)
{
    struct pair_avx512 a = load_avx512(teddy, 0, 0),
                       b = load_avx512(teddy, 0, 1);
    struct pair_avx512 c = load_avx512(teddy, 0, 2),
                       d = load_avx512(teddy, 1, 0);
    struct pair_avx512 e = load_avx512(teddy, 1, 1),
                       f = load_avx512(teddy, 1, 2);

    if (groups == 1) {
        SCAN(_cvtmask64_u64(_mm512_test_epi8_mask(
            window_avx512(a, b, c, text, width), _mm512_set1_epi8(-1))));
    }
    SCAN(_cvtmask64_u64(_mm512_test_epi8_mask(
        _mm512_or_si512(window_avx512(a, b, c, text, width),
                        window_avx512(d, e, f, text, width)),
        _mm512_set1_epi8(-1))));
}

AVX512 static const char *scan_avx512(const struct csi_teddy *teddy,
                                      const char *text, const char *end,
                                      uint64_t *places)
{
#define CALL(WIDTH, COUNT)                                                     \
    return search_avx512(teddy, text, end, places, WIDTH, COUNT)
    BY_WIDTH(CALL);
#undef CALL
}

#elif defined(__aarch64__)

/* ---- NEON ---------------------------------------------------------------- */

struct tables_neon {
    uint8x16_t low[GROUPS][WINDOW], high[GROUPS][WINDOW];
};

INLINE uint8x16_t any_neon(const struct tables_neon *tables, const char *text,
                           size_t width, size_t groups)
{
    uint8x16_t any = vdupq_n_u8(0);

    for (size_t group = 0; group < groups; group++) {
        uint8x16_t buckets = vdupq_n_u8(UINT8_MAX);

        for (size_t i = 0; i < width; i++) {
            uint8x16_t bytes = vld1q_u8((const uint8_t *)text + i);
            uint8x16_t low = vandq_u8(bytes, vdupq_n_u8(15));

            buckets = vandq_u8(buckets, vqtbl1q_u8(tables->low[group][i], low));
            buckets = vandq_u8(buckets, vqtbl1q_u8(tables->high[group][i],
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

INLINE const char *search_neon(const struct csi_teddy *teddy, const char *text,
                               const char *end, uint64_t *places, size_t width,
                               size_t groups)
{
    struct tables_neon tables;

    for (size_t group = 0; group < groups; group++)
        for (size_t i = 0; i < width; i++) {
            tables.low[group][i] = vld1q_u8(teddy->tables[group][i].low);
            tables.high[group][i] = vld1q_u8(teddy->tables[group][i].high);
        }
    SCAN(bits_neon(any_neon(&tables, text, width, groups),
                   any_neon(&tables, text + 16, width, groups),
                   any_neon(&tables, text + 32, width, groups),
                   any_neon(&tables, text + 48, width, groups)));
}

static const char *scan_neon(const struct csi_teddy *teddy, const char *text,
                             const char *end, uint64_t *places)
{
#define CALL(WIDTH, COUNT)                                                     \
    return search_neon(teddy, text, end, places, WIDTH, COUNT)
    BY_WIDTH(CALL);
#undef CALL
}

#endif

/* ---- Searching ----------------------------------------------------------- */

const char *csi_teddy_find(const struct csi_teddy *teddy, const char *text,
                           const char *end)
{
    const char *start = text, *found;
    uint64_t places;

    for (;; text += STRETCH) {
        text = teddy->scan(teddy, text, end, &places);
        if (!places)
            break;
        for (; places; places &= places - 1) {
            found = verify(teddy, text + __builtin_ctzll(places), start, end);
            if (found)
                return found;
        }
    }
    for (; (size_t)(end - text) >= teddy->width; text++) {
        found = may_be_at(teddy, text, teddy->width, teddy->groups)
                    ? verify(teddy, text, start, end)
                    : NULL;
        if (found)
            return found;
    }
    return NULL;
}

/* ---- Making -------------------------------------------------------------- */

/* What is in some bucket: for each byte of the window, the halves of bytes. */
struct bucket {
    uint16_t low[WINDOW], high[WINDOW];
    double cost; /* how often it is expected at a place */
};

static double cost_of(const struct bucket *bucket, const double *chances,
                      size_t width)
{
    double cost = 1;

    for (size_t i = 0; i < width; i++) {
        double sum = 0;

        for (unsigned high = 0; high < 16; high++)
            for (unsigned low = 0; bucket->high[i] >> high & 1 && low < 16;
                 low++)
                if (bucket->low[i] >> low & 1)
                    sum += chances[high << 4 | low];
        cost *= sum;
    }
    return cost;
}

static void widen(struct bucket *bucket, size_t i, char byte)
{
    unsigned char code = (unsigned char)byte;

    bucket->low[i] |= (uint16_t)(1U << (code & 15));
    bucket->high[i] |= (uint16_t)(1U << (code >> 4));
}

/* A byte in both its cases, where they are the same. */
static unsigned cases(const struct csi_teddy *teddy, char byte, char *both)
{
    both[0] = byte;
    both[1] = (char)(byte ^ 0x20);
    return teddy->ignore_case && csi_is_letter(byte) ? 2 : 1;
}

static void allow(struct table *table, char byte, unsigned bucket)
{
    unsigned char code = (unsigned char)byte;
    uint8_t bit = (uint8_t)(1U << bucket);

    table->bytes[code] |= bit;
    table->ascii[code & 127] |= bit;
    table->low[code & 15] |= bit;
    table->high[code >> 4] |= bit;
}

/* Put a string where its window adds the least to what is to be compared. */
static void deal_out(struct csi_teddy *teddy, struct bucket *buckets,
                     const double *chances, const struct string *string)
{
    const char *window = string->text + string->window;
    size_t best = 0;
    double least = 0;
    struct bucket chosen = {0};
    char both[2];

    for (size_t b = 0; b < teddy->groups * BUCKETS; b++) {
        struct bucket wider = buckets[b];

        for (size_t i = 0; i < teddy->width; i++)
            for (unsigned n = cases(teddy, window[i], both); n--;)
                widen(&wider, i, both[n]);
        wider.cost = cost_of(&wider, chances, teddy->width);
        if (b == 0 || wider.cost - buckets[b].cost < least) {
            least = wider.cost - buckets[b].cost;
            chosen = wider;
            best = b;
        }
    }
    buckets[best] = chosen;
    for (size_t i = 0; i < teddy->width; i++)
        for (unsigned n = cases(teddy, window[i], both); n--;)
            allow(&teddy->tables[best / BUCKETS][i], both[n], best % BUCKETS);
}

/* The window whose bytes are the most seldom. */
static size_t choose_window(const struct csi_teddy *teddy,
                            const struct string *string)
{
    size_t best = 0, least = SIZE_MAX;
    char both[2];

    for (size_t at = 0; at + teddy->width <= string->length; at++) {
        size_t sum = 0;

        for (size_t i = at; i < at + teddy->width; i++) {
            size_t most = 0;

            for (unsigned n = cases(teddy, string->text[i], both); n--;)
                if (csi_byte_frequency(both[n]) > most)
                    most = csi_byte_frequency(both[n]);
            sum += most;
        }
        if (sum < least) {
            least = sum;
            best = at;
        }
    }
    return best;
}

static void choose_kernel(struct csi_teddy *teddy)
{
    teddy->scan = scan_portable;
#if defined(__x86_64__)
    if (csi_simd_level() >= CSI_SIMD_SSE2 && __builtin_cpu_supports("ssse3"))
        teddy->scan = scan_ssse3;
    if (csi_simd_level() >= CSI_SIMD_AVX2)
        teddy->scan = scan_avx2;
    if (csi_simd_level() >= CSI_SIMD_AVX512)
        teddy->scan = scan_avx512;
#elif defined(__aarch64__)
    if (csi_simd_level() >= CSI_SIMD_NEON)
        teddy->scan = scan_neon;
#endif
}

size_t csi_teddy_worth(void)
{
#if defined(__x86_64__)
    return csi_simd_level() >= CSI_SIMD_AVX512 ? CSI_TEDDY_MOST
                                               : CSI_TEDDY_MOST / 2;
#else
    return CSI_TEDDY_MOST / 2;
#endif
}

static bool contains(const struct string *string, const struct string *other)
{
    return memmem(string->text, string->length, other->text, other->length);
}

/* Whether it is found by another one: by one of `kept` before it, or one behind
   it, which is not the same. */
static bool is_needless(const struct csi_teddy *teddy, size_t kept, size_t at)
{
    const struct string *string = &teddy->strings[at];

    for (size_t i = 0; i < kept; i++)
        if (contains(string, &teddy->strings[i]))
            return true;
    for (size_t i = at + 1; i < teddy->count; i++)
        if (teddy->strings[i].length < string->length &&
            contains(string, &teddy->strings[i]))
            return true;
    return false;
}

static void drop_needless(struct csi_teddy *teddy)
{
    size_t kept = 0;

    for (size_t i = 0; i < teddy->count; i++)
        if (!is_needless(teddy, kept, i))
            teddy->strings[kept++] = teddy->strings[i];
    teddy->count = kept;
}

static void take_strings(struct csi_teddy *teddy, const char *text,
                         const size_t *lengths, size_t count)
{
    char *to = teddy->text;

    teddy->count = count;
    for (size_t i = 0; i < count; i++) {
        teddy->strings[i] = (struct string){.text = to, .length = lengths[i]};
        for (size_t j = 0; j < lengths[i]; j++)
            *to++ = folded(teddy, *text++);
    }
    drop_needless(teddy);
    teddy->width = WINDOW;
    for (size_t i = 0; i < teddy->count; i++)
        if (teddy->strings[i].length < teddy->width)
            teddy->width = teddy->strings[i].length;
}

static void make_tables(struct csi_teddy *teddy)
{
    struct bucket buckets[GROUPS * BUCKETS] = {0};
    double chances[256];

    for (unsigned byte = 0; byte < 256; byte++)
        chances[byte] =
            1e-5 * (double)(1U << csi_byte_frequency((char)byte) / 8);
    teddy->groups = teddy->count > ONE_GROUP ? 2 : 1;
    for (size_t i = 0; i < teddy->count; i++)
        deal_out(teddy, buckets, chances, &teddy->strings[i]);
}

/* The first strings are in front. */
static void make_chains(struct csi_teddy *teddy)
{
    memset(teddy->chains, -1, sizeof(teddy->chains));
    for (size_t i = teddy->count; i--;) {
        struct string *string = &teddy->strings[i];
        size_t chain;

        string->key = key_of(teddy, string->text + string->window);
        chain = chain_of(string->key);
        string->next = teddy->chains[chain];
        teddy->chains[chain] = (int16_t)i;
    }
}

struct csi_teddy *csi_teddy_new(const char *text, const size_t *lengths,
                                size_t count, bool ignore_case)
{
    struct csi_teddy *teddy;
    size_t total = 0;

    if (!count || count > CSI_TEDDY_MOST)
        return NULL;
    for (size_t i = 0; i < count; i++)
        total += lengths[i];
    teddy = csi_calloc(1, sizeof(*teddy) + total);
    if (!teddy)
        return NULL;
    teddy->ignore_case = ignore_case;
    teddy->fold = ignore_case ? 0x202020 : 0;
    take_strings(teddy, text, lengths, count);
    for (size_t i = 0; i < teddy->count; i++)
        teddy->strings[i].window = choose_window(teddy, &teddy->strings[i]);
    make_tables(teddy);
    make_chains(teddy);
    choose_kernel(teddy);
    return teddy;
}

void csi_teddy_free(struct csi_teddy *teddy)
{
    csi_free(teddy);
}
