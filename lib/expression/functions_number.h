/* SPDX-License-Identifier: MIT */
/* The functions of numbers. */
#ifndef CSI_FUNCTIONS_NUMBER_H
#define CSI_FUNCTIONS_NUMBER_H

#include "expression/functions.h"

/* Ends with a row without a name. */
extern const struct csi_function csi_functions_number[];

#endif
