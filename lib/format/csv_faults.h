/* SPDX-License-Identifier: MIT */
/* CSV rows that are no records, and where the next one starts behind them. All
   that add a row return false without memory. */
#ifndef CSI_CSV_FAULTS_H
#define CSI_CSV_FAULTS_H

#include "format/csv_columns.h"

/* A row of these bytes, its line end included, which has no marks. */
bool csi_csv_add_row(struct csi_rows *rows, const char *start, const char *end);

/* A row has `count` cells. */
bool csi_csv_fault_ragged(const struct csi_csv *reader, struct csi_rows *rows,
                          uint32_t row, size_t count);
/* The last row, which begins at start, has at `stray` what `strict` forbids. */
bool csi_csv_fault_stray(struct csi_rows *rows, const char *start,
                         const char *stray);

/* Behind the line of a quote that is not closed, or of a comment. Where that
   line is not whole, the rest of it is not a record's. */
const char *csi_csv_pass_line(struct csi_csv *reader, const char *p,
                              const char *end, bool final);
/* The record at *start has a quote that is not closed: it is the line up to
   which that opened. *start moves behind it. */
bool csi_csv_reject_line(struct csi_csv *reader, struct csi_rows *rows,
                         const char **start, const char *end, bool final,
                         const char *quote);

/* The record at *start is too long to be waited for. *start moves on. */
bool csi_csv_give_up(struct csi_csv *reader, struct csi_rows *rows,
                     const char **start, const char *end);
/* Pass over what is left of it, or what there is of that. */
void csi_csv_skip(struct csi_csv *reader, const char **start, const char *end,
                  bool final);

#endif
