/* SPDX-License-Identifier: MIT */
#include "spec/line_expression.h"

#include <string.h>

/* Whether a text begins with name=, and no operator. */
static bool begins_with(const char *text, size_t length, const char *name)
{
    size_t equals = strlen(name);

    return length > equals && memcmp(text, name, equals) == 0 &&
           text[equals] == '=' &&
           (length == equals + 1 || !strchr("=~", text[equals + 1]));
}

/* Whether a text is one string literal. */
static bool is_one_string(const char *text, size_t length)
{
    size_t i = 1;

    if (length < 2 || (*text != '"' && *text != '\''))
        return false;
    while (i < length && text[i] != *text)
        i += text[i] == '\\' ? 2 : 1;
    return i == length - 1;
}

/* Whether the items of a map are expressions. */
static bool has_expressions(const struct cosend_option *map)
{
    struct cosend_option row;

    for (size_t i = 0; cosend_option_at(map->group, i, &row); i++)
        if (row.flags & COSEND_MAIN)
            return row.type == COSEND_OPTION_EXPRESSION;
    return false;
}

/* Whether a text begins with an option of a filter's that is not the main one.
 */
static bool begins_with_option(const char *text, size_t length,
                               const struct cosend_filter *filter)
{
    struct cosend_option row;

    for (size_t i = 0; cosend_option_at(filter->options, i, &row); i++)
        if (!(row.flags & COSEND_MAIN) && begins_with(text, length, row.name))
            return true;
    return false;
}

bool csi_line_has_expression(const struct csi_line *line,
                             const struct cosend_filter *filter,
                             const struct cosend_option *main)
{
    size_t length;
    const char *text = csi_words_peek(&line->words, &length);

    if (!length)
        return false;
    if (main->type == COSEND_OPTION_EXPRESSION)
        return !begins_with_option(text, length, filter);
    if (main->type == COSEND_OPTION_MAP)
        return *text != '{' && has_expressions(main);
    return main->type == COSEND_OPTION_CONDITION && *text != '{' &&
           !begins_with(text, length, "field") &&
           !begins_with(text, length, "op") &&
           !begins_with(text, length, "value");
}

int csi_line_take_expression(struct csi_line *line,
                             const struct cosend_option *main)
{
    size_t length, name = strlen(main->name) + 1;
    const char *text = csi_words_peek(&line->words, &length);
    bool is_named = begins_with(text, length, main->name);
    size_t skipped = is_named ? name : 0;
    int status = COSEND_OK;

    if (is_one_string(text + skipped, length - skipped))
        status = csi_words_next(&line->words);
    else
        csi_words_rest(&line->words);
    if (status >= 0 && is_named)
        csi_word_skip(&line->words.word, name);
    return status;
}

size_t csi_line_find_option(const struct csi_line *line,
                            const struct cosend_filter *filter)
{
    const struct csi_word *word = &line->words.word;
    char quote = 0, before = '(';

    for (size_t at = 0; at < word->length; at++) {
        char c = word->text[at];
        bool begins = at && strchr(" \t\n\r", word->text[at - 1]);

        if (!quote && begins && !strchr("=<>!&|+-*/%,(?:~", before) &&
            begins_with_option(word->text + at, word->length - at, filter))
            return at;
        if (quote && c == '\\' && quote != '`')
            at++;
        else if (quote)
            quote = c == quote ? 0 : quote;
        else if (strchr("'\"`", c))
            quote = c;
        if (!strchr(" \t\n\r", c))
            before = c;
    }
    return word->length;
}

/* ---- Assignments --------------------------------------------------------- */

/* Where the part that begins at `from` ends: at a comma that stands in no
   quotes or brackets. *equals is its first = there, or the end. */
static size_t part_end(const struct csi_word *word, size_t from, size_t *equals)
{
    size_t depth = 0, at = from;
    char quote = 0;

    *equals = SIZE_MAX;
    for (; at < word->length; at++) {
        char c = word->text[at];

        if (quote && c == '\\' && quote != '`' && at + 1 < word->length)
            at++;
        else if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '\'' || c == '"' || c == '`')
            quote = c;
        else if (c == '(' || c == '[')
            depth++;
        else if ((c == ')' || c == ']') && depth)
            depth--;
        else if (c == ',' && !depth)
            break;
        else if (c == '=' && *equals == SIZE_MAX)
            *equals = at;
    }
    if (*equals == SIZE_MAX)
        *equals = at;
    return at;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

/* Bytes [*from, *to) of a word without blanks at their ends. */
static void trim_part(const struct csi_word *word, size_t *from, size_t *to)
{
    while (*from < *to && is_blank(word->text[*from]))
        ++*from;
    while (*to > *from && is_blank(word->text[*to - 1]))
        --*to;
}

static bool is_name(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!(text[i] == '_' || text[i] == '.' ||
              (unsigned char)text[i] > 127 ||
              (text[i] >= '0' && text[i] <= '9') ||
              ((text[i] | 0x20) >= 'a' && (text[i] | 0x20) <= 'z')))
            return false;
    return length && !(*text >= '0' && *text <= '9');
}

static void assignment_problem(struct csi_line *line, size_t at,
                               const char *text)
{
    struct csi_place place = csi_word_place(&line->words.word, at);

    csi_spec_place_problem(line->spec, &place, "%s", text);
}

/* name = expression, in bytes [from, to). */
static void add_assignment(struct csi_line *line, size_t map, size_t from,
                           size_t equals, size_t to)
{
    const struct csi_word *word = &line->words.word;
    size_t name = from, name_end = equals, value = equals + 1;
    const char *key;
    bool quoted;

    trim_part(word, &name, &name_end);
    if (equals == to || (equals + 1 < to && word->text[equals + 1] == '=')) {
        assignment_problem(line, equals == to ? name : equals,
                           "an assignment is name = expression, with commas "
                           "between several");
        return;
    }
    trim_part(word, &value, &to);
    quoted = name_end - name > 2 && word->text[name] == '`' &&
             word->text[name_end - 1] == '`';
    if (!quoted && !is_name(word->text + name, name_end - name)) {
        assignment_problem(line, name,
                           "before the = stands the name of a field; one with "
                           "other signs than letters, digits and _ in "
                           "backquotes");
        return;
    }
    key = csi_spec_copy(line->spec, word->text + name + quoted,
                        name_end - name - 2 * (size_t)quoted);
    if (!key)
        return;
    if (csi_value_get(&line->document->values[map], key))
        assignment_problem(line, name,
                           "this field is set twice; the second "
                           "time takes a step of its own");
    else
        csi_line_add_text(line, map, key, value, to);
}

void csi_line_add_assignments(struct csi_line *line, size_t container,
                              const char *key)
{
    const struct csi_word *word = &line->words.word;
    size_t before = line->spec->problem_count, equals;
    size_t map = csi_line_add(line, container, key, word->start, json_object());

    for (size_t from = 0, to; map != SIZE_MAX; from = to + 1) {
        to = part_end(word, from, &equals);
        add_assignment(line, map, from, equals, to);
        if (to == word->length)
            break;
    }
    csi_line_end(line, map);
    if (map != SIZE_MAX && line->spec->problem_count > before)
        line->document->values[map].unknown = true;
}
