/* SPDX-License-Identifier: MIT */
/* What a source waits for: the run, which resumes it. */
#ifndef CSI_SOURCE_H
#define CSI_SOURCE_H

#include "stage/stage.h"

/* Wait for what the run sends. False at the end, and on an abort. */
bool csi_source_wait(struct csi_stage *stage, void **in);
/* Let the run act between two batches. False when the source is to stop. */
bool csi_source_pause(struct csi_stage *stage);

#endif
