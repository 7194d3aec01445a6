/* SPDX-License-Identifier: MIT */
/* What is told of fields that steps name, and for which there is no column. */
#ifndef CSI_NO_COLUMN_H
#define CSI_NO_COLUMN_H

#include "stage/stage.h"

/* The slot's name is none of the input's. */
void csi_tell_unknown_column(struct csi_stage *stage, uint32_t slot);

/* No field was named, and there is not one column alone. */
void csi_tell_which_column(struct csi_stage *stage, uint32_t slot);

/* The slot is a pattern, which takes no column. */
void csi_tell_unmatched(struct csi_stage *stage, uint32_t slot);

#endif
