/* SPDX-License-Identifier: MIT */
#include "spec/document_syntax.h"

#include <stdio.h>
#include <string.h>

#define SMALLEST "{\"cosend\": 1, \"steps\": [...]}"

struct syntax {
    const char *text;
    size_t length;
    bool comments;
    struct csi_document_stop *stop;
    char *message;
};

COSEND_PRINTF(2, 3)
static void say(struct syntax *syntax, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(syntax->message, CSI_SYNTAX_MESSAGE, format, arguments);
    va_end(arguments);
}

static int character(const struct syntax *syntax, size_t ahead)
{
    size_t at = syntax->stop->offset + ahead;

    return at < syntax->length ? (unsigned char)syntax->text[at] : -1;
}

/* ---- Words and numbers --------------------------------------------------- */

static bool is_word(int c)
{
    return c > 0 && (csi_json_is_bare(c) || c == '_');
}

static int word_length(const struct syntax *syntax)
{
    size_t length = 0;

    while (length < 60 && is_word(character(syntax, length)))
        length++;
    return (int)length;
}

/* What a word of another language is in JSON, or NULL. */
static const char *translate(const char *word, size_t length)
{
    static const char *const words[][2] = {
        {"True", "true"},     {"TRUE", "true"},   {"yes", "true"},
        {"on", "true"},       {"False", "false"}, {"FALSE", "false"},
        {"no", "false"},      {"off", "false"},   {"None", "null"},
        {"NULL", "null"},     {"Null", "null"},   {"nil", "null"},
        {"undefined", "null"}};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strlen(words[i][0]) == length &&
            memcmp(words[i][0], word, length) == 0)
            return words[i][1];
    return NULL;
}

static void bad_word(struct syntax *syntax)
{
    const char *word = syntax->text + syntax->stop->offset;
    int length = word_length(syntax);
    const char *meant = translate(word, (size_t)length);

    if (meant)
        say(syntax, "%.*s is written %s", length, word, meant);
    else if (strchr("+-.0123456789", *word))
        say(syntax,
            "%.*s is no number: one begins with a digit that is not 0, or is "
            "0, 0.5 or such, with a - before it or not",
            length, word);
    else
        say(syntax, "text stands in double quotes: \"%.*s\"", length, word);
}

/* ---- In strings ---------------------------------------------------------- */

static void bad_escape(struct syntax *syntax)
{
    int c = character(syntax, 1);

    if (c == 'u')
        say(syntax, "\\u is followed by four hexadecimal digits");
    else if (c > 0x20 && c < 0x7F)
        say(syntax, "a backslash in a string is written twice: \\\\%c", c);
    else
        say(syntax, "a backslash in a string is written twice: \\\\");
}

static void bad_byte(struct syntax *syntax)
{
    int c = character(syntax, 0);

    if (c == '\t')
        say(syntax, "a tab in a string is written \\t");
    else
        say(syntax, "this byte in a string is written \\u%04x", (unsigned)c);
}

static void open_string(struct syntax *syntax)
{
    const char *start = syntax->text + syntax->stop->offset;
    size_t left = syntax->length - syntax->stop->offset;

    if (memchr(start, '\n', left))
        say(syntax, "this string does not end on its line; a line end in it "
                    "is written \\n");
    else
        say(syntax, "this string is not closed");
}

/* ---- Between values ------------------------------------------------------ */

static void not_closed(struct syntax *syntax)
{
    const struct csi_document_stop *stop = syntax->stop;

    say(syntax, "it ends here, and the %c of %u:%u is not closed",
        stop->in_object ? '{' : '[', (unsigned)stop->open.line,
        (unsigned)stop->open.column);
}

static void trailing_comma(struct syntax *syntax)
{
    syntax->stop->line = syntax->stop->comma.line;
    syntax->stop->column = syntax->stop->comma.column;
    say(syntax, "this comma is one too many: nothing follows it; they may be "
                "left in .jsonc files");
}

/* Behind a value. */
static void not_behind(struct syntax *syntax, int c)
{
    const struct csi_document_stop *stop = syntax->stop;

    if (!stop->is_inside)
        say(syntax, "the spec has ended before this");
    else if (c == '}' || c == ']')
        say(syntax, "this %c cannot close the %c of %u:%u", c,
            stop->in_object ? '{' : '[', (unsigned)stop->open.line,
            (unsigned)stop->open.column);
    else if (c == ':')
        say(syntax, stop->in_object ? "this colon is one too many"
                                    : "keys stand in { }, not in [ ]");
    else
        say(syntax, "a comma is missing before this");
}

static void no_key(struct syntax *syntax, int c)
{
    const char *word = syntax->text + syntax->stop->offset;

    if (c == '}')
        trailing_comma(syntax);
    else if (is_word(c))
        say(syntax, "keys stand in double quotes: \"%.*s\"",
            word_length(syntax), word);
    else
        say(syntax, "a key is missing here");
}

static void no_value(struct syntax *syntax, int c)
{
    if (c == ']' && syntax->stop->state == CSI_JSON_VALUE &&
        !syntax->stop->in_object)
        trailing_comma(syntax);
    else
        say(syntax, "a value is missing here");
}

/* ---- The beginning ------------------------------------------------------- */

/* Whether the text begins as YAML does: `word:`, `- `, `---`, `# `. */
static bool is_yaml(const struct syntax *syntax)
{
    size_t length = 0;

    while (is_word(character(syntax, length)))
        length++;
    return character(syntax, length) == ':' || character(syntax, 0) == '#' ||
           (character(syntax, 0) == '-' &&
            (character(syntax, 1) == ' ' || character(syntax, 1) == '-'));
}

static bool is_blank_text(const struct syntax *syntax)
{
    for (size_t i = 0; i < syntax->length; i++)
        if (!memchr(" \t\r\n", syntax->text[i], 4))
            return false;
    return true;
}

/* What is no JSON from its first character on. */
static bool is_something_else(struct syntax *syntax)
{
    if (is_blank_text(syntax)) {
        syntax->stop->line = syntax->stop->column = 1;
        say(syntax, "it is empty; a spec is " SMALLEST);
        return true;
    }
    if (syntax->stop->is_inside || syntax->stop->state == CSI_JSON_AFTER)
        return false;
    if (is_yaml(syntax))
        say(syntax,
            "it looks like YAML, which is not read; a spec is " SMALLEST);
    else
        say(syntax, "a spec is " SMALLEST);
    return true;
}

/* ---- All of it ----------------------------------------------------------- */

/* What is wrong in a way that does not depend on what is expected. */
static bool is_foreign(struct syntax *syntax, int c)
{
    if (c == '\'')
        say(syntax, "strings stand in double quotes");
    else if (c == '#')
        say(syntax, "comments are for .jsonc files, and begin with //");
    else if (c == '/')
        say(syntax, syntax->comments ? "is this a comment that does not end?"
                                     : "comments are for .jsonc files");
    else
        return false;
    return true;
}

static void by_state(struct syntax *syntax, int c)
{
    if (c < 0) {
        not_closed(syntax);
        return;
    }
    switch (syntax->stop->state) {
    case CSI_JSON_AFTER:
        not_behind(syntax, c);
        break;
    case CSI_JSON_FIRST_KEY:
    case CSI_JSON_KEY:
        no_key(syntax, c);
        break;
    case CSI_JSON_COLON:
        say(syntax, "a colon is missing before this");
        break;
    default:
        no_value(syntax, c);
    }
}

void csi_document_syntax(const char *text, size_t length, bool comments,
                         struct csi_document_stop *stop,
                         char message[CSI_SYNTAX_MESSAGE])
{
    static const char prefix[] = "this is not JSON: ";
    struct syntax syntax = {text, length, comments, stop, message};
    char said[CSI_SYNTAX_MESSAGE];
    int c = character(&syntax, 0);

    if (is_something_else(&syntax)) {
    } else if (stop->fault == CSI_JSON_ESCAPE) {
        bad_escape(&syntax);
    } else if (stop->fault == CSI_JSON_CONTROL) {
        bad_byte(&syntax);
    } else if (stop->fault == CSI_JSON_STRING) {
        open_string(&syntax);
    } else if (stop->fault == CSI_JSON_WORD) {
        bad_word(&syntax);
    } else if (!is_foreign(&syntax, c)) {
        by_state(&syntax, c);
    }
    memcpy(said, message, sizeof(said));
    snprintf(message, CSI_SYNTAX_MESSAGE, "%s%.*s", prefix,
             (int)(CSI_SYNTAX_MESSAGE - sizeof(prefix)), said);
}
