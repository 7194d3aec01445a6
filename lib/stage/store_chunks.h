/* SPDX-License-Identifier: MIT */
/* Stored records one behind the other, in chunks that never move: what comes
   first can be let go first. */
#ifndef CSI_STORE_CHUNKS_H
#define CSI_STORE_CHUNKS_H

#include <stddef.h>

struct csi_store_chunk;

/* All zero is none. */
struct csi_store_chunks {
    struct csi_store_chunk *first, *last;
    size_t start; /* of the first record in the first chunk */
    size_t bytes; /* of all chunks */
};

/* A copy of a stored record, behind the others. NULL without memory. */
const unsigned char *csi_store_chunks_add(struct csi_store_chunks *chunks,
                                          const void *stored, size_t length);
/* The first record; NULL where there is none. */
const unsigned char *csi_store_chunks_first(struct csi_store_chunks *chunks);
/* Let the first record go. */
void csi_store_chunks_drop_first(struct csi_store_chunks *chunks);
void csi_store_chunks_free(struct csi_store_chunks *chunks);

/* A walk that takes nothing out; all zero but for the chunk is at its start. */
struct csi_store_chunks_walk {
    const struct csi_store_chunk *chunk;
    size_t start;
};

struct csi_store_chunks_walk
csi_store_chunks_walk(const struct csi_store_chunks *chunks);
/* The next record; NULL behind the last. */
const unsigned char *csi_store_chunks_next(struct csi_store_chunks_walk *walk);

#endif
