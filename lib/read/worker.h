/* SPDX-License-Identifier: MIT */
/*
 * What a thread does with a chunk, by itself: it has a run and a chunker of its
 * own. Nothing here locks; what threads share is in workers.c.
 */
#ifndef CSI_WORKER_H
#define CSI_WORKER_H

#include "read/chunk.h"
#include "read/parallel_region.h"

struct csi_worker {
    struct csi_run *run; /* made by the thread itself, with its first chunk */
    struct csi_chunker *chunker;
    struct csi_encoders encoders;
    unsigned file; /* whose columns its reader knows */
    uint64_t reader_records, reader_boundaries;
};

/*
 * Have a run's stages work on a chunk. What they send out of the region, their
 * rejects and their error become the chunk's. Where the run itself was in the
 * input, its rejects and its error are as before.
 */
void csi_chunk_work(struct csi_chunk *chunk, struct csi_run *run,
                    struct csi_chunker *chunker, struct csi_encoders *encoders);
/* The same by a worker, whose run is made with its first chunk. `of` is the
   chunker of the run that it works for; `file` is the number of that chunker's
   file. */
void csi_worker_work(struct csi_worker *worker, struct csi_chunk *chunk,
                     const struct csi_region *region,
                     const struct csi_chunker *of, unsigned file);
/* Its reader, if it knows that file's columns already; else NULL. */
static inline struct csi_reader *
csi_worker_reader(const struct csi_worker *worker, unsigned file)
{
    return worker->chunker && worker->file == file ? worker->chunker->reader
                                                   : NULL;
}

/* Free what is the worker's; in the thread that worked. */
void csi_worker_release(struct csi_worker *worker);

#endif
