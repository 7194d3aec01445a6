/* SPDX-License-Identifier: MIT */
/* The CSV reader's state, and how it learns which columns there are. */
#ifndef CSI_CSV_COLUMNS_H
#define CSI_CSV_COLUMNS_H

#include "format/csv_cells.h"
#include "format/csv_cut.h"
#include "format/format.h"
#include "format/line_reader.h"

struct csi_csv {
    struct csi_reader base;
    struct csi_lines lines;
    struct csi_csv_cut cut;
    struct csi_csv_cells cells;
    bool ready;    /* this file's header is behind, or none is due */
    bool unclosed; /* the last record cut has a quote that is not closed */
    bool remapped; /* its columns are in another order than the first's */
    uint32_t *map; /* column of the file -> column of the schema */
    uint32_t most; /* rows in one csi_rows */
    const char *first_source; /* the file that the schema is from */
};

/* The physical line of the quote that opened last in the record at hand, which
   lies in the rows' stretch of their block. */
unsigned long long csi_csv_quote_line(const struct csi_csv *reader,
                                      const struct csi_rows *rows,
                                      const char *record);

/*
 * The first record of a file, whose end was just found, tells the columns.
 * *header: it is no record then.
 *
 * Returns COSEND_OK; COSEND_E_DATA where the columns cannot be known, or are
 * not those of the first file; or COSEND_E_MEMORY.
 */
int csi_csv_begin_file(struct csi_csv *reader, struct csi_rows *rows,
                       const char *start, const char *end, bool *header,
                       struct cosend_error *error);

/*
 * Make a schema, unless there is one, where there is no header: of the
 * options' names, or of 1, 2, ... for `count` columns.
 *
 * Returns COSEND_OK or COSEND_E_MEMORY.
 */
int csi_csv_take_names(struct csi_csv *reader, size_t count, bool crlf,
                       struct cosend_error *error);

#endif
