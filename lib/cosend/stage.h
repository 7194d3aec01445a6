/* SPDX-License-Identifier: MIT */
/*
 * What a filter is written with.
 *
 * A filter's body is a coroutine that consumes: a loop that receives records
 * and emits what it likes, with its state in local variables.
 *
 *     static int every_other(struct cosend_stage *self, void *options)
 *     {
 *         struct cosend_record record;
 *         bool odd = false;
 *
 *         (void)options;
 *         while (cosend_receive(self, &record))
 *             if ((odd = !odd))
 *                 cosend_emit(self, &record);
 *         return 0;
 *     }
 *
 * Under it the records travel in batches: receive switches stacks only when
 * the batch in hand is used up, emit only appends to the outgoing batch, which
 * goes down when the batch in hand is used up, when it is full, and before any
 * news. What a filter does never depends on how large the batches are.
 */
#ifndef COSEND_STAGE_H
#define COSEND_STAGE_H

#include "cosend/base.h"
#include "cosend/record.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- A filter's row ------------------------------------------------------ */

/* What the options of a step may be, and the C type each is stored as. */
enum cosend_option_type {
    COSEND_OPTION_BOOL,      /* bool */
    COSEND_OPTION_INT,       /* int64_t, between minimum and maximum */
    COSEND_OPTION_STRING,    /* struct cosend_string */
    COSEND_OPTION_STRINGS,   /* struct cosend_strings: a string or an array */
    COSEND_OPTION_PATH,      /* struct cosend_string */
    COSEND_OPTION_PATHS,     /* struct cosend_strings */
    COSEND_OPTION_PATTERN,   /* struct cosend_string; the filter compiles it */
    COSEND_OPTION_ENUM,      /* int, an index into choices */
    COSEND_OPTION_FIELD,     /* struct cosend_field */
    COSEND_OPTION_FIELDS,    /* struct cosend_fields: a name or an array */
    COSEND_OPTION_CONDITION, /* struct cosend_condition * (cosend/match.h) */
    COSEND_OPTION_HEADER,    /* struct cosend_header: true, false or names */
    COSEND_OPTION_BRANCHES,  /* nothing: the branches are the targets */
    COSEND_OPTION_GROUP      /* a struct, filled by the rows of another table */
};

struct cosend_string {
    const char *data; /* terminated by a NUL that length does not count */
    size_t length;
};

struct cosend_strings {
    const struct cosend_string *items;
    size_t count;
};

struct cosend_header {
    bool first_record;           /* the first record holds the names */
    struct cosend_strings names; /* else these, or line numbers if none */
};

enum cosend_option_flags {
    COSEND_REQUIRED = 1,    /* must be given */
    COSEND_MAIN = 2,        /* what {"grep": "x"} and `grep x` mean */
    COSEND_ONLY_COLUMN = 4, /* FIELD: default is the only column there is */
    COSEND_SIDE_BRANCH = 8, /* BRANCHES: one, beside the main line: target 0 */
    COSEND_SEPARATOR = 16   /* STRING: \t, and the word tab, mean a tab */
};

/*
 * One option of a filter. A table of them ends with a row without a name.
 *
 * A row of type GROUP stands for the rows of another table, whose offsets are
 * counted from its own: several filters take them for a struct that they have
 * as a member, as sources have a struct cosend_format_options for
 * cosend_reader_options. Its name is for messages only; of an option's name
 * each filter has one.
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
    const struct cosend_option *group; /* GROUP: the other table */
    uintptr_t reserved[2];             /* zero */
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
struct cosend_bytes; /* cosend/bytes.h: what save writes */
struct cosend_reader_bytes;

/* A filter, source or sink: what filters.def lists and cosend_register takes.
   Constant; zero and NULL mean no. */
struct cosend_filter {
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
     * Returns 0, or a negative error kind with cosend_fail's text.
     */
    int (*body)(struct cosend_stage *self, void *options);
    /*
     * Look at the options once they are parsed, and complete them: compile a
     * pattern, say. Reports with cosend_check_error.
     */
    void (*check)(struct cosend_check *check, void *options);
    /* Release what check acquired. */
    void (*release)(void *options);
    /* Write down, or take in, what cosend_publish showed. Both return
       COSEND_OK or a negative error kind. */
    int (*save)(const void *state, struct cosend_bytes *to);
    int (*merge)(void *state, struct cosend_reader_bytes *from);
    enum cosend_parallel parallel;
    bool absorbs;      /* a record neither emitted nor bad went into a state */
    bool fans_out;     /* takes branches: broadcast, tee */
    size_t stack_size; /* bytes; 0 for the default of 256 KiB */
    uintptr_t reserved[4]; /* zero */
};

/* ---- Check --------------------------------------------------------------- */

/* Report that an option's value will not do; its place is added. */
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

/* Whether the spec gave the option. */
COSEND_API bool cosend_check_given(const struct cosend_check *check,
                                   const char *option);

/*
 * A handle on a field that check itself names, as where's conditions do.
 *
 * Returns COSEND_NO_FIELD, with the error reported, without memory.
 */
COSEND_API struct cosend_field cosend_check_field(struct cosend_check *check,
                                                  const char *option,
                                                  const char *name,
                                                  size_t length);

/* The name that the spec gave a field of its options; NULL where it gave none:
   the field is the only column's, or none. */
COSEND_API const char *cosend_check_field_name(const struct cosend_check *check,
                                               struct cosend_field field);

/* ---- Receive ------------------------------------------------------------- */

/* Why a stage's records came to an end. */
enum cosend_end {
    COSEND_NOT_ENDED = 0,
    COSEND_END_CLOSED,  /* the end of the input */
    COSEND_END_DONE,    /* every target has enough */
    COSEND_END_ABORTED, /* an error elsewhere */
    COSEND_END_FAILED   /* an error of this stage's, by cosend_bad or emit */
};

/* The part of a stage that the inline functions work on. Nobody else's. */
struct cosend_stage {
    const struct cosend_batch *batch;
    const struct cosend_column_cells *columns;
    const uint32_t *map;
    const uint32_t *selection; /* rows by position, or NULL: first_row + i */
    uint32_t first_row;
    uint32_t next;      /* position of the next record in the batch */
    uint32_t count;     /* records in the batch */
    uint32_t unsettled; /* received, and neither emitted nor bad nor kept */
    uint64_t dropped;
    uint32_t *picked; /* positions that leave unchanged */
    uint32_t picked_count;
    bool picking; /* emit may append to picked and do nothing else */
};

/* The slow half of cosend_receive. */
COSEND_API bool cosend_receive_more(struct cosend_stage *self,
                                    struct cosend_record *record);

/*
 * Take the next record. It lives until the next receive.
 *
 * Returns false at the end; cosend_ended says which end it was.
 */
static inline bool cosend_receive(struct cosend_stage *self,
                                  struct cosend_record *record)
{
    if (self->next == self->count)
        return cosend_receive_more(self, record);
    self->dropped += self->unsettled;
    self->unsettled = 1;
    record->batch = self->batch;
    record->columns = self->columns;
    record->map = self->map;
    record->position = self->next;
    record->row = self->selection ? self->selection[self->next]
                                  : self->first_row + self->next;
    self->next++;
    return true;
}

/*
 * Take all records left of the batch in hand, or the next batch. It lives
 * until the next receive. Do not mix with cosend_receive inside one batch.
 *
 * Returns NULL at the end.
 */
COSEND_API const struct cosend_batch *
cosend_receive_batch(struct cosend_stage *self);

/*
 * A declared field's cells in the batch in hand: cosend_cell_at gives that of
 * the record at a position.
 */
struct cosend_cells {
    const struct cosend_cell *cells;
    const uint32_t *selection;
    uint32_t first_row;
    uint32_t row_mask;
    uint32_t position_mask;
};

COSEND_API struct cosend_cells cosend_column_of(const struct cosend_stage *self,
                                                struct cosend_field field);

static inline struct cosend_cell cosend_cell_at(const struct cosend_cells *in,
                                                uint32_t position)
{
    uint32_t row =
        in->selection ? in->selection[position] : in->first_row + position;

    return in->cells[(row & in->row_mask) | (position & in->position_mask)];
}

COSEND_API enum cosend_end cosend_ended(const struct cosend_stage *self);

/* The schema of what is received; NULL before the input's is known. */
COSEND_API const struct cosend_schema *
cosend_input_schema(const struct cosend_stage *self);

/* A declared field's name, or NULL where it is the only column's. */
COSEND_API const char *cosend_field_name(const struct cosend_stage *self,
                                         struct cosend_field field);

/* ---- Emit ---------------------------------------------------------------- */

/* The slow half of cosend_emit. */
COSEND_API int cosend_emit_more(struct cosend_stage *self,
                                struct cosend_record *record);

/*
 * Send a record on to every target, with the columns set since the last emit.
 * Emitted a second time it counts as a new one.
 *
 * Returns COSEND_OK; COSEND_DONE when no target wants more; or an error. The
 * answer may be ignored: the record is then dropped and the next receive is
 * false.
 */
static inline int cosend_emit(struct cosend_stage *self,
                              struct cosend_record *record)
{
    if (self->picking && self->unsettled == 1 && record->batch == self->batch &&
        record->position + 1 == self->next) {
        self->picked[self->picked_count++] = record->position;
        self->unsettled = 0;
        return COSEND_OK;
    }
    return cosend_emit_more(self, record);
}

/* The slow half of cosend_pick. */
COSEND_API int cosend_pick_more(struct cosend_stage *self, uint32_t position);

/* Send on the record at `position` of the batch in hand, each once, after
   cosend_receive_batch; positions must ascend. As cosend_emit. */
static inline int cosend_pick(struct cosend_stage *self, uint32_t position)
{
    if (!self->picking)
        return cosend_pick_more(self, position);
    self->picked[self->picked_count++] = position;
    self->unsettled--;
    return COSEND_OK;
}

/* The record at `position` of the batch in hand, for cosend_emit,
   cosend_bad and cosend_keep after cosend_receive_batch. */
COSEND_API struct cosend_record cosend_record_at(struct cosend_stage *self,
                                                 uint32_t position);

/* Send on every record of a batch, the one in hand or an own. As cosend_emit.
 */
COSEND_API int cosend_emit_batch(struct cosend_stage *self,
                                 const struct cosend_batch *batch);

/* Send a new record that has only the columns set since the last emit. Its
   place in the order is that of the record in hand, which caused it. */
COSEND_API int cosend_emit_new(struct cosend_stage *self);

/* How many targets the stage has. */
COSEND_API unsigned cosend_targets(const struct cosend_stage *self);

/*
 * Apply the step's on_error to a record that will not do. kind is a stable
 * word for tools ("not_a_number"), the text is for people.
 *
 * Under skip and reject the record is counted and the loop goes on; under fail
 * the next receive is false and the step fails with this error.
 */
COSEND_API void cosend_bad(struct cosend_stage *self,
                           const struct cosend_record *record, const char *kind,
                           const char *format, ...) COSEND_PRINTF(4, 5);

/*
 * Fail the step, whatever its on_error: for what is no record's fault.
 *
 * Returns kind: `return cosend_fail(self, COSEND_E_LIMIT, ...)`.
 */
COSEND_API int cosend_fail(struct cosend_stage *self, int kind,
                           const char *format, ...) COSEND_PRINTF(3, 4);

/* ---- What the output looks like: before the first receive ---------------- */

/* A column that the filter adds. */
struct cosend_column {
    uint32_t index;
};

/*
 * Declare a column that the filter adds behind the others; one of that name in
 * the input is replaced in its place. Declared up front so that the header is
 * right even when no record comes. The name is copied. A second column of one
 * name, which would hide the first, fails the step, as no memory does: the next
 * receive is false.
 */
COSEND_API struct cosend_column cosend_add_column(struct cosend_stage *self,
                                                  const char *name);

/* The output has none of the input's columns, only what is added. */
COSEND_API void cosend_drop_columns(struct cosend_stage *self);

/* The output has not this column of the input's. */
COSEND_API void cosend_drop_column(struct cosend_stage *self,
                                   struct cosend_field field);

/* The output has these columns of the input's, in this order. */
COSEND_API void cosend_keep_columns(struct cosend_stage *self,
                                    struct cosend_fields fields);

/*
 * Set an added column for the next emit; what is not set is absent. The bytes
 * are copied, but for cosend_set_slice's, which must be part of a cell of the
 * record in hand, and which only the emit of that record may follow.
 */
COSEND_API void cosend_set(struct cosend_stage *self,
                           struct cosend_column column,
                           struct cosend_cell cell);
COSEND_API void cosend_set_slice(struct cosend_stage *self,
                                 struct cosend_column column,
                                 struct cosend_cell cell);
COSEND_API void cosend_set_number(struct cosend_stage *self,
                                  struct cosend_column column, double value);
COSEND_API void cosend_set_integer(struct cosend_stage *self,
                                   struct cosend_column column, int64_t value);

/* ---- Keep ---------------------------------------------------------------- */

/*
 * Hold the record in hand beyond the next receive: it counts as held until it
 * is emitted or released. *kept is a copy of its own, which cosend_emit takes.
 *
 * Returns false, and fails the step, without memory.
 */
COSEND_API bool cosend_keep(struct cosend_stage *self,
                            const struct cosend_record *record,
                            struct cosend_record *kept);

/* Let a kept record go: dropped, unless it was emitted. */
COSEND_API void cosend_release(struct cosend_stage *self,
                               struct cosend_record *kept);

/*
 * Write a kept record down, and make a kept record of such bytes again: for
 * the save and merge of a filter whose state are records. Ask `to` whether it
 * failed.
 *
 * get returns COSEND_OK; COSEND_E_TYPE for bytes that are no record of the
 * schema that this stage receives, or before it is known; COSEND_E_MEMORY.
 */
COSEND_API void cosend_put_record(struct cosend_bytes *to,
                                  const struct cosend_record *kept);
COSEND_API int cosend_get_record(struct cosend_stage *self,
                                 struct cosend_reader_bytes *from,
                                 struct cosend_record *kept);

/* ---- State and results --------------------------------------------------- */

/*
 * Show the runtime the state that matters, which the filter's row can save and
 * merge; before the first receive. Snapshots and threads need it.
 */
COSEND_API void cosend_publish(struct cosend_stage *self, void *state);

/* Set one value of what the stage returns. Both are copied. */
COSEND_API void cosend_set_result(struct cosend_stage *self, const char *name,
                                  struct cosend_cell value);

/* Say in a word how the step works, for `--stats`: which engine looks for a
   pattern, say. The text is static. */
COSEND_API void cosend_set_note(struct cosend_stage *self, const char *text);

struct cosend_regex; /* cosend/match.h */

/*
 * Say, before the first receive, that the step drops every record whose fields
 * do not match the pattern, and has no other use for it: lines of text that a
 * source finds not to match may then be counted as received and dropped without
 * being made records of. Others may still come. The pattern must live until the
 * stage ends.
 */
COSEND_API void cosend_sieve(struct cosend_stage *self,
                             const struct cosend_regex *regex);

/* Call release(argument) when the stage ends, however it ends: last in, first
   out. Returns false, after calling it at once, without memory. */
COSEND_API bool cosend_stage_defer(struct cosend_stage *self,
                                   void (*release)(void *), void *argument);

/* `size` bytes, all zero, that live until the stage ends, however it ends.
   Returns NULL, with the step failed, without memory. */
COSEND_API void *cosend_stage_memory(struct cosend_stage *self, size_t size);

/* ---- Sources and sinks --------------------------------------------------- */

enum cosend_format_name {
    COSEND_FORMAT_AUTO = 0, /* by the file's extension, else text */
    COSEND_FORMAT_TEXT,
    COSEND_FORMAT_CSV,
    COSEND_FORMAT_TSV,
    COSEND_FORMAT_JSONL,
    COSEND_FORMAT_TABLE /* output only */
};

/* Records with another number of cells than there are columns. */
enum cosend_ragged {
    COSEND_RAGGED_REJECT = 0, /* bad ones */
    COSEND_RAGGED_PAD,        /* missing cells are absent; too many are bad */
    COSEND_RAGGED_SKIP,       /* dropped, counted as skipped */
    COSEND_RAGGED_TRUNCATE,   /* as pad, and further cells are dropped */
    COSEND_RAGGED_KEEP,       /* as pad, and cell 5 of 4 columns is field _5 */
    COSEND_RAGGED_ERROR       /* as reject */
};

enum cosend_line_end {
    COSEND_LINE_END_LF = 0, /* LF, or CR LF */
    COSEND_LINE_END_CR      /* CR alone, too */
};

/* What a writer of JSON makes of bytes that are no UTF-8. */
enum cosend_invalid_utf8 {
    COSEND_INVALID_UTF8_REPLACE = 0, /* U+FFFD; counted, and told once */
    COSEND_INVALID_UTF8_REJECT,      /* a bad record */
    COSEND_INVALID_UTF8_ESCAPE       /* \xNN in the string, byte by byte */
};

/* Which cells a writer of CSV puts quotes round. */
enum cosend_quoting {
    COSEND_QUOTING_MINIMAL = 0, /* those that a reader needs them for */
    COSEND_QUOTING_ALL,
    COSEND_QUOTING_NONE /* none: one that needs them makes the record bad */
};

/* What readers and writers can be told. Zero bytes mean the default. */
struct cosend_format_options {
    int name;                       /* enum cosend_format_name */
    struct cosend_string delimiter; /* one byte; default a comma */
    struct cosend_string quote;     /* one byte; default a double quote */
    struct cosend_header header;
    int ragged;   /* enum cosend_ragged */
    bool strict;  /* csv: quotes must be where RFC 4180 has them */
    bool trim;    /* csv: without blanks around cells */
    int unquoted; /* csv: 1: a quote is a byte as any other */
    int line_end; /* enum cosend_line_end */
    struct cosend_string escape;  /* csv: one byte; none by default */
    struct cosend_string comment; /* csv: what lines that are none begin with */
    int64_t skip_lines;           /* at the start of each file */
    bool skip_blank;              /* text: drop lines of no bytes */
    bool crlf;                    /* write CR LF */
    bool bom;                     /* write a byte order mark first */
    bool headless;                /* csv: do not write the names first */
    int invalid_utf8;             /* jsonl: enum cosend_invalid_utf8 */
    int quoting;                  /* csv, written: enum cosend_quoting */
    int64_t width;                /* table: of lines; 0: a terminal's, or any */
    struct cosend_string field;   /* text: the column's name, default "line" */
    int64_t max_record_bytes;
    uintptr_t reserved[8]; /* zero */
};

/* The formats' names, those that can be read, and the ragged rules' names, in
   their order, then NULL: choices for options that are stored as enums of
   above. */
COSEND_API extern const char *const cosend_format_names[];
COSEND_API extern const char *const cosend_reader_format_names[];
COSEND_API extern const char *const cosend_ragged_names[];
COSEND_API extern const char *const cosend_invalid_utf8_names[];
COSEND_API extern const char *const cosend_quoting_names[];
COSEND_API extern const char *const cosend_line_end_names[];
COSEND_API extern const char *const cosend_reader_quoting_names[];

/* What a reader, and what a writer, can be told: groups for a struct
   cosend_format_options. */
COSEND_API extern const struct cosend_option cosend_reader_options[];
COSEND_API extern const struct cosend_option cosend_writer_options[];

/* Report what no format can be told: the rest of a check of the rows of
   cosend_reader_options or cosend_writer_options. */
COSEND_API void
cosend_check_format(struct cosend_check *check,
                    const struct cosend_format_options *options);

/* Where a source reads. */
struct cosend_read_options {
    struct cosend_format_options format;
    struct cosend_strings paths; /* "-" is standard input */
    bool follow;
    int on_missing;        /* index into wait, fail */
    uintptr_t reserved[4]; /* zero */
};

/*
 * The whole of a source: read every file, in order, and emit its records. With
 * no paths it reads the files of the run, or standard input.
 */
COSEND_API int cosend_read(struct cosend_stage *self,
                           const struct cosend_read_options *options);

/* Where a sink writes. */
struct cosend_write_options {
    struct cosend_format_options format;
    struct cosend_string path; /* or, of no bytes, the descriptor */
    int descriptor;
    bool append;
    uintptr_t reserved[4]; /* zero */
};

/* The whole of a sink: receive every record and write it. */
COSEND_API int cosend_write(struct cosend_stage *self,
                            const struct cosend_write_options *options);

#ifdef __cplusplus
}
#endif

#endif
