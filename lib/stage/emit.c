/* SPDX-License-Identifier: MIT */
/* How a stage emits: pending records, and the batches made of them. */
#include "stage/stage.h"

#include "cosend/number.h"
#include "read/workers.h"

#include <string.h>

static int refuse(const struct csi_stage *stage)
{
    return stage->end == COSEND_END_FAILED || stage->end == COSEND_END_ABORTED
               ? csi_run_error(stage->run)
               : COSEND_DONE;
}

static bool is_source(const struct csi_stage *stage)
{
    return stage->node->filter->role == COSEND_SOURCE;
}

/* Close is no reason to refuse, but for a source, which is told so to stop: an
   averager emits its last record then. */
static bool refuses(const struct csi_stage *stage)
{
    return (stage->end == COSEND_END_CLOSED && is_source(stage)) ||
           stage->end == COSEND_END_DONE || stage->end == COSEND_END_ABORTED ||
           stage->end == COSEND_END_FAILED;
}

static int no_memory(struct csi_stage *stage)
{
    return cosend_fail(&stage->face, COSEND_E_MEMORY, "out of memory");
}

/* ---- Added columns ------------------------------------------------------- */

static bool pen_ready(struct csi_stage *stage)
{
    size_t count = stage->recipe.added_count;

    if (stage->pen_used)
        return true;
    if (!stage->pen) {
        stage->pen = csi_calloc(count, sizeof(*stage->pen));
        if (!stage->pen) {
            no_memory(stage);
            return false;
        }
    }
    stage->pen_used = true;
    return true;
}

void cosend_set_slice(struct cosend_stage *self, struct cosend_column column,
                      struct cosend_cell cell)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (column.index < stage->recipe.added_count && pen_ready(stage))
        stage->pen[column.index] = cell;
}

void cosend_set(struct cosend_stage *self, struct cosend_column column,
                struct cosend_cell cell)
{
    struct csi_stage *stage = csi_stage_of(self);
    char *copy;

    if (cell.length) {
        copy = csi_arena_bytes(&stage->text, cell.length);
        if (!copy) {
            no_memory(stage);
            return;
        }
        memcpy(copy, cell.data, cell.length);
        cell.data = copy;
    }
    cosend_set_slice(self, column, cell);
}

static void set_digits(struct cosend_stage *self, struct cosend_column column,
                       const char *digits, size_t length)
{
    struct cosend_cell cell = cosend_text(digits, length);

    cell.kind = COSEND_NUMBER;
    cosend_set(self, column, cell);
}

void cosend_set_number(struct cosend_stage *self, struct cosend_column column,
                       double value)
{
    char digits[COSEND_NUMBER_MAX];

    set_digits(self, column, digits, cosend_format_double(value, digits));
}

void cosend_set_integer(struct cosend_stage *self, struct cosend_column column,
                        int64_t value)
{
    char digits[COSEND_NUMBER_MAX];

    set_digits(self, column, digits, cosend_format_integer(value, digits));
}

/* The pen's cells become those of the next pending record. */
static bool write_pen(struct csi_stage *stage, uint32_t at)
{
    size_t added = stage->recipe.added_count, room = stage->cells_capacity;

    if (!added)
        return true;
    if (at >= room) {
        size_t wanted = room ? room * 2 : 64;
        struct cosend_cell *old = stage->cells;
        struct cosend_cell *cells = csi_calloc(added * wanted, sizeof(*cells));

        if (!cells)
            return false;
        for (size_t i = 0; i < added && at; i++)
            memcpy(cells + i * wanted, old + i * room, at * sizeof(*cells));
        csi_free(old);
        stage->cells = cells;
        stage->cells_capacity = room = wanted;
    }
    for (size_t i = 0; i < added; i++)
        stage->cells[i * room + at] =
            stage->pen_used ? stage->pen[i] : csi_absent;
    if (stage->pen_used)
        memset(stage->pen, 0, added * sizeof(*stage->pen));
    stage->pen_used = false;
    return true;
}

/* ---- Sending ------------------------------------------------------------- */

/* How many records of the batch come before `ordinal`. */
static uint32_t count_before(const struct cosend_batch *batch, uint64_t ordinal)
{
    uint32_t i = 0;

    while (i < batch->count && csi_batch_ordinal(batch, i) < ordinal)
        i++;
    return i;
}

/* The records from position `from` up to `to`. NULL without memory. */
static struct cosend_batch *slice(const struct cosend_batch *batch,
                                  uint32_t from, uint32_t to)
{
    uint32_t count = to - from;
    uint32_t *positions;
    struct cosend_batch *cut;

    if (count == batch->count)
        return csi_batch_ref(batch);
    positions = csi_malloc(((size_t)count + 1) * sizeof(*positions));
    if (!positions)
        return NULL;
    for (uint32_t i = 0; i < count; i++)
        positions[i] = from + i;
    cut = csi_batch_derive(batch, batch->schema, NULL, positions, count);
    csi_free(positions);
    return cut;
}

struct cosend_batch *csi_batch_before_error(const struct csi_stage *stage,
                                            const struct cosend_batch *batch)
{
    return slice(batch, 0,
                 count_before(batch, csi_run_error_ordinal(stage->run)));
}

static int release_join(struct csi_stage *stage)
{
    int status;

    if (!stage->join_crosses || !stage->run->chunk)
        return csi_join_release(stage->join, stage);
    status = csi_chunk_capture(stage->run->chunk, NULL, stage, NULL);
    return status < 0 ? no_memory(stage) : status;
}

static int send_to_all(struct csi_stage *stage,
                       const struct cosend_batch *batch)
{
    const struct cosend_batch *rest = csi_batch_ref(batch);
    uint32_t alive = 0;
    int status = COSEND_OK;

    for (uint32_t i = 0; i < stage->target_count; i++) {
        struct csi_edge *edge = &stage->targets[i];
        int answer;

        if (edge->done)
            continue;
        answer =
            rest && rest->count ? csi_edge_send(stage, edge, rest) : COSEND_OK;
        if (answer < 0) {
            status = answer;
            csi_batch_unref(rest);
            rest = csi_batch_before_error(stage, batch);
        }
        alive += !edge->done;
    }
    csi_batch_unref(rest);
    if (stage->join) {
        int answer = release_join(stage);

        if (answer < 0)
            status = answer;
    }
    if (status < 0)
        csi_stage_stop(stage, COSEND_END_ABORTED);
    else if (!alive && stage->target_count)
        csi_stage_stop(stage, COSEND_END_DONE);
    return refuses(stage) ? refuse(stage) : COSEND_OK;
}

/* Up to where ordinals rise from `from` on. */
static uint32_t rising(const struct cosend_batch *batch, uint32_t from)
{
    uint32_t to = from + 1;

    if (!batch->ordinals && !batch->selection)
        return batch->count;
    while (to < batch->count &&
           csi_batch_ordinal(batch, to - 1) < csi_batch_ordinal(batch, to))
        to++;
    return to;
}

/* A join tells records apart by ordinal, so those that have the same (copies,
   all that was made at the end) go to it one after the other. */
int csi_stage_dispatch(struct csi_stage *stage,
                       const struct cosend_batch *batch)
{
    int status = COSEND_OK;

    stage->out += batch->count;
    if (!stage->join)
        return send_to_all(stage, batch);
    for (uint32_t at = 0; status == COSEND_OK && at < batch->count;) {
        uint32_t to = rising(batch, at);
        struct cosend_batch *part = slice(batch, at, to);

        status = part ? send_to_all(stage, part) : no_memory(stage);
        csi_batch_unref(part);
        at = to;
    }
    return status;
}

/* Records that a filter made, or held back, are ordered by what caused them. */
static bool set_ordinals(struct csi_stage *stage, struct cosend_batch *batch)
{
    size_t bytes = batch->count * sizeof(*batch->ordinals);
    uint64_t *ordinals = csi_arena_get(&batch->arena, bytes);

    if (!ordinals)
        return false;
    memcpy(ordinals, stage->causes, bytes);
    batch->ordinals = ordinals;
    return true;
}

static bool set_added(struct csi_stage *stage, struct cosend_batch *batch)
{
    if (stage->face.batch && !batch->parent)
        batch->parent = csi_batch_ref(stage->face.batch);
    for (size_t i = 0; i < stage->recipe.added_count; i++) {
        struct cosend_cell *cells =
            csi_arena_get(&batch->arena, batch->count * sizeof(*cells));

        if (!cells)
            return false;
        memcpy(cells, stage->cells + i * stage->cells_capacity,
               batch->count * sizeof(*cells));
        batch->columns[stage->added_column[i]] =
            (struct cosend_column_cells){cells, 0, UINT32_MAX};
    }
    csi_arena_join(&batch->arena, &stage->text);
    return true;
}

/* The text arena is about to leave with a batch: the pen's cells stay. */
static bool save_pen(struct csi_stage *stage, struct csi_arena *fresh)
{
    if (!stage->pen_used)
        return true;
    for (size_t i = 0; i < stage->recipe.added_count; i++) {
        struct cosend_cell *cell = &stage->pen[i];
        char *copy;

        if (!cell->length)
            continue;
        copy = csi_arena_bytes(fresh, cell->length);
        if (!copy)
            return false;
        memcpy(copy, cell->data, cell->length);
        cell->data = copy;
    }
    return true;
}

static bool is_whole_base(const struct csi_stage *stage)
{
    const struct cosend_batch *base = stage->base;

    if (!base || base != stage->face.batch ||
        stage->out_schema != base->schema ||
        stage->face.picked_count != base->count)
        return false;
    for (uint32_t i = 0; i < base->count; i++)
        if (stage->face.picked[i] != i)
            return false;
    return true;
}

static struct cosend_batch *make_batch(struct csi_stage *stage)
{
    struct cosend_stage *face = &stage->face;
    struct cosend_batch *batch;

    if (is_whole_base(stage))
        return csi_batch_ref(stage->base);
    if (stage->base)
        batch = csi_batch_derive(stage->base, stage->out_schema, stage->out_map,
                                 face->picked, face->picked_count);
    else
        batch = csi_batch_new(stage->out_schema);
    if (!batch)
        return NULL;
    batch->count = face->picked_count;
    if (((!stage->base || stage->base != face->batch) &&
         !set_ordinals(stage, batch)) ||
        (stage->recipe.added_count && !set_added(stage, batch))) {
        csi_batch_unref(batch);
        return NULL;
    }
    return batch;
}

/* The pending records become those of `base`. */
static void rebase(struct csi_stage *stage, const struct cosend_batch *base)
{
    if (base)
        csi_batch_ref(base);
    csi_batch_unref(stage->base);
    stage->base = base;
    stage->face.picked_count = 0;
    csi_stage_allow_picking(stage);
}

int csi_stage_send_pending(struct csi_stage *stage)
{
    struct csi_arena fresh = {0};
    struct cosend_batch *batch;
    int status = COSEND_OK;

    if (stage->face.picked_count) {
        if (!stage->out_schema)
            status = csi_stage_announce_source(stage);
        batch = status == COSEND_OK && save_pen(stage, &fresh)
                    ? make_batch(stage)
                    : NULL;
        csi_arena_free(&stage->text);
        stage->text = fresh;
        if (batch)
            status = csi_stage_dispatch(stage, batch);
        else
            status = status < 0 ? status : no_memory(stage);
        csi_batch_unref(batch);
    }
    rebase(stage, stage->face.batch);
    return status;
}

void csi_stage_allow_picking(struct csi_stage *stage)
{
    stage->face.picking = stage->face.batch &&
                          stage->base == stage->face.batch &&
                          !stage->recipe.added_count && !refuses(stage);
}

void csi_stage_start_batch(struct csi_stage *stage)
{
    rebase(stage, stage->face.batch);
}

/* ---- Emitting ------------------------------------------------------------ */

uint64_t csi_stage_cause(const struct csi_stage *stage)
{
    const struct cosend_stage *face = &stage->face;
    uint32_t behind = stage->at ? stage->at : face->next;

    if (!face->batch || !behind)
        return stage->cause;
    return csi_batch_ordinal(face->batch, behind - 1);
}

static bool append(struct csi_stage *stage, uint32_t position)
{
    struct cosend_stage *face = &stage->face;
    uint32_t at = face->picked_count;

    /* With room for what the inline functions may append after it. */
    if (!csi_grow(&face->picked, &stage->picked_capacity,
                  (size_t)at + 1 + face->count, sizeof(*face->picked)) ||
        !write_pen(stage, at))
        return false;
    if (!stage->base || stage->base != face->batch) {
        if (!csi_grow(&stage->causes, &stage->causes_capacity, (size_t)at + 1,
                      sizeof(*stage->causes)))
            return false;
        stage->causes[at] = csi_stage_cause(stage);
    }
    face->picked[face->picked_count++] = position;
    return true;
}

static int emit(struct csi_stage *stage, const struct cosend_batch *base,
                uint32_t position)
{
    int status;

    if (stage->base != base) {
        csi_stage_send_pending(stage);
        rebase(stage, base);
    }
    if (refuses(stage)) {
        stage->face.dropped++;
        return refuse(stage);
    }
    if (!append(stage, position)) {
        stage->face.dropped++;
        return no_memory(stage);
    }
    if (stage->face.picked_count < stage->run->batch_size)
        return COSEND_OK;
    status = csi_stage_send_pending(stage);
    if (status == COSEND_OK && is_source(stage) &&
        stage->node->filter != &csi_push_source && !csi_stage_pause(stage))
        status = COSEND_DONE;
    return status;
}

int cosend_emit_more(struct cosend_stage *self, struct cosend_record *record)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (refuses(stage))
        return refuse(stage);
    if (record->batch == self->batch && self->unsettled)
        self->unsettled--;
    else if (!csi_kept_count(stage, record->batch))
        stage->created++;
    return emit(stage, record->batch, record->position);
}

int cosend_pick_more(struct cosend_stage *self, uint32_t position)
{
    struct cosend_record record = cosend_record_at(self, position);

    return cosend_emit_more(self, &record);
}

struct cosend_record cosend_record_at(struct cosend_stage *self,
                                      uint32_t position)
{
    struct cosend_record record = cosend_batch_record(self->batch, position);

    record.map = self->map;
    csi_stage_of(self)->at = position + 1;
    return record;
}

int cosend_emit_new(struct cosend_stage *self)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (refuses(stage))
        return refuse(stage);
    stage->created++;
    if (is_source(stage))
        stage->cause = stage->run->position++;
    return emit(stage, NULL, 0);
}

int cosend_emit_batch(struct cosend_stage *self,
                      const struct cosend_batch *batch)
{
    struct csi_stage *stage = csi_stage_of(self);
    const struct cosend_batch *out = batch;
    int status = csi_stage_send_pending(stage);

    if (status != COSEND_OK || refuses(stage))
        return status != COSEND_OK ? status : refuse(stage);
    if (batch == self->batch)
        self->unsettled -= batch->count;
    else
        stage->created += batch->count;
    if (!stage->out_schema)
        csi_stage_announce_targets(stage, batch->schema);
    if (batch == self->batch && stage->out_schema != batch->schema)
        out = csi_batch_derive(batch, stage->out_schema, stage->out_map, NULL,
                               batch->count);
    else
        csi_batch_ref(out);
    if (!out)
        return no_memory(stage);
    status = csi_stage_dispatch(stage, out);
    csi_batch_unref(out);
    return status;
}
