/* SPDX-License-Identifier: MIT */
#include "match/volnitsky_index.h"

#include "base/base.h"

#include <stdlib.h>
#include <string.h>

enum {
    OFFSETS = 16,  /* that are tried out */
    SAMPLE = 4096, /* strings by which they are */
    SHARED = 2000  /* what is worse about a window than its bytes */
};

/* ---- Making: what is looked for ------------------------------------------ */

/* Bits of a word's first bytes, in the order of memory. */
static uint64_t mask_of(size_t bytes)
{
    char mask[CSI_VOLNITSKY_WORD] = {0};

    memset(mask, -1, bytes);
    return csi_load64(mask);
}

/*
 * The widest step for which grams are still rare: there should be four times as
 * many of them as the strings have, if a byte of text is as good as one of 16.
 */
static void choose_step(struct csi_volnitsky_index *v)
{
    for (v->step = CSI_VOLNITSKY_MOST_STEP; v->step > 1; v->step /= 2) {
        size_t gram = v->least + 1 > v->step ? v->least + 1 - v->step : 0;
        unsigned bits = gram < CSI_VOLNITSKY_WORD ? 4 * (unsigned)gram
                                                  : 4 * CSI_VOLNITSKY_WORD;

        if (gram && v->count * v->step <= (UINT64_C(1) << bits) / 4)
            break;
    }
    v->gram = v->least + 1 - v->step;
    if (v->gram > CSI_VOLNITSKY_WORD)
        v->gram = CSI_VOLNITSKY_WORD;
    v->gram_mask = mask_of(v->gram);
    v->window_mask =
        mask_of(v->least < CSI_VOLNITSKY_WORD ? v->least : CSI_VOLNITSKY_WORD);
}

/* How many of some strings have a window, that far from their starts, that
   another one has too; and how often its bytes are seen. */
static size_t crowd_at(const struct csi_volnitsky_index *v, size_t offset,
                       struct csi_bloom *seen)
{
    size_t crowd = 0, count = v->count < SAMPLE ? v->count : SAMPLE;

    csi_bloom_clear(seen);
    for (size_t i = 0; i < count; i++) {
        const struct csi_volnitsky_string *string =
            &v->strings[v->count / count * i];
        const char *window = string->text + offset;
        uint64_t hashed =
            csi_volnitsky_window(v, window, string->text + string->length);

        crowd += csi_bloom_has(seen, hashed) ? SHARED : 0;
        for (size_t j = 0; j < v->gram + v->step - 1; j++)
            crowd += csi_byte_frequency(window[j]);
        csi_bloom_add(seen, hashed);
    }
    return crowd;
}

/* Where windows are the most different, and rare. */
static bool choose_offset(struct csi_volnitsky_index *v)
{
    size_t room = v->least - (v->gram + v->step - 1), least = SIZE_MAX;
    struct csi_bloom seen;
    size_t stride = room / OFFSETS + 1;

    if (!room)
        return true;
    if (!csi_bloom_init(&seen, SAMPLE))
        return false;
    for (size_t offset = 0; offset <= room; offset += stride) {
        size_t crowd = crowd_at(v, offset, &seen);

        if (crowd < least) {
            least = crowd;
            v->offset = offset;
        }
    }
    csi_bloom_free(&seen);
    return true;
}

/* ---- Making: the buckets ------------------------------------------------- */

static bool make_strings(struct csi_volnitsky_index *v,
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

        v->strings[i] =
            (struct csi_volnitsky_string){to, length, 0, CSI_VOLNITSKY_NONE};
        if (length < v->least)
            v->least = length;
        for (size_t j = 0; j < length; j++)
            *to++ = csi_volnitsky_folded(v, strings[i].text[j]);
    }
    return true;
}

static int by_text(const void *left, const void *right)
{
    const struct csi_volnitsky_string *a = left, *b = right;
    size_t most = a->length < b->length ? a->length : b->length;
    int order = memcmp(a->text, b->text, most);

    return order ? order : (a->length > b->length) - (a->length < b->length);
}

/* Put each string into its bucket: counting sort. buckets[i + 1] is where the
   next one of bucket i goes, and becomes where it ends. */
static bool sort_by_bucket(struct csi_volnitsky_index *v, size_t buckets)
{
    struct csi_volnitsky_string *sorted =
        csi_malloc(v->count * sizeof(*sorted));
    uint32_t first = 0;

    if (!sorted)
        return false;
    for (size_t i = 0; i < v->count; i++) {
        struct csi_volnitsky_string *string = &v->strings[i];
        uint64_t hashed = csi_volnitsky_window(v, string->text + v->offset,
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

static bool is_prefix(const struct csi_volnitsky_string *a,
                      const struct csi_volnitsky_string *b)
{
    return a->length <= b->length && memcmp(a->text, b->text, a->length) == 0;
}

/*
 * Sort a bucket and write it from `to` on, without those that are there, or
 * that their prefix finds. Returns its end.
 */
static uint32_t tidy(struct csi_volnitsky_index *v, uint32_t from, uint32_t end,
                     uint32_t to)
{
    bool prefixes = v->options.word || v->options.whole;
    uint32_t first = to;

    if (end - from > 1)
        qsort(v->strings + from, end - from, sizeof(*v->strings), by_text);
    for (; from < end; from++) {
        struct csi_volnitsky_string *string = &v->strings[from];
        uint32_t parent = to > first ? to - 1 : CSI_VOLNITSKY_NONE;

        /* What is a prefix of this one is one of the last one, or it. */
        while (parent != CSI_VOLNITSKY_NONE &&
               !is_prefix(&v->strings[parent], string))
            parent = v->strings[parent].parent;
        if (parent != CSI_VOLNITSKY_NONE &&
            (!prefixes || v->strings[parent].length == string->length))
            continue;
        string->parent = parent;
        v->strings[to++] = *string;
    }
    return to;
}

static bool make_buckets(struct csi_volnitsky_index *v)
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

static uint64_t gram_of(const struct csi_volnitsky_index *v, const char *text)
{
    char bytes[CSI_VOLNITSKY_WORD] = {0};

    memcpy(bytes, text, v->gram);
    return csi_volnitsky_gram(v, bytes);
}

static bool make_bitmaps(struct csi_volnitsky_index *v)
{
    if (!csi_bloom_init(&v->grams, (uint64_t)v->count * v->step) ||
        !csi_bloom_init(&v->windows, v->count))
        return false;
    for (size_t i = 0; i < v->count; i++) {
        const struct csi_volnitsky_string *string = &v->strings[i];
        const char *window = string->text + v->offset;

        csi_bloom_add(
            &v->windows,
            csi_volnitsky_window(v, window, string->text + string->length));
        for (size_t j = 0; j < v->step; j++)
            csi_bloom_add(&v->grams, gram_of(v, window + j));
    }
    return true;
}

/* ---- Making -------------------------------------------------------------- */

bool csi_volnitsky_index_init(struct csi_volnitsky_index *v,
                              const struct csi_string *strings, size_t count,
                              const struct csi_volnitsky_options *options)
{
    v->options = *options;
    v->fold = options->ignore_case ? UINT64_C(0x2020202020202020) : 0;
    v->count = count;
    if (count >= CSI_VOLNITSKY_NONE || !make_strings(v, strings))
        return false;
    choose_step(v);
    return choose_offset(v) && make_buckets(v) && make_bitmaps(v);
}

void csi_volnitsky_index_free(struct csi_volnitsky_index *v)
{
    csi_free(v->text);
    csi_free(v->strings);
    csi_free(v->buckets);
    csi_bloom_free(&v->grams);
    csi_bloom_free(&v->windows);
}
