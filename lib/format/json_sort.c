/* SPDX-License-Identifier: MIT */
/*
 * Values are copied token by token. Where an object ends, what `to` has of it
 * lies behind the bracket that began it, its own objects sorted by then: its
 * members are put there once more, in order. So nothing calls itself, however
 * deep a value is.
 */
#include "format/json_sort.h"

#include "base/utf8.h"
#include "format/json_cell.h"
#include "format/json_scan.h"

#include <stdlib.h>

struct csi_sorted_member {
    size_t start, end;   /* in `to`: "name":value */
    size_t name, length; /* in `names`, decoded */
    const char *key;     /* there, once these stay where they are */
};

struct csi_sorted_level {
    size_t start; /* in `to`, behind the bracket */
    size_t first; /* its members */
    size_t names;
    bool object;
};

static bool is_json_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int compare_sorted(const void *left, const void *right)
{
    const struct csi_sorted_member *a = left, *b = right;
    size_t length = a->length < b->length ? a->length : b->length;
    int order = length ? memcmp(a->key, b->key, length) : 0;

    if (order)
        return order;
    if (a->length != b->length)
        return a->length < b->length ? -1 : 1;
    return (a->start > b->start) - (a->start < b->start);
}

static bool is_sorted(const struct csi_sorted_member *members, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (compare_sorted(&members[i - 1], &members[i]) > 0)
            return false;
    return true;
}

static bool open_level(struct csi_json_sorter *sorter, size_t start,
                       bool object)
{
    if (!csi_grow(&sorter->levels, &sorter->level_capacity, sorter->depth + 1,
                  sizeof(*sorter->levels)))
        return false;
    sorter->levels[sorter->depth++] = (struct csi_sorted_level){
        start, sorter->count, sorter->names.length, object};
    return true;
}

/* A member begins, whose name is between these quotes. */
static bool begin_member(struct csi_json_sorter *sorter, size_t start,
                         const char *name, size_t length)
{
    struct csi_text *names = &sorter->names;
    struct csi_sorted_member *member;

    if (!csi_grow(&sorter->members, &sorter->capacity, sorter->count + 1,
                  sizeof(*sorter->members)) ||
        !csi_text_reserve(names, length + 1))
        return false;
    member = &sorter->members[sorter->count++];
    *member = (struct csi_sorted_member){.start = start, .name = names->length};
    member->length = csi_json_decode(name, length, names->data + names->length);
    names->length += member->length;
    return true;
}

/* The level at hand is an object that ends: put its members in order. */
static bool sort_level(struct csi_json_sorter *sorter,
                       const struct csi_sorted_level *level,
                       struct csi_text *to)
{
    struct csi_sorted_member *members = sorter->members + level->first;
    size_t count = sorter->count - level->first;
    struct csi_text *sorted = &sorter->sorted;

    for (size_t i = 0; i < count; i++)
        members[i].key = sorter->names.data + members[i].name;
    if (is_sorted(members, count))
        return true;
    qsort(members, count, sizeof(*members), compare_sorted);
    sorted->length = 0;
    for (size_t i = 0; i < count; i++)
        if ((i && !csi_text_add(sorted, ",", 1)) ||
            !csi_text_add(sorted, to->data + members[i].start,
                          members[i].end - members[i].start))
            return false;
    to->length = level->start;
    return csi_text_add(to, sorted->data, sorted->length);
}

/* A comma or a closing bracket: what is before it is whole. */
static void end_member(struct csi_json_sorter *sorter,
                       const struct csi_sorted_level *level, size_t end)
{
    if (level->object && sorter->count > level->first)
        sorter->members[sorter->count - 1].end = end;
}

static bool close_level(struct csi_json_sorter *sorter, struct csi_text *to)
{
    struct csi_sorted_level level = sorter->levels[--sorter->depth];

    end_member(sorter, &level, to->length);
    if (level.object && !sort_level(sorter, &level, to))
        return false;
    sorter->count = level.first;
    sorter->names.length = level.names;
    return true;
}

/* What is at p, but a blank; `name`: a member's is due. *next is behind it. */
static bool take_token(struct csi_json_sorter *sorter, struct csi_text *to,
                       const char *p, const char *end, bool name,
                       const char **next)
{
    struct csi_sorted_level *level =
        sorter->depth ? &sorter->levels[sorter->depth - 1] : NULL;
    bool done = true, escaped;

    *next = p + 1;
    if (*p == '"') {
        *next = csi_json_string(p, end, &escaped);
        if (name)
            done = begin_member(sorter, to->length, p + 1,
                                (size_t)(*next - p) - 2);
    } else if (level && *p == ',') {
        end_member(sorter, level, to->length);
    } else if (level && (*p == '}' || *p == ']')) {
        done = close_level(sorter, to);
    } else if (!memchr("{[:", *p, 3)) {
        while (*next < end && !memchr(",}] \t\n\r", **next, 7))
            ++*next;
    }
    done = done && csi_text_add(to, p, (size_t)(*next - p));
    return done &&
           (!memchr("{[", *p, 2) || open_level(sorter, to->length, *p == '{'));
}

bool csi_json_sort(struct csi_json_sorter *sorter, struct csi_text *to,
                   const char *data, size_t length)
{
    const char *end = data + length, *next;
    char before = 0;

    sorter->depth = sorter->count = sorter->names.length = 0;
    for (const char *p = data; p < end; p = next) {
        bool object = sorter->depth && sorter->levels[sorter->depth - 1].object;

        next = p + 1;
        if (is_json_blank(*p))
            continue;
        if (!take_token(sorter, to, p, end,
                        object && (before == '{' || before == ','), &next))
            return false;
        before = *p;
    }
    return true;
}

void csi_json_sorter_free(struct csi_json_sorter *sorter)
{
    csi_free(sorter->levels);
    csi_free(sorter->members);
    csi_text_free(&sorter->names);
    csi_text_free(&sorter->sorted);
}

/* ---- ASCII --------------------------------------------------------------- */

static char *put_unit(char *to, unsigned unit)
{
    static const char digits[] = "0123456789abcdef";

    *to++ = '\\';
    *to++ = 'u';
    for (int shift = 12; shift >= 0; shift -= 4)
        *to++ = digits[unit >> shift & 15];
    return to;
}

bool csi_json_ascii(struct csi_text *to, const char *data, size_t length)
{
    enum { LONGEST = 12 };
    const char *p = data, *end = data + length;

    while (p < end) {
        const char *start = p;
        unsigned code;
        char *at;
        int size;

        while (p < end && !(*p & 0x80))
            p++;
        if (!csi_text_add(to, start, (size_t)(p - start)) ||
            !csi_text_reserve(to, LONGEST))
            return false;
        if (p == end)
            break;
        size = csi_utf8_character(p, end);
        code = size > 0 ? csi_utf8_code(p, size) : 0xfffd;
        p += size > 0 ? size : -size;
        at = to->data + to->length;
        if (code > 0xffff)
            at = put_unit(at, 0xd800 + ((code - 0x10000) >> 10));
        at = put_unit(at, code > 0xffff ? 0xdc00 + (code & 0x3ff) : code);
        to->length = (size_t)(at - to->data);
    }
    return true;
}
