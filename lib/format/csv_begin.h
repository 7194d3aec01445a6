/* SPDX-License-Identifier: MIT */
/* What is at the start of a CSV file: a line sep=X, blank lines, comments, a
   header. */
#ifndef CSI_CSV_BEGIN_H
#define CSI_CSV_BEGIN_H

#include "format/csv_columns.h"

/*
 * Read on at *start, which is behind a BOM and skipped lines, up to the first
 * record; *start moves on. reader->base.begun tells whether it is there.
 *
 * Returns COSEND_OK; COSEND_E_DATA where the columns cannot be known, or are
 * not those of the first file; or COSEND_E_MEMORY.
 */
int csi_csv_begin(struct csi_csv *reader, struct csi_rows *rows,
                  const char **start, const char *end, bool final,
                  struct cosend_error *error);

/* A comment at *start is passed over; of one that is not whole the rest is
   skipped. False where there is none. */
bool csi_csv_pass_comment(struct csi_csv *reader, const char **start,
                          const char *end, bool final);

#endif
