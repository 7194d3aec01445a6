/* SPDX-License-Identifier: MIT */
/* Rows that readers and writers have both. */
#ifndef CSI_FORMAT_OPTIONS_H
#define CSI_FORMAT_OPTIONS_H

#include "cosend/stage.h"

/* The bytes of a record, at most, by default. */
#define CSI_RECORD_BYTES 16777216 /* 16 MiB */

extern const struct cosend_option csi_csv_options[];

/* An option that was given and that a reader of a format does not have; NULL
   where there is none. */
const char *csi_reader_idle_option(const struct cosend_format_options *options,
                                   enum cosend_format_name format);

/*
 * Whether options that a filter made by itself are any: their enums, and the
 * words that are zero.
 *
 * Returns COSEND_OK or COSEND_E_USAGE.
 */
int csi_format_options_check(const struct cosend_format_options *options,
                             enum cosend_format_name last,
                             struct cosend_error *error);

#endif
