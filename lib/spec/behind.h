/* SPDX-License-Identifier: MIT */
/* Steps that stand for options of the source. */
#ifndef CSI_BEHIND_H
#define CSI_BEHIND_H

#include "spec/problems.h"

/* Whether the source has such as stand behind a step that parses. */
bool csi_behind_is_due(const struct csi_spec *spec);

/*
 * Add those that stand behind the source, or, where `parsed`, behind the step
 * that parses, `node`. `goes_on`: who is behind takes what they emit.
 *
 * Returns the last of them; node, where there are none.
 */
uint32_t csi_behind_add(struct csi_spec *spec, uint32_t node, bool parsed,
                        bool goes_on);

/* The last of those that stand behind a node; or it. */
uint32_t csi_behind_last(const struct csi_spec *spec, uint32_t node);

#endif
