/* SPDX-License-Identifier: MIT */
/* Records whose fields a body sets by name. */
#ifndef CSI_OPEN_FIELDS_H
#define CSI_OPEN_FIELDS_H

#include "stage/set_fields.h"
#include "stage/seen_fields.h"

/* Before the first receive: where the input is open, records go on with their
   own fields as the recipe has them. */
void csi_open_edits(struct cosend_stage *self);
/* The names that any step asks for, which are those of the base columns of a
   stage's open output. NULL without memory. */
const struct cosend_schema *csi_open_names(struct csi_stage *stage);
/* The fields set become those of the pending record at this place, which is the
   one at a position of `base`, or, with NULL, a new one. False without
   memory. */
bool csi_open_write(struct csi_stage *stage, const struct cosend_batch *base,
                    uint32_t position, uint32_t at);
/* The column that is the field named last, and what it is set to. */
#define CSI_BY_NAME (UINT32_MAX - 1)
void csi_open_set(struct csi_stage *stage, struct cosend_cell cell);
/* The fields that are set for the next emit, for who does not have them copied;
 *text is memory that lives as long as they. */
struct csi_set_fields *csi_open_fields(struct csi_stage *stage,
                                       struct csi_arena **text);
/* Where the field of that name is among those set, or CSI_NOT_SET. */
uint32_t csi_open_find(struct csi_stage *stage, const char *name,
                       size_t length);
/* What was set for the next emit is taken back. */
void csi_open_forget(struct csi_stage *stage);
/* The pending records' fields become those of the batch that they make. False
   without memory. */
bool csi_open_rows(struct csi_stage *stage, struct cosend_batch *batch);
/* What was noted of these; NULL for a stage that makes none. */
struct csi_seen *csi_open_seen(const struct csi_stage *stage);
void csi_open_free(struct csi_stage *stage);

#endif
