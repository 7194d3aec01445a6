/* SPDX-License-Identifier: MIT */
/*
 * Each group that is a field gets a name that we make, cosend_0, cosend_1, ...,
 * for a field's own name may be none of PCRE2's, and may stand twice; so the
 * fields are known by the groups' names once the pattern is compiled.
 */
#include "match/grok_fields.h"

#include <stdlib.h>
#include <string.h>

#define GROUP "cosend_"

void csi_grok_fields_free(struct csi_grok_fields *fields)
{
    for (size_t i = 0; i < fields->count; i++)
        csi_free(fields->names[i]);
    csi_free(fields->names);
    csi_free(fields->types);
    csi_free(fields->places);
}

static bool grok_field_is(const char *field, const char *name, size_t length)
{
    return strncmp(field, name, length) == 0 && !field[length];
}

size_t csi_grok_find(struct csi_grok_fields *fields, const char *name,
                     size_t length)
{
    size_t i = 0;

    while (i < fields->count && !grok_field_is(fields->names[i], name, length))
        i++;
    if (i < fields->count ||
        !csi_grow(&fields->names, &fields->capacity, i + 1,
                  sizeof(*fields->names)) ||
        !csi_grow(&fields->types, &fields->type_capacity, i + 1,
                  sizeof(*fields->types)))
        return i;
    fields->types[i] = -1;
    fields->names[i] = csi_strndup(name, length);
    fields->count += fields->names[i] != NULL;
    return i;
}

bool csi_grok_set_type(struct csi_grok_fields *fields, size_t i, int type)
{
    if (type < 0)
        return true;
    if (fields->types[i] >= 0 && fields->types[i] != type)
        return false;
    fields->types[i] = type;
    return true;
}

bool csi_grok_open(struct csi_grok_fields *fields, struct csi_text *pattern,
                   const char *name, size_t length)
{
    size_t i = csi_grok_find(fields, name, length);

    if (i >= fields->count ||
        !csi_grow(&fields->places, &fields->place_capacity,
                  fields->place_count + 1, sizeof(*fields->places)))
        return false;
    fields->places[fields->place_count++] = i;
    return csi_text_string(pattern, "(?<" GROUP) &&
           csi_text_unsigned(pattern, fields->place_count - 1) &&
           csi_text_string(pattern, ">");
}

size_t csi_grok_field_of(struct csi_grok_fields *fields, const char *group)
{
    const char *digits = group + strlen(GROUP);
    char *end;
    size_t place;

    /* A name that only begins so is the user's. */
    if (strncmp(group, GROUP, strlen(GROUP)) == 0 && *digits >= '0' &&
        *digits <= '9') {
        place = strtoul(digits, &end, 10);
        if (!*end && place < fields->place_count)
            return fields->places[place];
    }
    return csi_grok_find(fields, group, strlen(group));
}

void csi_grok_order(struct csi_grok_fields *fields, size_t *groups,
                    size_t count)
{
    size_t done = 0;

    for (size_t i = 0; i < count; i++) {
        size_t from = groups[i], to = done;
        char *name = fields->names[from];
        int type = fields->types[from];

        if (from < done)
            continue;
        fields->names[from] = fields->names[to];
        fields->types[from] = fields->types[to];
        fields->names[to] = name;
        fields->types[to] = type;
        for (size_t k = i; k < count; k++)
            groups[k] = groups[k] == from ? to
                        : groups[k] == to ? from
                                          : groups[k];
        done++;
    }
}
