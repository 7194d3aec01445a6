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

#include <jansson.h>

/* The ends that a host program may put in place of `from` and `to`. */
struct csi_ends {
    const struct cosend_filter *source; /* where options->push is set */
    const struct cosend_filter *sink;   /* where options->record or taker is */
};

/* Whether the host takes the records that reach the end. */
static inline bool csi_host_takes(const struct cosend_options *options)
{
    return options->record || options->taker;
}

/*
 * Returns NULL with COSEND_E_SPEC, COSEND_E_USAGE or COSEND_E_MEMORY in error.
 * Free the plan with csi_plan_free. options may be NULL, and ends where neither
 * push nor record nor taker is set in them.
 */
struct csi_plan *csi_plan_from_json(const char *text, size_t length,
                                    const struct cosend_options *options,
                                    const struct csi_ends *ends,
                                    struct cosend_error *error);
struct csi_plan *csi_plan_from_line(const char *text,
                                    const struct cosend_options *options,
                                    const struct csi_ends *ends,
                                    struct cosend_error *error);

/* The spec that a line stands for, as csi_line_json (line_json.h) has it, and
   of which nothing but what the line says is in it: a new reference. NULL as
   csi_plan_from_line. Neither push nor record nor taker may be set in options.
 */
json_t *csi_json_from_line(const char *text,
                           const struct cosend_options *options,
                           struct cosend_error *error);

#endif
