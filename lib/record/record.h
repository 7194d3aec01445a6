/* SPDX-License-Identifier: MIT */
/*
 * Records inside: where a batch's bytes and cells are.
 *
 *     block   bytes of input, as read; shared by reference
 *       rows  the records cut from a stretch of a block: where each starts and
 *             ends, and its cells by base column (the reader's columns)
 *         batch  some of those records, in order, and a schema; a column is
 *                either one of the rows' (shared by every batch over them) or
 *                dense: added by a filter, indexed by position in the batch
 *
 * A batch without rows holds records that a filter made: all columns dense.
 * A batch made from another keeps a reference on it (`parent`), since dense
 * cells may point into its arena. A batch, its rows and its block belong to one
 * thread at a time; handing a batch over moves them. Reference counts are
 * atomic, since what several threads' batches share, their schemas above all,
 * stays behind.
 *
 * Ordinals order records: where a record starts among all bytes that the run
 * has cut. In every stream they never fall; a record that a filter made or held
 * back has that of the record that caused it to be sent. The end of the input
 * is CSI_ORDINAL_END.
 */
#ifndef CSI_RECORD_H
#define CSI_RECORD_H

#include "base/base.h"
#include "cosend/record.h"

#include <stdatomic.h>

#define CSI_ORDINAL_END UINT64_MAX

static inline void csi_ref(atomic_uint *refs)
{
    atomic_fetch_add_explicit(refs, 1, memory_order_relaxed);
}

/* Whether it was the last one. */
static inline bool csi_unref(atomic_uint *refs)
{
    return atomic_fetch_sub_explicit(refs, 1, memory_order_acq_rel) == 1;
}

/* Whether nobody else has a reference. */
static inline bool csi_is_sole(atomic_uint *refs)
{
    return atomic_load_explicit(refs, memory_order_acquire) == 1;
}

/* Readable bytes behind a block's data and what an arena gave, for loads that
   run over the end of either. */
#define CSI_BLOCK_SLACK 64

/* ---- Arena: memory that is freed together -------------------------------- */

struct csi_arena_chunk;

/* All zero is an empty arena. */
struct csi_arena {
    struct csi_arena_chunk *chunks;
    char *next;
    size_t left;
};

/* size bytes, aligned for anything; NULL without memory. */
void *csi_arena_get(struct csi_arena *arena, size_t size);
/* size bytes of text, not aligned. */
char *csi_arena_bytes(struct csi_arena *arena, size_t size);
/* Move all of `from` into an arena. */
void csi_arena_join(struct csi_arena *arena, struct csi_arena *from);
/* Take back all that was got, and keep the memory, as one piece, for as much
   again. */
void csi_arena_clear(struct csi_arena *arena);
void csi_arena_free(struct csi_arena *arena);

/* ---- Block --------------------------------------------------------------- */

struct csi_block {
    atomic_uint refs;
    size_t capacity; /* bytes that data may hold, without the slack */
    size_t length;
    char data[];
};

struct csi_block *csi_block_new(size_t capacity);
struct csi_block *csi_block_ref(struct csi_block *block);
void csi_block_unref(struct csi_block *block);

/* For csi_rows.line_ends. */
#define CSI_NOT_COUNTED UINT64_MAX

/* ---- Rows ---------------------------------------------------------------- */

/* Records in one csi_rows at most, so that cells stay in cache. */
#define CSI_ROWS_MAX 8192

/* A record that the reader could not take; it is one of the rows. */
struct csi_fault {
    uint32_t row;
    bool skip;        /* ragged: skip; count it, whatever on_error says */
    bool truncated;   /* its bytes are only the first of it */
    const char *kind; /* a stable word, static */
    char reason[160];
};

struct csi_rows {
    atomic_uint refs;
    struct csi_block *block;
    const char *source;  /* the file's name; outlives the run's rows */
    uint64_t ordinal;    /* of a record that starts at block->data[base] */
    uint64_t offset;     /* of block->data[0] in its source, bytes */
    uint64_t first_line; /* physical line of block->data[base], from 1 */
    size_t base;
    size_t counted;    /* in block->data: where newlines were counted to, ... */
    uint64_t newlines; /* ... and how many there are from base */
    uint32_t count;
    size_t capacity;
    uint32_t *starts; /* of each record in block->data */
    uint32_t *ends;   /* behind each record, its line end included */
    /* CSV: where cells end in block->data, and which is the first of each
       record. */
    uint32_t *marks, *first_mark;
    size_t mark_count, mark_capacity;
    uint64_t line_ends; /* among the bytes consumed, or CSI_NOT_COUNTED */
    /* A reader may leave out records that a pattern does not match: how many it
       did, by which pattern the others were picked, and how many of these from
       the first on it matches for certain. */
    uint64_t left_out;
    const struct cosend_regex *sieve;
    uint32_t found;
    /* A bit for each row whose bytes are not what its cells are, lest they are
       written as they came (csi_rows_reshape); NULL: none. */
    uint64_t *reshaped;
    bool clean; /* what no quotes are around needs none, where they are ... */
    char delimiter, quote; /* ... these; 0 where it is not CSV */
    bool remapped;         /* columns are in another order than the schema's */
    uint32_t column_count;
    struct cosend_cell **cells; /* [base column][row]; NULL: not filled */
    /* Fill cells[column]. False without memory. NULL: all are filled. */
    bool (*fill)(struct csi_rows *rows, uint32_t column);
    /* JSON lines: walk all fields of a row (see cosend_next_item); else NULL */
    bool (*walk)(struct csi_rows *rows, uint32_t row, struct cosend_item *item,
                 struct cosend_error *error);
    bool walk_is_own; /* it goes by `own`, and not by the row's bytes alone */
    void *own;        /* the reader's, in the arena; for fill and walk */
    struct csi_fault *faults; /* by ascending row */
    size_t fault_count, fault_capacity;
    struct csi_arena arena;
};

struct csi_rows *csi_rows_new(struct csi_block *block);
struct csi_rows *csi_rows_ref(struct csi_rows *rows);
void csi_rows_unref(struct csi_rows *rows);
/*
 * Give up a reference; where it was the last one, the rows are kept, with the
 * memory that they have, for records of another block (csi_rows_renew). So
 * block after block is cut into memory that is still in the caches.
 *
 * Returns the rows, or NULL where somebody else has them.
 */
struct csi_rows *csi_rows_recycle(struct csi_rows *rows);
/* New rows for a block, of recycled ones, which may be NULL. NULL without
   memory. */
struct csi_rows *csi_rows_renew(struct csi_rows *recycled,
                                struct csi_block *block);
/* Append a record's bounds. False without memory. */
bool csi_rows_add(struct csi_rows *rows, size_t start, size_t end);
/* Room for so many more rows, which the caller appends. The same. */
bool csi_rows_reserve(struct csi_rows *rows, size_t more);
/*
 * Append the lines of the block from *start up to `end`, until there are `most`
 * rows. There is no newline before `from`. What is_blank, unless it is NULL,
 * says of a line that starts with a space or a control byte, is left out.
 * *start moves behind the last line; rows->line_ends is set.
 *
 * Returns false without memory.
 */
bool csi_scan_lines(struct csi_rows *rows, const char **start, const char *from,
                    const char *end, uint32_t most,
                    bool (*is_blank)(const char *start, const char *end));
/* Mark the last row added as one that will not do. */
struct csi_fault *csi_rows_fault(struct csi_rows *rows, const char *kind,
                                 const char *format, ...) COSEND_PRINTF(3, 4);
/* Mark a row as overlong, whatever else is wrong with it, but for a quote that
   is not closed. False without memory. */
bool csi_rows_overlong(struct csi_rows *rows, uint32_t row, int64_t most);
/* The cells of one of the first CSI_ROWS_MAX rows are not what its bytes are.
   False without memory. */
bool csi_rows_reshape(struct csi_rows *rows, uint32_t row);
static inline bool csi_rows_reshaped(const struct csi_rows *rows, uint32_t row)
{
    return rows->reshaped && rows->reshaped[row / 64] >> (row % 64) & 1;
}

/* Add a field to those that are walked in rows of one record, whose own they
   become; name and cell are copied. False without memory. */
bool csi_rows_add_item(struct csi_rows *rows, const struct cosend_item *item);
/* The physical line on which a row starts, from 1. Cheap where rows are asked
   for in order. */
uint64_t csi_rows_line(struct csi_rows *rows, uint32_t row);
/* A row's bytes without its line end (LF or CRLF). */
void csi_rows_content(const struct csi_rows *rows, uint32_t row,
                      const char **data, size_t *length);

/* ---- Schema -------------------------------------------------------------- */

struct csi_schema_column {
    char *name;
    uint32_t length;
    uint32_t origin;  /* base column of the rows, or CSI_DENSE */
    atomic_bool seen; /* open, the reader's: a record had it */
};

#define CSI_DENSE     UINT32_MAX
#define CSI_NO_COLUMN UINT32_MAX

struct cosend_schema {
    atomic_uint refs;
    bool open;
    bool text;
    char first;            /* text: a byte that a record begins with, or NUL */
    bool unknown;          /* there was no input to know its columns from */
    bool crlf;             /* the first record of the input ended so */
    int format;            /* enum cosend_format_name it was read as; 0: made */
    char delimiter, quote; /* CSV: what it was read with */
    char
        *header; /* CSV: its bytes, where the names are what it says; or NULL */
    size_t header_length;
    bool untouched; /* records are as read: same columns, same order */
    uint32_t count;
    size_t capacity;
    struct csi_schema_column *columns;
    /* Open: names of base fields that a filter dropped. */
    struct cosend_schema *hidden;
    /* Open, the reader's: names that its first records have; or NULL. */
    struct cosend_schema *sample;
};

struct cosend_schema *csi_schema_new(void);
struct cosend_schema *csi_schema_ref(struct cosend_schema *schema);
void csi_schema_unref(struct cosend_schema *schema);
/* Append a column; only while nobody else has seen the schema. Names may
   repeat. False without memory. */
bool csi_schema_add(struct cosend_schema *schema, const char *name,
                    size_t length, uint32_t origin);
/* The column of that name, or CSI_NO_COLUMN. */
uint32_t csi_schema_find(const struct cosend_schema *schema, const char *name,
                         size_t length);
/* The nearest name for a "did you mean", or NULL. */
const char *csi_schema_suggest(const struct cosend_schema *schema,
                               const char *name);

/* ---- Batch --------------------------------------------------------------- */

struct cosend_batch {
    atomic_uint refs;
    uint32_t count;
    uint32_t first_row;        /* row of position i is first_row + i, ... */
    const uint32_t *selection; /* ... or selection[i] */
    struct cosend_schema *schema;
    struct csi_rows *rows;       /* NULL: made by a filter */
    struct cosend_batch *parent; /* keeps its arena alive; or NULL */
    /* schema->count columns and one more that is always absent. */
    struct cosend_column_cells *columns;
    const uint64_t *ordinals; /* by position; NULL: those of the rows */
    /* The columns are all the fields there are, though the schema is open: the
       records are from a branch that selected some, and joined one that did
       not. */
    bool complete;
    bool kept;         /* one record, which a filter holds */
    bool kept_settled; /* and which was counted as out, rejected or dropped */
    /* In one of its stage's lists: the next, and what points to this one; both
       NULL where it is in none. */
    struct cosend_batch *kept_next, **kept_link;
    struct csi_arena arena;
};

/* A batch over rows[first .. first + count) as the reader made them. Takes
   references of its own. NULL without memory. */
struct cosend_batch *csi_batch_of_rows(struct csi_rows *rows,
                                       struct cosend_schema *schema,
                                       uint32_t first, uint32_t count);
/* An empty shell over `schema` for the caller to complete: columns all absent,
   nothing selected. */
struct cosend_batch *csi_batch_new(struct cosend_schema *schema);
struct cosend_batch *csi_batch_ref(const struct cosend_batch *batch);
void csi_batch_unref(const struct cosend_batch *batch);

/*
 * The records at positions[0 .. count) of `from` (all of them where positions
 * is NULL) under another schema: column c is column map[c] of `from`, or
 * absent, for the caller to set, where that is CSI_NO_COLUMN. A NULL map
 * means the same columns. positions are copied.
 *
 * Returns NULL without memory.
 */
struct cosend_batch *csi_batch_derive(const struct cosend_batch *from,
                                      struct cosend_schema *schema,
                                      const uint32_t *map,
                                      const uint32_t *positions,
                                      uint32_t count);

/* The records from position `from` up to `to`. NULL without memory. */
struct cosend_batch *csi_batch_slice(const struct cosend_batch *batch,
                                     uint32_t from, uint32_t to);

/* Make column c's cells be there. False without memory. */
bool csi_batch_fill(const struct cosend_batch *batch, uint32_t column);

uint64_t csi_rows_ordinal(const struct csi_rows *rows, uint32_t row);
uint64_t csi_batch_ordinal(const struct cosend_batch *batch, uint32_t position);
static inline uint32_t csi_batch_row(const struct cosend_batch *batch,
                                     uint32_t position)
{
    return batch->selection ? batch->selection[position]
                            : batch->first_row + position;
}

/* For a column whose every cell is absent. */
extern const struct cosend_cell csi_absent;

/* The cell of schema column c, filled on demand. False without memory. */
bool csi_record_cell(const struct cosend_record *record, uint32_t column,
                     struct cosend_cell *cell);

/* Where the record came from: source, physical line (from 1), byte offset.
   False, and all zero, for one that a filter made. */
struct csi_provenance {
    const char *source;
    uint64_t line, offset;
    const char *raw; /* as read, without the line end */
    size_t raw_length;
};
bool csi_record_provenance(const struct cosend_record *record,
                           struct csi_provenance *place);

#endif
