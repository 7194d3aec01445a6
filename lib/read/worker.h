/* SPDX-License-Identifier: MIT */
/*
 * One of several threads, as far as the others do not matter: a run and a
 * chunker of its own, and a chunk to work on. Nothing here locks.
 */
#ifndef CSI_WORKER_H
#define CSI_WORKER_H

#include "read/chunk.h"
#include "read/parallel_region.h"

struct csi_worker {
    struct csi_run *run; /* made by the thread itself, with its first chunk */
    struct csi_chunker *chunker;
    unsigned file; /* whose columns its reader knows */
    uint64_t reader_records, reader_boundaries;
};

/*
 * Have a run's stages work on a chunk: what comes of it is the chunk's then,
 * its errors, too. What the run itself was at stays as it is.
 */
void csi_chunk_work(struct csi_chunk *chunk, struct csi_run *run,
                    struct csi_chunker *chunker);
/* The same by a worker. `of` is the chunker of the run that it works for, whose
   stages inside the region it has copies of; `file` numbers that one's file. */
void csi_worker_work(struct csi_worker *worker, struct csi_chunk *chunk,
                     const struct csi_region *region,
                     const struct csi_chunker *of, unsigned file);
/* Free what is the worker's; in the thread that worked. */
void csi_worker_release(struct csi_worker *worker);

#endif
