/* SPDX-License-Identifier: MIT */
/* min, max, range, first and last. */
#ifndef CSI_AGGREGATE_CHOSEN_H
#define CSI_AGGREGATE_CHOSEN_H

#include "cosend/aggregate.h"

extern const struct cosend_aggregate csi_aggregate_min, csi_aggregate_max,
    csi_aggregate_range, csi_aggregate_first, csi_aggregate_last;

#endif
