/* SPDX-License-Identifier: MIT */
/*
 * What a stage's recipe does to records of an open schema, by lists of fields
 * that it keeps, drops or moves.
 */
#ifndef CSI_FIELD_EDITS_H
#define CSI_FIELD_EDITS_H

#include "stage/stage.h"

/* Edit a record's fields in their order: *count of items, which has no room for
   more. False without memory. */
bool csi_edits_apply(struct csi_stage *stage, struct cosend_item *items,
                     uint32_t *count);

/* What the step adds, set among the record's own fields, goes where the step
   places it. */
void csi_edits_place_added(const struct csi_stage *stage,
                           struct cosend_item *items, uint32_t count);

#endif
