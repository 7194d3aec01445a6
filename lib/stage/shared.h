/* SPDX-License-Identifier: MIT */
/*
 * What the stages of one run share: the plan and the host's options, where the
 * run is in its input, the error that ends it, and whose time runs.
 *
 * It is the bottom of this folder. A run embeds it as its first member and
 * hands in what stages ask of whoever owns them (csi_owner), so that nothing
 * here knows what a run, its rejects or its threads are.
 */
#ifndef CSI_SHARED_H
#define CSI_SHARED_H

#include "cosend/io.h"
#include "plan/plan.h"
#include "record/record.h"
#include "stage/counts.h"

struct csi_crew;
struct csi_edge;
struct csi_shared;
struct csi_stage;

/* Without options.batch_size: records in a batch. */
#define CSI_BATCH_DEFAULT 4096

/* A record that a stage could not use. */
struct csi_bad_record {
    const struct cosend_record *record; /* NULL: no batch holds it */
    const struct csi_provenance *place;
    uint64_t ordinal;
    const char *kind;
    const char *reason;
    bool truncated; /* the raw bytes are not all there, or too many */
};

/* What stages ask of their run. */
struct csi_owner {
    /* Whether a reject at that ordinal would be kept: of many, few are told. */
    bool (*wants)(const struct csi_stage *stage, uint64_t ordinal);
    /* Keep a rejected record until it is written. False without memory. */
    bool (*reject)(struct csi_stage *stage, const struct csi_bad_record *bad);
    /* What stands at this place of the spec does not fit the data. */
    void (*problem)(struct csi_shared *shared, const struct csi_place *place,
                    const char *text);
    void (*warn)(struct csi_shared *shared, const char *text);
};

/*
 * Where a batch goes whose edge leads from stages that run in parallel to one
 * that runs once.
 * A batch of NULL, with an edge of NULL: the stage has sent to all its targets,
 * and its joins are to be released.
 *
 * Returns COSEND_OK or COSEND_E_MEMORY.
 */
struct csi_crossing {
    int (*capture)(void *context, const struct csi_edge *edge,
                   const struct csi_stage *from,
                   const struct cosend_batch *batch);
    void *context;
};

struct csi_screen;

struct csi_shared {
    const struct csi_plan *plan;
    const struct cosend_options *options;
    struct cosend_io *io;
    const struct csi_owner *owner;
    /* Set while a thread works on a chunk. */
    const struct csi_crossing *crossing;
    /* Threads that are at rest when the input has ended; NULL: none. */
    struct csi_crew *crew;
    uint64_t together; /* ns in which several threads did a stage's work */
    uint32_t batch_size;
    bool scratch;   /* a snapshot's run: no input, no warnings */
    bool worker;    /* a worker's run: some stages only, no warnings */
    bool finishing; /* the source has ended */
    bool alternate; /* several files are followed at once */
    bool problems;  /* the spec does not fit the data */
    /* The next time that a stage asked to be told of, by cosend_now; INT64_MAX:
       none. And the time at which they were told last. */
    int64_t tick_due, tick_now;
    uint64_t position; /* behind what was cut of the input: the next ordinal */
    uint64_t bad;      /* records skipped and rejected */

    struct cosend_error error; /* of the lowest ordinal */
    uint64_t error_ordinal;

    /* What the run does between two batches, for a source that is on the stack
       of whoever drives the run; NULL: nothing. An error is the run's. */
    int (*act)(void *context);
    void *act_context;

    struct csi_screen *screen; /* where snapshots are drawn; NULL: nowhere */

    struct csi_arena names; /* of sources that were read from states */
    const char *last_name;

    struct csi_counts *clocked; /* of the stage whose time runs; or NULL */
    uint64_t clock;             /* since when, in ns */
};

void csi_shared_free(struct csi_shared *shared);

/* The error with the lowest ordinal wins. Returns the kind of the winner. */
int csi_shared_fail(struct csi_shared *shared, const struct cosend_error *error,
                    uint64_t ordinal);
/* The kind of the error; COSEND_E_ABORTED where there is none. */
int csi_shared_error(const struct csi_shared *shared);
/* Its ordinal; CSI_ORDINAL_END where there is none. */
uint64_t csi_shared_error_ordinal(const struct csi_shared *shared);

/* The spec does not fit the data: report that, and fail the run. */
void csi_shared_problem(struct csi_shared *shared,
                        const struct csi_place *place, const char *format, ...)
    COSEND_PRINTF(3, 4);
void csi_shared_warn(struct csi_shared *shared, const char *format, ...)
    COSEND_PRINTF(2, 3);

/* A source's name that lives as long as the run. NULL without memory. */
const char *csi_shared_name(struct csi_shared *shared, const char *name,
                            size_t length);

/* By a clock that is never set. */
uint64_t csi_monotonic_ns(void);
/* The time that passes is counted in `counts` from now on, or, with NULL, not
   at all. Returns where it was counted before, for the caller to restore. */
struct csi_counts *csi_shared_clock(struct csi_shared *shared,
                                    struct csi_counts *counts);

#endif
