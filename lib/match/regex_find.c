/* SPDX-License-Identifier: MIT */
/*
 * Where a pattern's matches are. Matching alone has ways that never come to
 * know that, such as a search for many strings at once; a regex made for places
 * has none of these, so that there are three kinds: a string, a program, and a
 * list of them, of which each is asked.
 */
#include "match/regex_find.h"

#include "match/regex.h"

#include <string.h>

/* A text, and what is found of a pattern in it. */
struct found {
    const char *text;
    size_t length;
    size_t start, end;
    const size_t *groups; /* PCRE2's; NULL: no program found it */
    uint32_t pairs;
};

static bool is_word_at(const struct cosend_regex *regex,
                       const struct found *found, const char *at)
{
    const char *end = found->text + found->length;

    return !csi_letter_before(regex->letters, found->text, at) &&
           !csi_letter_behind(regex->letters, at + regex->literal_length, end);
}

static const char *next_literal(const struct cosend_regex *regex,
                                const char *from, const char *end)
{
    return regex->literal_length
               ? csi_substring_find(&regex->needles->string, from, end)
               : from;
}

static enum cosend_match find_literal(const struct cosend_regex *regex,
                                      size_t from, struct found *found)
{
    const char *end = found->text + found->length;
    const char *at = next_literal(regex, found->text + from, end);

    if (regex->whole && (from || found->length != regex->literal_length))
        return COSEND_NO_MATCH;
    while (at && regex->word && !is_word_at(regex, found, at))
        at = at < end ? next_literal(regex, at + 1, end) : NULL;
    if (!at || (regex->whole && at != found->text))
        return COSEND_NO_MATCH;
    found->start = (size_t)(at - found->text);
    found->end = found->start + regex->literal_length;
    return COSEND_MATCH;
}

static enum cosend_match find_program(const struct cosend_regex *regex,
                                      size_t from, struct found *found)
{
    struct csi_scratch *scratch = csi_scratch_get(regex->pairs);
    const size_t *offsets;
    int answer;

    if (!scratch)
        return COSEND_MATCH_MEMORY;
    if (regex->whole && from)
        return COSEND_NO_MATCH;
    /* No match of characters begins inside of one. */
    while (regex->characters && from && from < found->length &&
           ((unsigned char)found->text[from] & 0xc0) == 0x80)
        from++;
    answer = csi_program_find(regex->program, found->text, found->length, from,
                              scratch);
    if (answer < 0)
        return csi_regex_verdict(
            csi_regex_answer(regex, answer, found->text, found->length));
    offsets = pcre2_get_ovector_pointer(scratch->data);
    found->start = offsets[0] > from ? offsets[0] : from;
    found->groups = offsets;
    found->pairs = (uint32_t)answer;
    /* \K can set a start behind the end. */
    found->end = offsets[1] > found->start ? offsets[1] : found->start;
    return COSEND_MATCH;
}

static enum cosend_match find_one(const struct cosend_regex *regex, size_t from,
                                  struct found *found)
{
    if (regex->program)
        return find_program(regex, from, found);
    return regex->literal ? find_literal(regex, from, found) : COSEND_NO_MATCH;
}

static bool is_better(const struct found *a, const struct found *b)
{
    return a->start < b->start || (a->start == b->start && a->end > b->end);
}

/* Where one is out of its limits nobody knows what is first. */
static enum cosend_match find_any(const struct cosend_regex *regex, size_t from,
                                  struct found *found)
{
    enum cosend_match match = COSEND_NO_MATCH, one;

    for (size_t i = 0; i < regex->any_count && !regex->all; i++) {
        struct found other = *found;

        one = find_one(regex->any[i], from, &other);
        if (one < 0)
            return one;
        if (one == COSEND_NO_MATCH)
            continue;
        if (match == COSEND_NO_MATCH || is_better(&other, found))
            *found = other;
        match = COSEND_MATCH;
    }
    return match;
}

bool csi_regex_has_group(const struct cosend_regex *regex, int64_t number)
{
    return number >= 0 && number < (regex->pairs ? regex->pairs : 1);
}

uint32_t csi_regex_group(const struct cosend_regex *regex, const char *name,
                         size_t length)
{
    int64_t number = 0;
    size_t digits = 0;

    while (digits < length && name[digits] >= '0' && name[digits] <= '9' &&
           number <= UINT16_MAX)
        number = number * 10 + (name[digits++] - '0');
    if (digits == length && length)
        return csi_regex_has_group(regex, number) ? (uint32_t)number
                                                  : CSI_NO_GROUP;
    for (size_t i = 0; i < regex->group_count; i++)
        if (strlen(regex->groups[i].name) == length &&
            memcmp(regex->groups[i].name, name, length) == 0)
            return regex->groups[i].number;
    return CSI_NO_GROUP;
}

enum cosend_match csi_regex_find_place(const struct cosend_regex *regex,
                                       const char *text, size_t length,
                                       size_t from,
                                       struct csi_regex_place *place)
{
    struct found found = {.text = text, .length = length};
    enum cosend_match answer = regex->any ? find_any(regex, from, &found)
                                          : find_one(regex, from, &found);

    place->start = found.start;
    place->end = found.end;
    place->groups = found.groups;
    place->pairs = found.pairs;
    return answer;
}

enum cosend_match cosend_regex_find(const struct cosend_regex *regex,
                                    struct cosend_cell cell, uint32_t from,
                                    struct cosend_cell *match)
{
    struct csi_regex_place found;
    enum cosend_match answer;

    if (cell.kind == COSEND_ABSENT || cell.kind == COSEND_NULL ||
        from > cell.length)
        return COSEND_NO_MATCH;
    answer = csi_regex_find_place(regex, cell.length ? cell.data : "",
                                  cell.length, from, &found);
    if (answer == COSEND_MATCH)
        *match = cosend_text(cell.length ? cell.data + found.start : "",
                             found.end - found.start);
    return answer;
}

enum cosend_match cosend_regex_find_all(const struct cosend_regex *regex,
                                        struct cosend_cell cell,
                                        struct cosend_matches *matches)
{
    struct cosend_cell match;
    uint32_t from = 0;

    matches->count = 0;
    while (from <= cell.length) {
        enum cosend_match answer = cosend_regex_find(regex, cell, from, &match);

        if (answer == COSEND_NO_MATCH)
            break;
        if (answer < 0)
            return answer;
        if (!csi_grow(&matches->items, &matches->capacity, matches->count + 1,
                      sizeof(*matches->items)))
            return COSEND_MATCH_MEMORY;
        matches->items[matches->count++] = match;
        if (cell.length)
            from = (uint32_t)(match.data - cell.data) + match.length;
        from += !match.length;
    }
    return matches->count ? COSEND_MATCH : COSEND_NO_MATCH;
}

void cosend_matches_free(struct cosend_matches *matches)
{
    csi_free(matches->items);
    *matches = (struct cosend_matches){NULL, 0, 0};
}
