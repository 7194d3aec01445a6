/* SPDX-License-Identifier: MIT */
/*
 * Stages at run time.
 *
 * A stage is one node of the plan, alive: its filter's body in a coroutine,
 * the batch in hand, and the records picked and made since the last batch went
 * down ("pending"). Pending records share one base: the batch in hand, a kept
 * record's own, or none where the filter made them; another base sends what is
 * pending first. So a batch that leaves has one base too.
 *
 * Data goes down by cosend_send, news by cosend_throw, the end by
 * cosend_close; a stage whose body has returned ends its targets itself, the
 * last thing it does. Schemas go down by plain recursion (csi_stage_announce),
 * before the first batch.
 */
#ifndef CSI_STAGE_H
#define CSI_STAGE_H

#include "cosend/bytes.h"
#include "cosend/coroutine.h"
#include "plan/plan.h"
#include "record/record.h"

/* News, thrown into a stage's receive. Not errors: they never leave it. */
enum csi_news { CSI_NEWS_FLUSH = -501, CSI_NEWS_ABORT = -502 };

struct csi_run;
struct csi_stage;
struct csi_join;

/* An edge, seen from its sender. */
struct csi_edge {
    struct csi_stage *stage; /* or: */
    struct csi_join *join;
    uint32_t port;
    uint32_t number; /* in the run, by the plan alone */
    uint64_t sent;   /* records that the other side took */
    bool done;
    bool crosses; /* from stages that run in parallel to one that does not */
};

/* What the output looks like, as the body declared it. */
struct csi_recipe {
    bool drop_all;
    bool keep; /* only columns kept[] */
    struct cosend_fields kept;
    uint32_t *dropped; /* slots */
    size_t dropped_count, dropped_capacity;
    char **added;
    size_t added_count, added_capacity;
};

/* One value of what a stage returns. */
struct csi_result {
    char *name;
    char *text;
    struct cosend_cell cell;
};

struct csi_stage {
    struct cosend_stage face; /* first: the public part */
    struct csi_run *run;
    const struct csi_node *node;
    uint32_t index;
    struct cosend_coroutine *coroutine;
    struct csi_edge *targets;
    uint32_t target_count;
    struct csi_join *join; /* released when a batch went to all targets */
    bool join_crosses;     /* its ports are edges that cross */

    /* Input. */
    struct cosend_schema *schema; /* NULL until announced */
    uint32_t *map;                /* column of each handle */
    enum cosend_end end;
    uint32_t at;    /* behind the record last looked at in a batch, or 0 */
    uint64_t cause; /* ordinal of what is treated where no batch is in hand:
                       after a close, of what caused that */

    /* Output. */
    struct csi_recipe recipe;
    struct cosend_schema *out_schema;
    uint32_t *out_map;      /* column of the input for each of the output */
    uint32_t *added_column; /* column of the output for each added one */
    const struct cosend_batch *base; /* of what is pending; NULL: made */
    size_t picked_capacity;
    uint64_t *causes; /* ordinals of pending records, unless of the batch's */
    size_t causes_capacity;
    struct cosend_cell *pen; /* added columns, for the next emit */
    bool pen_used;
    struct cosend_cell *cells; /* [added column][pending record] */
    size_t cells_capacity;     /* records */
    struct csi_arena text;     /* of pen and cells */

    /* Kept records whose memory is still the batch's in hand. */
    struct cosend_batch **kept;
    size_t kept_count, kept_capacity;

    void *state; /* published; NULL when the body has returned */
    struct cosend_bytes last_state;   /* saved when it was closed early */
    const char *note;                 /* how it works, or NULL */
    const struct cosend_regex *sieve; /* what it drops; or NULL */
    struct csi_result *results;
    size_t result_count, result_capacity;
    int (*on_flush)(void *context, struct cosend_error *error);
    void *on_flush_context;

    /* Ledger; face.dropped is counted by the inline functions. */
    uint64_t in, created, out, skipped, rejected, unread, held;
    uint64_t bytes, ns;
    bool closed_early; /* before the source had ended */
    bool miscounted;   /* a sink's records are not those its writer wrote */
};

static inline struct csi_stage *csi_stage_of(struct cosend_stage *face)
{
    return (struct csi_stage *)face;
}

/* ---- stage.c ------------------------------------------------------------- */

/* Make a stage's coroutine; the stage is zeroed but for run, node, index and
   targets. COSEND_OK or an error. */
int csi_stage_init(struct csi_stage *stage, struct cosend_error *error);
/* Free what the stage holds; its coroutine is closed first. */
void csi_stage_free(struct csi_stage *stage);
/* Record an error of this stage's at its present place in the stream. */
int csi_stage_fail(struct csi_stage *stage, const struct cosend_error *error);
/* No more records, for this reason, unless there was one before. The end of the
   input is none: what is sent after it may still fail. */
void csi_stage_stop(struct csi_stage *stage, enum cosend_end end);
/* Wait for the next batch, handling news. False at the end. */
bool csi_stage_next_batch(struct csi_stage *stage);
/* A source waits for what the run sends it. False at the end, or on abort. */
bool csi_stage_listen(struct csi_stage *stage, void **in);
/* A source's pause between two batches. False when it is to stop. */
bool csi_stage_pause(struct csi_stage *stage);

/* ---- snapshot.c -----------------------------------------------------------
 */

/* The stage ends before the run does: snapshots still show what it had. False
   without memory. */
bool csi_stage_save_last(struct csi_stage *stage);

/* ---- recipe.c ------------------------------------------------------------ */

/* Tell the stage its input's schema, and those below theirs. Unknown columns
   are reported to the run; returns COSEND_E_COLUMN if there were any. */
int csi_stage_announce(struct csi_stage *stage, struct cosend_schema *schema);
/* The same for the targets, with the stage's output. */
int csi_stage_announce_targets(struct csi_stage *stage,
                               struct cosend_schema *schema);
/* For a source that reads: the same, and what is wrong fails it. */
int csi_stage_announce_first(struct csi_stage *stage,
                             struct cosend_schema *schema);
/* For one that makes its records: announce what its recipe says. */
int csi_stage_announce_source(struct csi_stage *stage);
void csi_recipe_free(struct csi_recipe *recipe);

/* ---- emit.c -------------------------------------------------------------- */

/* Send what is pending. COSEND_OK, COSEND_DONE, or an error. */
int csi_stage_send_pending(struct csi_stage *stage);
/* Send a batch to all targets; it counts as out. */
int csi_stage_dispatch(struct csi_stage *stage,
                       const struct cosend_batch *batch);
/*
 * A target failed: the others get what came before the record it failed at, as
 * they would have if records came one by one. A reference; NULL without memory.
 */
struct cosend_batch *csi_batch_before_error(const struct csi_stage *stage,
                                            const struct cosend_batch *batch);
/* Whether emit may take its short way with the batch in hand. */
void csi_stage_allow_picking(struct csi_stage *stage);
/* A batch was taken: what is picked from now on is of it. */
void csi_stage_start_batch(struct csi_stage *stage);
/* The ordinal of what the stage is treating. */
uint64_t csi_stage_cause(const struct csi_stage *stage);

/* ---- edge.c -------------------------------------------------------------- */

/* COSEND_OK: taken. COSEND_DONE: taken, and it was the last, or not taken
   since the target had ended before. Or an error that the run knows. */
int csi_edge_send(struct csi_stage *from, struct csi_edge *edge,
                  const struct cosend_batch *batch);
int csi_edge_close(struct csi_stage *from, struct csi_edge *edge);
int csi_edge_abort(struct csi_stage *from, struct csi_edge *edge);
/* News to every target that lives, and past the join that the stage owns. */
int csi_edges_throw(struct csi_stage *from, enum csi_news news);
/* The end, source to sink. */
int csi_edges_close(struct csi_stage *from);

/* ---- keep.c -------------------------------------------------------------- */

/* Kept records no longer lean on the batch in hand, which is leaving. False
   without memory. */
bool csi_stage_settle_kept(struct csi_stage *stage);
/* Count a kept record as no longer held. False where the batch is no kept
   record's, or it was counted before. */
bool csi_kept_count(struct csi_stage *stage, const struct cosend_batch *batch);

/* ---- join.c -------------------------------------------------------------- */

struct csi_join *csi_join_new(const struct csi_join_plan *plan);
void csi_join_free(struct csi_join *join);
struct csi_edge *csi_join_target(struct csi_join *join);
/* What it sends; NULL until all ports were announced. */
struct cosend_schema *csi_join_schema(struct csi_join *join);
int csi_join_put(struct csi_join *join, uint32_t port,
                 const struct cosend_batch *batch);
int csi_join_announce(struct csi_join *join, uint32_t port,
                      struct cosend_schema *schema);
/* Merge what the ports have put and send it on. */
int csi_join_release(struct csi_join *join, struct csi_stage *owner);
/* A port has ended; after the last one, so does the target. */
int csi_join_close(struct csi_join *join, uint32_t port,
                   struct csi_stage *owner, bool aborted);

#endif
