/* SPDX-License-Identifier: MIT */
#include "cosend/profile.h"

#include <string.h>

enum { INT, FLOAT, TEXT, BOOL, JSON };

static const char *const types[COSEND_PROFILE_TYPES] = {"int", "float", "text",
                                                        "bool", "json"};

static size_t type_of(struct cosend_cell cell, const struct cosend_value *value)
{
    if (value->type == COSEND_TYPE_BOOL)
        return BOOL;
    if (value->type == COSEND_TYPE_NESTED)
        return JSON;
    if (!cosend_is_number(value))
        return TEXT;
    for (uint32_t i = 0; i < cell.length; i++)
        if (memchr(".eE", cell.data[i], 3))
            return FLOAT;
    return INT;
}

static uint64_t length_of(struct cosend_cell cell)
{
    uint64_t length = 0;

    for (uint32_t i = 0; i < cell.length; i++)
        length += ((unsigned char)cell.data[i] & 0xC0) != 0x80;
    return length;
}

/* How many types came. */
static uint64_t count_types(const struct cosend_profile *profile)
{
    uint64_t count = 0;

    for (size_t i = 0; i < COSEND_PROFILE_TYPES; i++)
        count += profile->types[i].rank != 0;
    return count;
}

void cosend_profile_add(struct cosend_profile *profile, struct cosend_cell cell,
                        const struct cosend_value *value, uint64_t ordinal)
{
    struct cosend_appearance *type = &profile->types[type_of(cell, value)];
    uint64_t length = length_of(cell);

    if (!type->rank)
        *type = (struct cosend_appearance){ordinal, count_types(profile) + 1};
    if (!profile->count || length < profile->least)
        profile->least = length;
    if (length > profile->greatest)
        profile->greatest = length;
    profile->count++;
}

size_t cosend_profile_print(const struct cosend_profile *profile,
                            char text[COSEND_PROFILE_MAX])
{
    const struct cosend_appearance *last = NULL, *next;

    *text = '\0';
    for (uint64_t left = count_types(profile); left; left--, last = next) {
        next = NULL;
        for (size_t i = 0; i < COSEND_PROFILE_TYPES; i++) {
            const struct cosend_appearance *type = &profile->types[i];

            if (type->rank && (!last || cosend_appears_before(last, type)) &&
                (!next || cosend_appears_before(type, next)))
                next = type;
        }
        if (!next)
            break;
        strcat(text, last ? "-" : "");
        strcat(text, types[next - profile->types]);
    }
    return strlen(last ? text : strcpy(text, "empty"));
}

void cosend_profile_save(const struct cosend_profile *profile,
                         struct cosend_bytes *to)
{
    cosend_put_varint(to, profile->count);
    for (size_t i = 0; i < COSEND_PROFILE_TYPES; i++)
        cosend_appearance_save(&profile->types[i], to);
    cosend_put_varint(to, profile->least);
    cosend_put_varint(to, profile->greatest);
}

void cosend_profile_merge(struct cosend_profile *profile,
                          struct cosend_reader_bytes *from)
{
    uint64_t count = cosend_get_varint(from), least, greatest;

    for (size_t i = 0; i < COSEND_PROFILE_TYPES; i++)
        cosend_appearance_merge(&profile->types[i], from);
    least = cosend_get_varint(from);
    greatest = cosend_get_varint(from);
    if (count && (!profile->count || least < profile->least))
        profile->least = least;
    if (count && greatest > profile->greatest)
        profile->greatest = greatest;
    profile->count += count;
}
