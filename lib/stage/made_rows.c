/* SPDX-License-Identifier: MIT */
#include "stage/made_rows.h"

#include "format/json_cell.h"

#include <string.h>

static bool place_rows(struct csi_rows *rows, const struct cosend_batch *batch)
{
    const struct csi_rows *from = batch->rows;
    struct csi_row_place *places = NULL;

    csi_rows_place(rows, from);
    if (!csi_rows_reserve(rows, batch->count))
        return false;
    if (from->places) {
        places = csi_arena_get(&rows->arena, batch->count * sizeof(*places));
        if (!places)
            return false;
    }
    for (uint32_t i = 0; i < batch->count; i++) {
        uint32_t row = csi_batch_row(batch, i);

        rows->starts[i] = from->starts[row];
        rows->ends[i] = from->ends[row];
        if (places)
            places[i] = from->places[row];
    }
    rows->count = batch->count;
    rows->places = places;
    rows->remade = true;
    return true;
}

/* Rows of records that nobody read. */
static bool invent_rows(struct csi_rows *rows, const struct cosend_batch *batch)
{
    rows->made = true;
    rows->source = "";
    for (uint32_t i = 0; i < batch->count; i++)
        if (!csi_rows_add(rows, 0, 0))
            return false;
    return true;
}

struct csi_rows *csi_made_rows(const struct cosend_batch *batch)
{
    struct csi_block *block =
        batch->rows ? csi_block_ref(batch->rows->block) : csi_block_new(0);
    struct csi_rows *rows = block ? csi_rows_new(block) : NULL;

    if (block && !batch->rows)
        memset(block->data, 0, CSI_BLOCK_SLACK);
    csi_block_unref(block);
    if (rows &&
        (batch->rows ? place_rows(rows, batch) : invent_rows(rows, batch)))
        return rows;
    csi_rows_unref(rows);
    return NULL;
}

bool csi_made_ordinals(struct cosend_batch *batch)
{
    uint64_t *ordinals;

    if (batch->ordinals || batch->rows)
        return true;
    ordinals = csi_arena_get(&batch->arena, batch->count * sizeof(*ordinals));
    if (!ordinals)
        return false;
    for (uint32_t i = 0; i < batch->count; i++)
        ordinals[i] = CSI_ORDINAL_END;
    batch->ordinals = ordinals;
    return true;
}

bool csi_made_put(struct csi_rows *rows, struct cosend_batch *batch,
                  const uint32_t *positions)
{
    size_t size = batch->count * sizeof(uint32_t);
    uint32_t *selection = positions ? csi_arena_get(&batch->arena, size) : NULL;

    if (positions && !selection)
        return false;
    if (positions)
        memcpy(selection, positions, size);
    csi_rows_unref(batch->rows);
    batch->rows = csi_rows_ref(rows);
    batch->first_row = 0;
    batch->selection = selection;
    batch->complete = false;
    for (uint32_t i = 0; i < batch->schema->count; i++)
        batch->columns[i] = (struct cosend_column_cells){NULL, UINT32_MAX, 0};
    return true;
}

static bool is_item(const struct cosend_item *item, const char *name,
                    size_t length)
{
    return item->name_length == length && memcmp(item->name, name, length) == 0;
}

bool csi_made_find(struct csi_rows *rows, uint32_t row,
                   const struct csi_schema_column *asked,
                   struct cosend_cell *cell)
{
    const char *name = asked->name, *dot = memchr(name, '.', asked->length);
    struct cosend_cell above = csi_absent;
    struct cosend_error error = {0};
    struct cosend_item item = {0};
    bool repeats = false; /* the reader tells of that */

    *cell = csi_absent;
    while (rows->walk(rows, row, &item, &error)) {
        if (is_item(&item, name, asked->length)) {
            *cell = item.cell;
            return true;
        }
        if (dot && is_item(&item, name, (size_t)(dot - name)))
            above = item.cell;
    }
    return !error.kind &&
           (!dot || csi_json_follow(above, dot + 1,
                                    asked->length - (size_t)(dot + 1 - name),
                                    &rows->arena, cell, &repeats));
}
