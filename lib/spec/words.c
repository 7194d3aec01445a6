/* SPDX-License-Identifier: MIT */
#include "spec/words.h"

#include "record/record.h"

#include <string.h>

/* ---- Bytes --------------------------------------------------------------- */

static int byte_at(const struct csi_words *words, size_t ahead)
{
    return ahead < (size_t)(words->end - words->at)
               ? (unsigned char)words->at[ahead]
               : -1;
}

static char next_byte(struct csi_words *words)
{
    char c = *words->at++;

    if (words->given) {
        words->spot = *++words->given;
    } else if (c == '\n') {
        words->spot.line++;
        words->spot.column = 1;
    } else if (words->at == words->end ||
               ((unsigned char)*words->at & 0xC0) != 0x80) {
        words->spot.column++;
    }
    return c;
}

/* Take a byte into the word. */
static void put_byte(struct csi_words *words, enum csi_mark mark)
{
    *words->spots++ = words->spot;
    *words->text++ = next_byte(words);
    *words->marks++ = (char)((unsigned)mark | (unsigned)words->mark);
    words->mark = 0;
    words->word.length++;
}

static bool is_space(int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Whether a backslash before it, outside quotes, protects a byte. */
static bool is_protected(int c)
{
    return c > 0 && strchr(" \t\n|'\"\\,=", c);
}

/* ---- Words --------------------------------------------------------------- */

static bool take_quoted(struct csi_words *words)
{
    struct csi_place place = {words->spot.line, words->spot.column,
                              words->path};
    char quote = next_byte(words);

    words->mark = CSI_QUOTED;
    while (byte_at(words, 0) >= 0 && byte_at(words, 0) != quote) {
        if (quote == '"' && byte_at(words, 0) == '\\' &&
            (byte_at(words, 1) == '"' || byte_at(words, 1) == '\\'))
            next_byte(words);
        put_byte(words, 0);
    }
    if (byte_at(words, 0) < 0) {
        csi_spec_place_problem(words->spec, &place,
                               "this quote is not closed; one that is meant "
                               "as it stands is written \\%c",
                               quote);
        return false;
    }
    next_byte(words);
    return true;
}

/* Bytes up to the bracket that closes the one at `at`, itself counted; 0 where
   none does. */
static size_t bracket_length(const struct csi_words *words)
{
    size_t depth = 0;
    int quote = 0, c;

    for (size_t i = 0; (c = byte_at(words, i)) >= 0; i++) {
        if (quote && c == '\\' && quote != '`')
            i++;
        else if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '\'' || c == '"' || c == '`')
            quote = c;
        else if (c == '(')
            depth++;
        else if (c == ')' && !--depth)
            return i + 1;
    }
    return 0;
}

/* What is in brackets, if they are closed, as it stands; but a backslash goes
   that protects a blank of a name. False where they are not. */
static bool take_bracket(struct csi_words *words)
{
    size_t length = bracket_length(words);
    const char *end = words->at + length;

    if (!length)
        return false;
    put_byte(words, CSI_BARE);
    while (words->at < end - 1) {
        if (byte_at(words, 0) == '\\' && is_space(byte_at(words, 1)))
            next_byte(words);
        put_byte(words, 0);
    }
    put_byte(words, CSI_BARE);
    return true;
}

static bool take_word(struct csi_words *words)
{
    int c;

    while ((c = byte_at(words, 0)) >= 0 && !is_space(c)) {
        if (c == '|' && byte_at(words, 1) != '|')
            break;
        if (c == '(' && words->brackets && take_bracket(words))
            continue;
        if (c == '\'' || c == '"') {
            if (!take_quoted(words))
                return false;
        } else if (c == '\\' && is_protected(byte_at(words, 1))) {
            next_byte(words);
            put_byte(words, 0);
        } else {
            put_byte(words, CSI_BARE);
            if (c == '|')
                put_byte(words, CSI_BARE);
        }
    }
    return true;
}

int csi_words_next(struct csi_words *words)
{
    while (is_space(byte_at(words, 0)))
        next_byte(words);
    words->word = (struct csi_word){.text = words->text,
                                    .marks = words->marks,
                                    .spots = words->spots,
                                    .start = words->spot,
                                    .path = words->path};
    words->mark = 0;
    *words->spots = words->spot;
    if (byte_at(words, 0) < 0) {
        *words->text = '\0';
        return COSEND_DONE;
    }
    words->word.is_pipe = byte_at(words, 0) == '|' && byte_at(words, 1) != '|';
    if (words->word.is_pipe)
        next_byte(words);
    else if (!take_word(words))
        return COSEND_E_SPEC;
    *words->spots++ = words->spot;
    *words->text++ = '\0';
    *words->marks++ = words->mark;
    return COSEND_OK;
}

bool csi_words_follow(const struct csi_words *words)
{
    size_t ahead = 0;

    while (is_space(byte_at(words, ahead)))
        ahead++;
    return byte_at(words, ahead) >= 0 &&
           (byte_at(words, ahead) != '|' || byte_at(words, ahead + 1) == '|');
}

/* Bytes of a stage as an expression has them: quotes and brackets keep a pipe
   in it. Without the blanks at its end. */
static size_t rest_length(const char *text, size_t length)
{
    size_t end = 0, depth = 0;
    char quote = 0;

    for (size_t i = 0; i < length; i++) {
        char c = text[i];

        if (quote && c == '\\' && quote != '`')
            end = ++i < length ? i + 1 : length;
        else if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '\'' || c == '"' || c == '`')
            quote = c;
        else if (c == '(' || c == '[')
            depth++;
        else if ((c == ')' || c == ']') && depth)
            depth--;
        else if (c == '|' && i + 1 < length && text[i + 1] == '|')
            i++;
        else if (c == '|' && !depth)
            break;
        if (i < length && !is_space(text[i]))
            end = i + 1;
    }
    return end;
}

const char *csi_words_peek(const struct csi_words *words, size_t *length)
{
    size_t blanks = 0;

    while (is_space(byte_at(words, blanks)))
        blanks++;
    *length = rest_length(words->at + blanks,
                          (size_t)(words->end - words->at) - blanks);
    return words->at + blanks;
}

bool csi_words_rest(struct csi_words *words)
{
    size_t length;

    csi_words_peek(words, &length);
    if (!length)
        return false;
    while (is_space(byte_at(words, 0)))
        next_byte(words);
    words->mark = 0;
    words->word = (struct csi_word){.text = words->text,
                                    .marks = words->marks,
                                    .spots = words->spots,
                                    .start = words->spot,
                                    .path = words->path};
    while (length--)
        put_byte(words, CSI_BARE);
    *words->spots++ = words->spot;
    *words->text++ = '\0';
    *words->marks++ = 0;
    return true;
}

size_t csi_words_number(const struct csi_words *words, const char **number)
{
    size_t start = 0, sign, length = 0;
    int c;

    while (is_space(c = byte_at(words, start)))
        start++;
    sign = c == '+' || c == '-';
    while ((c = byte_at(words, start + sign + length)) >= '0' && c <= '9')
        length++;
    if (!length || (c >= 0 && !is_space(c) && c != '|'))
        return 0;
    *number = words->at + start;
    return sign + length;
}

size_t csi_words_stage(const char *text, size_t length)
{
    const struct csi_words all = {.at = text, .end = text + length};
    int quote = 0, c;

    for (size_t i = 0; (c = byte_at(&all, i)) >= 0; i++) {
        if (c == '\\' && quote != '\'' && byte_at(&all, i + 1) >= 0)
            i++;
        else if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '\'' || c == '"')
            quote = c;
        else if (c == '|' && byte_at(&all, i + 1) != '|')
            return i;
        else if (c == '|')
            i++;
    }
    return length;
}

/* ---- Beginning and end --------------------------------------------------- */

int csi_words_init(struct csi_words *words, struct csi_spec *spec,
                   const char *text, size_t length,
                   const struct csi_spot *given, const char *path)
{
    /* Behind every word is a NUL, and every word has a byte or quotes. */
    size_t room = 2 * length + 2;
    char *bytes = csi_arena_bytes(spec->plan->arena, 2 * room);

    *words = (struct csi_words){.spec = spec,
                                .at = text,
                                .end = text + length,
                                .given = given,
                                .path = path,
                                .spot = {1, 1}};
    words->spots_memory = csi_calloc(room, sizeof(*words->spots));
    if (!bytes || !words->spots_memory)
        return COSEND_E_MEMORY;
    if (given)
        words->spot = *given;
    words->text = bytes;
    words->marks = bytes + room;
    words->spots = words->spots_memory;
    return COSEND_OK;
}

void csi_words_free(struct csi_words *words)
{
    csi_free(words->spots_memory);
    words->spots_memory = NULL;
}

/* ---- Parts of a word ----------------------------------------------------- */

size_t csi_word_find(const struct csi_word *word, size_t from, char c)
{
    while (from < word->length &&
           !(word->marks[from] & CSI_BARE && word->text[from] == c))
        from++;
    return from;
}

bool csi_word_is_bare(const struct csi_word *word, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!(word->marks[i] & CSI_BARE))
            return false;
    return true;
}

void csi_word_skip(struct csi_word *word, size_t length)
{
    word->text += length;
    word->marks += length;
    word->spots += length;
    word->start = *word->spots;
    word->length -= length;
}

struct csi_place csi_word_place(const struct csi_word *word, size_t at)
{
    struct csi_spot spot = at ? word->spots[at] : word->start;

    return (struct csi_place){spot.line, spot.column, word->path};
}
