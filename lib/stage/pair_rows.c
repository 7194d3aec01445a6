/* SPDX-License-Identifier: MIT */
#include "stage/pair_rows.h"

#include "format/jsonl_read.h"
#include "stage/open_fields.h"

#include <string.h>

struct csi_pair_rows {
    struct csi_stage *stage;
    struct csi_reader *reader;
    const struct cosend_schema *names; /* its columns */
    struct csi_rows *rows;             /* of the batch in hand */
    size_t fault; /* of rows: the first that is not before ... */
    uint32_t position;
};

struct csi_pair_rows *csi_pair_rows_new(struct csi_stage *stage)
{
    static const struct cosend_format_options options = {0};
    struct csi_pair_rows *pairs = csi_calloc(1, sizeof(*pairs));
    struct cosend_error error = {0};
    bool ok;

    if (!pairs)
        return NULL;
    pairs->stage = stage;
    pairs->names = csi_open_names(stage);
    pairs->reader = csi_jsonl_reader(&options, &error);
    ok = pairs->names && pairs->reader;
    for (uint32_t i = 0; ok && i < pairs->names->count; i++)
        ok = pairs->reader->ops->declare(pairs->reader,
                                         pairs->names->columns[i].name);
    if (ok)
        return pairs;
    csi_pair_rows_free(pairs);
    return NULL;
}

void csi_pair_rows_free(struct csi_pair_rows *pairs)
{
    if (!pairs)
        return;
    csi_rows_unref(pairs->rows);
    if (pairs->reader)
        pairs->reader->ops->free(pairs->reader);
    csi_free(pairs);
}

/* Rows of a batch's records, whose field is all of them; NULL where it is not,
   and without memory. */
static struct csi_rows *rows_of(const struct cosend_batch *batch,
                                const struct cosend_cells *cells)
{
    struct csi_rows *rows = csi_rows_new(batch->rows->block);
    const struct csi_rows *from = batch->rows;
    bool ok = rows != NULL;

    for (uint32_t i = 0; ok && i < batch->count; i++) {
        struct cosend_cell cell = cosend_cell_at(cells, i);
        uint32_t row = csi_batch_row(batch, i);
        const char *data;
        size_t length;

        csi_rows_content(from, row, &data, &length);
        ok = cell.length == length && (!length || cell.data == data) &&
             csi_rows_add(rows, from->starts[row], from->ends[row]);
    }
    if (!ok) {
        csi_rows_unref(rows);
        return NULL;
    }
    csi_rows_place(rows, from);
    return rows;
}

bool csi_pair_rows_read(struct csi_pair_rows *pairs,
                        const struct cosend_batch *batch,
                        struct cosend_field field, bool *repeats)
{
    const struct csi_rows *from = batch->rows;
    struct cosend_cells cells;

    csi_rows_unref(pairs->rows);
    pairs->rows = NULL;
    pairs->fault = 0;
    if (!from || from->places || from->made || batch->ordinals)
        return false;
    cells = cosend_column_of(&pairs->stage->face, field);
    pairs->rows = rows_of(batch, &cells);
    if (!pairs->rows || !csi_jsonl_parse(pairs->reader, pairs->rows)) {
        csi_rows_unref(pairs->rows);
        pairs->rows = NULL;
        return false;
    }
    *repeats = atomic_load_explicit(&pairs->reader->schema->repeats,
                                    memory_order_relaxed);
    return true;
}

bool csi_pair_rows_has(struct csi_pair_rows *pairs, uint32_t position)
{
    const struct csi_rows *rows = pairs->rows;

    while (pairs->fault < rows->fault_count &&
           rows->faults[pairs->fault].row < position)
        pairs->fault++;
    return pairs->fault == rows->fault_count ||
           rows->faults[pairs->fault].row != position;
}

/* The rows, of which these are the batch's. False without memory. */
static bool put_rows(struct csi_pair_rows *pairs, struct cosend_batch *batch,
                     const uint32_t *positions)
{
    uint32_t *selection =
        csi_arena_get(&batch->arena, batch->count * sizeof(*selection));

    if (!selection)
        return false;
    memcpy(selection, positions, batch->count * sizeof(*selection));
    csi_rows_unref(batch->rows);
    batch->rows = csi_rows_ref(pairs->rows);
    batch->first_row = 0;
    batch->selection = selection;
    batch->complete = false;
    for (uint32_t i = 0; i < batch->schema->count; i++)
        batch->columns[i] = (struct cosend_column_cells){NULL, UINT32_MAX, 0};
    return true;
}

struct cosend_batch *csi_pair_rows_batch(struct csi_stage *stage,
                                         const uint32_t *positions,
                                         uint32_t count, void *own)
{
    struct csi_pair_rows *pairs = own;
    struct cosend_batch *batch = csi_batch_derive(
        stage->face.batch, stage->out_schema, stage->out_map, positions, count);

    if (batch && put_rows(pairs, batch, positions) &&
        csi_seen_note(csi_open_seen(stage), stage,
                      (struct cosend_schema *)pairs->names, batch))
        return batch;
    csi_batch_unref(batch);
    return NULL;
}
