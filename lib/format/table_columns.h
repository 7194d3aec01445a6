/* SPDX-License-Identifier: MIT */
/* The columns of a table, and how they are narrowed to fit into a line. */
#ifndef CSI_TABLE_COLUMNS_H
#define CSI_TABLE_COLUMNS_H

#include "cosend/endpoint.h"

struct csi_table_column {
    size_t width;
    bool texts, numbers; /* what was seen */
    int align;           /* enum cosend_align */
};

static inline bool csi_table_goes_right(const struct csi_table_column *column)
{
    return column->align == COSEND_ALIGN_AUTO
               ? column->numbers && !column->texts
               : column->align == COSEND_ALIGN_RIGHT;
}

/*
 * Narrow columns so that all of them, with gaps between, are as wide as the
 * limit at most: the widest first, those at the left, which are of text, before
 * those at the right. With so many columns that even this is too wide lines are
 * longer than the limit.
 */
void csi_table_narrow(struct csi_table_column *columns, uint32_t count,
                      size_t limit, size_t gap);

#endif
