/* SPDX-License-Identifier: MIT */
/* Where the characters of a JSON string stand. */
#ifndef CSI_STRING_SPOTS_H
#define CSI_STRING_SPOTS_H

#include "spec/values.h"

/* The spot of each byte of the string that a value of a document's text is, and
   of its end. NULL without memory; the caller frees it. */
struct csi_spot *csi_string_spots(const struct csi_document *document,
                                  const struct csi_value *value);

/*
 * The same of a string in a word of a line, whose bytes have their spots: raw
 * is its first byte behind the quote, `of` that byte's spot, and the string is
 * of `length` bytes, for which, and for its end, spots has room.
 */
void csi_string_spots_in_word(const char *raw, const struct csi_spot *of,
                              size_t length, struct csi_spot *spots);

#endif
