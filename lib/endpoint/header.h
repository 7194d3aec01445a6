/* SPDX-License-Identifier: MIT */
/* The header of a file that is appended to. */
#ifndef CSI_HEADER_H
#define CSI_HEADER_H

#include "cosend/endpoint.h"

/*
 * Compare the header of records with that of a file, of which `there` is the
 * start, to which they are to be appended as CSV, TSV or Markdown by these
 * options.
 *
 * Returns COSEND_OK where they name the same columns, however they are quoted
 * and whatever their lines end in; COSEND_E_OUTPUT, with both named, where they
 * do not; COSEND_E_MEMORY.
 */
int csi_header_compare(const struct cosend_format_options *format,
                       const char *path, struct cosend_string there,
                       struct cosend_string header, struct cosend_error *error);
/*
 * The columns that such a file has, for records that name their fields
 * themselves; it has a header, which tells it from those of a first record.
 * *columns is the caller's.
 *
 * Returns COSEND_OK; COSEND_E_SPEC or COSEND_E_MEMORY.
 */
int csi_header_columns(const struct cosend_format_options *format,
                       struct cosend_string there,
                       struct cosend_schema **columns,
                       struct cosend_error *error);

#endif
