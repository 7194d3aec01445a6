/* SPDX-License-Identifier: MIT */
#ifndef CSI_JSONL_READ_H
#define CSI_JSONL_READ_H

#include "format/format.h"

/* NULL, with the error set, without memory. */
struct csi_reader *csi_jsonl_reader(const struct cosend_format_options *options,
                                    struct cosend_error *error);

/* What a csi_rows over JSON lines has as its walk. */
bool csi_jsonl_walk(struct csi_rows *rows, uint32_t row,
                    struct cosend_item *item, struct cosend_error *error);

#endif
