/* SPDX-License-Identifier: MIT */
/*
 * The cells of CSV rows.
 *
 * A row that the index found has marks: where each of its cells ends. A
 * column's cells come into being when somebody asks for them, by arithmetic on
 * the marks: slices of the block, but for those with a doubled quote in them or
 * with text behind a closing one.
 *
 * A row that the index was not sure of, or that has another number of cells
 * than there are columns, is kept aside: as its cells, which csv_cells.h made,
 * or as none, for one that is a fault. Rows aside are few, and by ascending
 * row.
 */
#ifndef CSI_CSV_FILL_H
#define CSI_CSV_FILL_H

#include "format/csv_rules.h"
#include "record/record.h"

/* A row whose cells are not to be had from its marks. */
struct csi_csv_aside {
    uint32_t row;
    uint32_t count;
    struct cosend_cell *cells; /* by column of the file; NULL: none */
};

/* What csi_rows.own is. */
struct csi_csv_own {
    char quote;
    bool quoted;      /* some cell has a quote */
    bool escaped;     /* TSV: or a backslash */
    uint32_t columns; /* of the file */
    /* Column of the schema -> of the file; behind the file's columns, those
       that have a name for further cells of long rows. NULL: as they are. */
    const uint32_t *places;
    const struct cosend_cell *names; /* ragged=keep: of the file's columns */
    struct csi_csv_aside *aside;
    size_t aside_count, aside_capacity;
    size_t next_aside; /* of the row that was cut last, or behind it */
};

/*
 * Make rows, which are empty, ones with `count` columns, of which the file has
 * own->columns. False without memory.
 */
bool csi_csv_own(struct csi_rows *rows, const struct csi_csv_own *own,
                 uint32_t count);

/* Keep cells as those of the row added last or, between rows that have marks,
   of another one; NULL for a fault. False without memory. */
bool csi_csv_put_aside(struct csi_rows *rows, uint32_t row,
                       const struct cosend_cell *cells, size_t count);

/* What csi_csv_own made of rows, where all that are not aside have marks
   between which their cells lie, some in quotes, as their columns do; else
   NULL. */
struct csi_csv_own *csi_csv_own_of(const struct csi_rows *rows);

/* The row's entry among those aside, or NULL. Rows are mostly asked for in
   order. */
const struct csi_csv_aside *csi_csv_find_aside(struct csi_csv_own *own,
                                               uint32_t row);

#endif
