/* SPDX-License-Identifier: MIT */
/* Records on their way: some rows, in order, under a schema. */
#ifndef CSI_BATCH_H
#define CSI_BATCH_H

#include "record/rows.h"
#include "record/schema.h"

#define CSI_ORDINAL_END UINT64_MAX

struct csi_column;

/* What a sink would write of a batch. */
struct csi_encoded {
    const char *data;
    size_t length;
    uint64_t records, replaced; /* as a writer counts them */
};

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
    /* As many, for those without cells; or NULL (record/column.h). */
    struct csi_column *more;
    const uint32_t *picked;   /* of the parent; NULL: all of it */
    const uint64_t *ordinals; /* by position; NULL: those of the rows */
    const uint32_t *ports;    /* of a join, by position: who sent it; or NULL */
    /* The columns are all the fields there are, though the schema is open: the
       records are from a branch that selected some, and joined one that did
       not. */
    bool complete;
    const struct csi_encoded *encoded; /* for the sink that gets it; or NULL */
    uint32_t handed;   /* of a store: the record that it handed out last and
                          that was not counted yet, from 1; or 0 */
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

uint64_t csi_batch_ordinal(const struct cosend_batch *batch, uint32_t position);
static inline uint32_t csi_batch_row(const struct cosend_batch *batch,
                                     uint32_t position)
{
    return batch->selection ? batch->selection[position]
                            : batch->first_row + position;
}

/* The cell of a filled column. */
static inline struct cosend_cell csi_cell(const struct cosend_batch *batch,
                                          uint32_t column, uint32_t position,
                                          uint32_t row)
{
    const struct cosend_column_cells *cells = &batch->columns[column];

    return cells
        ->cells[(row & cells->row_mask) | (position & cells->position_mask)];
}

/* For a column whose every cell is absent. */
extern const struct cosend_cell csi_absent;

#endif
