/* SPDX-License-Identifier: MIT */
/*
 * A list of patterns, as a file holds them. Those that are strings, or choices
 * of strings, become one set, which costs no more for many than for few. Every
 * other one is compiled by itself, so that what it means does not depend on its
 * neighbours: numbers of groups, flags, (*VERB)s, whether it implies Unicode.
 *
 * Which ones are strings is decided on the safe side: where letters fold beyond
 * ASCII, or word characters are Unicode's, regex.c knows the rules, and the
 * pattern goes there.
 *
 * Limits: expressions are tried one after the other. Of thousands, each line
 * costs as many searches, and each takes some KiB.
 */
#include "match/regex.h"

#include "record/arena.h"

#include <string.h>

/* A string of more letters that have others is an expression: each doubles in
   how many ways it may be written. */
enum { MOST_OTHERS = 5 };

struct list {
    const struct cosend_regex_options *options;
    struct csi_string *strings;
    size_t string_count, string_capacity;
    /* The memory of strings that are not the pattern as it stands: as many
       structs as patterns, of which most may be empty. */
    struct csi_literals *literals;
    struct csi_arena folded; /* the memory of add_folded's */
    struct cosend_regex **any;
    size_t any_count;
};

static bool add_string(struct list *list, const char *text, size_t length)
{
    if (!csi_grow(&list->strings, &list->string_capacity,
                  list->string_count + 1, sizeof(*list->strings)))
        return false;
    list->strings[list->string_count++] = (struct csi_string){text, length};
    return true;
}

/* The letter beyond ASCII that folds to this one: of all letters of ASCII only
   k, the Kelvin sign, and s, the long s, have any. NULL: there is none. */
static const char *other_letter(char letter)
{
    switch (letter | 0x20) {
    case 'k':
        return "\xe2\x84\xaa";
    case 's':
        return "\xc5\xbf";
    default:
        return NULL;
    }
}

/* How many letters of a string have another, where that counts: what is a word
   is Unicode's, and so are its letters' cases. */
static size_t count_others(const struct cosend_regex_options *options,
                           const char *text, size_t length)
{
    size_t count = 0;

    for (size_t i = 0; options->word && options->ignore_case && i < length; i++)
        count += other_letter(text[i]) != NULL;
    return count;
}

/* The string with the others of those of its letters whose bits are set. */
static bool add_folded(struct list *list, const char *text, size_t length,
                       unsigned bits)
{
    char *folded = csi_arena_bytes(&list->folded, 3 * length);
    size_t made = 0;

    if (!folded)
        return false;
    for (size_t i = 0; i < length; i++) {
        const char *other = other_letter(text[i]);
        bool set = other && bits & 1;

        bits >>= other != NULL;
        memcpy(folded + made, set ? other : text + i, set ? strlen(other) : 1);
        made += set ? strlen(other) : 1;
    }
    return add_string(list, folded, made);
}

/* The string, in all the ways to write it that the set's own folding, which is
   ASCII's, does not know of. */
static bool add_all_ways(struct list *list, const char *text, size_t length)
{
    size_t others = count_others(list->options, text, length);

    for (unsigned bits = 1; bits < 1U << others; bits++)
        if (!add_folded(list, text, length, bits))
            return false;
    return add_string(list, text, length);
}

/* Whether its strings would be matched as bytes. An empty word among bytes that
   are no UTF-8 is another thing where case is ignored. */
static bool is_of_bytes(const struct cosend_regex_options *options,
                        const char *pattern, size_t length)
{
    return !options->unicode && (length || !options->word) &&
           ((!options->ignore_case && !options->word) ||
            csi_is_ascii(pattern, length)) &&
           count_others(options, pattern, length) <= MOST_OTHERS;
}

/* Add a pattern's strings if it is nothing else: *added says so. */
static bool add_strings(struct list *list, const char *pattern, size_t length,
                        struct csi_literals *literals, bool *added)
{
    const char *text;

    *added = false;
    if (list->options->places || !is_of_bytes(list->options, pattern, length))
        return true;
    if (list->options->fixed || csi_is_plain(pattern, length)) {
        *added = true;
        return add_all_ways(list, pattern, length);
    }
    if (!csi_literals_find(literals, pattern, length))
        return false;
    if ((literals->ignore_case && !list->options->ignore_case) ||
        (literals->has_empty_choice && list->options->word))
        return true;
    text = literals->choices;
    for (size_t i = 0; i < literals->choice_count; i++) {
        if (!add_all_ways(list, text, literals->choice_lengths[i]))
            return false;
        text += literals->choice_lengths[i];
        *added = true;
    }
    return true;
}

static bool add_pattern(struct list *list, const char *pattern, size_t length,
                        struct csi_literals *literals,
                        struct cosend_error *error)
{
    bool added;

    if (!add_strings(list, pattern, length, literals, &added))
        return false;
    if (added)
        return true;
    csi_literals_free(literals);
    list->any[list->any_count] =
        cosend_regex_new(pattern, length, list->options, error);
    if (!list->any[list->any_count])
        return false;
    list->any_count++;
    return true;
}

static struct cosend_regex *set_of(const struct list *list)
{
    struct cosend_regex *regex = csi_calloc(1, sizeof(*regex));

    if (regex && csi_regex_make_set(regex, list->strings, list->string_count,
                                    list->options))
        return regex;
    cosend_regex_free(regex);
    return NULL;
}

/* The one regex that there is, or one of them all. */
static struct cosend_regex *make_regex(struct list *list)
{
    struct cosend_regex *regex;

    if (list->string_count || (!list->any_count && !list->options->places)) {
        list->any[list->any_count] = set_of(list);
        if (!list->any[list->any_count])
            return NULL;
        list->any_count++;
    }
    if (list->any_count == 1)
        return list->any[--list->any_count];
    regex = csi_calloc(1, sizeof(*regex));
    if (regex) {
        regex->any = list->any;
        regex->any_count = list->any_count;
        list->any = NULL;
        list->any_count = 0;
    }
    return regex;
}

struct cosend_regex *cosend_regex_of_all(struct cosend_regex *const *regexes,
                                         size_t count,
                                         struct cosend_error *error)
{
    struct cosend_regex *regex = csi_calloc(1, sizeof(*regex));

    if (regex)
        regex->any = csi_calloc(count + 1, sizeof(*regex->any));
    if (regex && regex->any) {
        memcpy(regex->any, regexes, count * sizeof(*regex->any));
        regex->any_count = count;
        regex->all = true;
        return regex;
    }
    csi_free(regex);
    for (size_t i = 0; i < count; i++)
        cosend_regex_free(regexes[i]);
    csi_no_memory(error);
    return NULL;
}

static void free_list(struct list *list, size_t count)
{
    for (size_t i = 0; list->literals && i < count; i++)
        csi_literals_free(&list->literals[i]);
    for (size_t i = 0; i < list->any_count; i++)
        cosend_regex_free(list->any[i]);
    csi_free(list->literals);
    csi_free(list->any);
    csi_free(list->strings);
    csi_arena_free(&list->folded);
}

struct cosend_regex *
cosend_regex_new_any(const char *const *patterns, const size_t *lengths,
                     size_t count, const struct cosend_regex_options *options,
                     size_t *which, struct cosend_error *error)
{
    static const struct cosend_regex_options none;
    struct list list = {.options = options ? options : &none};
    struct cosend_regex *regex = NULL;
    bool good;

    *which = 0;
    if (CSI_CHECK_RESERVED(list.options, "regex options", error) < 0)
        return NULL;
    list.literals = csi_calloc(count + 1, sizeof(*list.literals));
    list.any = csi_calloc(count + 1, sizeof(*list.any));
    good = list.literals && list.any;
    for (size_t i = 0; i < count && good; i++) {
        *which = i;
        good = add_pattern(&list, patterns[i], lengths[i], &list.literals[i],
                           error);
    }
    if (good)
        regex = make_regex(&list);
    if (!regex)
        csi_no_memory(error);
    free_list(&list, count);
    return regex;
}
