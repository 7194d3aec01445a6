/* SPDX-License-Identifier: MIT */
/*
 * Records, as filters see them: cells, schemas, and batches of records whose
 * columns come into being when somebody asks for them.
 *
 * A batch never changes once it was sent, so a broadcast sends the same one to
 * every target. A cell is a pointer and a length into the block of input it
 * was read from, or into its batch; it is not terminated by a NUL, may hold
 * any byte, and lives as long as its record.
 *
 * Its structs are frozen (cosend/version.h).
 */
#ifndef COSEND_RECORD_H
#define COSEND_RECORD_H

#include "cosend/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a cell holds. Empty is a text of no bytes: neither absent nor null. */
enum cosend_kind {
    COSEND_ABSENT = 0, /* the record has no such field */
    COSEND_NULL = 1,   /* JSON null */
    COSEND_TEXT = 2,   /* bytes; all that text and CSV know */
    COSEND_NUMBER = 3, /* a number's own text: read from JSON, or computed */
    COSEND_BOOL = 4,   /* "true" or "false" */
    COSEND_NESTED = 5  /* a JSON array or object, as its text */
};

struct cosend_cell {
    const char *data;
    uint32_t length; /* bytes; 0 for absent and null */
    enum cosend_kind kind;
};

/* Absent, null or of no bytes: what numeric aggregates do not count. */
COSEND_INLINE bool cosend_is_blank(struct cosend_cell cell)
{
    return cell.length == 0;
}

/* A text cell over `length` bytes that the caller keeps alive. No cell has
   4 GiB or more: of so many this has no bytes, and a step that sets it fails.
   A length of 32 bits needs no look. */
COSEND_INLINE struct cosend_cell cosend_text(const char *data, size_t length)
{
    struct cosend_cell cell;

    cell.data = length <= UINT32_MAX ? data : COSEND_NOWHERE;
    cell.length =
        length <= UINT32_MAX ? COSEND_CAST(uint32_t, length) : UINT32_MAX;
    cell.kind = COSEND_TEXT;
    return cell;
}

/* The columns of a batch, in order: names, each once. */
struct cosend_schema;

COSEND_API size_t cosend_schema_count(const struct cosend_schema *schema);

/* The name of column i < count, terminated by a NUL; the schema's own. */
COSEND_API const char *cosend_schema_name(const struct cosend_schema *schema,
                                          size_t i);

/*
 * Whether records may have fields that the schema does not name, as JSON lines
 * have. Walk a record with cosend_next_item to see all of them.
 */
COSEND_API bool cosend_schema_open(const struct cosend_schema *schema);

/* Whether these are lines of text: one column, whose name is its reader's. */
COSEND_API bool cosend_schema_is_text(const struct cosend_schema *schema);

/* Records of one schema. */
struct cosend_batch;

COSEND_API uint32_t cosend_batch_count(const struct cosend_batch *batch);
COSEND_API const struct cosend_schema *
cosend_batch_schema(const struct cosend_batch *batch);

/*
 * A filter's handle on a field that its options name. It is looked up once per
 * schema, not per record. COSEND_NO_FIELD where an optional one was not given.
 */
struct cosend_field {
    uint32_t slot;
};

#define COSEND_NO_FIELD UINT32_MAX

/* A list of fields: the handles from `first` on. */
struct cosend_fields {
    uint32_t first;
    uint32_t count;
};

COSEND_INLINE bool cosend_has_field(struct cosend_field field)
{
    return field.slot != COSEND_NO_FIELD;
}

/* Field i < count of a list. */
COSEND_INLINE struct cosend_field cosend_nth(struct cosend_fields fields,
                                             uint32_t i)
{
    struct cosend_field field;

    field.slot = fields.first + i;
    return field;
}

/* A column that a filter adds. */
struct cosend_column {
    uint32_t index;
};

/* For the inline functions only: where a column's cells are. A cell's index is
   the record's row, its position in the batch, or 0 for a constant column. */
struct cosend_column_cells {
    const struct cosend_cell *cells;
    uint32_t row_mask;
    uint32_t position_mask;
};

/* A column's cells in a batch; its members are for the inline function only. */
struct cosend_cells {
    const struct cosend_cell *cells;
    const uint32_t *selection;
    uint32_t first_row;
    uint32_t row_mask;
    uint32_t position_mask;
};

/* That of the record at a position. */
COSEND_INLINE struct cosend_cell cosend_cell_at(const struct cosend_cells *in,
                                                uint32_t position)
{
    uint32_t row =
        in->selection ? in->selection[position] : in->first_row + position;

    return in->cells[(row & in->row_mask) | (position & in->position_mask)];
}

/*
 * One record in hand. It lives until the next receive; its members are for the
 * inline functions only.
 */
struct cosend_record {
    const struct cosend_batch *batch;
    const struct cosend_column_cells *columns;
    const uint32_t *map; /* the receiving stage's handles, as columns */
    uint32_t position;   /* in the batch */
    uint32_t row;        /* in the block it was read from */
};

/* The cell of a field that the filter's options declared. Where it may be
   COSEND_NO_FIELD ask cosend_has_field before: this does not look. */
COSEND_INLINE struct cosend_cell
cosend_field(const struct cosend_record *record, struct cosend_field field)
{
    const struct cosend_column_cells *column =
        &record->columns[record->map[field.slot]];

    return column->cells[(record->row & column->row_mask) |
                         (record->position & column->position_mask)];
}

/* The record at `position` of a batch that is not a stage's batch in hand:
   fields by handle are not to be had from it, items are. */
COSEND_API struct cosend_record
cosend_batch_record(const struct cosend_batch *batch, uint32_t position);

/*
 * One field of a record, met while walking it.
 */
struct cosend_item {
    const char *name; /* not terminated by a NUL */
    uint32_t name_length;
    struct cosend_cell cell;
    /* The value's own bytes as read, where it is JSON and nobody changed it,
       quotes and escapes included; else NULL. */
    const char *raw;
    uint32_t raw_length;
    uint32_t next; /* where the walk is; start it with an item that is 0 */
    uint32_t place;
    uint64_t replaced; /* what it has met: bits of added columns */
};

/*
 * Go to the next field of a record, in order: the first when all of *item is
 * zero. In a closed schema every column comes, absent cells included; in an
 * open one what the record was read with, and the columns that steps have added
 * (cosend_batch_schema), of which some may be absent in it, too: a cell of kind
 * COSEND_ABSENT says so.
 *
 * Returns false after the last, or, with an error in *error, when there was
 * no memory. A step walks its records with cosend_walk (cosend/receive.h).
 */
COSEND_API bool cosend_next_item(const struct cosend_record *record,
                                 struct cosend_item *item,
                                 struct cosend_error *error);

/*
 * Where a record was read: its file, and its first line there, from 1; 0 where
 * that is not known, as the file was not read from its start.
 *
 * Returns false for one that a filter made.
 */
COSEND_API bool cosend_record_place(const struct cosend_record *record,
                                    const char **source, uint64_t *line);

/* How many bytes of the file are before such a record; 0 for one that a filter
   made. */
COSEND_API uint64_t cosend_record_offset(const struct cosend_record *record);

/*
 * How many records of a batch, from a position on, were read from one file; or
 * were made by filters, all of them. *source is the file's name, or NULL. Of
 * those that come as they were read *first and *last are the first lines of the
 * first and the last of them there; where what comes next of the file is not
 * behind that, it was begun anew: it is another, by the same name. Of those
 * that a step kept, and may have put in another order, they are 0.
 */
COSEND_API uint32_t cosend_batch_source(const struct cosend_batch *batch,
                                        uint32_t position, const char **source,
                                        uint64_t *first, uint64_t *last);

/* A number by which the records of a stage, whichever thread sees them, are in
   the order of the input. What one record was made into has one number. */
COSEND_API uint64_t cosend_record_ordinal(const struct cosend_record *record);

/*
 * The record's bytes as they were read, without their line end, where nobody
 * changed it: no column added, dropped or moved.
 *
 * Returns false where it was changed or made by a filter.
 */
COSEND_API bool cosend_record_raw(const struct cosend_record *record,
                                  const char **data, size_t *length);

#ifdef __cplusplus
}
#endif

#endif
