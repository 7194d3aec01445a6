/* SPDX-License-Identifier: MIT */
/*
 * Each language is a machine of its own, whose state is the kind of the last
 * line. Of most lines their first byte says that they are of no kind, so that
 * no pattern is looked for.
 */
#include "cosend/event_lines.h"

#include "base/base.h"
#include "match/event_lines_known.h"

#include <string.h>

enum { KINDS = 30 }; /* of a language at most: `behind` is 32 bits */

/* One language, ready. Kind i of its table is bit i here. */
struct event_language {
    const struct csi_language *is;
    struct cosend_regex *patterns[KINDS];
    unsigned by_byte[256], of_empty; /* kinds whose `first` takes a line */
    unsigned after[KINDS + 1]; /* kinds that may join, by state; 0: OTHER */
    unsigned opens, begins;    /* kinds by their role */
};

struct cosend_event_lines {
    size_t count;
    struct event_language languages[COSEND_EVENT_LINES];
};

static void index_kind(struct event_language *language, unsigned i)
{
    const struct csi_line_kind *kind = &language->is->kinds[i];
    unsigned bit = 1U << i;

    if (!kind->first || !*kind->first)
        language->of_empty |= bit;
    if (kind->role == CSI_OPENS)
        language->opens |= bit;
    if (kind->role == CSI_BEGINS)
        language->begins |= bit;
    for (unsigned byte = 0; byte < 256; byte++)
        if (!kind->first || (byte && strchr(kind->first, (int)byte)))
            language->by_byte[byte] |= bit;
    for (unsigned state = 0; state <= language->is->count; state++)
        if (kind->behind >> state & 1)
            language->after[state] |= bit;
}

static bool make_language(struct event_language *language,
                          const struct csi_language *is,
                          struct cosend_error *error)
{
    language->is = is;
    for (unsigned i = 0; i < is->count; i++) {
        const char *pattern = is->kinds[i].pattern;

        index_kind(language, i);
        if (pattern && !(language->patterns[i] = cosend_regex_new(
                             pattern, strlen(pattern), NULL, error)))
            return false;
    }
    return true;
}

/* The number of a known one; that of the last and nameless where it is none. */
static size_t find_language(const struct cosend_string *name)
{
    size_t i = 0;

    while (cosend_event_lines_known[i].name &&
           strcmp(cosend_event_lines_known[i].name, name->data) != 0)
        i++;
    return i;
}

static bool add_language(struct cosend_event_lines *lines,
                         const struct cosend_string *name,
                         struct cosend_error *error)
{
    size_t number = find_language(name);
    const struct csi_language *is = &csi_languages[number];

    if (!cosend_event_lines_known[number].name) {
        cosend_error_set(error, COSEND_E_SPEC, "\"%.100s\" is not known",
                         name->data);
        return false;
    }
    for (size_t i = 0; i < lines->count; i++)
        if (lines->languages[i].is == is) {
            cosend_error_set(error, COSEND_E_SPEC, "%.100s is there twice",
                             name->data);
            return false;
        }
    return make_language(&lines->languages[lines->count++], is, error);
}

struct cosend_event_lines *
cosend_event_lines_new(const struct cosend_string *names, size_t count,
                       size_t *which, struct cosend_error *error)
{
    struct cosend_event_lines *lines = csi_calloc(1, sizeof(*lines));

    if (!lines) {
        csi_no_memory(error);
        return NULL;
    }
    for (*which = 0; *which < count; ++*which)
        if (!add_language(lines, &names[*which], error)) {
            cosend_event_lines_free(lines);
            return NULL;
        }
    return lines;
}

void cosend_event_lines_free(struct cosend_event_lines *lines)
{
    if (!lines)
        return;
    for (size_t i = 0; i < lines->count; i++)
        for (size_t k = 0; k < KINDS; k++)
            cosend_regex_free(lines->languages[i].patterns[k]);
    csi_free(lines);
}

/* ---- Lines --------------------------------------------------------------- */

/* Whether a line is of kind i, of which its first byte is. */
static enum cosend_match is_of_kind(const struct event_language *language,
                                    unsigned i, struct cosend_cell line)
{
    const struct cosend_regex *pattern = language->patterns[i];

    return pattern ? cosend_regex_match(pattern, line) : COSEND_MATCH;
}

/* The first of some kinds that takes a line, or that begins an event with it:
 *kind, from 1; 0 where there is none. */
static enum cosend_match find_kind(const struct event_language *language,
                                   unsigned kinds, struct cosend_cell line,
                                   uint8_t *kind)
{
    enum cosend_match match;

    for (*kind = 0; kinds; kinds &= kinds - 1) {
        unsigned i = (unsigned)__builtin_ctz(kinds);

        match = is_of_kind(language, i, line);
        if (match != COSEND_NO_MATCH) {
            *kind = (uint8_t)(i + 1);
            return match;
        }
    }
    return COSEND_NO_MATCH;
}

static enum cosend_match join_language(const struct event_language *language,
                                       bool begun, uint8_t *state,
                                       struct cosend_cell line)
{
    unsigned kinds = line.length
                         ? language->by_byte[(unsigned char)line.data[0]]
                         : language->of_empty;
    unsigned joining = begun ? kinds & language->after[*state] : 0;
    enum cosend_match match = COSEND_NO_MATCH;
    unsigned may = joining | (kinds & language->begins);
    uint8_t kind = 0;

    if (may)
        match = find_kind(language, may, line, &kind);
    if (match == COSEND_MATCH && joining >> (kind - 1) & 1) {
        *state = kind;
        return match;
    }
    if (match == COSEND_NO_MATCH)
        match = find_kind(language, kinds & language->opens, line, &kind);
    if (match < 0)
        return match;
    *state = kind;
    return COSEND_NO_MATCH;
}

enum cosend_match
cosend_event_lines_join(const struct cosend_event_lines *lines,
                        struct cosend_event_state *state,
                        struct cosend_cell line)
{
    struct cosend_event_state next = *state;
    enum cosend_match answer = COSEND_NO_MATCH;

    for (size_t i = 0; i < lines->count; i++) {
        enum cosend_match match = join_language(
            &lines->languages[i], state->begun, &next.kinds[i], line);

        if (match < 0)
            return match;
        if (match == COSEND_MATCH)
            answer = match;
    }
    next.begun = 1;
    *state = next;
    return answer;
}
