/* SPDX-License-Identifier: MIT */
/* Steps that are strings: "steps": ["grep ERROR", {"count": {}}]. */
#ifndef CSI_STEP_STRINGS_H
#define CSI_STEP_STRINGS_H

#include "spec/problems.h"

/*
 * Put in place of every step that is a string the values that it says, with
 * their places in it. Before parameters are put in, so that what they hold
 * stays one word. Without memory, spec->no_memory is set.
 */
void csi_spec_expand_strings(struct csi_spec *spec);

#endif
