/* SPDX-License-Identifier: MIT */
/* A step of a spec: {"grep": ..., "id": ..., "from": ..., "on_error": ...,
   "note": ...}. */
#ifndef CSI_STEP_H
#define CSI_STEP_H

#include "spec/option.h"

struct csi_step {
    const struct cosend_filter *filter;
    const struct csi_value *value; /* what stands behind its name, or NULL */
    const struct csi_value *id, *from, *on_error;
    struct csi_place place; /* of the filter's name */
};

/*
 * Read a step whose filter has one of `roles`.
 *
 * Returns false where its filter cannot be told; that is reported.
 */
bool csi_step_read(struct csi_spec *spec, const struct csi_value *value,
                   unsigned roles, struct csi_step *step);

/* Append the step's node, with its options; CSI_NOWHERE without memory. */
uint32_t csi_step_add(struct csi_spec *spec, const struct csi_step *step,
                      const struct csi_override *overrides, size_t count);

#endif
