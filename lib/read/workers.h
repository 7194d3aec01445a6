/* SPDX-License-Identifier: MIT */
/*
 * A team: several threads that work on the blocks of one input.
 *
 * They read in turns. Who has the turn reads a block, finds where its last
 * record ends, and leaves what is behind that to the next one. Such a chunk it
 * then works on itself, so that its bytes stay in that processor's cache: from
 * cutting its records to the last stage that may run in parallel. Each thread
 * has its own instances of these stages, a run of the same plan, and the run's
 * own thread is one of them. What would go on to a stage that runs once (it
 * crosses) is captured with the chunk. Chunks retire in the order of the input:
 * the run's own thread then sends on what was captured, and takes over rejects
 * and errors. At the end states that merge are merged into the run's own
 * stages, which are closed.
 *
 * So every record is seen by stages that run once in the order of the input,
 * and what leaves does not depend on the number of threads.
 */
#ifndef CSI_WORKERS_H
#define CSI_WORKERS_H

#include "read/feed.h"

/* What crosses, in order. */
struct csi_captured {
    uint32_t edge; /* number of the edge, the same in every run of a plan */
    uint32_t from; /* the stage that sent it */
    /* NULL: it has sent to all its targets, and releases its join. */
    const struct cosend_batch *batch;
};

enum csi_chunk_state { CSI_CHUNK_FREE, CSI_CHUNK_TAKEN, CSI_CHUNK_DONE };

struct csi_chunk {
    enum csi_chunk_state state;
    struct csi_cut at; /* its block ends where its last record does */
    struct csi_captured *captured;
    size_t captured_count, captured_capacity;
    struct csi_reject *rejects;
    size_t reject_count, reject_capacity;
    struct csi_rows *rows; /* that were cut from it, to be recycled, or are */
    uint64_t errors;       /* skipped and rejected */
    struct cosend_error error;
    uint64_t error_ordinal;
    bool ended; /* a parallel stage would have no more */
};

/*
 * Make a team for a feed whose file is begun, where its plan has stages that
 * may run in parallel.
 *
 * Returns NULL where it has none, or without memory or threads: then one thread
 * does it all.
 */
struct csi_team *csi_team_new(struct csi_feed *feed);

/* Another file has begun: its columns may be in another order. */
void csi_team_begin_file(struct csi_team *team);

/*
 * Read on from where the feed is, as csi_feed_drain says. What is read and not
 * whole yet is the feed's afterwards; it is to go on alone, with feed->threads
 * at 1, where that is longer than a record may be.
 */
int csi_team_drain(struct csi_team *team, struct cosend_input *input, int *read,
                   struct cosend_error *error);

/*
 * Wait until all that was read has retired, and let nobody read on before the
 * drain under way, if any, does.
 *
 * Returns COSEND_OK, COSEND_DONE, or an error.
 */
int csi_team_settle(struct csi_team *team);

/*
 * The input has ended: settle, and merge all states into the run's own.
 *
 * Returns COSEND_OK, COSEND_DONE, or an error.
 */
int csi_team_finish(struct csi_team *team);

/* For a snapshot of a settled team: merge its workers' states into a scratch
   run's. COSEND_OK or an error. */
int csi_team_show(struct csi_team *team, struct csi_run *scratch);

/* What the workers' stages counted becomes the run's own count. The team is
   settled. */
void csi_team_collect(struct csi_team *team);

/* Stop and free; NULL is fine. */
void csi_team_free(struct csi_team *team);

/* ---- Called by edges ------------------------------------------------------
 */

/* Capture what crosses: a batch, or, with no edge and no batch, that a join is
   to be released. COSEND_OK or COSEND_E_MEMORY. */
int csi_chunk_capture(struct csi_chunk *chunk, const struct csi_edge *edge,
                      const struct csi_stage *from,
                      const struct cosend_batch *batch);

#endif
