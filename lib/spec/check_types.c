/* SPDX-License-Identifier: MIT */
#include "cosend/field_types.h"

#include "cosend/base.h"
#include "cosend/filter.h"

#include <string.h>

void cosend_check_types(struct cosend_check *check, const char *option,
                        const struct cosend_list *map, size_t count,
                        const char *(*name)(const void *own, size_t i),
                        const void *own, int *types)
{
    const int *codes = map->items;

    for (size_t key = 0; key < map->count; key++) {
        const char *wanted = map->keys[key].data, *nearest;
        size_t i = 0;

        while (i < count && strcmp(name(own, i), wanted) != 0)
            i++;
        if (i < count) {
            types[i] = codes[key];
            continue;
        }
        nearest = cosend_suggest(wanted, count, name, own);
        cosend_check_error(check, option, "there is no field %.80s%s%.80s",
                           wanted, nearest ? "; did you mean " : "",
                           nearest ? nearest : "");
    }
}
