/* SPDX-License-Identifier: MIT */
/* Schemas going down the graph, before the first batch. */
#ifndef CSI_ANNOUNCE_H
#define CSI_ANNOUNCE_H

#include "stage/stage.h"

/* The stage's targets, and those below them, get this schema, which is the
   stage's output's. Unknown columns are reported to the run; returns
   COSEND_E_COLUMN if there were any. */
int csi_stage_announce_targets(struct csi_stage *stage,
                               struct cosend_schema *schema);
/* For a source that reads: the same, and what is wrong fails it. */
int csi_stage_announce_first(struct csi_stage *stage,
                             struct cosend_schema *schema);
/* For one that makes its records: announce what its recipe says. */
int csi_stage_announce_source(struct csi_stage *stage);

#endif
