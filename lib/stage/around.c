/* SPDX-License-Identifier: MIT */
/*
 * The last records that were neither chosen nor near one that was are in a
 * ring, since they may be wanted as what is before one: by their positions as
 * long as their batch is in hand, and kept when it leaves. All records are
 * numbered, so it does not matter where a batch ends.
 */
#include "cosend/around.h"

#include "cosend/state.h"
#include "stage/edge.h"
#include "stage/emit.h"
#include "stage/kept.h"

#include <string.h>

struct before {
    uint64_t number;
    uint32_t position;
    bool kept; /* its batch has left, and it is this: */
    struct cosend_record record;
};

struct cosend_around {
    struct csi_stage *stage;
    uint64_t before, after, most;
    uint64_t first;   /* the number of the record at position 0, from 1 on */
    uint64_t last;    /* that was taken; 0: none */
    uint64_t emitted; /* the last that was; 0: none */
    uint64_t until;   /* they are wanted up to here */
    uint64_t chosen;
    bool joined; /* what it emits may be put in order with others */
    struct before *ring;
    uint64_t start, count, room;
};

struct cosend_around *cosend_around_new(struct cosend_stage *self,
                                        uint64_t before, uint64_t after,
                                        uint64_t most)
{
    struct cosend_around *around = cosend_stage_memory(self, sizeof(*around));

    if (!around)
        return NULL;
    around->stage = csi_stage_of(self);
    around->before = before;
    around->after = after;
    around->most = most;
    around->first = 1;
    around->joined = around->stage->shared->plan->join_count;
    return around;
}

/* ---- The line between ---------------------------------------------------- */

/* Whether nobody but a reader of text will see it. */
static bool feeds_text(const struct csi_stage *stage)
{
    for (uint32_t i = 0; i < stage->target_count; i++)
        if (!stage->targets[i].stage || !stage->targets[i].stage->writes_text)
            return false;
    return stage->target_count && stage->schema->text;
}

static bool make_line(struct csi_stage *stage, struct cosend_batch *batch,
                      const char *text)
{
    uint64_t *ordinal = csi_arena_get(&batch->arena, sizeof(*ordinal));
    struct cosend_cell *cell = csi_arena_get(&batch->arena, sizeof(*cell));

    if (!ordinal || !cell)
        return false;
    *ordinal = csi_stage_cause(stage);
    *cell = cosend_text(text, strlen(text));
    batch->count = 1;
    batch->ordinals = ordinal;
    batch->columns[0] = (struct cosend_column_cells){cell, 0, 0};
    return true;
}

static int emit_line(struct csi_stage *stage, const char *text)
{
    struct cosend_batch *batch = csi_batch_new(stage->schema);
    struct cosend_record line;

    if (!batch || !make_line(stage, batch, text)) {
        csi_batch_unref(batch);
        return csi_stage_no_memory(stage);
    }
    csi_kept_add(stage, batch);
    line = cosend_batch_record(batch, 0);
    cosend_emit(&stage->face, &line);
    cosend_release(&stage->face, &line);
    return COSEND_OK;
}

/* A record of that number is going to be emitted. */
static int begin_emit(struct cosend_around *around, uint64_t number)
{
    bool gap = around->emitted && number > around->emitted + 1;

    around->emitted = number;
    return gap && (around->before || around->after) && feeds_text(around->stage)
               ? emit_line(around->stage, "--")
               : COSEND_OK;
}

/* ---- What is before ------------------------------------------------------ */

static struct before *before_at(const struct cosend_around *around, uint64_t i)
{
    return &around->ring[(around->start + i) % around->room];
}

static void drop_first(struct cosend_around *around)
{
    struct before *first = before_at(around, 0);

    if (first->kept)
        cosend_release(&around->stage->face, &first->record);
    around->start = (around->start + 1) % around->room;
    around->count--;
}

static bool grow_ring(struct cosend_around *around)
{
    uint64_t room = 2 * around->room + 16;
    struct before *grown;

    if (around->count < around->room)
        return true;
    grown = cosend_stage_memory(&around->stage->face, room * sizeof(*grown));
    if (!grown)
        return false;
    for (uint64_t i = 0; i < around->count; i++)
        grown[i] = *before_at(around, i);
    around->ring = grown;
    around->room = room;
    around->start = 0;
    return true;
}

static int hold(struct cosend_around *around, uint32_t position)
{
    uint64_t number = around->first + position;

    if (!around->before)
        return COSEND_OK;
    while (around->count &&
           before_at(around, 0)->number + around->before <= number)
        drop_first(around);
    if (!grow_ring(around))
        return COSEND_E_MEMORY;
    *before_at(around, around->count++) =
        (struct before){.number = number, .position = position};
    return COSEND_OK;
}

/* Those before the record of a number are emitted, or too far away. */
static int emit_before(struct cosend_around *around, uint64_t number)
{
    struct cosend_stage *self = &around->stage->face;
    int status = COSEND_OK;

    while (around->count && status == COSEND_OK) {
        struct before *first = before_at(around, 0);

        if (first->number + around->before >= number) {
            status = begin_emit(around, first->number);
            if (status == COSEND_OK && first->kept)
                cosend_emit(self, &first->record);
            else if (status == COSEND_OK && around->joined)
                csi_stage_pick_caused(around->stage, first->position);
            else if (status == COSEND_OK)
                cosend_pick(self, first->position);
        }
        drop_first(around);
    }
    return status;
}

/* ---- Taking -------------------------------------------------------------- */

int cosend_around_take(struct cosend_around *around, uint32_t position,
                       bool chosen)
{
    uint64_t number = around->first + position;
    bool over = around->most && around->chosen == around->most;
    int status = COSEND_OK;

    if (position >= around->stage->face.count || number <= around->last)
        return cosend_fail(&around->stage->face, COSEND_E_USAGE,
                           "it takes a record that its batch does not have, "
                           "or took one behind it");
    around->last = number;
    if ((over || !chosen) && number > around->until)
        return hold(around, position);
    /* What is made, or was kept, goes out for this record's sake. */
    cosend_record_at(&around->stage->face, position);
    if (!over && chosen) {
        status = emit_before(around, number);
        around->until = number + around->after;
        around->chosen++;
    }
    if (status == COSEND_OK)
        status = begin_emit(around, number);
    if (status < 0)
        return status;
    cosend_pick(&around->stage->face, position);
    return around->most && around->chosen == around->most &&
                   number >= around->until
               ? COSEND_DONE
               : COSEND_OK;
}

void cosend_around_turn(struct cosend_around *around)
{
    struct cosend_stage *self = &around->stage->face;

    for (uint64_t i = 0; i < around->count; i++) {
        struct before *before = before_at(around, i);
        struct cosend_record record;

        if (before->kept)
            continue;
        record = cosend_record_at(self, before->position);
        before->kept = cosend_keep(self, &record, &before->record);
        if (!before->kept)
            return;
    }
    around->first += self->count;
}
