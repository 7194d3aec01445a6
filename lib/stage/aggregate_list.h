/* SPDX-License-Identifier: MIT */
/* All values of a group behind one another. */
#ifndef CSI_AGGREGATE_LIST_H
#define CSI_AGGREGATE_LIST_H

#include "cosend/aggregate.h"

extern const struct cosend_aggregate csi_aggregate_list;
extern const struct cosend_aggregate csi_aggregate_concat;

#endif
