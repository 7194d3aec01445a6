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

bool csi_line_has_expression(const struct csi_line *line,
                             const struct cosend_option *main)
{
    size_t length;
    const char *text = csi_words_peek(&line->words, &length);

    if (!length)
        return false;
    if (main->type == COSEND_OPTION_EXPRESSION)
        return true;
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
