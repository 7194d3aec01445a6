/* SPDX-License-Identifier: MIT */
/*
 * As layout.c does with columns, once: fields are kept or dropped, then they
 * move. Here it is done for each record, over its own items.
 */
#include "stage/field_edits.h"

#include "stage/matches.h"

#include <string.h>

/* Those that are chosen, but for the one at `skip`, come first, in their order,
   and the others behind, in theirs. Returns how many are chosen; SIZE_MAX
   without memory. */
static size_t split(struct csi_stage *stage, struct cosend_fields fields,
                    struct cosend_item *items, uint32_t count, uint32_t skip)
{
    struct cosend_item *copy = csi_calloc((size_t)count + 1, sizeof(*copy));
    bool *is = csi_calloc((size_t)count + 1, sizeof(*is));
    uint32_t chosen_count = 0, at = 0, movers;
    const uint32_t *chosen =
        copy && is
            ? csi_matches_items(stage, fields, items, count, &chosen_count)
            : NULL;

    for (uint32_t i = 0; i < chosen_count; i++)
        is[chosen[i]] = chosen[i] != skip;
    if (count && chosen)
        memcpy(copy, items, count * sizeof(*copy));
    for (uint32_t i = 0; i < chosen_count; i++)
        if (is[chosen[i]])
            items[at++] = copy[chosen[i]];
    movers = at;
    for (uint32_t i = 0; chosen && i < count; i++)
        if (!is[i])
            items[at++] = copy[i];
    csi_free(copy);
    csi_free(is);
    return chosen ? movers : SIZE_MAX;
}

static void reverse(struct cosend_item *items, uint32_t from, uint32_t to)
{
    for (; from + 1 < to; from++, to--) {
        struct cosend_item item = items[from];

        items[from] = items[to - 1];
        items[to - 1] = item;
    }
}

/* The first `movers` of the items go behind the `ahead` that follow them. */
static void rotate(struct cosend_item *items, uint32_t movers, uint32_t ahead)
{
    reverse(items, 0, movers);
    reverse(items, movers, movers + ahead);
    reverse(items, 0, movers + ahead);
}

static uint32_t item_named(const char *name, const struct cosend_item *items,
                           uint32_t count)
{
    uint32_t i = 0;

    while (i < count &&
           (!name || items[i].name_length != strlen(name) ||
            memcmp(items[i].name, name, items[i].name_length) != 0))
        i++;
    return i;
}

static uint32_t find_item(const struct csi_stage *stage, uint32_t slot,
                          const struct cosend_item *items, uint32_t count)
{
    return item_named(
        slot < stage->node->field_count ? stage->node->fields[slot].name : NULL,
        items, count);
}

/* A record without the field to stand beside stays as it is. */
static bool move_items(struct csi_stage *stage, const struct csi_move *move,
                       struct cosend_item *items, uint32_t count)
{
    bool beside = move->place >= COSEND_PLACE_BEFORE;
    uint32_t at = beside ? find_item(stage, move->anchor, items, count) : count;
    size_t movers;

    if (beside && at == count)
        return true;
    movers = split(stage, move->fields, items, count, at);
    if (movers == SIZE_MAX)
        return false;
    if (move->place == COSEND_PLACE_FIRST)
        at = (uint32_t)movers;
    else if (beside)
        at = find_item(stage, move->anchor, items, count) +
             (move->place == COSEND_PLACE_AFTER);
    rotate(items, (uint32_t)movers, at - (uint32_t)movers);
    return true;
}

bool csi_edits_apply(struct csi_stage *stage, struct cosend_item *items,
                     uint32_t *count)
{
    const struct csi_recipe *recipe = &stage->recipe;
    size_t chosen;

    if (recipe->keep) {
        chosen = split(stage, recipe->kept, items, *count, *count);
        if (chosen == SIZE_MAX)
            return false;
        *count = (uint32_t)chosen;
    }
    if (recipe->dropped_list.count) {
        chosen = split(stage, recipe->dropped_list, items, *count, *count);
        if (chosen == SIZE_MAX)
            return false;
        *count -= (uint32_t)chosen;
        if (*count)
            memmove(items, items + chosen, *count * sizeof(*items));
    }
    for (size_t i = 0; i < recipe->move_count; i++)
        if (recipe->moves[i].fields.count &&
            !move_items(stage, &recipe->moves[i], items, *count))
            return false;
    return true;
}

void csi_edits_place_added(const struct csi_stage *stage,
                           struct cosend_item *items, uint32_t count)
{
    const struct csi_recipe *recipe = &stage->recipe;

    for (size_t i = 0; i < recipe->move_count; i++) {
        const struct csi_move *move = &recipe->moves[i];
        uint32_t at, to;

        if (move->fields.count)
            continue;
        at = item_named(recipe->added[move->column.index], items, count);
        to = move->place == COSEND_PLACE_FIRST ? 0 : count;
        if (move->place >= COSEND_PLACE_BEFORE)
            to = find_item(stage, move->anchor, items, count) +
                 (move->place == COSEND_PLACE_AFTER);
        if (at == count || to > count)
            continue;
        if (at < to)
            rotate(items + at, 1, to - at - 1);
        else
            rotate(items + to, at - to, 1);
    }
}
