/* SPDX-License-Identifier: MIT */
/*
 * Records that a filter holds beyond the next receive.
 *
 * A kept record is a batch of its own, of one record. While the batch it came
 * from is in hand it shares that one's memory, so that keeping and releasing
 * are cheap; when that batch leaves, what is still kept is copied, so that a
 * short record does not hold a whole block.
 *
 * The stage has all of them in two lists, those that lean on the batch in hand
 * and those that stand apart: so what a body forgets to release is let go when
 * it has ended.
 */
#include "stage/kept.h"

#include <string.h>

/* A column of one record: where it is no longer matters. */
static void fix_columns(struct cosend_batch *batch, uint32_t row)
{
    for (uint32_t i = 0; i < batch->schema->count; i++) {
        struct cosend_column_cells *column = &batch->columns[i];

        if (column->cells)
            column->cells += row & column->row_mask;
        column->row_mask = column->position_mask = 0;
    }
}

static void link_kept(struct cosend_batch **list, struct cosend_batch *batch)
{
    batch->kept_next = *list;
    batch->kept_link = list;
    if (*list)
        (*list)->kept_link = &batch->kept_next;
    *list = batch;
}

static void unlink_kept(struct cosend_batch *batch)
{
    if (!batch->kept_link)
        return;
    *batch->kept_link = batch->kept_next;
    if (batch->kept_next)
        batch->kept_next->kept_link = batch->kept_link;
    batch->kept_next = NULL;
    batch->kept_link = NULL;
}

bool cosend_keep(struct cosend_stage *self, const struct cosend_record *record,
                 struct cosend_record *kept)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct cosend_batch *batch = NULL;
    bool ok = true;

    if (!csi_stage_given(stage, record ? record->batch : NULL, "record") ||
        !csi_stage_given(stage, kept, "record to keep it in"))
        return false;
    for (uint32_t i = 0; ok && i < record->batch->schema->count; i++)
        ok = csi_batch_fill(record->batch, i);
    if (ok)
        batch = csi_batch_derive(record->batch, record->batch->schema, NULL,
                                 &record->position, 1);
    for (uint32_t i = 0; batch && ok && i < batch->schema->count; i++)
        ok = csi_batch_fill(batch, i);
    if (!batch || !ok) {
        csi_batch_unref(batch);
        csi_stage_no_memory(stage);
        return false;
    }
    fix_columns(batch, batch->rows ? csi_batch_row(batch, 0) : 0);
    batch->kept = true;
    link_kept(&stage->kept_leaning, batch);
    if (record->batch == self->batch && self->unsettled)
        self->unsettled--;
    else
        stage->counts.created++;
    stage->counts.held++;
    *kept = cosend_batch_record(batch, 0);
    kept->map = record->map;
    return true;
}

void csi_kept_add(struct csi_stage *stage, struct cosend_batch *batch)
{
    batch->kept = true;
    link_kept(&stage->kept_apart, batch);
    stage->counts.created++;
    stage->counts.held++;
}

static bool count_kept(struct csi_stage *stage, struct cosend_batch *batch)
{
    if (!batch->kept || batch->kept_settled)
        return false;
    batch->kept_settled = true;
    stage->counts.held--;
    return true;
}

bool csi_kept_count(struct csi_stage *stage, const struct cosend_record *record)
{
    struct cosend_batch *batch =
        (struct cosend_batch *)(uintptr_t)record->batch;

    if (!batch->handed || batch->handed != record->position + 1)
        return count_kept(stage, batch);
    batch->handed = 0;
    stage->counts.held--;
    return true;
}

void cosend_release(struct cosend_stage *self, struct cosend_record *kept)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct cosend_batch *batch = (struct cosend_batch *)(uintptr_t)kept->batch;

    if (!batch || !batch->kept)
        return;
    if (count_kept(stage, batch))
        self->dropped++;
    unlink_kept(batch);
    csi_batch_unref(batch);
    memset(kept, 0, sizeof(*kept));
}

static void drop_list(struct csi_stage *stage, struct cosend_batch **list)
{
    while (*list) {
        struct cosend_batch *batch = *list;

        stage->kept_forgotten++;
        if (count_kept(stage, batch)) {
            stage->face.dropped++;
            stage->kept_lost++;
        }
        unlink_kept(batch);
        csi_batch_unref(batch);
    }
}

void csi_kept_drop_all(struct csi_stage *stage)
{
    drop_list(stage, &stage->kept_leaning);
    drop_list(stage, &stage->kept_apart);
}

/* ---- Copying ------------------------------------------------------------- */

static bool copy_cells(struct cosend_batch *batch, struct csi_arena *arena)
{
    for (uint32_t i = 0; i < batch->schema->count; i++) {
        const struct cosend_cell *from = batch->columns[i].cells;
        struct cosend_cell *to = csi_arena_get(arena, sizeof(*to));
        char *text = csi_arena_bytes(arena, from->length);

        if (!to || !text)
            return false;
        if (from->length)
            memcpy(text, from->data, from->length);
        *to = *from;
        to->data = from->data ? text : NULL;
        batch->columns[i].cells = to;
    }
    return true;
}

/* What can be walked in a row, and is not to be had from its bytes. */
static bool copy_items(struct csi_rows *from, uint32_t row, struct csi_rows *to)
{
    struct cosend_item item = {0};
    struct cosend_error error = {0};

    while (from->walk(from, row, &item, &error))
        if (!csi_rows_add_item(to, &item))
            return false;
    return !error.kind;
}

static struct csi_rows *copy_row(const struct cosend_batch *batch)
{
    struct csi_rows *from = batch->rows;
    struct cosend_record record = cosend_batch_record(batch, 0);
    uint32_t row = csi_batch_row(batch, 0);
    size_t length = from->ends[row] - from->starts[row];
    struct csi_rows *to =
        csi_rows_of_bytes(from->block->data + from->starts[row], length);
    struct csi_provenance place;

    if (!to)
        return NULL;
    csi_record_provenance(&record, &place);
    to->source = place.source;
    to->ordinal = csi_rows_ordinal(from, row);
    to->offset = place.offset;
    to->first_line = place.line;
    to->remapped = from->remapped;
    to->nul = from->nul;
    to->walk = from->walk_is_own ? NULL : from->walk;
    if ((csi_rows_reshaped(from, row) && !csi_rows_reshape(to, 0)) ||
        (from->walk_is_own && !copy_items(from, row, to))) {
        csi_rows_unref(to);
        return NULL;
    }
    return to;
}

static bool settle_record(struct cosend_batch *batch)
{
    struct csi_arena arena = {0};
    uint64_t *ordinal = csi_arena_get(&arena, sizeof(*ordinal));
    struct csi_rows *rows = batch->rows ? copy_row(batch) : NULL;

    if (!ordinal || (batch->rows && !rows) || !copy_cells(batch, &arena)) {
        csi_rows_unref(rows);
        csi_arena_join(&batch->arena, &arena);
        return false;
    }
    *ordinal = csi_batch_ordinal(batch, 0);
    batch->ordinals = ordinal;
    csi_rows_unref(batch->rows);
    batch->rows = rows;
    batch->first_row = 0;
    batch->selection = NULL;
    csi_batch_unref(batch->parent);
    batch->parent = NULL;
    batch->more = NULL;
    batch->picked = NULL;
    csi_arena_free(&batch->arena);
    batch->arena = arena;
    return true;
}

bool csi_stage_settle_kept(struct csi_stage *stage)
{
    bool ok = true;

    while (stage->kept_leaning) {
        struct cosend_batch *batch = stage->kept_leaning;

        /* One that is referenced elsewhere may be on its way down. */
        if (csi_is_sole(&batch->refs))
            ok = settle_record(batch) && ok;
        unlink_kept(batch);
        link_kept(&stage->kept_apart, batch);
    }
    return ok;
}
