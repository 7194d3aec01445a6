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

/* The options of one node, all of them, as JSON on one line; the same. */
char *csi_node_expand(const struct csi_node *node);

#endif
