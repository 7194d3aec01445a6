/* SPDX-License-Identifier: MIT */
/*
 * Many records that a stage makes, a piece at a time: batches that several
 * threads make, and encode where a sink gets them, and that go on in order.
 */
#ifndef CSI_PIECES_H
#define CSI_PIECES_H

#include "base/text.h"
#include "stage/stage.h"

/* Threads that are at rest, and what they can do besides. */
struct csi_crew {
    uint32_t threads; /* the run's own is one of them */
    /*
     * Append to text what the sink behind an edge would write of a batch, as
     * the thread of that number.
     *
     * Returns false, with nothing appended, where the sink itself has to.
     */
    bool (*encode)(void *context, uint32_t thread, const struct csi_edge *edge,
                   const struct cosend_batch *batch, struct csi_text *text,
                   struct csi_encoded *encoded);
    void *context;
};

struct csi_pieces {
    void *context;
    size_t size; /* of a piece, of which all that is known is that */
    /* The next piece, by one thread at a time. False behind the last. */
    bool (*take)(void *context, void *piece);
    /*
     * Have its records pending in a stage, which is the one that emits, or
     * another thread's in its place, for cosend_set and the like. Where that
     * fails, those before are. By several threads at once.
     *
     * Returns false without memory.
     */
    bool (*make)(void *context, const void *piece, struct csi_stage *stage);
};

/* Emit all pieces, `together` by the run's crew, which then is there. As
   cosend_emit. */
int csi_stage_emit_pieces(struct csi_stage *stage,
                          const struct csi_pieces *pieces, bool together);

#endif
