/* SPDX-License-Identifier: MIT */
/*
 * The order of cells, as far as 64 bits know it.
 *
 * A cell's prefix is its class (absent, null, ... as in cosend_compare), then
 * the first of its bits: of a number those of the double nearest to it, of a
 * text its first bytes and how many there are. Two prefixes without their
 * lowest bit are ordered as their cells are, or equal. Where they are equal and
 * the lowest bit says that nothing was left out, so are the cells.
 */
#ifndef CSI_SORT_KEY_H
#define CSI_SORT_KEY_H

#include "cosend/record.h"

uint64_t csi_sort_prefix(struct cosend_cell cell);

/* The prefix for the other direction. */
static inline uint64_t csi_sort_prefix_down(uint64_t prefix)
{
    return ~prefix ^ 1;
}

/* The order of two prefixes of one direction: negative, 0 or positive. */
static inline int csi_sort_prefix_order(uint64_t a, uint64_t b)
{
    return (a >> 1 > b >> 1) - (a >> 1 < b >> 1);
}

/* Whether cells of this prefix are all the same. */
static inline bool csi_sort_prefix_is_all(uint64_t prefix)
{
    return prefix & 1;
}

/* The order of two cells: negative, 0 or positive. */
int csi_sort_compare(struct cosend_cell a, struct cosend_cell b);

/* The same by a collation (enum cosend_collation) and in a direction, which
   blanks that it puts at one end do not heed. */
uint64_t csi_collate_prefix(struct cosend_cell cell, unsigned collation,
                            bool descending);
int csi_collate(struct cosend_cell a, struct cosend_cell b, unsigned collation,
                bool descending);

/* The bytes of a text that a prefix has. */
enum { CSI_SORT_PREFIX_BYTES = 7 };

/* Whether cells of a prefix are texts that go on behind it, and are ordered by
   the prefixes of what they go on with. */
bool csi_collate_goes_on(uint64_t prefix, unsigned collation, bool descending);
/* The prefix of such a cell without its first `skip` bytes. */
uint64_t csi_collate_prefix_behind(struct cosend_cell cell, uint32_t skip,
                                   unsigned collation, bool descending);

#endif
