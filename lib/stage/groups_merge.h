/* SPDX-License-Identifier: MIT */
/* Groups of one thread that become part of another's. */
#ifndef CSI_GROUPS_MERGE_H
#define CSI_GROUPS_MERGE_H

#include "cosend/groups.h"

/* Merge a group's value into another's. COSEND_OK or an error. */
typedef int csi_groups_merge_value(void *into, const void *from, void *context);

/*
 * Merge groups, which stay as they are, into those of the same filter with the
 * same options: what cosend_groups_save and cosend_groups_merge would do, but
 * nothing is written down. Neither may be in use.
 *
 * Returns COSEND_OK, COSEND_E_MEMORY or what `merge` did.
 */
int csi_groups_merge_from(struct cosend_groups *groups,
                          const struct cosend_groups *from,
                          csi_groups_merge_value *merge, void *context);

#endif
