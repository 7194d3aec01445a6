/* SPDX-License-Identifier: MIT */
/* Several threads that work on the blocks of one input. */
#ifndef CSI_WORKERS_H
#define CSI_WORKERS_H

#include "read/chunker.h"
#include "run/run.h"

struct csi_workers;

/*
 * Start threads for a run whose chunker has begun its file, where the plan has
 * stages that may run in parallel; `threads` counts the run's own.
 *
 * Returns NULL where it has none, or without memory or threads: then one thread
 * does it all.
 */
struct csi_workers *csi_workers_new(struct csi_chunker *chunker,
                                    uint32_t threads);
/* Stop and free; NULL is fine. */
void csi_workers_free(struct csi_workers *workers);

/* How many ns since `since`, which is before any of its drains, no second
   thread could have worked. */
uint64_t csi_workers_sequential(const struct csi_workers *workers,
                                uint64_t since);

/* Another file has begun: its columns may be in another order. False without
   memory. */
bool csi_workers_begin_file(struct csi_workers *workers);

/*
 * Read on from where the chunker is, as csi_feed_drain says. What is read and
 * not whole yet is the chunker's afterwards, which is `whole_only` where that
 * is longer than a record may be.
 */
int csi_workers_drain(struct csi_workers *workers, struct cosend_input *input,
                      int *read, struct cosend_error *error);

/*
 * The input has ended: all that was read is sent on, and all states are merged
 * into the run's own. COSEND_OK, COSEND_DONE, or an error.
 */
int csi_workers_finish(struct csi_workers *workers);

#endif
