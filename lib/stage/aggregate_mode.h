/* SPDX-License-Identifier: MIT */
/* Which value there is most often. */
#ifndef CSI_AGGREGATE_MODE_H
#define CSI_AGGREGATE_MODE_H

#include "cosend/aggregate.h"

extern const struct cosend_aggregate csi_aggregate_mode;

#endif
