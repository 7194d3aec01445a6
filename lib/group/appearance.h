/* SPDX-License-Identifier: MIT */
/* The order in which groups first appeared. */
#ifndef CSI_GROUP_APPEARANCE_H
#define CSI_GROUP_APPEARANCE_H

#include <stddef.h>
#include <stdint.h>

/* A group's place in the order. */
struct csi_appearance {
    uint64_t first;
    size_t number; /* of the group in the table */
};

/*
 * Sort by `first`, of which `largest` has every bit that one has: 11 of them at
 * a time from the lowest, the least significant digit first, as punched cards
 * once were. The work goes back and forth between the two arrays.
 *
 * Returns the one in which it ended.
 */
struct csi_appearance *csi_appearances_sort(struct csi_appearance *places,
                                            struct csi_appearance *spare,
                                            size_t count, uint64_t largest);

#endif
