/* SPDX-License-Identifier: MIT */
#ifndef CSI_JSONL_READ_H
#define CSI_JSONL_READ_H

#include "format/format.h"

/* NULL, with the error set, without memory. */
struct csi_reader *csi_jsonl_reader(const struct cosend_format_options *options,
                                    struct cosend_error *error);

/* One for the rows of a reader of other JSON, each of them a value. */
struct csi_reader *
csi_jsonl_values_reader(const struct cosend_format_options *options,
                        struct cosend_error *error);
/* Have its rows, which another one cut, checked, and their columns taken: each
   lies in the block behind the one before. reader->schema is known then. False
   without memory. */
bool csi_jsonl_parse(struct csi_reader *reader, struct csi_rows *rows);
/* An object that has a member of any of these names is a fault, too:
   name_taken. They are borrowed, and known before the first row. */
void csi_jsonl_refuse(struct csi_reader *reader,
                      const struct cosend_schema *names);

/* What a csi_rows over JSON lines has as its walk. */
bool csi_jsonl_walk(struct csi_rows *rows, uint32_t row,
                    struct cosend_item *item, struct cosend_error *error);

#endif
