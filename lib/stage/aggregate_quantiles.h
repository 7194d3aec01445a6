/* SPDX-License-Identifier: MIT */
/* The aggregates that are numbers in the order of their size. */
#ifndef CSI_AGGREGATE_QUANTILES_H
#define CSI_AGGREGATE_QUANTILES_H

#include "cosend/aggregate.h"

extern const struct cosend_aggregate csi_aggregate_median;
extern const struct cosend_aggregate csi_aggregate_percentile;

#endif
