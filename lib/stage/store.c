/* SPDX-License-Identifier: MIT */
/*
 * A store of records.
 *
 * Records are put behind each other as bytes (stored.h), in chunks. Where that
 * is their order and nothing else is asked, this is all: the last n of a stream
 * are a queue. Else an array of entries points to them, 16 bytes each, which is
 * sorted when they are walked, and before that whenever
 *
 *   - twice as many are there as were left the last time, and some are not to
 *     be kept: the others move to chunks of their own (csi_store_prune), which
 *     takes constant time a record in the long run; or
 *   - they take more memory than they may: then they become a sorted run in a
 *     file (store_runs.h), and a walk merges all runs.
 *
 * What is to be kept of a run is not known before all runs are merged: each
 * keeps what it would if it were the whole, and the walk looks again. A record
 * put in counts as held; it is dropped, for the ledger, when it is pruned, or
 * when the walk comes by and nobody emits it.
 */
#include "stage/store.h"

#include "record/sort_key.h"

#include <string.h>

enum { PRUNE_AT = 1024, BATCH_RECORDS = 4096 };

/* ---- From making to freeing ---------------------------------------------- */

static void free_store(void *argument)
{
    struct cosend_store *store = argument;

    csi_store_settle(store);
    csi_store_count_dropped(store, store->live);
    csi_store_merge_free(&store->merge);
    csi_store_runs_free(&store->runs);
    csi_stored_batch_drop(&store->made);
    csi_batch_unref(store->batch);
    csi_store_chunks_free(&store->chunks);
    csi_free(store->entries);
    cosend_bytes_free(&store->scratch);
    cosend_bytes_free(&store->previous);
    csi_shapes_free(&store->shapes);
}

static bool make_groups(struct cosend_store *store)
{
    store->groups = cosend_groups_new(&store->stage->face, store->options.by,
                                      sizeof(struct csi_store_group), NULL);
    store->shapes.grouped = true;
    return store->groups != NULL;
}

static void *copy_for_stage(struct cosend_store *store, const void *data,
                            size_t size)
{
    void *copy = cosend_stage_memory(&store->stage->face, size);

    if (copy)
        memcpy(copy, data, size);
    return copy;
}

/* By what records are ordered: as long as the store lives, whatever becomes of
   the options. False, with the step failed, without memory. */
static bool set_order(struct cosend_store *store)
{
    const struct cosend_store_options *options = &store->options;
    struct csi_order *order = &store->order;
    size_t count = options->key.count;

    order->shapes = &store->shapes;
    if (!count)
        return true;
    order->count = options->key.count;
    order->columns = store->stage->map + options->key.first;
    if (options->descending)
        order->descending = copy_for_stage(
            store, options->descending, count * sizeof(*options->descending));
    if (options->collations)
        order->collations = copy_for_stage(store, options->collations, count);
    return !options->descending == !order->descending &&
           !options->collations == !order->collations;
}

struct cosend_store *
cosend_store_new(struct cosend_stage *self,
                 const struct cosend_store_options *options)
{
    struct cosend_store *store;
    struct csi_stage *stage = csi_stage_of(self);
    struct cosend_error error = {0};

    if (!csi_stage_given(stage, options, "options of a store"))
        return NULL;
    if (CSI_CHECK_RESERVED(options, "struct cosend_store_options", &error) !=
        COSEND_OK) {
        csi_stage_fail(stage, &error);
        return NULL;
    }
    if (options->unique && (options->last || options->by.count)) {
        cosend_fail(self, COSEND_E_USAGE,
                    "a store whose keys are unique keeps the first of each, "
                    "neither the last nor some by group");
        return NULL;
    }
    if (options->ties &&
        (options->last || options->unique || options->memory)) {
        cosend_fail(self, COSEND_E_USAGE,
                    "a store that keeps ties keeps the first ones, in memory");
        return NULL;
    }
    if (!csi_stage_has_fields(stage, options->key) ||
        !csi_stage_has_fields(stage, options->by))
        return NULL;
    store = cosend_stage_memory(self, sizeof(*store));
    if (!store)
        return NULL;
    store->stage = stage;
    stage->stores = true;
    store->options = *options;
    if (!set_order(store) || (options->by.count && !make_groups(store)))
        return NULL;
    if (!cosend_stage_defer(self, free_store, store))
        return NULL;
    store->indexed = options->key.count || options->by.count ||
                     options->memory || options->unique;
    store->made.shapes = &store->shapes;
    store->made.most = stage->shared->batch_size < BATCH_RECORDS
                           ? stage->shared->batch_size
                           : BATCH_RECORDS;
    return store;
}

void csi_store_count_dropped(struct cosend_store *store, uint64_t count)
{
    store->live -= count;
    store->stage->counts.held -= count;
    store->stage->face.dropped += count;
}

void csi_store_settle(struct cosend_store *store)
{
    struct csi_stage *stage = store->stage;

    if (!store->batch || !store->batch->handed)
        return;
    store->batch->handed = 0;
    stage->counts.held--;
    stage->face.dropped++;
}

struct csi_store_place csi_store_place(const struct cosend_store *store)
{
    return (struct csi_store_place){store->stage->shared->io,
                                    store->options.directory,
                                    (size_t)(store->options.memory / 2)};
}

/* ---- What is to be kept -------------------------------------------------- */

static bool is_same_as(const struct cosend_store *store, size_t a, size_t b)
{
    return csi_order_same_key(&store->order, &store->entries[a],
                              &store->entries[b]);
}

/* Of those in order mark the others, by a NULL. Without groups. */
static void mark_whole(struct cosend_store *store)
{
    size_t count = store->count, most = count, kept = 0;
    const struct cosend_store_options *options = &store->options;
    size_t first;

    if (options->keep && options->keep < count)
        most = (size_t)options->keep;
    first = options->last ? count - most : 0;
    for (size_t i = 0, previous = count; i < count; i++) {
        bool twin =
            options->unique && previous < i && is_same_as(store, previous, i);

        bool tied = options->ties && kept == most && kept &&
                    is_same_as(store, previous, i);

        if (i < first || (kept == most && !tied) || twin) {
            store->entries[i].stored = NULL;
            continue;
        }
        previous = i;
        kept += !tied;
    }
}

/* Whether one has the key of the last one of its group that is kept. */
static bool is_tied(const struct cosend_store *store,
                    const struct csi_store_group *group, uint64_t keep,
                    size_t i)
{
    return store->options.ties && keep && is_same_as(store, group->latest, i);
}

static void mark_by_group(struct cosend_store *store)
{
    struct csi_entry *entries = store->entries;
    size_t count = store->count;
    uint64_t keep =
        store->options.keep ? store->options.keep : (uint64_t)UINT64_MAX;

    for (size_t i = 0; i < count; i++) {
        struct csi_store_group *group = csi_stored_group(entries[i].stored);

        group->passed = 0;
    }
    for (size_t i = 0; i < count; i++) {
        struct csi_entry *entry =
            &entries[store->options.last ? count - 1 - i : i];
        struct csi_store_group *group = csi_stored_group(entry->stored);

        if (group->passed < keep || is_tied(store, group, keep, i)) {
            group->passed++;
            group->latest = i;
            continue;
        }
        group->live--;
        entry->stored = NULL;
    }
}

/* Those that are left move together. False without memory, with all lost. */
static bool compact(struct cosend_store *store)
{
    struct csi_store_chunks fresh = {0};
    struct csi_entry *entries = store->entries;
    size_t left = 0;
    bool ok = true;

    for (size_t i = 0; ok && i < store->count; i++) {
        const unsigned char *stored = entries[i].stored;

        if (!stored)
            continue;
        entries[left] = entries[i];
        entries[left].stored =
            csi_store_chunks_add(&fresh, stored, csi_stored_size(stored));
        ok = entries[left++].stored != NULL;
    }
    csi_store_chunks_free(&store->chunks);
    store->chunks = fresh;
    if (!ok)
        left = 0;
    csi_store_count_dropped(store, store->count - left);
    store->count = left;
    return ok;
}

static bool keeps_some(const struct cosend_store *store)
{
    return store->options.keep || store->options.unique;
}

/* What comes behind the last of as many as are kept need not be put in. */
static void set_limit(struct cosend_store *store)
{
    const struct cosend_store_options *options = &store->options;

    store->full = options->key.count && options->keep && !options->last &&
                  !options->by.count && store->count >= options->keep;
    if (store->full)
        store->limit = store->entries[store->count - 1].prefix;
}

bool csi_store_prune(struct cosend_store *store)
{
    bool some = false;

    if (!csi_order_sort(&store->order, store->entries, store->count))
        return false;
    if (keeps_some(store)) {
        if (store->groups)
            mark_by_group(store);
        else
            mark_whole(store);
        for (size_t i = 0; !some && i < store->count; i++)
            some = !store->entries[i].stored;
        if (some && !compact(store))
            return false;
        set_limit(store);
    }
    store->pruned = store->count;
    return true;
}

/* ---- Memory -------------------------------------------------------------- */

/* Sorting takes as many entries again as there are. */
static bool is_over_budget(const struct cosend_store *store)
{
    size_t used = store->chunks.bytes +
                  (store->capacity + store->count) * sizeof(struct csi_entry);

    return store->options.memory && used > store->options.memory;
}

int csi_store_spill(struct cosend_store *store)
{
    struct csi_store_place place = csi_store_place(store);
    struct cosend_error error = {0};
    int status;

    if (!csi_store_prune(store))
        return csi_stage_no_memory(store->stage);
    status = csi_store_runs_add(&store->runs, &place, &store->order,
                                store->entries, store->count, &error);
    if (status != COSEND_OK)
        return csi_stage_fail(store->stage, &error);
    csi_store_chunks_free(&store->chunks);
    store->count = store->pruned = 0;
    return COSEND_OK;
}

static uint64_t prefix_of(const struct cosend_store *store,
                          const struct cosend_record *record)
{
    if (!store->options.key.count)
        return 0;
    return csi_order_prefix(
        &store->order, cosend_field(record, cosend_nth(store->options.key, 0)));
}

static bool add_entry(struct cosend_store *store, const unsigned char *stored,
                      uint64_t prefix)
{
    /* By halves, since a budget counts all of it. */
    size_t capacity = store->capacity + store->capacity / 2 + 64;

    if (store->count == store->capacity) {
        struct csi_entry *entries =
            csi_realloc(store->entries, capacity * sizeof(*entries));

        if (!entries)
            return false;
        store->entries = entries;
        store->capacity = capacity;
    }
    store->entries[store->count] = (struct csi_entry){prefix, stored};
    return true;
}

bool csi_store_mix(struct cosend_store *store)
{
    struct csi_store_chunks_walk walk = csi_store_chunks_walk(&store->chunks);
    const unsigned char *stored;

    store->order.mixed = true;
    if (store->indexed)
        return true;
    store->count = 0;
    for (; (stored = csi_store_chunks_next(&walk)); store->count++)
        if (!add_entry(store, stored, 0))
            return false;
    store->indexed = true;
    return true;
}

bool csi_store_index(struct cosend_store *store, size_t i,
                     const struct cosend_record *record)
{
    struct csi_store_group *group;
    unsigned char *stored =
        (unsigned char *)(uintptr_t)store->entries[i].stored;

    store->entries[i].prefix = prefix_of(store, record);
    if (!store->groups)
        return true;
    group = cosend_group_of(store->groups, record);
    if (!group)
        return false;
    group->live++;
    csi_stored_set_group(stored, group);
    return true;
}

/* ---- Putting ------------------------------------------------------------- */

bool csi_store_append(struct cosend_store *store, const void *stored,
                      size_t length, struct csi_store_group *group,
                      uint64_t prefix)
{
    const unsigned char *own =
        csi_store_chunks_add(&store->chunks, stored, length);

    if (!own || (store->indexed && !add_entry(store, own, prefix)))
        return false;
    store->count++;
    store->live++;
    if (group)
        group->live++;
    return true;
}

/* It goes over to the store, or a copy does. */
static void count_put(struct csi_stage *stage,
                      const struct cosend_record *record)
{
    if (record->batch == stage->face.batch && stage->face.unsettled)
        stage->face.unsettled--;
    else
        stage->counts.created++;
    stage->counts.held++;
}

void csi_store_bound_queue(struct cosend_store *store)
{
    if (!store->options.last || !store->options.keep ||
        store->count <= store->options.keep)
        return;
    csi_store_chunks_drop_first(&store->chunks);
    store->count--;
    csi_store_count_dropped(store, 1);
}

int csi_store_keep_house(struct cosend_store *store)
{
    if (!store->indexed) {
        csi_store_bound_queue(store);
        return COSEND_OK;
    }
    if (keeps_some(store) && store->count >= 2 * store->pruned + PRUNE_AT &&
        !csi_store_prune(store))
        return csi_stage_no_memory(store->stage);
    return is_over_budget(store) ? csi_store_spill(store) : COSEND_OK;
}

/* Whether a record would be the last of all, behind as many as are kept. */
static bool is_beyond(const struct cosend_store *store, uint64_t prefix)
{
    const struct cosend_store_options *options = &store->options;

    if (!store->indexed)
        return options->keep && !options->last && store->count == options->keep;
    return store->full && csi_sort_prefix_order(prefix, store->limit) > 0;
}

int cosend_store_put(struct cosend_store *store,
                     const struct cosend_record *record)
{
    struct csi_store_group *group = NULL;
    uint64_t prefix;

    if (!store ||
        !csi_stage_received(store->stage, record ? record->batch : NULL))
        return COSEND_E_USAGE;
    if (!store->stage->schema)
        return cosend_fail(&store->stage->face, COSEND_E_USAGE,
                           "a record was put in a store before any was "
                           "received");
    if (store->walking)
        return cosend_fail(&store->stage->face, COSEND_E_USAGE,
                           "a record was put in a store that is being walked");
    prefix = prefix_of(store, record);
    if (is_beyond(store, prefix))
        return COSEND_DONE;
    if (store->groups) {
        group = cosend_group_of(store->groups, record);
        if (!group)
            return COSEND_E_MEMORY;
    }
    cosend_bytes_clear(&store->scratch);
    if (!csi_stored_put(&store->shapes, &store->scratch, record, group) ||
        !csi_store_append(store, store->scratch.data, store->scratch.length,
                          group, prefix))
        return csi_stage_no_memory(store->stage);
    count_put(store->stage, record);
    return csi_store_keep_house(store);
}
