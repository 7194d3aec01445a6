/* SPDX-License-Identifier: MIT */
/*
 * What is asked of records before they come: known by name when a body has
 * declared its columns, since those that it sends to have by then. So it goes
 * up the graph as stages are primed, sinks first.
 */
#ifndef CSI_WANTED_H
#define CSI_WANTED_H

#include "stage/stage.h"

/* Set, and only by tests, everything is wanted everywhere. */
extern bool csi_want_all;

/* What the stage wants of its input, once its body waits for records. Without
   memory that is all. */
void csi_stage_find_wanted(struct csi_stage *stage);
/* Whether a stage below may look at a field that this one sets by its name, or
   at what is inside it, as at a.b for a. */
bool csi_stage_is_asked(const struct csi_stage *stage, const char *name,
                        size_t length);
/* What the same stage wants in another run of the plan, which stays there. */
void csi_stage_share_wanted(struct csi_stage *stage,
                            const struct csi_stage *from);
void csi_wanted_free(struct csi_stage *stage);

#endif
