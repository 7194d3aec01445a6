/* SPDX-License-Identifier: MIT */
/* Whether a filter's row can be worked with. */
#ifndef CSI_ROW_CHECK_H
#define CSI_ROW_CHECK_H

#include "cosend/stage.h"

/*
 * Look at all of a row but its names, and at the rows of its options, so that
 * nothing that is out of range is met later.
 *
 * Returns COSEND_OK; COSEND_E_USAGE, with what is wrong in error.
 */
int csi_row_check(const struct cosend_filter *filter,
                  struct cosend_error *error);

#endif
