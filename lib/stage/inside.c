/* SPDX-License-Identifier: MIT */
/*
 * A batch is taken in parts, so that what is before a bad record has gone down
 * when that is told, as if records came one by one. Most steps name no field
 * with a dot: they take their batches whole, and nothing is held.
 */
#include "stage/inside.h"

#include "cosend/nested.h"
#include "cosend/text.h"
#include "record/record.h"
#include "record/record_items.h"

#include <string.h>

struct name {
    const char *text; /* with a dot; the plan's or the recipe's */
    bool is_made;
};

struct csi_inside {
    struct name *names;
    size_t count, capacity;
    const struct cosend_batch *batch; /* held, or NULL; from `next` on */
    uint32_t next;
    const char *name; /* which the record at `next` has inside another, ... */
    bool has_none;    /* ..., or is to get there, ... */
    struct cosend_bytes in; /* ... of that name, ... */
    uint32_t depth;         /* ... so deep */
    struct cosend_bytes text;
};

/* ---- Which fields -------------------------------------------------------- */

static bool learn_name(struct csi_stage *stage, const char *name, bool is_made)
{
    struct csi_inside *inside = stage->inside;

    if (!name || !strchr(name, '.'))
        return true;
    if (!inside)
        inside = stage->inside = csi_calloc(1, sizeof(*inside));
    if (!inside || !csi_grow(&inside->names, &inside->capacity,
                             inside->count + 1, sizeof(*inside->names)))
        return false;
    inside->names[inside->count++] = (struct name){name, is_made};
    return true;
}

static bool learn_slot(struct csi_stage *stage, uint32_t slot)
{
    const struct csi_node *node = stage->node;

    return slot >= node->field_count || node->fields[slot].pattern ||
           learn_name(stage, node->fields[slot].name, false);
}

static bool learn_list(struct csi_stage *stage, struct cosend_fields fields)
{
    bool ok = true;

    for (uint32_t i = 0; ok && i < fields.count; i++)
        ok = learn_slot(stage, fields.first + i);
    return ok;
}

static bool learn_moves(struct csi_stage *stage)
{
    const struct csi_recipe *recipe = &stage->recipe;
    bool ok = true;

    for (size_t i = 0; ok && i < recipe->move_count; i++) {
        const struct csi_move *move = &recipe->moves[i];

        ok = learn_list(stage, move->fields) &&
             (move->place < COSEND_PLACE_BEFORE ||
              learn_slot(stage, move->anchor));
    }
    return ok;
}

/* Whether an option names that field: what a record lacks, the step leaves out.
   An expression that names it may make it all the same. */
static bool is_option(const struct csi_stage *stage, const char *name)
{
    for (uint32_t i = 0; i < stage->node->field_count; i++) {
        const struct csi_field_name *field = &stage->node->fields[i];

        if (!field->is_operand && field->name && strcmp(field->name, name) == 0)
            return true;
    }
    return false;
}

/* What of a path a.b is behind a name a, or NULL. */
static const char *behind(const char *path, const char *name, size_t length)
{
    return length && strncmp(path, name, length) == 0 && path[length] == '.'
               ? path + length + 1
               : NULL;
}

static bool asks_inside(const struct csi_node *node, const char *name)
{
    for (uint32_t i = 0; i < node->field_count; i++)
        if (csi_field_has_name(&node->fields[i]) &&
            behind(node->fields[i].name, name, strlen(name)))
            return true;
    return false;
}

static bool ask_inside(const struct csi_stage *stage, const char *name)
{
    const struct csi_plan *plan = stage->shared->plan;

    for (uint32_t i = stage->index + 1; name && i < plan->node_count; i++)
        if (asks_inside(&plan->nodes[i], name))
            return true;
    return false;
}

bool csi_inside_asked(const struct csi_stage *stage)
{
    const struct csi_recipe *recipe = &stage->recipe;

    for (size_t i = 0; i < recipe->dropped_count; i++)
        if (ask_inside(stage, stage->node->fields[recipe->dropped[i]].name))
            return true;
    for (size_t i = 0; i < recipe->added_count; i++)
        if (ask_inside(stage, recipe->added[i]))
            return true;
    return false;
}

bool csi_inside_learn(struct csi_stage *stage)
{
    const struct csi_recipe *recipe = &stage->recipe;
    bool ok = true;

    if (!stage->schema->open)
        return true;
    for (size_t i = 0; ok && i < recipe->dropped_count; i++)
        ok = learn_slot(stage, recipe->dropped[i]);
    for (size_t i = 0; ok && i < recipe->renamed_count; i++)
        ok = learn_slot(stage, recipe->renamed[i].slot) &&
             learn_name(stage, recipe->renamed[i].name, true);
    ok = ok && learn_list(stage, recipe->dropped_list) &&
         learn_list(stage, recipe->changed) && learn_list(stage, recipe->own) &&
         learn_moves(stage);
    /* What is added to records that go on takes the place of a field. */
    if (!recipe->drop_all && !recipe->keep)
        for (size_t i = 0; ok && i < recipe->added_count; i++)
            ok = learn_name(stage, recipe->added[i],
                            !is_option(stage, recipe->added[i]));
    return ok;
}

/* ---- Records ------------------------------------------------------------- */

/* In how many objects a member is: itself in one, at least; 0: in none. */
static uint32_t member_depth(struct cosend_cell object, const char *path,
                             struct cosend_bytes *text)
{
    struct cosend_item item = {0};

    while (cosend_next_member(object, &item, text)) {
        const char *rest;

        uint32_t depth;

        if (!item.name)
            return 0;
        if (strlen(path) == item.name_length &&
            memcmp(path, item.name, item.name_length) == 0)
            return 1;
        rest = behind(path, item.name, item.name_length);
        depth = rest && item.cell.kind == COSEND_NESTED
                    ? member_depth(item.cell, rest, text)
                    : 0;
        if (depth)
            return depth + 1;
    }
    return 0;
}

static bool is_object(struct cosend_cell cell)
{
    return cell.kind == COSEND_NESTED && *cell.data == '{';
}

/* How many objects there are on the way to a member that is not there. */
static uint32_t way_depth(struct cosend_cell object, const char *path,
                          struct cosend_bytes *text)
{
    struct cosend_item item = {0};

    while (cosend_next_member(object, &item, text)) {
        const char *rest = behind(path, item.name, item.name_length);

        if (rest && is_object(item.cell))
            return 1 + way_depth(item.cell, rest, text);
    }
    return 1;
}

/* Whether a record has a field inside another one only, or one that is made
   would be expected there. */
static bool is_inside(struct csi_stage *stage, const struct name *name,
                      const struct cosend_record *record)
{
    struct csi_inside *inside = stage->inside;
    struct cosend_item item = {0};
    uint32_t found = 0;

    inside->depth = 0;
    while (cosend_walk(&stage->face, record, &item)) {
        const char *rest;
        uint32_t depth;

        if (item.cell.kind == COSEND_ABSENT)
            continue;
        if (strlen(name->text) == item.name_length &&
            memcmp(name->text, item.name, item.name_length) == 0)
            return false;
        rest = behind(name->text, item.name, item.name_length);
        if (found || !rest || item.cell.kind != COSEND_NESTED)
            continue;
        depth = found = member_depth(item.cell, rest, &inside->text);
        if (!found && name->is_made && is_object(item.cell))
            depth = way_depth(item.cell, rest, &inside->text);
        if (!depth || (!found && inside->depth))
            continue;
        inside->depth = depth;
        inside->has_none = !found;
        cosend_bytes_clear(&inside->in);
        cosend_put_raw(&inside->in, item.name, item.name_length);
    }
    return inside->depth;
}

static bool is_good(struct csi_stage *stage, uint32_t position)
{
    struct csi_inside *inside = stage->inside;
    struct cosend_record record = cosend_batch_record(inside->batch, position);

    inside->name = NULL;
    for (size_t i = 0; i < inside->count && !inside->name; i++)
        if (is_inside(stage, &inside->names[i], &record))
            inside->name = inside->names[i].text;
    return !inside->name;
}

/* ---- Batches ------------------------------------------------------------- */

static void let_go(struct csi_inside *inside)
{
    csi_batch_unref(inside->batch);
    inside->batch = NULL;
}

void csi_inside_hold(struct csi_stage *stage, const struct cosend_batch *batch)
{
    stage->inside->batch = csi_batch_ref(batch);
    stage->inside->next = 0;
}

struct cosend_batch *csi_inside_next(struct csi_stage *stage, bool *bad)
{
    struct csi_inside *inside = stage->inside;
    struct cosend_batch *part;
    uint32_t from, count;

    if (!inside || !inside->batch)
        return NULL;
    from = inside->next;
    count = inside->batch->count;
    while (inside->next < count && is_good(stage, inside->next))
        inside->next++;
    *bad = from == inside->next && from < count;
    if (*bad)
        inside->next++;
    if (inside->in.failed || inside->text.failed)
        part = NULL;
    else if (from == 0 && inside->next == count)
        part = csi_batch_ref(inside->batch);
    else
        part = csi_batch_slice(inside->batch, from, inside->next);
    if (!part)
        csi_stage_no_memory(stage);
    if (part && inside->next == count)
        let_go(inside);
    return part;
}

void csi_inside_tell(struct csi_stage *stage,
                     const struct cosend_record *record)
{
    const struct csi_inside *inside = stage->inside;
    int length =
        cosend_shown((const char *)inside->in.data, inside->in.length, 100);

    if (inside->has_none)
        cosend_bad(&stage->face, record, "inside",
                   "%.100s would stand beside the field %.*s, an object, and "
                   "not in it; flatten depth=%u | %s | unflatten puts it there",
                   inside->name, length, (const char *)inside->in.data,
                   (unsigned)inside->depth, stage->node->filter->name);
    else
        cosend_bad(
            &stage->face, record, "inside",
            "%.100s is inside the field %.*s; flatten depth=%u | %s reaches it",
            inside->name, length, (const char *)inside->in.data,
            (unsigned)inside->depth, stage->node->filter->name);
}

void csi_inside_leave(struct csi_stage *stage)
{
    struct csi_inside *inside = stage->inside;

    if (!inside || !inside->batch)
        return;
    stage->counts.in += inside->batch->count - inside->next;
    stage->counts.unread += inside->batch->count - inside->next;
    let_go(inside);
}

void csi_inside_free(struct csi_stage *stage)
{
    struct csi_inside *inside = stage->inside;

    if (!inside)
        return;
    csi_batch_unref(inside->batch);
    csi_free(inside->names);
    cosend_bytes_free(&inside->in);
    cosend_bytes_free(&inside->text);
    csi_free(inside);
}
