/* SPDX-License-Identifier: MIT */
/* The canonical form of a plan. */
#ifndef CSI_EXPAND_H
#define CSI_EXPAND_H

#include "plan/plan.h"

/*
 * The canonical form as JSON text: a flat list of nodes with ids, filters and
 * all their options, and the edges between them. Free it with csi_free; NULL
 * without memory.
 */
char *csi_plan_expand(const struct csi_plan *plan);

#endif
