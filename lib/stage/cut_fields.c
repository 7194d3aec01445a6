/* SPDX-License-Identifier: MIT */
/*
 * Fields that are the same in every record, cut out of one of its fields, a
 * batch at a time. What is cut is a slice; a field whose value is made of its
 * slice is made when somebody asks for it.
 */
#include "cosend/cut_fields.h"

#include "cosend/batches.h"
#include "cosend/fill.h"
#include "cosend/receive.h"
#include "cosend/stage.h"
#include "base/base.h"
#include "match/grok.h"
#include "stage/made_columns.h"
#include "stage/stage.h"

#include <string.h>

/* As many as either way to cut may have. */
enum { MOST_FIELDS = COSEND_GROK_FIELDS };

/* What is cut out of a batch's records. What fills has of it lives longer than
   the body. */
struct batch_cuts {
    const struct cosend_cut_fields *how;    /* the body's */
    const struct cosend_line_field *fields; /* of a form; or NULL */
    struct cosend_cells from;
    size_t count;
    struct cosend_cell *of[MOST_FIELDS]; /* a field's, by position; NULL:
                                            unwanted */
};

/* A body's work. */
struct cut_work {
    const struct cosend_cut_fields *how;
    struct csi_made_columns *made;
    struct cosend_bytes *value; /* of a part that is converted */
};

static size_t count_fields(const struct cosend_cut_fields *how)
{
    return how->form ? how->form->count : cosend_grok_fields(how->grok);
}

/* ---- Values -------------------------------------------------------------- */

static bool is_whole(struct cosend_cell part, struct cosend_cell from)
{
    return part.data == from.data && part.length == from.length;
}

/* A part that is all is none: the field itself is left there. */
static bool fill_value(struct cosend_fill *fill, uint32_t i,
                       struct cosend_bytes *bytes)
{
    const struct batch_cuts *cuts = fill->own;
    uint32_t column = fill->column.index, at = fill->positions[i];
    struct cosend_cell part = cuts->of[column][at];
    struct cosend_cell value =
        is_whole(part, cosend_cell_at(&cuts->from, at))
            ? part
            : cosend_line_value(&cuts->fields[column], part, bytes);
    char *copy;

    if (bytes->failed)
        return false;
    if (value.length) {
        copy = cosend_fill_bytes(fill, value.length);
        if (!copy)
            return false;
        memcpy(copy, value.data, value.length);
        value.data = copy;
    }
    fill->cells[i] = value;
    return true;
}

static bool fill_values(struct cosend_fill *fill)
{
    struct cosend_bytes bytes = {0};
    bool good = true;

    for (uint32_t i = 0; i < fill->count && good; i++)
        good = fill_value(fill, i, &bytes);
    cosend_bytes_free(&bytes);
    return good;
}

static struct cosend_cell *new_parts(struct cosend_stage *self,
                                     const struct batch_cuts *cuts, size_t i,
                                     uint32_t records, bool typed)
{
    struct cosend_column to = cuts->how->to[i];
    struct cosend_cell *parts;

    if (!cuts->fields || !cuts->fields[i].make || typed)
        return cosend_set_column(self, to);
    parts = cosend_stage_bytes(self, records * sizeof(*parts));
    if (!parts)
        return NULL;
    memset(parts, 0, records * sizeof(*parts));
    cosend_fill_column(self, to, fill_values, cuts);
    return parts;
}

static struct batch_cuts *new_batch_cuts(struct cosend_stage *self,
                                         const struct cut_work *work,
                                         uint32_t records)
{
    const struct cosend_cut_fields *how = work->how;
    struct batch_cuts *cuts = cosend_stage_bytes(self, sizeof(*cuts));

    if (!cuts)
        return NULL;
    cuts->how = how;
    cuts->fields = how->form ? how->form->fields : NULL;
    cuts->from = cosend_column_of(self, how->field);
    cuts->count = count_fields(how);
    for (size_t i = 0; i < cuts->count; i++) {
        cuts->of[i] = NULL;
        if (!cosend_column_wanted(self, how->to[i]))
            continue;
        cuts->of[i] =
            new_parts(self, cuts, i, records, csi_is_typed(work->made, i));
        if (!cuts->of[i])
            return NULL;
    }
    return cuts;
}

/* ---- Records ------------------------------------------------------------- */

static enum cosend_match cut_cell(const struct cosend_cut_fields *how,
                                  struct cosend_cell cell,
                                  struct cosend_cell *parts, const char **where)
{
    if (!how->form)
        return cosend_grok_match(how->grok, cell, parts);
    *where = how->form->cut(how->form, cell, parts);
    return *where ? COSEND_NO_MATCH : COSEND_MATCH;
}

static const char *name_column(struct cosend_stage *self,
                               struct cosend_column column)
{
    return csi_stage_of(self)->recipe.added[column.index];
}

/* A field that was to be taken apart, and that one of its parts is called as,
   is left too. */
static void keep_field(struct cosend_stage *self, const struct batch_cuts *cuts,
                       uint32_t position, struct cosend_cell cell)
{
    const char *name = cosend_field_name(self, cuts->how->field);

    for (size_t i = 0; name && i < cuts->count; i++)
        if (cuts->of[i] &&
            strcmp(name, name_column(self, cuts->how->to[i])) == 0)
            cuts->of[i][position] = cell;
}

/* Whether the record has room for the parts, and they are what they are to be,
   which they become; if not it is bad. */
static bool take_parts(struct cosend_stage *self, const struct cut_work *work,
                       const struct batch_cuts *cuts, uint32_t position,
                       struct cosend_cell *parts)
{
    if (!csi_made_columns_look(work->made))
        return true;
    if (!csi_made_columns_room(self, work->made, position))
        return false;
    for (size_t i = 0; i < cuts->count; i++) {
        struct cosend_cell part = parts[i];

        if (!csi_is_typed(work->made, i))
            continue;
        if (cuts->fields && cuts->fields[i].make)
            parts[i] = cosend_line_value(&cuts->fields[i], part, work->value);
        if (!csi_type_cell(self, work->made, i, position, part, &parts[i]))
            return false;
    }
    return true;
}

/* Whether the record is sent on. */
static bool cut_record(struct cosend_stage *self, const struct cut_work *work,
                       const struct batch_cuts *cuts, uint32_t position)
{
    struct cosend_cell cell = cosend_cell_at(&cuts->from, position);
    CSI_UNCLEARED struct cosend_cell parts[MOST_FIELDS];
    const char *where = NULL;
    enum cosend_match answer = cut_cell(cuts->how, cell, parts, &where);
    struct cosend_record record;

    if (answer == COSEND_MATCH) {
        if (!take_parts(self, work, cuts, position, parts))
            return false;
        for (size_t i = 0; i < cuts->count; i++)
            if (cuts->of[i])
                cuts->of[i][position] = parts[i];
        return true;
    }
    if (answer == COSEND_NO_MATCH && !cuts->how->is_other)
        return false;
    record = cosend_record_at(self, position);
    if (answer == COSEND_MATCH_MEMORY) {
        cosend_fail(self, COSEND_E_MEMORY, "out of memory");
        return false;
    }
    if (answer != COSEND_NO_MATCH) {
        cosend_bad(self, &record, "match_limit", "the pattern %s",
                   cosend_match_problem(answer));
        return false;
    }
    if (!cuts->how->is_other(self, &record, where, cuts->how->own))
        return false;
    keep_field(self, cuts, position, cell);
    return true;
}

static bool send_cuts(struct cosend_stage *self, const struct cut_work *work,
                      uint32_t records)
{
    const struct batch_cuts *cuts = new_batch_cuts(self, work, records);
    uint32_t *positions =
        cosend_stage_bytes(self, records * sizeof(*positions));
    uint32_t kept = 0;

    if (!cuts || !positions)
        return false;
    csi_made_columns_begin(self, work->made);
    /* One that is bad may fail the step. */
    for (uint32_t i = 0; i < records && !cosend_ended(self); i++)
        if (cut_record(self, work, cuts, i))
            positions[kept++] = i;
    cosend_emit_picked(self, positions, kept);
    return !work->value->failed && !csi_made_columns_failed(work->made);
}

int cosend_send_cut_fields(struct cosend_stage *self,
                           const struct cosend_cut_fields *how)
{
    const struct cosend_batch *batch;
    struct cut_work work = {
        how,
        csi_made_columns_new(self, how->to, how->types, how->is_free, how->own),
        cosend_stage_text(self)};

    if (!work.made || !work.value)
        return COSEND_E_MEMORY;
    if (how->grok && !how->is_other)
        csi_stage_of(self)->sieve = csi_grok_regex(how->grok);
    while ((batch = cosend_receive_batch(self)))
        if (!send_cuts(self, &work, cosend_batch_count(batch)))
            return cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    return 0;
}
