/* SPDX-License-Identifier: MIT */
#include "spec/line_habits.h"

#include "plan/option_rows.h"

#include <string.h>

/* What to write for an option of a program of the same name. */
static const struct habit {
    const char *filter, *flag, *remedy; /* "head ": a number follows */
} habits[] = {
    {"grep", "-v", "is written invert=true, behind the pattern"},
    {"grep", "--invert-match", "is written invert=true, behind the pattern"},
    {"grep", "-i", "is written ignore_case=true, behind the pattern"},
    {"grep", "--ignore-case",
     "is written ignore_case=true, behind the pattern"},
    {"grep", "-w", "is written word=true, behind the pattern"},
    {"grep", "--word-regexp", "is written word=true, behind the pattern"},
    {"grep", "-x", "is written whole=true, behind the pattern"},
    {"grep", "-F", "is written fixed=true, behind the pattern"},
    {"grep", "--fixed-strings", "is written fixed=true, behind the pattern"},
    {"grep", "-c", "is a stage of its own: grep PATTERN | count"},
    {"grep", "--count", "is a stage of its own: grep PATTERN | count"},
    {"grep", "-m", "is a stage of its own: grep PATTERN | head "},
    {"grep", "--max-count", "is a stage of its own: grep PATTERN | head "},
    {"grep", "-E", "is not needed: patterns are PCRE2"},
    {"grep", "-P", "is not needed: patterns are PCRE2"},
    {"grep", "-e", "is not needed: the pattern follows the filter's name"},
    {"grep", "-n", "has no counterpart: lines are not numbered"},
    {"grep", "-o",
     "has no counterpart; `parse regex=...` makes columns of "
     "what a pattern captures"},
    {"head", "-n", "is not needed: head "},
    {"head", "--lines", "is not needed: head "},
    {"tail", "-n", "is not needed: tail "},
    {"tail", "--lines", "is not needed: tail "},
    {"tail", "-f", "is an option of cosend: cosend --follow"},
    {"tail", "-F", "is an option of cosend: cosend --follow"},
};

static const struct habit *find_habit(const char *filter, const char *flag,
                                      size_t length)
{
    for (size_t i = 0; i < sizeof(habits) / sizeof(habits[0]); i++)
        if (strcmp(habits[i].filter, filter) == 0 &&
            strlen(habits[i].flag) == length &&
            memcmp(habits[i].flag, flag, length) == 0)
            return &habits[i];
    return NULL;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Whether a filter's main option is a number that no dash begins. */
static bool takes_count(const struct cosend_filter *filter)
{
    struct cosend_option main;

    return csi_option_main(filter, &main) && main.type == COSEND_OPTION_INT &&
           main.minimum >= 0;
}

/* Whether the word is -5 for such a filter. */
static bool is_count(const struct csi_word *word,
                     const struct cosend_filter *filter)
{
    return takes_count(filter) && word->length > 1 &&
           strspn(word->text + 1, "0123456789") == word->length - 1;
}

/* The number that a flag is given, in the rest of its word or as the next:
 *length digits. 10, which is what head and tail take, where it is none. */
static const char *number_of(const struct csi_line *line, const char *rest,
                             size_t *length)
{
    rest += *rest == '=';
    *length = strspn(rest, "0123456789");
    if (*length && !rest[*length])
        return rest;
    *length = *rest ? 0 : csi_words_digits(&line->words, &rest);
    if (*length)
        return rest;
    *length = 2;
    return "10";
}

static bool answer(struct csi_line *line, const char *filter, const char *flag,
                   size_t length, const char *rest)
{
    struct csi_place place = csi_word_place(&line->words.word, 0);
    const struct habit *habit = find_habit(filter, flag, length);
    const char *number = "";
    size_t digits = 0;

    if (!habit)
        return false;
    if (habit->remedy[strlen(habit->remedy) - 1] == ' ')
        number = number_of(line, rest, &digits);
    csi_spec_place_problem(line->spec, &place, "%s %s%.*s", habit->flag,
                           habit->remedy, (int)digits, number);
    return true;
}

/* The word as a whole; or -vi, which is -v and -i. */
static bool answer_all(struct csi_line *line, const char *filter)
{
    const struct csi_word *word = &line->words.word;
    size_t length = csi_word_find(word, 0, '=');
    bool known = answer(line, filter, word->text, length, word->text + length);

    if (known || word->text[1] == '-')
        return known;
    for (size_t i = 1; i < word->length; i++) {
        const char flag[] = {'-', word->text[i], '\0'};

        known |= answer(line, filter, flag, 2, word->text + i + 1);
    }
    return known;
}

bool csi_line_habit(struct csi_line *line, const struct cosend_filter *filter,
                    bool has_place)
{
    const struct csi_word *word = &line->words.word;
    struct csi_place place = csi_word_place(word, 0);

    if (word->length < 2 || word->text[0] != '-' ||
        !csi_word_is_bare(word, word->length))
        return false;
    if (is_count(word, filter)) {
        csi_spec_place_problem(line->spec, &place, "%s is written %s %s",
                               word->text, filter->name, word->text + 1);
        return true;
    }
    if (has_place && !takes_count(filter) && !csi_words_follow(&line->words))
        return false;
    if (!is_letter(word->text[1]) &&
        !(word->text[1] == '-' && is_letter(word->text[2])))
        return false;
    if (!answer_all(line, filter->name))
        csi_spec_place_problem(line->spec, &place,
                               "%s is no option: those are written name=value, "
                               "without dashes; see cosend help %s",
                               word->text, filter->name);
    return true;
}
