/* SPDX-License-Identifier: MIT */
/* Added columns whose cells are converted as they are made. */
#ifndef CSI_TYPE_COLUMNS_H
#define CSI_TYPE_COLUMNS_H

#include "cosend/columns.h"
#include "cosend/record.h"

/* Of one body. */
struct csi_type_columns;

/*
 * Convert the cells of columns, `to`, by the types: of each an enum
 * cosend_conversion_type, or -1 for one that is left as it is. Both live as
 * long as the body.
 *
 * Returns NULL without memory; the stage frees it.
 */
struct csi_type_columns *csi_type_columns_new(struct cosend_stage *self,
                                              const struct cosend_column *to,
                                              const int *types);

/* Whether column i is converted; none is where there are no types. */
bool csi_is_typed(const struct csi_type_columns *typed, size_t i);

/*
 * Make a cell of the batch at hand what column i is to be.
 *
 * Returns false where the record is bad, which has been said, or without
 * memory, which csi_type_columns_failed tells.
 */
bool csi_type_cell(struct cosend_stage *self, struct csi_type_columns *typed,
                   size_t i, const struct cosend_record *record,
                   struct cosend_cell *cell);

bool csi_type_columns_failed(const struct csi_type_columns *typed);

/*
 * Whether a record of the batch in hand may have a field of a column's name, as
 * is_free says of each. Where records have columns that is asked of the first,
 * and the step has failed if one has.
 */
bool csi_names_may_be_taken(struct cosend_stage *self,
                            bool (*is_free)(struct cosend_stage *self,
                                            const struct cosend_record *record,
                                            void *own),
                            void *own);

#endif
