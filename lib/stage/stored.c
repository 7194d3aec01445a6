/* SPDX-License-Identifier: MIT */
#include "stage/stored.h"

#include "base/bytes.h"
#include "base/short.h"
#include "format/json_kind.h"

#include <string.h>

/* Beside a shape's number; beside a cell's kind. */
enum { RESHAPED = 1, ITEMS = 2, SHAPE_SHIFT = 2 };
enum { KIND_MASK = 7, SLICE = 8, PLACE_SHIFT = 4 };

/* ---- Shapes -------------------------------------------------------------- */

static bool same_shape(const struct csi_shape *a, const struct csi_shape *b)
{
    return a->schema == b->schema && a->source == b->source &&
           a->walk == b->walk && a->has_rows == b->has_rows &&
           a->remapped == b->remapped && a->complete == b->complete;
}

bool csi_shapes_get(struct csi_shapes *shapes, const struct csi_shape *shape,
                    size_t *number)
{
    size_t i = shapes->latest;

    if (i >= shapes->count || !same_shape(&shapes->all[i], shape))
        for (i = 0; i < shapes->count; i++)
            if (same_shape(&shapes->all[i], shape))
                break;
    if (i == shapes->count) {
        if (!csi_grow(&shapes->all, &shapes->capacity, i + 1,
                      sizeof(*shapes->all)))
            return false;
        shapes->all[shapes->count++] = *shape;
        csi_schema_ref(shape->schema);
    }
    *number = shapes->latest = i;
    return true;
}

void csi_shapes_free(struct csi_shapes *shapes)
{
    for (size_t i = 0; i < shapes->count; i++)
        csi_schema_unref(shapes->all[i].schema);
    csi_free(shapes->all);
    memset(shapes, 0, sizeof(*shapes));
}

static struct csi_shape shape_of(const struct cosend_batch *batch)
{
    struct csi_rows *rows = batch->rows;
    struct csi_shape shape = {.schema = batch->schema,
                              .complete = batch->complete};

    if (!rows)
        return shape;
    shape.has_rows = true;
    shape.remapped = rows->remapped;
    shape.walk = rows->walk_is_own ? NULL : rows->walk;
    return shape;
}

/* ---- Writing ------------------------------------------------------------- */

/* The distance between two places, small numbers for short ones either way. */
static uint64_t distance(uint64_t to, uint64_t from)
{
    uint64_t forward = to - from;

    return forward << 1 ^ (0 - (forward >> 63));
}

static uint64_t add_distance(uint64_t from, uint64_t distance)
{
    return from + (distance >> 1 ^ (0 - (distance & 1)));
}

static bool put_items(struct cosend_bytes *to, struct csi_rows *rows,
                      uint32_t row)
{
    struct cosend_item item = {0};
    struct cosend_error error = {0};
    struct cosend_bytes items = {0};
    bool ok;

    while (rows->walk(rows, row, &item, &error)) {
        cosend_put_bytes(&items, item.name, item.name_length);
        cosend_put_u8(&items, (uint8_t)item.cell.kind);
        cosend_put_bytes(&items, item.cell.data, item.cell.length);
        cosend_put_u8(&items, item.raw != NULL);
        if (item.raw)
            cosend_put_bytes(&items, item.raw, item.raw_length);
    }
    cosend_put_bytes(to, items.data, items.length);
    ok = !items.failed && !to->failed && !error.kind;
    cosend_bytes_free(&items);
    return ok;
}

/* Where the record was read, and as what. */
static bool put_raw(struct cosend_bytes *to, const struct cosend_batch *batch,
                    uint32_t row, const struct csi_provenance *place,
                    uint64_t ordinal)
{
    const struct csi_rows *rows = batch->rows;
    size_t length = rows->ends[row] - rows->starts[row];
    unsigned char *at = csi_bytes_extend(to, 3 * CSI_VARINT_MAX + length);

    if (!at)
        return false;
    at = csi_write_varint(at, place->line);
    at = csi_write_varint(at, distance(place->offset, ordinal));
    at = csi_write_varint(at, length);
    csi_copy(at, rows->block->data + rows->starts[row], length);
    to->length = (size_t)(at - to->data) + length;
    return true;
}

static bool put_cell(struct cosend_bytes *to, struct cosend_cell cell,
                     const char *raw, size_t raw_length)
{
    uintptr_t place = (uintptr_t)cell.data - (uintptr_t)raw;
    bool slice = raw && cell.length && place <= raw_length &&
                 cell.length <= raw_length - place;
    size_t own = slice ? 0 : cell.length;
    unsigned char *at = csi_bytes_extend(to, 2 * CSI_VARINT_MAX + own);

    if (!at)
        return false;
    at = csi_write_varint(at, (slice ? place << PLACE_SHIFT | SLICE : 0) |
                                  (unsigned)cell.kind);
    at = csi_write_varint(at, cell.length);
    csi_copy(at, cell.data, own);
    to->length = (size_t)(at - to->data) + own;
    return true;
}

static bool put_cells(struct cosend_bytes *to,
                      const struct cosend_record *record, const char *raw,
                      size_t raw_length)
{
    struct cosend_cell cell;

    for (uint32_t i = 0; i < record->batch->schema->count; i++)
        if (!csi_record_cell(record, i, &cell) ||
            !put_cell(to, cell, raw, raw_length))
            return false;
    return true;
}

static bool put_head(struct cosend_bytes *to, const struct csi_shapes *shapes,
                     void *group, uint64_t shape_and_flags, uint64_t ordinal)
{
    unsigned char *at = csi_bytes_extend(to, sizeof(uint32_t) + sizeof(group) +
                                                 2 * CSI_VARINT_MAX);

    if (!at)
        return false;
    at += sizeof(uint32_t);
    if (shapes->grouped) {
        memcpy(at, &group, sizeof(group));
        at += sizeof(group);
    }
    at = csi_write_varint(at, shape_and_flags);
    at = csi_write_varint(at, ordinal);
    to->length = (size_t)(at - to->data);
    return true;
}

static bool put_body(struct cosend_bytes *to,
                     const struct cosend_record *record, uint64_t ordinal,
                     const struct csi_provenance *place, bool items)
{
    const struct cosend_batch *batch = record->batch;
    const char *raw = NULL;
    size_t raw_length = 0;

    if (batch->rows) {
        uint32_t row = csi_batch_row(batch, record->position);

        raw = batch->rows->block->data + batch->rows->starts[row];
        raw_length = batch->rows->ends[row] - batch->rows->starts[row];
        if (!put_raw(to, batch, row, place, ordinal) ||
            (items && !put_items(to, batch->rows, row)))
            return false;
    }
    return put_cells(to, record, raw, raw_length);
}

/* The size goes in front. False where it is beyond all bounds. */
static bool end_record(struct cosend_bytes *to, size_t start)
{
    uint32_t size = (uint32_t)(to->length - start);

    if (to->length - start > UINT32_MAX)
        return false;
    memcpy(to->data + start, &size, sizeof(size));
    return true;
}

bool csi_stored_put(struct csi_shapes *shapes, struct cosend_bytes *to,
                    const struct cosend_record *record, void *group)
{
    const struct cosend_batch *batch = record->batch;
    struct csi_shape shape = shape_of(batch);
    uint64_t ordinal = csi_batch_ordinal(batch, record->position), flags = 0;
    struct csi_provenance place;
    size_t start = to->length, number;

    csi_record_provenance(record, &place);
    shape.source = place.source;
    if (!csi_shapes_get(shapes, &shape, &number))
        return false;
    if (shape.has_rows) {
        uint32_t row = csi_batch_row(batch, record->position);

        flags = (batch->rows->walk_is_own ? ITEMS : 0) |
                (csi_rows_reshaped(batch->rows, row) ? RESHAPED : 0);
    }
    return put_head(to, shapes, group, (uint64_t)number << SHAPE_SHIFT | flags,
                    ordinal) &&
           put_body(to, record, ordinal, &place, flags & ITEMS) &&
           end_record(to, start);
}

/* ---- Reading ------------------------------------------------------------- */

static inline uint64_t next_varint(const unsigned char **at)
{
    const unsigned char *p = *at;
    uint64_t value = *p & 0x7f;

    for (unsigned shift = 7; *p++ & 0x80; shift += 7)
        value |= (uint64_t)(*p & 0x7f) << shift;
    *at = p;
    return value;
}

struct csi_stored csi_stored_get(const struct csi_shapes *shapes,
                                 const unsigned char *stored)
{
    const unsigned char *at =
        stored + sizeof(uint32_t) + (shapes->grouped ? sizeof(void *) : 0);
    uint64_t head = next_varint(&at);
    struct csi_stored parts = {
        .shape = &shapes->all[head >> SHAPE_SHIFT],
        .ordinal = next_varint(&at),
        .end = stored + csi_stored_size(stored),
        .reshaped = head & RESHAPED,
    };

    if (parts.shape->has_rows) {
        parts.line = next_varint(&at);
        parts.offset = add_distance(parts.ordinal, next_varint(&at));
        parts.raw_length = (size_t)next_varint(&at);
        parts.raw = (const char *)at;
        at += parts.raw_length;
    }
    if (head & ITEMS) {
        parts.items_length = (size_t)next_varint(&at);
        parts.items = at;
        at = parts.items + parts.items_length;
    }
    parts.cells = at;
    return parts;
}

struct cosend_cell csi_stored_next_cell(const unsigned char **at,
                                        const char *raw)
{
    uint64_t place = next_varint(at);
    struct cosend_cell cell = {NULL, (uint32_t)next_varint(at),
                               (enum cosend_kind)(place & KIND_MASK)};

    if (place & SLICE) {
        cell.data = raw + (place >> PLACE_SHIFT);
    } else if (cell.kind > COSEND_NULL) {
        cell.data = (const char *)*at;
        *at += cell.length;
    }
    return cell;
}

struct cosend_cell csi_stored_cell(const struct csi_stored *stored,
                                   uint32_t column)
{
    const unsigned char *at = stored->cells;
    struct cosend_cell cell = csi_absent;

    if (column >= stored->shape->schema->count)
        return csi_absent;
    for (uint32_t i = 0; i <= column; i++)
        cell = csi_stored_next_cell(&at, stored->raw);
    return cell;
}

/* The next field that is walked; false behind the last, or where the bytes are
   none. */
static bool next_item(struct cosend_reader_bytes *from,
                      struct cosend_item *item)
{
    size_t name, length, raw = 0;
    uint8_t kind;

    if (from->failed || from->next == from->end)
        return false;
    *item = (struct cosend_item){0};
    item->name = cosend_get_bytes(from, &name);
    kind = cosend_get_u8(from);
    item->cell.data = cosend_get_bytes(from, &length);
    if (cosend_get_u8(from))
        item->raw = cosend_get_bytes(from, &raw);
    from->failed |= kind > COSEND_NESTED || length > UINT32_MAX ||
                    name > UINT32_MAX || raw > UINT32_MAX;
    item->raw_length = (uint32_t)raw;
    item->name_length = (uint32_t)name;
    item->cell.length = (uint32_t)length;
    item->cell.kind = (enum cosend_kind)kind;
    return !from->failed;
}

bool csi_stored_add_items(const struct csi_stored *stored,
                          struct csi_rows *rows)
{
    struct cosend_reader_bytes from =
        cosend_read_bytes(stored->items, stored->items_length);
    struct cosend_item item;

    while (next_item(&from, &item))
        if (!csi_rows_add_item(rows, &item))
            return false;
    return true;
}

/* ---- Bytes from anywhere ------------------------------------------------- */

static int check_cell(struct cosend_reader_bytes *from, const char *raw,
                      size_t raw_length)
{
    uint64_t place = cosend_get_varint(from);
    uint64_t length = cosend_get_varint(from), start = place >> PLACE_SHIFT;
    struct cosend_cell cell = {NULL, (uint32_t)length,
                               (enum cosend_kind)(place & KIND_MASK)};

    if (from->failed || length > UINT32_MAX || cell.kind > COSEND_NESTED ||
        (cell.kind < COSEND_TEXT && length))
        return COSEND_E_TYPE;
    if (place & SLICE) {
        if (start > raw_length || length > raw_length - start)
            return COSEND_E_TYPE;
        cell.data = raw + start;
    } else if (start || length > (size_t)(from->end - from->next)) {
        return COSEND_E_TYPE;
    } else {
        cell.data = (const char *)from->next;
        if (length)
            from->next += length;
    }
    return csi_json_check_kind(&cell);
}

static int check_items(struct cosend_reader_bytes *from)
{
    size_t length;
    const char *bytes = cosend_get_bytes(from, &length);
    struct cosend_reader_bytes items = cosend_read_bytes(bytes, length);
    struct cosend_item item;

    if (from->failed)
        return COSEND_E_TYPE;
    while (next_item(&items, &item))
        ;
    return items.failed ? COSEND_E_TYPE : COSEND_OK;
}

int csi_stored_check(const struct csi_shapes *shapes, const size_t *numbers,
                     size_t count, const void *bytes, size_t length)
{
    struct cosend_reader_bytes from = cosend_read_bytes(bytes, length);
    uint64_t head = cosend_get_varint(&from);
    const struct csi_shape *shape;
    const char *raw = NULL;
    size_t raw_length = 0;
    int status = COSEND_OK;

    if (from.failed || head >> SHAPE_SHIFT >= count)
        return COSEND_E_TYPE;
    shape = &shapes->all[numbers[head >> SHAPE_SHIFT]];
    if ((head & ITEMS && (!shape->has_rows || shape->walk)) ||
        (head & RESHAPED && !shape->has_rows))
        return COSEND_E_TYPE;
    cosend_get_varint(&from); /* its ordinal */
    if (shape->has_rows) {
        cosend_get_varint(&from); /* line */
        cosend_get_varint(&from); /* offset */
        raw = cosend_get_bytes(&from, &raw_length);
    }
    if (from.failed || raw_length > UINT32_MAX - CSI_BLOCK_SLACK)
        return COSEND_E_TYPE;
    if (head & ITEMS)
        status = check_items(&from);
    for (uint32_t i = 0; status == COSEND_OK && i < shape->schema->count; i++)
        status = check_cell(&from, raw, raw_length);
    if (status == COSEND_OK && from.next != from.end)
        return COSEND_E_TYPE;
    return status;
}

bool csi_stored_load(const struct csi_shapes *shapes, const size_t *numbers,
                     const void *bytes, size_t length, struct cosend_bytes *to)
{
    struct cosend_reader_bytes from = cosend_read_bytes(bytes, length);
    uint64_t head = cosend_get_varint(&from);
    size_t rest = (size_t)(from.end - from.next);
    unsigned char *at;

    head = (uint64_t)numbers[head >> SHAPE_SHIFT] << SHAPE_SHIFT |
           (head & (RESHAPED | ITEMS));
    if (!put_head(to, shapes, NULL, head, 0))
        return false;
    to->length--; /* its ordinal is among the bytes */
    at = csi_bytes_extend(to, rest);
    if (!at)
        return false;
    memcpy(at, from.next, rest);
    return end_record(to, 0);
}
