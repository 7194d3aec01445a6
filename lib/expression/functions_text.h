/* SPDX-License-Identifier: MIT */
/* The functions of text. */
#ifndef CSI_FUNCTIONS_TEXT_H
#define CSI_FUNCTIONS_TEXT_H

#include "expression/functions.h"

/* Ends with a row without a name. */
extern const struct csi_function csi_functions_text[];

#endif
