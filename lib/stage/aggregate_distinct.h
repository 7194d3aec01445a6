/* SPDX-License-Identifier: MIT */
/* How many values there are that differ. */
#ifndef CSI_AGGREGATE_DISTINCT_H
#define CSI_AGGREGATE_DISTINCT_H

#include "cosend/aggregate.h"

extern const struct cosend_aggregate csi_aggregate_distinct;

#endif
