/* SPDX-License-Identifier: MIT */
/* Columns that a body makes of a field: whether a record has room for them, and
   what their cells are to be. */
#ifndef CSI_MADE_COLUMNS_H
#define CSI_MADE_COLUMNS_H

#include "cosend/columns.h"
#include "cosend/record.h"

/* Of one body. */
struct csi_made_columns;

/* As a struct cosend_cut_fields has it. */
typedef bool csi_is_free(struct cosend_stage *self,
                         const struct cosend_record *record, void *own);

/*
 * For columns, `to`, that are converted by the types, of each an enum
 * cosend_conversion_type, or -1 for one that is left as it is; or NULL. All of
 * it lives as long as the body.
 *
 * Returns NULL without memory; the stage frees it.
 */
struct csi_made_columns *csi_made_columns_new(struct cosend_stage *self,
                                              const struct cosend_column *to,
                                              const int *types,
                                              csi_is_free *is_free, void *own);

/* With each batch. Where records have columns the first is asked whether it has
   room, and the step has failed if it has not. */
void csi_made_columns_begin(struct cosend_stage *self,
                            struct csi_made_columns *made);

/* Whether each record of the batch is to be looked at: if not they all have
   room, and no column is converted. */
bool csi_made_columns_look(const struct csi_made_columns *made);

/* Whether a record of the batch has room; if not it is bad. */
bool csi_made_columns_room(struct cosend_stage *self,
                           const struct csi_made_columns *made,
                           uint32_t position);

/* Whether column i is converted. */
bool csi_is_typed(const struct csi_made_columns *made, size_t i);

/*
 * Make the cell of a record of the batch what column i is to be. Its bytes are
 * copied, but for those of `kept`, which outlive the batch.
 *
 * Returns false where the record is bad, which has been said, or without
 * memory, which csi_made_columns_failed tells.
 */
bool csi_type_cell(struct cosend_stage *self, struct csi_made_columns *made,
                   size_t i, uint32_t position, struct cosend_cell kept,
                   struct cosend_cell *cell);

bool csi_made_columns_failed(const struct csi_made_columns *made);

#endif
