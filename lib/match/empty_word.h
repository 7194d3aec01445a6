/* SPDX-License-Identifier: MIT */
#ifndef CSI_EMPTY_WORD_H
#define CSI_EMPTY_WORD_H

#include "match/letters.h"

/* Whether an empty word is somewhere: between two characters, or at an end of
   the text, with none of a word on either side. */
bool csi_has_empty_word(const struct csi_letters *letters, const char *text,
                        size_t length);

#endif
