/* SPDX-License-Identifier: MIT */
/* The graph of a spec. */
#ifndef CSI_GRAPH_H
#define CSI_GRAPH_H

#include "spec/problems.h"

/* Make the nodes and links of `from`, `steps` and `to`. */
void csi_spec_build_graph(struct csi_spec *spec);

#endif
