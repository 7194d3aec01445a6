/* SPDX-License-Identifier: MIT */
/*
 * From a spec to a plan.
 *
 * Every problem is found, each once, and told to options->problem in the order
 * of their places; error holds the first, as `path: text` with its line and
 * column. What is wrong with the call rather than with the spec (`-o` where
 * nothing reaches the output, files for a source that takes none) is
 * COSEND_E_USAGE, and told only where the spec itself is right.
 *
 * The plan shares nothing with the text or with options.
 */
#ifndef CSI_SPEC_H
#define CSI_SPEC_H

#include "plan/plan.h"

/*
 * Returns NULL with COSEND_E_SPEC, COSEND_E_USAGE or COSEND_E_MEMORY in error.
 * Free the plan with csi_plan_free. options may be NULL.
 */
struct csi_plan *csi_plan_from_json(const char *text, size_t length,
                                    const struct cosend_options *options,
                                    struct cosend_error *error);
struct csi_plan *csi_plan_from_line(const char *text,
                                    const struct cosend_options *options,
                                    struct cosend_error *error);

/*
 * The canonical form as JSON text: a flat list of nodes with ids, filters and
 * all their options, and the edges between them. Free it with csi_free; NULL
 * without memory.
 */
char *csi_plan_expand(const struct csi_plan *plan);

/* The ends that a host program may put in place of `from` and `to`. */
extern const struct cosend_filter csi_push_source;
extern const struct cosend_filter csi_callback_sink;

#endif
