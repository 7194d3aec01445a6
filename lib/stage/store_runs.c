/* SPDX-License-Identifier: MIT */
#include "stage/store_runs.h"

#include "base/heap.h"

enum { FAN = 16, HEAD = sizeof(uint64_t) + sizeof(uint32_t) };
enum { LEAST_STEP = 4096, MOST_STEP = 1 << 18 };

/* ---- A walk -------------------------------------------------------------- */

/* Read the next entry of a source. */
static int read_entry(struct csi_store_source *source,
                      struct cosend_error *error)
{
    const unsigned char *data;
    uint32_t size;
    int status = csi_spill_peek(&source->reader, HEAD, &data, error);

    source->entry.stored = NULL;
    if (status != COSEND_OK || !data)
        return status;
    size = csi_stored_size(data + sizeof(uint64_t));
    status =
        csi_spill_peek(&source->reader, sizeof(uint64_t) + size, &data, error);
    if (status != COSEND_OK)
        return status;
    memcpy(&source->entry.prefix, data, sizeof(uint64_t));
    source->entry.stored = data + sizeof(uint64_t);
    return COSEND_OK;
}

static bool comes_before(const void *own, const void *a, const void *b)
{
    const struct csi_store_merge *merge = own;
    size_t one = *(const size_t *)a, other = *(const size_t *)b;
    int way = csi_order_compare(merge->order, &merge->sources[one].entry,
                                &merge->sources[other].entry);

    return way ? way < 0 : one < other;
}

static void sift_down(struct csi_store_merge *merge, size_t i)
{
    csi_heap_sink(merge->heap, sizeof(*merge->heap), merge->count, i,
                  comes_before, merge);
}

int csi_store_merge_start(struct csi_store_merge *merge,
                          const struct csi_store_runs *runs, size_t first,
                          const struct csi_store_place *place,
                          const struct csi_order *order,
                          struct cosend_error *error)
{
    size_t count = runs->count - first, step;

    *merge = (struct csi_store_merge){.order = order};
    merge->sources = csi_calloc(count + 1, sizeof(*merge->sources));
    merge->heap = csi_calloc(count + 1, sizeof(*merge->heap));
    if (!merge->sources || !merge->heap)
        return csi_no_memory(error);
    merge->source_count = count;
    step = place->buffers / (count + 1);
    step = step < LEAST_STEP ? LEAST_STEP : step > MOST_STEP ? MOST_STEP : step;
    for (size_t i = 0; i < count; i++) {
        struct csi_store_source *source = &merge->sources[i];
        int status;

        source->reader.spill = runs->all[first + i].spill;
        source->reader.step = step;
        status = read_entry(source, error);
        if (status != COSEND_OK)
            return status;
        if (source->entry.stored)
            merge->heap[merge->count++] = i;
    }
    for (size_t i = merge->count / 2; i-- > 0;)
        sift_down(merge, i);
    return COSEND_OK;
}

int csi_store_merge_pass(struct csi_store_merge *merge,
                         struct cosend_error *error)
{
    struct csi_store_source *source = &merge->sources[merge->heap[0]];
    int status;

    csi_spill_take(&source->reader,
                   sizeof(uint64_t) + csi_stored_size(source->entry.stored));
    status = read_entry(source, error);
    if (status != COSEND_OK)
        return status;
    if (!source->entry.stored)
        merge->heap[0] = merge->heap[--merge->count];
    if (merge->count)
        sift_down(merge, 0);
    return COSEND_OK;
}

void csi_store_merge_free(struct csi_store_merge *merge)
{
    for (size_t i = 0; i < merge->source_count; i++)
        csi_spill_reader_free(&merge->sources[i].reader);
    csi_free(merge->sources);
    csi_free(merge->heap);
    *merge = (struct csi_store_merge){0};
}

/* ---- Runs ---------------------------------------------------------------- */

static int write_entry(struct csi_spill *spill, const struct csi_entry *entry,
                       struct cosend_error *error)
{
    int status =
        csi_spill_write(spill, &entry->prefix, sizeof(entry->prefix), error);

    return status == COSEND_OK
               ? csi_spill_write(spill, entry->stored,
                                 csi_stored_size(entry->stored), error)
               : status;
}

static void free_from(struct csi_store_runs *runs, size_t first)
{
    while (runs->count > first)
        csi_spill_free(runs->all[--runs->count].spill);
}

/* The runs from the first on become one. */
static int merge_runs(struct csi_store_runs *runs, size_t first,
                      const struct csi_store_place *place,
                      const struct csi_order *order, struct cosend_error *error)
{
    struct csi_store_run made = {
        csi_spill_new(place->io, place->directory, error),
        runs->all[first].level + 1};
    struct csi_store_merge merge = {0};
    const struct csi_entry *entry;
    int status = made.spill ? csi_store_merge_start(&merge, runs, first, place,
                                                    order, error)
                            : error->kind;

    while (status == COSEND_OK && (entry = csi_store_merge_at(&merge))) {
        status = write_entry(made.spill, entry, error);
        if (status == COSEND_OK)
            status = csi_store_merge_pass(&merge, error);
    }
    if (status == COSEND_OK)
        status = csi_spill_end(made.spill, error);
    csi_store_merge_free(&merge);
    if (status != COSEND_OK) {
        csi_spill_free(made.spill);
        return status;
    }
    free_from(runs, first);
    runs->all[runs->count++] = made;
    return COSEND_OK;
}

/* How many of the youngest runs are of one level. */
static size_t count_alike(const struct csi_store_runs *runs)
{
    size_t i = runs->count;

    while (i && runs->all[i - 1].level == runs->all[runs->count - 1].level)
        i--;
    return runs->count - i;
}

int csi_store_runs_add(struct csi_store_runs *runs,
                       const struct csi_store_place *place,
                       const struct csi_order *order,
                       const struct csi_entry *entries, size_t count,
                       struct cosend_error *error)
{
    struct csi_spill *spill;
    int status = COSEND_OK;

    if (!csi_grow(&runs->all, &runs->capacity, runs->count + 1,
                  sizeof(*runs->all)))
        return csi_no_memory(error);
    spill = csi_spill_new(place->io, place->directory, error);
    if (!spill)
        return error->kind;
    for (size_t i = 0; i < count && status == COSEND_OK; i++)
        status = write_entry(spill, &entries[i], error);
    if (status == COSEND_OK)
        status = csi_spill_end(spill, error);
    if (status != COSEND_OK) {
        csi_spill_free(spill);
        return status;
    }
    runs->all[runs->count++] = (struct csi_store_run){spill, 0};
    while (status == COSEND_OK && count_alike(runs) >= FAN)
        status = merge_runs(runs, runs->count - FAN, place, order, error);
    return status;
}

void csi_store_runs_free(struct csi_store_runs *runs)
{
    free_from(runs, 0);
    csi_free(runs->all);
    *runs = (struct csi_store_runs){0};
}
