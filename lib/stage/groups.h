/* SPDX-License-Identifier: MIT */
/* Groups, for whoever has more to say to them than cosend/groups.h lets. */
#ifndef CSI_GROUPS_H
#define CSI_GROUPS_H

#include "cosend/groups.h"

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

/* Set the columns that were added to one cell each: of all other groups. */
void csi_groups_set_other(struct cosend_groups *groups,
                          struct cosend_cell cell);

#endif
