/* SPDX-License-Identifier: MIT */
/* The inputs of a step that says where its records come from. */
#ifndef CSI_INPUTS_H
#define CSI_INPUTS_H

#include "spec/loose_end.h"

/* What comes from the steps that `from` names, an id or an array of them,
   merged by order where there are several. */
struct csi_loose_end csi_inputs_read(struct csi_spec *spec,
                                     const struct csi_value *from);
/* Report the steps whose records nobody takes. */
void csi_inputs_check(struct csi_spec *spec);

#endif
