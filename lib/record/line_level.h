/* SPDX-License-Identifier: MIT */
/* Levels of logs. */
#ifndef CSI_LINE_LEVEL_H
#define CSI_LINE_LEVEL_H

#include "base/base.h"

/* Whether a word is a level of some log, as INFO, warn or DEBUG1: in any letter
   case. */
bool csi_is_level(const char *word, size_t length);

#endif
