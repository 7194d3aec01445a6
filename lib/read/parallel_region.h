/* SPDX-License-Identifier: MIT */
/*
 * Which stages of a plan may run in several threads at once. The source's
 * records may be cut in parallel. A stage is in the region where all that it
 * gets comes from inside, and it is stateless or merges. What a stage that
 * merges sends runs once, as does everything behind it.
 */
#ifndef CSI_PARALLEL_REGION_H
#define CSI_PARALLEL_REGION_H

#include "run/run.h"

struct csi_region {
    const struct csi_run *run; /* any of the plan */
    bool *nodes, *joins;       /* by number: it runs in parallel */
};

/* Whether what a stage sends on runs in parallel as it does. */
bool csi_region_passes(const struct csi_stage *stage);

/* Find them; nodes and joins, all false before, are the caller's. */
void csi_region_find(struct csi_region *region);

/* Mark the edges of a run of that plan which lead out of it. */
void csi_region_mark(const struct csi_region *region, struct csi_run *run);

/* Whether threads have something to do: there is more in it than the source, or
   what that sends is written in another format. */
bool csi_region_has_work(const struct csi_region *region);

#endif
