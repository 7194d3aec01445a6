/* SPDX-License-Identifier: MIT */
/* The functions of hashes and encodings. */
#ifndef CSI_FUNCTIONS_CODE_H
#define CSI_FUNCTIONS_CODE_H

#include "expression/functions.h"

/* Ends with a row without a name. */
extern const struct csi_function csi_functions_code[];

/* What a function needs that this machine has not, or NULL. */
const char *csi_function_lacks(const struct csi_function *function);

#endif
