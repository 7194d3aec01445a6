/* SPDX-License-Identifier: MIT */
/*
 * A stage's output has the columns of its input, without those that the body
 * has dropped, or only those that it keeps, under their old names or others,
 * and then those that it adds, unless they are moved (layout.h). The body says
 * so before its first receive (recipe.h), so the output's schema is known
 * before the first record.
 *
 *     schema      time  level  text         columns of the input
 *     recipe      drop level; add n
 *     out_schema  time  text   n
 *     out_map        0     2   none         where in the input a column is
 *     added_column             2            where in the output the n-th is
 *
 * An added column of a name that is there already takes its place. An open
 * schema (JSON lines) does not know all fields of a record; there what is
 * dropped is remembered by name (`hidden`), so that the writer leaves it out.
 */
#include "stage/output_schema.h"

#include "plan/option_rows.h"
#include "cosend/matches.h"
#include "stage/compared_fields.h"
#include "stage/inside.h"
#include "stage/layout.h"
#include "stage/led_paths.h"
#include "stage/matches.h"
#include "stage/no_column.h"
#include "stage/open_fields.h"
#include "stage/pen.h"

#include <stdio.h>
#include <string.h>

/* ---- Declaring ----------------------------------------------------------- */

/* The stages below have the schema by now, so it cannot change any more. */
bool csi_stage_may_declare(struct csi_stage *stage)
{
    if (!stage->out_schema)
        return true;
    cosend_fail(&stage->face, COSEND_E_USAGE,
                "it declares columns after its first receive or emit");
    return false;
}

static struct cosend_column add_column(struct cosend_stage *self,
                                       const char *name, uint32_t slot)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct csi_recipe *recipe = &stage->recipe;
    struct cosend_column column = {UINT32_MAX};

    if (!csi_stage_may_declare(stage) ||
        !csi_stage_given(stage, name, "name of a column"))
        return column;
    if (csi_recipe_adds(recipe, name))
        cosend_fail(self, COSEND_E_SPEC,
                    "it makes two columns \"%s\"; a field that is called so is "
                    "given another name before it, by `rename %s=NAME`",
                    name, name);
    if (csi_recipe_add(recipe, name, slot))
        column.index = (uint32_t)recipe->added_count - 1;
    else
        csi_stage_no_memory(stage);
    return column;
}

struct cosend_column cosend_add_column(struct cosend_stage *self,
                                       const char *name)
{
    return add_column(self, name, CSI_NO_SLOT);
}

struct cosend_column cosend_replace_column(struct cosend_stage *self,
                                           struct cosend_field field)
{
    const struct csi_node *node = csi_stage_of(self)->node;
    const char *name;

    if (field.slot >= node->field_count) {
        cosend_fail(self, COSEND_E_USAGE,
                    "it replaces no field of its options");
        return (struct cosend_column){UINT32_MAX};
    }
    name = node->fields[field.slot].name;
    return add_column(self, name ? name : "", field.slot);
}

struct cosend_column cosend_add_line(struct cosend_stage *self)
{
    cosend_drop_columns(self);
    csi_stage_of(self)->recipe.lines = true;
    return cosend_add_column(self, "line");
}

void cosend_drop_columns(struct cosend_stage *self)
{
    if (csi_stage_may_declare(csi_stage_of(self)))
        csi_stage_of(self)->recipe.drop_all = true;
}

void cosend_drop_column(struct cosend_stage *self, struct cosend_field field)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (!csi_stage_may_declare(stage) || !cosend_has_field(field) ||
        !csi_stage_has_field(stage, field))
        return;
    if (!csi_recipe_drop(&stage->recipe, field.slot))
        csi_stage_no_memory(stage);
}

void cosend_drop_fields(struct cosend_stage *self, struct cosend_fields fields)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (csi_matches_in(stage, fields) && csi_stage_may_declare(stage)) {
        stage->recipe.dropped_list = fields;
        csi_open_edits(self);
        return;
    }
    for (uint32_t i = 0; i < fields.count; i++)
        cosend_drop_column(self, cosend_nth(fields, i));
    if (!csi_recipe_unread(&stage->recipe, fields))
        csi_stage_no_memory(stage);
}

void cosend_rename_column(struct cosend_stage *self, struct cosend_field field,
                          const char *name)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct cosend_fields fields = {field.slot, 1};

    if (!csi_stage_may_declare(stage) || !cosend_has_field(field) ||
        !csi_stage_has_field(stage, field) ||
        !csi_stage_given(stage, name, "name of a column"))
        return;
    if (!csi_recipe_rename(&stage->recipe, field.slot, name) ||
        !csi_recipe_unread(&stage->recipe, fields))
        csi_stage_no_memory(stage);
}

void cosend_rename_columns(struct cosend_stage *self,
                           bool (*rule)(const char *name, size_t length,
                                        struct cosend_bytes *to,
                                        const void *own),
                           const void *own)
{
    if (!csi_stage_may_declare(csi_stage_of(self)))
        return;
    csi_stage_of(self)->recipe.rule = rule;
    csi_stage_of(self)->recipe.rule_own = own;
}

void cosend_overwrite_columns(struct cosend_stage *self)
{
    if (csi_stage_may_declare(csi_stage_of(self)))
        csi_stage_of(self)->recipe.overwrite = true;
}

static void move(struct cosend_stage *self, const struct csi_move *move)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (csi_stage_may_declare(stage) && !csi_recipe_move(&stage->recipe, move))
        csi_stage_no_memory(stage);
}

static bool is_place(struct cosend_stage *self, enum cosend_place place,
                     struct cosend_field beside)
{
    if (place == COSEND_PLACE_FIRST || place == COSEND_PLACE_LAST)
        return true;
    if (place == COSEND_PLACE_BEFORE || place == COSEND_PLACE_AFTER)
        return csi_stage_has_field(csi_stage_of(self), beside);
    cosend_fail(self, COSEND_E_USAGE, "it places columns where no place is");
    return false;
}

void cosend_place_column(struct cosend_stage *self, struct cosend_column column,
                         enum cosend_place place, struct cosend_field beside)
{
    struct csi_move to = {
        .column = column, .place = place, .anchor = beside.slot};

    if (csi_pen_has(csi_stage_of(self), column) &&
        is_place(self, place, beside))
        move(self, &to);
}

void cosend_move_columns(struct cosend_stage *self, struct cosend_fields fields,
                         enum cosend_place place, struct cosend_field beside)
{
    struct csi_move to = {
        .fields = fields, .place = place, .anchor = beside.slot};

    if (!fields.count || !is_place(self, place, beside) ||
        !csi_stage_has_fields(csi_stage_of(self), fields))
        return;
    move(self, &to);
    csi_open_edits(self);
    if (!csi_recipe_unread(&csi_stage_of(self)->recipe, fields))
        csi_stage_no_memory(csi_stage_of(self));
}

void cosend_keep_columns(struct cosend_stage *self, struct cosend_fields fields)
{
    if (!csi_stage_may_declare(csi_stage_of(self)))
        return;
    csi_stage_of(self)->recipe.keep = true;
    csi_stage_of(self)->recipe.kept = fields;
}

/* ---- Looking fields up --------------------------------------------------- */

/* Whether a field may lack: the step goes on without it, or another one is in
   its place, as one of a.b and a, which a.b is in, may be. */
static bool is_spared(const struct csi_stage *stage, uint32_t slot)
{
    const struct csi_field_name *field = &stage->node->fields[slot];

    return field->missing || field->is_optional ||
           (field->or_before && slot &&
            stage->map[slot - 1] < stage->schema->count);
}

static bool look_up_slot(struct csi_stage *stage, uint32_t slot)
{
    const char *name = stage->node->fields[slot].name;
    const struct cosend_schema *schema = stage->schema;
    uint32_t column;

    if (name)
        column = csi_schema_find(schema, name, strlen(name));
    else
        column = schema->count == 1 && !schema->open ? 0 : CSI_NO_COLUMN;
    stage->map[slot] = column == CSI_NO_COLUMN ? schema->count : column;
    if (stage->node->fields[slot].pattern) {
        if (schema->unknown || schema->open || csi_matches_took(stage, slot) ||
            is_spared(stage, slot))
            return true;
        csi_tell_unmatched(stage, slot);
        return false;
    }
    if (column != CSI_NO_COLUMN || schema->unknown || (name && schema->open) ||
        is_spared(stage, slot))
        return true;
    if (name)
        csi_tell_unknown_column(stage, slot);
    else
        csi_tell_which_column(stage, slot);
    return false;
}

/* ---- The output's schema ------------------------------------------------- */

/* The names of added columns that stand last, whatever has them already. */
static bool hide_moved(const struct csi_recipe *recipe,
                       struct cosend_schema *hidden)
{
    bool ok = true;

    for (size_t i = 0; ok && i < recipe->move_count; i++) {
        const struct csi_move *move = &recipe->moves[i];
        const char *name;

        if (move->fields.count || move->place != COSEND_PLACE_LAST)
            continue;
        name = recipe->added[move->column.index];
        ok = csi_schema_add(hidden, name, strlen(name), CSI_DENSE);
    }
    return ok;
}

/* In an open schema a field that is dropped has to be told from those that
   only the record knows. */
static bool hide_dropped(struct csi_stage *stage, struct cosend_schema *out)
{
    const struct csi_recipe *recipe = &stage->recipe;
    const struct cosend_schema *older = stage->schema->hidden;
    bool ok = true;

    out->hidden = csi_schema_new();
    if (!out->hidden)
        return false;
    for (uint32_t i = 0; older && ok && i < older->count; i++)
        ok = csi_schema_add(out->hidden, older->columns[i].name,
                            older->columns[i].length, CSI_DENSE);
    for (size_t i = 0; ok && i < recipe->dropped_count; i++) {
        const char *name = stage->node->fields[recipe->dropped[i]].name;

        if (name)
            ok = csi_schema_add(out->hidden, name, strlen(name), CSI_DENSE);
    }
    return ok && hide_moved(recipe, out->hidden) &&
           csi_schema_index(out->hidden);
}

/* The columns become the schema's. */
static bool add_layout(struct csi_stage *stage, struct cosend_schema *out,
                       const struct csi_layout *layout)
{
    for (uint32_t i = 0; i < layout->count; i++) {
        const struct csi_layout_column *column = &layout->columns[i];

        if (!csi_schema_add(out, column->name, column->length, column->origin))
            return false;
        stage->out_map[i] = column->source;
        if (column->added != CSI_NO_COLUMN)
            stage->added_column[column->added] = i;
        out->leading += column->leads && out->leading == i;
    }
    return csi_schema_index(out);
}

/* What records of the output still are of what was read. */
static bool inherit(const struct csi_stage *stage, struct cosend_schema *out)
{
    const struct csi_recipe *recipe = &stage->recipe;
    const struct cosend_schema *in = stage->schema;

    out->open = in->open && !recipe->drop_all && !recipe->keep;
    out->unknown = in->unknown && out->open;
    out->crlf = in->crlf;
    out->nul = in->nul;
    out->format = in->format;
    out->delimiter = in->delimiter;
    out->quote = in->quote;
    /* Names are not in a row of CSV: it is written as it came. */
    out->untouched = in->untouched && !in->open && !in->text &&
                     csi_recipe_only_renames(recipe);
    /* A line that is changed is a line. */
    out->text =
        recipe->added_count == 1 &&
        (recipe->lines || (in->text && (recipe->changed.count ||
                                        recipe->replaced[0] != CSI_NO_SLOT)));
    return !out->text || !in->line || !recipe->joins ||
           csi_schema_set_line(out, in->line, in->line_length);
}

/* Records of no columns have no place in CSV: they would be lost there. */
static bool leaves_nothing(const struct csi_stage *stage,
                           const struct csi_layout *layout)
{
    return !layout->count &&
           (stage->recipe.dropped_count || stage->recipe.dropped_list.count ||
            stage->recipe.keep) &&
           stage->schema->count && !stage->schema->open;
}

/* A column that a filter adds, unless it is there; then it becomes one. */
static bool add_dense(struct cosend_schema *out, const char *name)
{
    uint32_t column = csi_schema_find(out, name, strlen(name));

    if (column == CSI_NO_COLUMN)
        return csi_schema_add(out, name, strlen(name), CSI_DENSE);
    out->columns[column].origin = CSI_DENSE;
    return true;
}

/* The columns of an open output: those that are added and placed first, all
   that steps ask for by name, then the others that are added. */
static bool add_open_columns(struct csi_stage *stage, struct cosend_schema *out,
                             const struct cosend_schema *names)
{
    const struct csi_recipe *recipe = &stage->recipe;
    const struct csi_schema_column *name;
    bool adds = recipe->opening != CSI_REMAKES && !stage->adds_fields;
    uint32_t column;

    for (size_t i = adds ? recipe->move_count : 0; i-- > 0;) {
        const struct csi_move *to = &recipe->moves[i];

        if (to->fields.count || to->place != COSEND_PLACE_FIRST)
            continue;
        if (!add_dense(out, recipe->added[to->column.index]))
            return false;
        out->leading = out->count;
    }
    for (uint32_t i = 0; i < names->count; i++) {
        name = &names->columns[i];
        if (csi_schema_find(out, name->name, name->length) == CSI_NO_COLUMN &&
            !csi_schema_add(out, name->name, name->length, i))
            return false;
    }
    for (uint32_t i = 0; i < recipe->added_count; i++) {
        stage->added_column[i] = CSI_NO_COLUMN;
        if (!adds)
            continue;
        if (!add_dense(out, recipe->added[i]))
            return false;
        column =
            csi_schema_find(out, recipe->added[i], strlen(recipe->added[i]));
        stage->added_column[i] = column;
    }
    for (uint32_t i = 0; i < out->count; i++)
        stage->out_map[i] = CSI_NO_COLUMN;
    return csi_schema_index(out);
}

/* Fields are set by name: cosend/fields.h. */
static int build_open(struct csi_stage *stage)
{
    const struct csi_recipe *recipe = &stage->recipe;
    const struct cosend_schema *names = csi_open_names(stage);
    struct cosend_schema *out = stage->out_schema = csi_schema_new();

    if (!names || !out)
        return COSEND_E_MEMORY;
    if (!inherit(stage, out))
        return COSEND_E_MEMORY;
    out->open = true;
    out->untouched = false;
    stage->out_map = csi_calloc((size_t)names->count + recipe->added_count + 1,
                                sizeof(*stage->out_map));
    stage->added_column =
        csi_calloc(recipe->added_count + 1, sizeof(*stage->added_column));
    return stage->out_map && stage->added_column &&
                   add_open_columns(stage, out, names)
               ? COSEND_OK
               : COSEND_E_MEMORY;
}

/* lacks: what the step names is not all there, which is told. */
static int build_output(struct csi_stage *stage, bool lacks)
{
    const struct csi_recipe *recipe = &stage->recipe;
    struct csi_layout layout;
    struct cosend_schema *out;
    int status;

    if (stage->remakes)
        return build_open(stage);
    if (csi_recipe_changes_nothing(recipe)) {
        stage->out_schema = csi_schema_ref(stage->schema);
        return COSEND_OK;
    }
    status = csi_layout_make(&layout, stage);
    if (status == COSEND_OK && !lacks && leaves_nothing(stage, &layout)) {
        csi_shared_problem(stage->shared, &stage->node->place,
                           "%s leaves no column of any",
                           stage->node->filter->name);
        status = COSEND_E_COLUMN;
    }
    out = stage->out_schema = csi_schema_new();
    stage->out_map =
        csi_calloc((size_t)layout.count + 1, sizeof(*stage->out_map));
    stage->added_column =
        csi_calloc(recipe->added_count + 1, sizeof(*stage->added_column));
    if (status == COSEND_E_MEMORY || !out || !inherit(stage, out) ||
        !stage->out_map || !stage->added_column ||
        (out->open && !hide_dropped(stage, out)) ||
        !add_layout(stage, out, &layout))
        status = COSEND_E_MEMORY;
    csi_layout_free(&layout);
    return status;
}

/* Columns that get new values are added now that they are known. */
static bool add_changed(struct csi_stage *stage)
{
    struct cosend_fields found =
        cosend_matched(&stage->face, stage->recipe.changed);

    stage->recipe.first_changed = (uint32_t)stage->recipe.added_count;
    for (uint32_t i = 0; i < found.count && !stage->schema->open; i++)
        if (!csi_recipe_add(
                &stage->recipe,
                cosend_field_name(&stage->face, cosend_nth(found, i)),
                CSI_NO_SLOT))
            return false;
    return true;
}

/* A body that waited for its input's columns goes on up to its first receive.
   Where it ends before that, what it would have sent is not known: false. */
static bool resume_body(struct csi_stage *stage)
{
    struct cosend_schema *out;

    cosend_send(stage->coroutine, NULL, NULL, NULL);
    if (stage->end == COSEND_NOT_ENDED)
        return true;
    out = stage->out_schema = csi_schema_new();
    if (out)
        out->open = out->unknown = true;
    return false;
}

int csi_stage_set_schema(struct csi_stage *stage, struct cosend_schema *schema)
{
    int status = COSEND_OK, built;

    stage->schema = csi_schema_ref(schema);
    if (stage->awaits && !resume_body(stage))
        return stage->out_schema ? COSEND_OK : csi_stage_no_memory(stage);
    if (!csi_matches_columns(stage) || !add_changed(stage) ||
        !csi_inside_learn(stage))
        return csi_stage_no_memory(stage);
    for (uint32_t i = 0; i < stage->node->field_count; i++) {
        stage->map[stage->slots + i] = schema->count;
        if (!look_up_slot(stage, i))
            status = COSEND_E_COLUMN;
    }
    if (!csi_led_learn(stage) || !csi_compared_learn(stage))
        return csi_stage_no_memory(stage);
    stage->adds_fields = schema->open && csi_recipe_goes_on(&stage->recipe) &&
                         csi_inside_asked(stage);
    if (cosend_matches_vary(&stage->face, stage->recipe.kept) ||
        stage->adds_fields)
        csi_open_edits(&stage->face);
    if (stage->recipe.opening != CSI_CLOSED && !stage->open)
        return csi_stage_no_memory(stage);
    stage->remakes = stage->recipe.opening == CSI_OPENS ||
                     (stage->recipe.opening != CSI_CLOSED && schema->open);
    built = build_output(stage, status < 0);
    if (built == COSEND_E_MEMORY)
        return csi_stage_no_memory(stage);
    return status < 0 ? status : built;
}
