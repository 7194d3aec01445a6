/* SPDX-License-Identifier: MIT */
#include "record/batch.h"

#include "record/column.h"

#include <string.h>

const struct cosend_cell csi_absent = {NULL, 0, COSEND_ABSENT};

struct cosend_batch *csi_batch_new(struct cosend_schema *schema)
{
    size_t columns = (size_t)schema->count + 1;
    struct cosend_batch *batch =
        csi_malloc(sizeof(*batch) + columns * sizeof(*batch->columns));

    if (!batch)
        return NULL;
    memset(batch, 0, sizeof(*batch));
    atomic_init(&batch->refs, 1);
    batch->schema = csi_schema_ref(schema);
    batch->columns = (struct cosend_column_cells *)(batch + 1);
    for (size_t i = 0; i < columns; i++)
        batch->columns[i] = (struct cosend_column_cells){&csi_absent, 0, 0};
    return batch;
}

/* Columns of the rows are filled when asked for: until then, no cells. */
static void expect_rows(struct cosend_batch *batch)
{
    for (uint32_t i = 0; i < batch->schema->count; i++)
        if (batch->schema->columns[i].origin < batch->rows->column_count)
            batch->columns[i].cells = NULL;
}

static bool select_good_rows(struct cosend_batch *batch, uint32_t first,
                             uint32_t count)
{
    const struct csi_rows *rows = batch->rows;
    uint32_t *selection =
        csi_arena_get(&batch->arena, count * sizeof(*selection));
    size_t fault = 0;
    uint32_t good = 0;

    if (!selection)
        return false;
    while (fault < rows->fault_count && rows->faults[fault].row < first)
        fault++;
    for (uint32_t row = first; row < first + count; row++) {
        if (fault < rows->fault_count && rows->faults[fault].row == row)
            fault++;
        else
            selection[good++] = row;
    }
    batch->selection = selection;
    batch->count = good;
    return true;
}

struct cosend_batch *csi_batch_of_rows(struct csi_rows *rows,
                                       struct cosend_schema *schema,
                                       uint32_t first, uint32_t count)
{
    struct cosend_batch *batch = csi_batch_new(schema);

    if (!batch)
        return NULL;
    batch->rows = csi_rows_ref(rows);
    batch->first_row = first;
    batch->count = count;
    expect_rows(batch);
    if (rows->fault_count && !select_good_rows(batch, first, count)) {
        csi_batch_unref(batch);
        return NULL;
    }
    return batch;
}

struct cosend_batch *csi_batch_ref(const struct cosend_batch *batch)
{
    struct cosend_batch *own = (struct cosend_batch *)(uintptr_t)batch;

    csi_ref(&own->refs);
    return own;
}

void csi_batch_unref(const struct cosend_batch *batch)
{
    while (batch) {
        struct cosend_batch *own = (struct cosend_batch *)(uintptr_t)batch;

        if (!csi_unref(&own->refs))
            return;
        batch = own->parent;
        csi_rows_unref(own->rows);
        csi_schema_unref(own->schema);
        csi_arena_free(&own->arena);
        csi_free(own);
    }
}

/* Whether the cells are the rows', there or not. */
static bool is_of_rows(const struct cosend_batch *batch, uint32_t column)
{
    const struct cosend_column_cells *cells = &batch->columns[column];
    const struct csi_column *more = batch->more ? &batch->more[column] : NULL;

    return cells->cells
               ? cells->row_mask != 0
               : !more || !(more->unprinted || more->filler || more->source);
}

/*
 * Cells of rows are shared. Others, or what is to become of them, stay with
 * `from` until somebody asks.
 */
static bool derive_column(struct cosend_batch *batch, uint32_t at,
                          const struct cosend_batch *from, uint32_t origin)
{
    const struct cosend_column_cells *cells = &from->columns[origin];
    struct csi_column *more;

    if (is_of_rows(from, origin)) {
        if (csi_is_dense(&batch->schema->columns[at]) &&
            !csi_batch_fill(from, origin))
            return false;
        batch->columns[at] = *cells;
        return true;
    }
    if (cells->cells == &csi_absent) {
        batch->columns[at] = *cells;
        return true;
    }
    if (!batch->parent)
        batch->parent = csi_batch_ref(from);
    batch->columns[at] = *cells;
    if (cells->position_mask && batch->picked)
        batch->columns[at].cells = NULL;
    more = csi_batch_column(batch, at);
    if (more)
        more->source = origin + 1;
    return more;
}

static bool derive_columns(struct cosend_batch *batch,
                           const struct cosend_batch *from, const uint32_t *map)
{
    for (uint32_t i = 0; i < batch->schema->count; i++) {
        uint32_t origin = map ? map[i] : i;

        if (origin == CSI_NO_COLUMN)
            continue;
        if (!derive_column(batch, i, from, origin))
            return false;
    }
    return true;
}

static bool derive_places(struct cosend_batch *batch,
                          const struct cosend_batch *from,
                          const uint32_t *positions)
{
    uint32_t *selection;
    uint64_t *ordinals;

    if (!positions) {
        batch->selection = from->selection;
        batch->first_row = from->first_row;
        batch->ordinals = from->ordinals;
        if ((from->selection || from->ordinals) && !batch->parent)
            batch->parent = csi_batch_ref(from);
        return true;
    }
    if (batch->rows) {
        selection =
            csi_arena_get(&batch->arena, batch->count * sizeof(*selection));
        if (!selection)
            return false;
        for (uint32_t i = 0; i < batch->count; i++)
            selection[i] = csi_batch_row(from, positions[i]);
        batch->selection = selection;
    }
    if (from->ordinals) {
        ordinals =
            csi_arena_get(&batch->arena, batch->count * sizeof(*ordinals));
        if (!ordinals)
            return false;
        for (uint32_t i = 0; i < batch->count; i++)
            ordinals[i] = from->ordinals[positions[i]];
        batch->ordinals = ordinals;
    }
    return true;
}

/* Which way each of them came. */
static bool copy_ports(struct cosend_batch *batch,
                       const struct cosend_batch *from,
                       const uint32_t *positions)
{
    uint32_t *ports =
        csi_arena_get(&batch->arena, batch->count * sizeof(*ports));

    if (!ports)
        return false;
    for (uint32_t i = 0; i < batch->count; i++)
        ports[i] = from->ports[positions ? positions[i] : i];
    batch->ports = ports;
    return true;
}

/* Which of the parent's records these are: for columns that wait there. */
static bool copy_positions(struct cosend_batch *batch,
                           const uint32_t *positions)
{
    size_t size = batch->count * sizeof(*positions);
    uint32_t *picked = csi_arena_get(&batch->arena, size);

    if (!picked)
        return false;
    memcpy(picked, positions, size);
    batch->picked = picked;
    return true;
}

/* Whether one of the columns is by position. */
static bool is_dense(const struct cosend_batch *batch)
{
    for (uint32_t i = 0; i < batch->schema->count; i++)
        if (!is_of_rows(batch, i) && batch->columns[i].cells != &csi_absent)
            return true;
    return false;
}

struct cosend_batch *csi_batch_derive(const struct cosend_batch *from,
                                      struct cosend_schema *schema,
                                      const uint32_t *map,
                                      const uint32_t *positions, uint32_t count)
{
    struct cosend_batch *batch = csi_batch_new(schema);

    if (!batch)
        return NULL;
    batch->count = count;
    batch->complete = from->complete || (schema->open && !from->schema->open);
    if (from->rows)
        batch->rows = csi_rows_ref(from->rows);
    if ((from->ports && !copy_ports(batch, from, positions)) ||
        (positions && is_dense(from) && !copy_positions(batch, positions)) ||
        !derive_columns(batch, from, map) ||
        !derive_places(batch, from, positions)) {
        csi_batch_unref(batch);
        return NULL;
    }
    return batch;
}

struct cosend_batch *csi_batch_slice(const struct cosend_batch *batch,
                                     uint32_t from, uint32_t to)
{
    uint32_t count = to - from;
    uint32_t *positions;
    struct cosend_batch *cut;

    if (count == batch->count)
        return csi_batch_ref(batch);
    positions = csi_malloc(((size_t)count + 1) * sizeof(*positions));
    if (!positions)
        return NULL;
    for (uint32_t i = 0; i < count; i++)
        positions[i] = from + i;
    cut = csi_batch_derive(batch, batch->schema, NULL, positions, count);
    csi_free(positions);
    return cut;
}

uint64_t csi_batch_ordinal(const struct cosend_batch *batch, uint32_t position)
{
    if (batch->ordinals)
        return batch->ordinals[position];
    if (!batch->rows)
        return CSI_ORDINAL_END;
    return csi_rows_ordinal(batch->rows, csi_batch_row(batch, position));
}

uint32_t cosend_batch_count(const struct cosend_batch *batch)
{
    return batch->count;
}

const struct cosend_schema *
cosend_batch_schema(const struct cosend_batch *batch)
{
    return batch->schema;
}
