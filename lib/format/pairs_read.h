/* SPDX-License-Identifier: MIT */
#ifndef CSI_PAIRS_READ_H
#define CSI_PAIRS_READ_H

#include "format/format.h"

/* NULL, with the error set, without memory. */
struct csi_reader *csi_ltsv_reader(const struct cosend_format_options *options,
                                   struct cosend_error *error);
struct csi_reader *
csi_logfmt_reader(const struct cosend_format_options *options,
                  struct cosend_error *error);

struct csi_reader *csi_xtab_reader(const struct cosend_format_options *options,
                                   struct cosend_error *error);

/* The walks of their rows. */
bool csi_ltsv_walk(struct csi_rows *rows, uint32_t row,
                   struct cosend_item *item, struct cosend_error *error);
bool csi_logfmt_walk(struct csi_rows *rows, uint32_t row,
                     struct cosend_item *item, struct cosend_error *error);

bool csi_xtab_walk(struct csi_rows *rows, uint32_t row,
                   struct cosend_item *item, struct cosend_error *error);

#endif
