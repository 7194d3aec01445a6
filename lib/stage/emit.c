/* SPDX-License-Identifier: MIT */
/*
 * How a stage emits.
 *
 * A record that is emitted is not sent: it is pending, until as many are as
 * make a batch, or the batch in hand is used up, or news has to go down. All
 * that is pending has one base, `stage->base`:
 *
 *     the batch in hand   pending are positions in it (face.picked), which the
 *                         inline emit appends with no call (face.picking)
 *     a kept record's     a batch of its own, of that one record
 *     NULL                the filter made the records; all cells are the pen's
 *
 * So a batch that leaves is derived from one base, shares its rows and arena,
 * and its records are still "as they were read". A record with another base
 * sends what is pending first; order never changes. The other parts of a
 * pending record stand beside `picked`, by the same index: the cells of added
 * columns (`cells`, a column after another) and the ordinals that made records
 * have from what caused them (`causes`; those of the batch in hand have their
 * own). A batch that picks every record of its base and adds nothing is the
 * base itself.
 *
 * A record that is for one target alone has that in `routes`, as long as any
 * that is pending is such a one; each target is then sent its part of the batch
 * (dispatch.c).
 *
 * What leaves is counted as `out` when it is dispatched, whoever takes it; a
 * stage that may emit no more drops the record, counted too.
 */
#include "stage/emit.h"

#include "cosend/fields.h"
#include "stage/announce.h"
#include "stage/dispatch.h"
#include "stage/kept.h"
#include "stage/open_fields.h"
#include "stage/pen.h"
#include "stage/source.h"

#include <string.h>

/* ---- Batches in the making ----------------------------------------------- */

/* Whether `causes` say where pending records stand among others. */
static bool has_causes(const struct csi_stage *stage)
{
    return !stage->base || stage->base != stage->face.batch || stage->caused;
}

/* Records that a filter made, or held back, are ordered by what caused them. */
static bool set_ordinals(struct csi_stage *stage, struct cosend_batch *batch)
{
    size_t bytes = batch->count * sizeof(*batch->ordinals);
    uint64_t *ordinals = csi_arena_get(&batch->arena, bytes);

    if (!ordinals)
        return false;
    if (bytes)
        memcpy(ordinals, stage->causes, bytes);
    batch->ordinals = ordinals;
    return true;
}

static bool set_added(struct csi_stage *stage, struct cosend_batch *batch)
{
    if (stage->face.batch && !batch->parent)
        batch->parent = csi_batch_ref(stage->face.batch);
    if (!csi_pen_columns(stage, batch))
        return false;
    csi_arena_join(&batch->arena, &stage->text);
    return true;
}

static bool is_whole_base(const struct csi_stage *stage)
{
    const struct cosend_batch *base = stage->base;

    if (!base || base != stage->face.batch || stage->caused ||
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
    if ((has_causes(stage) && !set_ordinals(stage, batch)) ||
        (stage->recipe.added_count && !set_added(stage, batch)) ||
        (stage->remakes && !csi_open_rows(stage, batch))) {
        csi_batch_unref(batch);
        return NULL;
    }
    return batch;
}

/*
 * A record leaves before the input's columns are known: a source's, or one that
 * a filter makes of none, at its end or at a tick. It may do so earlier only
 * where none of the input's columns are its output's.
 */
static int announce_early(struct csi_stage *stage)
{
    if (!csi_stage_is_source(stage) && stage->end == COSEND_NOT_ENDED &&
        !stage->recipe.drop_all)
        return cosend_fail(&stage->face, COSEND_E_USAGE,
                           "it emits a record before the first has come, whose "
                           "columns it does not drop");
    return csi_stage_announce_source(stage);
}

/* Whether emit may take its short way with the batch in hand. */
static void allow_picking(struct csi_stage *stage)
{
    stage->face.picking = stage->face.batch &&
                          stage->base == stage->face.batch && !stage->routed &&
                          !stage->recipe.added_count && !stage->remakes &&
                          !csi_stage_refuses(stage);
}

/* The pending records become those of `base`. */
static void rebase(struct csi_stage *stage, const struct cosend_batch *base)
{
    if (base)
        csi_batch_ref(base);
    csi_batch_unref(stage->base);
    stage->base = base;
    stage->face.picked_count = 0;
    stage->caused = false;
    allow_picking(stage);
}

int csi_stage_send_pending(struct csi_stage *stage)
{
    struct csi_arena fresh = {0};
    struct cosend_batch *batch;
    int status = COSEND_OK;

    if (stage->face.picked_count) {
        if (!stage->out_schema)
            status = announce_early(stage);
        batch = status == COSEND_OK && csi_pen_save(stage, &fresh)
                    ? make_batch(stage)
                    : NULL;
        csi_arena_free(&stage->text);
        stage->text = fresh;
        if (batch)
            status = stage->routed ? csi_stage_dispatch_routed(stage, batch,
                                                               stage->routes)
                                   : csi_stage_dispatch(stage, batch);
        else
            status = status < 0 ? status : csi_stage_no_memory(stage);
        if (!batch)
            stage->face.dropped += stage->face.picked_count;
        csi_batch_unref(batch);
    }
    stage->routed = false;
    rebase(stage, stage->face.batch);
    return status;
}

void csi_stage_start_batch(struct csi_stage *stage)
{
    rebase(stage, stage->face.batch);
}

/* ---- In pieces ----------------------------------------------------------- */

int csi_stage_begin_pieces(struct csi_stage *stage)
{
    int status = csi_stage_send_pending(stage);

    rebase(stage, NULL);
    if (csi_stage_refuses(stage))
        return csi_stage_refusal(stage);
    return status == COSEND_OK && !stage->out_schema ? announce_early(stage)
                                                     : status;
}

bool csi_stage_set_pending(struct csi_stage *stage, uint32_t count)
{
    uint64_t cause = csi_stage_cause(stage);

    if (!csi_grow(&stage->causes, &stage->causes_capacity, count,
                  sizeof(*stage->causes)))
        return false;
    for (uint32_t i = 0; i < count; i++)
        stage->causes[i] = cause;
    stage->face.picked_count = count;
    return true;
}

struct cosend_batch *csi_stage_take_pending(struct csi_stage *stage)
{
    struct cosend_batch *batch = make_batch(stage);

    csi_arena_free(&stage->text);
    stage->face.picked_count = 0;
    return batch;
}

/* ---- Emitting ------------------------------------------------------------ */

/* Where pending record `at` goes; those before it, as long as nobody asked, go
   to all targets. */
static bool set_route(struct csi_stage *stage, uint32_t at)
{
    if (!csi_grow(&stage->routes, &stage->routes_capacity, (size_t)at + 1,
                  sizeof(*stage->routes)))
        return false;
    for (uint32_t i = 0; !stage->routed && i < at; i++)
        stage->routes[i] = CSI_ALL_TARGETS;
    stage->routes[at] = stage->to;
    stage->routed = true;
    stage->face.picking = false;
    return true;
}

/* What was added to a pending record becomes a field of its own, so that a.b is
   found in an `a` that was added as in any other. */
static bool add_fields(struct csi_stage *stage, uint32_t at)
{
    for (size_t i = 0; i < stage->recipe.added_count; i++) {
        const char *name = stage->recipe.added[i];
        char buffer[CSI_UNPRINTED_MAX];
        struct cosend_cell cell = csi_pen_cell(stage, i, at, buffer);

        cosend_set_field(&stage->face, name, strlen(name), cell);
    }
    return stage->end != COSEND_END_FAILED;
}

static bool append_pending(struct csi_stage *stage, uint32_t position)
{
    struct cosend_stage *face = &stage->face;
    uint32_t at = face->picked_count;

    /* With room for what the inline functions may append after it. */
    if (!csi_grow(&face->picked, &stage->picked_capacity,
                  (size_t)at + 1 + face->count, sizeof(*face->picked)) ||
        !csi_pen_write(stage, at))
        return false;
    if ((stage->adds_fields && !add_fields(stage, at)) ||
        (stage->remakes && !csi_open_write(stage, stage->base, position, at)))
        return false;
    if ((stage->routed || stage->to != CSI_ALL_TARGETS) &&
        !set_route(stage, at))
        return false;
    if (has_causes(stage)) {
        if (!csi_grow(&stage->causes, &stage->causes_capacity, (size_t)at + 1,
                      sizeof(*stage->causes)))
            return false;
        stage->causes[at] = csi_stage_cause(stage);
    }
    face->picked[face->picked_count++] = position;
    return true;
}

static int emit_record(struct csi_stage *stage, const struct cosend_batch *base,
                       uint32_t position)
{
    int status;

    if (stage->base != base) {
        csi_stage_send_pending(stage);
        rebase(stage, base);
    }
    if (csi_stage_refuses(stage)) {
        stage->face.dropped++;
        return csi_stage_refusal(stage);
    }
    if (!append_pending(stage, position)) {
        stage->face.dropped++;
        return csi_stage_no_memory(stage);
    }
    if (stage->face.picked_count < stage->shared->batch_size)
        return COSEND_OK;
    status = csi_stage_send_pending(stage);
    if (status == COSEND_OK && csi_stage_is_source(stage) && !stage->driven &&
        !csi_source_pause(stage))
        status = COSEND_DONE;
    return status;
}

/* Whether a record of the batch in hand is one that was not emitted yet: others
   of the batch may not be settled either. */
static bool settles(struct csi_stage *stage, const struct cosend_record *record)
{
    bool again = stage->sent == record->position + 1;

    stage->sent = record->position + 1;
    return !again && stage->face.unsettled;
}

int cosend_emit_more(struct cosend_stage *self, struct cosend_record *record)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (csi_stage_refuses(stage))
        return csi_stage_refusal(stage);
    if (!csi_stage_received(stage, record ? record->batch : NULL))
        return COSEND_E_USAGE;
    if (record->batch == self->batch && settles(stage, record))
        self->unsettled--;
    else if (!csi_kept_count(stage, record))
        stage->counts.created++;
    return emit_record(stage, record->batch, record->position);
}

int cosend_pick_more(struct cosend_stage *self, uint32_t position)
{
    struct cosend_record record = {.batch = self->batch, .position = position};

    if (!self->batch || position >= self->batch->count)
        return cosend_fail(self, COSEND_E_USAGE,
                           "it picks a record that its batch does not have");
    csi_stage_of(self)->at = position + 1;
    return cosend_emit_more(self, &record);
}

/* Those that were picked before have their own ordinals; all that are from then
   on take the long way. */
static bool begin_causes(struct csi_stage *stage)
{
    const struct cosend_stage *face = &stage->face;

    if (!csi_grow(&stage->causes, &stage->causes_capacity,
                  (size_t)face->picked_count + 1, sizeof(*stage->causes)))
        return false;
    for (uint32_t i = 0; i < face->picked_count; i++)
        stage->causes[i] = csi_batch_ordinal(stage->base, face->picked[i]);
    stage->caused = true;
    stage->face.picking = false;
    return true;
}

int csi_stage_pick_caused(struct csi_stage *stage, uint32_t position)
{
    struct cosend_record record = {.batch = stage->face.batch,
                                   .position = position};

    if (stage->base != record.batch)
        csi_stage_send_pending(stage);
    if (!stage->caused && !begin_causes(stage))
        return csi_stage_no_memory(stage);
    return cosend_emit_more(&stage->face, &record);
}

/* The target becomes that of what is emitted next. */
static bool aim(struct csi_stage *stage, uint32_t target)
{
    if (target >= stage->target_count) {
        cosend_fail(&stage->face, COSEND_E_USAGE,
                    "it emits to target %u of %u, counted from 0",
                    (unsigned)target, (unsigned)stage->target_count);
        return false;
    }
    stage->to = target;
    return true;
}

int cosend_emit_to(struct cosend_stage *self, uint32_t target,
                   struct cosend_record *record)
{
    struct csi_stage *stage = csi_stage_of(self);
    int status;

    if (!aim(stage, target))
        return COSEND_E_USAGE;
    status = cosend_emit_more(self, record);
    stage->to = CSI_ALL_TARGETS;
    return status;
}

int cosend_pick_to(struct cosend_stage *self, uint32_t target,
                   uint32_t position)
{
    struct csi_stage *stage = csi_stage_of(self);
    int status;

    if (!aim(stage, target))
        return COSEND_E_USAGE;
    status = cosend_pick_more(self, position);
    stage->to = CSI_ALL_TARGETS;
    return status;
}

int cosend_emit_new(struct cosend_stage *self)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (csi_stage_refuses(stage))
        return csi_stage_refusal(stage);
    if (stage->feeds)
        return cosend_fail(self, COSEND_E_USAGE,
                           "it makes a record beside those of its feed");
    stage->counts.created++;
    if (csi_stage_is_source(stage))
        stage->cause = stage->shared->position++;
    return emit_record(stage, NULL, 0);
}
