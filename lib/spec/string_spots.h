/* SPDX-License-Identifier: MIT */
/* Where the characters of a JSON string stand. */
#ifndef CSI_STRING_SPOTS_H
#define CSI_STRING_SPOTS_H

#include "spec/values.h"

/* The spot of each byte of the string that a value of a document's text is, and
   of its end. NULL without memory; the caller frees it. */
struct csi_spot *csi_string_spots(const struct csi_document *document,
                                  const struct csi_value *value);

#endif
