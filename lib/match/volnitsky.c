/* SPDX-License-Identifier: MIT */
/*
 * The search for any number of strings at once, after Leonid Volnitsky's
 * substring search
 * ("Volnitsky substring search", 2011), whose idea it carries over to several
 * strings, as ClickHouse's MultiVolnitsky does.
 *
 * The text is looked at in steps, not at each byte. Of every string one part,
 * its window, is chosen, `offset` bytes from its start: as many bytes as a gram
 * has, and step - 1 more. So whatever the text's bytes before it, one of the
 * places looked at falls into the window's first `step` bytes, and finds one of
 * the window's `step` grams there:
 *
 *     text       . . . . w w w w w w w w . . . .     step 4, grams of 5 bytes
 *     looked at    ^       ^       ^       ^
 *     grams              [g g g g g]                 the 2nd of the window
 *                        ^ place
 *                      [w w w w w w w w]             window = place - 1
 *
 * All grams of all windows are in one bitmap, by their hashes: `grams`. Where
 * the bit of a place's gram is set, the `step` windows that it may be part of
 * are looked at: a second bitmap, `windows`, has the hashes of the windows'
 * first eight bytes, and where that has the bit too, strings are compared.
 *
 * Those with the same hash of their window are a bucket, in ascending order.
 * What could be there is found by halving: if a string is at a place, then the
 * last one of the bucket that is not greater than the text from there on has it
 * as a prefix, or is it. So a place costs one search by halves, whatever the
 * strings have in common. A string of which another one is a prefix is dropped
 * when all are made ready; but where only words count, or whole lines, it may
 * be there where its prefix is not, and each string knows the longest other one
 * that is its prefix.
 *
 * Invariants: every window has its `step` bits in `grams` and one in `windows`;
 * a bucket is in ascending order, without two that are the same; all of a
 * bucket begin at the same distance from the window.
 *
 * Memory: 24 bytes and its own for each string, 4 to 8 for its bucket, and
 * bitmaps of 2 to 4 bytes and 1 to 2 for each of its grams; while it is made,
 * the strings are there twice. Time to make: linear, but for sorting buckets.
 *
 * Limits: as many strings as a uint32_t counts. The filter is as good as the
 * grams are rare: strings of one or two bytes fill it, and every place is then
 * looked up. Text that has the windows of strings everywhere, and not the
 * strings, costs a search by halves a byte.
 */
#include "match/volnitsky.h"

#include "base/base.h"
#include "base/short.h"
#include "base/simd.h"
#include "match/bytes.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORD = 8,         /* bytes that are looked at together, at most */
    STRETCH = 64,     /* bytes of text between two looks at what was found */
    MOST_STEP = 8,    /* 1, 2, 4 or 8 */
    LEAST_BITS = 15,  /* a bitmap's length, as a power of two */
    OFFSETS = 16,     /* that are tried out */
    SAMPLE = 4096,    /* strings by which they are */
    SAMPLE_BITS = 16, /* of the bitmap for that */
    NO_PARENT = UINT32_MAX
};

struct string {
    const char *text; /* in small letters where case is ignored */
    size_t length;
    uint32_t bucket;
    uint32_t parent; /* the longest other one that is a prefix, or NO_PARENT */
};

/* A set of hashes, which are as long as its length, a power of two, allows. */
struct bitmap {
    uint64_t *words;
    unsigned shift; /* of a hash */
};

struct csi_volnitsky {
    const char *(*scan)(const struct csi_volnitsky *v, const char *text,
                        const char *end, uint64_t *places);
    struct csi_volnitsky_options options;
    size_t least; /* bytes of the shortest string */
    size_t step, gram, offset;
    uint64_t fold; /* bits that do not count in a word of text */
    uint64_t gram_mask, window_mask;
    struct bitmap grams, windows;
    unsigned bucket_shift;
    uint32_t *buckets; /* first strings of them, and the last one's end */
    struct string *strings;
    size_t count;
    char *text;
};

/* ---- Hashes -------------------------------------------------------------- */

/* Multiplicative hashing by the golden ratio (Knuth, volume 3, 6.4). */
static inline uint64_t hash(uint64_t word)
{
    return word * UINT64_C(0x9e3779b97f4a7c15);
}

/* Each hash has two bits of one word: a blocked Bloom filter (Putze, Sanders
   and Singler, "Cache-, Hash- and Space-Efficient Bloom Filters", 2007). */
static inline uint64_t both_bits(uint64_t word, uint64_t hashed)
{
    return word >> (hashed >> 32) % 64 & word >> (hashed >> 38) % 64 & 1;
}

static inline bool has(const struct bitmap *bitmap, uint64_t hashed)
{
    return both_bits(bitmap->words[hashed >> bitmap->shift], hashed);
}

static void set(struct bitmap *bitmap, uint64_t hashed)
{
    bitmap->words[hashed >> bitmap->shift] |=
        UINT64_C(1) << (hashed >> 32) % 64 | UINT64_C(1) << (hashed >> 38) % 64;
}

static inline uint64_t gram_at(const struct csi_volnitsky *v, const char *text)
{
    return hash((csi_load64(text) | v->fold) & v->gram_mask);
}

/* Of a window of which no more than its bytes may be read. */
static uint64_t window_at(const struct csi_volnitsky *v, const char *text,
                          const char *end)
{
    char bytes[WORD] = {0};

    if (end - text >= WORD)
        return hash((csi_load64(text) | v->fold) & v->window_mask);
    memcpy(bytes, text, (size_t)(end - text));
    return hash((csi_load64(bytes) | v->fold) & v->window_mask);
}

/* ---- Looking up ---------------------------------------------------------- */

static inline char folded(const struct csi_volnitsky *v, char c)
{
    return v->options.ignore_case ? csi_small(c) : c;
}

/* How many bytes of a string are at the start of a text, and whether it is
   greater than the text from there on. */
static size_t common(const struct csi_volnitsky *v, const struct string *string,
                     const char *text, size_t length, bool *greater)
{
    size_t most = length < string->length ? length : string->length, i = 0;

    if (!v->options.ignore_case)
        while (most - i >= WORD &&
               csi_load64(string->text + i) == csi_load64(text + i))
            i += WORD;
    while (i < most && string->text[i] == folded(v, text[i]))
        i++;
    *greater = i == most ? i < string->length
                         : (unsigned char)string->text[i] >
                               (unsigned char)folded(v, text[i]);
    return i;
}

/* The last string of a bucket that is not greater than the text, or NO_PARENT;
   and how many bytes of it are the text's. */
static uint32_t last_before(const struct csi_volnitsky *v, size_t bucket,
                            const char *text, size_t length, size_t *same)
{
    uint32_t low = v->buckets[bucket], high = v->buckets[bucket + 1];
    uint32_t last = NO_PARENT;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        bool greater;
        size_t bytes = common(v, &v->strings[middle], text, length, &greater);

        if (greater) {
            high = middle;
        } else {
            last = middle;
            *same = bytes;
            low = middle + 1;
        }
    }
    return last;
}

static bool is_allowed(const struct csi_volnitsky *v, const char *at,
                       size_t length, const char *start, const char *end)
{
    if (v->options.whole)
        return at + length == end;
    return !v->options.word ||
           ((at == start || !csi_is_word(at[-1])) &&
            (at + length == end || !csi_is_word(at[length])));
}

/* Whether some string of a bucket is at a place. */
static bool look_up(const struct csi_volnitsky *v, size_t bucket,
                    const char *at, const char *start, const char *end)
{
    size_t same = 0;
    uint32_t i = last_before(v, bucket, at, (size_t)(end - at), &same);

    for (; i != NO_PARENT; i = v->strings[i].parent) {
        const struct string *string = &v->strings[i];

        if (string->length <= same &&
            is_allowed(v, at, string->length, start, end))
            return true;
    }
    return false;
}

/* Whether some string is at a place from which on the shortest has room. */
static bool is_at(const struct csi_volnitsky *v, const char *at,
                  const char *start, const char *end)
{
    uint64_t hashed = window_at(v, at + v->offset, end);

    return has(&v->windows, hashed) &&
           look_up(v, hashed >> v->bucket_shift, at, start, end);
}

/* Where some string is whose window has its gram here, with a whole word before
   the text's end; or NULL. */
static const char *verify(const struct csi_volnitsky *v, const char *place,
                          const char *start, const char *end)
{
    for (size_t back = v->step; back--;) {
        const char *window = place - back;
        uint64_t hashed = hash((csi_load64(window) | v->fold) & v->window_mask);

        if (has(&v->windows, hashed) &&
            (size_t)(end - window) + v->offset >= v->least &&
            look_up(v, hashed >> v->bucket_shift, window - v->offset, start,
                    end))
            return window - v->offset;
    }
    return NULL;
}

/* ---- Searching ----------------------------------------------------------- */

#define INLINE __attribute__((always_inline)) static inline

/* From `text` on, a stretch after the other, the first one in which some place
   has a gram; the places as bits. */
INLINE const char *scan(const struct csi_volnitsky *v, const char *text,
                        const char *end, uint64_t *places, size_t step)
{
    const uint64_t *words = v->grams.words;
    uint64_t fold = v->fold, mask = v->gram_mask, found = 0;
    unsigned shift = v->grams.shift;

    for (; end - text >= STRETCH + WORD; text += STRETCH) {
#pragma GCC unroll 16
        for (size_t i = 0; i < STRETCH / step; i++) {
            uint64_t word = csi_load64(text + i * step) | fold;
            uint64_t hashed = hash(word & mask);

            found |= both_bits(words[hashed >> shift], hashed) << i;
        }
        if (found)
            break;
    }
    *places = found;
    return text;
}

/* A search is made for each step, which is a constant then, and for machines
   that shift by any number at once. */
#define SCAN(NAME, STEP)                                                       \
    static const char *NAME(const struct csi_volnitsky *v, const char *text,   \
                            const char *end, uint64_t *places)                 \
    {                                                                          \
        return scan(v, text, end, places, STEP);                               \
    }

SCAN(scan_1, 1)
SCAN(scan_2, 2)
SCAN(scan_4, 4)
SCAN(scan_8, 8)

#if defined(__x86_64__)
#define BMI2 __attribute__((target("bmi2")))

BMI2 SCAN(bmi2_1, 1) BMI2 SCAN(bmi2_2, 2) BMI2 SCAN(bmi2_4, 4) BMI2
    SCAN(bmi2_8, 8)
#endif

        static void choose_kernel(struct csi_volnitsky *v)
{
    v->scan = v->step == 8   ? scan_8
              : v->step == 4 ? scan_4
              : v->step == 2 ? scan_2
                             : scan_1;
#if defined(__x86_64__)
    if (csi_simd_level() >= CSI_SIMD_AVX2)
        v->scan = v->step == 8   ? bmi2_8
                  : v->step == 4 ? bmi2_4
                  : v->step == 2 ? bmi2_2
                                 : bmi2_1;
#endif
}

/* The places behind the last stretch, and what is behind those. */
static const char *find_last(const struct csi_volnitsky *v, const char *place,
                             const char *start, const char *end)
{
    const char *at = start, *found;

    if (place) {
        for (; end - place >= WORD; place += v->step)
            if (has(&v->grams, gram_at(v, place)) &&
                (found = verify(v, place, start, end)))
                return found;
        at = place - (v->step - 1) - v->offset;
    }
    for (; (size_t)(end - at) >= v->least; at++)
        if (is_at(v, at, start, end))
            return at;
    return NULL;
}

const char *csi_volnitsky_find(const struct csi_volnitsky *v, const char *text,
                               const char *end)
{
    size_t lead = v->offset + v->step - 1;
    const char *place, *found;
    uint64_t places;

    if ((size_t)(end - text) < lead + WORD)
        return find_last(v, NULL, text, end);
    for (place = text + lead;; place += STRETCH) {
        place = v->scan(v, place, end, &places);
        if (!places)
            return find_last(v, place, text, end);
        for (; places; places &= places - 1) {
            size_t i = (size_t)__builtin_ctzll(places);

            found = verify(v, place + i * v->step, text, end);
            if (found)
                return found;
        }
    }
}

bool csi_volnitsky_is(const struct csi_volnitsky *v, const char *text,
                      size_t length)
{
    return length >= v->least && is_at(v, text, text, text + length);
}

size_t csi_volnitsky_step(const struct csi_volnitsky *v)
{
    return v->step;
}

/* ---- Making: what is looked for ------------------------------------------ */

/* Bits of a word's first bytes, in the order of memory. */
static uint64_t mask_of(size_t bytes)
{
    char mask[WORD] = {0};

    memset(mask, -1, bytes);
    return csi_load64(mask);
}

/*
 * The widest step for which grams are still rare: there should be four times as
 * many of them as the strings have, if a byte of text is as good as one of 16.
 */
static void choose_step(struct csi_volnitsky *v)
{
    for (v->step = MOST_STEP; v->step > 1; v->step /= 2) {
        size_t gram = v->least + 1 > v->step ? v->least + 1 - v->step : 0;
        unsigned bits = gram < WORD ? 4 * (unsigned)gram : 4 * WORD;

        if (gram && v->count * v->step <= (UINT64_C(1) << bits) / 4)
            break;
    }
    v->gram = v->least + 1 - v->step;
    if (v->gram > WORD)
        v->gram = WORD;
    v->gram_mask = mask_of(v->gram);
    v->window_mask = mask_of(v->least < WORD ? v->least : WORD);
}

/* How many of some strings have a window, that far from their starts, that
   another one has too; and how often its bytes are seen. */
static size_t crowd_at(const struct csi_volnitsky *v, size_t offset,
                       struct bitmap *seen)
{
    size_t crowd = 0, count = v->count < SAMPLE ? v->count : SAMPLE;

    memset(seen->words, 0, (size_t)1 << (SAMPLE_BITS - 3));
    for (size_t i = 0; i < count; i++) {
        const struct string *string = &v->strings[v->count / count * i];
        const char *window = string->text + offset;
        uint64_t hashed = window_at(v, window, string->text + string->length);

        crowd += has(seen, hashed) ? WORD * 100 : 0;
        for (size_t j = 0; j < v->gram; j++)
            crowd += csi_byte_frequency(window[j]);
        set(seen, hashed);
    }
    return crowd;
}

/* Where windows are the most different, and rare. */
static bool choose_offset(struct csi_volnitsky *v)
{
    size_t room = v->least - (v->gram + v->step - 1), least = SIZE_MAX;
    struct bitmap seen = {NULL, 64 + 6 - SAMPLE_BITS};
    size_t stride = room / OFFSETS + 1;

    if (!room)
        return true;
    seen.words = csi_malloc((size_t)1 << (SAMPLE_BITS - 3));
    if (!seen.words)
        return false;
    for (size_t offset = 0; offset <= room; offset += stride) {
        size_t crowd = crowd_at(v, offset, &seen);

        if (crowd < least) {
            least = crowd;
            v->offset = offset;
        }
    }
    csi_free(seen.words);
    return true;
}

/* ---- Making: the buckets ------------------------------------------------- */

static bool make_strings(struct csi_volnitsky *v,
                         const struct csi_string *strings)
{
    size_t total = 0;
    char *to;

    for (size_t i = 0; i < v->count; i++)
        total += strings[i].length;
    v->text = to = csi_malloc(total);
    v->strings = csi_calloc(v->count, sizeof(*v->strings));
    if (!v->text || !v->strings)
        return false;
    v->least = SIZE_MAX;
    for (size_t i = 0; i < v->count; i++) {
        size_t length = strings[i].length;

        v->strings[i] = (struct string){to, length, 0, NO_PARENT};
        if (length < v->least)
            v->least = length;
        for (size_t j = 0; j < length; j++)
            *to++ = folded(v, strings[i].text[j]);
    }
    return true;
}

static int by_text(const void *left, const void *right)
{
    const struct string *a = left, *b = right;
    size_t most = a->length < b->length ? a->length : b->length;
    int order = memcmp(a->text, b->text, most);

    return order ? order : (a->length > b->length) - (a->length < b->length);
}

/* Put each string into its bucket: counting sort. buckets[i + 1] is where the
   next one of bucket i goes, and becomes where it ends. */
static bool sort_by_bucket(struct csi_volnitsky *v, size_t buckets)
{
    struct string *sorted = csi_malloc(v->count * sizeof(*sorted));
    uint32_t first = 0;

    if (!sorted)
        return false;
    for (size_t i = 0; i < v->count; i++) {
        struct string *string = &v->strings[i];
        uint64_t hashed = window_at(v, string->text + v->offset,
                                    string->text + string->length);

        string->bucket = (uint32_t)(hashed >> v->bucket_shift);
        v->buckets[string->bucket + 1]++;
    }
    for (size_t i = 1; i <= buckets; i++) {
        uint32_t length = v->buckets[i];

        v->buckets[i] = first;
        first += length;
    }
    for (size_t i = 0; i < v->count; i++)
        sorted[v->buckets[v->strings[i].bucket + 1]++] = v->strings[i];
    csi_free(v->strings);
    v->strings = sorted;
    return true;
}

static bool is_prefix(const struct string *a, const struct string *b)
{
    return a->length <= b->length && memcmp(a->text, b->text, a->length) == 0;
}

/*
 * Sort a bucket and write it from `to` on, without those that are there, or
 * that their prefix finds. Returns its end.
 */
static uint32_t tidy(struct csi_volnitsky *v, uint32_t from, uint32_t end,
                     uint32_t to)
{
    bool prefixes = v->options.word || v->options.whole;
    uint32_t first = to;

    if (end - from > 1)
        qsort(v->strings + from, end - from, sizeof(*v->strings), by_text);
    for (; from < end; from++) {
        struct string *string = &v->strings[from];
        uint32_t parent = to > first ? to - 1 : NO_PARENT;

        /* What is a prefix of this one is one of the last one, or it. */
        while (parent != NO_PARENT && !is_prefix(&v->strings[parent], string))
            parent = v->strings[parent].parent;
        if (parent != NO_PARENT &&
            (!prefixes || v->strings[parent].length == string->length))
            continue;
        string->parent = parent;
        v->strings[to++] = *string;
    }
    return to;
}

static bool make_buckets(struct csi_volnitsky *v)
{
    unsigned bits = 1;
    uint32_t from = 0, to = 0;
    size_t buckets;

    while (bits < 31 && (size_t)1 << bits < v->count)
        bits++;
    buckets = (size_t)1 << bits;
    v->bucket_shift = 64 - bits;
    v->buckets = csi_calloc(buckets + 1, sizeof(*v->buckets));
    if (!v->buckets || !sort_by_bucket(v, buckets))
        return false;
    for (size_t i = 1; i <= buckets; i++) {
        uint32_t end = v->buckets[i];

        to = tidy(v, from, end, to);
        from = end;
        v->buckets[i] = to;
    }
    v->count = to;
    return true;
}

/* ---- Making: the bitmaps ------------------------------------------------- */

/* An empty one, with room for 16 to 32 times as many bits. */
static bool make_bitmap(struct bitmap *bitmap, uint64_t elements)
{
    unsigned bits = LEAST_BITS;

    while (UINT64_C(1) << bits < 16 * elements)
        bits++;
    bitmap->shift = 64 + 6 - bits;
    bitmap->words = csi_calloc((size_t)1 << (bits - 6), sizeof(uint64_t));
    return bitmap->words != NULL;
}

static uint64_t gram_of(const struct csi_volnitsky *v, const char *text)
{
    char bytes[WORD] = {0};

    memcpy(bytes, text, v->gram);
    return gram_at(v, bytes);
}

static bool make_bitmaps(struct csi_volnitsky *v)
{
    if (!make_bitmap(&v->grams, (uint64_t)v->count * v->step) ||
        !make_bitmap(&v->windows, v->count))
        return false;
    for (size_t i = 0; i < v->count; i++) {
        const struct string *string = &v->strings[i];
        const char *window = string->text + v->offset;

        set(&v->windows, window_at(v, window, string->text + string->length));
        for (size_t j = 0; j < v->step; j++)
            set(&v->grams, gram_of(v, window + j));
    }
    return true;
}

/* ---- Making -------------------------------------------------------------- */

struct csi_volnitsky *
csi_volnitsky_new(const struct csi_string *strings, size_t count,
                  const struct csi_volnitsky_options *options)
{
    struct csi_volnitsky *v = csi_calloc(1, sizeof(*v));

    if (!v)
        return NULL;
    v->options = *options;
    v->fold = options->ignore_case ? UINT64_C(0x2020202020202020) : 0;
    v->count = count;
    if (count < NO_PARENT && make_strings(v, strings)) {
        choose_step(v);
        choose_kernel(v);
        if (choose_offset(v) && make_buckets(v) && make_bitmaps(v))
            return v;
    }
    csi_volnitsky_free(v);
    return NULL;
}

void csi_volnitsky_free(struct csi_volnitsky *v)
{
    if (!v)
        return;
    csi_free(v->text);
    csi_free(v->strings);
    csi_free(v->buckets);
    csi_free(v->grams.words);
    csi_free(v->windows.words);
    csi_free(v);
}
