/* SPDX-License-Identifier: MIT */
/* Whether a cell is what its kind says, where it is written to JSON as it is.
 */
#ifndef CSI_JSON_KIND_H
#define CSI_JSON_KIND_H

#include "cosend/record.h"

/* COSEND_OK; COSEND_E_TYPE where it is not, or of no kind; COSEND_E_MEMORY. */
int csi_json_check_kind(const struct cosend_cell *cell);

#endif
