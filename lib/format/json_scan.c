/* SPDX-License-Identifier: MIT */
#include "format/json_scan.h"

#include "base/json_plain.h"
#include "base/utf8.h"

#include <string.h>

/* What a scan works with; open[] has a bit for each container that is one of
   an object. */
struct scan {
    struct csi_json *json;
    const char *end;
    uint64_t open[CSI_JSON_DEPTH / 64];
    unsigned depth;
};

static const char *fail_scan(struct scan *scan, const char *where,
                             const char *reason)
{
    scan->json->bad = where;
    scan->json->reason = reason;
    return NULL;
}

static inline const char *skip_space(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'))
        p++;
    return p;
}

static bool is_digit(const char *p, const char *end)
{
    return p < end && *p >= '0' && *p <= '9';
}

/* Behind the escape whose backslash is at p. */
static const char *escape(struct scan *scan, const char *p)
{
    const char *end = scan->end;
    int code;

    if (p + 1 == end)
        return fail_scan(scan, p + 1, "a string is not closed");
    if (p[1] != 'u')
        return csi_json_is_escape(p[1]) ? p + 2
                                        : fail_scan(scan, p, "invalid escape");
    code = end - p < 6 ? -1 : csi_hex4(p + 2);
    if (code < 0)
        return fail_scan(scan, p, "invalid escape");
    if (code < 0xd800 || code > 0xdfff)
        return p + 6;
    if (code < 0xdc00 && end - p >= 12 && p[6] == '\\' && p[7] == 'u') {
        int low = csi_hex4(p + 8);

        if (low >= 0xdc00 && low <= 0xdfff)
            return p + 12;
    }
    return fail_scan(scan, p, "half of a surrogate pair");
}

/* Behind the closing quote of the string whose opening quote is at p. */
static const char *string(struct scan *scan, const char *p, bool *escaped)
{
    const char *end = scan->end;

    *escaped = false;
    p++;
    for (;;) {
        unsigned char c;

        p = csi_json_plain(p, end);
        if (p == end)
            return fail_scan(scan, p, "a string is not closed");
        c = (unsigned char)*p;
        if (c == '"')
            return p + 1;
        if (c == '\\') {
            *escaped = true;
            p = escape(scan, p);
            if (!p)
                return NULL;
        } else if (c < 0x20) {
            return fail_scan(scan, p, "a control character in a string");
        } else {
            int size = csi_utf8_character(p, end);

            if (size < 0)
                return fail_scan(scan, p, "invalid UTF-8");
            p += size;
        }
    }
}

const char *csi_json_string(const char *p, const char *end, bool *escaped)
{
    struct csi_json json = {0};
    struct scan scan = {.json = &json, .end = end};

    return string(&scan, p, escaped);
}

static const char *number(struct scan *scan, const char *p)
{
    const char *end = scan->end;

    if (*p == '-')
        p++;
    if (!is_digit(p, end))
        return fail_scan(scan, p, "a digit was expected");
    if (*p++ != '0')
        while (is_digit(p, end))
            p++;
    if (p < end && *p == '.') {
        p++;
        if (!is_digit(p, end))
            return fail_scan(scan, p, "a digit was expected");
        while (is_digit(p, end))
            p++;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        if (p < end && (*p == '+' || *p == '-'))
            p++;
        if (!is_digit(p, end))
            return fail_scan(scan, p, "a digit was expected");
        while (is_digit(p, end))
            p++;
    }
    return p;
}

static const char *literal(struct scan *scan, const char *p, const char *text)
{
    size_t length = strlen(text);

    if ((size_t)(scan->end - p) >= length && memcmp(p, text, length) == 0)
        return p + length;
    return fail_scan(scan, p, "a value was expected");
}

/* Behind a value that holds no others. */
static const char *scalar(struct scan *scan, const char *p,
                          struct csi_json_member *member)
{
    switch (*p) {
    case '"':
        member->kind = COSEND_TEXT;
        return string(scan, p, &member->escaped);
    case 't':
        member->kind = COSEND_BOOL;
        return literal(scan, p, "true");
    case 'f':
        member->kind = COSEND_BOOL;
        return literal(scan, p, "false");
    case 'n':
        member->kind = COSEND_NULL;
        return literal(scan, p, "null");
    default:
        if (*p != '-' && !is_digit(p, scan->end))
            return fail_scan(scan, p, "a value was expected");
        member->kind = COSEND_NUMBER;
        return number(scan, p);
    }
}

static inline void enter_container(struct scan *scan, bool object)
{
    uint64_t bit = UINT64_C(1) << (scan->depth % 64);

    if (object)
        scan->open[scan->depth / 64] |= bit;
    else
        scan->open[scan->depth / 64] &= ~bit;
    scan->depth++;
}

static inline bool in_object(const struct scan *scan)
{
    unsigned top = scan->depth - 1;

    return scan->open[top / 64] >> (top % 64) & 1;
}

bool csi_json_add_member(struct csi_json *json,
                         const struct csi_json_member *member)
{
    if (json->count == json->capacity) {
        size_t capacity = json->capacity ? 2 * json->capacity : 16;
        struct csi_json_member *members =
            csi_arena_get(json->arena, capacity * sizeof(*members));

        if (!members)
            return false;
        if (json->count)
            memcpy(members, json->members, json->count * sizeof(*members));
        json->members = members;
        json->capacity = capacity;
    }
    json->members[json->count++] = *member;
    return true;
}

/* Behind a name and its colon; `member` is told of it in the outermost
   object. */
static const char *name(struct scan *scan, const char *p,
                        struct csi_json_member *member)
{
    const char *start = p + 1;
    bool escaped;

    if (p == scan->end || *p != '"')
        return fail_scan(scan, p, "a name in quotes was expected");
    p = string(scan, p, &escaped);
    if (!p)
        return NULL;
    if (scan->depth == 1) {
        member->name = start;
        member->name_length = (uint32_t)(p - 1 - start);
        member->name_escaped = escaped;
    }
    p = skip_space(p, scan->end);
    if (p == scan->end || *p != ':')
        return fail_scan(scan, p, "a colon was expected");
    return p + 1;
}

/* The member whose value ends at p. False without memory. */
static bool end_member(struct csi_json *json, struct csi_json_member *member,
                       const char *p)
{
    member->length = (uint32_t)(p - member->value);
    return csi_json_add_member(json, member);
}

static enum csi_json_result refuse_value(struct scan *scan, const char *p,
                                         const char *reason)
{
    fail_scan(scan, p, reason);
    return CSI_JSON_INVALID;
}

enum csi_json_result csi_json_scan(struct csi_json *json, const char *text,
                                   const char *end)
{
    struct scan scan;
    struct csi_json_member member = {0}, inner = {0};
    const char *p = text;
    bool object = false;

    scan.json = json;
    scan.end = end;
    scan.depth = 0;
    json->count = 0;

value:
    p = skip_space(p, end);
    if (scan.depth == 1)
        member.value = p;
    if (p == end || scan.depth == CSI_JSON_DEPTH)
        return refuse_value(
            &scan, p, p == end ? "a value was expected" : "nested too deep");
    if (*p == '{' || *p == '[') {
        object = object || (scan.depth == 0 && *p == '{');
        enter_container(&scan, *p == '{');
        p = skip_space(p + 1, end);
        if (p < end && *p == (in_object(&scan) ? '}' : ']'))
            goto leave;
        goto item;
    }
    p = scalar(&scan, p, scan.depth == 1 ? &member : &inner);
    if (!p)
        return CSI_JSON_INVALID;

after:
    if (scan.depth == 1 && object && !end_member(json, &member, p))
        return CSI_JSON_MEMORY;
    p = skip_space(p, end);
    if (scan.depth == 0 && p == end)
        return object ? CSI_JSON_OBJECT : CSI_JSON_OTHER;
    if (scan.depth == 0)
        return refuse_value(&scan, p, "the end was expected");
    if (p < end && *p == (in_object(&scan) ? '}' : ']'))
        goto leave;
    if (p == end || *p != ',')
        return refuse_value(&scan, p, "a comma was expected");
    p = skip_space(p + 1, end);

item:
    if (in_object(&scan))
        p = name(&scan, p, &member);
    if (!p)
        return CSI_JSON_INVALID;
    goto value;

leave:
    p++;
    if (--scan.depth == 1)
        member.kind = COSEND_NESTED;
    goto after;
}
