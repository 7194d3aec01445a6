/* SPDX-License-Identifier: MIT */
#ifndef CSI_CSV_READ_H
#define CSI_CSV_READ_H

#include "format/format.h"

/* NULL, with the error set, without memory or for options that contradict each
   other. */
struct csi_reader *csi_csv_reader(const struct cosend_format_options *options,
                                  struct cosend_error *error);
struct csi_reader *csi_tsv_reader(const struct cosend_format_options *options,
                                  struct cosend_error *error);

#endif
