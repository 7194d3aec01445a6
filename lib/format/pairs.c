/* SPDX-License-Identifier: MIT */
/*
 * LTSV: label:value pairs with tabs between. A label ends at the first colon; a
 * value may hold any byte but a tab and a line end, for which there is no
 * escape. Nothing between two tabs is no pair.
 *
 * logfmt: name=value pairs with blanks or tabs between, as Heroku's, Go's
 * go-logfmt and logrus write them. A value in quotes has the escapes of JSON,
 * and those of Go beside them (\a \v \xNN); others end at the next blank and
 * have none, so that a path of Windows is one. As go-logfmt has it a quote
 * stands nowhere else, so that of a line that lacks one no field is taken for
 * another. A name alone is a flag: true.
 * Bytes are bytes: what is no UTF-8 is a value as any other.
 *
 * XTAB, which Miller has: a line a pair, with blanks between the name and the
 * value, which is all that is left of the line and may have blanks in it.
 */
#include "format/pairs.h"

#include "base/utf8.h"
#include "format/json_cell.h"

#include <string.h>

static bool is_gap(char c)
{
    return c == ' ' || c == '\t';
}

static bool refuse_pair(struct csi_pairs *pairs, const char *at,
                        const char *reason)
{
    pairs->json.bad = at;
    pairs->json.reason = reason;
    return false;
}

/* ---- LTSV ---------------------------------------------------------------- */

bool csi_ltsv_next(struct csi_pairs *pairs, const char **p, const char *end)
{
    const char *tab, *colon;

    while (*p < end && **p == '\t')
        ++*p;
    if (*p == end)
        return false;
    tab = memchr(*p, '\t', (size_t)(end - *p));
    tab = tab ? tab : end;
    colon = memchr(*p, ':', (size_t)(tab - *p));
    if (!colon || colon == *p)
        return refuse_pair(pairs, *p,
                           colon ? "a label of no bytes"
                                 : "a colon behind a label was expected");
    pairs->pair =
        (struct csi_json_member){.name = *p,
                                 .name_length = (uint32_t)(colon - *p),
                                 .value = colon + 1,
                                 .length = (uint32_t)(tab - colon - 1),
                                 .kind = COSEND_TEXT};
    *p = tab;
    return true;
}

/* ---- logfmt -------------------------------------------------------------- */

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

/* \uXXXX, or two of them that are one character. p is at the u; 0: invalid. */
static size_t unicode_length(const char *p, const char *end)
{
    int code = end - p >= 5 ? csi_hex4(p + 1) : -1;

    if (code < 0 || (code >= 0xdc00 && code <= 0xdfff))
        return 0;
    if (code < 0xd800 || code > 0xdbff)
        return 5;
    if (end - p < 11 || p[5] != '\\' || p[6] != 'u')
        return 0;
    code = csi_hex4(p + 7);
    return code >= 0xdc00 && code <= 0xdfff ? 11 : 0;
}

/* How many bytes behind a backslash are its escape; 0 where it is none. */
static size_t escape_length(const char *p, const char *end)
{
    if (p == end)
        return 0;
    if (*p == 'u')
        return unicode_length(p, end);
    if (*p == 'x')
        return end - p >= 3 && is_hex(p[1]) && is_hex(p[2]) ? 3 : 0;
    return *p && strchr("\"\\/bfnrtav'", *p) ? 1 : 0;
}

bool csi_quoted_take(struct csi_pairs *pairs, const char **p, const char *end)
{
    struct csi_json_member *pair = &pairs->pair;
    const char *at = *p;

    while (at < end && *at != '"') {
        size_t length = 1;

        if (*at == '\\') {
            pair->escaped = true;
            length += escape_length(at + 1, end);
            if (length == 1)
                return refuse_pair(pairs, at, "there is no such escape");
        }
        at += length;
    }
    if (at == end)
        return refuse_pair(pairs, *p - 1, "a quote that is not closed");
    pair->value = *p;
    pair->length = (uint32_t)(at - *p);
    *p = at + 1;
    return true;
}

bool csi_logfmt_next(struct csi_pairs *pairs, const char **p, const char *end)
{
    struct csi_json_member *pair = &pairs->pair;
    const char *start;

    while (*p < end && is_gap(**p))
        ++*p;
    if (*p == end)
        return false;
    start = *p;
    while (*p < end && !is_gap(**p) && **p != '=')
        ++*p;
    if (*p == start)
        return refuse_pair(pairs, start, "a name was expected in front of =");
    if (memchr(start, '"', (size_t)(*p - start)))
        return refuse_pair(pairs, start, "a name has no quotes in it");
    *pair = (struct csi_json_member){.name = start,
                                     .name_length = (uint32_t)(*p - start),
                                     .value = "true",
                                     .length = 4,
                                     .kind = COSEND_BOOL};
    if (*p == end || **p != '=')
        return true;
    start = ++*p;
    pair->kind = COSEND_TEXT;
    if (start < end && *start == '"') {
        ++*p;
        if (!csi_quoted_take(pairs, p, end))
            return false;
        return *p == end || is_gap(**p) ||
               refuse_pair(pairs, *p, "text behind a closing quote");
    }
    for (; *p < end && !is_gap(**p); ++*p)
        if (**p == '"')
            return refuse_pair(pairs, *p,
                               "a quote in a value that is not in quotes");
    pair->value = start;
    pair->length = (uint32_t)(*p - start);
    return true;
}

/* What is between quotes; it never becomes longer. */
static size_t decode_quoted(const char *p, size_t length, char *out)
{
    const char *end = p + length;
    char *start = out;

    while (p < end) {
        size_t size;

        if (*p != '\\') {
            *out++ = *p++;
            continue;
        }
        size = 1 + escape_length(p + 1, end);
        if (p[1] == 'x') {
            char four[] = {'0', '0', p[2], p[3]};

            *out++ = (char)csi_hex4(four);
        } else if (p[1] == 'a' || p[1] == 'v' || p[1] == '\'') {
            *out++ = p[1] == 'a' ? '\a' : p[1] == 'v' ? '\v' : '\'';
        } else {
            out += csi_json_decode(p, size, out);
        }
        p += size;
    }
    return (size_t)(out - start);
}

/* ---- XTAB ---------------------------------------------------------------- */

bool csi_xtab_next(struct csi_pairs *pairs, const char **p, const char *end)
{
    const char *start = *p, *newline, *stop, *at;

    if (start == end)
        return false;
    newline = memchr(start, '\n', (size_t)(end - start));
    stop = newline ? newline - (newline > start && newline[-1] == '\r') : end;
    for (at = start; at < stop && !is_gap(*at);)
        at++;
    if (at == start)
        return refuse_pair(pairs, start,
                           "a name was expected where the line begins with a "
                           "blank");
    pairs->pair =
        (struct csi_json_member){.name = start,
                                 .name_length = (uint32_t)(at - start),
                                 .kind = COSEND_TEXT};
    while (at < stop && is_gap(*at))
        at++;
    pairs->pair.value = at;
    pairs->pair.length = (uint32_t)(stop - at);
    *p = newline ? newline + 1 : end;
    return true;
}

/* ---- All ----------------------------------------------------------------- */

enum csi_pairs_result csi_pairs_scan(struct csi_pairs *pairs,
                                     csi_next_pair *next, const char *start,
                                     const char *end)
{
    const char *p = start;

    pairs->json.count = 0;
    pairs->json.bad = NULL;
    while (next(pairs, &p, end))
        if (!csi_json_add_member(&pairs->json, &pairs->pair))
            return CSI_PAIRS_MEMORY;
    return pairs->json.bad ? CSI_PAIRS_BAD : CSI_PAIRS_OK;
}

bool csi_pairs_decode(const struct csi_json_member *pair,
                      struct csi_arena *arena, struct cosend_cell *cell,
                      csi_decode_pair *decode)
{
    char *text;

    *cell = (struct cosend_cell){pair->value, pair->length, pair->kind};
    if (!pair->escaped)
        return true;
    text = csi_arena_bytes(arena, pair->length);
    if (!text)
        return false;
    cell->length = (uint32_t)decode(pair->value, pair->length, text);
    cell->data = text;
    return true;
}

bool csi_pairs_cell(const struct csi_json_member *pair, struct csi_arena *arena,
                    struct cosend_cell *cell)
{
    return csi_pairs_decode(pair, arena, cell, decode_quoted);
}
