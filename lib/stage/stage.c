/* SPDX-License-Identifier: MIT */
/* A stage's life: its coroutine, and how it receives. */
#include "stage/stage.h"

#include "run/run.h"

#include <string.h>

/* ---- Errors -------------------------------------------------------------- */

void csi_stage_stop(struct csi_stage *stage, enum cosend_end end)
{
    if (stage->end == COSEND_NOT_ENDED || stage->end == COSEND_END_CLOSED)
        stage->end = end;
    /* So that the inline receive comes to the slow one. */
    stage->unread += stage->face.count - stage->face.next;
    stage->face.count = stage->face.next;
    stage->face.picking = false;
}

int csi_stage_fail(struct csi_stage *stage, const struct cosend_error *error)
{
    struct cosend_error own = *error;

    if (!own.step[0])
        strncpy(own.step, stage->node->id, sizeof(own.step) - 1);
    csi_run_fail(stage->run, &own, csi_stage_cause(stage));
    csi_stage_stop(stage, COSEND_END_FAILED);
    return own.kind;
}

int cosend_fail(struct cosend_stage *self, int kind, const char *format, ...)
{
    struct cosend_error error = {0};
    va_list arguments;

    va_start(arguments, format);
    csi_error_vset(&error, kind, format, arguments);
    va_end(arguments);
    return csi_stage_fail(csi_stage_of(self), &error);
}

static int out_of_memory(struct csi_stage *stage)
{
    return cosend_fail(&stage->face, COSEND_E_MEMORY, "out of memory");
}

/* ---- Receive ------------------------------------------------------------- */

/* The batch in hand is used up, or given up. */
static void let_go(struct csi_stage *stage)
{
    struct cosend_stage *face = &stage->face;

    face->dropped += face->unsettled;
    face->unsettled = 0;
    csi_stage_send_pending(stage);
    if (!face->batch)
        return;
    if (!csi_stage_settle_kept(stage))
        out_of_memory(stage);
    stage->unread += face->count - face->next;
    csi_batch_unref(face->batch);
    face->batch = NULL;
    face->columns = NULL;
    face->next = face->count = 0;
    stage->at = 0;
    csi_stage_start_batch(stage);
}

static bool take(struct csi_stage *stage, const struct cosend_batch *batch)
{
    struct cosend_stage *face = &stage->face;

    face->batch = csi_batch_ref(batch);
    face->columns = batch->columns;
    face->map = stage->map;
    face->selection = batch->selection;
    face->first_row = batch->first_row;
    face->next = 0;
    face->count = batch->count;
    stage->in += batch->count;
    for (uint32_t i = 0; i < stage->node->field_count; i++)
        if (!csi_batch_fill(batch, stage->map[i]))
            return false;
    if (!csi_grow(&face->picked, &stage->picked_capacity, batch->count,
                  sizeof(*face->picked)))
        return false;
    csi_stage_start_batch(stage);
    return true;
}

/* Returns whether to go on receiving. */
static bool hear(struct csi_stage *stage, int news)
{
    struct cosend_error error = {0};

    if (news == CSI_NEWS_FLUSH) {
        if (stage->on_flush &&
            stage->on_flush(stage->on_flush_context, &error) < 0)
            csi_stage_fail(stage, &error);
        else
            csi_edges_throw(stage, CSI_NEWS_FLUSH);
        return stage->end == COSEND_NOT_ENDED;
    }
    csi_stage_stop(stage, COSEND_END_ABORTED);
    return false;
}

bool csi_stage_next_batch(struct csi_stage *stage)
{
    void *in = NULL;

    let_go(stage);
    while (stage->end == COSEND_NOT_ENDED) {
        switch (cosend_yield(stage->coroutine, NULL, &in)) {
        case COSEND_GOT:
            if (!take(stage, in))
                out_of_memory(stage);
            else if (stage->face.count)
                return true;
            let_go(stage);
            break;
        case COSEND_THROWN: {
            int news = cosend_thrown(stage->coroutine)->kind;

            cosend_handled(stage->coroutine);
            hear(stage, news);
            break;
        }
        default:
            stage->closed_early = !stage->run->finishing;
            if (stage->closed_early && !csi_stage_save_last(stage))
                out_of_memory(stage);
            csi_stage_stop(stage, COSEND_END_CLOSED);
        }
    }
    return false;
}

bool cosend_receive_more(struct cosend_stage *self,
                         struct cosend_record *record)
{
    if (self->next < self->count)
        return cosend_receive(self, record);
    if (!csi_stage_next_batch(csi_stage_of(self)))
        return false;
    return cosend_receive(self, record);
}

const struct cosend_batch *cosend_receive_batch(struct cosend_stage *self)
{
    if (!csi_stage_next_batch(csi_stage_of(self)))
        return NULL;
    self->unsettled = self->count;
    self->next = self->count;
    return self->batch;
}

bool csi_stage_listen(struct csi_stage *stage, void **in)
{
    int got = cosend_yield(stage->coroutine, NULL, in);

    if (got == COSEND_THROWN) {
        cosend_handled(stage->coroutine);
        csi_stage_stop(stage, COSEND_END_ABORTED);
    }
    return got == COSEND_GOT;
}

bool csi_stage_pause(struct csi_stage *stage)
{
    void *in;

    if (stage->end == COSEND_NOT_ENDED &&
        (!csi_stage_listen(stage, &in) ||
         cosend_io_woken(stage->run->io) & COSEND_WAKE_STOP))
        csi_stage_stop(stage, COSEND_END_CLOSED);
    return stage->end == COSEND_NOT_ENDED;
}

struct cosend_cells cosend_column_of(const struct cosend_stage *self,
                                     struct cosend_field field)
{
    const struct cosend_column_cells *column =
        &self->columns[self->map[field.slot]];
    struct cosend_cells cells = {column->cells, self->selection,
                                 self->first_row, column->row_mask,
                                 column->position_mask};

    return cells;
}

enum cosend_end cosend_ended(const struct cosend_stage *self)
{
    return ((const struct csi_stage *)self)->end;
}

const struct cosend_schema *cosend_input_schema(const struct cosend_stage *self)
{
    return ((const struct csi_stage *)self)->schema;
}

const char *cosend_field_name(const struct cosend_stage *self,
                              struct cosend_field field)
{
    return ((const struct csi_stage *)self)->node->fields[field.slot].name;
}

unsigned cosend_targets(const struct cosend_stage *self)
{
    return ((const struct csi_stage *)self)->target_count;
}

/* ---- The coroutine ------------------------------------------------------- */

/*
 * A body may return before it received anything (head 0). Its targets still
 * have to learn the schema, so it waits for the first batch or the end.
 */
static void wait_for_schema(struct csi_stage *stage)
{
    if (stage->node->filter->role == COSEND_SOURCE || stage->schema)
        return;
    csi_stage_next_batch(stage);
}

static int finish(struct csi_stage *stage, int status)
{
    struct cosend_error error = {0};

    if (status < 0 && stage->end != COSEND_END_FAILED &&
        stage->end != COSEND_END_ABORTED) {
        cosend_error_set(&error, status, "the filter failed with %d", status);
        status = csi_stage_fail(stage, &error);
    }
    wait_for_schema(stage);
    if (stage->node->filter->role == COSEND_SOURCE)
        stage->cause = CSI_ORDINAL_END;
    else if (stage->end == COSEND_NOT_ENDED)
        stage->cause = csi_stage_cause(stage);
    let_go(stage);
    if (stage->node->filter->role == COSEND_SOURCE) {
        stage->run->finishing = true;
        if (!stage->schema && !stage->out_schema)
            csi_stage_announce_source(stage);
    }
    switch (stage->end) {
    case COSEND_END_ABORTED:
    case COSEND_END_FAILED:
        csi_edges_throw(stage, CSI_NEWS_ABORT);
        return stage->end == COSEND_END_FAILED ? csi_run_error(stage->run)
                                               : COSEND_E_ABORTED;
    default:
        return csi_edges_close(stage);
    }
}

static int live(struct cosend_coroutine *coroutine, void *argument)
{
    struct csi_stage *stage = argument;
    const struct cosend_filter *filter = stage->node->filter;
    int status;

    stage->coroutine = coroutine;
    status = filter->body(&stage->face, stage->node->options);
    stage->state = NULL;
    status = finish(stage, status);
    if (status < 0)
        return cosend_raise(coroutine, status, "stage %s failed",
                            stage->node->id);
    return 0;
}

int csi_stage_init(struct csi_stage *stage, struct cosend_error *error)
{
    struct cosend_coroutine_options options = {
        .name = stage->node->id, .stack_size = stage->node->filter->stack_size};

    if (stage->node->field_count) {
        stage->map = csi_calloc(stage->node->field_count, sizeof(*stage->map));
        if (!stage->map)
            return cosend_error_set(error, COSEND_E_MEMORY, "out of memory");
    }
    stage->coroutine = cosend_new(live, stage, &options, error);
    return stage->coroutine ? COSEND_OK : COSEND_E_MEMORY;
}

void csi_stage_free(struct csi_stage *stage)
{
    cosend_free(stage->coroutine);
    csi_batch_unref(stage->face.batch);
    csi_free(stage->face.picked);
    csi_free(stage->kept);
    csi_batch_unref(stage->base);
    csi_free(stage->causes);
    csi_free(stage->pen);
    csi_free(stage->cells);
    csi_arena_free(&stage->text);
    csi_recipe_free(&stage->recipe);
    csi_schema_unref(stage->schema);
    csi_schema_unref(stage->out_schema);
    csi_free(stage->map);
    csi_free(stage->out_map);
    csi_free(stage->added_column);
    csi_free(stage->targets);
    cosend_bytes_free(&stage->last_state);
    for (size_t i = 0; i < stage->result_count; i++) {
        csi_free(stage->results[i].name);
        csi_free(stage->results[i].text);
    }
    csi_free(stage->results);
}

bool cosend_stage_defer(struct cosend_stage *self, void (*release)(void *),
                        void *argument)
{
    if (cosend_defer(csi_stage_of(self)->coroutine, release, argument) >= 0)
        return true;
    release(argument);
    cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    return false;
}

void *cosend_stage_memory(struct cosend_stage *self, size_t size)
{
    void *memory = csi_calloc(1, size);

    if (!memory) {
        out_of_memory(csi_stage_of(self));
        return NULL;
    }
    return cosend_stage_defer(self, csi_free, memory) ? memory : NULL;
}

/* ---- State and results --------------------------------------------------- */

void cosend_publish(struct cosend_stage *self, void *state)
{
    csi_stage_of(self)->state = state;
}

void cosend_sieve(struct cosend_stage *self, const struct cosend_regex *regex)
{
    csi_stage_of(self)->sieve = regex;
}

void cosend_set_note(struct cosend_stage *self, const char *text)
{
    csi_stage_of(self)->note = text;
}

void cosend_set_result(struct cosend_stage *self, const char *name,
                       struct cosend_cell value)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct csi_result *result;

    if (!csi_grow(&stage->results, &stage->result_capacity,
                  stage->result_count + 1, sizeof(*result))) {
        out_of_memory(stage);
        return;
    }
    result = &stage->results[stage->result_count];
    result->name = csi_strndup(name, strlen(name));
    result->text = csi_strndup(value.data, value.length);
    result->cell = value;
    result->cell.data = result->text;
    if (result->name && result->text) {
        stage->result_count++;
        return;
    }
    csi_free(result->name);
    csi_free(result->text);
    out_of_memory(stage);
}
