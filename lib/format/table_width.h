/* SPDX-License-Identifier: MIT */
/* How wide a text is on a terminal. */
#ifndef CSI_TABLE_WIDTH_H
#define CSI_TABLE_WIDTH_H

#include <stdbool.h>
#include <stddef.h>

/* Columns of a terminal that text takes, control bytes counted as one. As
   wcwidth, but whatever the locale; scripts that are rare are approximated. */
size_t csi_width(const char *text, size_t length);

/* How many bytes of text, in whole characters, take at most `width`. *width
   becomes what they take. */
size_t csi_width_prefix(const char *text, size_t length, size_t *width);

#endif
