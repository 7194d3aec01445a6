/* SPDX-License-Identifier: MIT */
/*
 * A run: the stages of one plan, alive, and what they share. A snapshot is a
 * second run of the same plan (`scratch`), which never reads.
 */
#ifndef CSI_RUN_H
#define CSI_RUN_H

#include "cosend/bytes.h"
#include "cosend/io.h"
#include "format/format.h"
#include "plan/plan.h"
#include "stage/stage.h"

#define CSI_BATCH_DEFAULT 4096

/* A reject that waits for its block to be over. */
struct csi_reject {
    uint64_t ordinal;
    uint32_t step;
    uint32_t number;         /* in order of arrival */
    struct csi_text text;    /* a JSON line */
    struct csi_text summary; /* for people */
};

/* An output whose fate is decided when the run has ended. */
struct csi_output_at_end {
    struct cosend_output *output;
    struct csi_stage *stage;
};

struct csi_run {
    const struct csi_plan *plan;
    const struct cosend_options *options;
    struct cosend_io *io;
    bool scratch;
    bool worker;             /* of a team: only some stages are there */
    struct csi_chunk *chunk; /* whose results what runs now are, or NULL */
    struct csi_feed *feed;   /* that has a team, or NULL */
    struct csi_edge **edges; /* all, by number */
    uint32_t edge_count;
    struct csi_stage *stages; /* by node */
    uint32_t stage_count;     /* as many as could be made */
    struct csi_join **joins;
    uint32_t batch_size;
    uint64_t position; /* behind what was cut of the input: the next ordinal */

    struct cosend_error error;
    uint64_t error_ordinal;
    bool problems;            /* unknown columns were reported */
    struct cosend_error lost; /* a sink's error under on_error: skip */
    bool gone;                /* the only sink's reader is gone */
    bool finishing;           /* the source has ended */
    bool interrupted;
    void (*on_ledger)(void *context);
    void *on_ledger_context;
    uint64_t unreadable;
    uint64_t reader_records, reader_boundaries;
    uint64_t errors; /* skipped and rejected */

    struct csi_reject *rejects;
    size_t reject_count, reject_capacity;
    uint32_t told; /* rejects told to a person */
    struct cosend_output *reject_output;

    struct csi_output_at_end *outputs;
    size_t output_count, output_capacity;

    struct csi_arena names; /* of sources that were read from states */
    const char *last_name;

    struct csi_stage *clocked; /* whose time runs */
    uint64_t clock;
};

/* ---- run.c --------------------------------------------------------------- */

/* Make all stages, or, where `only` is not NULL, those of its nodes; nothing
   runs yet. NULL with the error set. */
struct csi_run *csi_run_new(const struct csi_plan *plan,
                            const struct cosend_options *options,
                            struct cosend_io *io, const bool *only,
                            struct cosend_error *error);
/* Abort what still lives, and free. */
void csi_run_free(struct csi_run *run);
/* Every stage up to its first receive, sinks first, all but the source. */
int csi_run_prime(struct csi_run *run);
/* Between two batches: what must not happen inside one. */
int csi_run_pause(struct csi_run *run);
/* A block is over: its rejects are written, their number is judged. */
int csi_run_block_over(struct csi_run *run);
/* The source has ended, or is to: everything is closed, outputs too. */
int csi_run_finish(struct csi_run *run);
bool csi_run_balances(const struct csi_run *run);

static inline struct csi_stage *csi_run_source(struct csi_run *run)
{
    return &run->stages[0];
}

/* The error with the lowest ordinal wins. Returns the kind of the winner. */
int csi_run_fail(struct csi_run *run, const struct cosend_error *error,
                 uint64_t ordinal);
int csi_run_error(const struct csi_run *run);
uint64_t csi_run_error_ordinal(const struct csi_run *run);
/* A sink's reader is gone; if it was the only sink, so is the run's point. */
void csi_run_sink_gone(struct csi_run *run);
void csi_run_problem(struct csi_run *run, const struct csi_place *place,
                     const char *format, ...) COSEND_PRINTF(3, 4);
void csi_run_warn(struct csi_run *run, const char *format, ...)
    COSEND_PRINTF(2, 3);

/* A source's name that lives as long as the run. NULL without memory. */
const char *csi_run_name(struct csi_run *run, const char *name, size_t length);

/* Time goes to another stage; enter returns whose it was, for leave. */
struct csi_stage *csi_run_enter(struct csi_run *run, struct csi_stage *stage);
void csi_run_leave(struct csi_run *run, struct csi_stage *stage);

/* ---- reject.c ------------------------------------------------------------ */

/*
 * Apply the stage's on_error to a bad record. record may be NULL for one that
 * no batch holds; then place and ordinal say where it was. The caller counts
 * it out of wherever it was counted in.
 */
void csi_reject(struct csi_stage *stage, const struct cosend_record *record,
                const struct csi_provenance *place, uint64_t ordinal,
                const char *kind, const char *reason, bool truncated);
/* Open the rejects' output, if there is one. */
int csi_rejects_open(struct csi_run *run);
/* A block is over: write its rejects in order. */
int csi_rejects_flush(struct csi_run *run);

/* ---- feed.c -------------------------------------------------------------- */

/* From bytes to batches: a reader, and the block it cuts. */
struct csi_feed;

struct csi_feed *csi_feed_new(struct csi_stage *stage,
                              const struct cosend_format_options *options,
                              const struct csi_format *format);
void csi_feed_free(void *feed);
/* What comes now is of this file, from that offset on. name outlives the run's
   rows. */
void csi_feed_file(struct csi_feed *feed, const char *name, uint64_t offset);
/* Room to read into, at least a few KiB. NULL without memory. */
char *csi_feed_room(struct csi_feed *feed, size_t *room);
/* So many threads may work on this file. */
void csi_feed_threads(struct csi_feed *feed, uint32_t threads);
/* length bytes were read into it. COSEND_OK, COSEND_DONE, or an error. */
int csi_feed_take(struct csi_feed *feed, size_t length);
/* Whether threads would help with what follows in this file. */
bool csi_feed_has_team(struct csi_feed *feed);
/*
 * Read on, by all threads, as long as there is something at once. *read is what
 * cosend_input_read said last, with its error, once all is sent on.
 *
 * Returns COSEND_OK, COSEND_DONE, or an error.
 */
int csi_feed_drain(struct csi_feed *feed, struct cosend_input *input, int *read,
                   struct cosend_error *error);
/* Send on all records that were read. The same. */
int csi_feed_settle(struct csi_feed *feed);
/* The file is over. */
int csi_feed_end(struct csi_feed *feed);
/* The input is over: other threads' states become the run's. */
int csi_feed_finish(struct csi_feed *feed);

/* ---- snapshot.c ---------------------------------------------------------- */

/* What every stage published, as bytes; and such bytes of a run of the same
   pipeline, merged into this one's states. COSEND_E_TYPE for other bytes. */
int csi_states_save(const struct csi_run *run, struct cosend_bytes *to);
int csi_states_merge(struct csi_run *run, struct cosend_reader_bytes *from);
/* Print what the run would print had its input ended here. */
int csi_snapshot(struct csi_run *run);

/* ---- The ends that the host program provides ------------------------------
 */

extern const struct cosend_filter csi_callback_sink;
extern const struct cosend_filter csi_push_source;

/* What the host sends into csi_push_source. */
struct csi_push {
    const char *data; /* bytes, or: */
    size_t length;
    const char *const *names; /* a record */
    const struct cosend_cell *cells;
    size_t count;
    bool flush;
};

#endif
