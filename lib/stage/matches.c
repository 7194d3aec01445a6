/* SPDX-License-Identifier: MIT */
/*
 * A field that options name is a slot of the stage's map, which says where in
 * the input its column is. What patterns take is not known until the columns
 * are; then each column that a list takes becomes a slot of its own, and the
 * list another one, of these:
 *
 *     options    id, *_time             slots 0, 1: a list with patterns
 *     schema     id start_time n end_time
 *     map        0 -  0 1 3             slots 2, 3, 4: what it stands for
 *
 * An open schema has no columns to take; there a record's items are chosen from
 * when it is in hand (field_edits.c, cosend_next_match), unless all of a list
 * are names there.
 */
#include "stage/matches.h"

#include "cosend/matches.h"

#include <string.h>

struct csi_matches {
    struct cosend_fields *found; /* by list of the node */
    uint32_t *by; /* by slot behind the node's: which item took it, from 0 */
    atomic_bool *took;   /* by slot of the node */
    bool shared;         /* took is another run's */
    uint32_t *first_map; /* before slots were added; stores have it */
    struct csi_field_choice choice;
    struct cosend_string *names; /* the choice's */
    size_t names_capacity, chosen_capacity, by_capacity, by_room;
    struct cosend_item *items; /* of the record that is walked */
    size_t item_capacity;
    uint32_t item_count;
};

bool csi_matches_in(const struct csi_stage *stage, struct cosend_fields fields)
{
    for (uint32_t i = 0; i < stage->node->list_count; i++)
        if (fields.count && stage->node->lists[i].first == fields.first)
            return true;
    return false;
}

/* ---- Its memory ---------------------------------------------------------- */

bool csi_matches_init(struct csi_stage *stage)
{
    const struct csi_node *node = stage->node;
    struct csi_matches *matches = csi_calloc(1, sizeof(*matches));

    stage->matches = matches;
    if (!matches)
        return false;
    matches->found =
        csi_calloc((size_t)node->list_count + 1, sizeof(*matches->found));
    matches->took =
        csi_calloc((size_t)node->field_count + 1, sizeof(*matches->took));
    return matches->found && matches->took;
}

void csi_matches_share(struct csi_stage *stage, const struct csi_stage *from)
{
    if (!stage->matches || !from->matches)
        return;
    csi_free(stage->matches->took);
    stage->matches->took = from->matches->took;
    stage->matches->shared = true;
}

void csi_matches_free(struct csi_stage *stage)
{
    struct csi_matches *matches = stage->matches;

    if (!matches)
        return;
    if (!matches->shared)
        csi_free(matches->took);
    csi_free(matches->found);
    csi_free(matches->by);
    csi_free(matches->first_map);
    csi_free(matches->names);
    csi_free(matches->choice.chosen);
    csi_free(matches->choice.by);
    csi_free(matches->items);
    csi_free(matches);
}

/* ---- Choosing ------------------------------------------------------------ */

/* Room to choose from so many names. */
static bool make_room(struct csi_matches *matches, uint32_t count)
{
    struct csi_field_choice *choice = &matches->choice;

    choice->names = NULL;
    choice->count = count;
    choice->open = false;
    if (!csi_grow(&matches->names, &matches->names_capacity, (size_t)count + 1,
                  sizeof(*matches->names)) ||
        !csi_grow(&choice->chosen, &matches->chosen_capacity, (size_t)count + 1,
                  sizeof(*choice->chosen)) ||
        !csi_grow(&choice->by, &matches->by_capacity, (size_t)count + 1,
                  sizeof(*choice->by)))
        return false;
    choice->names = matches->names;
    choice->chosen_count = 0;
    choice->item = 0;
    memset(choice->by, 0, count * sizeof(*choice->by));
    return true;
}

static void choose(struct csi_stage *stage, struct cosend_fields fields)
{
    struct csi_matches *matches = stage->matches;

    for (uint32_t i = fields.first; i < fields.first + fields.count; i++) {
        const struct csi_field_name *field = &stage->node->fields[i];

        if (csi_field_choose(&matches->choice, field->name, field->pattern) &&
            !atomic_load_explicit(&matches->took[i], memory_order_relaxed))
            atomic_store_explicit(&matches->took[i], true,
                                  memory_order_relaxed);
    }
}

bool csi_matches_took(const struct csi_stage *stage, uint32_t slot)
{
    return atomic_load_explicit(&stage->matches->took[slot],
                                memory_order_relaxed);
}

/* ---- Columns ------------------------------------------------------------- */

/* Add a slot for each column that was chosen. */
static bool add_slots(struct csi_stage *stage, struct cosend_fields *found)
{
    const struct csi_field_choice *choice = &stage->matches->choice;
    uint32_t slots = stage->slots + choice->chosen_count;
    uint32_t *map = csi_calloc(2 * (size_t)slots + 1, sizeof(*map));
    uint32_t first = stage->slots - stage->node->field_count;

    if (!map ||
        !csi_grow(&stage->matches->by, &stage->matches->by_room,
                  (size_t)first + choice->chosen_count + 1, sizeof(*map))) {
        csi_free(map);
        return false;
    }
    for (uint32_t i = 0; i < choice->chosen_count; i++)
        stage->matches->by[first + i] = choice->by[choice->chosen[i]] - 1;
    memcpy(map, stage->map, stage->slots * sizeof(*map));
    memcpy(map + stage->slots, choice->chosen,
           choice->chosen_count * sizeof(*map));
    for (uint32_t i = slots; i < 2 * slots; i++)
        map[i] = stage->schema->count;
    *found = (struct cosend_fields){stage->slots, choice->chosen_count};
    if (stage->matches->first_map)
        csi_free(stage->map);
    else
        stage->matches->first_map = stage->map;
    stage->map = map;
    stage->slots = slots;
    return true;
}

bool csi_matches_columns(struct csi_stage *stage)
{
    const struct cosend_schema *schema = stage->schema;

    for (uint32_t i = 0; i < stage->node->list_count && !schema->open; i++) {
        if (!make_room(stage->matches, schema->count))
            return false;
        for (uint32_t c = 0; c < schema->count; c++)
            stage->matches->names[c] = (struct cosend_string){
                schema->columns[c].name, schema->columns[c].length};
        choose(stage, stage->node->lists[i]);
        if (!add_slots(stage, &stage->matches->found[i]))
            return false;
    }
    return true;
}

/* Whether a list has what is no name in an open schema. */
static bool has_patterns(const struct csi_stage *stage,
                         struct cosend_fields fields)
{
    if (csi_matches_in(stage, fields))
        for (uint32_t i = fields.first; i < fields.first + fields.count; i++)
            if (!csi_field_has_name(&stage->node->fields[i]))
                return true;
    return false;
}

struct cosend_fields cosend_matched(const struct cosend_stage *self,
                                    struct cosend_fields fields)
{
    const struct csi_stage *stage = (const struct csi_stage *)self;

    if (stage->schema && stage->schema->open && !has_patterns(stage, fields))
        return fields;
    for (uint32_t i = 0; i < stage->node->list_count; i++)
        if (fields.count && stage->node->lists[i].first == fields.first)
            return stage->matches->found[i];
    return fields;
}

bool cosend_is_pattern(const struct cosend_stage *self,
                       struct cosend_field field)
{
    const struct csi_stage *stage = (const struct csi_stage *)self;
    const struct csi_field_name *fields = stage->node->fields;

    if (field.slot >= stage->node->field_count || !fields[field.slot].pattern)
        return false;
    return !stage->schema || !stage->schema->open ||
           !csi_field_has_name(&fields[field.slot]);
}

bool cosend_matches_vary(const struct cosend_stage *self,
                         struct cosend_fields fields)
{
    const struct csi_stage *stage = (const struct csi_stage *)self;

    return stage->schema && stage->schema->open &&
           (has_patterns(stage, fields) ||
            (fields.count && stage->recipe.changed.count &&
             stage->recipe.changed.first == fields.first));
}

/* ---- Items of a record --------------------------------------------------- */

const uint32_t *csi_matches_items(struct csi_stage *stage,
                                  struct cosend_fields fields,
                                  const struct cosend_item *items,
                                  uint32_t item_count, uint32_t *count)
{
    if (!make_room(stage->matches, item_count))
        return NULL;
    stage->matches->choice.open = true;
    for (uint32_t i = 0; i < item_count; i++)
        stage->matches->names[i] =
            (struct cosend_string){items[i].name, items[i].name_length};
    choose(stage, fields);
    *count = stage->matches->choice.chosen_count;
    return stage->matches->choice.chosen;
}

/* A walk through an open record begins: its items, and which of them. */
static bool begin_walk(struct csi_stage *stage, struct cosend_fields fields,
                       const struct cosend_record *record)
{
    struct csi_matches *matches = stage->matches;
    struct cosend_item item = {0};
    struct cosend_error error = {0};
    uint32_t count;

    matches->item_count = 0;
    while (cosend_next_item(record, &item, &error)) {
        if (item.cell.kind == COSEND_ABSENT)
            continue;
        if (!csi_grow(&matches->items, &matches->item_capacity,
                      (size_t)matches->item_count + 1, sizeof(item)))
            return false;
        matches->items[matches->item_count++] = item;
    }
    return !error.kind && csi_matches_items(stage, fields, matches->items,
                                            matches->item_count, &count);
}

static bool next_chosen(struct csi_stage *stage, struct cosend_fields fields,
                        const struct cosend_record *record,
                        struct cosend_item *item)
{
    const struct csi_field_choice *choice = &stage->matches->choice;
    uint32_t at = item->next;

    if (!at && !begin_walk(stage, fields, record)) {
        csi_stage_no_memory(stage);
        return false;
    }
    if (at == choice->chosen_count)
        return false;
    *item = stage->matches->items[choice->chosen[at]];
    item->next = at + 1;
    item->place = choice->by[choice->chosen[at]] - 1;
    return true;
}

bool csi_matches_next(struct cosend_stage *self, struct cosend_fields fields,
                      const struct cosend_record *record,
                      struct cosend_item *item)
{
    struct csi_stage *stage = csi_stage_of(self);
    struct cosend_fields found;
    const char *name;

    if (cosend_matches_vary(self, fields))
        return next_chosen(stage, fields, record, item);
    for (found = cosend_matched(self, fields); item->next < found.count;) {
        struct cosend_field field = cosend_nth(found, item->next++);

        item->cell = cosend_field(record, field);
        if (stage->schema->open && item->cell.kind == COSEND_ABSENT)
            continue;
        name = cosend_field_name(self, field);
        item->place =
            field.slot < stage->node->field_count
                ? item->next - 1
                : stage->matches->by[field.slot - stage->node->field_count];
        item->name = name;
        item->name_length = (uint32_t)strlen(name);
        return true;
    }
    return false;
}
