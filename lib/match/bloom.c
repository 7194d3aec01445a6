/* SPDX-License-Identifier: MIT */
#include "match/bloom.h"

#include "base/base.h"

#include <string.h>

enum {
    LEAST_BITS = 15, /* a filter's, as a power of two */
    BITS_EACH = 16,  /* for each member, at least */
    WORD_BITS = 6    /* 64, as a power of two */
};

bool csi_bloom_init(struct csi_bloom *bloom, uint64_t members)
{
    unsigned bits = LEAST_BITS;

    while (UINT64_C(1) << bits < BITS_EACH * members)
        bits++;
    bloom->shift = 64 - (bits - WORD_BITS);
    bloom->words =
        csi_calloc((size_t)1 << (bits - WORD_BITS), sizeof(*bloom->words));
    return bloom->words != NULL;
}

void csi_bloom_clear(struct csi_bloom *bloom)
{
    memset(bloom->words, 0, sizeof(*bloom->words) << (64 - bloom->shift));
}

void csi_bloom_free(struct csi_bloom *bloom)
{
    csi_free(bloom->words);
    bloom->words = NULL;
}
