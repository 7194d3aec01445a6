/* SPDX-License-Identifier: MIT */
/* A chunk: a block of whole records, and what came of it in one thread. */
#ifndef CSI_CHUNK_H
#define CSI_CHUNK_H

#include "read/ahead.h"
#include "read/chunker.h"
#include "read/encode.h"
#include "read/extent.h"
#include "run/rejects.h"
#include "stage/edge.h"

/* What a stage in parallel sent to one that runs once. */
struct csi_captured {
    uint32_t edge; /* number of the edge, the same in every run of a plan */
    uint32_t from; /* the stage that sent it */
    /* NULL: it has sent to all its targets, and releases its joins. */
    const struct cosend_batch *batch;
    /* What is to be written of it, in the chunk's text, where a sink gets it
       and .records are not 0. */
    struct csi_encoded encoded;
    size_t at;
};

enum csi_chunk_state {
    CSI_CHUNK_FREE,
    CSI_CHUNK_READING, /* its extent is being read, */
    CSI_CHUNK_READ,    /* and was: where its records are is to be seen */
    CSI_CHUNK_READY,   /* they are to be worked on, */
    CSI_CHUNK_TAKEN,   /* are, */
    CSI_CHUNK_DONE     /* and were */
};

struct csi_chunk {
    enum csi_chunk_state state;
    struct csi_extent extent; /* where it is one */
    struct csi_ahead ahead;   /* its records, if they are cut already */
    struct csi_cut at;        /* its block ends where its last record does */
    uint64_t line_ends;       /* up to there, as the border was found by */
    struct csi_captured *captured; /* in order */
    size_t captured_count, captured_capacity;
    struct csi_encoders *encoders; /* of the thread that works on it */
    struct csi_text text;          /* what was encoded */
    struct csi_reject_list rejects;
    struct csi_rows *rows; /* cut from it, or recycled for the next cut */
    uint64_t bad;          /* skipped and rejected */
    struct cosend_error error;
    uint64_t error_ordinal;
    bool ended; /* no stage in parallel takes any more */
};

/* Keep a batch that crosses with the chunk: csi_crossing's capture. */
int csi_chunk_capture(void *chunk, const struct csi_edge *edge,
                      const struct csi_stage *from,
                      const struct cosend_batch *batch);
/* Forget what came of it; its state stays, which is guarded by a lock. */
void csi_chunk_empty(struct csi_chunk *chunk);
/* Free what it holds; not itself. */
void csi_chunk_free(struct csi_chunk *chunk);

#endif
