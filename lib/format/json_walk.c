/* SPDX-License-Identifier: MIT */
/*
 * A walk through one level of a JSON text. What is deeper is passed over by its
 * brackets, strings apart. The text was checked when it was read; one that a
 * filter made may be anything, and a walk through it ends where it makes no
 * sense, never behind its end.
 */
#include "cosend/nested.h"

#include "base/bytes.h"
#include "format/json_cell.h"
#include "format/json_scan.h"

#include <string.h>

/* ---- Values -------------------------------------------------------------- */

static const char *pass_blanks(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
        p++;
    return p;
}

/* Behind the array or object at p; NULL where it has no end. */
static const char *pass_container(const char *p, const char *end)
{
    size_t depth = 0;
    bool escaped;

    while (p && p < end) {
        switch (*p) {
        case '"':
            p = csi_json_string(p, end, &escaped);
            continue;
        case '{':
        case '[':
            depth++;
            break;
        case '}':
        case ']':
            if (--depth == 0)
                return p + 1;
            break;
        default:
            break;
        }
        p++;
    }
    return NULL;
}

/* Behind the value at p; NULL where there is none. */
static const char *pass_value(const char *p, const char *end,
                              struct csi_json_member *value)
{
    const char *start = p;

    value->value = p;
    if (p == end)
        return NULL;
    switch (*p) {
    case '"':
        value->kind = COSEND_TEXT;
        p = csi_json_string(p, end, &value->escaped);
        break;
    case '{':
    case '[':
        value->kind = COSEND_NESTED;
        p = pass_container(p, end);
        break;
    default:
        value->kind = *p == 'n'                ? COSEND_NULL
                      : *p == 't' || *p == 'f' ? COSEND_BOOL
                                               : COSEND_NUMBER;
        while (p < end && !memchr(" \t\n\r,]}", *p, 7))
            p++;
        break;
    }
    if (!p || p == start)
        return NULL;
    value->length = (uint32_t)(p - start);
    return p;
}

/* Behind the member or element at p, and what is between it and the next. */
static const char *pass_member(const char *p, const char *end, bool object,
                               struct csi_json_member *member)
{
    if (object) {
        if (p == end || *p != '"')
            return NULL;
        member->name = p + 1;
        p = csi_json_string(p, end, &member->name_escaped);
        if (!p)
            return NULL;
        member->name_length = (uint32_t)(p - 1 - member->name);
        p = pass_blanks(p, end);
        if (p == end || *p != ':')
            return NULL;
        p = pass_blanks(p + 1, end);
    }
    p = pass_value(p, end, member);
    return p ? pass_blanks(p, end) : NULL;
}

/* ---- Walking ------------------------------------------------------------- */

struct level {
    const char *next, *end;
    bool object;
};

/* Begin with a nested cell, or go on at a place in it. */
static bool begin_level(struct level *level, struct cosend_cell nested,
                        uint32_t next)
{
    if (nested.kind != COSEND_NESTED || nested.length < 2)
        return false;
    level->object = *nested.data == '{';
    level->end = nested.data + nested.length;
    level->next =
        next ? nested.data + next : pass_blanks(nested.data + 1, level->end);
    return true;
}

/* The next member of a level. */
static bool next_in_level(struct level *level, struct csi_json_member *member)
{
    const char *p = level->next;

    *member = (struct csi_json_member){0};
    if (p == level->end || *p == '}' || *p == ']')
        return false;
    p = pass_member(p, level->end, level->object, member);
    if (!p || p == level->end)
        return false;
    if (*p == ',')
        p = pass_blanks(p + 1, level->end);
    else if (*p != '}' && *p != ']')
        return false;
    level->next = p;
    return true;
}

/* ---- Texts --------------------------------------------------------------- */

/* Begin a caller's text anew. False where it failed in a call before: a walk
   inside another, which goes on with the same text, must not forget that. */
static bool begin_text(struct cosend_bytes *text)
{
    text->length = 0;
    return !text->failed;
}

/* The bytes of a string, between its quotes, decoded if they must be; where in
   `to` they are is told by *at, for what is there may move. */
static bool decode_text(const char *from, uint32_t length,
                        struct cosend_bytes *to, size_t *at, uint32_t *decoded)
{
    unsigned char *place;

    *at = to->length;
    place = csi_bytes_extend(to, length);
    if (!place)
        return false;
    *decoded = (uint32_t)csi_json_decode(from, length, (char *)place);
    return true;
}

/* A member's value as a cell. */
static bool take_cell(const struct csi_json_member *member,
                      struct cosend_bytes *text, struct cosend_cell *cell)
{
    size_t at;

    cell->kind = member->kind;
    cell->data = member->value;
    cell->length = member->kind == COSEND_NULL ? 0 : member->length;
    if (member->kind != COSEND_TEXT)
        return true;
    cell->data++;
    cell->length -= 2;
    if (!member->escaped)
        return true;
    if (!decode_text(cell->data, cell->length, text, &at, &cell->length))
        return false;
    cell->data = (const char *)text->data + at;
    return true;
}

bool cosend_next_member(struct cosend_cell nested, struct cosend_item *item,
                        struct cosend_bytes *text)
{
    struct csi_json_member member;
    struct level level;
    uint32_t decoded = 0;
    size_t name = 0;

    if (!begin_text(text) || !begin_level(&level, nested, item->next) ||
        !next_in_level(&level, &member))
        return false;
    if (member.name_escaped &&
        !decode_text(member.name, member.name_length, text, &name, &decoded))
        return false;
    if (!take_cell(&member, text, &item->cell))
        return false;
    item->name = member.name;
    item->name_length = member.name_length;
    if (member.name_escaped) {
        item->name = (const char *)text->data + name;
        item->name_length = decoded;
    }
    item->raw = member.value;
    item->raw_length = member.length;
    item->next = (uint32_t)(level.next - nested.data);
    item->place++;
    return true;
}

/* ---- Paths --------------------------------------------------------------- */

/* A step of a path: a name, or an element's number. */
struct path_step {
    const char *name; /* NULL: number */
    size_t length;
    int64_t number;
};

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_' || c == '-' || c & 0x80;
}

static const char *take_number(const char *p, const char *end,
                               struct path_step *step)
{
    bool negative = p < end && *p == '-';
    const char *start = p += negative;

    for (; p < end && *p >= '0' && *p <= '9'; p++)
        if (step->number < UINT32_MAX)
            step->number = step->number * 10 + (*p - '0');
    if (negative)
        step->number = -step->number;
    return p > start && p < end && *p == ']' ? p + 1 : NULL;
}

static const char *take_plain_name(const char *p, const char *end,
                                   struct path_step *step)
{
    bool quoted = p < end && *p == '`';

    p += quoted;
    step->name = p;
    while (p < end && (quoted ? *p != '`' : is_plain(*p)))
        p++;
    step->length = (size_t)(p - step->name);
    if (quoted ? p == end : !step->length)
        return NULL;
    return p + quoted;
}

/* Behind the step at p; NULL where it is none. */
static const char *take_path_step(const char *p, const char *end, bool first,
                                  struct path_step *step)
{
    *step = (struct path_step){0};
    if (*p == '[')
        return take_number(p + 1, end, step);
    if (!first && *p++ != '.')
        return NULL;
    return take_plain_name(p, end, step);
}

int cosend_check_path(const char *path, size_t length,
                      struct cosend_error *error)
{
    const char *p = path, *end = length ? path + length : path;

    while (p < end) {
        struct path_step step;
        const char *next = take_path_step(p, end, p == path, &step);

        if (!next)
            return cosend_error_set(
                error, COSEND_E_USAGE,
                "\"%.*s\", byte %zu: a path is names with points between, and "
                "elements, [0] or [-1]; other names stand in backquotes",
                length > 80 ? 80 : (int)length, path, (size_t)(p - path) + 1);
        p = next;
    }
    return COSEND_OK;
}

/* Whether a member has a step's name; text->failed without memory. */
static bool has_name(const struct csi_json_member *member,
                     const struct path_step *step, struct cosend_bytes *text)
{
    uint32_t decoded = member->name_length;
    const char *name = member->name;
    size_t at;

    if (member->name_escaped) {
        if (!begin_text(text) ||
            !decode_text(name, decoded, text, &at, &decoded))
            return false;
        name = (const char *)text->data + at;
    }
    return decoded == step->length && memcmp(name, step->name, decoded) == 0;
}

static int64_t count_members(struct cosend_cell cell)
{
    struct csi_json_member member;
    struct level level;
    int64_t count = 0;

    if (begin_level(&level, cell, 0))
        while (next_in_level(&level, &member))
            count++;
    return count;
}

/* The member of a nested cell that a step leads to; false where there is none.
 */
static bool find_member(struct cosend_cell cell, const struct path_step *step,
                        struct cosend_bytes *text,
                        struct csi_json_member *found)
{
    struct csi_json_member member;
    struct level level;
    int64_t number = step->number;
    bool any = false;

    if (!begin_level(&level, cell, 0) || level.object != (step->name != NULL))
        return false;
    if (number < 0)
        number += count_members(cell);
    for (int64_t i = 0; next_in_level(&level, &member); i++) {
        if (step->name ? !has_name(&member, step, text) : i != number)
            continue;
        *found = member;
        any = true;
        if (!step->name)
            break;
    }
    return any && !text->failed;
}

struct cosend_cell cosend_take_path(struct cosend_cell cell, const char *path,
                                    size_t length, struct cosend_bytes *text)
{
    static const struct cosend_cell absent = {NULL, 0, COSEND_ABSENT};
    const char *p = path, *end;
    struct csi_json_member found;

    if (!length)
        return cell;
    end = path + length;
    while (p < end) {
        struct path_step step;

        p = take_path_step(p, end, p == path, &step);
        if (!p || !find_member(cell, &step, text, &found))
            return absent;
        cell = (struct cosend_cell){found.value, found.length, found.kind};
    }
    return begin_text(text) && take_cell(&found, text, &cell) ? cell : absent;
}
