/* SPDX-License-Identifier: MIT */
/* The ids of steps. */
#ifndef CSI_IDS_H
#define CSI_IDS_H

#include "spec/problems.h"

/* Give every node its id, and see that none is given twice. */
void csi_spec_name_nodes(struct csi_spec *spec);

#endif
