/* SPDX-License-Identifier: MIT */
/* The chain of older errors in an error: Python's __cause__ and __context__. */
#ifndef CSI_COROUTINE_CAUSES_H
#define CSI_COROUTINE_CAUSES_H

#include "cosend/base.h"

/*
 * Put `older`, and what led to it, at the end of error's chain, unless they are
 * one error or it is there already.
 */
void csi_causes_append(struct cosend_error *error,
                       const struct cosend_error *older, bool raised_from);

#endif
