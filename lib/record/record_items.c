/* SPDX-License-Identifier: MIT */
/* One record at a time: its cells, its items, where it came from. */
#include "record/record.h"
#include "record/byte_bitmaps.h"

#include <string.h>

struct cosend_record cosend_batch_record(const struct cosend_batch *batch,
                                         uint32_t position)
{
    struct cosend_record record = {
        .batch = batch,
        .columns = batch->columns,
        .map = NULL,
        .position = position,
        .row = batch->rows ? csi_batch_row(batch, position) : 0};

    return record;
}

bool csi_record_cell(const struct cosend_record *record, uint32_t column,
                     struct cosend_cell *cell)
{
    const struct cosend_column_cells *cells = &record->columns[column];

    if (!csi_batch_fill(record->batch, column))
        return false;
    *cell = cells->cells[(record->row & cells->row_mask) |
                         (record->position & cells->position_mask)];
    return true;
}

/* Whether a filter dropped or replaced a field that the record was read with.
 */
static bool is_hidden(const struct cosend_record *record,
                      const struct cosend_item *item)
{
    const struct cosend_schema *schema = record->batch->schema;
    struct cosend_cell cell;
    uint32_t column;

    if (schema->hidden && csi_schema_find(schema->hidden, item->name,
                                          item->name_length) != CSI_NO_COLUMN)
        return true;
    if (schema->untouched)
        return false;
    column = csi_schema_find(schema, item->name, item->name_length);
    return column != CSI_NO_COLUMN &&
           schema->columns[column].origin == CSI_DENSE &&
           csi_record_cell(record, column, &cell) && cell.kind != COSEND_ABSENT;
}

/* The fields that a record of an open schema was read with. */
static bool next_read_item(const struct cosend_record *record,
                           struct cosend_item *item, struct cosend_error *error)
{
    struct csi_rows *rows = record->batch->rows;

    if (!rows || !rows->walk)
        return false;
    while (rows->walk(rows, csi_batch_row(record->batch, record->position),
                      item, error))
        if (!is_hidden(record, item))
            return true;
    return false;
}

bool cosend_next_item(const struct cosend_record *record,
                      struct cosend_item *item, struct cosend_error *error)
{
    const struct cosend_schema *schema = record->batch->schema;
    bool walks = schema->open && !record->batch->complete;

    if (item->place == 0 && walks) {
        if (next_read_item(record, item, error))
            return true;
        if (error && error->kind)
            return false;
    }
    for (uint32_t i = item->place; i < schema->count; i++) {
        const struct csi_schema_column *column = &schema->columns[i];

        if (walks && column->origin != CSI_DENSE)
            continue;
        if (!csi_record_cell(record, i, &item->cell)) {
            csi_no_memory(error);
            return false;
        }
        item->place = i + 1;
        item->name = column->name;
        item->name_length = column->length;
        item->raw = NULL;
        item->raw_length = 0;
        return true;
    }
    item->place = schema->count;
    return false;
}

bool cosend_record_raw(const struct cosend_record *record, const char **data,
                       size_t *length)
{
    const struct cosend_batch *batch = record->batch;

    if (!batch->rows || !batch->schema->untouched || batch->rows->remapped)
        return false;
    csi_rows_content(batch->rows, csi_batch_row(batch, record->position), data,
                     length);
    return true;
}

/*
 * Newlines of the rows' block before `start`. They are counted on from where
 * the last count ended: who asks for many rows of a block asks in order.
 */
static uint64_t newlines_before(struct csi_rows *rows, size_t start)
{
    const char *data = rows->block->data;
    size_t from = rows->counted > rows->base ? rows->counted : rows->base;

    if (start >= from)
        rows->newlines += csi_scan_count(data + from, start - from, '\n');
    else
        rows->newlines -= csi_scan_count(data + start, from - start, '\n');
    rows->counted = start;
    return rows->newlines;
}

uint64_t csi_rows_line(struct csi_rows *rows, uint32_t row)
{
    return rows->first_line + newlines_before(rows, rows->starts[row]);
}

bool csi_record_provenance(const struct cosend_record *record,
                           struct csi_provenance *place)
{
    struct csi_rows *rows = record->batch->rows;
    uint32_t row;
    size_t start;

    memset(place, 0, sizeof(*place));
    if (!rows)
        return false;
    row = csi_batch_row(record->batch, record->position);
    start = rows->starts[row];
    place->source = rows->source;
    place->offset = rows->offset + start;
    place->line = csi_rows_line(rows, row);
    csi_rows_content(rows, row, &place->raw, &place->raw_length);
    return true;
}
