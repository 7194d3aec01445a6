/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"
#include "cosend/bytes.h"
#include "cosend/match.h"
#include "match/regex.h"
#include "match/regex_find.h"

#include <string.h>

/* A piece of the text that is put in: bytes, and a group behind them. */
struct piece {
    const char *text;
    size_t length;
    uint32_t group; /* CSI_NO_GROUP: none */
};

struct cosend_replacement {
    const struct cosend_regex *regex;
    char *with;
    struct piece *pieces;
    size_t count, capacity;
};

/* ---- Reading ------------------------------------------------------------- */

static bool is_group_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_group_name(char c)
{
    return is_group_digit(c) || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || c == '_';
}

static bool add_piece(struct cosend_replacement *made, const char *text,
                      size_t length, uint32_t group)
{
    if (!csi_grow(&made->pieces, &made->capacity, made->count + 1,
                  sizeof(*made->pieces)))
        return false;
    made->pieces[made->count++] = (struct piece){text, length, group};
    return true;
}

/* The name behind a dollar at p, in braces or not: *name and its length, 0
   where there is none. Returns what is behind it. */
static const char *read_name(const char *p, const char *end, const char **name,
                             size_t *length)
{
    bool braces = p < end && *p == '{';

    p += braces;
    for (*name = p; p < end && is_group_name(*p); p++)
        if (!braces && is_group_digit(**name) && !is_group_digit(*p))
            break;
    *length = (size_t)(p - *name);
    if (!braces)
        return p;
    if (p == end || *p != '}')
        *length = 0;
    return p + (p < end);
}

static int refuse(const char *start, const char *at, const char *why,
                  struct cosend_error *error)
{
    return cosend_error_set(error, COSEND_E_SPEC, "at character %zu: %s",
                            (size_t)(at - start) + 1, why);
}

static int read_dollar(struct cosend_replacement *made, const char *from,
                       const char **at, const char *end,
                       struct cosend_error *error)
{
    const char *dollar = *at, *name;
    uint32_t group;
    size_t length;

    if (dollar + 1 < end && dollar[1] == '$') {
        *at = dollar + 2;
        return add_piece(made, from, (size_t)(dollar + 1 - from), CSI_NO_GROUP)
                   ? COSEND_OK
                   : csi_no_memory(error);
    }
    *at = read_name(dollar + 1, end, &name, &length);
    if (!length)
        return refuse(made->with, dollar,
                      "a group's number or name is missing behind $; a dollar "
                      "itself is $$",
                      error);
    group = csi_regex_group(made->regex, name, length);
    if (group == CSI_NO_GROUP)
        return refuse(made->with, dollar,
                      "the pattern has no such group; a dollar itself is $$",
                      error);
    return add_piece(made, from, (size_t)(dollar - from), group)
               ? COSEND_OK
               : csi_no_memory(error);
}

static int read_with(struct cosend_replacement *made, size_t length, bool fixed,
                     struct cosend_error *error)
{
    const char *from = made->with, *at = from, *end = from + length;

    while (at < end && !fixed) {
        int status;

        if (*at == '\\' && at + 1 < end && is_group_digit(at[1]))
            return refuse(made->with, at, "a group is written $1, not \\1",
                          error);
        if (*at != '$') {
            at++;
            continue;
        }
        status = read_dollar(made, from, &at, end, error);
        if (status < 0)
            return status;
        from = at;
    }
    return add_piece(made, from, (size_t)(end - from), CSI_NO_GROUP)
               ? COSEND_OK
               : csi_no_memory(error);
}

struct cosend_replacement *
cosend_replacement_new(const struct cosend_regex *regex, const char *with,
                       size_t length, bool fixed, struct cosend_error *error)
{
    struct cosend_replacement *made = csi_calloc(1, sizeof(*made));

    if (made) {
        made->regex = regex;
        made->with = csi_strndup(with, length);
    }
    if (!made || !made->with)
        csi_no_memory(error);
    else if (read_with(made, length, fixed, error) == COSEND_OK)
        return made;
    cosend_replacement_free(made);
    return NULL;
}

void cosend_replacement_free(struct cosend_replacement *replacement)
{
    if (!replacement)
        return;
    csi_free(replacement->with);
    csi_free(replacement->pieces);
    csi_free(replacement);
}

/* ---- Replacing ----------------------------------------------------------- */

/* Append what a match becomes. */
static void put_replacement(const struct cosend_replacement *replacement,
                            const char *text,
                            const struct csi_regex_place *place,
                            struct cosend_bytes *to)
{
    for (size_t i = 0; i < replacement->count; i++) {
        const struct piece *piece = &replacement->pieces[i];
        const size_t *group;

        cosend_put_raw(to, piece->text, piece->length);
        if (piece->group == 0)
            cosend_put_raw(to, text + place->start, place->end - place->start);
        if (piece->group == 0 || !place->groups || piece->group >= place->pairs)
            continue;
        /* One that took no part has no offsets, SIZE_MAX. */
        group = place->groups + 2 * (size_t)piece->group;
        if (group[0] < group[1])
            cosend_put_raw(to, text + group[0], group[1] - group[0]);
    }
}

/* Behind a match of no bytes: the next character's start. */
static size_t skip_character(const char *text, size_t length, size_t at)
{
    int size = at < length ? csi_utf8_character(text + at, text + length) : 1;

    return at + (size > 0 ? (size_t)size : 1);
}

enum cosend_match cosend_replace(const struct cosend_replacement *replacement,
                                 struct cosend_cell cell, bool first,
                                 struct cosend_bytes *to)
{
    const char *text = cell.length ? cell.data : "";
    size_t before = to->length, kept = 0, from = 0;
    struct csi_regex_place place;
    enum cosend_match answer = COSEND_NO_MATCH, last;

    if (cell.kind == COSEND_ABSENT || cell.kind == COSEND_NULL)
        return COSEND_NO_MATCH;
    while (from <= cell.length && !(first && answer == COSEND_MATCH)) {
        bool empty;

        last = csi_regex_find_place(replacement->regex, text, cell.length, from,
                                    &place);
        if (last == COSEND_NO_MATCH)
            break;
        if (last < 0) {
            answer = last;
            break;
        }
        empty = place.end == place.start;
        /* None of no bytes right behind another match, as sed has it. */
        if (!empty || answer != COSEND_MATCH || place.start > kept) {
            cosend_put_raw(to, text + kept, place.start - kept);
            put_replacement(replacement, text, &place, to);
            kept = place.end;
            answer = COSEND_MATCH;
        }
        from = empty ? skip_character(text, cell.length, place.end) : place.end;
    }
    if (answer == COSEND_MATCH)
        cosend_put_raw(to, text + kept, cell.length - kept);
    else
        to->length = before;
    return to->failed ? COSEND_MATCH_MEMORY : answer;
}
