/* SPDX-License-Identifier: MIT */
/* How wide a text is on a terminal. */
#ifndef CSI_TABLE_WIDTH_H
#define CSI_TABLE_WIDTH_H

#include "base/short.h"
#include "cosend/record.h"

/* Columns of a terminal that text takes, control bytes counted as one. As
   wcwidth, but whatever the locale; scripts that are rare are approximated. */
size_t csi_width(const char *text, size_t length);

/* How many bytes of text, in whole characters, take at most `width`. *width
   becomes what they take. */
size_t csi_width_prefix(const char *text, size_t length, size_t *width);

/* Eight bytes; not 0 where one is a control or beyond ASCII. A byte that
   borrows from its neighbour, or carries into it, is one itself. */
static inline uint64_t csi_width_unplain(uint64_t bytes)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);

    return (bytes | (bytes - ones * ' ') | (bytes + ones)) & ones << 7;
}

/* Whether every byte of a cell is a character as wide as it is long. */
static inline bool csi_width_is_length(struct cosend_cell cell)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const unsigned char *p = (const unsigned char *)cell.data;
    size_t length = cell.length;
    uint64_t found;

    if (length == 0)
        return true;
    if (length < 4)
        return !csi_width_unplain(ones * ' ' << 24 | (uint64_t)p[0] << 16 |
                                  (uint64_t)p[length / 2] << 8 | p[length - 1]);
    if (length < 8)
        return !csi_width_unplain((uint64_t)csi_load32(p) << 32 |
                                  csi_load32(p + length - 4));
    found = csi_width_unplain(csi_load64(p + length - 8));
    for (; length > 8; length -= 8, p += 8)
        found |= csi_width_unplain(csi_load64(p));
    return !found;
}

#endif
