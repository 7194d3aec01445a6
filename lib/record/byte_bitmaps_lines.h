/* SPDX-License-Identifier: MIT */
/* Cutting lines, by bitmaps of their newlines. */
#ifndef CSI_BYTE_BITMAPS_LINES_H
#define CSI_BYTE_BITMAPS_LINES_H

#include "record/rows.h"

/*
 * Append the lines of the block from *start up to `end`, until there are `most`
 * rows. There is no newline before `from`. What is_blank, unless it is NULL,
 * says of a line that starts with a space or a control byte, is left out.
 * *start moves behind the last line; rows->line_ends is set.
 *
 * Returns false without memory.
 */
bool csi_scan_lines(struct csi_rows *rows, const char **start, const char *from,
                    const char *end, uint32_t most,
                    bool (*is_blank)(const char *start, const char *end));

#endif
