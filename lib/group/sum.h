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
#include "cosend/value.h"
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

/* What csi_sum_scaled_text made of a text. */
enum csi_scaled { CSI_NO_NUMBER, CSI_SCALED, CSI_NEAREST };

/*
 * A cell's text as what a sum adds for it: a count of 10^-9s, below 10^28 and
 * exact, or the double nearest to it.
 */
enum csi_scaled csi_sum_scaled_text(const char *text, size_t length,
                                    csi_int128 *scaled, double *nearest);

/* The same of an INT, or a DOUBLE that is finite, as it is printed. */
enum csi_scaled csi_sum_scaled_value(const struct cosend_value *value,
                                     csi_int128 *scaled, double *nearest);

/* cosend_sum_add of what an INT or a DOUBLE that is finite is printed as. */
int csi_sum_add_value(struct cosend_sum *sum, const struct cosend_value *value);

#endif
