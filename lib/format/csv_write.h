/* SPDX-License-Identifier: MIT */
#ifndef CSI_CSV_WRITE_H
#define CSI_CSV_WRITE_H

#include "format/format.h"

/* NULL, with the error set, without memory or for options that cannot be. */
struct csi_writer *csi_csv_writer(const struct cosend_format_options *options,
                                  struct cosend_error *error);
struct csi_writer *csi_tsv_writer(const struct cosend_format_options *options,
                                  struct cosend_error *error);
struct csi_writer *
csi_columns_writer(const struct cosend_format_options *options,
                   struct cosend_error *error);
struct csi_writer *csi_nidx_writer(const struct cosend_format_options *options,
                                   struct cosend_error *error);

#endif
