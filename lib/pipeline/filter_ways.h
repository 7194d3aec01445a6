/* SPDX-License-Identifier: MIT */
/* The ways in which a pipeline may run a filter, which must not matter. */
#ifndef CSI_FILTER_WAYS_H
#define CSI_FILTER_WAYS_H

#include "pipeline/findings.h"

/*
 * Run a step over an input in all of them, and compare with `whole`, where it
 * was pushed in one piece. With `brief` only in those that find most.
 *
 * Returns COSEND_OK; COSEND_E_OUTPUT, with the error set, where the file that
 * threads read could not be written.
 */
int csi_filter_ways(struct csi_findings *findings, const char *spec,
                    const struct csi_trial_input *input,
                    const struct csi_trial_result *whole, bool brief,
                    struct cosend_error *error);

#endif
