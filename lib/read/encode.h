/* SPDX-License-Identifier: MIT */
/*
 * Writing in several threads: what crosses to a sink may be encoded where it
 * comes from. Nothing here locks.
 */
#ifndef CSI_ENCODE_H
#define CSI_ENCODE_H

#include "format/format.h"
#include "run/run.h"

/* One thread's writers, one for each edge of the plan that needs one. */
struct csi_encoders {
    const struct csi_run *run;   /* whose sinks they write for */
    struct csi_writer **writers; /* by number of the edge; NULL at first */
    uint32_t count;
};

void csi_encoders_free(struct csi_encoders *encoders);

/*
 * Append to text what the sink behind an edge would write of a batch.
 *
 * Returns false, with nothing appended, where the sink itself has to: it has
 * not begun, its format is not for several threads, or a record cannot be
 * written.
 */
bool csi_encode(struct csi_encoders *encoders, const struct csi_edge *edge,
                const struct cosend_batch *batch, struct csi_text *text,
                struct csi_encoded *encoded);

#endif
