/* SPDX-License-Identifier: MIT */
/* Groups of several threads that become one without being moved. */
#ifndef CSI_GROUPS_PARTS_H
#define CSI_GROUPS_PARTS_H

#include "cosend/groups.h"

/* Whether the groups of one table are in the order of their first records, and
   have the room to say where they went. */
bool csi_groups_are_orderly(const struct cosend_groups *groups);

/*
 * Take the groups of another thread, of the same filter with the same options,
 * away from it: it has none any more. They are not united yet.
 *
 * Returns COSEND_OK; COSEND_DONE, with both as they were, where they can only
 * be merged (stage/groups_merge.h); or COSEND_E_MEMORY.
 */
int csi_groups_take(struct cosend_groups *groups, struct cosend_groups *from);

/* Add a group's value to another's, and release what it holds. COSEND_OK or an
   error, with both whole. */
typedef int csi_groups_unite_value(void *into, void *from, void *context);

/*
 * Unite what was taken, by so many threads, each of which calls `unite` with
 * its own context, of so many bytes, out of `contexts`; where that takes long,
 * threads are started for few groups too.
 *
 * Returns COSEND_OK, COSEND_E_MEMORY or what `unite` did.
 */
int csi_groups_unite(struct cosend_groups *groups, uint32_t threads,
                     bool takes_long, csi_groups_unite_value *unite,
                     void *contexts, size_t size);

/* cosend_groups_next, of such groups. */
bool csi_groups_next_part(struct cosend_groups *groups,
                          struct cosend_group *group);

/* Move all groups to one table, if they are in several. False, with all as it
   was, without memory. */
bool csi_groups_join_parts(struct cosend_groups *groups);

/* Free the tables, but not what values hold, and not those of an index (see
   stage/groups_joint.h). */
void csi_groups_free_tables(struct cosend_groups *groups);

#endif
