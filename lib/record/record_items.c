/* SPDX-License-Identifier: MIT */
/* One record at a time: its cells, its items, where it came from. */
#include "record/record_items.h"
#include "record/byte_bitmaps.h"
#include "record/column.h"

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

/* The bit of an added column that stands where the field was that it replaces;
   0 where it stands behind the others all the same. */
static uint64_t replacing_bit(const struct cosend_schema *schema,
                              uint32_t column)
{
    uint32_t behind = column - schema->leading;

    return column < schema->leading || behind >= 64 ? 0 : UINT64_C(1) << behind;
}

static bool is_same_cell(struct cosend_cell a, struct cosend_cell b)
{
    return a.kind == b.kind && a.length == b.length &&
           (!a.length || memcmp(a.data, b.data, a.length) == 0);
}

/* Let an item be what a filter has set instead of it; its bytes stay if that is
   the same. False where that comes elsewhere. */
static bool replace_item(struct cosend_item *item, struct cosend_cell cell,
                         uint64_t bit)
{
    if (!bit || item->replaced & bit)
        return false;
    item->replaced |= bit;
    if (is_same_cell(item->cell, cell))
        return true;
    item->cell = cell;
    item->raw = NULL;
    item->raw_length = 0;
    return true;
}

/* Whether a filter dropped a field that the record was read with, by setting it
   absent too, or replaced it and has put it elsewhere. */
static bool is_hidden(const struct cosend_record *record,
                      struct cosend_item *item)
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
           csi_record_cell(record, column, &cell) &&
           (cell.kind == COSEND_ABSENT ||
            !replace_item(item, cell, replacing_bit(schema, column)));
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

/* The next column from item->place up to `end`. Returns COSEND_OK; COSEND_DONE
   where there is none; COSEND_E_MEMORY. */
static int next_column_item(const struct cosend_record *record, bool walks,
                            uint32_t end, struct cosend_item *item)
{
    const struct cosend_schema *schema = record->batch->schema;

    for (uint32_t i = item->place; i < end; i++) {
        const struct csi_schema_column *column = &schema->columns[i];

        if (walks && (column->origin != CSI_DENSE ||
                      item->replaced & replacing_bit(schema, i)))
            continue;
        if (!csi_record_cell(record, i, &item->cell))
            return COSEND_E_MEMORY;
        item->place = i + 1;
        item->name = column->name;
        item->name_length = column->length;
        item->raw = NULL;
        item->raw_length = 0;
        return COSEND_OK;
    }
    item->place = end;
    return COSEND_DONE;
}

bool cosend_next_item(const struct cosend_record *record,
                      struct cosend_item *item, struct cosend_error *error)
{
    const struct cosend_schema *schema = record->batch->schema;
    bool walks = schema->open && !record->batch->complete;
    CSI_UNCLEARED struct cosend_error own;
    int status = COSEND_DONE;

    own.kind = COSEND_OK;
    if (!error)
        error = &own;
    if (walks && item->place <= schema->leading) {
        status = next_column_item(record, walks, schema->leading, item);
        if (status == COSEND_DONE && next_read_item(record, item, error))
            return true;
        if (error->kind)
            return false;
    }
    if (status == COSEND_DONE)
        status = next_column_item(record, walks, schema->count, item);
    if (status < 0)
        csi_no_memory(error);
    return status == COSEND_OK;
}

/* ---- Fields of a record that was copied out of its rows ------------------ */

struct items {
    size_t count, capacity;
    struct cosend_item *items; /* in the arena */
};

static bool walk_items(struct csi_rows *rows, uint32_t row,
                       struct cosend_item *item, struct cosend_error *error)
{
    const struct items *all = rows->own;
    const struct cosend_item *from;

    (void)row;
    (void)error;
    if (!all || item->next >= all->count)
        return false;
    from = &all->items[item->next++];
    item->name = from->name;
    item->name_length = from->name_length;
    item->cell = from->cell;
    item->raw = from->raw;
    item->raw_length = from->raw_length;
    return true;
}

static bool grow_items(struct items *all, struct csi_arena *arena)
{
    size_t capacity = all->capacity ? 2 * all->capacity : 16;
    struct cosend_item *items = csi_arena_get(arena, capacity * sizeof(*items));

    if (!items)
        return false;
    if (all->count)
        memcpy(items, all->items, all->count * sizeof(*items));
    all->items = items;
    all->capacity = capacity;
    return true;
}

bool csi_rows_add_item(struct csi_rows *rows, const struct cosend_item *item)
{
    size_t length = item->name_length;
    char *text = csi_arena_bytes(&rows->arena,
                                 length + item->cell.length + item->raw_length);
    struct items *all = rows->own;
    struct cosend_item *to;

    if (!all) {
        all = csi_arena_get(&rows->arena, sizeof(*all));
        if (!all)
            return false;
        *all = (struct items){0};
        rows->own = all;
        rows->walk = walk_items;
        rows->walk_is_own = true;
    }
    if (!text ||
        (all->count == all->capacity && !grow_items(all, &rows->arena)))
        return false;
    to = &all->items[all->count++];
    *to = *item;
    to->name = text;
    if (length)
        memcpy(text, item->name, length);
    if (item->cell.length)
        memcpy(text + length, item->cell.data, item->cell.length);
    to->cell.data = text + length;
    if (!item->raw)
        return true;
    text += length + item->cell.length;
    memcpy(text, item->raw, item->raw_length);
    to->raw = text;
    return true;
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
 * Line ends of the rows' block before `start`. They are counted on from where
 * the last count ended: who asks for many rows of a block asks in order.
 */
static uint64_t newlines_before(struct csi_rows *rows, size_t start)
{
    const char *data = rows->block->data;
    size_t from = rows->counted > rows->base ? rows->counted : rows->base;
    char end = csi_rows_end_byte(rows);

    if (start >= from)
        rows->newlines += csi_scan_count(data + from, start - from, end);
    else
        rows->newlines -= csi_scan_count(data + start, from - start, end);
    rows->counted = start;
    return rows->newlines;
}

/* The same of a block that has some of its lines alone: the last of these that
   starts there or before. */
static uint64_t kept_before(const struct csi_block *block, size_t start)
{
    size_t low = 0, high = block->kept_count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (block->kept[middle].start <= start)
            low = middle;
        else
            high = middle;
    }
    return block->kept[low].line_ends;
}

uint64_t csi_rows_line(struct csi_rows *rows, uint32_t row)
{
    if (rows->places)
        return rows->places[row].line;
    if (!rows->first_line)
        return 0;
    return rows->first_line + (rows->block->sparse
                                   ? kept_before(rows->block, rows->starts[row])
                                   : newlines_before(rows, rows->starts[row]));
}

bool csi_record_provenance(const struct cosend_record *record,
                           struct csi_provenance *place)
{
    struct csi_rows *rows = record->batch->rows;
    uint32_t row;
    size_t start;

    memset(place, 0, sizeof(*place));
    if (!rows || rows->made)
        return false;
    row = csi_batch_row(record->batch, record->position);
    start = rows->starts[row];
    place->source = rows->places ? rows->places[row].source : rows->source;
    place->offset =
        rows->places ? rows->places[row].offset : rows->offset + start;
    place->line = csi_rows_line(rows, row);
    csi_rows_content(rows, row, &place->raw, &place->raw_length);
    return true;
}

uint64_t cosend_record_ordinal(const struct cosend_record *record)
{
    return csi_batch_ordinal(record->batch, record->position);
}

/* Behind the records from a position on whose places are in one file. */
static uint32_t end_of_source(const struct cosend_batch *batch, uint32_t from)
{
    const struct csi_row_place *places = batch->rows->places;
    const char *source;
    uint32_t end = from + 1;

    if (!places)
        return batch->count;
    source = places[csi_batch_row(batch, from)].source;
    while (end < batch->count &&
           places[csi_batch_row(batch, end)].source == source)
        end++;
    return end;
}

uint32_t cosend_batch_source(const struct cosend_batch *batch,
                             uint32_t position, const char **source,
                             uint64_t *first, uint64_t *last)
{
    struct csi_rows *rows = batch->rows;
    uint32_t row, end = batch->count;

    *source = NULL;
    *first = *last = 0;
    if (!rows || rows->made || position >= end)
        return position < end ? end - position : 0;
    end = end_of_source(batch, position);
    row = csi_batch_row(batch, position);
    if (rows->places) { /* kept, and perhaps sorted: no order of the file */
        *source = rows->places[row].source;
        return end - position;
    }
    *source = rows->source;
    *first = csi_rows_line(rows, row);
    *last = csi_rows_line(rows, csi_batch_row(batch, end - 1));
    return end - position;
}

bool cosend_record_place(const struct cosend_record *record,
                         const char **source, uint64_t *line)
{
    struct csi_provenance place;
    bool read = csi_record_provenance(record, &place) && place.source;

    *source = read ? place.source : NULL;
    *line = place.line;
    return read;
}

uint64_t cosend_record_offset(const struct cosend_record *record)
{
    struct csi_provenance place;

    return csi_record_provenance(record, &place) ? place.offset : 0;
}
