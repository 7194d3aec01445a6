/* SPDX-License-Identifier: MIT */
/* The functions of time. */
#ifndef CSI_FUNCTIONS_TIME_H
#define CSI_FUNCTIONS_TIME_H

#include "expression/functions.h"

/* Ends with a row without a name. */
extern const struct csi_function csi_functions_time[];

#endif
