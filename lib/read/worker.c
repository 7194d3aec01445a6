/* SPDX-License-Identifier: MIT */
#include "read/worker.h"

#include "stage/announce.h"
#include "stage/matches.h"
#include "stage/wanted.h"

#include <string.h>

static int not_whole(struct csi_chunker *chunker)
{
    return cosend_fail(&chunker->stage->face, COSEND_E_LEDGER,
                       "a block does not end where its last record does; "
                       "please report this");
}

static void swap_rejects(struct csi_run *run, struct csi_chunk *chunk)
{
    struct csi_reject_list was = run->rejects.waiting;

    run->rejects.waiting = chunk->rejects;
    chunk->rejects = was;
}

static void take_error(struct csi_chunk *chunk, struct csi_shared *shared,
                       int status)
{
    chunk->error = shared->error;
    chunk->error_ordinal = shared->error_ordinal;
    if (status < 0 && !chunk->error.kind) {
        chunk->error_ordinal = chunk->at.ordinal;
        cosend_error_set(&chunk->error, status, "a stage failed with %d",
                         status);
    }
    chunk->ended = status == COSEND_DONE;
    memset(&shared->error, 0, sizeof(shared->error));
}

void csi_chunk_work(struct csi_chunk *chunk, struct csi_run *run,
                    struct csi_chunker *chunker, struct csi_encoders *encoders)
{
    struct csi_crossing crossing = {csi_chunk_capture, chunk};
    struct csi_shared *shared = &run->shared;
    struct csi_counts *back =
        csi_shared_clock(shared, &csi_run_source(run)->counts);
    struct csi_cut at = chunker->at;
    uint64_t position = shared->position, bad = shared->bad;
    int status;

    swap_rejects(run, chunk);
    chunk->encoders = encoders;
    shared->crossing = &crossing;
    shared->position = chunk->at.ordinal;
    chunker->at = chunk->at;
    chunker->aside = &chunk->rows;
    chunker->ahead = &chunk->ahead;
    if (!chunker->spare) {
        chunker->spare = chunk->rows;
        chunk->rows = NULL;
    }
    chunker->reader->told = (struct csi_told){
        chunk->at.block->data + chunk->at.from,
        chunk->at.block->data + chunk->at.block->length, chunk->line_ends};
    status = csi_chunker_cut(chunker, false);
    chunker->reader->told = (struct csi_told){0};
    if (status == COSEND_OK && chunker->at.from < chunker->at.block->length)
        status = not_whole(chunker);
    chunker->aside = NULL;
    chunker->ahead = NULL;
    csi_ahead_settle(&chunk->ahead);
    chunker->at = at;
    shared->position = position;
    shared->crossing = NULL;
    swap_rejects(run, chunk);
    chunk->bad = shared->bad - bad;
    shared->bad = bad;
    take_error(chunk, shared, status);
    csi_shared_clock(shared, back);
}

/* Make the worker's run and chunker. The run's own stages were announced the
   same schema before, so no problem of a column is reported here for the first
   time. */
static int prepare_worker(struct csi_worker *worker,
                          const struct csi_region *region,
                          const struct csi_chunker *of,
                          struct cosend_error *error)
{
    const struct csi_shared *shared = of->stage->shared;
    struct csi_stage *source;
    int status;

    worker->run = csi_run_new(shared->plan, shared->options, shared->io,
                              region->nodes, error);
    if (!worker->run)
        return error->kind;
    worker->run->shared.worker = true;
    csi_region_mark(region, worker->run);
    /* Those that are not in it are the run's own. */
    for (uint32_t i = 0; i < worker->run->stage_count; i++) {
        const struct csi_stage *own = &csi_run_of(of->stage)->stages[i];

        csi_stage_share_wanted(&worker->run->stages[i], own);
        csi_matches_share(&worker->run->stages[i], own);
        csi_stage_share_common(&worker->run->stages[i], own);
    }
    source = csi_run_source(worker->run);
    worker->chunker = csi_chunker_new(source, of->options, of->format);
    status = worker->chunker ? csi_run_prime(worker->run) : COSEND_E_MEMORY;
    if (status >= 0)
        status = csi_stage_announce_first(source, of->reader->schema);
    if (status < 0)
        *error = worker->run->shared.error;
    return status < 0 ? status : COSEND_OK;
}

static int ready_worker(struct csi_worker *worker,
                        const struct csi_region *region,
                        const struct csi_chunker *of, unsigned file,
                        struct cosend_error *error)
{
    int status = COSEND_OK;

    if (!worker->run)
        status = prepare_worker(worker, region, of, error);
    if (status == COSEND_OK && worker->file != file &&
        !worker->chunker->reader->ops->copy_state(worker->chunker->reader,
                                                  of->reader))
        status = csi_no_memory(error);
    worker->file = file;
    return status;
}

void csi_worker_work(struct csi_worker *worker, struct csi_chunk *chunk,
                     const struct csi_region *region,
                     const struct csi_chunker *of, unsigned file)
{
    if (ready_worker(worker, region, of, file, &chunk->error) == COSEND_OK) {
        worker->encoders.run = csi_run_of(of->stage);
        csi_chunk_work(chunk, worker->run, worker->chunker, &worker->encoders);
        return;
    }
    chunk->error_ordinal = chunk->at.ordinal;
    if (!chunk->error.kind)
        csi_no_memory(&chunk->error);
}

void csi_worker_release(struct csi_worker *worker)
{
    if (worker->chunker) {
        worker->reader_records = worker->chunker->reader->records;
        worker->reader_boundaries = worker->chunker->reader->boundaries;
    }
    csi_encoders_free(&worker->encoders);
    csi_chunker_free(worker->chunker);
    csi_run_free(worker->run);
}
