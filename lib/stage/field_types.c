/* SPDX-License-Identifier: MIT */
#include "cosend/field_types.h"

#include <string.h>

const struct cosend_option cosend_field_type_options[] = {
    {.name = "type",
     .type = COSEND_OPTION_ENUM,
     .flags = COSEND_MAIN | COSEND_REQUIRED,
     .choices = cosend_conversion_types,
     .help = "what the field becomes",
     .example = "\"int\""},
    {.name = NULL},
};

size_t cosend_types_of(const struct cosend_list *map, size_t count,
                       const char *(*name)(const void *own, size_t i),
                       const void *own, int *types)
{
    const int *codes = map->items;
    size_t unknown = map->count;

    for (size_t key = map->count; key-- > 0;) {
        size_t i = 0;

        while (i < count && strcmp(name(own, i), map->keys[key].data) != 0)
            i++;
        if (i < count)
            types[i] = codes[key];
        else
            unknown = key;
    }
    return unknown;
}

bool cosend_convert_field(struct cosend_stage *self,
                          const struct cosend_record *record,
                          const struct cosend_field_type *type,
                          struct cosend_cell *cell, struct cosend_bytes *bytes)
{
    static const struct cosend_conversion usual = {0};
    struct cosend_cell from = *cell;
    const char *why;

    *cell = cosend_convert(type->how ? type->how : &usual, type->type, from,
                           bytes, &why);
    if (!why && bytes->failed)
        cosend_fail(self, COSEND_E_MEMORY, "out of memory");
    if (!why)
        return !bytes->failed;
    cosend_bad(self, record, cosend_conversion_fault(type->type),
               "field %.*s: \"%.*s%s\" %s",
               type->name.length < 100 ? (int)type->name.length : 100,
               type->name.data, from.length < 60 ? (int)from.length : 60,
               from.data, from.length < 60 ? "" : "...", why);
    return false;
}
