/* SPDX-License-Identifier: MIT */
/* A batch to all targets of a stage. */
#ifndef CSI_DISPATCH_H
#define CSI_DISPATCH_H

#include "stage/stage.h"

/* Send a batch to all targets; it counts as out. COSEND_OK, COSEND_DONE when
   every target has enough, or an error. */
int csi_stage_dispatch(struct csi_stage *stage,
                       const struct cosend_batch *batch);
/* The same, but record i goes to target routes[i] alone, unless that is
   CSI_ALL_TARGETS. */
int csi_stage_dispatch_routed(struct csi_stage *stage,
                              const struct cosend_batch *batch,
                              const uint32_t *routes);
/*
 * A target failed: the others get what came before the record it failed at, as
 * they would have if records came one by one. A reference; NULL without memory.
 */
struct cosend_batch *csi_batch_before_error(const struct csi_stage *stage,
                                            const struct cosend_batch *batch);

#endif
