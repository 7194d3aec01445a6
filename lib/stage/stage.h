/* SPDX-License-Identifier: MIT */
/*
 * A stage: one node of the plan at run time. Its filter's body runs in a
 * coroutine; the batch in hand is what it was sent last, and "pending" is what
 * it picked and made since the last batch went down.
 *
 * Data goes down by cosend_send, news by cosend_throw, the end by
 * cosend_close; a stage whose body has returned ends its targets itself, the
 * last thing it does. Schemas go down by plain recursion (announce.h), before
 * the first batch.
 *
 * This file knows what a stage is and how it comes to an end; the others of the
 * folder do one thing each with it:
 *
 *     shared.h           what all stages of a run share; counts.h, the ledger
 *     recipe.h           what the body declared of its output
 *     layout.h           the columns that follow from it, in their order
 *     output_schema.h    the schema that follows from it
 *     no_column.h        what is told of fields that are no columns
 *     wanted.h           which fields are asked for, up the graph
 *     announce.h         schemas going down the graph
 *     receive.h          the batch in hand, and news
 *     pen.h emit.h       the record in the making; the batch in the making
 *     open_fields.h      fields of the record in the making, by name
 *     seen_fields.h      which fields those records have
 *     led_paths.h        which paths into fields lead somewhere
 *     compared_fields.h  what they are, beside what they are compared with
 *     matches.h          lists of fields with patterns
 *     inside.h           fields that are inside others
 *     field_edits.h      fields of open records, as the recipe has them
 *     whole_batches.h    columns of all the batch in hand
 *     dispatch.h edge.h  a batch to all targets; to one of them
 *     join.h             branches that come together again
 *     kept.h             records held beyond a receive
 *     bad.h              records that a stage cannot use
 *     state.h            what a body published, as bytes
 *     source.h body.h    what sources wait for; a stage from birth to death
 */
#ifndef CSI_STAGE_H
#define CSI_STAGE_H

#include "cosend/bytes.h"
#include "cosend/coroutine.h"
#include "cosend/endpoint.h"
#include "stage/counts.h"
#include "stage/recipe.h"
#include "stage/shared.h"

#include <stdatomic.h>

/* News, thrown into a stage's receive. Not errors: they never leave it. */
enum csi_news {
    CSI_NEWS_FLUSH = -501,
    CSI_NEWS_ABORT = -502,
    CSI_NEWS_TICK = -503
};

/* Not one target alone. */
#define CSI_ALL_TARGETS UINT32_MAX

struct csi_edge;
struct csi_feed;
struct csi_format;
struct csi_inside;
struct csi_join;
struct csi_joint;
struct csi_led;
struct csi_compared;
struct csi_matches;
struct csi_whole;

/* What other threads need to write for a sink, behind what it has written. */
struct csi_encoding {
    const struct csi_format *format;
    struct cosend_format_options options;
    bool open;                     /* records with open fields, too, */
    struct cosend_schema *columns; /* whose columns are these, unless NULL */
};

/* One value of what a stage returns. */
struct csi_result {
    char *name;
    char *text;
    struct cosend_cell cell;
};

/* Fields that are asked of a stage's input, by name; all zero: none. */
struct csi_wanted {
    bool all;
    const char **names; /* the plan's */
    size_t count, capacity;
};

/* Lines of text, where those of a span of time are asked for. */
struct csi_untimed {
    uint64_t timed;         /* with a time in its place */
    uint64_t kept, dropped; /* without, that do not begin with a blank: each
                               goes with the line before */
    uint64_t before;        /* of these: before the first with a time, */
    uint64_t elsewhere;     /* or with one in another place */
    uint64_t back;          /* times more than two hours before the last */
};

struct csi_stage {
    struct cosend_stage face; /* first: the public part */
    struct csi_shared *shared;
    const struct csi_node *node;
    uint32_t index;
    struct cosend_coroutine *coroutine;
    struct csi_edge *targets;
    uint32_t target_count;
    uint32_t first_target;   /* the one that is sent to before the others */
    bool one_by_one;         /* a record at a time, since several may fail */
    bool in_turn;            /* in no thread of its own: what it may fail at,
                                a step below may not have wanted any more */
    struct csi_owned *joins; /* released when a batch went to all targets */
    uint32_t join_count;
    bool merged; /* a source whose columns are those of saved states */
    bool driven; /* a source that is resumed for each thing it emits */
    struct csi_feed *feed;         /* of a source that is pushed into */
    enum cosend_parallel parallel; /* its filter's, or what the body said */
    bool writes_text;              /* a sink that writes lines of text */

    /* Input. */
    struct cosend_schema *schema; /* NULL until announced */
    uint32_t *map;  /* column of each handle; then, as often, no column */
    uint32_t slots; /* how many handles there are: matches.h */
    struct csi_matches *matches;   /* NULL: no options have patterns */
    struct csi_inside *inside;     /* NULL: no field may be inside another */
    struct csi_led *led;           /* NULL: no path is noted here */
    struct csi_compared *compared; /* NULL: none, with a constant */
    bool filled; /* the cells of these, in the batch in hand */
    enum cosend_end end;
    uint32_t bad_at; /* in the batch in hand: behind the record that it failed
                        by, or 0 */
    uint64_t enough; /* the body returned: no records from this ordinal on */
    bool as_batch;   /* the batch in hand was received as one: `at` says where
                        the step is in it; else `next` does */
    uint32_t at;     /* behind the record last looked at in a batch, or 0 */
    uint32_t sent;   /* behind that last emitted by cosend_emit_more, or 0 */
    uint64_t cause;  /* ordinal of what is treated where no batch is in hand:
                        after a close, of what caused that */
    uint64_t
        batches; /* received; never reset: it tells one batch from others */

    bool awaits;   /* its input's columns: cosend_await_columns */
    bool outside;  /* one of its callbacks runs, on the thread's own stack */
    bool waits;    /* in a receive, and not in a yield of the body's own */
    int64_t until; /* a tick is due then; INT64_MAX: none, as the body waits */
    bool ticked;   /* it was, and the body is to be told */
    bool tells_flushes; /* the body asks for news of flush, ... */
    bool hears_flush;   /* ... now: by cosend_receive_until */
    bool flushing;      /* it was told, and they go on when it is through */
    uint64_t behind;    /* the ordinal of the last record it was through with,
                           and 1; 0: there was none */
    bool stores;        /* it has a store, whose records it emits at its end */
    bool tells_inputs;  /* it asks by which way a record came */
    bool only_fields;   /* it looks at no others than its options name */
    const struct csi_wanted *wanted; /* of its input; NULL: all, as yet */
    struct csi_wanted own_wanted;

    /* Output. */
    struct csi_recipe recipe;
    struct cosend_schema *out_schema;
    uint32_t *out_map;      /* column of the input for each of the output */
    uint32_t *added_column; /* column of the output for each added one */
    const struct cosend_batch *base; /* of what is pending; NULL: made */
    size_t picked_capacity;
    uint64_t *causes; /* ordinals of pending records, unless of the batch's */
    size_t causes_capacity;
    uint32_t to;      /* the target of the record that is emitted now */
    uint32_t *routes; /* targets of pending records; while `routed` */
    size_t routes_capacity;
    struct csi_open *open;   /* fields set by name; NULL: it opens nothing */
    bool remakes;            /* records go on with those, ... */
    bool adds_fields;        /* ... and what is added is one of them */
    bool routed;             /* one of them is not for all targets */
    struct cosend_cell *pen; /* added columns, for the next emit */
    union cosend_number *pen_numbers; /* of those that are not printed; NULL:
                                         there never was one */
    bool caused; /* pending ones of the batch in hand have `causes`, too */
    bool pen_used;
    struct cosend_cell *cells;         /* [added column][pending record] */
    union cosend_number *cell_numbers; /* the same; NULL as pen_numbers */
    size_t cells_capacity;             /* records */
    bool *unprinted;         /* [added column]: a pending record has a number */
    struct csi_arena text;   /* of pen and cells */
    struct csi_whole *whole; /* added columns of the batch in hand; or NULL */
    struct csi_arena whole_text; /* of these */

    /* Kept records: those whose memory is still the batch's in hand, and the
       others. */
    struct cosend_batch *kept_leaning, *kept_apart;
    size_t kept_forgotten; /* not released when the run was over, ... */
    size_t kept_lost;      /* ... and of these not emitted either */
    size_t refused;        /* emitted, when it could emit no more */

    void *state; /* published; NULL when the body has returned */
    struct cosend_aggregates *aggregates; /* made last; perhaps the state */
    struct cosend_bytes last_state;       /* saved when it was closed early */
    const char *note;                     /* how it works, or NULL */
    void *common;                   /* to all instances; NULL: nobody asked */
    void (*release_common)(void *); /* where this one made it */
    /* Of aggregates, by which threads find each other's groups; or NULL. */
    struct csi_joint *joint;
    bool owns_joint;
    uint64_t replaced;            /* a sink: records with changed bytes */
    struct csi_encoding encoding; /* a sink's, once it `encodes` */
    uint64_t passed_over;         /* see struct cosend_ledger */
    atomic_bool encodes;
    uint64_t sequential;  /* see struct cosend_ledger: up to, */
    uint64_t alone_since; /* that time, when its threads were over; 0: none */
    const struct cosend_regex *sieve;  /* what lacks it is dropped; or NULL */
    const struct cosend_regex *sought; /* it, where it is looked for, to see */
    struct csi_result *results;
    size_t result_count, result_capacity;

    struct cosend_feed *feeds; /* of a source of somebody's own; or NULL, */
    /* and what is to be done with them when its body has returned `status`.
       Returns that, or an error. */
    int (*on_return)(struct csi_stage *stage, int status);

    struct csi_counts counts; /* but `dropped`, which is face.dropped */
    bool closed_early;        /* before the source had ended */
    bool miscounted; /* a sink's records are not those its writer wrote */
    struct csi_untimed untimed; /* a source's, of text and a span of time */
};

static inline struct csi_stage *csi_stage_of(struct cosend_stage *face)
{
    return (struct csi_stage *)face;
}

static inline bool csi_stage_is_source(const struct csi_stage *stage)
{
    return stage->node->filter->role == COSEND_SOURCE;
}

/* All that was counted of it. */
static inline struct csi_counts csi_stage_counts(const struct csi_stage *stage)
{
    struct csi_counts counts = stage->counts;

    counts.dropped = stage->face.dropped;
    return counts;
}

/* What the instances of a step have in common is this one's too, as long as the
   other one lives. */
static inline void csi_stage_share_common(struct csi_stage *stage,
                                          const struct csi_stage *with)
{
    stage->common = with->common;
    stage->joint = with->joint;
}

/* Release what this one made for all. */
void csi_stage_release_common(struct csi_stage *stage);

/* Record an error of this stage's at its present place in the stream. Returns
   its kind. */
int csi_stage_fail(struct csi_stage *stage, const struct cosend_error *error);
/* The same, for want of memory. Returns COSEND_E_MEMORY. */
int csi_stage_no_memory(struct csi_stage *stage);
/* No more records, for this reason, unless there was one before. The end of the
   input is none: what is sent after it may still fail. */
void csi_stage_stop(struct csi_stage *stage, enum cosend_end end);
/* Its coroutine has yielded: in a receive, or the step fails. */
int csi_stage_judge_yield(struct csi_stage *stage);
/* Whether it is a field of the step's options; of another the step fails. */
bool csi_stage_has_field(struct csi_stage *stage, struct cosend_field field);
/* Whether it has a batch in hand; without one the step fails: what is about a
   batch has no meaning then. */
bool csi_stage_has_batch(struct csi_stage *stage);
/* Whether a body gave what it must: where it is NULL the step has failed. */
bool csi_stage_given(struct csi_stage *stage, const void *given,
                     const char *what);
/* Whether a body gave a record, or batch, of the columns that the stage
   receives: cells of another, as of a table that was read, would go out under
   wrong names. Else the step has failed. */
bool csi_stage_received(struct csi_stage *stage,
                        const struct cosend_batch *batch);
/* Whether a cell is any; of one of no kind, or whose bytes are nowhere, the
   step fails. */
bool csi_stage_has_cell(struct csi_stage *stage,
                        const struct cosend_cell *cell);
/* Whether all fields of a list are the step's, or it has failed. */
bool csi_stage_has_fields(struct csi_stage *stage, struct cosend_fields fields);
/* Whether the stage may emit no more; and what an emit returns then. A stage
   that was closed may still emit: an average is emitted then. Not a source,
   which is closed to make it stop. */
static inline bool csi_stage_refuses(const struct csi_stage *stage)
{
    return stage->end > COSEND_END_CLOSED ||
           (stage->end == COSEND_END_CLOSED && csi_stage_is_source(stage));
}
int csi_stage_refusal(struct csi_stage *stage);
/* The ordinal of what the stage is treating. */
uint64_t csi_stage_cause(const struct csi_stage *stage);

#endif
