/* SPDX-License-Identifier: MIT */
/* The functions of patterns. */
#ifndef CSI_FUNCTIONS_PATTERN_H
#define CSI_FUNCTIONS_PATTERN_H

#include "expression/functions.h"

/* Ends with a row without a name. */
extern const struct csi_function csi_functions_pattern[];

#endif
