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
#include "base/simd.h"
#include "match/volnitsky_index.h"

#include <string.h>

enum { STRETCH = 64 }; /* bytes of text between two looks at what was found */

struct csi_volnitsky {
    struct csi_volnitsky_index index;
    const char *(*scan)(const struct csi_volnitsky_index *v, const char *text,
                        const char *end, uint64_t *places); /* the kernel */
};

/* ---- Looking up ---------------------------------------------------------- */

/* How many bytes of a string are at the start of a text, and whether it is
   greater than the text from there on. */
static size_t common(const struct csi_volnitsky_index *v,
                     const struct csi_volnitsky_string *string,
                     const char *text, size_t length, bool *greater)
{
    size_t most = length < string->length ? length : string->length, i = 0;

    if (!v->options.ignore_case)
        while (most - i >= CSI_VOLNITSKY_WORD &&
               csi_load64(string->text + i) == csi_load64(text + i))
            i += CSI_VOLNITSKY_WORD;
    while (i < most && string->text[i] == csi_volnitsky_folded(v, text[i]))
        i++;
    *greater = i == most ? i < string->length
                         : (unsigned char)string->text[i] >
                               (unsigned char)csi_volnitsky_folded(v, text[i]);
    return i;
}

/* The last string of a bucket that is not greater than the text, or
   CSI_VOLNITSKY_NONE; and how many bytes of it are the text's. */
static uint32_t last_before(const struct csi_volnitsky_index *v, size_t bucket,
                            const char *text, size_t length, size_t *same)
{
    uint32_t low = v->buckets[bucket], high = v->buckets[bucket + 1];
    uint32_t last = CSI_VOLNITSKY_NONE;

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

static bool is_allowed(const struct csi_volnitsky_index *v, const char *at,
                       size_t length, const char *start, const char *end)
{
    if (v->options.whole)
        return at + length == end;
    return !v->options.word ||
           (!csi_letter_before(v->options.letters, start, at) &&
            !csi_letter_behind(v->options.letters, at + length, end));
}

/* Whether some string of a bucket is at a place. */
static bool look_up_bucket(const struct csi_volnitsky_index *v, size_t bucket,
                           const char *at, const char *start, const char *end)
{
    size_t same = 0;
    uint32_t i = last_before(v, bucket, at, (size_t)(end - at), &same);

    for (; i != CSI_VOLNITSKY_NONE; i = v->strings[i].parent) {
        const struct csi_volnitsky_string *string = &v->strings[i];

        if (string->length <= same &&
            is_allowed(v, at, string->length, start, end))
            return true;
    }
    return false;
}

/* Whether some string is at a place from which on the shortest has room. */
static bool is_some_at(const struct csi_volnitsky_index *v, const char *at,
                       const char *start, const char *end)
{
    uint64_t hashed = csi_volnitsky_window(v, at + v->offset, end);

    return csi_bloom_has(&v->windows, hashed) &&
           look_up_bucket(v, hashed >> v->bucket_shift, at, start, end);
}

/* Where some string is whose window has its gram here, with a whole word before
   the text's end; or NULL. */
static const char *verify_gram(const struct csi_volnitsky_index *v,
                               const char *place, const char *start,
                               const char *end)
{
    for (size_t back = v->step; back--;) {
        const char *window = place - back;
        uint64_t hashed =
            csi_bloom_hash((csi_load64(window) | v->fold) & v->window_mask);

        if (csi_bloom_has(&v->windows, hashed) &&
            (size_t)(end - window) + v->offset >= v->least &&
            look_up_bucket(v, hashed >> v->bucket_shift, window - v->offset,
                           start, end))
            return window - v->offset;
    }
    return NULL;
}

/* ---- Searching ----------------------------------------------------------- */

#define INLINE __attribute__((always_inline)) static inline

/* Whether a gram is at a place: 1 or 0. */
INLINE uint64_t look_at_gram(const struct csi_volnitsky_index *v,
                             const char *text)
{
    uint64_t hash = csi_volnitsky_gram(v, text);

    return csi_bloom_bit(v->grams.words[hash >> v->grams.shift], hash);
}

/* The same of eight places. */
INLINE uint64_t look_8(const struct csi_volnitsky_index *v, const char *text,
                       size_t step)
{
    return look_at_gram(v, text) | look_at_gram(v, text + step) << 1 |
           look_at_gram(v, text + 2 * step) << 2 |
           look_at_gram(v, text + 3 * step) << 3 |
           look_at_gram(v, text + 4 * step) << 4 |
           look_at_gram(v, text + 5 * step) << 5 |
           look_at_gram(v, text + 6 * step) << 6 |
           look_at_gram(v, text + 7 * step) << 7;
}

/* From `text` on, a stretch after the other, the first one in which some place
   has a gram; the places as bits. */
INLINE const char *scan_grams(const struct csi_volnitsky_index *v,
                              const char *text, const char *end,
                              uint64_t *places, size_t step)
{
    uint64_t found = 0;

    for (; end - text >= STRETCH + CSI_VOLNITSKY_WORD; text += STRETCH) {
        for (size_t i = 0; i < STRETCH / step; i += 8)
            found |= look_8(v, text + i * step, step) << i;
        if (found)
            break;
    }
    *places = found;
    return text;
}

/* A search is made for each step, which is a constant then, and for machines
   that shift by any number at once. */
#define SCAN(STATIC, NAME, STEP)                                               \
    STATIC const char *NAME(const struct csi_volnitsky_index *v,               \
                            const char *text, const char *end,                 \
                            uint64_t *places)                                  \
    {                                                                          \
        return scan_grams(v, text, end, places, STEP);                         \
    }

SCAN(static, scan_1, 1)
SCAN(static, scan_2, 2)
SCAN(static, scan_4, 4)
SCAN(static, scan_8, 8)

#if defined(__x86_64__)
#define BMI2 __attribute__((target("bmi2"))) static

SCAN(BMI2, bmi2_1, 1)
SCAN(BMI2, bmi2_2, 2)
SCAN(BMI2, bmi2_4, 4)
SCAN(BMI2, bmi2_8, 8)
#endif

static void choose_kernel(struct csi_volnitsky *volnitsky)
{
    size_t step = volnitsky->index.step;

    volnitsky->scan = step == 8   ? scan_8
                      : step == 4 ? scan_4
                      : step == 2 ? scan_2
                                  : scan_1;
#if defined(__x86_64__)
    if (csi_simd_level() >= CSI_SIMD_AVX2)
        volnitsky->scan = step == 8   ? bmi2_8
                          : step == 4 ? bmi2_4
                          : step == 2 ? bmi2_2
                                      : bmi2_1;
#endif
}

/* The places behind the last stretch, and what is behind those. */
static const char *find_last(const struct csi_volnitsky_index *v,
                             const char *place, const char *start,
                             const char *end)
{
    const char *at = start, *found;

    if (place) {
        for (; end - place >= CSI_VOLNITSKY_WORD; place += v->step)
            if (csi_bloom_has(&v->grams, csi_volnitsky_gram(v, place)) &&
                (found = verify_gram(v, place, start, end)))
                return found;
        at = place - (v->step - 1) - v->offset;
    }
    for (; (size_t)(end - at) >= v->least; at++)
        if (is_some_at(v, at, start, end))
            return at;
    return NULL;
}

const char *csi_volnitsky_find(const struct csi_volnitsky *volnitsky,
                               const char *text, const char *end)
{
    const struct csi_volnitsky_index *v = &volnitsky->index;
    size_t lead = v->offset + v->step - 1;
    const char *place, *found;
    uint64_t places;

    if ((size_t)(end - text) < lead + CSI_VOLNITSKY_WORD)
        return find_last(v, NULL, text, end);
    for (place = text + lead;; place += STRETCH) {
        place = volnitsky->scan(v, place, end, &places);
        if (!places)
            return find_last(v, place, text, end);
        for (; places; places &= places - 1) {
            size_t i = (size_t)__builtin_ctzll(places);

            found = verify_gram(v, place + i * v->step, text, end);
            if (found)
                return found;
        }
    }
}

bool csi_volnitsky_is(const struct csi_volnitsky *volnitsky, const char *text,
                      size_t length)
{
    return length >= volnitsky->index.least &&
           is_some_at(&volnitsky->index, text, text, text + length);
}

/* ---- Making -------------------------------------------------------------- */

struct csi_volnitsky *
csi_volnitsky_new(const struct csi_string *strings, size_t count,
                  const struct csi_volnitsky_options *options)
{
    struct csi_volnitsky *volnitsky = csi_calloc(1, sizeof(*volnitsky));

    if (volnitsky &&
        csi_volnitsky_index_init(&volnitsky->index, strings, count, options)) {
        choose_kernel(volnitsky);
        return volnitsky;
    }
    csi_volnitsky_free(volnitsky);
    return NULL;
}

void csi_volnitsky_free(struct csi_volnitsky *volnitsky)
{
    if (volnitsky)
        csi_volnitsky_index_free(&volnitsky->index);
    csi_free(volnitsky);
}
