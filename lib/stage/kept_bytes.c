/* SPDX-License-Identifier: MIT */
/* Kept records as bytes, for filters whose state they are. */
#include "format/format.h"
#include "format/json_kind.h"
#include "stage/kept.h"

#include <string.h>

enum {
    HAS_ROWS = 1,
    REMAPPED = 2,
    WALKS = 4,
    COMPLETE = 8,
    RESHAPED = 16,
    ITEMS = 32,
    ALL = 63
};

static uint8_t flags_of(const struct cosend_batch *batch)
{
    const struct csi_rows *rows = batch->rows;
    int flags = batch->complete ? COMPLETE : 0;

    if (rows)
        flags |=
            HAS_ROWS | (rows->remapped ? REMAPPED : 0) |
            (rows->walk_is_own ? ITEMS
             : rows->walk      ? WALKS
                               : 0) |
            (csi_rows_reshaped(rows, csi_batch_row(batch, 0)) ? RESHAPED : 0);
    return (uint8_t)flags;
}

/* The fields that can be walked, and are not to be had from the bytes. */
static void put_items(struct cosend_bytes *to, struct csi_rows *rows,
                      uint32_t row)
{
    struct cosend_item item = {0};
    struct cosend_error error = {0};

    while (rows->walk(rows, row, &item, &error)) {
        cosend_put_u8(to, 1);
        cosend_put_bytes(to, item.name, item.name_length);
        cosend_put_u8(to, (uint8_t)item.cell.kind);
        cosend_put_bytes(to, item.cell.data, item.cell.length);
        cosend_put_u8(to, item.raw != NULL);
        if (item.raw)
            cosend_put_bytes(to, item.raw, item.raw_length);
    }
    cosend_put_u8(to, 0);
    to->failed |= error.kind != COSEND_OK;
}

static bool get_items(struct csi_rows *rows, struct cosend_reader_bytes *from)
{
    while (cosend_get_u8(from) == 1 && !from->failed) {
        struct cosend_item item = {0};
        size_t name, length, raw = 0;
        uint8_t kind;

        item.name = cosend_get_bytes(from, &name);
        kind = cosend_get_u8(from);
        item.cell.data = cosend_get_bytes(from, &length);
        if (cosend_get_u8(from))
            item.raw = cosend_get_bytes(from, &raw);
        from->failed |= kind > COSEND_NESTED || length > UINT32_MAX ||
                        name > UINT32_MAX || raw > UINT32_MAX;
        item.raw_length = (uint32_t)raw;
        if (from->failed)
            return true;
        item.name_length = (uint32_t)name;
        item.cell.length = (uint32_t)length;
        item.cell.kind = (enum cosend_kind)kind;
        if (!csi_rows_add_item(rows, &item))
            return false;
    }
    return true;
}

void cosend_put_record(struct cosend_bytes *to,
                       const struct cosend_record *kept)
{
    const struct cosend_batch *batch = kept->batch;
    struct csi_rows *rows = batch->rows;
    struct csi_provenance place;
    uint32_t row;

    cosend_put_u8(to, flags_of(batch));
    cosend_put_u64(to, csi_batch_ordinal(batch, 0));
    if (rows) {
        row = csi_batch_row(batch, 0);
        if (!csi_record_provenance(kept, &place))
            place.source = "";
        cosend_put_bytes(to, place.source, strlen(place.source));
        cosend_put_varint(to, place.line);
        cosend_put_varint(to, place.offset);
        cosend_put_bytes(to, rows->block->data + rows->starts[row],
                         rows->ends[row] - rows->starts[row]);
        if (rows->walk_is_own)
            put_items(to, rows, row);
    }
    cosend_put_varint(to, batch->schema->count);
    for (uint32_t i = 0; i < batch->schema->count; i++) {
        struct cosend_cell cell;

        to->failed |= !csi_record_cell(kept, i, &cell);
        if (to->failed)
            return;
        cosend_put_u8(to, (uint8_t)cell.kind);
        cosend_put_bytes(to, cell.data, cell.length);
    }
}

/* Whether records of that schema can have these. */
static bool fits_schema(const struct cosend_schema *schema, unsigned flags)
{
    bool cells = csi_format_is_of_cells(schema->format);

    if (flags & ~(unsigned)ALL)
        return false;
    if (!(flags & HAS_ROWS))
        return !(flags & ~(unsigned)COMPLETE);
    cells |= !(flags & ~(unsigned)(HAS_ROWS | ITEMS)) && schema->open;
    return (cells || !(flags & (RESHAPED | ITEMS | REMAPPED))) &&
           (!(flags & WALKS) || csi_format_walk(schema->format));
}

static bool get_rows(struct csi_shared *shared, struct cosend_batch *batch,
                     uint8_t flags, struct cosend_reader_bytes *from)
{
    size_t source_length, length;
    const char *source = cosend_get_bytes(from, &source_length);
    uint64_t line = cosend_get_varint(from), offset = cosend_get_varint(from);
    const char *raw = cosend_get_bytes(from, &length);

    if (from->failed)
        return true;
    batch->rows = csi_rows_of_bytes(raw, length);
    if (!batch->rows)
        return false;
    batch->rows->source = csi_shared_name(shared, source, source_length);
    if (!batch->rows->source)
        return false;
    batch->rows->first_line = line;
    batch->rows->offset = offset;
    batch->rows->made = !source_length;
    batch->rows->remapped = flags & REMAPPED;
    batch->rows->nul = batch->schema->nul;
    batch->rows->walk =
        flags & WALKS ? csi_format_walk(batch->schema->format) : NULL;
    if (flags & ITEMS && !get_items(batch->rows, from))
        return false;
    return !(flags & RESHAPED) || csi_rows_reshape(batch->rows, 0);
}

static bool get_cell(struct cosend_batch *batch, uint32_t column,
                     struct cosend_reader_bytes *from)
{
    struct cosend_cell *cell = csi_arena_get(&batch->arena, sizeof(*cell));
    uint8_t kind = cosend_get_u8(from);
    size_t length;
    const char *data = cosend_get_bytes(from, &length);
    char *copy;
    int status;

    if (from->failed || kind > COSEND_NESTED || length > UINT32_MAX) {
        from->failed = true;
        return true;
    }
    copy = csi_arena_bytes(&batch->arena, length);
    if (!cell || !copy)
        return false;
    if (length)
        memcpy(copy, data, length);
    *cell =
        (struct cosend_cell){copy, (uint32_t)length, (enum cosend_kind)kind};
    batch->columns[column] = (struct cosend_column_cells){cell, 0, 0};
    status = csi_json_check_kind(cell);
    from->failed |= status == COSEND_E_TYPE;
    return status != COSEND_E_MEMORY;
}

static bool get_batch(struct csi_shared *shared, struct cosend_batch *batch,
                      struct cosend_reader_bytes *from)
{
    uint8_t flags = cosend_get_u8(from);
    uint64_t *ordinal = csi_arena_get(&batch->arena, sizeof(*ordinal));

    if (!ordinal)
        return false;
    *ordinal = cosend_get_u64(from);
    batch->count = 1;
    batch->ordinals = ordinal;
    batch->complete = flags & COMPLETE;
    from->failed |= !fits_schema(batch->schema, flags);
    if (from->failed)
        return true;
    if (flags & HAS_ROWS && !get_rows(shared, batch, flags, from))
        return false;
    from->failed |= cosend_get_varint(from) != batch->schema->count;
    for (uint32_t i = 0; i < batch->schema->count && !from->failed; i++)
        if (!get_cell(batch, i, from))
            return false;
    return true;
}

int cosend_get_record(struct cosend_stage *self,
                      struct cosend_reader_bytes *from,
                      struct cosend_record *kept)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct cosend_batch *batch;
    bool ok;

    if (!stage->schema)
        return COSEND_E_TYPE;
    batch = csi_batch_new(stage->schema);
    ok = batch && get_batch(stage->shared, batch, from);
    if (!ok || from->failed) {
        csi_batch_unref(batch);
        return ok ? COSEND_E_TYPE : COSEND_E_MEMORY;
    }
    csi_kept_add(stage, batch);
    *kept = cosend_batch_record(batch, 0);
    kept->map = stage->map;
    return COSEND_OK;
}
