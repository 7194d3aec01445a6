/* SPDX-License-Identifier: MIT */
/*
 * Cutting paragraphs: records of several lines with blank lines between, which
 * have no bytes but their line end. What csi_line_reader does for records of
 * one line these do for such ones; what is not here is the same for both.
 */
#ifndef CSI_PARAGRAPHS_H
#define CSI_PARAGRAPHS_H

#include "format/line_reader.h"

/* The first half of cut: paragraphs as rows, without the blank lines. Returns
   what cut does. csi_line_reader_end is the last half. */
int csi_paragraphs_cut(struct csi_line_reader *reader, struct csi_rows *rows,
                       bool final, size_t *consumed,
                       struct cosend_error *error);

const char *csi_paragraphs_border(const struct csi_reader *reader, char *start,
                                  const char *end, uint64_t *newlines);
const char *csi_paragraphs_next(const struct csi_reader *reader,
                                const char *start, const char *end);

#endif
