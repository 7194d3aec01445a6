/* SPDX-License-Identifier: MIT */
/* Parameters of a spec. */
#ifndef CSI_PARAMS_H
#define CSI_PARAMS_H

#include "spec/problems.h"

/* Read the params, and put their values in place of ${name}. */
void csi_spec_apply_params(struct csi_spec *spec);

#endif
