/* SPDX-License-Identifier: MIT */
#ifndef CSI_JSONL_WRITE_H
#define CSI_JSONL_WRITE_H

#include "format/format.h"

/* NULL, with the error set, without memory. */
struct csi_writer *csi_jsonl_writer(const struct cosend_format_options *options,
                                    struct cosend_error *error);
/* The same objects as one array. */
struct csi_writer *csi_json_writer(const struct cosend_format_options *options,
                                   struct cosend_error *error);

#endif
