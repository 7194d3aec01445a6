/* SPDX-License-Identifier: MIT */
/* Numbers with so many digits behind the point, for people. */
#ifndef CSI_NUMBER_FIXED_H
#define CSI_NUMBER_FIXED_H

#include <stddef.h>

enum { CSI_FIXED_DECIMALS = 100 }; /* at most */

/* The bytes that csi_number_fixed writes of a text of so many, at most. */
static inline size_t csi_fixed_room(size_t length, unsigned decimals)
{
    return length + 320 + decimals;
}

/*
 * Write the number that a text says, with exactly so many digits behind the
 * point, and no point where these are 0. It is rounded as it stands in the
 * text, in decimal, halves away from zero: 2.675 to two digits is 2.68. What
 * becomes zero has no sign.
 *
 * Returns how many bytes it has; 0 where the text is no number.
 */
size_t csi_number_fixed(const char *text, size_t length, unsigned decimals,
                        char *out);

#endif
