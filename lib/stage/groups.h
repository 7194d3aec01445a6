/* SPDX-License-Identifier: MIT */
/* Groups, for whoever has more to say to them than cosend/groups.h lets. */
#ifndef CSI_GROUPS_H
#define CSI_GROUPS_H

#include "cosend/groups.h"
#include "stage/stage.h"

/* Call each with the value of every group, in any order. */
void csi_groups_each(const struct cosend_groups *groups,
                     void (*each)(void *value, void *context), void *context);

/*
 * The values of the groups of `count` records of the batch in hand, from one
 * position on; NULL where a group may not be there yet. By some fields only.
 *
 * Returns false, with the step failed, without memory.
 */
bool csi_groups_find_all(struct cosend_groups *groups, uint32_t first,
                         uint32_t count, void **values);

/*
 * Make the keys of so many records, behind one another in a batch, from one of
 * them on; groups->ahead has room for as many.
 *
 * Returns false, with the step failed, without memory.
 */
bool csi_groups_make_keys(struct cosend_groups *groups,
                          const struct cosend_record *record, uint32_t count);

/* Make the order in which they are walked, if it is to be made. False, with the
   step failed, without memory. */
bool csi_groups_make_order(struct cosend_groups *groups);

/* Whether all columns that were added for the fields are there. */
bool csi_groups_are_columns(const struct cosend_groups *groups);

/* How many there are, at most. */
size_t csi_groups_count(const struct cosend_groups *groups);

/*
 * Write down in a stage, for as many records as these are groups, the cells of
 * the columns that were added. They are the stage's columns, or those of one in
 * its place (stage/pieces.h).
 *
 * Returns false without memory.
 */
bool csi_groups_write(const struct cosend_groups *groups,
                      const struct cosend_group *some, uint32_t count,
                      struct csi_stage *stage);

/* Set the columns that were added to one cell each: of all other groups. */
void csi_groups_set_other(struct cosend_groups *groups,
                          struct cosend_cell cell);

#endif
