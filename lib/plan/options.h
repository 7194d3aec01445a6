/* SPDX-License-Identifier: MIT */
/* The options of a plan's node. */
#ifndef CSI_PLAN_OPTIONS_H
#define CSI_PLAN_OPTIONS_H

#include "cosend/stage.h"

/* Release what a step's options, and its filter's check, acquired. options may
   be NULL. */
void csi_options_free(const struct cosend_filter *filter, void *options);

#endif
