/* SPDX-License-Identifier: MIT */
#ifndef CSI_JSON_INDENT_H
#define CSI_JSON_INDENT_H

#include "base/text.h"

/*
 * Append a valid JSON value with each of its members and elements on a line of
 * its own, `step` more blanks at the start of it the deeper it is; the first
 * line is that of what is there, at a depth of 1. Empty objects and arrays stay
 * on a line.
 *
 * Returns false without memory.
 */
bool csi_json_indent(struct csi_text *to, const char *data, size_t length,
                     size_t step, const char *line_end);

/* A line end, and blanks. False without memory. */
bool csi_json_new_line(struct csi_text *to, size_t blanks,
                       const char *line_end);

#endif
