/* SPDX-License-Identifier: MIT */
/*
 * Rows of a table whose widths are known, along the bytes of rows whose cells
 * lie one behind the other (row_slices.h).
 */
#ifndef CSI_TABLE_ROWS_H
#define CSI_TABLE_ROWS_H

#include "format/plain_cells.h"
#include "format/row_slices.h"
#include "format/table_columns.h"

enum { CSI_TABLE_GAP = 2, CSI_TABLE_STEP = 32 };

/* What a column's cells are laid out by. */
struct csi_table_place {
    size_t most;  /* bytes; a longer one changes the column, or is cut */
    size_t width; /* and this is it filled up to */
    bool right;
};

/* All zero is ready. */
struct csi_table_rows {
    struct csi_plain_cells plain;
    struct csi_row_slices slices;
    struct csi_table_place *places;
    size_t capacity;
};

/* Get ready for a batch. */
void csi_table_rows_begin(struct csi_table_rows *rows,
                          const struct cosend_batch *batch);

/*
 * Lay out records from *at on, up to one that has a cell which does not fit, or
 * is not as wide as it is long, or lies otherwise. Columns are filled up to
 * their width, or `widest`. *at moves on.
 *
 * Returns false without memory.
 */
bool csi_table_rows_add(struct csi_table_rows *rows,
                        const struct csi_table_column *columns, size_t widest,
                        uint32_t *at, const char *line_end,
                        struct csi_text *out);

void csi_table_rows_free(struct csi_table_rows *rows);

/* Write blanks in steps: up to CSI_TABLE_STEP more than count are written.
   Returns what is behind them. */
static inline char *csi_table_blanks(char *to, size_t count)
{
    memset(to, ' ', CSI_TABLE_STEP);
    for (size_t i = CSI_TABLE_STEP; i < count; i += CSI_TABLE_STEP)
        memset(to + i, ' ', CSI_TABLE_STEP);
    return to + count;
}

#endif
