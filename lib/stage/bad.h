/* SPDX-License-Identifier: MIT */
/* Bad records: what a step's on_error makes of them. */
#ifndef CSI_BAD_H
#define CSI_BAD_H

#include "stage/stage.h"

/*
 * Apply the stage's on_error to a bad record. The caller counts it out of
 * wherever it was counted in.
 */
void csi_stage_bad(struct csi_stage *stage, const struct csi_bad_record *bad);
/* The same for one that is skipped, whatever on_error says. */
void csi_stage_skip(struct csi_stage *stage);

#endif
