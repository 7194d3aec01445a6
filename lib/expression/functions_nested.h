/* SPDX-License-Identifier: MIT */
/* The functions of values inside of others. */
#ifndef CSI_FUNCTIONS_NESTED_H
#define CSI_FUNCTIONS_NESTED_H

#include "expression/functions.h"

/* Ends with a row without a name. */
extern const struct csi_function csi_functions_nested[];

#endif
