/* SPDX-License-Identifier: MIT */
/* What came of a chunk becomes the run's, in the run's own thread. */
#ifndef CSI_RETIRE_H
#define CSI_RETIRE_H

#include "read/chunk.h"
#include "run/run.h"

/* Send on what the chunk captured, and take over its rejects and its error. The
   chunk is empty then. COSEND_OK, COSEND_DONE, or an error. */
int csi_chunk_retire(struct csi_chunk *chunk, struct csi_run *run);

#endif
