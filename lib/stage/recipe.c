/* SPDX-License-Identifier: MIT */
#include "stage/recipe.h"

#include "base/base.h"

#include <string.h>

bool csi_recipe_adds(const struct csi_recipe *recipe, const char *name)
{
    for (size_t i = 0; i < recipe->added_count; i++)
        if (strcmp(recipe->added[i], name) == 0)
            return true;
    return false;
}

bool csi_recipe_add(struct csi_recipe *recipe, const char *name, uint32_t slot)
{
    char *copy = csi_strndup(name, strlen(name));
    size_t count = recipe->added_count + 1;

    if (!copy ||
        !csi_grow(&recipe->added, &recipe->added_capacity, count,
                  sizeof(*recipe->added)) ||
        !csi_grow(&recipe->replaced, &recipe->replaced_capacity, count,
                  sizeof(*recipe->replaced))) {
        csi_free(copy);
        return false;
    }
    recipe->replaced[recipe->added_count] = slot;
    recipe->added[recipe->added_count++] = copy;
    return true;
}

bool csi_recipe_drop(struct csi_recipe *recipe, uint32_t slot)
{
    if (!csi_grow(&recipe->dropped, &recipe->dropped_capacity,
                  recipe->dropped_count + 1, sizeof(*recipe->dropped)))
        return false;
    recipe->dropped[recipe->dropped_count++] = slot;
    return true;
}

bool csi_recipe_rename(struct csi_recipe *recipe, uint32_t slot,
                       const char *name)
{
    struct csi_renaming *renaming;
    char *copy = csi_strndup(name, strlen(name));

    if (!copy ||
        !csi_grow(&recipe->renamed, &recipe->renamed_capacity,
                  recipe->renamed_count + 1, sizeof(*recipe->renamed))) {
        csi_free(copy);
        return false;
    }
    renaming = &recipe->renamed[recipe->renamed_count++];
    *renaming = (struct csi_renaming){slot, copy};
    return true;
}

bool csi_recipe_move(struct csi_recipe *recipe, const struct csi_move *move)
{
    if (!csi_grow(&recipe->moves, &recipe->move_capacity,
                  recipe->move_count + 1, sizeof(*recipe->moves)))
        return false;
    recipe->moves[recipe->move_count++] = *move;
    return true;
}

bool csi_recipe_unread(struct csi_recipe *recipe, struct cosend_fields fields)
{
    if (!csi_grow(&recipe->unread, &recipe->unread_capacity,
                  recipe->unread_count + fields.count, sizeof(*recipe->unread)))
        return false;
    for (uint32_t i = 0; i < fields.count; i++)
        recipe->unread[recipe->unread_count++] = fields.first + i;
    return true;
}

bool csi_recipe_is_unread(const struct csi_recipe *recipe, uint32_t slot)
{
    for (size_t i = 0; i < recipe->unread_count; i++)
        if (recipe->unread[i] == slot)
            return true;
    return false;
}

const char *csi_recipe_new_name(const struct csi_recipe *recipe, uint32_t slot)
{
    for (size_t i = 0; i < recipe->renamed_count; i++)
        if (recipe->renamed[i].slot == slot)
            return recipe->renamed[i].name;
    return NULL;
}

bool csi_recipe_only_renames(const struct csi_recipe *recipe)
{
    return !recipe->drop_all && !recipe->keep && !recipe->dropped_count &&
           !recipe->dropped_list.count && !recipe->added_count &&
           !recipe->move_count && !recipe->overwrite;
}

bool csi_recipe_goes_on(const struct csi_recipe *recipe)
{
    return !recipe->drop_all && !recipe->keep;
}

bool csi_recipe_changes_nothing(const struct csi_recipe *recipe)
{
    return csi_recipe_only_renames(recipe) && !recipe->renamed_count &&
           !recipe->rule;
}

void csi_recipe_free(struct csi_recipe *recipe)
{
    for (size_t i = 0; i < recipe->added_count; i++)
        csi_free(recipe->added[i]);
    for (size_t i = 0; i < recipe->renamed_count; i++)
        csi_free(recipe->renamed[i].name);
    csi_free(recipe->added);
    csi_free(recipe->replaced);
    csi_free(recipe->dropped);
    csi_free(recipe->renamed);
    csi_free(recipe->moves);
    csi_free(recipe->unread);
}
