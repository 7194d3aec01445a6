/* SPDX-License-Identifier: MIT */
/* The functions of addresses. */
#ifndef CSI_FUNCTIONS_NET_H
#define CSI_FUNCTIONS_NET_H

#include "expression/functions.h"

/* Ends with a row without a name. */
extern const struct csi_function csi_functions_net[];

#endif
