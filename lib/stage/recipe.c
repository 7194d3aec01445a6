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

bool csi_recipe_add(struct csi_recipe *recipe, const char *name)
{
    char *copy = csi_strndup(name, strlen(name));

    if (!copy || !csi_grow(&recipe->added, &recipe->added_capacity,
                           recipe->added_count + 1, sizeof(*recipe->added))) {
        csi_free(copy);
        return false;
    }
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

bool csi_recipe_changes_nothing(const struct csi_recipe *recipe)
{
    return !recipe->drop_all && !recipe->keep && !recipe->dropped_count &&
           !recipe->added_count;
}

void csi_recipe_free(struct csi_recipe *recipe)
{
    for (size_t i = 0; i < recipe->added_count; i++)
        csi_free(recipe->added[i]);
    csi_free(recipe->added);
    csi_free(recipe->dropped);
}
