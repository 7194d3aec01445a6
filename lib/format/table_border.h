/* SPDX-License-Identifier: MIT */
/* What is drawn around the cells of a table. */
#ifndef CSI_TABLE_BORDER_H
#define CSI_TABLE_BORDER_H

#include <stddef.h>

/* A line: what it begins with, what is between cells, and what it ends with. Of
   a rule `fill` is what a cell is. */
struct csi_table_line {
    const char *start, *fill, *gap, *end;
};

struct csi_table_border {
    struct csi_table_line row;
    struct csi_table_line header;      /* the rule below it */
    struct csi_table_line top, bottom; /* start is NULL: none */
    size_t gap, edges; /* columns of a terminal: of a gap; of both ends */
};

/* By enum cosend_border. */
extern const struct csi_table_border csi_table_borders[];

#endif
