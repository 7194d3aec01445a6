/* SPDX-License-Identifier: MIT */
/*
 * A run: the stages of one plan, at run time. A snapshot is a second run of the
 * same plan (shared.scratch), which never reads; each of several threads that
 * work on one input has a run of its own (shared.worker), where only the stages
 * that may run in parallel are made.
 *
 *     run.h        making, priming, freeing
 *     finish.h     the end, and how the run ended
 *     outputs.h    outputs, whose fate is decided at the end
 *     deliveries.h what the host's callbacks are called with
 *     rejects.h    rejected records, written or told in order
 *     ledger.h     what must balance
 *     states.h     what all stages published, as bytes
 *     snapshot.h   what would be printed had the input ended here
 *     pause.h      what happens between two batches
 */
#ifndef CSI_RUN_H
#define CSI_RUN_H

#include "run/deliveries.h"
#include "run/outputs.h"
#include "run/rejects.h"
#include "stage/edge.h"

struct csi_run;

/* What a run asks of the threads that work for it: whoever has some sets it. */
struct csi_workers_ops {
    /* All that was read is sent on. COSEND_OK, COSEND_DONE, or an error. */
    int (*settle)(void *workers);
    /* What their stages counted becomes the run's count. They are settled. */
    void (*collect)(void *workers);
    /* Merge their stages' states into another run's. COSEND_OK or an error. */
    int (*merge_into)(void *workers, struct csi_run *run);
};

struct csi_run {
    struct csi_shared shared; /* first: what the stages see of it */
    struct csi_stage *stages; /* by node */
    uint32_t stage_count;     /* as many as could be made */
    struct csi_edge **edges;  /* all, by number */
    uint32_t edge_count;
    struct csi_join **joins; /* by number in the plan */
    struct csi_edge *join_targets;

    const struct csi_workers_ops
        *workers_ops; /* NULL: one thread does it all */
    void *workers;

    void (*on_ledger)(void *context);
    void *on_ledger_context;

    struct cosend_error refusal; /* why states were not saved or merged */
    bool told_hidden;            /* that there can be no snapshot */
    uint64_t unreadable;         /* inputs */
    struct cosend_error first_unreadable;
    /* Records of the source, and what an independent count says of them. */
    uint64_t reader_records, reader_boundaries;

    struct csi_rejects rejects;
    struct csi_deliveries deliveries;
    struct csi_outputs outputs;
};

static inline struct csi_run *csi_run_of(const struct csi_stage *stage)
{
    return (struct csi_run *)stage->shared;
}

static inline struct csi_stage *csi_run_source(struct csi_run *run)
{
    return &run->stages[0];
}

/* Make all stages, or, where `only` is not NULL, those of its nodes; nothing
   runs yet. NULL with the error set. */
struct csi_run *csi_run_new(const struct csi_plan *plan,
                            const struct cosend_options *options,
                            struct cosend_io *io, const bool *only,
                            struct cosend_error *error);
/* Abort what still lives, and free. */
void csi_run_free(struct csi_run *run);
/* Abort what is suspended, so that no body takes this for a normal end and
   prints a result. */
void csi_run_abort(struct csi_run *run);
/* Its coroutines are this thread's from now on; whoever drove it before is
   through with it. */
void csi_run_adopt(struct csi_run *run);
/* Every stage up to its first receive, sinks first, all but the source. */
int csi_run_prime(struct csi_run *run);
/* The limit of --max-errors is passed: an error. COSEND_OK or that. */
int csi_run_check_limit(struct csi_run *run);
/* A block is over: its rejects are written, their number is judged. */
int csi_run_block_over(struct csi_run *run);
/* Once the columns of the input are known, and fit: begin the rejects' output.
   COSEND_OK or an error. */
int csi_run_begin_rejects(struct csi_run *run);

#endif
