/* SPDX-License-Identifier: MIT */
#include "group/superaccumulator.h"

#include <string.h>

enum { CHUNK_BITS = 32, LAST = CSI_WIDE_CHUNKS - 1 };

static void propagate(struct csi_wide *wide)
{
    int64_t carry = 0;

    for (int i = 0; i < LAST; i++) {
        int64_t chunk = wide->chunks[i] + carry;

        wide->chunks[i] = chunk & UINT32_MAX;
        carry = chunk >> CHUNK_BITS;
    }
    wide->chunks[LAST] += carry;
    wide->adds = 0;
}

static void make_room_for_add(struct csi_wide *wide)
{
    if (++wide->adds == CSI_WIDE_ADDS)
        propagate(wide);
}

void csi_wide_add_double(struct csi_wide *wide, double value)
{
    uint64_t bits, fraction;
    unsigned exponent, position, shift;
    int64_t low, high, *chunk;

    memcpy(&bits, &value, sizeof(bits));
    fraction = bits & ((UINT64_C(1) << 52) - 1);
    exponent = (unsigned)(bits >> 52) & 0x7ff;
    if (exponent == 0)
        exponent = 1;
    else
        fraction |= UINT64_C(1) << 52;

    position = exponent + CSI_WIDE_POINT - 1075;
    shift = position % CHUNK_BITS;
    low = (int64_t)(fraction << shift & UINT32_MAX);
    high = (int64_t)(fraction >> (CHUNK_BITS - shift));
    chunk = &wide->chunks[position / CHUNK_BITS];
    make_room_for_add(wide);
    if (bits >> 63) {
        chunk[0] -= low;
        chunk[1] -= high;
    } else {
        chunk[0] += low;
        chunk[1] += high;
    }
}

void csi_wide_add_integer(struct csi_wide *wide, bool negative,
                          const uint32_t pieces[], size_t count)
{
    int64_t *chunk = &wide->chunks[CSI_WIDE_POINT / CHUNK_BITS];

    make_room_for_add(wide);
    for (size_t i = 0; i < count; i++)
        chunk[i] += negative ? -(int64_t)pieces[i] : (int64_t)pieces[i];
}

void csi_wide_add_wide(struct csi_wide *wide, const struct csi_wide *other)
{
    uint64_t words[CSI_WIDE_WORDS];
    struct csi_wide normal;

    csi_wide_get_words(other, words);
    csi_wide_set_words(&normal, words);
    wide->rounded |= other->rounded;
    make_room_for_add(wide);
    for (int i = 0; i < CSI_WIDE_CHUNKS; i++)
        wide->chunks[i] += normal.chunks[i];
}

void csi_wide_get_words(const struct csi_wide *wide,
                        uint64_t words[CSI_WIDE_WORDS])
{
    struct csi_wide normal = *wide;

    propagate(&normal);
    for (int i = 0; i < CSI_WIDE_WORDS; i++)
        words[i] = (uint64_t)normal.chunks[2 * i] |
                   (uint64_t)normal.chunks[2 * i + 1] << CHUNK_BITS;
}

void csi_wide_set_words(struct csi_wide *wide,
                        const uint64_t words[CSI_WIDE_WORDS])
{
    memset(wide, 0, sizeof(*wide));
    for (int i = 0; i < CSI_WIDE_WORDS; i++) {
        wide->chunks[2 * i] = (int64_t)(words[i] & UINT32_MAX);
        wide->chunks[2 * i + 1] = (int64_t)(words[i] >> CHUNK_BITS);
    }
    wide->chunks[LAST] = (int32_t)wide->chunks[LAST];
}
