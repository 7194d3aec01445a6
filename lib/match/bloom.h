/* SPDX-License-Identifier: MIT */
/*
 * Sets of words that have no member too few, and a few too many: blocked Bloom
 * filters (Putze, Sanders and Singler, "Cache-, Hash- and Space-Efficient Bloom
 * Filters", 2007), in which each member has two bits of one word of 64.
 */
#ifndef CSI_BLOOM_H
#define CSI_BLOOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct csi_bloom {
    uint64_t *words; /* as many as a power of two */
    unsigned shift;  /* of a hash, to a word */
};

/* Multiplicative hashing by the golden ratio (Knuth, volume 3, 6.4). */
static inline uint64_t csi_bloom_hash(uint64_t word)
{
    return word * UINT64_C(0x9e3779b97f4a7c15);
}

/* Whether the one word that a hash has bits in has both: 1 or 0. */
static inline uint64_t csi_bloom_bit(uint64_t word, uint64_t hash)
{
    return word >> (hash >> 32) % 64 & word >> (hash >> 38) % 64 & 1;
}

static inline bool csi_bloom_has(const struct csi_bloom *bloom, uint64_t hash)
{
    return csi_bloom_bit(bloom->words[hash >> bloom->shift], hash);
}

static inline void csi_bloom_add(struct csi_bloom *bloom, uint64_t hash)
{
    bloom->words[hash >> bloom->shift] |=
        UINT64_C(1) << (hash >> 32) % 64 | UINT64_C(1) << (hash >> 38) % 64;
}

/*
 * Make an empty one, for so many members: of what is not in it, some 2 in a
 * hundred seem to be. It has two to four bytes for each, and 4 KiB at least.
 *
 * Returns false without memory.
 */
bool csi_bloom_init(struct csi_bloom *bloom, uint64_t members);
void csi_bloom_clear(struct csi_bloom *bloom);
void csi_bloom_free(struct csi_bloom *bloom);

#endif
