/* SPDX-License-Identifier: MIT */
/*
 * What Volnitsky's search knows of its strings: their grams, their windows, and
 * which strings have the same one. volnitsky.c says what for.
 */
#ifndef CSI_VOLNITSKY_INDEX_H
#define CSI_VOLNITSKY_INDEX_H

#include "base/short.h"
#include "match/bloom.h"
#include "match/volnitsky.h"

enum {
    CSI_VOLNITSKY_WORD = 8, /* bytes that are looked at together, at most */
    CSI_VOLNITSKY_MOST_STEP = 8
};

/* Stands for no string. */
#define CSI_VOLNITSKY_NONE UINT32_MAX

struct csi_volnitsky_string {
    const char *text; /* in small letters where case is ignored */
    size_t length;
    uint32_t bucket;
    uint32_t parent; /* the longest other one that is a prefix, or NONE */
};

struct csi_volnitsky_index {
    struct csi_volnitsky_options options;
    size_t least; /* bytes of the shortest string */
    size_t step;  /* 1, 2, 4 or 8 */
    size_t gram;  /* bytes of one */
    size_t offset;
    uint64_t fold; /* bits that do not count in a word of text */
    uint64_t gram_mask, window_mask;
    struct csi_bloom grams, windows;
    unsigned bucket_shift;
    uint32_t *buckets; /* first strings of them, and the last one's end */
    struct csi_volnitsky_string *strings;
    size_t count;
    char *text;
};

/*
 * Make one, of zeros, for strings; free it in any case.
 *
 * Returns false without memory.
 */
bool csi_volnitsky_index_init(struct csi_volnitsky_index *index,
                              const struct csi_string *strings, size_t count,
                              const struct csi_volnitsky_options *options);
void csi_volnitsky_index_free(struct csi_volnitsky_index *index);

static inline char csi_volnitsky_folded(const struct csi_volnitsky_index *index,
                                        char c)
{
    return index->options.ignore_case ? csi_small(c) : c;
}

/* The hash of the gram at a place that has a whole word before its text's
   end. */
static inline uint64_t csi_volnitsky_gram(const struct csi_volnitsky_index *v,
                                          const char *text)
{
    return csi_bloom_hash((csi_load64(text) | v->fold) & v->gram_mask);
}

/* The hash of the window at a place, of which no byte behind `end` is read. */
static inline uint64_t csi_volnitsky_window(const struct csi_volnitsky_index *v,
                                            const char *text, const char *end)
{
    char bytes[CSI_VOLNITSKY_WORD] = {0};

    if (end - text < CSI_VOLNITSKY_WORD) {
        memcpy(bytes, text, (size_t)(end - text));
        text = bytes;
    }
    return csi_bloom_hash((csi_load64(text) | v->fold) & v->window_mask);
}

#endif
