/* SPDX-License-Identifier: MIT */
/*
 * A recipe is applied in one order, whatever the order of the calls that made
 * it: columns are dropped, or kept; then renamed, all at once; then others are
 * added, or take the place of one that has their name; then columns move, one
 * call after the other.
 */
#include "stage/layout.h"

#include "cosend/matches.h"
#include "cosend/text.h"

#include <string.h>

static void append(struct csi_layout *layout, const char *name, size_t length,
                   uint32_t source, uint32_t origin)
{
    layout->columns[layout->count++] =
        (struct csi_layout_column){.name = name,
                                   .length = length,
                                   .source = source,
                                   .origin = origin,
                                   .added = CSI_NO_COLUMN,
                                   .slot = CSI_NO_COLUMN};
}

/* ---- What is left of the input ------------------------------------------- */

static void append_input(struct csi_layout *layout,
                         const struct csi_stage *stage, uint32_t column)
{
    const struct csi_schema_column *from = &stage->schema->columns[column];

    append(layout, from->name, from->length, column, from->origin);
    layout->columns[layout->count - 1].leads = column < stage->schema->leading;
}

/* A column that an open schema's select names, and the reader knows nothing
   of, stays absent. */
static void append_kept(struct csi_layout *layout,
                        const struct csi_stage *stage, uint32_t slot)
{
    const struct csi_field_name *field;

    if (stage->map[slot] < stage->schema->count) {
        append_input(layout, stage, stage->map[slot]);
        return;
    }
    /* One of the node's: what a pattern takes is a column. */
    field = &stage->node->fields[slot];
    if (stage->schema->open || field->missing != COSEND_MISSING_SKIP)
        append(layout, field->name, strlen(field->name), CSI_NO_COLUMN,
               CSI_DENSE);
}

/* Mark the columns that are dropped; what a slot stands for may be none. */
static void mark_dropped(const struct csi_stage *stage, bool *dropped)
{
    const struct csi_recipe *recipe = &stage->recipe;
    struct cosend_fields list =
        cosend_matched(&stage->face, recipe->dropped_list);

    for (size_t i = 0; i < recipe->dropped_count; i++)
        dropped[stage->map[recipe->dropped[i]]] = true;
    for (uint32_t i = 0; i < list.count; i++)
        dropped[stage->map[list.first + i]] = true;
}

static bool take_input(struct csi_layout *layout, const struct csi_stage *stage)
{
    const struct csi_recipe *recipe = &stage->recipe;
    struct cosend_fields kept = cosend_matched(&stage->face, recipe->kept);
    bool *dropped;

    if (recipe->drop_all)
        return true;
    if (recipe->keep) {
        for (uint32_t i = 0; i < kept.count; i++)
            append_kept(layout, stage, kept.first + i);
        return true;
    }
    dropped = csi_calloc((size_t)stage->schema->count + 1, sizeof(*dropped));
    if (!dropped)
        return false;
    mark_dropped(stage, dropped);
    for (uint32_t i = 0; i < stage->schema->count; i++)
        if (!dropped[i])
            append_input(layout, stage, i);
    csi_free(dropped);
    return true;
}

static void remove_column(struct csi_layout *layout, uint32_t at)
{
    layout->count--;
    memmove(layout->columns + at, layout->columns + at + 1,
            (layout->count - at) * sizeof(*layout->columns));
}

/* ---- Names --------------------------------------------------------------- */

static void rename_by_slots(struct csi_layout *layout,
                            const struct csi_stage *stage)
{
    const struct csi_recipe *recipe = &stage->recipe;

    for (size_t i = 0; i < recipe->renamed_count; i++) {
        const struct csi_renaming *renaming = &recipe->renamed[i];
        uint32_t source = stage->map[renaming->slot];

        for (uint32_t c = 0; c < layout->count; c++)
            if (layout->columns[c].source == source) {
                layout->columns[c].name = renaming->name;
                layout->columns[c].length = strlen(renaming->name);
                layout->columns[c].slot = renaming->slot;
                layout->columns[c].renamed = true;
            }
    }
}

/* The new names stand behind each other, and are found when all are there. */
static bool rename_by_rule(struct csi_layout *layout,
                           const struct csi_recipe *recipe)
{
    struct cosend_bytes *names = &layout->names;
    size_t at = 0;

    for (uint32_t i = 0; recipe->rule && i < layout->count; i++) {
        struct csi_layout_column *column = &layout->columns[i];
        size_t before = names->length;

        column->renamed =
            recipe->rule(column->name, column->length, names, recipe->rule_own);
        if (names->failed)
            return false;
        if (column->renamed)
            column->length = names->length - before;
        else
            names->length = before;
    }
    for (uint32_t i = 0; recipe->rule && i < layout->count; i++) {
        struct csi_layout_column *column = &layout->columns[i];

        if (!column->renamed)
            continue;
        column->name = (const char *)names->data + at;
        at += column->length;
    }
    return true;
}

static bool same_name(const struct csi_layout_column *a,
                      const struct csi_layout_column *b)
{
    return a->length == b->length && memcmp(a->name, b->name, a->length) == 0;
}

/* Another column of that name, or `count`. */
static uint32_t find_other(const struct csi_layout *layout, uint32_t at)
{
    uint32_t i = 0;

    while (i < layout->count &&
           (i == at || !same_name(&layout->columns[i], &layout->columns[at])))
        i++;
    return i;
}

static void report_clash(struct csi_stage *stage,
                         const struct csi_layout_column *column)
{
    const struct csi_node *node = stage->node;
    const struct cosend_schema *schema = stage->schema;
    const char *was = column->source < schema->count
                          ? schema->columns[column->source].name
                          : "";

    csi_shared_problem(
        stage->shared,
        column->slot == CSI_NO_COLUMN ? &node->place
                                      : &node->fields[column->slot].place,
        "column \"%s\" cannot be renamed \"%.*s\": there is one "
        "of that name; overwrite=true drops that",
        was, cosend_shown(column->name, column->length, 200), column->name);
}

/* Columns were renamed: what is in their way goes, or is a mistake. */
static int settle_names(struct csi_layout *layout, struct csi_stage *stage)
{
    int status = COSEND_OK;

    for (uint32_t i = 0; i < layout->count; i++) {
        uint32_t other;

        if (!layout->columns[i].renamed)
            continue;
        while ((other = find_other(layout, i)) < layout->count) {
            if (!stage->recipe.overwrite && status == COSEND_OK) {
                report_clash(stage, &layout->columns[i]);
                status = COSEND_E_COLUMN;
            }
            remove_column(layout, other);
            i -= other < i;
        }
    }
    return status;
}

static int rename_columns(struct csi_layout *layout, struct csi_stage *stage)
{
    const struct csi_recipe *recipe = &stage->recipe;

    if (!recipe->renamed_count && !recipe->rule)
        return COSEND_OK;
    rename_by_slots(layout, stage);
    if (!rename_by_rule(layout, recipe))
        return COSEND_E_MEMORY;
    return settle_names(layout, stage);
}

/* ---- What is added, and where it goes ------------------------------------ */

/* The name of the i-th added column: its own, or that of the field in whose
   place it is, which may be the only one, whatever its name. */
static const char *added_name(const struct csi_stage *stage, uint32_t i)
{
    uint32_t slot = stage->recipe.replaced[i], column;

    if (slot == CSI_NO_SLOT || stage->node->fields[slot].name)
        return stage->recipe.added[i];
    column = stage->map[slot];
    return column < stage->schema->count ? stage->schema->columns[column].name
                                         : "";
}

/* Of an open schema a column that some step asks for by its name: where it
   stands there says nothing of the records, whose fields are in their own
   order, and what is added to them behind, in the order of the steps. */
static bool is_only_asked(const struct csi_stage *stage,
                          const struct csi_layout_column *column)
{
    return stage->schema->open && column->origin < CSI_ASKED;
}

static void add_columns(struct csi_layout *layout,
                        const struct csi_stage *stage)
{
    for (uint32_t i = 0; i < stage->recipe.added_count; i++) {
        const char *name = added_name(stage, i);
        uint32_t at;

        append(layout, name, strlen(name), CSI_NO_COLUMN, CSI_DENSE);
        at = find_other(layout, layout->count - 1);
        if (at < layout->count && !is_only_asked(stage, &layout->columns[at])) {
            layout->columns[at] = layout->columns[--layout->count];
        } else {
            if (at < layout->count)
                remove_column(layout, at);
            at = layout->count - 1;
        }
        layout->columns[at].added = i;
    }
}

static uint32_t find_source(const struct csi_layout *layout, uint32_t source)
{
    uint32_t i = 0;

    while (i < layout->count && layout->columns[i].source != source)
        i++;
    return i;
}

static uint32_t find_added(const struct csi_layout *layout, uint32_t added)
{
    uint32_t i = 0;

    while (i < layout->count && layout->columns[i].added != added)
        i++;
    return i;
}

/* The column that those that move stand beside, and which so does not; or none.
 */
static uint32_t anchor_of(const struct csi_stage *stage,
                          const struct csi_move *move)
{
    return move->place >= COSEND_PLACE_BEFORE &&
                   move->anchor < stage->node->field_count
               ? stage->map[move->anchor]
               : CSI_NO_COLUMN;
}

/* Take those that move out, in their order. Returns how many there are. */
static uint32_t take_movers(struct csi_layout *layout,
                            const struct csi_stage *stage,
                            const struct csi_move *move,
                            struct csi_layout_column *movers)
{
    struct cosend_fields fields = cosend_matched(&stage->face, move->fields);
    uint32_t count = 0;

    if (!move->fields.count) {
        uint32_t at = find_added(layout, move->column.index);

        if (at == layout->count)
            return 0;
        movers[count++] = layout->columns[at];
        remove_column(layout, at);
    }
    for (uint32_t i = 0; i < fields.count; i++) {
        uint32_t source = stage->map[fields.first + i];
        uint32_t at = source < stage->schema->count
                          ? find_source(layout, source)
                          : layout->count;

        if (at == layout->count || source == anchor_of(stage, move))
            continue;
        movers[count++] = layout->columns[at];
        remove_column(layout, at);
    }
    return count;
}

static uint32_t place_of(const struct csi_layout *layout,
                         const struct csi_stage *stage,
                         const struct csi_move *move)
{
    uint32_t at;

    if (move->place == COSEND_PLACE_FIRST)
        return 0;
    if (move->place == COSEND_PLACE_LAST)
        return layout->count;
    at = find_source(layout, stage->map[move->anchor]);
    return at + (at < layout->count && move->place == COSEND_PLACE_AFTER);
}

/* Whether the column to stand beside is there. */
static bool has_anchor(const struct csi_layout *layout,
                       const struct csi_stage *stage,
                       const struct csi_move *move)
{
    uint32_t source = anchor_of(stage, move);

    return move->place < COSEND_PLACE_BEFORE ||
           (source < stage->schema->count &&
            find_source(layout, source) < layout->count);
}

static bool move_columns(struct csi_layout *layout,
                         const struct csi_stage *stage)
{
    const struct csi_recipe *recipe = &stage->recipe;
    struct csi_layout_column *movers;
    bool ok = true;

    for (size_t i = 0; ok && i < recipe->move_count; i++) {
        const struct csi_move *move = &recipe->moves[i];
        size_t most = (size_t)layout->count + 1;
        uint32_t count, at;

        if (!has_anchor(layout, stage, move))
            continue;
        movers = csi_calloc(most, sizeof(*movers));
        if (!movers)
            return false;
        count = take_movers(layout, stage, move, movers);
        at = place_of(layout, stage, move);
        for (uint32_t c = 0; c < count; c++)
            movers[c].leads = move->place == COSEND_PLACE_FIRST &&
                              movers[c].origin == CSI_DENSE;
        memmove(layout->columns + at + count, layout->columns + at,
                (layout->count - at) * sizeof(*movers));
        memcpy(layout->columns + at, movers, count * sizeof(*movers));
        layout->count += count;
        csi_free(movers);
    }
    return ok;
}

/* ---- All of it ----------------------------------------------------------- */

int csi_layout_make(struct csi_layout *layout, struct csi_stage *stage)
{
    const struct csi_recipe *recipe = &stage->recipe;
    size_t most = (size_t)stage->schema->count + recipe->added_count +
                  cosend_matched(&stage->face, recipe->kept).count + 1;
    int status;

    *layout = (struct csi_layout){0};
    layout->columns = csi_calloc(most, sizeof(*layout->columns));
    if (!layout->columns)
        return COSEND_E_MEMORY;
    if (!take_input(layout, stage))
        return COSEND_E_MEMORY;
    status = rename_columns(layout, stage);
    if (status == COSEND_E_MEMORY)
        return status;
    add_columns(layout, stage);
    return move_columns(layout, stage) ? status : COSEND_E_MEMORY;
}

void csi_layout_free(struct csi_layout *layout)
{
    csi_free(layout->columns);
    cosend_bytes_free(&layout->names);
}
