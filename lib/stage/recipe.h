/* SPDX-License-Identifier: MIT */
/* What a filter's body declares of its output, before its first receive. */
#ifndef CSI_RECIPE_H
#define CSI_RECIPE_H

#include "cosend/stage.h"

struct csi_recipe {
    bool drop_all;
    bool keep; /* only columns kept[] */
    struct cosend_fields kept;
    uint32_t *dropped; /* slots */
    size_t dropped_count, dropped_capacity;
    char **added; /* names */
    size_t added_count, added_capacity;
};

/* Whether a column of that name is added. */
bool csi_recipe_adds(const struct csi_recipe *recipe, const char *name);
/* Add a column; the name is copied. False without memory. */
bool csi_recipe_add(struct csi_recipe *recipe, const char *name);
/* Drop the column of a slot. False without memory. */
bool csi_recipe_drop(struct csi_recipe *recipe, uint32_t slot);
/* Whether the output looks like the input. */
bool csi_recipe_changes_nothing(const struct csi_recipe *recipe);
void csi_recipe_free(struct csi_recipe *recipe);

#endif
