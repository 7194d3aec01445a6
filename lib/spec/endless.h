/* SPDX-License-Identifier: MIT */
/*
 * Steps that hold more with each record, where the records never end: they are
 * refused before anything is read.
 */
#ifndef CSI_ENDLESS_H
#define CSI_ENDLESS_H

#include "spec/problems.h"

/* Report each such step. The graph is whole, and nothing is wrong with it. */
void csi_spec_check_endless(struct csi_spec *spec);

#endif
