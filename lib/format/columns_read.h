/* SPDX-License-Identifier: MIT */
#ifndef CSI_COLUMNS_READ_H
#define CSI_COLUMNS_READ_H

#include "format/format.h"

/* NULL, with the error set, without memory. */
struct csi_reader *
csi_columns_reader(const struct cosend_format_options *options,
                   struct cosend_error *error);
struct csi_reader *csi_nidx_reader(const struct cosend_format_options *options,
                                   struct cosend_error *error);

#endif
