/* SPDX-License-Identifier: MIT */
/* Aggregates of one thread that become part of another's. */
#ifndef CSI_AGGREGATES_H
#define CSI_AGGREGATES_H

#include "cosend/aggregate.h"

/*
 * Merge aggregates, which stay as they are, into those of the same filter with
 * the same options: what a save and a merge would do, without the bytes of all
 * groups.
 *
 * Returns COSEND_OK or an error.
 */
int csi_aggregates_merge_from(struct cosend_aggregates *all,
                              const struct cosend_aggregates *from);

#endif
