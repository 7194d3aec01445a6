/* SPDX-License-Identifier: MIT */
/*
 * The batch in hand, and what comes instead of one.
 *
 * A body that calls receive gets the records of the batch in hand, one after
 * the other, by an inline function. When these are used up it comes here: what
 * is pending is sent, records that are kept are made independent of the batch,
 * and the coroutine yields. It is resumed with the next batch, with news
 * (CSI_NEWS_FLUSH is passed on at once, and the stage waits again;
 * CSI_NEWS_ABORT ends it), or with the end.
 *
 * Each record that came in is counted once. `unsettled` counts those that the
 * body has received and neither emitted, kept nor reported as bad; when it
 * receives the next, or the batch leaves, they count as dropped.
 */
#include "stage/receive.h"

#include "io/io.h"
#include "stage/answer.h"
#include "stage/edge.h"
#include "stage/compared_fields.h"
#include "stage/emit.h"
#include "stage/inside.h"
#include "stage/kept.h"
#include "stage/led_paths.h"
#include "stage/state.h"
#include "stage/whole_batches.h"

/* Of a batch that was received as a whole, what is behind the record at which
   the step failed was not looked at. */
static void count_behind_bad(struct csi_stage *stage)
{
    struct cosend_stage *face = &stage->face;
    uint32_t behind = face->batch->count - stage->bad_at;

    if (behind > face->unsettled)
        behind = face->unsettled;
    stage->counts.unread += behind;
    face->unsettled -= behind;
}

void csi_stage_let_go(struct csi_stage *stage)
{
    struct cosend_stage *face = &stage->face;

    if (stage->bad_at)
        count_behind_bad(stage);
    face->dropped += face->unsettled;
    face->unsettled = 0;
    csi_stage_send_pending(stage);
    if (!face->batch)
        return;
    if (!csi_stage_settle_kept(stage))
        csi_stage_no_memory(stage);
    if (face->next)
        stage->behind = csi_batch_ordinal(face->batch, face->next - 1) + 1;
    stage->counts.unread += face->count - face->next;
    csi_batch_unref(face->batch);
    face->batch = NULL;
    face->columns = NULL;
    face->next = face->count = 0;
    stage->at = stage->bad_at = stage->sent = 0;
    stage->as_batch = false;
    if (stage->whole || stage->whole_text.chunks)
        csi_whole_clear(stage);
    csi_stage_start_batch(stage);
}

/* A batch was sent: it is in hand now. False without memory. */
static bool take_batch(struct csi_stage *stage,
                       const struct cosend_batch *batch)
{
    struct cosend_stage *face = &stage->face;

    face->batch = csi_batch_ref(batch);
    face->columns = batch->columns;
    face->map = stage->map;
    face->selection = batch->selection;
    face->first_row = batch->first_row;
    face->next = 0;
    face->count = batch->count;
    stage->counts.in += batch->count;
    stage->batches++;
    stage->filled = false;
    if (!csi_grow(&face->picked, &stage->picked_capacity, batch->count,
                  sizeof(*face->picked)) ||
        (stage->led && !csi_led_note(stage, batch)) ||
        (stage->compared && !csi_compared_note(stage, batch)))
        return false;
    csi_stage_start_batch(stage);
    return true;
}

/* A body that received some records of a batch asks for a batch: make the
   others a batch of their own. False at the end, or without memory. */
static bool take_rest(struct csi_stage *stage)
{
    struct cosend_stage *face = &stage->face;
    uint32_t count = face->count - face->next;
    struct cosend_batch *rest =
        csi_batch_slice(face->batch, face->next, face->count);

    if (!rest) {
        csi_stage_no_memory(stage);
        return false;
    }
    face->count = face->next;
    csi_stage_let_go(stage);
    stage->counts.in -= count;
    if (!take_batch(stage, rest))
        csi_stage_no_memory(stage);
    csi_batch_unref(rest);
    if (stage->end == COSEND_NOT_ENDED)
        return true;
    csi_stage_let_go(stage);
    return false;
}

/* Whoever has not had its tick yet asks for it again. */
static void ask_for_tick(struct csi_stage *stage)
{
    if (stage->until < stage->shared->tick_due)
        stage->shared->tick_due = stage->until;
}

static void act_on_tick(struct csi_stage *stage)
{
    csi_edges_throw(stage, CSI_NEWS_TICK);
    stage->ticked = stage->until <= stage->shared->tick_now;
    if (!stage->ticked)
        ask_for_tick(stage);
}

/* A body that hears of it does what it likes before the news go on, which is
   when it receives again. */
static void act_on_flush(struct csi_stage *stage)
{
    const struct cosend_filter *filter = stage->node->filter;
    int status = COSEND_OK;

    if (filter->flush && !filter->callbacks)
        status = csi_answer_judge(
            stage, "flush", filter->flush(&stage->face, stage->state), true);
    if (status < 0 && stage->end == COSEND_NOT_ENDED)
        cosend_fail(&stage->face, status, "its flush failed with %d", status);
    if (filter->flush)
        csi_stage_send_pending(stage);
    stage->flushing = stage->hears_flush;
    if (!stage->flushing)
        csi_edges_throw(stage, CSI_NEWS_FLUSH);
}

static void act_on_news(struct csi_stage *stage, int news)
{
    if (news == CSI_NEWS_TICK)
        act_on_tick(stage);
    else if (news == CSI_NEWS_FLUSH)
        act_on_flush(stage);
    else
        csi_stage_stop(stage, COSEND_END_ABORTED);
}

/* News, or the end of the input. */
static void act_on_other(struct csi_stage *stage, int got)
{
    int news;

    if (got < 0) {
        cosend_fail(&stage->face, COSEND_E_USAGE,
                    "it receives in a coroutine of its own, or outside of its "
                    "own");
        return;
    }
    if (got == COSEND_THROWN) {
        news = cosend_thrown(stage->coroutine)->kind;
        cosend_handled(stage->coroutine);
        act_on_news(stage, news);
        return;
    }
    stage->closed_early = !stage->shared->finishing;
    if (stage->closed_early && !csi_state_save_last(stage))
        csi_stage_no_memory(stage);
    csi_stage_stop(stage, COSEND_END_CLOSED);
}

/* Take the next part of a batch that is held, and tell what is bad. False where
   nothing is held. */
static bool take_part(struct csi_stage *stage)
{
    bool bad = false;
    struct cosend_batch *part = csi_inside_next(stage, &bad);
    struct cosend_record record;

    if (!part)
        return stage->end != COSEND_NOT_ENDED;
    if (!take_batch(stage, part))
        csi_stage_no_memory(stage);
    csi_batch_unref(part);
    if (bad && stage->face.count) {
        stage->face.next = stage->face.unsettled = 1;
        record = cosend_record_at(&stage->face, 0);
        csi_inside_tell(stage, &record);
        csi_stage_let_go(stage);
    }
    return true;
}

/* Whether the stage's body may be suspended; in a callback it cannot. */
static bool may_wait(struct csi_stage *stage)
{
    if (stage->outside)
        cosend_fail(&stage->face, COSEND_E_USAGE,
                    "it receives in a callback, to which batches come by "
                    "themselves");
    return !stage->outside;
}

bool csi_stage_next_batch(struct csi_stage *stage)
{
    void *in = NULL;
    int got;

    if (!may_wait(stage))
        return false;
    csi_stage_let_go(stage);
    if (stage->flushing)
        csi_edges_throw(stage, CSI_NEWS_FLUSH);
    stage->flushing = false;
    ask_for_tick(stage);
    while (stage->end == COSEND_NOT_ENDED && !stage->ticked &&
           !stage->flushing) {
        if (take_part(stage)) {
            if (stage->face.count)
                return true;
            continue;
        }
        stage->waits = true;
        got = cosend_yield(stage->coroutine, NULL, &in);
        stage->waits = false;
        if (got != COSEND_GOT) {
            act_on_other(stage, got);
            continue;
        }
        if (stage->inside)
            csi_inside_hold(stage, in);
        else if (!take_batch(stage, in))
            csi_stage_no_memory(stage);
        else if (stage->face.count)
            return true;
        csi_stage_let_go(stage);
    }
    return false;
}

bool cosend_await_columns(struct cosend_stage *self)
{
    struct csi_stage *stage = csi_stage_of(self);
    void *in = NULL;
    int got;

    while (!stage->schema && stage->end == COSEND_NOT_ENDED) {
        if (!may_wait(stage))
            return false;
        stage->awaits = stage->waits = true;
        got = cosend_yield(stage->coroutine, NULL, &in);
        stage->awaits = stage->waits = false;
        if (got != COSEND_GOT)
            act_on_other(stage, got);
    }
    return stage->end == COSEND_NOT_ENDED;
}

bool csi_stage_fill_fields(struct csi_stage *stage)
{
    if (stage->filled)
        return true;
    for (uint32_t i = 0; i < stage->slots; i++)
        if (!csi_batch_fill(stage->face.batch, stage->map[i])) {
            csi_stage_no_memory(stage);
            return false;
        }
    stage->filled = true;
    return true;
}

bool cosend_receive_more(struct cosend_stage *self,
                         struct cosend_record *record)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (self->next < self->count)
        return cosend_receive(self, record);
    if (!csi_stage_next_batch(stage) || !csi_stage_fill_fields(stage))
        return false;
    return cosend_receive(self, record);
}

void cosend_tell_flushes(struct cosend_stage *self)
{
    csi_stage_of(self)->tells_flushes = true;
}

/* A receive begins that a tick may end, and a flush. */
static void begin_event(struct csi_stage *stage, int64_t until)
{
    stage->until = until;
    stage->hears_flush = stage->tells_flushes;
}

/* What came of it. */
static enum cosend_event event_of(struct csi_stage *stage, bool received)
{
    bool ticked = stage->ticked;

    stage->until = INT64_MAX;
    stage->ticked = stage->hears_flush = false;
    if (received)
        return COSEND_EVENT_RECORD;
    if (stage->end != COSEND_NOT_ENDED)
        return COSEND_EVENT_END;
    if (stage->flushing)
        return COSEND_EVENT_FLUSH;
    return ticked ? COSEND_EVENT_TICK : COSEND_EVENT_END;
}

enum cosend_event cosend_receive_until(struct cosend_stage *self,
                                       struct cosend_record *record,
                                       int64_t until)
{
    struct csi_stage *stage = csi_stage_of(self);

    begin_event(stage, until);
    return event_of(stage, cosend_receive(self, record));
}

enum cosend_event cosend_receive_batch_until(struct cosend_stage *self,
                                             const struct cosend_batch **batch,
                                             int64_t until)
{
    struct csi_stage *stage = csi_stage_of(self);

    begin_event(stage, until);
    *batch = cosend_receive_batch(self);
    return event_of(stage, *batch != NULL);
}

bool cosend_files_alternate(const struct cosend_stage *self)
{
    return ((const struct csi_stage *)self)->shared->alternate;
}

int64_t cosend_now(const struct cosend_stage *self)
{
    return csi_io_now(((const struct csi_stage *)self)->shared->io);
}

const struct cosend_batch *cosend_receive_batch(struct cosend_stage *self)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (self->next < self->count ? !take_rest(stage)
                                 : !csi_stage_next_batch(stage))
        return NULL;
    self->unsettled = self->count;
    self->next = self->count;
    stage->as_batch = true;
    return self->batch;
}

/* A record of the batch in hand: what comes next is about that one. */
struct cosend_record cosend_record_at(struct cosend_stage *self,
                                      uint32_t position)
{
    struct cosend_record record = {0};
    struct csi_stage *stage = csi_stage_of(self);

    if (!csi_stage_has_batch(stage))
        return record;
    if (position >= self->batch->count) {
        cosend_fail(self, COSEND_E_USAGE,
                    "it asks for a record that its batch does not have");
        return record;
    }
    record = cosend_batch_record(self->batch, position);
    /* Behind the map is one of fields that are absent. */
    record.map =
        csi_stage_fill_fields(stage) ? self->map : self->map + stage->slots;
    stage->at = position + 1;
    return record;
}

struct cosend_cells cosend_column_of(const struct cosend_stage *self,
                                     struct cosend_field field)
{
    struct csi_stage *stage = (struct csi_stage *)(uintptr_t)self;
    const struct cosend_column_cells *column;
    uint32_t at;

    if (!csi_stage_has_field(stage, field) || !csi_stage_has_batch(stage))
        return (struct cosend_cells){.cells = &csi_absent};
    at = self->map[field.slot];
    column = &self->columns[at];
    if (!csi_batch_fill(self->batch, at)) {
        csi_stage_no_memory(stage);
        return (struct cosend_cells){.cells = &csi_absent};
    }
    return (struct cosend_cells){column->cells, self->selection,
                                 self->first_row, column->row_mask,
                                 column->position_mask};
}
