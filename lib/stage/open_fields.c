/* SPDX-License-Identifier: MIT */
/*
 * A batch of an open schema has its fields with its rows, which can be walked.
 * So records that get fields by name get rows of their own, over the block that
 * they were read from, at the same places: they still know where they come
 * from, and a reject shows their bytes. What is walked is a list for each row:
 *
 *     rows as read     {"a":1,"b":2}     {"a":3}        block
 *          ^ base      ^                 ^
 *     rows made     ---+-----------------+
 *       list           x=1 b=2           x=3            items
 *
 * An item's value is the record's own bytes, which the rows keep alive through
 * `base`, or a copy in their arena. Nothing of it is made later, so the rows
 * need their base for its memory alone, in whichever thread.
 *
 * The schema has a column for each name that any step asks for, at the place
 * that the reader of JSON lines gives it: so these records join those that came
 * another way. Its cells are found by name when somebody asks.
 */
#include "stage/open_fields.h"

#include "cosend/fields.h"
#include "format/json_cell.h"
#include "record/record_items.h"
#include "stage/field_edits.h"
#include "stage/made_rows.h"
#include "stage/matches.h"
#include "stage/seen_fields.h"
#include "stage/set_fields.h"

#include <string.h>

struct item_list {
    const struct cosend_item *items;
    uint32_t count;
};

struct csi_open {
    struct cosend_schema *names; /* that steps ask for, in the reader's order */
    struct csi_set_fields set;   /* for the next emit */
    const char *named;           /* cosend_field_column's */
    size_t named_length;
    struct cosend_item *items; /* of the record that is being written */
    size_t item_capacity;
    struct item_list *lists; /* of pending records */
    size_t list_capacity;
    struct csi_arena text; /* of set and lists */
    struct csi_seen seen;
};

/* What rows have of their own. */
struct made_rows {
    const struct cosend_batch *base; /* or NULL */
    struct cosend_schema *names;     /* by base column */
    const struct item_list *lists;   /* by row */
};

/* ---- Declaring and setting ----------------------------------------------- */

static void declare_opening(struct cosend_stage *self, enum csi_opening opening)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (stage->out_schema) {
        cosend_fail(self, COSEND_E_USAGE,
                    "it opens its columns after its first receive or emit");
        return;
    }
    if (!stage->open)
        stage->open = csi_calloc(1, sizeof(*stage->open));
    if (!stage->open)
        csi_stage_no_memory(stage);
    stage->recipe.opening = opening;
}

void cosend_open_columns(struct cosend_stage *self)
{
    declare_opening(self, CSI_OPENS);
}

void cosend_remake_fields(struct cosend_stage *self)
{
    declare_opening(self, CSI_REMAKES);
}

void csi_open_edits(struct cosend_stage *self)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (!stage->matches && !csi_matches_init(stage))
        csi_stage_no_memory(stage);
    else if (stage->recipe.opening == CSI_CLOSED)
        declare_opening(self, CSI_EDITS);
}

static bool is_named(const struct cosend_item *item, const char *name,
                     size_t length)
{
    return item->name_length == length &&
           (!length || memcmp(item->name, name, length) == 0);
}

/* The place of a field among those set: its own, or a new one. NULL without
   memory. */
static struct cosend_item *set_place(struct csi_open *open, const char *name,
                                     size_t length)
{
    uint32_t at = csi_set_find(&open->set, name, length);
    char *copy;

    if (at != CSI_NOT_SET)
        return &open->set.items[at];
    copy = csi_arena_bytes(&open->text, length);
    if (!copy)
        return NULL;
    if (length)
        memcpy(copy, name, length);
    return csi_set_add(&open->set, copy, length);
}

/* The item to set, emptied; NULL, with the step failed, where there is none. */
static struct cosend_item *begin_set(struct cosend_stage *self,
                                     const char *name, size_t length)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct cosend_item *item;

    if (!stage->remakes || length > UINT32_MAX) {
        cosend_fail(self, COSEND_E_USAGE,
                    "it sets a field, and its columns are not open");
        return NULL;
    }
    if (length && !csi_stage_given(stage, name, "name of a field"))
        return NULL;
    item = set_place(stage->open, name, length);
    if (!item) {
        csi_stage_no_memory(stage);
        return NULL;
    }
    item->cell = csi_absent;
    item->raw = NULL;
    item->raw_length = 0;
    return item;
}

void cosend_set_field(struct cosend_stage *self, const char *name,
                      size_t length, struct cosend_cell cell)
{
    struct cosend_item *item = begin_set(self, name, length);
    char *copy;

    if (!item || !csi_stage_has_cell(csi_stage_of(self), &cell))
        return;
    if (cell.length) {
        copy = csi_arena_bytes(&csi_stage_of(self)->open->text, cell.length);
        if (!copy) {
            csi_stage_no_memory(csi_stage_of(self));
            return;
        }
        memcpy(copy, cell.data, cell.length);
        cell.data = copy;
    }
    item->cell = cell;
}

struct cosend_column cosend_field_column(struct cosend_stage *self,
                                         const char *name, size_t length)
{
    struct csi_stage *stage = csi_stage_of(self);

    if (!stage->open)
        cosend_fail(self, COSEND_E_USAGE,
                    "it names a field, and its columns are not open");
    if (stage->open) {
        stage->open->named = name;
        stage->open->named_length = length;
    }
    return (struct cosend_column){stage->open ? CSI_BY_NAME : UINT32_MAX};
}

void csi_open_set(struct csi_stage *stage, struct cosend_cell cell)
{
    cosend_set_field(&stage->face, stage->open->named,
                     stage->open->named_length, cell);
}

void cosend_set_item(struct cosend_stage *self, const char *name, size_t length,
                     const struct cosend_item *item)
{
    struct cosend_item *to;

    if (!csi_stage_given(csi_stage_of(self), item, "field"))
        return;
    to = begin_set(self, name ? name : item->name,
                   name ? length : (size_t)item->name_length);
    if (!to)
        return;
    to->cell = item->cell;
    to->raw = item->raw;
    to->raw_length = item->raw_length;
}

struct csi_set_fields *csi_open_fields(struct csi_stage *stage,
                                       struct csi_arena **text)
{
    *text = &stage->open->text;
    return &stage->open->set;
}

uint32_t csi_open_find(struct csi_stage *stage, const char *name, size_t length)
{
    return stage->open ? csi_set_find(&stage->open->set, name, length)
                       : CSI_NOT_SET;
}

void csi_open_forget(struct csi_stage *stage)
{
    if (stage->open)
        csi_set_clear(&stage->open->set);
}

/* ---- The schema ---------------------------------------------------------- */

static bool add_name(struct cosend_schema *schema, const char *name)
{
    size_t length = strlen(name);

    return csi_schema_find(schema, name, length) != CSI_NO_COLUMN ||
           csi_schema_add(schema, name, length, schema->count);
}

const struct cosend_schema *csi_open_names(struct csi_stage *stage)
{
    const struct csi_plan *plan = stage->shared->plan;
    struct cosend_schema *names = stage->open->names;
    bool ok = true;

    if (names)
        return names;
    names = stage->open->names = csi_schema_new();
    for (uint32_t i = 0; names && ok && i < plan->node_count; i++)
        for (uint32_t j = 0; ok && j < plan->nodes[i].field_count; j++)
            if (csi_field_has_name(&plan->nodes[i].fields[j]))
                ok = add_name(names, plan->nodes[i].fields[j].name);
    return ok ? names : NULL;
}

/* ---- Pending records ----------------------------------------------------- */

static bool is_dropped(const struct csi_stage *stage,
                       const struct cosend_item *item)
{
    const struct csi_recipe *recipe = &stage->recipe;

    for (size_t i = 0; i < recipe->dropped_count; i++) {
        uint32_t slot = recipe->dropped[i];
        const char *name = stage->node->fields[slot].name;

        if (name ? is_named(item, name, strlen(name))
                 : stage->schema->count == 1)
            return true;
    }
    return false;
}

static bool add_to_list(struct csi_open *open, uint32_t *count,
                        const struct cosend_item *item)
{
    if (!csi_grow(&open->items, &open->item_capacity, (size_t)*count + 1,
                  sizeof(*open->items)))
        return false;
    open->items[(*count)++] = *item;
    return true;
}

/* What is set of a name; it is taken. */
static bool take_set(struct csi_open *open, struct cosend_item *item)
{
    uint32_t at = csi_set_find(&open->set, item->name, item->name_length);
    struct cosend_item *set;

    if (at == CSI_NOT_SET || open->set.items[at].place)
        return false;
    set = &open->set.items[at];
    item->cell = set->cell;
    item->raw = set->raw;
    item->raw_length = set->raw_length;
    set->place = 1;
    return true;
}

/* The record's own fields, and what was set in the place of some. */
static bool list_own(struct csi_stage *stage,
                     const struct cosend_record *record, uint32_t *count)
{
    struct cosend_item item = {0};
    struct cosend_error error = {0};

    while (cosend_next_item(record, &item, &error)) {
        struct cosend_item own = item;

        if (is_dropped(stage, &item))
            continue;
        take_set(stage->open, &own);
        if (own.cell.kind != COSEND_ABSENT &&
            !add_to_list(stage->open, count, &own))
            return false;
    }
    return !error.kind && (stage->recipe.opening != CSI_EDITS ||
                           csi_edits_apply(stage, stage->open->items, count));
}

static bool list_set(struct csi_open *open, uint32_t *count)
{
    for (uint32_t i = 0; i < open->set.count; i++)
        if (!open->set.items[i].place &&
            open->set.items[i].cell.kind != COSEND_ABSENT &&
            !add_to_list(open, count, &open->set.items[i]))
            return false;
    return true;
}

static bool keep_list(struct csi_open *open, uint32_t at, uint32_t count)
{
    struct cosend_item *copy;

    if (!csi_grow(&open->lists, &open->list_capacity, (size_t)at + 1,
                  sizeof(*open->lists)))
        return false;
    copy = csi_arena_get(&open->text, count * sizeof(*copy));
    if (!copy)
        return false;
    if (count)
        memcpy(copy, open->items, count * sizeof(*copy));
    open->lists[at] = (struct item_list){copy, count};
    csi_set_clear(&open->set);
    return true;
}

bool csi_open_write(struct csi_stage *stage, const struct cosend_batch *base,
                    uint32_t position, uint32_t at)
{
    struct csi_open *open = stage->open;
    struct cosend_record record;
    uint32_t count = 0;
    bool ok = true;

    if (base && stage->recipe.opening != CSI_REMAKES &&
        !stage->recipe.drop_all) {
        record = cosend_batch_record(base, position);
        ok = list_own(stage, &record, &count);
    }
    ok = ok && list_set(open, &count);
    if (ok && stage->adds_fields)
        csi_edits_place_added(stage, open->items, count);
    return ok && keep_list(open, at, count);
}

/* ---- Rows ---------------------------------------------------------------- */

static void release_made(struct csi_rows *rows)
{
    struct made_rows *made = rows->own;

    csi_batch_unref(made->base);
    csi_schema_unref(made->names);
}

static bool walk_made(struct csi_rows *rows, uint32_t row,
                      struct cosend_item *item, struct cosend_error *error)
{
    const struct made_rows *made = rows->own;
    const struct item_list *list = &made->lists[row];
    const struct cosend_item *from;

    (void)error;
    if (item->next >= list->count)
        return false;
    from = &list->items[item->next++];
    item->name = from->name;
    item->name_length = from->name_length;
    item->cell = from->cell;
    item->raw = from->raw;
    item->raw_length = from->raw_length;
    return true;
}

static const struct cosend_item *find_item(const struct item_list *list,
                                           const char *name, size_t length)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (is_named(&list->items[i], name, length))
            return &list->items[i];
    return NULL;
}

/* What a.b names is a field of that name, or what is in a, as the reader of
   JSON lines has it. False without memory. */
static bool find_cell(const struct item_list *list,
                      const struct csi_schema_column *column,
                      struct csi_arena *arena, struct cosend_cell *cell)
{
    const char *name = column->name, *dot;
    bool repeats = false; /* the reader tells of that */
    const struct cosend_item *item = find_item(list, name, column->length);

    *cell = item ? item->cell : csi_absent;
    dot = item ? NULL : memchr(name, '.', column->length);
    if (dot)
        item = find_item(list, name, (size_t)(dot - name));
    return !dot || !item ||
           csi_json_follow(item->cell, dot + 1,
                           column->length - (size_t)(dot + 1 - name), arena,
                           cell, &repeats);
}

static bool fill_made(struct csi_rows *rows, uint32_t column)
{
    const struct made_rows *made = rows->own;
    struct cosend_cell *cells =
        csi_arena_get(&rows->arena, rows->count * sizeof(*cells));

    if (!cells)
        return false;
    for (uint32_t row = 0; row < rows->count; row++)
        if (!find_cell(&made->lists[row], &made->names->columns[column],
                       &rows->arena, &cells[row]))
            return false;
    rows->cells[column] = cells;
    return true;
}

/* The memory of what is set is the rows' now, and the next emit is another's.
 */
static bool save_set(struct csi_open *open)
{
    for (uint32_t i = 0; i < open->set.count; i++) {
        struct cosend_item *item = &open->set.items[i];
        size_t length = item->name_length;
        char *copy = csi_arena_bytes(&open->text, length + item->cell.length);

        if (!copy)
            return false;
        if (length)
            memcpy(copy, item->name, length);
        item->name = copy;
        if (!item->cell.length)
            continue;
        memcpy(copy + length, item->cell.data, item->cell.length);
        item->cell.data = copy + length;
    }
    return true;
}

/* Their lists become the rows'. */
static bool own_lists(struct csi_stage *stage, struct cosend_batch *batch,
                      struct csi_rows *rows)
{
    struct made_rows *made = csi_arena_get(&rows->arena, sizeof(*made));
    size_t size = batch->count * sizeof(struct item_list);
    struct item_list *lists = csi_arena_get(&rows->arena, size);
    struct cosend_schema *names = stage->open->names;
    size_t columns = ((size_t)names->count + 1) * sizeof(*rows->cells);

    rows->cells = csi_arena_get(&rows->arena, columns);
    if (!made || !lists || !rows->cells)
        return false;
    memcpy(lists, stage->open->lists, size);
    memset(rows->cells, 0, columns);
    rows->column_count = names->count;
    *made = (struct made_rows){stage->base ? csi_batch_ref(stage->base) : NULL,
                               csi_schema_ref(names), lists};
    rows->own = made;
    rows->release = release_made;
    rows->walk = walk_made;
    rows->walk_is_own = true;
    rows->fill = fill_made;
    csi_arena_join(&rows->arena, &stage->open->text);
    return save_set(stage->open);
}

bool csi_open_rows(struct csi_stage *stage, struct cosend_batch *batch)
{
    struct csi_rows *rows = csi_made_rows(batch);

    if (!rows || !csi_made_ordinals(batch) || !own_lists(stage, batch, rows)) {
        csi_rows_unref(rows);
        return false;
    }
    csi_rows_unref(batch->rows);
    batch->rows = rows;
    batch->first_row = 0;
    batch->selection = NULL;
    batch->complete = false;
    for (uint32_t i = 0; i < batch->schema->count; i++)
        if (batch->schema->columns[i].origin != CSI_DENSE)
            batch->columns[i] =
                (struct cosend_column_cells){NULL, UINT32_MAX, 0};
    return csi_seen_note(&stage->open->seen, stage, stage->open->names, batch);
}

struct csi_seen *csi_open_seen(const struct csi_stage *stage)
{
    return stage->remakes ? &stage->open->seen : NULL;
}

void csi_open_free(struct csi_stage *stage)
{
    struct csi_open *open = stage->open;

    if (!open)
        return;
    csi_set_free(&open->set);
    csi_free(open->items);
    csi_free(open->lists);
    csi_schema_unref(open->names);
    csi_arena_free(&open->text);
    csi_seen_free(&open->seen);
    csi_free(open);
}
