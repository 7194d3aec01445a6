/* SPDX-License-Identifier: MIT */
/*
 * Groups that several threads make and find together while they read: by an
 * index that is all theirs, each thread's in a table of its own.
 */
#ifndef CSI_GROUPS_JOINT_H
#define CSI_GROUPS_JOINT_H

#include "group/joint_index.h"
#include "stage/groups_parts.h"

/* From how many groups on, for tests. */
extern size_t csi_groups_many;

/* Whether the groups are in such an index: then what follows is for them, and
   cosend_group_of and its like are not before all threads are at rest. */
bool csi_groups_are_joint(const struct cosend_groups *groups);

/* Whether they are so many that they had better be. */
bool csi_groups_are_many(const struct cosend_groups *groups);

/*
 * Bring the groups into an index, where some may be already, of other threads.
 *
 * Returns COSEND_OK; COSEND_DONE, with all as it was, where they cannot be;
 * COSEND_E_MEMORY or what `unite` did.
 */
int csi_groups_join(struct cosend_groups *groups, struct csi_joint *index,
                    csi_groups_unite_value *unite, void *context);

/*
 * Make the keys of so many records, behind one another in a batch, from one of
 * them on, and deal them out to the index's parts. Later each is known by its
 * number: how many are before it.
 *
 * Returns false, with the step failed, without memory.
 */
bool csi_groups_deal(struct cosend_groups *groups,
                     const struct cosend_record *first, uint32_t count);

/* The numbers of those that a part was dealt, in order; *count of them. */
const uint32_t *csi_groups_dealt(const struct cosend_groups *groups,
                                 uint32_t part, uint32_t *count);

/* The part of one of them, of which alone a list is. */
uint32_t csi_groups_part_of(const struct cosend_groups *groups,
                            uint32_t number);

/*
 * Find or make the groups of some of a part, which is locked: until it no
 * longer is, their values are this thread's.
 *
 * Returns false, with the step failed, without memory.
 */
bool csi_groups_find_joint(struct cosend_groups *groups,
                           const uint32_t *numbers, uint32_t count,
                           void **values);

/* All that was dealt out was found, or nothing more will be: groups that were
   made are listed in the order of their records. */
void csi_groups_end_deal(struct cosend_groups *groups);

/* Call each with the value of every group of such a table that is not gone; a
   value has that size. */
void csi_groups_each_of(struct cosend_table *table, size_t value_size,
                        void (*each)(void *value, void *context),
                        void *context);

#endif
