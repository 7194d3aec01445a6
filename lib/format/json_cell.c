/* SPDX-License-Identifier: MIT */
/* Members of an object as names and cells: escapes decoded, names united. */
#include "format/json_cell.h"

#include "base/json_plain.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* Decode a valid \u escape, whose u is at *p; *p moves behind it. */
static char *decode_unicode(char *out, const char **p)
{
    unsigned code = (unsigned)csi_hex4(*p + 1);

    *p += 5;
    if (code >= 0xd800 && code <= 0xdbff) {
        code = 0x10000 + ((code - 0xd800) << 10) +
               ((unsigned)csi_hex4(*p + 2) - 0xdc00);
        *p += 6;
    }
    return csi_utf8_put(out, code);
}

/* What the escape at *p stands for, which is whole; *p moves behind it. */
static char *decode_escape(char *out, const char **p)
{
    static const char letters[128] = {
        ['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
        ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t'};

    if (*++*p == 'u')
        return decode_unicode(out, p);
    *out++ = letters[*(*p)++ & 127];
    return out;
}

/* Eight bytes at a time go out, up to a backslash or with what is behind it,
   which is written over: what is decoded is never longer than what it was. */
size_t csi_json_decode(const char *p, size_t length, char *out)
{
    const char *end = p + length;
    char *start = out;

    while (end - p >= 8) {
        uint64_t word;
        const char *from = p;

        memcpy(&word, p, sizeof(word));
        memcpy(out, &word, sizeof(word));
        p = csi_json_backslash(p, word);
        out += p - from;
        if (p < from + 8)
            out = decode_escape(out, &p);
    }
    while (p < end) {
        if (*p == '\\')
            out = decode_escape(out, &p);
        else
            *out++ = *p++;
    }
    return (size_t)(out - start);
}

/* The same, in an arena; NULL without memory. */
static char *decode(const char *p, size_t length, struct csi_arena *arena,
                    uint32_t *decoded)
{
    char *text = csi_arena_bytes(arena, length);

    if (text)
        *decoded = (uint32_t)csi_json_decode(p, length, text);
    return text;
}

bool csi_json_name(struct csi_json_member *member, struct csi_arena *arena)
{
    if (!member->name_escaped)
        return true;
    member->name =
        decode(member->name, member->name_length, arena, &member->name_length);
    member->name_escaped = false;
    return member->name != NULL;
}

bool csi_json_unescape(struct cosend_cell *cell, struct csi_arena *arena)
{
    cell->data = decode(cell->data, cell->length, arena, &cell->length);
    return cell->data != NULL;
}

bool csi_json_cell(const struct csi_json_member *member,
                   struct csi_arena *arena, struct cosend_cell *cell)
{
    cell->kind = member->kind;
    cell->data = member->value;
    cell->length = member->length;
    if (member->kind == COSEND_NULL) {
        cell->length = 0;
    } else if (member->kind == COSEND_TEXT) {
        cell->data++;
        cell->length -= 2;
        if (member->escaped)
            return csi_json_unescape(cell, arena);
    }
    return true;
}

/* ---- Finding ------------------------------------------------------------- */

const struct csi_json_member *csi_json_find(const struct csi_json *json,
                                            const char *name, size_t length)
{
    for (size_t i = json->count; i-- > 0;)
        if (json->members[i].name_length == length &&
            memcmp(json->members[i].name, name, length) == 0)
            return &json->members[i];
    return NULL;
}

/* Whether there is a member of the same name before this one. */
static bool is_repeated(const struct csi_json *json,
                        const struct csi_json_member *member)
{
    for (const struct csi_json_member *m = json->members; m < member; m++)
        if (m->name_length == member->name_length &&
            memcmp(m->name, member->name, m->name_length) == 0)
            return true;
    return false;
}

bool csi_json_follow(struct cosend_cell object, const char *path, size_t length,
                     struct csi_arena *arena, struct cosend_cell *cell,
                     bool *repeats)
{
    struct csi_json json = {.arena = arena};

    while (object.kind == COSEND_NESTED) {
        const char *dot = memchr(path, '.', length);
        const struct csi_json_member *member;

        if (csi_json_scan(&json, object.data, object.data + object.length) ==
            CSI_JSON_MEMORY)
            return false;
        for (size_t i = 0; i < json.count; i++)
            if (!csi_json_name(&json.members[i], arena))
                return false;
        member = csi_json_find(&json, path, length);
        if (member) {
            *repeats |= is_repeated(&json, member);
            return csi_json_cell(member, arena, cell);
        }
        member = dot ? csi_json_find(&json, path, (size_t)(dot - path)) : NULL;
        if (!member)
            return true;
        *repeats |= is_repeated(&json, member);
        object =
            (struct cosend_cell){member->value, member->length, member->kind};
        length -= (size_t)(dot + 1 - path);
        path = dot + 1;
    }
    return true;
}

/* ---- Names that repeat --------------------------------------------------- */

static int compare_names(const struct csi_json_member *a,
                         const struct csi_json_member *b)
{
    if (a->name_length != b->name_length)
        return a->name_length < b->name_length ? -1 : 1;
    return memcmp(a->name, b->name, a->name_length);
}

/* By name, then by place: members lie in one array in their order. */
static int compare_members(const void *left, const void *right)
{
    struct csi_json_member *const *a = left, *const *b = right;
    int order = compare_names(*a, *b);

    return order ? order : (*a > *b) - (*a < *b);
}

static bool has_repeated(const struct csi_json *json)
{
    for (size_t i = 1; i < json->count; i++)
        for (size_t j = 0; j < i; j++)
            if (compare_names(&json->members[i], &json->members[j]) == 0)
                return true;
    return false;
}

/* Names of few members: only those whose length and ends are those of one
   before are compared. */
static bool few_repeat(const struct csi_json *json)
{
    uint64_t seen = 0;

    for (size_t i = 0; i < json->count; i++) {
        const struct csi_json_member *member = &json->members[i];
        uint32_t length = member->name_length;
        unsigned hash = length;
        uint64_t bit;

        if (length)
            hash = length * 37 + (unsigned char)member->name[0] * 5 +
                   (unsigned char)member->name[length / 2] * 11 +
                   (unsigned char)member->name[length - 1];
        bit = UINT64_C(1) << hash % 64;
        for (size_t j = 0; seen & bit && j < i; j++)
            if (compare_names(member, &json->members[j]) == 0)
                return true;
        seen |= bit;
    }
    return false;
}

static bool members_repeat(const struct csi_json *json, bool *repeats)
{
    enum { FEW = 64 };
    const struct csi_json_member **order;

    *repeats = false;
    if (json->count <= FEW) {
        *repeats = few_repeat(json);
        return true;
    }
    order = csi_calloc(json->count, sizeof(const struct csi_json_member *));
    if (!order)
        return false;
    for (size_t i = 0; i < json->count; i++)
        order[i] = &json->members[i];
    qsort(order, json->count, sizeof(const struct csi_json_member *),
          compare_members);
    for (size_t i = 1; i < json->count && !*repeats; i++)
        *repeats = compare_names(order[i - 1], order[i]) == 0;
    csi_free(order);
    return true;
}

static bool has_escaped_name(const struct csi_json *json)
{
    for (size_t i = 0; i < json->count; i++)
        if (json->members[i].name_escaped)
            return true;
    return false;
}

/* Of copies of the members, whose names are decoded. */
static bool decoded_repeat(const struct csi_json *json, bool *repeats)
{
    struct csi_arena arena = {0};
    struct csi_json plain = {.count = json->count};
    bool done;

    plain.members = csi_arena_get(&arena, json->count * sizeof(*plain.members));
    done = plain.members;
    for (size_t i = 0; done && i < json->count; i++) {
        plain.members[i] = json->members[i];
        done = csi_json_name(&plain.members[i], &arena);
    }
    done = done && members_repeat(&plain, repeats);
    csi_arena_free(&arena);
    return done;
}

bool csi_json_repeats(const struct csi_json *json, bool *repeats)
{
    return has_escaped_name(json) ? decoded_repeat(json, repeats)
                                  : members_repeat(json, repeats);
}

static void take_value(struct csi_json_member *first,
                       const struct csi_json_member *last)
{
    first->value = last->value;
    first->length = last->length;
    first->kind = last->kind;
    first->escaped = last->escaped;
}

static bool unite_sorted(struct csi_json *json)
{
    struct csi_json_member **order =
        csi_arena_get(json->arena, json->count * sizeof(*order));
    struct csi_json_member *first;
    size_t kept = 0;

    if (!order)
        return false;
    for (size_t i = 0; i < json->count; i++)
        order[i] = &json->members[i];
    qsort(order, json->count, sizeof(struct csi_json_member *),
          compare_members);
    first = order[0];
    for (size_t i = 1; i < json->count; i++) {
        if (compare_names(first, order[i]) == 0) {
            take_value(first, order[i]);
            order[i]->name = NULL;
        } else {
            first = order[i];
        }
    }
    for (size_t i = 0; i < json->count; i++)
        if (json->members[i].name)
            json->members[kept++] = json->members[i];
    json->count = kept;
    return true;
}

bool csi_json_unite(struct csi_json *json)
{
    enum { FEW = 32 };

    for (size_t i = 0; i < json->count; i++)
        if (!csi_json_name(&json->members[i], json->arena))
            return false;
    if (json->count < 2 || (json->count <= FEW && !has_repeated(json)))
        return true;
    return unite_sorted(json);
}
