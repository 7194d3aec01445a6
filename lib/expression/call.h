/* SPDX-License-Identifier: MIT */
/* Calls of functions, built and checked. */
#ifndef CSI_CALL_H
#define CSI_CALL_H

#include "expression/builder.h"
#include "expression/functions.h"

/* The call of a function with a list of arguments, which it becomes; NULL with
   the problem reported. */
struct csi_term *csi_build_call(struct csi_builder *builder,
                                const struct csi_function *function,
                                struct csi_term *list);

#endif
