/* SPDX-License-Identifier: MIT */
#include "stage/set_fields.h"

#include "base/base.h"

#include <string.h>

/* Of so many each is looked at; of more there is a table, so that records of
   tens of thousands of fields take no time that is the square of that. */
enum { FEW = 64 };

/* Those that the table has not yet; without memory it is not there. */
static void name_all(struct csi_set_fields *set)
{
    if (!set->by_name)
        set->by_name = cosend_table_new(sizeof(uint32_t), NULL);
    for (; set->by_name && set->named < set->count; set->named++) {
        const struct cosend_item *item = &set->items[set->named];
        uint32_t *at =
            cosend_table_get(set->by_name, item->name, item->name_length, NULL);

        if (at) {
            *at = set->named;
            continue;
        }
        cosend_table_free(set->by_name);
        set->by_name = NULL;
        set->named = 0;
        return;
    }
}

uint32_t csi_set_find(struct csi_set_fields *set, const char *name,
                      size_t length)
{
    const uint32_t *at;

    if (set->count > FEW)
        name_all(set);
    if (set->by_name) {
        at = cosend_table_find(set->by_name, name, length);
        return at ? *at : CSI_NOT_SET;
    }
    for (uint32_t i = 0; i < set->count; i++)
        if (set->items[i].name_length == length &&
            (!length || memcmp(set->items[i].name, name, length) == 0))
            return i;
    return CSI_NOT_SET;
}

struct cosend_item *csi_set_add(struct csi_set_fields *set, const char *name,
                                size_t length)
{
    struct cosend_item *item;

    if (!csi_grow(&set->items, &set->capacity, (size_t)set->count + 1,
                  sizeof(*set->items)))
        return NULL;
    item = &set->items[set->count++];
    *item = (struct cosend_item){.name = name, .name_length = (uint32_t)length};
    return item;
}

void csi_set_clear(struct csi_set_fields *set)
{
    cosend_table_free(set->by_name);
    set->by_name = NULL;
    set->named = set->count = 0;
}

void csi_set_free(struct csi_set_fields *set)
{
    csi_set_clear(set);
    csi_free(set->items);
}
