/* SPDX-License-Identifier: MIT */
/*
 * At the end of a run: whether any of the records that a stage was sent had a
 * field, and which names they have. It is found in going up the graph, to the
 * reader or to the stages that set fields by name, which noted it
 * (format/field_use.h, stage/seen_fields.h), past those that drop or add some.
 */
#ifndef CSI_FIELD_ORIGIN_H
#define CSI_FIELD_ORIGIN_H

#include "run/run.h"

/*
 * Whether a record that a stage was sent may have had a field, which some step
 * names: for all that is known one had it, by that name, or, a.b, in an object.
 * *dropper: a stage that drops it, or NULL.
 */
bool csi_field_was_sent(const struct csi_run *run, uint32_t stage,
                        const char *name, const struct csi_stage **dropper);

/* The names that the first records had when they were sent to a stage. NULL
   without memory. */
struct cosend_schema *csi_field_names_sent(const struct csi_run *run,
                                           uint32_t stage);

#endif
