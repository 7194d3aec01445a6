/* SPDX-License-Identifier: MIT */
/*
 * Records that were read get rows over a block of their bytes, one behind the
 * other, so that they leave as they came; where they come from is remembered of
 * each by itself. Cells of the reader's columns are made when somebody asks.
 * Those of columns that a filter added, and of records that one made, are there
 * from the start. A record with fields of its own to walk is alone in its
 * batch.
 */
#include "stage/stored_batch.h"

#include <string.h>

/* What fills cells: where those of each row are, and which one is that of a
   base column. Of a record of more columns than MANY all are made at once. */
enum { MANY = 16 };

struct stored_rows {
    const unsigned char **cells;
    uint32_t column_count;
    uint32_t *columns; /* by base column */
};

/* ---- Cells on demand ----------------------------------------------------- */

static const char *row_bytes(const struct csi_rows *rows, uint32_t row)
{
    return rows->block->data + rows->starts[row];
}

static bool fill_one(struct csi_rows *rows, uint32_t column)
{
    const struct stored_rows *own = rows->stored;
    struct cosend_cell *cells =
        csi_arena_get(&rows->arena, rows->count * sizeof(*cells));

    if (!cells)
        return false;
    for (uint32_t row = 0; row < rows->count; row++) {
        const unsigned char *at = own->cells[row];

        for (uint32_t i = 0; i <= own->columns[column]; i++)
            cells[row] = csi_stored_next_cell(&at, row_bytes(rows, row));
    }
    rows->cells[column] = cells;
    return true;
}

static bool fill_all(struct csi_rows *rows, uint32_t column)
{
    const struct stored_rows *own = rows->stored;
    size_t count = rows->count, width = own->column_count;
    struct cosend_cell *cells =
        csi_arena_get(&rows->arena, width * count * sizeof(*cells));

    (void)column;
    if (!cells)
        return false;
    for (uint32_t row = 0; row < count; row++) {
        const unsigned char *at = own->cells[row];

        for (size_t i = 0; i < width; i++)
            cells[i * count + row] =
                csi_stored_next_cell(&at, row_bytes(rows, row));
    }
    for (uint32_t i = 0; i < rows->column_count; i++)
        rows->cells[i] = cells + own->columns[i] * count;
    return true;
}

/* Base columns that no column of the schema is made of stay the first one's,
   and are not asked for. */
static bool expect_cells(struct csi_rows *rows,
                         const struct cosend_schema *schema,
                         const unsigned char **cells)
{
    struct stored_rows *own = csi_arena_get(&rows->arena, sizeof(*own));
    uint32_t count = 0;
    size_t size;

    for (uint32_t i = 0; i < schema->count; i++)
        if (!csi_is_dense(&schema->columns[i]) &&
            schema->columns[i].origin >= count)
            count = schema->columns[i].origin + 1;
    size = count * sizeof(*own->columns);
    rows->cells = csi_arena_get(&rows->arena, count * sizeof(*rows->cells));
    if (!own || !rows->cells)
        return false;
    own->columns = csi_arena_get(&rows->arena, size);
    if (!own->columns)
        return false;
    memset(own->columns, 0, size);
    memset(rows->cells, 0, count * sizeof(*rows->cells));
    for (uint32_t i = 0; i < schema->count; i++)
        if (!csi_is_dense(&schema->columns[i]))
            own->columns[schema->columns[i].origin] = i;
    own->cells = cells;
    own->column_count = schema->count;
    rows->stored = own;
    rows->column_count = count;
    rows->fill = schema->count > MANY ? fill_all : fill_one;
    return true;
}

/* ---- A batch ------------------------------------------------------------- */

static bool is_alike(const struct csi_stored_batch *made,
                     const struct csi_stored *stored)
{
    const struct csi_shape *shape = stored->shape;
    const struct cosend_batch *batch = made->batch;

    return !made->closed && !stored->items && batch->schema == shape->schema &&
           batch->complete == shape->complete &&
           (made->rows != NULL) == shape->has_rows &&
           (!made->rows || (made->rows->remapped == shape->remapped &&
                            made->rows->walk == shape->walk &&
                            made->rows->block->length + stored->raw_length <=
                                made->rows->block->capacity));
}

static bool make_rows(struct csi_stored_batch *made,
                      const struct csi_stored *stored)
{
    size_t size =
        made->bytes > stored->raw_length ? made->bytes : stored->raw_length;
    struct csi_block *block = csi_block_new(size);
    struct csi_rows *rows = block ? csi_rows_new(block) : NULL;

    csi_block_unref(block);
    if (!rows)
        return false;
    made->batch->rows = made->rows = rows;
    rows->source = stored->shape->source;
    rows->remapped = stored->shape->remapped;
    rows->nul = stored->shape->schema->nul;
    rows->walk = stored->shape->walk;
    made->places =
        csi_arena_get(&rows->arena, made->most * sizeof(*made->places));
    rows->places = made->places;
    return made->places && csi_rows_reserve(rows, made->most);
}

static bool start(struct csi_stored_batch *made,
                  const struct csi_stored *stored)
{
    struct cosend_batch *batch = csi_batch_new(stored->shape->schema);

    made->batch = batch;
    made->rows = NULL;
    made->closed = stored->items != NULL;
    if (!batch)
        return false;
    batch->complete = stored->shape->complete;
    if (stored->shape->has_rows && !make_rows(made, stored))
        return false;
    made->cells = csi_arena_get(made->rows ? &made->rows->arena : &batch->arena,
                                made->most * sizeof(*made->cells));
    made->ordinals =
        csi_arena_get(&batch->arena, made->most * sizeof(*made->ordinals));
    batch->ordinals = made->ordinals;
    return made->cells && made->ordinals;
}

static bool append_row(struct csi_stored_batch *made,
                       const struct csi_stored *stored)
{
    struct csi_rows *rows = made->rows;
    struct csi_block *block = rows->block;
    uint32_t row = rows->count;

    if (stored->raw_length)
        memcpy(block->data + block->length, stored->raw, stored->raw_length);
    if (!csi_rows_add(rows, block->length, block->length + stored->raw_length))
        return false;
    block->length += stored->raw_length;
    made->places[row] = (struct csi_row_place){stored->shape->source,
                                               stored->offset, stored->line};
    return (!stored->reshaped || csi_rows_reshape(rows, row)) &&
           (!stored->items || csi_stored_add_items(stored, rows));
}

int csi_stored_batch_add(struct csi_stored_batch *made,
                         const unsigned char *bytes)
{
    struct csi_stored stored = csi_stored_get(made->shapes, bytes);
    size_t length = (size_t)(stored.end - stored.cells);
    struct csi_arena *arena;
    char *cells;
    uint32_t at;

    if (made->batch &&
        (made->batch->count == made->most || !is_alike(made, &stored)))
        return COSEND_DONE;
    if (!made->batch && !start(made, &stored))
        return COSEND_E_MEMORY;
    at = made->batch->count;
    arena = made->rows ? &made->rows->arena : &made->batch->arena;
    cells = csi_arena_bytes(arena, length);
    if (!cells || (made->rows && !append_row(made, &stored)))
        return COSEND_E_MEMORY;
    if (length)
        memcpy(cells, stored.cells, length);
    made->cells[at] = (const unsigned char *)cells;
    made->ordinals[at] = stored.ordinal;
    made->batch->count++;
    return COSEND_OK;
}

/* The cells of one column of all records, as those of a filter's. */
static bool make_column(const struct csi_stored_batch *made, uint32_t column)
{
    struct cosend_batch *batch = made->batch;
    struct cosend_cell *cells =
        csi_arena_get(&batch->arena, batch->count * sizeof(*cells));

    if (!cells)
        return false;
    for (uint32_t i = 0; i < batch->count; i++) {
        const unsigned char *at = made->cells[i];
        const char *raw = made->rows ? row_bytes(made->rows, i) : NULL;

        for (uint32_t c = 0; c <= column; c++)
            cells[i] = csi_stored_next_cell(&at, raw);
    }
    batch->columns[column] = (struct cosend_column_cells){cells, 0, UINT32_MAX};
    return true;
}

static bool make_columns(const struct csi_stored_batch *made)
{
    struct cosend_batch *batch = made->batch;
    bool lazy = made->rows && !made->closed;

    if (lazy && !expect_cells(made->rows, batch->schema, made->cells))
        return false;
    for (uint32_t i = 0; i < batch->schema->count; i++)
        if (lazy && !csi_is_dense(&batch->schema->columns[i]))
            batch->columns[i].cells = NULL;
        else if (!make_column(made, i))
            return false;
    return true;
}

struct cosend_batch *csi_stored_batch_take(struct csi_stored_batch *made)
{
    struct cosend_batch *batch = made->batch;

    if (!batch)
        return NULL;
    if (made->rows)
        memset(made->rows->block->data + made->rows->block->length, 0,
               CSI_BLOCK_SLACK);
    if (!make_columns(made)) {
        csi_stored_batch_drop(made);
        return NULL;
    }
    made->batch = NULL;
    return batch;
}

void csi_stored_batch_drop(struct csi_stored_batch *made)
{
    csi_batch_unref(made->batch);
    made->batch = NULL;
}
