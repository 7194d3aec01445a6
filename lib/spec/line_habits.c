/* SPDX-License-Identifier: MIT */
#include "spec/line_habits.h"

#include "cosend/number.h"
#include "plan/option_rows.h"

#include <stdlib.h>
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
    {"grep", "-A", "is written after=N, behind the pattern"},
    {"grep", "-B", "is written before=N, behind the pattern"},
    {"grep", "-C", "is written context=N, behind the pattern"},
    {"grep", "-n", "is a stage of its own: grep PATTERN | origin line=n"},
    {"grep", "--line-number",
     "is a stage of its own: grep PATTERN | origin line=n"},
    {"grep", "-l", "is a stage of its own: grep PATTERN | origin | count file"},
    {"grep", "-f", "is written patterns_file=PATH"},
    {"grep", "-q",
     "is an option of cosend: cosend -e 'grep PATTERN' >/dev/null"},
    {"grep", "-o", "is written only_matching=true, behind the pattern"},
    {"grep", "--only-matching",
     "is written only_matching=true, behind the pattern"},
    {"dedup", "-c", "is written count=n"},
    {"dedup", "-d", "is written only=duplicate"},
    {"dedup", "-u", "is written only=unique"},
    {"dedup", "-g", "is not needed: the fields follow the filter's name"},
    {"dedup", "-f", "is not needed: the fields follow the filter's name"},
    {"count", "-f", "is not needed: the fields follow the filter's name"},
    {"count", "-g", "is not needed: the fields follow the filter's name"},
    {"fill", "-a", "is written *: fill * value=0"},
    {"fill", "-f", "is not needed: the fields follow the filter's name"},
    {"fill", "-v", "is written value=TEXT"},
    {"frequency", "-f", "is not needed: the fields follow the filter's name"},
    {"frequency", "-s", "is not needed: the fields follow the filter's name"},
    {"head", "-g", "is written by=FIELD"},
    {"head", "-n", "is not needed: head "},
    {"head", "--lines", "is not needed: head "},
    {"lookup", "-f", "is not needed: the file follows the filter's name"},
    {"lookup", "-j", "is written key=NAME"},
    {"lookup", "--np", "is written unmatched=only"},
    {"rename", "-r", "is written regex=PATTERN with=TEXT"},
    {"reorder", "-e", "is written last=true"},
    {"reorder", "-f", "is not needed: the fields follow the filter's name"},
    {"replace", "-f", "is written fields=NAME, behind pattern and with"},
    {"slice", "-s", "is not needed: slice FIRST LAST, both from 1"},
    {"slice", "-e", "is not needed: slice FIRST LAST, both from 1"},
    {"slice", "-i", "is written twice: slice 5 5 is the fifth record"},
    {"sort", "-n",
     "is not needed: numbers are sorted by size; the field n, the greatest "
     "first, is by=-n"},
    {"sort", "-r",
     "is written desc=true; the field r, the greatest first, is by=-r"},
    {"sort", "-nr", "is written desc=true: numbers are sorted by size"},
    {"sort", "-rn", "is written desc=true: numbers are sorted by size"},
    {"sort", "-u",
     "is written unique=true; the field u, the greatest first, is by=-u"},
    {"select", "-f", "is not needed: the fields follow the filter's name"},
    {"select", "-o", "is not needed: fields come as they are named"},
    {"select", "-x", "is a filter of its own: drop FIELD"},
    {"select", "-d", "is the input's: `input delimiter=;` in front of it"},
    {"tail", "-g", "is written by=FIELD"},
    {"tail", "-n", "is not needed: tail "},
    {"tail", "--lines", "is not needed: tail "},
    {"tail", "-f", "is an option of cosend: cosend --follow"},
    {"tail", "-F", "is an option of cosend: cosend --follow"},
    {"stats", "-f", "is not needed: the fields follow the filter's name"},
    {"stats", "-s", "is not needed: the fields follow the filter's name"},
    {"top", "-a", "is not needed: whole records come"},
    {"top", "-f", "is not needed: the field follows the number"},
    {"top", "-g", "is written by=FIELD"},
    {"top", "-n", "is not needed: top "},
    {"unsparsify", "-f", "is not needed: the fields follow the filter's name"},
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

/* Whether a filter's main option is a number that no dash begins: by habit that
   is no minus where head and tail have it. */
static bool takes_count(const struct cosend_filter *filter)
{
    struct cosend_option main;

    return csi_option_main(filter, &main) && main.type == COSEND_OPTION_INT &&
           (main.minimum >= 0 || strcmp(filter->name, "head") == 0 ||
            strcmp(filter->name, "tail") == 0);
}

/* Whether its main option is a list of keys, in which -x is one that
   descends. */
static bool takes_keys(const struct cosend_filter *filter)
{
    struct cosend_option main;

    return csi_option_main(filter, &main) && main.type == COSEND_OPTION_LIST;
}

/* Whether its main option is fields, whose names hardly begin so. */
static bool takes_fields(const struct cosend_filter *filter)
{
    struct cosend_option main;

    return csi_option_main(filter, &main) && main.type == COSEND_OPTION_FIELDS;
}

/* Whether the word is -5, or +5, for such a filter. */
static bool is_count(const struct csi_word *word,
                     const struct cosend_filter *filter)
{
    return takes_count(filter) && word->length > 1 &&
           strspn(word->text + 1, "0123456789") == word->length - 1;
}

/* What a flag is given, in the rest of its word or as the next: a number, and
   the sign in front of it, of *length bytes. 10, which is what head and tail
   take, where it is none. */
static const char *number_of(const struct csi_line *line, const char *rest,
                             size_t *length)
{
    size_t sign;

    rest += *rest == '=';
    sign = *rest == '+' || *rest == '-';
    *length = strspn(rest + sign, "0123456789");
    if (*length && !rest[sign + *length]) {
        *length += sign;
        return rest;
    }
    *length = *rest ? 0 : csi_words_number(&line->words, &rest);
    if (*length)
        return rest;
    *length = 2;
    return "10";
}

/* Say what to write for tail's +5, from line 5 on, and head's -5, all but the
   last 5 lines; `number` is that. False where it is a number like any. */
static bool answer_signed(struct csi_line *line, const char *filter,
                          const char *number, size_t length)
{
    struct csi_place place = csi_word_place(&line->words.word, 0);
    unsigned long long first = strtoull(number + 1, NULL, 10);

    first += !first;
    if (strcmp(filter, "tail") == 0 && *number == '+')
        csi_spec_place_problem(
            line->spec, &place,
            "tail counts from the end; what begins at record %llu is `tail "
            "n=-%llu`",
            first, first - 1);
    else if (strcmp(filter, "head") == 0 && *number == '-')
        csi_spec_place_problem(line->spec, &place,
                               "head counts from the start; all but the last "
                               "records are `head n=%.*s`",
                               (int)length, number);
    else
        return false;
    return true;
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
    if (digits && answer_signed(line, filter, number, digits))
        return true;
    csi_spec_place_problem(line->spec, &place, "%s %s%.*s", habit->flag,
                           habit->remedy, (int)digits, number);
    return true;
}

/* Whether each letter of a word is a flag, as in -vi. */
static bool is_cluster(const char *filter, const struct csi_word *word)
{
    for (size_t i = 1; i < word->length; i++) {
        const char flag[] = {'-', word->text[i], '\0'};

        if (word->text[i] >= '0' && word->text[i] <= '9')
            continue;
        if (!find_habit(filter, flag, 2))
            return false;
    }
    return true;
}

/* The word as a whole; or -vi, which is -v and -i. */
static bool answer_all(struct csi_line *line, const char *filter)
{
    const struct csi_word *word = &line->words.word;
    size_t length = csi_word_find(word, 0, '=');
    bool known = answer(line, filter, word->text, length, word->text + length);

    if (known || word->text[1] == '-' || !is_cluster(filter, word))
        return known;
    for (size_t i = 1; i < word->length; i++) {
        const char flag[] = {'-', word->text[i], '\0'};

        known |= answer(line, filter, flag, 2, word->text + i + 1);
    }
    return known;
}

/* Whether the next word is the number of the flag in hand, and so no value. */
static bool takes_next(const struct csi_line *line,
                       const struct cosend_filter *filter)
{
    const struct csi_word *word = &line->words.word;
    const struct habit *habit =
        find_habit(filter->name, word->text, word->length);
    const char *number;

    return habit && habit->remedy[strlen(habit->remedy) - 1] == ' ' &&
           csi_words_number(&line->words, &number);
}

/* Say of `sample 2%` what it is as a part. */
static bool answer_percents(struct csi_line *line)
{
    const struct csi_word *word = &line->words.word;
    struct csi_place place = csi_word_place(word, 0);
    char part[COSEND_NUMBER_MAX];
    double percents;

    if (!word->length || word->text[word->length - 1] != '%' ||
        !cosend_parse_double(word->text, word->length - 1, &percents))
        return false;
    cosend_format_double(percents / 100, part);
    csi_spec_place_problem(line->spec, &place,
                           "a rate is between 0 and 1; %s is %s", word->text,
                           part);
    return true;
}

/* Say of `sample 10` what keeps ten records, and what each tenth; other
   programs mean either by it. A rate of 1 is one. */
static bool answer_rate(struct csi_line *line, const char *filter)
{
    const struct csi_word *word = &line->words.word;
    struct csi_place place = csi_word_place(word, 0);

    if (strcmp(filter, "sample") != 0)
        return false;
    if (answer_percents(line))
        return true;
    if (strcmp(word->text, "1") == 0 || !*word->text ||
        word->text[strspn(word->text, "0123456789")] ||
        strspn(word->text, "0") == word->length)
        return false;
    csi_spec_place_problem(line->spec, &place,
                           "a rate is between 0 and 1; reservoir=%s keeps %s "
                           "records, every=%s one of %s",
                           word->text, word->text, word->text, word->text);
    return true;
}

static bool answer_word(struct csi_line *line,
                        const struct cosend_filter *filter, bool has_place)
{
    const struct csi_word *word = &line->words.word;
    struct csi_place place = csi_word_place(word, 0);

    if (*word->text == '+' && is_count(word, filter) &&
        csi_word_is_bare(word, word->length))
        return answer_signed(line, filter->name, word->text, word->length);
    if (answer_rate(line, filter->name))
        return true;
    if (word->length < 2 || word->text[0] != '-' ||
        !csi_word_is_bare(word, word->length))
        return false;
    if (is_count(word, filter)) {
        csi_spec_place_problem(line->spec, &place, "%s is written %s %s",
                               word->text, filter->name, word->text + 1);
        return true;
    }
    if (takes_keys(filter) && (has_place || word->text[1] != '-'))
        return answer(line, filter->name, word->text, word->length, "");
    if (takes_fields(filter) &&
        find_habit(filter->name, word->text, word->length))
        return answer(line, filter->name, word->text, word->length, "");
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

bool csi_line_habit(struct csi_line *line, const struct cosend_filter *filter,
                    bool has_place)
{
    bool next = takes_next(line, filter);

    if (!answer_word(line, filter, has_place))
        return false;
    if (next)
        csi_words_next(&line->words);
    return true;
}
