/* SPDX-License-Identifier: MIT */
/*
 * A store as bytes: a version, the shapes, then each record as stored.h has it
 * from its shape on, in the order in which they were put, or in that of the
 * store. The columns are the schema's that the stage receives.
 */
#include "base/bytes.h"
#include "format/format.h"
#include "stage/store.h"

enum { VERSION = 1 };
enum { HAS_ROWS = 1, REMAPPED = 2, WALKS = 4, COMPLETE = 8, ALL = 15 };

/* ---- Saving -------------------------------------------------------------- */

static void put_shape(struct cosend_bytes *to, const struct csi_shape *shape)
{
    int flags = (shape->has_rows ? HAS_ROWS : 0) |
                (shape->remapped ? REMAPPED : 0) | (shape->walk ? WALKS : 0) |
                (shape->complete ? COMPLETE : 0);

    cosend_put_u8(to, (uint8_t)flags);
    cosend_put_varint(to, shape->schema->count);
    if (shape->has_rows)
        cosend_put_bytes(to, shape->source, strlen(shape->source));
}

static void put_stored(struct cosend_bytes *to,
                       const struct cosend_store *store,
                       const unsigned char *stored)
{
    size_t length;
    const unsigned char *body =
        csi_stored_body(&store->shapes, stored, &length);

    cosend_put_bytes(to, body, length);
}

static void put_memory(struct cosend_bytes *to,
                       const struct cosend_store *store)
{
    struct csi_store_chunks_walk walk = csi_store_chunks_walk(&store->chunks);
    const unsigned char *stored;

    for (size_t i = 0; store->indexed && i < store->count; i++)
        put_stored(to, store, store->entries[i].stored);
    while (!store->indexed && (stored = csi_store_chunks_next(&walk)))
        put_stored(to, store, stored);
}

static int put_runs(struct cosend_bytes *to, const struct cosend_store *store)
{
    struct csi_store_place place = csi_store_place(store);
    struct csi_store_merge merge;
    const struct csi_entry *entry;
    struct cosend_error error = {0};
    int status = csi_store_merge_start(&merge, &store->runs, 0, &place,
                                       &store->order, &error);

    while (status == COSEND_OK && (entry = csi_store_merge_at(&merge))) {
        put_stored(to, store, entry->stored);
        status = csi_store_merge_pass(&merge, &error);
    }
    csi_store_merge_free(&merge);
    return status;
}

int cosend_store_save(const struct cosend_store *store, struct cosend_bytes *to)
{
    int status = COSEND_OK;

    if (store->walking)
        return COSEND_E_USAGE;
    cosend_put_u8(to, VERSION);
    cosend_put_varint(to, store->shapes.count);
    for (size_t i = 0; i < store->shapes.count; i++)
        put_shape(to, &store->shapes.all[i]);
    cosend_put_varint(to, store->live);
    if (store->runs.count)
        status = put_runs(to, store);
    put_memory(to, store);
    return status == COSEND_OK && to->failed ? COSEND_E_MEMORY : status;
}

/* ---- Merging ------------------------------------------------------------- */

/* Whether records of that schema can have such a shape. */
static bool fits_schema(const struct cosend_schema *schema, unsigned flags)
{
    if (flags & ~(unsigned)ALL)
        return false;
    if (!(flags & HAS_ROWS))
        return !(flags & ~(unsigned)COMPLETE);
    return (csi_format_is_of_cells(schema->format) || !(flags & REMAPPED)) &&
           (!(flags & WALKS) || csi_format_walk(schema->format));
}

/* The next saved shape becomes one of the store's: its number there. */
static int get_shape(struct cosend_store *store,
                     struct cosend_reader_bytes *from, size_t *number)
{
    struct csi_stage *stage = store->stage;
    unsigned flags = cosend_get_u8(from);
    uint64_t columns = cosend_get_varint(from);
    struct csi_shape shape = {.schema = stage->schema};
    const char *source = NULL;
    size_t length = 0;

    if (flags & HAS_ROWS)
        source = cosend_get_bytes(from, &length);
    if (from->failed || columns != stage->schema->count ||
        !fits_schema(stage->schema, flags))
        return COSEND_E_TYPE;
    shape.has_rows = flags & HAS_ROWS;
    shape.remapped = flags & REMAPPED;
    shape.complete = flags & COMPLETE;
    shape.walk = flags & WALKS ? csi_format_walk(stage->schema->format) : NULL;
    if (source) {
        shape.source = csi_shared_name(stage->shared, source, length);
        if (!shape.source)
            return COSEND_E_MEMORY;
    }
    return csi_shapes_get(&store->shapes, &shape, number) ? COSEND_OK
                                                          : COSEND_E_MEMORY;
}

static int get_stored(struct cosend_store *store,
                      struct cosend_reader_bytes *from, const size_t *numbers,
                      size_t shapes)
{
    struct cosend_bytes *to = &store->scratch;
    size_t length;
    const char *bytes = cosend_get_bytes(from, &length);
    int status;

    if (from->failed)
        return COSEND_E_TYPE;
    status = csi_stored_check(&store->shapes, numbers, shapes, bytes, length);
    if (status != COSEND_OK)
        return status;
    cosend_bytes_clear(to);
    if (!csi_stored_load(&store->shapes, numbers, bytes, length, to) ||
        !csi_store_append(store, to->data, to->length, NULL, 0))
        return COSEND_E_MEMORY;
    store->stage->counts.created++;
    store->stage->counts.held++;
    if (!store->indexed)
        csi_store_bound_queue(store);
    return COSEND_OK;
}

/* Records that were merged get what depends on their cells. */
static int index_batch(struct cosend_store *store, size_t first,
                       const struct cosend_batch *batch)
{
    const struct csi_stage *stage = store->stage;

    for (uint32_t i = 0; i < stage->slots; i++)
        if (!csi_batch_fill(batch, stage->map[i]))
            return COSEND_E_MEMORY;
    for (uint32_t i = 0; i < batch->count; i++) {
        struct cosend_record record = cosend_batch_record(batch, i);

        record.map = stage->map;
        if (!csi_store_index(store, first + i, &record))
            return COSEND_E_MEMORY;
    }
    return COSEND_OK;
}

static int index_from(struct cosend_store *store, size_t first)
{
    struct csi_stored_batch made = {
        .shapes = &store->shapes, .most = store->made.most, .bytes = 1 << 16};
    int status = COSEND_OK;

    for (size_t i = first; status == COSEND_OK && first < store->count;) {
        struct cosend_batch *batch;

        while (status == COSEND_OK && i < store->count) {
            status = csi_stored_batch_add(&made, store->entries[i].stored);
            i += status == COSEND_OK;
        }
        if (status < 0)
            break;
        batch = csi_stored_batch_take(&made);
        status = batch ? index_batch(store, first, batch) : COSEND_E_MEMORY;
        csi_batch_unref(batch);
        first = i;
    }
    csi_stored_batch_drop(&made);
    return status;
}

/* A queue that is empty stays one. */
static int get_records(struct cosend_store *store,
                       struct cosend_reader_bytes *from, const size_t *numbers,
                       size_t shapes)
{
    const struct cosend_store_options *options = &store->options;
    uint64_t count = cosend_get_varint(from);
    bool queue = !store->live && (!options->keep || options->last);
    size_t first;
    int status = COSEND_OK;

    if (count && !queue && !csi_store_mix(store))
        return COSEND_E_MEMORY;
    first = store->count;
    for (; count && status == COSEND_OK; count--)
        status = get_stored(store, from, numbers, shapes);
    if (from->failed)
        return COSEND_E_TYPE;
    if (status == COSEND_OK && store->indexed)
        status = index_from(store, first);
    return status == COSEND_OK ? csi_store_keep_house(store) : status;
}

int cosend_store_merge(struct cosend_store *store,
                       struct cosend_reader_bytes *from)
{
    uint64_t count;
    size_t *numbers;
    int status = COSEND_OK;

    if (store->walking)
        return COSEND_E_USAGE;
    if (cosend_get_u8(from) != VERSION)
        return COSEND_E_TYPE;
    count = cosend_get_varint(from);
    if (from->failed || count > (size_t)(from->end - from->next))
        return COSEND_E_TYPE;
    /* Before the first record no columns are known, here and there. */
    if (!store->stage->schema)
        return count || cosend_get_varint(from) ? COSEND_E_TYPE : COSEND_OK;
    numbers = csi_calloc((size_t)count + 1, sizeof(*numbers));
    if (!numbers)
        return COSEND_E_MEMORY;
    for (size_t i = 0; status == COSEND_OK && i < count; i++)
        status = get_shape(store, from, &numbers[i]);
    if (status == COSEND_OK)
        status = get_records(store, from, numbers, (size_t)count);
    store->broken = status != COSEND_OK;
    csi_free(numbers);
    return status;
}
