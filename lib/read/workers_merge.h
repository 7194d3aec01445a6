/* SPDX-License-Identifier: MIT */
/*
 * What workers' stages counted and published becomes the run's, while the
 * workers are at rest. Counts are moved, so that each record is counted once,
 * however often this is called.
 */
#ifndef CSI_WORKERS_MERGE_H
#define CSI_WORKERS_MERGE_H

#include "read/worker.h"

/* Their counts, and what they saw of fields, become the run's. */
void csi_workers_add_counts(struct csi_worker *workers, uint32_t count,
                            struct csi_run *run);
/* Merge their states into those of a run of the same plan. COSEND_OK or an
   error. */
int csi_workers_merge_states(const struct csi_worker *workers, uint32_t count,
                             struct csi_run *run);
/* The same at the end, when theirs are not needed any more. What was moved must
   then be united (csi_states_unite). */
int csi_workers_move_states(const struct csi_worker *workers, uint32_t count,
                            struct csi_run *run);
/* After the merge the run's own stages hold what the workers' stages held. The
   merge counted these records as created, but they had been received, so take
   that back. Where the run's own stage has ended they count as dropped, and so
   they do where no merge comes: the run has failed. */
void csi_workers_move_held(const struct csi_worker *workers, uint32_t count,
                           struct csi_run *run);

#endif
