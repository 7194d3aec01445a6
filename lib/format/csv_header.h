/* SPDX-License-Identifier: MIT */
/* A header of several rows of CSV. */
#ifndef CSI_CSV_HEADER_H
#define CSI_CSV_HEADER_H

#include "format/csv_columns.h"

/*
 * The record at *start, which is not blank, is a file's first, and the header:
 * cut it. *next is behind it; NULL where it is not whole.
 *
 * Returns COSEND_OK, or COSEND_E_DATA where the columns cannot be known.
 */
int csi_csv_cut_header(const struct csi_csv *reader,
                       const struct csi_rows *rows, struct csi_csv_cut *cut,
                       const char *start, const char *end, bool final,
                       const char **next, struct cosend_error *error);

/*
 * The same for a header of the option's rows: the cells of a column that are
 * not empty, with blanks between, become one of reader->cells. Blank lines and
 * comments between rows are none.
 *
 * Returns COSEND_OK; COSEND_E_DATA; or COSEND_E_MEMORY.
 */
int csi_csv_join_header(struct csi_csv *reader, struct csi_rows *rows,
                        const char *start, const char *end, bool final,
                        const char **next, struct cosend_error *error);

#endif
