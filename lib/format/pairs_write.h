/* SPDX-License-Identifier: MIT */
#ifndef CSI_PAIRS_WRITE_H
#define CSI_PAIRS_WRITE_H

#include "format/format.h"

/* NULL, with the error set, without memory. */
struct csi_writer *csi_ltsv_writer(const struct cosend_format_options *options,
                                   struct cosend_error *error);
struct csi_writer *
csi_logfmt_writer(const struct cosend_format_options *options,
                  struct cosend_error *error);
struct csi_writer *csi_xtab_writer(const struct cosend_format_options *options,
                                   struct cosend_error *error);

#endif
