/* SPDX-License-Identifier: MIT */
/* Blocks of input, and the records that were cut from them. */
#ifndef CSI_ROWS_H
#define CSI_ROWS_H

#include "record/arena.h"
#include "record/references.h"
#include "cosend/numbers.h"
#include "cosend/record.h"

/* A line of a block that has not all of them: where it is, and how many line
   ends there were before it. */
struct csi_kept_line {
    uint32_t start, line_ends;
};

struct csi_block {
    atomic_uint refs;
    size_t capacity; /* bytes that data may hold, without the slack */
    size_t length;
    bool sparse; /* it has the kept lines, at their places, and a line end
                    before each; what is between is of no meaning */
    struct csi_kept_line *kept; /* by place */
    size_t kept_count, kept_capacity;
    char data[];
};

struct csi_block *csi_block_new(size_t capacity);
/* One that is to have some lines alone, and has none. */
struct csi_block *csi_block_new_sparse(size_t capacity);
/* The next line of such a block, whose bytes are at their place already. False
   without memory. */
bool csi_block_keep(struct csi_block *block, uint32_t start,
                    uint32_t line_ends);
struct csi_block *csi_block_ref(struct csi_block *block);
void csi_block_unref(struct csi_block *block);

/* The fields of a row, where that is known without a walk. Rows whose names are
   at one place have the same. */
struct csi_known_name {
    const char *data;
    uint32_t length;
};

struct csi_known_names {
    uint32_t count;
    struct csi_known_name names[];
};

struct csi_known_fields {
    const struct csi_known_names *names; /* NULL: walk it */
    const struct cosend_cell *cells;
};

/* For csi_rows.line_ends. */
#define CSI_NOT_COUNTED UINT64_MAX

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

/* Where one row was read, where the rows of a block are from anywhere. */
struct csi_row_place {
    const char *source;
    uint64_t offset, line;
};

/* A column's cells as numbers, by row: cosend/numbers.h. A form may be
   CSI_FORM_UNKNOWN: nobody asked for that row. */
struct csi_row_numbers {
    uint8_t *forms; /* NULL: of none */
    union cosend_number *values;
};

#define CSI_FORM_UNKNOWN 255

struct csi_rows {
    atomic_uint refs;
    struct csi_block *block;
    const struct csi_row_place *places; /* by row; NULL: as follows */
    const char *source;  /* the file's name; outlives the run's rows */
    uint64_t ordinal;    /* of a record that starts at block->data[base] */
    uint64_t offset;     /* of block->data[0] in its source, bytes */
    uint64_t first_line; /* physical line of block->data[base], from 1; 0: it is
                            not known, and no row's is */
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
    bool timed; /* they are of the span of time that the source was told */
    bool nul;   /* they end in NUL, and the places' lines are counted by it */
    bool clean; /* what no quotes are around needs none, where they are ... */
    char delimiter, quote; /* ... these; 0 where it is not CSV */
    bool plain; /* CSV: quotes are around cells, and no other byte is special */
    bool remapped; /* columns are in another order than the schema's */
    uint32_t column_count;
    struct cosend_cell **cells;      /* [base column][row]; NULL: not filled */
    struct csi_row_numbers *numbers; /* [base column]; NULL: none asked for */
    /* Fill cells[column]. False without memory. NULL: all are filled. */
    bool (*fill)(struct csi_rows *rows, uint32_t column);
    /* Set cells[0 .. column_count) to those of one row, and fill no column.
       False without memory. NULL: columns are all there is. */
    bool (*cut)(struct csi_rows *rows, uint32_t row, struct cosend_cell *cells);
    /* JSON lines: walk all fields of a row (see cosend_next_item); else NULL */
    bool (*walk)(struct csi_rows *rows, uint32_t row, struct cosend_item *item,
                 struct cosend_error *error);
    const struct csi_known_fields *known; /* by row; or NULL */
    bool walk_is_own; /* it goes by `own`, and not by the row's bytes alone */
    void *own;        /* the reader's, in the arena; for fill and walk */
    void (*release)(struct csi_rows *rows); /* what `own` holds; or NULL */
    bool made;    /* nobody read them: they have no place */
    bool remade;  /* of other rows: several of them may be of one record */
    void *stored; /* for the fill of records that come out of a store */
    struct csi_fault *faults; /* by ascending row */
    size_t fault_count, fault_capacity;
    struct csi_arena arena;
};

struct csi_rows *csi_rows_new(struct csi_block *block);
/* One row, over a block of its own that has a copy of these bytes. NULL without
   memory. */
struct csi_rows *csi_rows_of_bytes(const char *data, size_t length);
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
/* Rows of the same block are where those are that were read from it: of a file,
   with the ordinals, offsets and lines of its bytes. */
void csi_rows_place(struct csi_rows *rows, const struct csi_rows *read);
/* Append a record's bounds. False without memory. */
bool csi_rows_add(struct csi_rows *rows, size_t start, size_t end);
/* Room for so many more rows, which the caller appends. The same. */
bool csi_rows_reserve(struct csi_rows *rows, size_t more);
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

/* What ends a row: LF, of which CR LF are a kind, or NUL. */
static inline char csi_rows_end_byte(const struct csi_rows *rows)
{
    return rows->nul ? '\0' : '\n';
}

/* A row's bytes without its line end (LF or CRLF), or NUL. */
static inline void csi_rows_content(const struct csi_rows *rows, uint32_t row,
                                    const char **data, size_t *length)
{
    const char *start = rows->block->data + rows->starts[row];
    const char *end = rows->block->data + rows->ends[row];

    if (end > start && end[-1] == csi_rows_end_byte(rows)) {
        end--;
        if (end > start && end[-1] == '\r' && !rows->nul)
            end--;
    }
    *data = start;
    *length = (size_t)(end - start);
}

/* The ordinal of a row. */
uint64_t csi_rows_ordinal(const struct csi_rows *rows, uint32_t row);

#endif
