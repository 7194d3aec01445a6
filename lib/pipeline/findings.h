/* SPDX-License-Identifier: MIT */
/* What the check of a filter has found, told as it is found. */
#ifndef CSI_FINDINGS_H
#define CSI_FINDINGS_H

#include "cosend/check_filter.h"
#include "pipeline/trial.h"

/* As the header of cosend_check_filter lists them. */
enum csi_rule {
    CSI_RULE_ROW,
    CSI_RULE_EXAMPLE,
    CSI_RULE_REPEAT,
    CSI_RULE_BATCH_SIZE,
    CSI_RULE_CUT,
    CSI_RULE_SAVE,
    CSI_RULE_THREADS,
    CSI_RULE_STATELESS,
    CSI_RULE_MERGES,
    CSI_RULE_ABSORBS,
    CSI_RULE_OPTIONS,
    CSI_RULE_ON_ERROR,
    CSI_RULE_FAILS,
    CSI_RULE_DONE,
    CSI_RULE_LEDGER,
    CSI_RULE_HELD,
    CSI_RULE_LEAK,
    CSI_RULE_ALLOCATION
};

struct csi_findings {
    const struct cosend_filter_check *check;
    const char *stage; /* at present */
    unsigned told;     /* bits of the rules that need not be told of again */
    int count;
    /* A run was of one that MERGES; and one of these published a state. */
    bool merging, published;
};

/* Tell of one, unless the rule was told of: the text, and behind it what to do
   about it. */
void csi_find(struct csi_findings *findings, enum csi_rule rule,
              const char *format, ...) COSEND_PRINTF(3, 4);

/* Whether there is no need to look any more. */
bool csi_is_told(const struct csi_findings *findings, enum csi_rule rule);

/* The run is about to begin. */
void csi_tell_trial(const struct csi_findings *findings,
                    const struct csi_trial_input *input, const char *format,
                    ...) COSEND_PRINTF(3, 4);

/*
 * Compare two runs over an input, and tell where they differ: `a_run` and
 * `b_run` say how they went ("batches of 2").
 *
 * Returns whether they are the same.
 */
bool csi_compare(struct csi_findings *findings, enum csi_rule rule,
                 const struct csi_trial_input *input, const char *a_run,
                 const struct csi_trial_result *a, const char *b_run,
                 const struct csi_trial_result *b);

/* Record i of a result, cut short, from before byte `at` of it; static. */
const char *csi_show_record(const struct csi_trial_result *result, size_t i,
                            size_t at, char *to, size_t size);

#endif
