/* SPDX-License-Identifier: MIT */
/* Options that are one of several words. */
#ifndef CSI_OPTION_CHOICES_H
#define CSI_OPTION_CHOICES_H

#include "spec/check.h"

/*
 * Read the word of an ENUM into an int, its index. What is none is reported,
 * with what may be meant: the nearest word, or those whose description has it
 * as a word, and an option that is called so.
 */
void csi_option_choose(struct cosend_check *check,
                       const struct csi_value *value, void *to);

#endif
