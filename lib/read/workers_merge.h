/* SPDX-License-Identifier: MIT */
/*
 * What workers' stages counted and published becomes the run's. All of it with
 * the workers at rest.
 */
#ifndef CSI_WORKERS_MERGE_H
#define CSI_WORKERS_MERGE_H

#include "read/worker.h"

/* Their counts become the run's, and zero. */
void csi_workers_add_counts(struct csi_worker *workers, uint32_t count,
                            struct csi_run *run);
/* Merge their states into those of a run of the same plan. COSEND_OK or an
   error. */
int csi_workers_merge_states(const struct csi_worker *workers, uint32_t count,
                             struct csi_run *run);
/* Records that workers' stages held are held by the run's own now, which
   counted them as its creation. */
void csi_workers_move_held(const struct csi_worker *workers, uint32_t count,
                           struct csi_run *run);

#endif
