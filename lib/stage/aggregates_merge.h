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

/*
 * Bring aggregates into the index by which threads find each other's groups:
 * see stage/groups_joint.h, and csi_groups_join for what is returned.
 */
int csi_aggregates_join(struct cosend_aggregates *all);

/*
 * Take aggregates of another thread, of the same filter with the same options,
 * away from it: it has no groups any more. What was taken is to be united,
 * once, by so many threads, before it is looked at.
 *
 * Taking returns COSEND_OK; COSEND_DONE, with both as they were, where they can
 * only be merged; or COSEND_E_MEMORY. Uniting returns COSEND_OK or an error.
 */
int csi_aggregates_take(struct cosend_aggregates *all,
                        struct cosend_aggregates *from);
int csi_aggregates_unite(struct cosend_aggregates *all, uint32_t threads);

#endif
