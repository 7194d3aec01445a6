/* SPDX-License-Identifier: MIT */
#include "expression/lexer.h"

#include "base/utf8.h"
#include "match/bytes.h"

#include <stdio.h>
#include <string.h>

static bool is_lexer_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_part(char c)
{
    return csi_is_word(c) || (unsigned char)c >= 0x80;
}

static void wrong_token(struct csi_token *token, const char *problem)
{
    token->kind = CSI_TOKEN_WRONG;
    snprintf(token->problem, sizeof(token->problem), "%s", problem);
}

/* ---- Numbers ------------------------------------------------------------- */

static const char *skip_digits(const char *p, const char *end)
{
    while (p < end && is_lexer_digit(*p))
        p++;
    return p;
}

/* 2026-03-01 is less than a year, said as a number, and never meant so. */
static bool is_date(const char *p, const char *end)
{
    static const char form[] = "dddd-dd-dd";
    size_t length = sizeof(form) - 1;

    if ((size_t)(end - p) < length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (form[i] == 'd' ? !is_lexer_digit(p[i]) : p[i] != form[i])
            return false;
    return end - p == (ptrdiff_t)length || !is_lexer_digit(p[length]);
}

/* 12, 1.5, .5, 5., 1e5; a letter behind it begins a unit, or makes no sense. */
static const char *take_number(const char *p, const char *end,
                               struct csi_token *token)
{
    const char *start = p;

    if (is_date(p, end)) {
        wrong_token(token,
                    "without quotes this is a difference of numbers; a "
                    "date has some, \"2026-03-01\", and time(x) is the time "
                    "in a field");
        return p + 10;
    }
    p = skip_digits(p, end);
    if (p + 1 < end && *p == '.' && p[1] == '.') {
        wrong_token(token, "there are no ranges; x in 1..5 is written "
                           "x >= 1 && x <= 5");
        return p;
    }
    if (p < end && *p == '.')
        p = skip_digits(p + 1, end);
    if (p < end && (*p | 0x20) == 'e') {
        const char *digits = p + 1;

        digits += digits < end && (*digits == '+' || *digits == '-');
        if (digits < end && is_lexer_digit(*digits))
            p = skip_digits(digits, end);
    }
    token->kind = CSI_TOKEN_NUMBER;
    if (p < end && is_name_part(*p)) {
        token->kind = CSI_TOKEN_DURATION;
        while (p < end && (is_name_part(*p) ||
                           (*p == '.' && p + 1 < end && is_lexer_digit(p[1]))))
            p++;
    }
    token->text = start;
    token->length = (uint32_t)(p - start);
    return p;
}

/* ---- Quotes -------------------------------------------------------------- */

static const char *take_quotes(const char *p, const char *end,
                               struct csi_token *token)
{
    char quote = *p++;
    const char *start = p;

    while (p < end && *p != quote)
        p += quote != '`' && *p == '\\' && p + 1 < end ? 2 : 1;
    if (p >= end) {
        wrong_token(token, quote == '`' ? "this backquote is not closed"
                                        : "this quote is not closed");
        return end;
    }
    token->kind = quote == '`' ? CSI_TOKEN_QUOTED : CSI_TOKEN_STRING;
    token->text = start;
    token->length = (uint32_t)(p - start);
    if (quote == '`' && !token->length)
        wrong_token(token, "a name is missing between the backquotes");
    return p + 1;
}

/* \uXXXX at p, or two that are one character: its bytes, 0 where it is none. */
static size_t take_code(const char **p, const char *end, char *to)
{
    int code = end - *p >= 6 ? csi_hex4(*p + 2) : -1, low;

    if (code < 0 || (code >= 0xdc00 && code < 0xe000))
        return 0;
    *p += 6;
    if (code < 0xd800 || code >= 0xdc00)
        return (size_t)(csi_utf8_put(to, (unsigned)code) - to);
    low = end - *p >= 6 && (*p)[0] == '\\' && (*p)[1] == 'u' ? csi_hex4(*p + 2)
                                                             : -1;
    if (low < 0xdc00 || low > 0xdfff)
        return 0;
    *p += 6;
    return (size_t)(csi_utf8_put(to, 0x10000 +
                                         (((unsigned)code & 0x3ff) << 10) +
                                         ((unsigned)low & 0x3ff)) -
                    to);
}

const char *csi_token_decode(const struct csi_token *token, bool is_pattern,
                             char *to, uint32_t *length)
{
    static const char letters[] = "\"\\/'bfnrt", means[] = "\"\\/'\b\f\n\r\t";
    const char *p = token->text, *end = p + token->length;
    char *out = to;

    while (p < end) {
        const char *found, *backslash = p;
        size_t bytes;

        if (*p != '\\') {
            *out++ = *p++;
            continue;
        }
        found = p + 1 < end && p[1] ? strchr(letters, p[1]) : NULL;
        if (found && !(is_pattern && *found == 'b')) {
            *out++ = means[found - letters];
            p += 2;
        } else if (p + 1 < end && p[1] == 'u' &&
                   (bytes = take_code(&p, end, out))) {
            out += bytes;
        } else if (is_pattern) {
            *out++ = *p++;
        } else {
            return backslash;
        }
    }
    *length = (uint32_t)(out - to);
    return NULL;
}

/* ---- Signs --------------------------------------------------------------- */

/* The longer ones first; those with a remark are others' for ours. */
static const char *const signs[][2] = {
    {"===", "equality is =="},
    {"!==", "inequality is !="},
    {"==", NULL},
    {"=~", NULL},
    {"!=", NULL},
    {"!~", NULL},
    {"<>", "inequality is !="},
    {"<=", NULL},
    {">=", NULL},
    {"=>", "at least is >="},
    {"=<", "at most is <="},
    {"&&", NULL},
    {"||", NULL},
    {"??", NULL},
    {"//", NULL},
    {"**", NULL},
    {"<", NULL},
    {">", NULL},
    {"!", NULL},
    {"+", NULL},
    {"-", NULL},
    {"*", NULL},
    {"/", NULL},
    {"%", NULL},
    {"(", NULL},
    {")", NULL},
    {"[", NULL},
    {"]", NULL},
    {",", NULL},
    {".", NULL},
    {"=", "= alone means nothing; equality is =="},
    {"&", "and is &&"},
    {"|", "or is ||; a | that begins a step stands outside of brackets"},
    {"~", "a match is =~"},
    {"^", "a power is **"},
    {"?", "a choice is if(condition, a, b)"},
    {":", "this sign means nothing here; a choice is if(condition, a, b)"},
    {"$", "a field stands by its bare name, without a $"},
    {"@", "a field stands by its bare name, without an @; one that begins with "
          "it stands in backquotes, as `@timestamp`"},
    {"{", "this brace means nothing here; a field stands by its bare name"},
    {"}", "this brace means nothing here; a field stands by its bare name"},
    {";", "this sign means nothing here; one expression is all there is"},
    {"#", "this sign means nothing here; a field of that name is written "
          "in backquotes"}};

static const char *take_sign(const char *p, const char *end,
                             struct csi_token *token)
{
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        size_t length = strlen(signs[i][0]);

        if ((size_t)(end - p) < length || memcmp(p, signs[i][0], length) != 0)
            continue;
        token->kind = CSI_TOKEN_SIGN;
        token->text = signs[i][0];
        token->length = (uint32_t)length;
        if (signs[i][1])
            wrong_token(token, signs[i][1]);
        return p + length;
    }
    wrong_token(token, "this character means nothing here");
    return p + 1;
}

void csi_lexer_next(struct csi_lexer *lexer, struct csi_token *token)
{
    const char *p = lexer->next, *end = lexer->end;

    if (token->kind == CSI_TOKEN_WRONG)
        return;
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
        p++;
    token->at = (uint32_t)(p - lexer->start);
    token->kind = CSI_TOKEN_END;
    token->text = "";
    token->length = 0;
    if (p == end) {
        ;
    } else if (is_lexer_digit(*p) ||
               (*p == '.' && p + 1 < end && is_lexer_digit(p[1]))) {
        p = take_number(p, end, token);
    } else if (is_name_part(*p)) {
        token->kind = CSI_TOKEN_NAME;
        token->text = p;
        while (p < end && is_name_part(*p))
            p++;
        token->length = (uint32_t)(p - token->text);
    } else if (*p == '"' || *p == '\'' || *p == '`') {
        p = take_quotes(p, end, token);
    } else {
        p = take_sign(p, end, token);
    }
    token->end = (uint32_t)(p - lexer->start);
    lexer->next = p;
}

bool csi_token_is(const struct csi_token *token, const char *word)
{
    return (token->kind == CSI_TOKEN_SIGN || token->kind == CSI_TOKEN_NAME) &&
           strlen(word) == token->length &&
           memcmp(token->text, word, token->length) == 0;
}

const char *csi_token_hint(const struct csi_token *token)
{
    static const char *const words[][2] = {
        {"is", "whether x is null or empty empty(x) says, whether it is there "
               "exists(x)"},
        {"like", "a part is found by contains(x, \"part\"), starts_with or "
                 "ends_with, a pattern by x =~ \"pattern\""},
        {"between", "x between 1 and 5 is written x >= 1 && x <= 5"},
        {"contains", "a part is found by contains(x, \"part\")"},
        {"starts_with", "a text's start is found by starts_with(x, \"part\")"},
        {"ends_with", "a text's end is found by ends_with(x, \"part\")"},
        {"matches", "a match is x =~ \"pattern\""},
        {"regex", "a match is x =~ \"pattern\""},
        {"eq", "equality is =="},
        {"ne", "inequality is !="},
        {"lt", "less than is <"},
        {"le", "at most is <="},
        {"gt", "greater than is >"},
        {"ge", "at least is >="},
        {"mod", "a remainder is %"},
        {"on_error", "in one line it is --on-error, of all steps; in JSON it "
                     "stands beside the step"},
        {"AND", "and is &&"},
        {"OR", "or is ||"},
        {"IN", "a list's element is found by x in [1, 2]"},
        {".", "text is joined by concat(a, b); what is inside the value that a "
              "function gives, get(x, \"name\") takes"},
        {"(", "a function is written name(x, ...), with what it is about as "
              "its first argument"},
        {",", "one expression is all there is; a number has no commas in it"},
        {"!", "inequality is !=, and no element of a list x not in [1, 2]"},
        {"[", "what is inside the value that a function gives, get(x, "
              "\"[0]\") takes"}};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (csi_token_is(token, words[i][0]))
            return words[i][1];
    return NULL;
}
