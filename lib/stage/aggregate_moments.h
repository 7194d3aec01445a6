/* SPDX-License-Identifier: MIT */
/* The aggregates that are made of squares. */
#ifndef CSI_AGGREGATE_MOMENTS_H
#define CSI_AGGREGATE_MOMENTS_H

#include "cosend/aggregate.h"

extern const struct cosend_aggregate csi_aggregate_var;
extern const struct cosend_aggregate csi_aggregate_stddev;

#endif
