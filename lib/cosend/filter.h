/* SPDX-License-Identifier: MIT */
/* What a filter is: its row, its options, and their check. Its structs are
   stamped (cosend/version.h). */
#ifndef COSEND_FILTER_H
#define COSEND_FILTER_H

#include "cosend/base.h"
#include "cosend/record.h"
#include "cosend/version.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct cosend_bytes; /* cosend/bytes.h */

/* ---- A filter's row ------------------------------------------------------ */

/* What the options of a step may be, and the C type each is stored as. */
enum cosend_option_type {
    COSEND_OPTION_BOOL,       /* bool */
    COSEND_OPTION_INT,        /* int64_t, between minimum and maximum */
    COSEND_OPTION_STRING,     /* struct cosend_string */
    COSEND_OPTION_STRINGS,    /* struct cosend_strings: a string or an array */
    COSEND_OPTION_PATH,       /* struct cosend_string */
    COSEND_OPTION_PATHS,      /* struct cosend_strings: files; in the place of a
                                 pattern such as logs/x*.log, where nothing is
                                 called so, those that fit when the pipeline is
                                 made, in the order of their bytes */
    COSEND_OPTION_PATTERN,    /* struct cosend_string; the filter compiles it */
    COSEND_OPTION_ENUM,       /* int, an index into choices */
    COSEND_OPTION_FIELD,      /* struct cosend_field */
    COSEND_OPTION_FIELDS,     /* struct cosend_fields: a name or an array */
    COSEND_OPTION_CONDITION,  /* struct cosend_condition *
                                 (cosend/expression.h) */
    COSEND_OPTION_HEADER,     /* struct cosend_header: true, false or names */
    COSEND_OPTION_BRANCHES,   /* nothing: the branches are the targets */
    COSEND_OPTION_NUMBER,     /* double, between minimum and maximum */
    COSEND_OPTION_DURATION,   /* int64_t, nanoseconds, as INT: "90s", "1h30m" */
    COSEND_OPTION_SIZE,       /* int64_t, bytes, as INT: "64M" */
    COSEND_OPTION_TIME,       /* int64_t, nanoseconds since 1970 */
    COSEND_OPTION_EXPRESSION, /* struct cosend_expression *
                                 (cosend/expression.h); NULL: not given */
    COSEND_OPTION_TEMPLATE,   /* struct cosend_template * (cosend/template.h):
                                 "{host}.csv"; NULL: not given */
    COSEND_OPTION_LIST,  /* struct cosend_list: objects, each by the rows of
                            another table; one alone stands for itself */
    COSEND_OPTION_MAP,   /* the same, each under a key of its own */
    COSEND_OPTION_STEPS, /* struct cosend_steps: a pipeline inside */
    COSEND_OPTION_GROUP  /* a struct, filled by the rows of another table */
};

struct cosend_strings {
    const struct cosend_string *items;
    size_t count;
};

struct cosend_header {
    bool first_record;           /* the first record holds the names */
    struct cosend_strings names; /* else these, or line numbers if none */
};

/* The items of a LIST or MAP, in the order of the spec. */
struct cosend_list {
    const void *items;                /* structs of item_size bytes */
    const struct cosend_string *keys; /* MAP; else NULL */
    size_t count;
};

/*
 * A pipeline inside a step: it begins at one of the step's targets, and what
 * leaves it goes on behind the step, in the order of the input. A filter that
 * has any has no other targets: what it emits goes to each of them, as to the
 * branches of broadcast. Its row says fans_out; a step that is given none of
 * them, where all may be left out, is refused.
 */
struct cosend_steps {
    uint32_t target; /* or COSEND_NO_TARGET where the option is not given */
};

#define COSEND_NO_TARGET UINT32_MAX

enum cosend_option_flags {
    COSEND_REQUIRED = 1,    /* must be given */
    COSEND_MAIN = 2,        /* what {"grep": "x"} and `grep x` mean */
    COSEND_ONLY_COLUMN = 4, /* FIELD: default is the only column there is */
    COSEND_SIDE_BRANCH = 8, /* BRANCHES: one, beside the main line: target 0 */
    COSEND_SEPARATOR =
        16,             /* STRING: \t \n \r \xNN, and the word tab, are bytes */
    COSEND_SECOND = 32, /* in a line, the value behind the main option's:
                           `top 3 size` */
    COSEND_PATTERNS = 128, /* FIELDS: patterns of names too, and numbers and
                              ranges of fields: cosend/matches.h */
    COSEND_REST = 64       /* MAIN, a LIST: in a line further words are items
                              too, and so is name=value where no option has
                              that name: `aggregate n=count mean(ms)` */
};

/*
 * One option of a filter. A table of them ends with a row without a name.
 *
 * A row of type GROUP stands for the rows of another table, whose offsets are
 * counted from its own: several filters take them for a struct that they have
 * as a member, as sources have a struct cosend_format_options for
 * cosend_reader_options. Its name is for messages only; of an option's name
 * each filter has one.
 *
 * A row of type LIST or MAP has items, each a struct of item_size bytes that
 * the rows of `group` fill. An item is written as an object by their names, or,
 * as a step's options, as the value of that row which is COSEND_MAIN:
 * ["host", {"field": "ms", "descending": true}].
 */
struct cosend_option {
    const char *name;
    enum cosend_option_type type;
    size_t offset;        /* in the filter's options struct */
    const char *fallback; /* the default, as JSON; NULL: all bytes zero, and
                             COSEND_NO_FIELD for a field */
    unsigned flags;       /* enum cosend_option_flags */
    const char *const *choices; /* ENUM: names, then NULL */
    int64_t minimum, maximum;   /* INT; STRING: of its length in bytes */
    const char *help;           /* a sentence without its full stop */
    const char *example;        /* a value as JSON, run as a test; or NULL */
    const struct cosend_option *group; /* GROUP, LIST, MAP: the other table */
    size_t item_size; /* LIST, MAP: of the struct that its rows fill */
    /* ENUM: append what there is to say of a choice, by its index: sentences,
       and lines that begin with a blank and stay as they are; or NULL */
    void (*describe)(size_t choice, struct cosend_bytes *to);
};

/*
 * Row i of a table, each group's rows counted in its place: *row is a copy,
 * with its offset in the table's own struct.
 *
 * Returns false behind the last one. table may be NULL.
 */
COSEND_API bool cosend_option_at(const struct cosend_option *table, size_t i,
                                 struct cosend_option *row);

enum cosend_role { COSEND_FILTER, COSEND_SOURCE, COSEND_SINK };

/* How many instances of a filter may share the records of a run. */
enum cosend_parallel {
    COSEND_SERIAL = 0, /* one sees them all, in order */
    COSEND_STATELESS,  /* each record is treated by itself */
    COSEND_MERGES      /* what is published can be saved and merged */
};

struct cosend_stage;
struct cosend_check;
struct cosend_reader_bytes;

/* An option of a source, a string, that stands for one of a step behind it. */
struct cosend_behind {
    const char *option; /* of the source */
    const char *filter; /* whose step is there where the option is given; rows
                           of one filter are next to each other */
    const char *its;    /* option */
    bool parsed;        /* the step is behind the first one where that parses */
    bool alone;         /* it alone is no reason for the step */
};

/*
 * A filter as functions in place of a body, for languages that cannot live on a
 * coroutine's stack, as Go, Python and Rust: all of them, and the row's flush,
 * save and merge, are called on the stack of whoever drives the pipeline, or,
 * in one of several threads, on that thread's. What a body may call they may,
 * but for the receives, cosend_await_columns and whatever else waits for input.
 *
 * Each returns 0, or a negative error kind, with cosend_fail's text or without,
 * which fails the step. So does a number > 0 that is not said to mean anything:
 * it may be an error that has lost its sign.
 */
struct cosend_callbacks {
    /* What a body does before its first receive: columns, and a state of one's
       own in *state, NULL at first. Where the row has save and merge it is
       published. */
    int (*begin)(struct cosend_stage *self, void *options, void **state);
    /*
     * A batch is in hand, until this returns: see cosend_receive_batch, and
     * cosend_record_at and cosend_pick for its records. COSEND_DONE: enough, no
     * more is wanted. A source gets no batch: NULL, again and again, until it
     * returns COSEND_DONE, or emits are refused (cosend_stopping).
     */
    int (*batch)(struct cosend_stage *self, void *state,
                 const struct cosend_batch *batch);
    /* Called once, last, if begin returned 0, however the stage ends
       (cosend_ended): emit what is left, if it was COSEND_END_CLOSED, or
       COSEND_NOT_ENDED, as behind a batch's COSEND_DONE, and release the state.
       NULL: nothing is to do. */
    int (*end)(struct cosend_stage *self, void *state);
};

/* A filter, source or sink: what filters.def lists and cosend_register takes.
   Constant; zero and NULL mean no. */
struct cosend_filter {
    unsigned abi; /* COSEND_ABI, by which all that a filter hands over or is
                     handed is laid out; another is refused, unread */
    unsigned state_version; /* of the bytes that save writes; merge gets those
                               of another version never */
    const char *name;
    const char *aliases; /* separated by spaces, or NULL */
    enum cosend_role role;
    const char *summary; /* one sentence without its full stop */
    const char *details; /* what it emits and when, for `cosend help NAME` */
    const char *example; /* a one-line pipeline, run as a test */
    size_t options_size;
    const struct cosend_option *options;
    /*
     * Runs in a coroutine of its own; returns when receive says there is no
     * more. Options are constant and shared between instances.
     *
     * Returns 0, or a negative error kind with cosend_fail's text. COSEND_DONE
     * and COSEND_CLOSING, as emits and waits answer, are as good as 0; any
     * other number > 0 fails the step.
     */
    int (*body)(struct cosend_stage *self, void *options);
    /*
     * Look at the options once they are parsed, and complete them: compile a
     * pattern, say. Reports with cosend_check_error.
     */
    void (*check)(struct cosend_check *check, void *options);
    /* Release what check acquired. */
    void (*release)(void *options);
    /*
     * News of flush, while the body waits in a receive: write what was kept
     * back. `state` is what cosend_publish showed, or NULL; what is emitted
     * goes out at once. See cosend_tell_flushes, which is for a body that would
     * rather hear of it in its loop. Runs in the body's coroutine.
     *
     * Returns what body does.
     */
    int (*flush)(struct cosend_stage *self, void *state);
    /* In place of body: functions that are called on the caller's stack; or
       NULL. See struct cosend_callbacks. */
    const struct cosend_callbacks *callbacks;
    /* Write down, or take in, what cosend_publish showed. Both return
       COSEND_OK or a negative error kind; anything else is refused. */
    int (*save)(const void *state, struct cosend_bytes *to);
    int (*merge)(void *state, struct cosend_reader_bytes *from);
    enum cosend_parallel parallel;
    /* What of its options are done by steps of their own, which stand behind
       it without being written: ends with a row without an option. NULL: none.
       A source's. */
    const struct cosend_behind *behind;
    bool parses;       /* makes columns of a line of text */
    bool absorbs;      /* a record neither emitted nor bad went into a state */
    bool fans_out;     /* takes branches, or steps inside: broadcast, route */
    size_t stack_size; /* bytes; 0 for the default of 256 KiB */
    uintptr_t reserved[3]; /* zero */
};

/* ---- Check --------------------------------------------------------------- */

/*
 * Report that an option's value will not do; its place is added. Of an item of
 * a list or map it is "by[2].field" or "values.p95".
 */
COSEND_API void cosend_check_error(struct cosend_check *check,
                                   const char *option, const char *format, ...)
    COSEND_PRINTF(3, 4);

/*
 * Report that an option's value was refused by a call that set error: its
 * message with the option's place; or, without memory, that alone.
 */
COSEND_API void cosend_check_failed(struct cosend_check *check,
                                    const char *option,
                                    const struct cosend_error *error);

struct cosend_slices; /* cosend/time.h */
struct cosend_zone;

/*
 * Read the zone that an option names, as cosend_zone_new does. The caller frees
 * it.
 *
 * Returns NULL, with the problem reported, where there is none, or without
 * memory.
 */
COSEND_API struct cosend_zone *
cosend_check_zone(struct cosend_check *check, const char *option,
                  const struct cosend_string *name);

/* Complete slices whose zone and origin are set: by the period that an option
   names. Where it is none, or none of it can begin at the origin, as the option
   `origin` has it, that is reported. */
COSEND_API void cosend_check_slices(struct cosend_check *check,
                                    const char *option,
                                    const struct cosend_string *text,
                                    struct cosend_slices *slices);

/* Whether the spec gave the option. */
COSEND_API bool cosend_check_given(const struct cosend_check *check,
                                   const char *option);

/* What the step does with bad records, in place of its on_error; that of
   COSEND_ON_ERROR_DEFAULT is left as it is (enum cosend_on_error). */
COSEND_API void cosend_check_on_error(struct cosend_check *check, int on_error);

/*
 * A handle on a field that check itself names, as where's conditions do.
 *
 * Returns COSEND_NO_FIELD, with the error reported, without memory.
 */
COSEND_API struct cosend_field cosend_check_field(struct cosend_check *check,
                                                  const char *option,
                                                  const char *name,
                                                  size_t length);

/* The same for a list, whose names may be patterns (cosend/matches.h): the keys
   of a map, say. */
COSEND_API struct cosend_fields
cosend_check_fields(struct cosend_check *check, const char *option,
                    const struct cosend_string *names, size_t count);

/*
 * Compile an expression that is a part of an option's text, from its byte
 * `from` on, so that problems are reported at their own character. It is the
 * filter's: its `release` is to free it with cosend_expression_free.
 *
 * Returns NULL, with the problem reported.
 */
COSEND_API struct cosend_expression *
cosend_check_expression(struct cosend_check *check, const char *option,
                        const char *text, size_t length, size_t from);

struct cosend_template; /* cosend/template.h */

/*
 * A template that check makes of a text, as of a path with fields in it. It
 * lives as long as the options.
 *
 * Returns NULL, with the error reported, where it is none, or without memory.
 */
COSEND_API const struct cosend_template *
cosend_check_template(struct cosend_check *check, const char *option,
                      const char *text, size_t length);

/* The name that the spec gave a field of its options; NULL where it gave none:
   the field is the only column's, or none. */
COSEND_API const char *cosend_check_field_name(const struct cosend_check *check,
                                               struct cosend_field field);

/* What a step does where a table has no column for a field, or for a pattern of
   fields. (A record of JSON lines may lack any, which is no error.) */
enum cosend_missing {
    COSEND_MISSING_ERROR, /* nothing begins, and the user is told */
    COSEND_MISSING_SKIP,  /* it does without it */
    COSEND_MISSING_EMPTY  /* a column that is kept is there, without values */
};

/* Say what is done where one of the fields is missing; without it, ERROR. */
COSEND_API void cosend_check_missing(struct cosend_check *check,
                                     struct cosend_fields fields,
                                     enum cosend_missing missing);

/* What a step makes of records that have no end, as those of a followed file.
 */
enum cosend_endless {
    COSEND_PASSES_ON,       /* its own have none either */
    COSEND_COMES_TO_AN_END, /* its own are so many, or one a group: it ends by
                               itself, or prints at the end what it holds */
    COSEND_GROWS,           /* it would hold more with each */
    COSEND_NEVER_ENDS       /* a source: it has no end */
};

/*
 * Say so of the step; without it, PASSES_ON. What GROWS is refused where its
 * records have no end: the user is told, and nothing begins. remedy, static, is
 * what of its own options would help ("give limit=1000"), or NULL.
 */
COSEND_API void cosend_check_endless(struct cosend_check *check,
                                     enum cosend_endless what,
                                     const char *remedy);

#ifdef __cplusplus
}
#endif

#endif
