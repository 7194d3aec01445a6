/* SPDX-License-Identifier: MIT */
/*
 * Aggregates as rows: count, sum, mean, min, ... Each is a state of a fixed
 * size and a few functions, and knows nothing of groups, of the others, or of
 * what is done with its answer. Several are worked out in one pass over the
 * records by cosend_aggregates, whole, by group, and in any number of threads.
 *
 * Its structs are stamped (cosend/version.h).
 */
#ifndef COSEND_AGGREGATE_H
#define COSEND_AGGREGATE_H

#include "cosend/columns.h"
#include "cosend/group.h"
#include "cosend/groups.h"
#include "cosend/value.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cosend_expression;

/* ---- A row --------------------------------------------------------------- */

/* What is added at a time: the cells of one field, at most COSEND_ADDED_MOST of
   them, and to which states. */
enum { COSEND_ADDED_MOST = 64 };

struct cosend_added {
    void *const *states; /* with `offset` each, the aggregate's own */
    size_t offset;
    const struct cosend_cell *cells;   /* NULL where there is no field */
    const struct cosend_value *values; /* with COSEND_TAKES_VALUES; else NULL */
    const uint64_t *ordinals;          /* with COSEND_TAKES_ORDINALS */
    uint32_t from, to;                 /* which of all these */
};

/* The state for what stands at a place from `from` up to `to`. */
COSEND_INLINE void *cosend_state_at(const struct cosend_added *added,
                                    uint32_t at)
{
    return COSEND_CAST(char *, added->states[at]) + added->offset;
}

enum cosend_aggregate_flags {
    COSEND_TAKES_NUMBERS = 1, /* a record with anything else, but for blanks, is
                                 bad (not_a_number) */
    COSEND_TAKES_VALUES = 2,
    COSEND_TAKES_ORDINALS = 4, /* numbers by which records are ordered */
    COSEND_NEEDS_FIELD = 8,
    /* Numbers that were computed, by an expression or by the step that made the
       field, need not be printed: a cell that is not blank but whose data is
       NULL is the INT or DOUBLE of values, which then are there. */
    COSEND_TAKES_COMPUTED = 16,
    COSEND_SETS_SLOWLY = 32 /* what comes of a state takes long, as uniting two
                               does: several threads do it for few groups too */
};

/* Constant. A state is all zero at first, and aligned as a cosend_table's. */
struct cosend_aggregate {
    const char *name;
    const char *summary; /* one sentence without its full stop */
    size_t size;         /* of a state */
    unsigned flags;      /* enum cosend_aggregate_flags */
    /*
     * Add cells to their states, in order. What is blank is there too, and
     * passed over by nearly all. parameter is the use's: p95's 0.95, say.
     *
     * Returns the place behind the last one added: `to`, or that of a cell that
     * is no number, with COSEND_TAKES_NUMBERS alone. COSEND_ADD_FAILED without
     * memory.
     */
    uint32_t (*add)(const struct cosend_added *added, const void *parameter);
    /* Set a column to what comes of a state. */
    void (*set)(const void *state, struct cosend_stage *self,
                struct cosend_column column, const void *parameter);
    void (*save)(const void *state, struct cosend_bytes *to);
    /* Add a state that was saved, of records before or behind. COSEND_OK,
       COSEND_E_TYPE or COSEND_E_MEMORY. */
    int (*merge)(void *state, struct cosend_reader_bytes *from);
    void (*release)(void *state); /* what the state holds; or NULL */
    /* What the user must know of an answer that is not exact, static: "is
       within 0.5 % of the true one"; NULL where there is nothing, or no such
       function. Told once by cosend_aggregates_emit. */
    const char *(*doubt)(const void *state);
    /*
     * The same as to save and merge it, without the bytes: add the state of
     * another thread's records, which are neither all before nor all behind,
     * and release what that one held: it is to be all zero. COSEND_OK, or
     * COSEND_E_MEMORY with nothing released twice. NULL: it is saved and
     * merged.
     */
    int (*unite)(void *state, void *from);
};

#define COSEND_ADD_FAILED UINT32_MAX

/* Row i of those there are, and the one of a name; NULL where there is none. */
COSEND_API const struct cosend_aggregate *cosend_aggregate_at(size_t i);
COSEND_API const struct cosend_aggregate *
cosend_find_aggregate(const char *name);

/*
 * The row that a function is called by: its own name, or avg, average, sd,
 * stdev, variance, nulls; or p95, p99.9, a percentile of at most three
 * decimals, with *part, which is to be its use's parameter.
 *
 * Returns NULL where there is none.
 */
COSEND_API const struct cosend_aggregate *
cosend_find_function(const char *name, size_t length, uint32_t *part);

/* A part of a text, without a NUL behind it. */
struct cosend_slice {
    const char *data; /* NULL: there is none */
    size_t length;
};

/* One to work out, as users write it: "slowest=max(ms * 2)". */
struct cosend_call {
    struct cosend_slice name, function;
    struct cosend_slice subject; /* what is in parentheses: a field's name,
                                    without quotes, or an expression */
    bool is_field;
    bool is_open; /* it does not end in the parenthesis that closes it */
    const struct cosend_aggregate *row; /* NULL: there is no such function */
    uint32_t part;                      /* as of cosend_find_function */
};

/* Read a text, of which the parts are slices; with is_named a = in it is no end
   of a name. */
COSEND_API struct cosend_call cosend_read_call(const char *text, size_t length,
                                               bool is_named);
/* The same of a function and what it is of. */
COSEND_API struct cosend_call cosend_call_of(struct cosend_slice function,
                                             struct cosend_slice subject);

/* The name of its column: the given one, or one that is made of the others.
   Returns its length, of which `size` less one bytes are there, and a NUL. */
COSEND_API int cosend_call_column(const struct cosend_call *call, char *name,
                                  size_t size);

/* The state of `count`: records, or cells that are not blank. */
struct cosend_count {
    uint64_t count;
};

/* The state of `sum` and `mean`. */
struct cosend_mean {
    uint64_t count; /* of numbers */
    struct cosend_sum sum;
};

/* ---- Several, in one pass ------------------------------------------------ */

/* One aggregate of one field or expression, as a column. */
struct cosend_use {
    const struct cosend_aggregate *aggregate;
    struct cosend_field field; /* COSEND_NO_FIELD: of records themselves */
    const struct cosend_expression *expression; /* in place of a field, or NULL;
                                                   count counts what is true */
    const char *as;        /* the column; NULL: none is added */
    const void *parameter; /* handed to the row; must outlive the stage */
};

struct cosend_aggregates;

/*
 * Aggregates of a stage's records, by group, or by no fields of all of them.
 * They live until it ends; uses are copied.
 *
 * Returns NULL, with the step failed, without memory, and where an aggregate
 * that needs a field was given none.
 */
COSEND_API struct cosend_aggregates *
cosend_aggregates_new(struct cosend_stage *self, struct cosend_fields by,
                      const struct cosend_use *uses, size_t count);

/*
 * Allow only so many groups, 0 for any. A record of one more fails the step
 * (COSEND_E_LIMIT); or, with `gather`, it is added to all others of that kind,
 * which are emitted last, as the group "(other)". Which groups are there then
 * depends on the order of the records: what has a limit is for one thread
 * (cosend_set_parallel), and published for snapshots alone.
 *
 * Returns false, with the step failed, without memory.
 */
COSEND_API bool cosend_aggregates_limit(struct cosend_aggregates *all,
                                        uint64_t most, bool gather);

/* Add the columns of `by`, and those of the uses. Before the first receive. */
COSEND_API void cosend_aggregates_add_groups(struct cosend_aggregates *all);
COSEND_API void cosend_aggregates_add_columns(struct cosend_aggregates *all);

/*
 * Add every record of the batch in hand, after cosend_receive_batch. A record
 * with something else where a number must be is bad, adds nothing, and makes no
 * group.
 *
 * Returns false, with the step failed, without memory, or where it fails for
 * bad records.
 */
COSEND_API bool cosend_aggregates_add_batch(struct cosend_aggregates *all);

/*
 * Add one record.
 *
 * Returns the states of its group, or NULL: it was bad, or there is no memory.
 */
COSEND_API const void *
cosend_aggregates_add(struct cosend_aggregates *all,
                      const struct cosend_record *record);

/* By no fields: the states of all records; else NULL. */
COSEND_API void *cosend_aggregates_only(const struct cosend_aggregates *all);

/* Among the states of a group, that of use i. */
COSEND_API const void *
cosend_aggregates_state(const struct cosend_aggregates *all, const void *states,
                        size_t i);

/* Set the columns of the uses to a group's, for the next emit. */
COSEND_API void cosend_aggregates_set(const struct cosend_aggregates *all,
                                      const void *states);

/* Emit a record for each group, its fields and the uses' columns, in the order
   of their first appearance. As cosend_emit. */
COSEND_API int cosend_aggregates_emit(struct cosend_aggregates *all);

/*
 * Add all records that come, and emit as cosend_aggregates_emit does after each
 * `every` of them; and so many nanoseconds, `interval`, after it was done last,
 * if a record came since, as cosend_receive_until tells: 0 is never, for both.
 * At the end it is done for what came since, or where it never was.
 */
COSEND_API void cosend_aggregates_emit_often(struct cosend_aggregates *all,
                                             int64_t every, int64_t interval);

/* Add all records that come, each of which goes on as it came with the uses'
   columns: what its group's are then. One that has such a column already is
   bad, or all are, as cosend_name_free has it and way_out. What must be known
   of answers that are not exact is told at the end. */
COSEND_API void cosend_aggregates_emit_each(struct cosend_aggregates *all,
                                            const char *way_out);

/* ---- States of one's own ------------------------------------------------- */

/*
 * States that a filter holds itself, as for each window of time: all the uses',
 * as of no record. Each takes a group's states in the place of its own, for
 * cosend_aggregates_set.
 *
 * Returns NULL, with the step failed, without memory.
 */
COSEND_API void *cosend_aggregates_make(struct cosend_aggregates *all);

/*
 * Free states; `told`: they were set for an emit, and if one is not exact that
 * is for cosend_aggregates_tell. NULL is none.
 */
COSEND_API void cosend_aggregates_free(struct cosend_aggregates *all,
                                       void *states, bool told);

/* Add one record to states. Returns whether it was added: else it was bad, or
   the step has failed. */
COSEND_API bool cosend_aggregates_add_to(struct cosend_aggregates *all,
                                         const struct cosend_record *record,
                                         void *states);

/* Add to states what others were of. Returns false, with the step failed,
   without memory. */
COSEND_API bool cosend_aggregates_join(struct cosend_aggregates *all,
                                       void *states, const void *from);

/* Tell, at the end, what must be known of answers that are not exact. */
COSEND_API void cosend_aggregates_tell(struct cosend_aggregates *all);

/* ---- As bytes ------------------------------------------------------------ */

/* For the save and merge of a filter that publishes them. */
COSEND_API int cosend_aggregates_save(const struct cosend_aggregates *all,
                                      struct cosend_bytes *to);
COSEND_API int cosend_aggregates_merge(struct cosend_aggregates *all,
                                       struct cosend_reader_bytes *from);

#ifdef __cplusplus
}
#endif

#endif
