/* SPDX-License-Identifier: MIT */
/* The constructors of readers that the table of formats lists. */
#ifndef CSI_FORMATS_H
#define CSI_FORMATS_H

#include "format/format.h"

/* All return NULL with the error set: without memory, or for options that
   cannot be (a delimiter of two bytes). */
struct csi_reader *csi_text_reader(const struct cosend_format_options *options,
                                   struct cosend_error *error);
struct csi_reader *csi_csv_reader(const struct cosend_format_options *options,
                                  struct cosend_error *error);
struct csi_reader *csi_tsv_reader(const struct cosend_format_options *options,
                                  struct cosend_error *error);
struct csi_reader *csi_jsonl_reader(const struct cosend_format_options *options,
                                    struct cosend_error *error);

#endif
