/* SPDX-License-Identifier: MIT */
/*
 * Columns that a body sets for the whole batch in hand wait here until it emits
 * records of that batch, all of them or some: then they, and the memory that
 * they point to, become the outgoing batch's. They have no part in emits of
 * single records, whose columns are the pen's; and what is pending of these is
 * sent first, so that the order stays.
 */
#include "stage/whole_batches.h"

#include "cosend/batches.h"
#include "expression/condition_batch.h"
#include "record/number_forms.h"
#include "record/schema_bytes.h"
#include "stage/announce.h"
#include "stage/dispatch.h"
#include "stage/emit.h"
#include "stage/pen.h"

#include <string.h>

/* One added column; all zero: absent. */
struct csi_whole {
    struct cosend_cell *cells; /* with `values` some are unprinted */
    uint8_t *forms;            /* of numbers; without cells */
    union cosend_number *values;
    bool (*fill)(struct cosend_fill *fill);
    const void *own;
};

/* ---- Setting ------------------------------------------------------------- */

static void *get(struct csi_stage *stage, size_t size)
{
    void *memory = csi_arena_get(&stage->whole_text, size);

    if (!memory)
        csi_stage_no_memory(stage);
    return memory;
}

/* The place of a column, emptied; NULL without memory, for no column and
   without a batch in hand. */
static struct csi_whole *whole_of(struct csi_stage *stage,
                                  struct cosend_column column)
{
    size_t added = stage->recipe.added_count;

    if (!csi_stage_has_batch(stage) || !csi_pen_has(stage, column))
        return NULL;
    if (!stage->whole) {
        stage->whole = csi_calloc(added, sizeof(*stage->whole));
        if (!stage->whole) {
            csi_stage_no_memory(stage);
            return NULL;
        }
    }
    stage->whole[column.index] = (struct csi_whole){0};
    return &stage->whole[column.index];
}

struct cosend_cell *cosend_set_column(struct cosend_stage *self,
                                      struct cosend_column column)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct csi_whole *whole = whole_of(stage, column);
    uint32_t count = self->batch ? self->batch->count : 0;

    if (!whole)
        return NULL;
    whole->cells = get(stage, count * sizeof(*whole->cells));
    if (whole->cells)
        memset(whole->cells, 0, count * sizeof(*whole->cells));
    return whole->cells;
}

bool cosend_set_numbers(struct cosend_stage *self, struct cosend_column column,
                        uint8_t **forms, union cosend_number **values)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct csi_whole *whole = whole_of(stage, column);
    uint32_t count = self->batch ? self->batch->count : 0;

    if (!whole ||
        !csi_stage_given(stage, forms ? values : NULL, "place for the numbers"))
        return false;
    *forms = get(stage, count);
    *values = *forms ? get(stage, count * sizeof(**values)) : NULL;
    if (!*values)
        return false;
    memset(*forms, COSEND_FORM_BLANK, count);
    whole->forms = *forms;
    whole->values = *values;
    return true;
}

bool cosend_set_values(struct cosend_stage *self, struct cosend_column column,
                       const struct cosend_value *values)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct csi_whole *whole = whole_of(stage, column);
    uint32_t count = self->batch ? self->batch->count : 0;
    struct cosend_cell *cells;
    union cosend_number *numbers;
    bool unprinted = false;

    if (!whole || !csi_stage_given(stage, values, "values"))
        return false;
    cells = get(stage, count * sizeof(*cells));
    numbers = cells ? get(stage, count * sizeof(*numbers)) : NULL;
    if (!numbers)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        if (!csi_value_unprinted(&values[i], &stage->whole_text, &cells[i],
                                 &numbers[i]))
            return csi_stage_no_memory(stage) >= 0;
        unprinted |= csi_is_unprinted(&cells[i]);
    }
    whole->cells = cells;
    whole->values = unprinted ? numbers : NULL;
    return true;
}

void *cosend_stage_bytes(struct cosend_stage *self, size_t length)
{
    return get(csi_stage_of(self), length);
}

void cosend_fill_column(struct cosend_stage *self, struct cosend_column column,
                        bool (*fill)(struct cosend_fill *fill), const void *own)
{
    struct csi_whole *whole = whole_of(csi_stage_of(self), column);

    if (!whole || !csi_stage_given(csi_stage_of(self), fill ? self : NULL,
                                   "function that fills a column"))
        return;
    whole->fill = fill;
    whole->own = own;
}

void csi_whole_clear(struct csi_stage *stage)
{
    if (stage->whole)
        memset(stage->whole, 0,
               stage->recipe.added_count * sizeof(*stage->whole));
    csi_arena_clear(&stage->whole_text);
}

void csi_whole_free(struct csi_stage *stage)
{
    csi_free(stage->whole);
    csi_arena_free(&stage->whole_text);
}

/* ---- Columns of the outgoing batch --------------------------------------- */

/* The records of the batch in hand that are sent: NULL is all of them. */
struct picked {
    const uint32_t *positions;
    const uint32_t *causes; /* positions that give their ordinals; NULL: own */
    uint32_t count;
};

static uint32_t nth(const struct picked *picked, uint32_t i)
{
    return picked->positions ? picked->positions[i] : i;
}

static bool take_cells(struct cosend_batch *out, uint32_t column,
                       const struct csi_whole *whole,
                       const struct picked *picked)
{
    struct cosend_cell *cells = whole->cells;

    if (picked->positions) {
        cells = csi_arena_get(&out->arena, picked->count * sizeof(*cells));
        if (!cells)
            return false;
        for (uint32_t i = 0; i < picked->count; i++)
            cells[i] = whole->cells[picked->positions[i]];
    }
    out->columns[column] = (struct cosend_column_cells){cells, 0, UINT32_MAX};
    return true;
}

static bool take_numbers(struct cosend_batch *out, uint32_t column,
                         const struct csi_whole *whole,
                         const struct picked *picked)
{
    size_t count = picked->count;
    struct cosend_cell *cells =
        csi_arena_get(&out->arena, count * sizeof(*cells));
    union cosend_number *values =
        csi_arena_get(&out->arena, count * sizeof(*values));
    struct csi_column *more = csi_batch_column(out, column);

    if (!cells || !values || !more)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = nth(picked, i);
        uint8_t form = whole->forms[at];

        cells[i] = csi_absent;
        values[i] = whole->values[at];
        if (form == COSEND_FORM_INTEGER ||
            (form == COSEND_FORM_DOUBLE &&
             csi_number_of_double(values[i].number, &form, &values[i])))
            cells[i] = (struct cosend_cell){NULL, form,
                                            (enum cosend_kind)CSI_UNPRINTED};
    }
    out->columns[column].cells = NULL;
    more->unprinted = cells;
    more->unprinted_numbers = values;
    return true;
}

static bool take_values(struct cosend_batch *out, uint32_t column,
                        const struct csi_whole *whole,
                        const struct picked *picked)
{
    struct csi_column *more = csi_batch_column(out, column);
    union cosend_number *values = whole->values;

    if (!more || !take_cells(out, column, whole, picked))
        return false;
    if (picked->positions) {
        values = csi_arena_get(&out->arena, picked->count * sizeof(*values));
        if (!values)
            return false;
        for (uint32_t i = 0; i < picked->count; i++)
            values[i] = whole->values[picked->positions[i]];
    }
    more->unprinted = out->columns[column].cells;
    more->unprinted_numbers = values;
    out->columns[column].cells = NULL;
    return true;
}

/* Which positions are asked for, the same for all columns that are filled on
   demand. */
static const uint32_t *copy_positions(struct cosend_batch *out,
                                      const struct picked *picked)
{
    uint32_t *positions =
        csi_arena_get(&out->arena, picked->count * sizeof(*positions));

    if (positions)
        for (uint32_t i = 0; i < picked->count; i++)
            positions[i] = nth(picked, i);
    return positions;
}

static bool take_filler(struct cosend_batch *out, uint32_t column,
                        const struct csi_whole *whole, uint32_t added,
                        const uint32_t *positions)
{
    struct csi_filler *filler = csi_arena_get(&out->arena, sizeof(*filler));
    struct csi_column *more = csi_batch_column(out, column);

    if (!filler || !more || !positions)
        return false;
    *filler = (struct csi_filler){whole->fill, whole->own, added, positions};
    more->filler = filler;
    out->columns[column].cells = NULL;
    return true;
}

static bool take_columns(struct csi_stage *stage, struct cosend_batch *out,
                         const struct picked *picked)
{
    const uint32_t *positions = NULL;
    bool ok = true;

    if (!stage->whole)
        return true;
    if (!out->parent)
        out->parent = csi_batch_ref(stage->face.batch);
    for (uint32_t i = 0; ok && i < stage->recipe.added_count; i++) {
        const struct csi_whole *whole = &stage->whole[i];
        uint32_t column = stage->added_column[i];

        if (whole->cells && whole->values) {
            ok = take_values(out, column, whole, picked);
        } else if (whole->cells) {
            ok = take_cells(out, column, whole, picked);
        } else if (whole->forms) {
            ok = take_numbers(out, column, whole, picked);
        } else if (whole->fill) {
            if (!positions)
                positions = copy_positions(out, picked);
            ok = take_filler(out, column, whole, i, positions);
        }
    }
    csi_arena_join(&out->arena, &stage->whole_text);
    csi_whole_clear(stage);
    return ok;
}

/* ---- Emitting ------------------------------------------------------------ */

static bool take_causes(struct cosend_batch *out,
                        const struct cosend_batch *batch,
                        const struct picked *picked)
{
    uint64_t *ordinals;

    if (!picked->causes)
        return true;
    ordinals = csi_arena_get(&out->arena, picked->count * sizeof(*ordinals));
    if (!ordinals)
        return false;
    for (uint32_t i = 0; i < picked->count; i++)
        ordinals[i] = csi_batch_ordinal(batch, picked->causes[i]);
    out->ordinals = ordinals;
    return true;
}

static struct cosend_batch *make_batch(struct csi_stage *stage,
                                       struct picked *picked)
{
    const struct cosend_batch *batch = stage->face.batch;
    struct cosend_batch *out;

    if (picked->count == batch->count && !picked->causes) {
        if (stage->out_schema == batch->schema)
            return csi_batch_ref(batch);
        picked->positions = NULL;
    }
    out = csi_batch_derive(batch, stage->out_schema, stage->out_map,
                           picked->positions, picked->count);
    if (out && take_columns(stage, out, picked) &&
        take_causes(out, batch, picked))
        return out;
    csi_batch_unref(out);
    return NULL;
}

/* Records of the batch in hand. What it had emitted before, or dealt with
   otherwise, is a copy. */
static int emit_in_hand(struct csi_stage *stage, struct picked *picked,
                        struct cosend_batch *out)
{
    struct cosend_stage *face = &stage->face;
    uint32_t settled = face->unsettled;
    int status;

    if (settled > picked->count)
        settled = picked->count;
    face->unsettled -= settled;
    stage->counts.created += picked->count - settled;
    if (!out)
        return csi_stage_no_memory(stage);
    status = csi_stage_dispatch(stage, out);
    csi_batch_unref(out);
    return status;
}

/* One that the body made, or has from elsewhere. */
static int emit_own(struct csi_stage *stage, const struct cosend_batch *batch)
{
    stage->counts.created += batch->count;
    if (!stage->out_schema)
        csi_stage_announce_targets(stage, batch->schema);
    return csi_stage_dispatch(stage, batch);
}

/* Under `fail` the records before the bad one are still sent on, and no
   others. */
static void cut_behind_bad(const struct csi_stage *stage, struct picked *picked)
{
    uint32_t bad = stage->bad_at - 1, count = picked->count;

    while (count && nth(picked, count - 1) >= bad)
        count--;
    picked->count = count;
}

/* What is set of a column for one record of the batch becomes the pen's. */
static bool write_whole(struct csi_stage *stage, uint32_t column,
                        uint32_t position)
{
    const struct csi_whole *whole = &stage->whole[column];
    struct cosend_cell cell = csi_absent;
    struct cosend_fill fill = {.own = whole->own,
                               .column = {column},
                               .positions = &position,
                               .count = 1,
                               .cells = &cell,
                               .memory = &stage->text};
    uint8_t form = whole->forms ? whole->forms[position] : COSEND_FORM_BLANK;

    if (whole->cells && csi_is_unprinted(&whole->cells[position])) {
        csi_pen_set(&stage->face, fill.column, whole->cells[position],
                    whole->values[position]);
        return true;
    }
    if (whole->cells)
        cell = whole->cells[position];
    else if (whole->fill && !whole->fill(&fill))
        return false;
    if (form == COSEND_FORM_INTEGER)
        cosend_set_integer(&stage->face, fill.column,
                           whole->values[position].integer);
    else if (form == COSEND_FORM_DOUBLE)
        cosend_set_number(&stage->face, fill.column,
                          whole->values[position].number);
    else
        cosend_set(&stage->face, fill.column, cell);
    return true;
}

static int emit_one(struct csi_stage *stage, uint32_t position, uint32_t cause)
{
    struct cosend_record record = {.batch = stage->face.batch,
                                   .position = position};

    for (uint32_t i = 0; stage->whole && i < stage->recipe.added_count; i++)
        if (!write_whole(stage, i, position))
            return csi_stage_no_memory(stage);
    stage->at = cause + 1;
    return cosend_emit_more(&stage->face, &record);
}

/* Records whose fields are theirs go one by one. */
static int emit_each(struct csi_stage *stage, const struct picked *picked)
{
    const uint32_t *causes = picked->causes;
    int status = causes ? csi_stage_send_pending(stage) : COSEND_OK;

    for (uint32_t i = 0; status == COSEND_OK && i < picked->count; i++) {
        stage->caused = causes;
        status = emit_one(stage, nth(picked, i),
                          causes ? causes[i] : nth(picked, i));
    }
    if (causes && status == COSEND_OK)
        status = csi_stage_send_pending(stage);
    csi_whole_clear(stage);
    return status;
}

/* The same for those before the record at which the step failed, which is for
   the while as if it had not. */
static int emit_each_before_bad(struct csi_stage *stage, struct picked *picked)
{
    cut_behind_bad(stage, picked);
    stage->end = COSEND_NOT_ENDED;
    emit_each(stage, picked);
    csi_stage_send_pending(stage);
    stage->end = COSEND_END_FAILED;
    stage->face.picking = false;
    return csi_stage_refusal(stage);
}

static int emit_picked(struct csi_stage *stage, struct picked *picked,
                       csi_batch_maker *make, void *own)
{
    bool failed = stage->end == COSEND_END_FAILED && stage->bad_at;
    int status;

    if (stage->remakes && !make)
        return failed ? emit_each_before_bad(stage, picked)
                      : emit_each(stage, picked);
    status = csi_stage_send_pending(stage);
    if (failed)
        cut_behind_bad(stage, picked);
    else if (status != COSEND_OK || csi_stage_refuses(stage))
        return status != COSEND_OK ? status : csi_stage_refusal(stage);
    if (picked->count)
        status = emit_in_hand(
            stage, picked,
            make ? make(stage, picked->positions, picked->count, own)
                 : make_batch(stage, picked));
    return failed ? csi_stage_refusal(stage) : status;
}

/* They ascend, and are of the batch in hand. */
static bool are_positions(const struct cosend_stage *self,
                          const uint32_t *positions, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (positions[i] >= self->batch->count ||
            (i && positions[i] <= positions[i - 1]))
            return false;
    return true;
}

int cosend_emit_caused(struct cosend_stage *self, const uint32_t *positions,
                       const uint32_t *causes, uint32_t count)
{
    struct picked picked = {positions, causes, count};

    if (!csi_stage_has_batch(csi_stage_of(self)))
        return COSEND_E_USAGE;
    if (count && !csi_stage_given(csi_stage_of(self), positions, "positions"))
        return COSEND_E_USAGE;
    if (!are_positions(self, positions, count) ||
        (causes && !are_positions(self, causes, count)))
        return cosend_fail(self, COSEND_E_USAGE,
                           "it emits positions that do not ascend, or that "
                           "its batch does not have");
    return emit_picked(csi_stage_of(self), &picked, NULL, NULL);
}

int csi_whole_emit(struct csi_stage *stage, const uint32_t *positions,
                   uint32_t count, csi_batch_maker *make, void *own)
{
    struct picked picked = {positions, NULL, count};

    return emit_picked(stage, &picked, make, own);
}

int cosend_emit_picked(struct cosend_stage *self, const uint32_t *positions,
                       uint32_t count)
{
    return cosend_emit_caused(self, positions, NULL, count);
}

int cosend_emit_batch(struct cosend_stage *self,
                      const struct cosend_batch *batch)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct picked all = {NULL, NULL, batch ? batch->count : 0};
    int status;

    if (!csi_stage_given(stage, batch, "batch"))
        return COSEND_E_USAGE;
    if (batch == self->batch)
        return emit_picked(stage, &all, NULL, NULL);
    status = csi_stage_send_pending(stage);
    if (status != COSEND_OK || csi_stage_refuses(stage))
        return status != COSEND_OK ? status : csi_stage_refusal(stage);
    if (stage->out_schema && batch->schema != stage->out_schema &&
        !csi_schema_equals(batch->schema, stage->out_schema))
        return cosend_fail(self, COSEND_E_USAGE,
                           "it emits a batch of other columns than its "
                           "output has");
    return emit_own(stage, batch);
}

/* ---- Judging ------------------------------------------------------------- */

void cosend_judge_batch(struct cosend_stage *self,
                        const struct cosend_condition *condition,
                        signed char *verdicts)
{
    struct csi_stage *stage = csi_stage_of(self);
    const struct cosend_batch *batch = self->batch;
    struct cosend_record record;
    struct cosend_why why;
    int status;

    if (!csi_stage_has_batch(stage) ||
        !csi_stage_given(stage, condition, "condition"))
        return;
    status = csi_condition_judge_expression(condition, batch, self->map,
                                            &stage->whole_text, verdicts);
    if (status == COSEND_E_MEMORY) {
        csi_stage_no_memory(stage);
        memset(verdicts, COSEND_FALSE, batch->count);
    }
    if (status != COSEND_DONE)
        return;
    if (csi_condition_judge_numbers(condition, batch, self->map, verdicts))
        return;
    for (uint32_t i = 0; i < stage->slots; i++)
        if (!csi_batch_fill(batch, self->map[i])) {
            csi_stage_no_memory(stage);
            memset(verdicts, COSEND_FALSE, batch->count);
            return;
        }
    record = cosend_batch_record(batch, 0);
    record.map = self->map;
    for (uint32_t i = 0; i < batch->count; i++) {
        record.position = i;
        record.row = batch->rows ? csi_batch_row(batch, i) : 0;
        verdicts[i] =
            (signed char)cosend_condition_holds(condition, &record, &why);
    }
}

/* ---- Reading ------------------------------------------------------------- */

bool cosend_numbers_of(struct cosend_stage *self, struct cosend_field field,
                       struct cosend_numbers *numbers)
{
    if (!csi_stage_has_batch(csi_stage_of(self)) ||
        !csi_stage_has_field(csi_stage_of(self), field))
        return false;
    if (csi_batch_numbers(self->batch, self->map[field.slot], numbers))
        return true;
    csi_stage_no_memory(csi_stage_of(self));
    return false;
}
