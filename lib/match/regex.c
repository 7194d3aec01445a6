/* SPDX-License-Identifier: MIT */
/*
 * Patterns, and which of several ways to look for one is taken.
 *
 * A pattern is a string, a set of strings, or a program of PCRE2's. A string
 * and a set are looked for as bytes. A program matches bytes, or, where the
 * pattern speaks of characters beyond ASCII, characters of UTF-8: see
 * `unicode`. Of such a pattern there is, where it has no letter beyond ASCII
 * itself, a second program that matches bytes: on ASCII alone both say the
 * same, and the second is faster.
 *
 * Over many lines it is first asked where one may match: by the strings that a
 * match must have in it, or by `block`, a program that takes all of the lines
 * as one text. So three kinds of search must agree with the program alone:
 * tests/unit/test_match_lines.c and test_regex_agree.c compare them.
 *
 * A regex is constant once made, so any number of threads may match with it.
 */
#include "match/regex.h"

#include "base/utf8.h"
#include "match/empty_word.h"
#include "match/pattern_compile.h"
#include "match/pattern_text.h"

#include <stdlib.h>
#include <string.h>

enum {
    MOST_PAIRS = 65535,    /* that match data can have */
    LONG_CHOICE = 8 * 1024 /* bytes of pattern: no need to try PCRE2 */
};

static int by_number(const void *left, const void *right)
{
    const struct csi_group *a = left, *b = right;

    return (a->number > b->number) - (a->number < b->number);
}

static bool list_groups(struct cosend_regex *regex)
{
    const pcre2_code *code = csi_program_code(regex->program);
    PCRE2_SPTR table;
    uint32_t count, size, captures;

    pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &captures);
    regex->pairs = captures < MOST_PAIRS ? captures + 1 : MOST_PAIRS;
    pcre2_pattern_info(code, PCRE2_INFO_NAMECOUNT, &count);
    if (!count)
        return true;
    pcre2_pattern_info(code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    pcre2_pattern_info(code, PCRE2_INFO_NAMETABLE, &table);
    regex->groups = csi_calloc(count, sizeof(*regex->groups));
    if (!regex->groups)
        return false;
    regex->group_count = count;
    for (uint32_t i = 0; i < count; i++, table += size) {
        regex->groups[i].number = (uint32_t)(table[0] << 8 | table[1]);
        regex->groups[i].name = (const char *)table + 2;
    }
    qsort(regex->groups, count, sizeof(*regex->groups), by_number);
    return true;
}

static uint32_t flags_of(const struct cosend_regex_options *options,
                         bool unicode)
{
    uint32_t flags = PCRE2_DOLLAR_ENDONLY;

    /* PCRE2 tries .* at the start of a line alone, as if it ran over what is no
       UTF-8, too. */
    flags |= unicode ? PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF |
                           PCRE2_NO_DOTSTAR_ANCHOR
                     : PCRE2_NEVER_UTF | PCRE2_NEVER_UCP;
    if (options->ignore_case)
        flags |= PCRE2_CASELESS;
    if (options->whole)
        flags |= PCRE2_ANCHORED | PCRE2_ENDANCHORED;
    return flags;
}

/* The pattern over several lines, by the JIT; NULL where that cannot be. */
static struct csi_program *compile_block(const struct cosend_regex *regex,
                                         uint32_t flags, bool word)
{
    struct csi_string text = {regex->literals.in_block,
                              regex->literals.in_block_length};
    struct csi_program *program =
        csi_pattern_compile(text, flags | PCRE2_MULTILINE, word, NULL);

    if (!program || csi_program_is_jit(program))
        return program;
    csi_program_free(program);
    return NULL;
}

/* Letters beside a word are Unicode's where what is looked for is UTF-8. */
static bool make_letters(struct cosend_regex *regex,
                         const struct csi_string *strings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!csi_utf8_is_valid(strings[i].text, strings[i].length))
            return true;
    regex->letters = csi_letters_new();
    return regex->letters != NULL;
}

bool csi_regex_make_set(struct cosend_regex *regex,
                        const struct csi_string *strings, size_t count,
                        const struct cosend_regex_options *options)
{
    struct csi_volnitsky_options how = {.ignore_case = options->ignore_case,
                                        .word = options->word,
                                        .whole = options->whole};

    if (options->word && !make_letters(regex, strings, count))
        return false;
    how.letters = regex->letters;
    regex->set = csi_literal_set_new(strings, count, &how);
    if (!regex->set)
        return false;
    regex->set_finds_lines =
        csi_literal_set_is_for_lines(regex->set, &regex->exact);
    return true;
}

static bool make_set(struct cosend_regex *regex,
                     const struct cosend_regex_options *options)
{
    struct csi_literals *literals = &regex->literals;
    struct cosend_regex_options how = *options;
    struct csi_string *strings =
        csi_malloc(literals->choice_count * sizeof(*strings));
    const char *text = literals->choices;
    bool made;

    if (!strings)
        return false;
    for (size_t i = 0; i < literals->choice_count; i++) {
        strings[i] = (struct csi_string){text, literals->choice_lengths[i]};
        text += literals->choice_lengths[i];
    }
    how.ignore_case |= literals->ignore_case;
    made = csi_regex_make_set(regex, strings, literals->choice_count, &how);
    csi_free(strings);
    csi_literals_free(literals);
    return made;
}

/* A choice of a few strings: our own search finds a match but for what else is
   asked of it: to be a word, to be the whole line, to be valid UTF-8. */
static void choose_strings(struct cosend_regex *regex, bool bare,
                           bool ignore_case)
{
    const struct csi_literals *literals = &regex->literals;

    if (literals->choice_count < 2 || literals->has_empty_choice)
        return;
    regex->teddy = csi_teddy_new(literals->choices, literals->choice_lengths,
                                 literals->choice_count, ignore_case);
    regex->exact = bare && regex->teddy;
}

/* Whether a K or an S is in a text: characters beyond ASCII fold to them. */
static bool has_foreign_case(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] >= 0x80 ||
            (text[i] && strchr("kKsS", text[i])))
            return true;
    return false;
}

/* How the letters of a pattern are taken. */
struct reading {
    struct csi_pattern_text text;
    bool ignore_case;
    bool unicode; /* what is matched are characters */
};

static size_t choices_length(const struct csi_literals *literals)
{
    size_t length = 0;

    for (size_t i = 0; i < literals->choice_count; i++)
        length += literals->choice_lengths[i];
    return length;
}

/* How lines that may match are found. Strings whose case is ignored are folded
   as ASCII is. */
static void choose_engine(struct cosend_regex *regex,
                          const struct reading *reading,
                          const struct cosend_regex_options *options)
{
    const struct csi_literals *literals = &regex->literals;
    bool folds = reading->unicode && reading->ignore_case;

    regex->looks_at_end = literals->looks_at_end;
    if (!folds ||
        !has_foreign_case(literals->choices, choices_length(literals)))
        choose_strings(regex,
                       !reading->unicode && !options->word && !options->whole,
                       reading->ignore_case);
    for (size_t i = 0; i < CSI_NEEDLES; i++) {
        struct csi_required string = literals->required[i];

        if (!folds || !has_foreign_case(string.text, string.length))
            regex->needle_count +=
                csi_needle_init(&regex->needles[regex->needle_count], string,
                                reading->ignore_case);
    }
    regex->ascii_block = reading->unicode;
    if (literals->in_block && !options->whole &&
        (regex->bytes || !reading->unicode) &&
        csi_program_is_jit(regex->program))
        regex->block =
            compile_block(regex, flags_of(options, false), options->word);
}

/*
 * A pattern that speaks of characters beyond ASCII is one of UTF-8, though
 * nobody says so: a byte is no letter that could be one of a class, be there
 * twice, have another case or be beside a word. Not, however, for a word's sake
 * where the pattern has bytes by their numbers.
 */
static bool implies_unicode(const struct csi_pattern_text *text,
                            const struct cosend_regex_options *options)
{
    if (options->fixed)
        return options->word || (!text->ascii && options->ignore_case);
    if (text->letters || (!text->ascii && (options->ignore_case || text->fold)))
        return true;
    return (options->word || text->boundary) && !text->numbers;
}

/* Whether a pattern is a choice of strings for which there is no need of PCRE2,
   which takes 64 KiB of pattern at most. Of few that are short it makes more
   than we do: see choose_strings. */
static bool is_set(const struct csi_literals *literals, size_t length,
                   const struct reading *reading,
                   const struct cosend_regex_options *options)
{
    if (options->places || (reading->unicode && reading->ignore_case &&
                            (options->unicode || !reading->text.ascii)))
        return false;
    return literals->choice_count &&
           (literals->choice_count > csi_teddy_worth() || length > LONG_CHOICE);
}

/* The program of the pattern and, where it may be of use, that of bytes. */
static bool make_programs(struct cosend_regex *regex, struct csi_string pattern,
                          const struct reading *reading,
                          const struct cosend_regex_options *options,
                          struct cosend_error *error)
{
    regex->program = csi_pattern_compile(
        pattern, flags_of(options, reading->unicode), options->word, error);
    if (!regex->program)
        return false;
    if (reading->unicode && reading->text.ascii && !reading->text.property &&
        !reading->text.numbers)
        regex->bytes = csi_pattern_compile(pattern, flags_of(options, false),
                                           options->word, NULL);
    return true;
}

static bool make_expression(struct cosend_regex *regex,
                            struct csi_string pattern,
                            const struct cosend_regex_options *options,
                            struct cosend_error *error)
{
    struct reading reading = {
        .text = csi_pattern_text(pattern.text, pattern.length)};
    bool wanted =
        options->unicode || (!options->fixed && reading.text.property);

    if (!csi_literals_find(&regex->literals, pattern.text, pattern.length))
        return false;
    reading.ignore_case = regex->literals.ignore_case || options->ignore_case;
    /* Bytes that are no UTF-8 are no letters. */
    reading.unicode =
        wanted || (implies_unicode(&reading.text, options) &&
                   csi_utf8_is_valid(pattern.text, pattern.length));
    if (is_set(&regex->literals, pattern.length, &reading, options))
        return make_set(regex, options);
    regex->whole = options->whole;
    regex->characters = reading.unicode;
    if (!make_programs(regex, pattern, &reading, options, error) ||
        !list_groups(regex))
        return false;
    choose_engine(regex, &reading, options);
    return true;
}

static bool make_literal(struct cosend_regex *regex, struct csi_string string,
                         const struct cosend_regex_options *options)
{
    if (options->word && !make_letters(regex, &string, 1))
        return false;
    regex->literal = csi_strndup(string.text, string.length);
    regex->literal_length = string.length;
    regex->word = options->word;
    regex->whole = options->whole;
    if (regex->literal && string.length)
        csi_substring_init(&regex->needles[regex->needle_count++].string,
                           regex->literal, string.length, false);
    /* What has line ends in it may be found where no line has it. */
    regex->exact = !options->word && !options->whole &&
                   !memchr(string.text, '\n', string.length) &&
                   !memchr(string.text, '\r', string.length);
    return regex->literal != NULL;
}

static bool make_quoted(struct cosend_regex *regex, struct csi_string string,
                        const struct cosend_regex_options *options,
                        struct cosend_error *error)
{
    struct csi_text quoted = {0};
    bool made =
        csi_pattern_quote(&quoted, string) &&
        make_expression(
            regex,
            (struct csi_string){quoted.data ? quoted.data : "", quoted.length},
            options, error);

    csi_text_free(&quoted);
    return made;
}

static bool make_regex(struct cosend_regex *regex, struct csi_string pattern,
                       const struct cosend_regex_options *options,
                       struct cosend_error *error)
{
    bool string = options->fixed || csi_is_plain(pattern.text, pattern.length);

    if (string && !options->ignore_case &&
        !(options->unicode && !csi_utf8_is_valid(pattern.text, pattern.length)))
        return make_literal(regex, pattern, options);
    if (options->fixed)
        return make_quoted(regex, pattern, options, error);
    return make_expression(regex, pattern, options, error);
}

struct cosend_regex *
cosend_regex_new(const char *pattern, size_t length,
                 const struct cosend_regex_options *options,
                 struct cosend_error *error)
{
    static const struct cosend_regex_options none;
    struct cosend_regex *regex;

    if (options && CSI_CHECK_RESERVED(options, "regex options", error) < 0)
        return NULL;
    regex = csi_calloc(1, sizeof(*regex));
    if (regex &&
        make_regex(regex, (struct csi_string){length ? pattern : "", length},
                   options ? options : &none, error))
        return regex;
    csi_no_memory(error);
    cosend_regex_free(regex);
    return NULL;
}

void cosend_regex_free(struct cosend_regex *regex)
{
    if (!regex)
        return;
    csi_scratch_drop();
    csi_teddy_free(regex->teddy);
    csi_literal_set_free(regex->set);
    for (size_t i = 0; i < regex->any_count; i++)
        cosend_regex_free(regex->any[i]);
    csi_free(regex->any);
    csi_literals_free(&regex->literals);
    csi_letters_free(regex->letters);
    csi_program_free(regex->program);
    csi_program_free(regex->bytes);
    csi_program_free(regex->block);
    csi_free(regex->literal);
    csi_free(regex->groups);
    csi_free(regex);
}

/* ---- Match --------------------------------------------------------------- */

/* Matching is entered for each cell: what a common pattern does not need stands
   apart, so that nobody saves registers for it. */
#define APART __attribute__((noinline)) static

/* Whether a string that was found at a place is a word there, or further on. */
APART bool is_word_from(const struct cosend_regex *regex, const char *text,
                        const char *at, const char *end)
{
    do {
        const char *behind = at + regex->literal_length;

        if (!csi_letter_before(regex->letters, text, at) &&
            !csi_letter_behind(regex->letters, behind, end))
            return true;
    } while ((at = csi_substring_find(&regex->needles->string, at + 1, end)));
    return false;
}

static bool find_literal(const struct cosend_regex *regex, const char *text,
                         size_t length)
{
    const char *end = text + length, *at;

    if (regex->whole)
        return length == regex->literal_length &&
               memcmp(text, regex->literal, length) == 0;
    if (!regex->literal_length)
        return !regex->word || csi_has_empty_word(regex->letters, text, length);
    at = csi_substring_find(&regex->needles->string, text, end);
    return at && (!regex->word || is_word_from(regex, text, at, end));
}

/* Whether a text has not all strings that a match must have in it. */
APART bool lacks_needle(const struct cosend_regex *regex, const char *text,
                        size_t length)
{
    for (unsigned i = 0; i < regex->needle_count; i++)
        if (!csi_needle_find(&regex->needles[i], text, text + length))
            return true;
    return false;
}

int csi_regex_answer(const struct cosend_regex *regex, int answer,
                     const char *text, size_t length)
{
    return answer < PCRE2_ERROR_NOMATCH && lacks_needle(regex, text, length)
               ? PCRE2_ERROR_NOMATCH
               : answer;
}

/* PCRE2's answer: negative, or one more than the highest group that matched. */
static int execute(const struct cosend_regex *regex, const char *text,
                   size_t length, struct csi_scratch *scratch)
{
    struct csi_program *program = regex->program;

    if (regex->bytes && csi_is_ascii(text, length))
        program = regex->bytes;
    return csi_regex_answer(
        regex, csi_program_match(program, text, length, scratch), text, length);
}

enum cosend_match csi_regex_verdict(int answer)
{
    if (answer >= 0)
        return COSEND_MATCH;
    if (answer == PCRE2_ERROR_NOMATCH)
        return COSEND_NO_MATCH;
    if (answer == PCRE2_ERROR_NOMEMORY)
        return COSEND_MATCH_MEMORY;
    if (answer == PCRE2_ERROR_HEAPLIMIT)
        return COSEND_MATCH_TOO_LONG;
    return COSEND_MATCH_LIMIT;
}

static bool has_text(struct cosend_cell cell)
{
    return cell.kind != COSEND_ABSENT && cell.kind != COSEND_NULL;
}

const char *cosend_match_problem(enum cosend_match answer)
{
    return answer == COSEND_MATCH_TOO_LONG
               ? "needs too much memory: the text is too long for it; a "
                 "possessive group, (...)*+ for (...)*, needs less"
               : "backtracks too much; possessive quantifiers, a++ for a+, do "
                 "not";
}

/* Where one is out of its limits, another one may match, or not. */
APART enum cosend_match match_list(const struct cosend_regex *regex,
                                   const char *text, size_t length)
{
    enum cosend_match match = regex->all ? COSEND_MATCH : COSEND_NO_MATCH;
    enum cosend_match last = regex->all ? COSEND_NO_MATCH : COSEND_MATCH;

    for (size_t i = 0; i < regex->any_count && match != last; i++) {
        enum cosend_match one = csi_regex_match(regex->any[i], text, length);

        match = regex->all ? csi_both(match, one) : csi_either(match, one);
    }
    return match;
}

APART enum cosend_match match_program(const struct cosend_regex *regex,
                                      const char *text, size_t length)
{
    struct csi_scratch *scratch = csi_scratch_get(regex->pairs);

    if (!scratch)
        return COSEND_MATCH_MEMORY;
    return csi_regex_verdict(execute(regex, text, length, scratch));
}

enum cosend_match csi_regex_match(const struct cosend_regex *regex,
                                  const char *text, size_t length)
{
    if (regex->program)
        return match_program(regex, text, length);
    if (regex->any)
        return match_list(regex, text, length);
    if (regex->set)
        return (enum cosend_match)csi_literal_set_match(regex->set, text,
                                                        length);
    return (enum cosend_match)find_literal(regex, text, length);
}

enum cosend_match cosend_regex_match(const struct cosend_regex *regex,
                                     struct cosend_cell cell)
{
    return has_text(cell) ? csi_regex_match(regex, cell.length ? cell.data : "",
                                            cell.length)
                          : COSEND_NO_MATCH;
}

bool cosend_regex_matches(const struct cosend_regex *regex,
                          struct cosend_cell cell)
{
    return cosend_regex_match(regex, cell) == COSEND_MATCH;
}

size_t cosend_regex_groups(const struct cosend_regex *regex)
{
    return regex->group_count;
}

const char *cosend_regex_group(const struct cosend_regex *regex, size_t i)
{
    return regex->groups[i].name;
}

static struct cosend_cell slice(struct cosend_cell cell, const size_t *offsets)
{
    struct cosend_cell part = {NULL, 0, COSEND_ABSENT};

    /* \K in a lookahead can set a start behind the end. */
    if (offsets[0] != PCRE2_UNSET && offsets[0] <= offsets[1])
        part = cosend_text(cell.length ? cell.data + offsets[0] : "",
                           offsets[1] - offsets[0]);
    return part;
}

enum cosend_match cosend_regex_captures(const struct cosend_regex *regex,
                                        struct cosend_cell cell,
                                        struct cosend_cell *cells)
{
    struct csi_scratch *scratch;
    const size_t *offsets;
    int answer;

    if (!regex->group_count || !has_text(cell))
        return cosend_regex_match(regex, cell);
    scratch = csi_scratch_get(regex->pairs);
    if (!scratch)
        return COSEND_MATCH_MEMORY;
    answer = execute(regex, cell.length ? cell.data : "", cell.length, scratch);
    offsets = pcre2_get_ovector_pointer(scratch->data);
    for (size_t i = 0; i < regex->group_count && answer >= 0; i++) {
        uint32_t number = regex->groups[i].number;

        cells[i] = number < (uint32_t)answer
                       ? slice(cell, offsets + 2 * (size_t)number)
                       : (struct cosend_cell){NULL, 0, COSEND_ABSENT};
    }
    return csi_regex_verdict(answer);
}
