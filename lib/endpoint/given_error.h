/* SPDX-License-Identifier: MIT */
/* Errors that a source or sink of the program's own hands over. */
#ifndef CSI_GIVEN_ERROR_H
#define CSI_GIVEN_ERROR_H

#include "cosend/base.h"

/* A copy of one. Where it is none, as one that was not filled in, it is of
   `kind`; where it says nothing, it says `text`. */
struct cosend_error csi_given_error(const struct cosend_error *error, int kind,
                                    const char *text);

#endif
