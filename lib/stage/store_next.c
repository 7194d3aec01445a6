/* SPDX-License-Identifier: MIT */
/* Taking records out of a store: see store.c. */
#include "base/bytes.h"
#include "stage/store.h"

enum { BATCH_BYTES = 1 << 18 };

/* ---- One stored record after the other ----------------------------------- */

static void fail(struct cosend_store *store, int status,
                 const struct cosend_error *error)
{
    store->failed = true;
    if (status == COSEND_E_MEMORY || !error)
        csi_stage_no_memory(store->stage);
    else
        csi_stage_fail(store->stage, error);
}

static void start_merge(struct cosend_store *store)
{
    struct csi_store_place place = csi_store_place(store);
    struct cosend_error error = {0};
    int status = COSEND_OK;

    if (store->count && csi_store_spill(store) != COSEND_OK) {
        store->failed = true;
        return;
    }
    csi_free(store->entries);
    store->entries = NULL;
    store->capacity = 0;
    status = csi_store_merge_start(&store->merge, &store->runs, 0, &place,
                                   &store->order, &error);
    if (status != COSEND_OK)
        fail(store, status, &error);
}

static void start_walk(struct cosend_store *store)
{
    size_t bytes = BATCH_BYTES;
    struct cosend_group group = {0};

    store->walking = true;
    store->failed = store->judged = false;
    store->next = 0;
    store->passed = 0;
    cosend_bytes_clear(&store->previous);
    if (store->runs.count)
        start_merge(store);
    else if (store->indexed && !csi_store_prune(store))
        fail(store, COSEND_E_MEMORY, NULL);
    while (store->groups && cosend_groups_next(store->groups, &group))
        ((struct csi_store_group *)group.value)->passed = 0;
    store->total = store->live;
    if (!store->runs.count && store->chunks.bytes < bytes)
        bytes = store->chunks.bytes;
    store->made.bytes = bytes;
}

/* Whether it has the key of the one before, which it then becomes. */
static bool is_twin(struct cosend_store *store, const struct csi_entry *entry)
{
    struct csi_entry before = {store->previous_prefix, store->previous.data};
    uint32_t size = csi_stored_size(entry->stored);
    unsigned char *copy;

    if (store->previous.length &&
        csi_order_same_key(&store->order, &before, entry))
        return true;
    cosend_bytes_clear(&store->previous);
    copy = csi_bytes_extend(&store->previous, size);
    if (copy)
        memcpy(copy, entry->stored, size);
    else
        fail(store, COSEND_E_MEMORY, NULL);
    store->previous_prefix = entry->prefix;
    return false;
}

/* Whether one of all runs' records is to be kept. */
static bool is_kept(struct cosend_store *store, const struct csi_entry *entry)
{
    const struct cosend_store_options *options = &store->options;
    struct csi_store_group *group =
        store->groups ? csi_stored_group(entry->stored) : NULL;
    uint64_t passed, all = group ? group->live : store->total;

    if (options->unique && is_twin(store, entry))
        return false;
    passed = group ? group->passed++ : store->passed++;
    if (!options->keep)
        return true;
    return options->last ? all - passed <= options->keep
                         : passed < options->keep;
}

static const unsigned char *next_of_runs(struct cosend_store *store)
{
    const struct csi_entry *entry;
    struct cosend_error error = {0};

    while (!store->failed && (entry = csi_store_merge_at(&store->merge))) {
        int status;

        /* One that did not fit in a batch is there again. */
        store->judged = store->judged || is_kept(store, entry);
        if (store->judged)
            return store->failed ? NULL : entry->stored;
        csi_store_count_dropped(store, 1);
        status = csi_store_merge_pass(&store->merge, &error);
        if (status != COSEND_OK)
            fail(store, status, &error);
    }
    return NULL;
}

static const unsigned char *next_stored(struct cosend_store *store)
{
    if (store->failed)
        return NULL;
    if (store->runs.count)
        return next_of_runs(store);
    if (store->indexed)
        return store->next < store->count ? store->entries[store->next].stored
                                          : NULL;
    return csi_store_chunks_first(&store->chunks);
}

static void pass_stored(struct cosend_store *store)
{
    struct cosend_error error = {0};
    int status = COSEND_OK;

    store->judged = false;
    if (store->runs.count)
        status = csi_store_merge_pass(&store->merge, &error);
    else if (store->indexed)
        store->next++;
    else
        csi_store_chunks_drop_first(&store->chunks);
    if (status != COSEND_OK)
        fail(store, status, &error);
}

/* ---- Batches of them ----------------------------------------------------- */

/* The store is empty, and as new but for its groups and shapes. */
static void end_walk(struct cosend_store *store)
{
    struct cosend_group group = {0};

    while (store->groups && cosend_groups_next(store->groups, &group))
        ((struct csi_store_group *)group.value)->live = 0;
    csi_store_merge_free(&store->merge);
    csi_store_runs_free(&store->runs);
    csi_store_chunks_free(&store->chunks);
    store->count = store->pruned = 0;
    store->full = store->walking = false;
}

/* The fields that the filter's options declare can be asked for. */
static bool fill_declared(const struct cosend_store *store)
{
    const struct csi_stage *stage = store->stage;

    for (uint32_t i = 0; i < stage->slots; i++)
        if (!csi_batch_fill(store->batch, stage->map[i]))
            return false;
    return true;
}

static bool next_batch(struct cosend_store *store)
{
    const unsigned char *stored;
    int status = COSEND_OK;

    csi_batch_unref(store->batch);
    store->batch = NULL;
    store->at = 0;
    while (status == COSEND_OK && (stored = next_stored(store))) {
        status = csi_stored_batch_add(&store->made, stored);
        if (status == COSEND_OK)
            pass_stored(store);
    }
    if (status >= 0 && !store->failed && !store->made.batch)
        return false;
    if (status >= 0 && !store->failed) {
        store->batch = csi_stored_batch_take(&store->made);
        if (store->batch && fill_declared(store))
            return true;
        status = COSEND_E_MEMORY;
    }
    csi_stored_batch_drop(&store->made);
    if (status < 0)
        fail(store, status, NULL);
    return false;
}

/* Whether nothing that is stored may come out any more. */
static bool is_void(const struct cosend_store *store)
{
    return store->broken || store->stage->end == COSEND_END_FAILED ||
           store->stage->end == COSEND_END_ABORTED;
}

bool cosend_store_next(struct cosend_store *store, struct cosend_record *record)
{
    if (!store)
        return false;
    csi_store_settle(store);
    if (is_void(store))
        return false;
    if (!store->walking)
        start_walk(store);
    if ((!store->batch || store->at == store->batch->count) &&
        !next_batch(store)) {
        csi_store_count_dropped(store, store->live);
        end_walk(store);
        return false;
    }
    *record = cosend_batch_record(store->batch, store->at++);
    record->map = store->stage->map;
    store->batch->handed = store->at;
    store->live--;
    return true;
}

int cosend_store_emit(struct cosend_store *store)
{
    struct cosend_record record;
    int status = store ? COSEND_OK : COSEND_E_USAGE;

    while (status == COSEND_OK && cosend_store_next(store, &record))
        status = cosend_emit(&store->stage->face, &record);
    return status;
}
