/* SPDX-License-Identifier: MIT */
/* What a stage's output looks like, and how schemas go down the pipeline. */
#include "stage/stage.h"

#include "run/run.h"

#include <string.h>

/* ---- Declaring ----------------------------------------------------------- */

static void no_memory(struct cosend_stage *self)
{
    cosend_fail(self, COSEND_E_MEMORY, "out of memory");
}

static bool is_added(const struct csi_recipe *recipe, const char *name)
{
    for (size_t i = 0; i < recipe->added_count; i++)
        if (strcmp(recipe->added[i], name) == 0)
            return true;
    return false;
}

struct cosend_column cosend_add_column(struct cosend_stage *self,
                                       const char *name)
{
    struct csi_recipe *recipe = &csi_stage_of(self)->recipe;
    struct cosend_column column = {UINT32_MAX};
    char *copy = csi_strndup(name, strlen(name));

    if (is_added(recipe, name))
        cosend_fail(self, COSEND_E_SPEC, "it makes two columns \"%s\"", name);
    if (!copy || !csi_grow(&recipe->added, &recipe->added_capacity,
                           recipe->added_count + 1, sizeof(*recipe->added))) {
        csi_free(copy);
        no_memory(self);
        return column;
    }
    column.index = (uint32_t)recipe->added_count;
    recipe->added[recipe->added_count++] = copy;
    return column;
}

void cosend_drop_columns(struct cosend_stage *self)
{
    csi_stage_of(self)->recipe.drop_all = true;
}

void cosend_drop_column(struct cosend_stage *self, struct cosend_field field)
{
    struct csi_recipe *recipe = &csi_stage_of(self)->recipe;

    if (!csi_grow(&recipe->dropped, &recipe->dropped_capacity,
                  recipe->dropped_count + 1, sizeof(*recipe->dropped)))
        no_memory(self);
    else
        recipe->dropped[recipe->dropped_count++] = field.slot;
}

void cosend_keep_columns(struct cosend_stage *self, struct cosend_fields fields)
{
    csi_stage_of(self)->recipe.keep = true;
    csi_stage_of(self)->recipe.kept = fields;
}

void csi_recipe_free(struct csi_recipe *recipe)
{
    for (size_t i = 0; i < recipe->added_count; i++)
        csi_free(recipe->added[i]);
    csi_free(recipe->added);
    csi_free(recipe->dropped);
}

static bool changes_nothing(const struct csi_recipe *recipe)
{
    return !recipe->drop_all && !recipe->keep && !recipe->dropped_count &&
           !recipe->added_count;
}

/* ---- Looking fields up --------------------------------------------------- */

static void unknown_column(struct csi_stage *stage, uint32_t slot)
{
    const struct csi_field_name *field = &stage->node->fields[slot];
    const struct cosend_schema *schema = stage->schema;
    const char *near = csi_schema_suggest(schema, field->name);

    if (schema->text)
        csi_run_problem(stage->run, &field->place,
                        "the input is text and has no column \"%s\"; did you "
                        "mean `-f csv` or a `parse` step?",
                        field->name);
    else
        csi_run_problem(stage->run, &field->place,
                        "there is no column \"%s\"%s%s%s", field->name,
                        near ? "; did you mean \"" : "", near ? near : "",
                        near ? "\"?" : "");
}

static void which_column(struct csi_stage *stage, uint32_t slot)
{
    const struct csi_field_name *field = &stage->node->fields[slot];

    csi_run_problem(
        stage->run, &field->place, "%s needs `%s`: the records have %u columns",
        stage->node->filter->name, field->option, stage->schema->count);
}

static bool look_up(struct csi_stage *stage, uint32_t slot)
{
    const char *name = stage->node->fields[slot].name;
    const struct cosend_schema *schema = stage->schema;
    uint32_t column;

    if (name)
        column = csi_schema_find(schema, name, strlen(name));
    else
        column = schema->count == 1 && !schema->open ? 0 : CSI_NO_COLUMN;
    stage->map[slot] = column == CSI_NO_COLUMN ? schema->count : column;
    if (column != CSI_NO_COLUMN || schema->unknown || (name && schema->open))
        return true;
    if (name)
        unknown_column(stage, slot);
    else
        which_column(stage, slot);
    return false;
}

/* ---- The output's schema ------------------------------------------------- */

static bool is_dropped(const struct csi_stage *stage, uint32_t column)
{
    const struct csi_recipe *recipe = &stage->recipe;

    for (size_t i = 0; i < recipe->dropped_count; i++)
        if (stage->map[recipe->dropped[i]] == column)
            return true;
    return false;
}

static bool copy_column(struct csi_stage *stage, struct cosend_schema *out,
                        uint32_t column)
{
    const struct csi_schema_column *from = &stage->schema->columns[column];

    if (!csi_schema_add(out, from->name, from->length, from->origin))
        return false;
    stage->out_map[out->count - 1] = column;
    return true;
}

/* A column that an open schema's select names, and the reader knows nothing
   of, stays absent. */
static bool absent_column(struct csi_stage *stage, struct cosend_schema *out,
                          uint32_t slot)
{
    const char *name = stage->node->fields[slot].name;

    if (!csi_schema_add(out, name, strlen(name), CSI_DENSE))
        return false;
    stage->out_map[out->count - 1] = CSI_NO_COLUMN;
    return true;
}

static bool copy_columns(struct csi_stage *stage, struct cosend_schema *out)
{
    const struct csi_recipe *recipe = &stage->recipe;

    if (recipe->drop_all)
        return true;
    if (recipe->keep) {
        for (uint32_t i = 0; i < recipe->kept.count; i++) {
            uint32_t slot = recipe->kept.first + i;
            uint32_t column = stage->map[slot];

            if (column < stage->schema->count
                    ? !copy_column(stage, out, column)
                    : !absent_column(stage, out, slot))
                return false;
        }
        return true;
    }
    for (uint32_t i = 0; i < stage->schema->count; i++)
        if (!is_dropped(stage, i) && !copy_column(stage, out, i))
            return false;
    return true;
}

/* In an open schema a field that is dropped has to be told from those that
   only the record knows. */
static bool hide(struct csi_stage *stage, struct cosend_schema *out)
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
    return ok;
}

static bool add_columns(struct csi_stage *stage, struct cosend_schema *out)
{
    const struct csi_recipe *recipe = &stage->recipe;

    for (size_t i = 0; i < recipe->added_count; i++) {
        const char *name = recipe->added[i];
        uint32_t column = csi_schema_find(out, name, strlen(name));

        if (column == CSI_NO_COLUMN) {
            if (!csi_schema_add(out, name, strlen(name), CSI_DENSE))
                return false;
            column = out->count - 1;
        }
        out->columns[column].origin = CSI_DENSE;
        stage->out_map[column] = CSI_NO_COLUMN;
        stage->added_column[i] = column;
    }
    return true;
}

static bool build(struct csi_stage *stage)
{
    const struct csi_recipe *recipe = &stage->recipe;
    struct cosend_schema *out;
    size_t most = (size_t)stage->schema->count + recipe->added_count +
                  recipe->kept.count + 1;

    if (changes_nothing(recipe)) {
        stage->out_schema = csi_schema_ref(stage->schema);
        return true;
    }
    out = stage->out_schema = csi_schema_new();
    stage->out_map = csi_calloc(most, sizeof(*stage->out_map));
    stage->added_column =
        csi_calloc(recipe->added_count + 1, sizeof(*stage->added_column));
    if (!out || !stage->out_map || !stage->added_column)
        return false;
    out->open = stage->schema->open && !recipe->drop_all && !recipe->keep;
    out->unknown = stage->schema->unknown && out->open;
    out->crlf = stage->schema->crlf;
    out->format = stage->schema->format;
    out->untouched = false;
    return copy_columns(stage, out) && (!out->open || hide(stage, out)) &&
           add_columns(stage, out);
}

/* ---- Announcing ---------------------------------------------------------- */

/* A worker of a team has nothing behind an edge that crosses. */
static int announce_edge(struct csi_edge *edge, struct cosend_schema *schema)
{
    if (edge->crosses)
        return COSEND_OK;
    if (edge->join)
        return csi_join_announce(edge->join, edge->port, schema);
    return csi_stage_announce(edge->stage, schema);
}

int csi_stage_announce_targets(struct csi_stage *stage,
                               struct cosend_schema *schema)
{
    int worst = COSEND_OK;

    if (!stage->out_schema)
        stage->out_schema = csi_schema_ref(schema);
    for (uint32_t i = 0; i < stage->target_count; i++) {
        int status = announce_edge(&stage->targets[i], schema);

        if (status < 0)
            worst = status;
    }
    return worst;
}

int csi_stage_announce(struct csi_stage *stage, struct cosend_schema *schema)
{
    int status = COSEND_OK, below;

    stage->schema = csi_schema_ref(schema);
    for (uint32_t i = 0; i < stage->node->field_count; i++)
        if (!look_up(stage, i))
            status = COSEND_E_COLUMN;
    if (!build(stage))
        return cosend_fail(&stage->face, COSEND_E_MEMORY, "out of memory");
    /* Below, columns are judged against what this step would have given. */
    below = csi_stage_announce_targets(stage, stage->out_schema);
    return status < 0 ? status : below;
}

static int judge(struct csi_stage *stage, int status)
{
    struct cosend_error error = {0};

    if (status >= 0)
        return status;
    cosend_error_set(&error, status,
                     status == COSEND_E_SPEC
                         ? "branches that drop different fields of JSON "
                           "records cannot join again"
                     : status == COSEND_E_MEMORY ? "out of memory"
                                                 : "cannot go on");
    return csi_stage_fail(stage, &error);
}

int csi_stage_announce_first(struct csi_stage *stage,
                             struct cosend_schema *schema)
{
    return judge(stage, csi_stage_announce_targets(stage, schema));
}

int csi_stage_announce_source(struct csi_stage *stage)
{
    struct cosend_schema *none = csi_schema_new();
    int status = COSEND_E_MEMORY;

    if (none) {
        none->unknown = none->open = !stage->recipe.added_count;
        none->untouched = false;
        status = csi_stage_announce(stage, none);
    }
    csi_schema_unref(none);
    return judge(stage, status);
}
