/* SPDX-License-Identifier: MIT */
/*
 * Strings are dealt out to searches by their lengths. Volnitsky's search makes
 * steps as long as its shortest string allows, and its filter is as good as
 * that string's few bytes: one of two bytes among thousands of ten would make
 * it look at every byte of the text, and in vain. So
 *
 *   - a few short strings are Teddy's, which does not care;
 *   - short strings of one length that are too many to be rare are a search of
 *     their own;
 *   - all others are one search.
 *
 * Mostly there is but one. Where there are several, all of them look at a
 * stretch of lines before any looks at the next one, so that whoever finds
 * something in every line has not made the others look at all of the text each
 * time: stretches begin small and double.
 *
 * Of an empty string it is known that it is there: it is in every line, or in
 * empty ones where whole lines count.
 */
#include "match/literal_set.h"

#include "base/base.h"
#include "match/empty_word.h"
#include "match/teddy.h"

#include <stdint.h>
#include <string.h>

enum {
    SHORT = 7,           /* from here on steps are of four bytes */
    MOST_PARTS = 12,     /* 2, and one for each length below ... */
    RARE = 8,            /* ... this one, and one for the others */
    FIRST_STRETCH = 256, /* bytes that several parts look at in turns */
    TEDDIES = 2          /* for short strings, at most */
};

/* One of the two. */
struct part {
    struct csi_teddy *teddy;
    struct csi_volnitsky *volnitsky;
};

struct csi_literal_set {
    struct csi_volnitsky_options options;
    bool has_empty, has_line_end;
    struct part parts[MOST_PARTS];
    size_t count;
};

/* ---- Making -------------------------------------------------------------- */

/* What is left to deal out. */
struct deal {
    struct csi_literal_set *set;
    const struct csi_string *strings;
    size_t count;
    struct csi_string *chosen; /* room for all */
};

/* Those from one length up to below another one. */
static size_t choose_strings(struct deal *deal, size_t from, size_t to)
{
    size_t chosen = 0;

    for (size_t i = 0; i < deal->count; i++)
        if (deal->strings[i].length >= from && deal->strings[i].length < to)
            deal->chosen[chosen++] = deal->strings[i];
    return chosen;
}

static bool add_volnitsky(struct deal *deal, size_t count)
{
    struct part *part = &deal->set->parts[deal->set->count++];

    part->volnitsky =
        csi_volnitsky_new(deal->chosen, count, &deal->set->options);
    return part->volnitsky != NULL;
}

/* For `count` of the chosen ones from the first on. */
static bool add_teddy(struct deal *deal, size_t first, size_t count)
{
    struct part *part = &deal->set->parts[deal->set->count++];
    size_t lengths[CSI_TEDDY_MOST], total = 0;
    char *text, *to;

    for (size_t i = 0; i < count; i++)
        total += lengths[i] = deal->chosen[first + i].length;
    text = to = csi_malloc(total);
    if (!text)
        return false;
    for (size_t i = 0; i < count; i++) {
        memcpy(to, deal->chosen[first + i].text, lengths[i]);
        to += lengths[i];
    }
    part->teddy =
        csi_teddy_new(text, lengths, count, deal->set->options.ignore_case);
    csi_free(text);
    return part->teddy != NULL;
}

/* Those shorter than a length, if they are few; *done says so. */
static bool deal_few(struct deal *deal, size_t below, bool *done)
{
    size_t count = choose_strings(deal, 1, below), most = csi_teddy_worth();
    size_t teddies = (count + most - 1) / most;
    bool made = true;

    *done = count <= TEDDIES * most;
    for (size_t i = 0; i < teddies && *done && made; i++) {
        size_t first = count * i / teddies;

        made = add_teddy(deal, first, count * (i + 1) / teddies - first);
    }
    return made;
}

/* Those from a length on, the shortest by themselves while they are neither
   rare nor all. */
static bool deal_rest(struct deal *deal, size_t from)
{
    size_t count;

    for (; (count = choose_strings(deal, from, SIZE_MAX)); from++) {
        size_t same = choose_strings(deal, from, from + 1);

        if (from >= RARE || deal->set->options.whole ||
            (same && (same == count || count < (size_t)1 << (4 * from - 2))))
            return add_volnitsky(deal, choose_strings(deal, from, SIZE_MAX));
        if (same && !add_volnitsky(deal, same))
            return false;
    }
    return true;
}

static bool deal_strings(struct deal *deal)
{
    const struct csi_volnitsky_options *options = &deal->set->options;
    size_t below = deal->count > csi_teddy_worth() ? SHORT : SIZE_MAX;
    bool few = false;

    if (!options->word && !options->whole && !deal_few(deal, below, &few))
        return false;
    return deal_rest(deal, few ? below : 1);
}

static bool has_line_end(const struct csi_string *string)
{
    return memchr(string->text, '\n', string->length) ||
           memchr(string->text, '\r', string->length);
}

struct csi_literal_set *
csi_literal_set_new(const struct csi_string *strings, size_t count,
                    const struct csi_volnitsky_options *options)
{
    struct csi_literal_set *set = csi_calloc(1, sizeof(*set));
    struct deal deal = {set, strings, count, NULL};
    bool made = false;

    if (!set)
        return NULL;
    set->options = *options;
    for (size_t i = 0; i < count; i++) {
        set->has_empty |= strings[i].length == 0;
        set->has_line_end |= strings[i].length && has_line_end(&strings[i]);
    }
    deal.chosen = csi_malloc((count + 1) * sizeof(*deal.chosen));
    if (deal.chosen)
        made = deal_strings(&deal);
    csi_free(deal.chosen);
    if (made)
        return set;
    csi_literal_set_free(set);
    return NULL;
}

void csi_literal_set_free(struct csi_literal_set *set)
{
    if (!set)
        return;
    for (size_t i = 0; i < set->count; i++) {
        csi_teddy_free(set->parts[i].teddy);
        csi_volnitsky_free(set->parts[i].volnitsky);
    }
    csi_free(set);
}

/* ---- Searching ----------------------------------------------------------- */

static const char *find_part(const struct part *part, const char *text,
                             const char *end)
{
    return part->teddy ? csi_teddy_find(part->teddy, text, end)
                       : csi_volnitsky_find(part->volnitsky, text, end);
}

static bool match_empty(const struct csi_literal_set *set, const char *text,
                        size_t length)
{
    if (set->options.whole)
        return length == 0;
    return !set->options.word ||
           csi_has_empty_word(set->options.letters, text, length);
}

bool csi_literal_set_match(const struct csi_literal_set *set, const char *text,
                           size_t length)
{
    if (set->has_empty && match_empty(set, text, length))
        return true;
    for (size_t i = 0; i < set->count; i++)
        if (set->options.whole
                ? csi_volnitsky_is(set->parts[i].volnitsky, text, length)
                : find_part(&set->parts[i], text, text + length) != NULL)
            return true;
    return false;
}

bool csi_literal_set_is_for_lines(const struct csi_literal_set *set,
                                  bool *exact)
{
    *exact = !set->has_line_end;
    return !set->options.whole && !set->has_empty;
}

/* In a stretch of lines, the first one that has any: what the later parts find
   counts in the lines before only. */
static const char *find_in_stretch(const struct csi_literal_set *set,
                                   const char *text, const char *end)
{
    const char *found = NULL;

    for (size_t i = 0; i < set->count && text < end; i++) {
        const char *place = find_part(&set->parts[i], text, end);

        if (!place)
            continue;
        found = place;
        end = memrchr(text, '\n', (size_t)(place - text));
        end = end ? end + 1 : text;
    }
    return found;
}

const char *csi_literal_set_find(const struct csi_literal_set *set,
                                 const char *text, const char *end)
{
    size_t stretch = FIRST_STRETCH;

    if (set->count == 1)
        return find_part(&set->parts[0], text, end);
    while (text < end) {
        const char *stop = end, *found;

        if ((size_t)(end - text) > stretch) {
            stop = memchr(text + stretch, '\n', (size_t)(end - text) - stretch);
            stop = stop ? stop + 1 : end;
        }
        found = find_in_stretch(set, text, stop);
        if (found)
            return found;
        text = stop;
        stretch *= 2;
    }
    return NULL;
}
