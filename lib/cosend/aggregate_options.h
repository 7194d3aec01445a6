/* SPDX-License-Identifier: MIT */
/*
 * The options by which `aggregate` is told what to work out, for every filter
 * that takes such: count, mean(ms), slow=max(ms * 2) by=host.
 *
 * Its struct is stamped (cosend/version.h).
 */
#ifndef COSEND_AGGREGATE_OPTIONS_H
#define COSEND_AGGREGATE_OPTIONS_H

#include "cosend/aggregate.h"
#include "cosend/filter.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cosend_aggregate_options {
    struct cosend_list of, values;
    struct cosend_fields by;
    struct cosend_string separator;
};

/* A group for such a struct: of, the main option, values, by and separator. */
COSEND_API extern const struct cosend_option cosend_aggregate_options[];

/* Report what will not do, and complete the options: a filter's check. */
COSEND_API void
cosend_check_aggregates(struct cosend_check *check,
                        struct cosend_aggregate_options *options);

/* Whether a function is among them that holds all its values, list or concat:
   it grows with each record. */
COSEND_API bool
cosend_aggregates_hold_all(const struct cosend_aggregate_options *options);

/* Release what check acquired. */
COSEND_API void
cosend_aggregates_release(const struct cosend_aggregate_options *options);

/*
 * Make the aggregates of a stage, by the groups of `by` (cosend/aggregate.h).
 *
 * Returns NULL, with the step failed, without memory.
 */
COSEND_API struct cosend_aggregates *
cosend_aggregates_start(struct cosend_stage *self,
                        const struct cosend_aggregate_options *options);

#ifdef __cplusplus
}
#endif

#endif
