/* SPDX-License-Identifier: MIT */
/* Text in another case: cosend/text.h, in memory that is there. */
#ifndef CSI_LETTER_CASE_H
#define CSI_LETTER_CASE_H

#include "cosend/text.h"

/* Write what cosend_put_case appends; out has room for 2 times length. Returns
   the length. */
size_t csi_change_case(const char *text, size_t length, enum cosend_case to,
                       char *out);

#endif
