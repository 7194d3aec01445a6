/* SPDX-License-Identifier: MIT */
/*
 * A fixed-point number so wide that every double, and every integer that a
 * double could hold, is added to it without rounding: Radford Neal's small
 * superaccumulator, "Fast exact summation using small and large
 * superaccumulators" (2015).
 *
 * It is cut into chunks of 32 bits, chunk i counting units of
 * 2^(32 * i - CSI_WIDE_POINT). Each has 64 bits of two's complement for them,
 * so that carries can wait for CSI_WIDE_ADDS additions. From one propagation
 * of carries to the next each chunk but the last starts within [0, 2^32); the
 * last alone bears the sign. 2^63 additions of what is below 2^1024 fit.
 */
#ifndef CSI_GROUP_WIDE_H
#define CSI_GROUP_WIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CSI_WIDE_POINT = 1088, /* bits behind the binary point */
    CSI_WIDE_CHUNKS = 68,
    CSI_WIDE_WORDS = CSI_WIDE_CHUNKS / 2,
    CSI_WIDE_PIECES = 32, /* of 32 bits, in an integer below 2^1024 */
    CSI_WIDE_ADDS = 1000  /* each adds less than 2^53 to a chunk */
};

struct csi_wide {
    int64_t chunks[CSI_WIDE_CHUNKS];
    uint32_t adds; /* since carries were last propagated */
    bool rounded;  /* the double nearest to some cell was added for it */
};

void csi_wide_add_double(struct csi_wide *wide, double value);

/* Add an integer, or subtract it: its magnitude in pieces of 32 bits, the
   least significant first. */
void csi_wide_add_integer(struct csi_wide *wide, bool negative,
                          const uint32_t pieces[], size_t count);

void csi_wide_add_wide(struct csi_wide *wide, const struct csi_wide *other);

/* The same as two's complement, the least significant word first. */
void csi_wide_get_words(const struct csi_wide *wide,
                        uint64_t words[CSI_WIDE_WORDS]);
void csi_wide_set_words(struct csi_wide *wide,
                        const uint64_t words[CSI_WIDE_WORDS]);

#endif
