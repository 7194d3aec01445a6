/* SPDX-License-Identifier: MIT */
/*
 * A sum, as its parts: a 128-bit count of 10^-9s, which nearly all cells are
 * added to, and a wide accumulator for the others, made when the first comes.
 * When the former would overflow, its integer part moves to the latter. The
 * value is that of both together; it has no one representation.
 */
#ifndef CSI_GROUP_SUM_H
#define CSI_GROUP_SUM_H

#include "cosend/group.h"
#include "group/superaccumulator.h"

__extension__ typedef __int128 csi_int128;
__extension__ typedef unsigned __int128 csi_uint128;

#define CSI_SUM_SCALE INT64_C(1000000000)

static inline csi_int128 csi_sum_scaled(const struct cosend_sum *sum)
{
    return (csi_int128)((csi_uint128)sum->high << 64 | sum->low);
}

static inline void csi_sum_set_scaled(struct cosend_sum *sum, csi_int128 scaled)
{
    sum->low = (uint64_t)scaled;
    sum->high = (uint64_t)((csi_uint128)scaled >> 64);
}

#endif
