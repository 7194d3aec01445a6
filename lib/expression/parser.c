/* SPDX-License-Identifier: MIT */
/*
 * A parser by precedence (Pratt 1973): a term, then every operator behind it
 * that binds at least as tightly as who asked. From loose to tight:
 *
 *     ??    ||    &&    !    == != < <= > >= =~ !~ in    + -    * / // %
 *     unary -    **
 *
 * The first problem ends it: what comes behind is often only its consequence.
 */
#include "expression/parser.h"

#include "expression/call.h"
#include "expression/functions.h"
#include "expression/lexer.h"

#include <stdio.h>
#include <string.h>

enum level {
    LEVEL_ELSE = 1,
    LEVEL_OR,
    LEVEL_AND,
    LEVEL_NOT,
    LEVEL_COMPARE,
    LEVEL_SUM,
    LEVEL_PRODUCT,
    LEVEL_NEGATE,
    LEVEL_POWER
};

/* Brackets within brackets: as deep as the parser's own stack may grow. */
enum { NESTING_LIMIT = 200, ARGUMENT_LIMIT = 1000 };

struct parser {
    struct csi_builder *builder;
    struct csi_lexer lexer;
    struct csi_token token; /* in hand */
    uint32_t last_end;      /* of the token before it */
    uint32_t nesting;
    bool in_pattern; /* a string that stands here is one */
};

static struct csi_term *parse_level(struct parser *parser, enum level level);

static void next_token(struct parser *parser)
{
    parser->last_end = parser->token.end;
    csi_lexer_next(&parser->lexer, &parser->token);
}

static bool is_at(const struct parser *parser, const char *word)
{
    return csi_token_is(&parser->token, word);
}

static bool take_if(struct parser *parser, const char *word)
{
    if (!is_at(parser, word))
        return false;
    next_token(parser);
    return true;
}

/* Say what should stand where the token in hand is, unless that is wrong in
   itself. */
static struct csi_term *expected(struct parser *parser, const char *what)
{
    const struct csi_token *token = &parser->token;

    if (token->kind == CSI_TOKEN_WRONG)
        return csi_build_problem(parser->builder, token->at, "%s",
                                 token->problem);
    if (token->kind == CSI_TOKEN_END)
        return csi_build_problem(parser->builder, token->at,
                                 "the expression ends here; %s is missing",
                                 what);
    return csi_build_problem(
        parser->builder, token->at, "%s is missing before \"%.*s\"", what,
        (int)(token->end - token->at > 40 ? 40 : token->end - token->at),
        parser->builder->made->text + token->at);
}

/* ---- Literals ------------------------------------------------------------ */

static struct csi_term *parse_number(struct parser *parser)
{
    struct csi_token token = parser->token;
    struct cosend_value value =
        cosend_value_of(cosend_text(token.text, token.length));

    if (!cosend_is_number(&value))
        return csi_build_problem(parser->builder, token.at,
                                 "%.*s is no number that a double can hold",
                                 (int)(token.length > 60 ? 60 : token.length),
                                 token.text);
    next_token(parser);
    return csi_build_constant(parser->builder, CSI_TERM_NUMBER, value, token.at,
                              token.end);
}

static struct csi_term *parse_duration(struct parser *parser)
{
    struct csi_token token = parser->token;
    struct cosend_value value = {.type = COSEND_TYPE_INT};
    int64_t nanoseconds;

    if (!cosend_parse_duration(token.text, token.length, &nanoseconds))
        return csi_build_problem(
            parser->builder, token.at,
            "\"%.*s\" is neither a number nor a span of time, as 250ms, 30s "
            "and 1h30m are; a field of that name is written in backquotes",
            (int)(token.length > 60 ? 60 : token.length), token.text);
    value.as.integer = nanoseconds / 1000000000;
    if (nanoseconds % 1000000000) {
        value.type = COSEND_TYPE_DOUBLE;
        value.as.number = (double)nanoseconds / 1e9;
    }
    next_token(parser);
    return csi_build_constant(parser->builder, CSI_TERM_NUMBER, value, token.at,
                              token.end);
}

static struct csi_term *parse_string(struct parser *parser)
{
    struct csi_token token = parser->token;
    char *text =
        csi_arena_bytes(&parser->builder->made->arena, token.length + 1);
    const char *wrong;
    uint32_t length = 0;

    if (!text)
        return csi_build_no_memory(parser->builder);
    wrong = csi_token_decode(&token, parser->in_pattern, text, &length);
    if (wrong)
        return csi_build_problem(
            parser->builder, (uint32_t)(wrong - parser->lexer.start),
            "\\%.*s begins no escape that JSON has; a backslash that is meant "
            "is written \\\\",
            wrong + 1 < parser->lexer.end ? 1 : 0, wrong + 1);
    text[length] = '\0';
    next_token(parser);
    return csi_build_constant(parser->builder, CSI_TERM_TEXT,
                              csi_text_value(text, length), token.at,
                              token.end);
}

/* ---- Fields -------------------------------------------------------------- */

/* The rest of a path behind a name, `.city` or `[0]`. *names_end: behind the
   names before the first index. False with the problem reported. */
static bool skip_path(struct parser *parser, uint32_t *names_end)
{
    bool has_index = false;

    *names_end = parser->last_end;
    while (parser->token.at == parser->last_end) {
        if (take_if(parser, ".")) {
            if ((parser->token.kind != CSI_TOKEN_NAME &&
                 parser->token.kind != CSI_TOKEN_QUOTED) ||
                parser->token.at != parser->last_end) {
                expected(parser, "a name");
                return false;
            }
            next_token(parser);
        } else if (take_if(parser, "[")) {
            has_index = true;
            take_if(parser, "-");
            if (parser->token.kind != CSI_TOKEN_NUMBER ||
                memchr(parser->token.text, '.', parser->token.length) ||
                memchr(parser->token.text, 'e', parser->token.length)) {
                expected(parser, "the number of an element, as [0],");
                return false;
            }
            next_token(parser);
            if (!take_if(parser, "]")) {
                expected(parser, "]");
                return false;
            }
        } else {
            break;
        }
        if (!has_index)
            *names_end = parser->last_end;
    }
    return true;
}

/* At a path the column of that very name wins over it. Where it has an index
   the names before that are a field that nobody reads: that no record has it is
   told. */
static struct csi_term *parse_field(struct parser *parser)
{
    struct csi_builder *builder = parser->builder;
    const struct csi_compile_hooks *hooks = builder->hooks;
    struct csi_token token = parser->token;
    const struct csi_term *named;
    struct cosend_field whole = {COSEND_NO_FIELD};
    struct csi_term *term;
    uint32_t names_end, end, length;
    bool has_path;

    next_token(parser);
    if (!skip_path(parser, &names_end))
        return NULL;
    end = parser->last_end;
    has_path = end > token.end;
    length = end - token.at;
    named =
        csi_build_find_named(builder, parser->lexer.start + token.at, &length);
    if (named && token.at + length == end)
        return (struct csi_term *)named;
    term =
        csi_build_term(builder, CSI_TERM_FIELD, CSI_TERM_ANY, token.at, end, 0);
    if (!term)
        return NULL;
    if (has_path) {
        const char *path =
            parser->lexer.start + (named ? token.at + length : token.end);

        path += *path == '.';
        term->path = path;
        term->path_length = (uint32_t)(parser->lexer.start + end - path);
        if (token.kind == CSI_TOKEN_NAME && names_end > token.end)
            whole = csi_build_whole(builder, token.text, names_end - token.at,
                                    token.at,
                                    named ? CSI_FIELD_SPARED : CSI_FIELD_WHOLE);
        if (names_end == end)
            term->field = whole;
        if (named) {
            csi_build_into(builder, term, named);
            return builder->failed ? NULL : term;
        }
        term->base =
            hooks->field(hooks->context, token.text, token.length, token.at,
                         cosend_has_field(term->field) ? CSI_FIELD_BASE : 0);
        if (!cosend_has_field(term->base))
            return csi_build_no_memory(builder);
        if (hooks->path)
            hooks->path(hooks->context, term->base, path, term->path_length);
        return term;
    }
    term->field =
        hooks->field(hooks->context, token.text, token.length, token.at, 0);
    return cosend_has_field(term->field) ? term : csi_build_no_memory(builder);
}

/* ---- Lists and calls ----------------------------------------------------- */

/* Terms with commas between, up to a closing bracket, as the parts of a new
   list, which begins at `at`. pattern_at: which of them is a pattern. */
static struct csi_term *parse_list(struct parser *parser, uint32_t at,
                                   const char *closing, uint32_t pattern_at)
{
    struct csi_builder *builder = parser->builder;
    struct csi_term *list = csi_build_term(builder, CSI_TERM_LIST, CSI_TERM_ANY,
                                           at, at, ARGUMENT_LIMIT);

    while (list && !is_at(parser, closing)) {
        struct csi_term *part;

        if (list->count == ARGUMENT_LIMIT)
            return csi_build_problem(builder, parser->token.at,
                                     "a list has %d elements at most",
                                     ARGUMENT_LIMIT);
        if (list->count && !take_if(parser, ","))
            return expected(parser, closing[0] == ')' ? "a comma or )"
                                                      : "a comma or ]");
        parser->in_pattern = list->count == pattern_at;
        part = parse_level(parser, LEVEL_ELSE);
        parser->in_pattern = false;
        if (!part)
            return NULL;
        list->parts[list->count++] = part;
        if (part->depth >= list->depth)
            list->depth = part->depth + 1;
    }
    next_token(parser);
    if (list)
        list->length = parser->last_end - at;
    return list;
}

static struct csi_term *unknown_function(struct parser *parser,
                                         const struct csi_token *token)
{
    char name[64];
    const char *near;

    snprintf(name, sizeof(name), "%.*s", (int)token->length, token->text);
    near = csi_function_suggest(name);
    return csi_build_problem(parser->builder, token->at,
                             "there is no function \"%s\"%s%s%s; `cosend help "
                             "expressions` lists them",
                             name, near ? "; did you mean \"" : "",
                             near ? near : "", near ? "\"?" : "");
}

static struct csi_term *parse_call(struct parser *parser)
{
    struct csi_builder *builder = parser->builder;
    struct csi_token token = parser->token;
    const struct csi_function *function =
        csi_function_find(token.text, token.length);
    const char *pattern;
    struct csi_term *list;

    if (!function)
        return unknown_function(parser, &token);
    next_token(parser);
    next_token(parser);
    pattern = strchr(function->takes, 'p');
    list = parse_list(parser, token.at, ")",
                      pattern ? (uint32_t)(pattern - function->takes)
                              : UINT32_MAX);
    return csi_build_call(builder, function, list);
}

/* ---- Terms --------------------------------------------------------------- */

static struct csi_term *parse_group(struct parser *parser)
{
    uint32_t at = parser->token.at;
    bool in_pattern = parser->in_pattern;
    struct csi_term *term;

    parser->in_pattern = false;
    next_token(parser);
    term = parse_level(parser, LEVEL_ELSE);
    parser->in_pattern = in_pattern;
    if (term && !take_if(parser, ")"))
        return expected(parser, ")");
    if (!term || term->kind == CSI_TERM_CONSTANT ||
        term->kind == CSI_TERM_FIELD || term->grouped)
        return term;
    /* A name's own term may be shared. */
    if (term->source >= parser->lexer.start &&
        term->source < parser->lexer.end) {
        term->grouped = true;
        term->length = parser->last_end - at;
        term->at = at;
        term->source = parser->lexer.start + at;
    }
    return term;
}

static struct csi_term *parse_word(struct parser *parser)
{
    static const struct {
        const char *word;
        enum csi_term_type type;
        struct cosend_value value;
    } words[] = {
        {"true", CSI_TERM_BOOL, {.type = COSEND_TYPE_BOOL, .as.truth = true}},
        {"false", CSI_TERM_BOOL, {.type = COSEND_TYPE_BOOL}},
        {"null", CSI_TERM_NOTHING, {.type = COSEND_TYPE_NULL}},
        {"absent", CSI_TERM_NOTHING, {.type = COSEND_TYPE_ABSENT}}};
    struct csi_token token = parser->token;
    struct csi_lexer ahead = parser->lexer;
    struct csi_token behind = token;

    csi_lexer_next(&ahead, &behind);
    if (csi_token_is(&behind, "("))
        return parse_call(parser);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (csi_token_is(&token, words[i].word)) {
            next_token(parser);
            return csi_build_constant(parser->builder, words[i].type,
                                      words[i].value, token.at, token.end);
        }
    if (csi_token_is(&token, "and") || csi_token_is(&token, "or") ||
        csi_token_is(&token, "in"))
        return expected(parser, "a value");
    return parse_field(parser);
}

static struct csi_term *parse_term(struct parser *parser)
{
    switch (parser->token.kind) {
    case CSI_TOKEN_NUMBER:
        return parse_number(parser);
    case CSI_TOKEN_DURATION:
        return parse_duration(parser);
    case CSI_TOKEN_STRING:
        return parse_string(parser);
    case CSI_TOKEN_NAME:
        return parse_word(parser);
    case CSI_TOKEN_QUOTED:
        return parse_field(parser);
    default:
        break;
    }
    if (is_at(parser, "("))
        return parse_group(parser);
    if (is_at(parser, "["))
        return csi_build_problem(parser->builder, parser->token.at,
                                 "a list stands only behind in: "
                                 "x in [\"a\", \"b\"]");
    if (is_at(parser, "."))
        return csi_build_problem(parser->builder, parser->token.at,
                                 "a field stands by its bare name, without a "
                                 ". before it");
    return expected(parser, "a value");
}

static struct csi_term *parse_prefix(struct parser *parser, enum level level)
{
    uint32_t at = parser->token.at;
    struct csi_term *term;

    if (is_at(parser, "!") || is_at(parser, "not")) {
        next_token(parser);
        return csi_build_not(parser->builder, at,
                             parse_level(parser, LEVEL_NOT));
    }
    if (is_at(parser, "-")) {
        next_token(parser);
        term = parse_level(parser, LEVEL_NEGATE);
        return csi_build_negate(parser->builder, at, term);
    }
    if (is_at(parser, "+")) {
        next_token(parser);
        if (parser->token.kind == CSI_TOKEN_END)
            return expected(parser, "a value");
        if (parser->token.kind != CSI_TOKEN_NUMBER)
            return csi_build_problem(parser->builder, at,
                                     "a + in front of a value means nothing; "
                                     "leave it out");
    }
    (void)level;
    return parse_term(parser);
}

/* ---- Operators ----------------------------------------------------------- */

struct binary {
    const char *sign;
    enum level level;
    enum csi_operator op; /* of comparisons and arithmetic */
};

static const struct binary binaries[] = {
    {"??", LEVEL_ELSE, CSI_EQUAL},
    {"||", LEVEL_OR, CSI_EQUAL},
    {"or", LEVEL_OR, CSI_EQUAL},
    {"&&", LEVEL_AND, CSI_EQUAL},
    {"and", LEVEL_AND, CSI_EQUAL},
    {"==", LEVEL_COMPARE, CSI_EQUAL},
    {"!=", LEVEL_COMPARE, CSI_UNEQUAL},
    {"<", LEVEL_COMPARE, CSI_LESS},
    {"<=", LEVEL_COMPARE, CSI_LESS_EQUAL},
    {">", LEVEL_COMPARE, CSI_GREATER},
    {">=", LEVEL_COMPARE, CSI_GREATER_EQUAL},
    {"=~", LEVEL_COMPARE, CSI_EQUAL},
    {"!~", LEVEL_COMPARE, CSI_UNEQUAL},
    {"in", LEVEL_COMPARE, CSI_EQUAL},
    {"not", LEVEL_COMPARE, CSI_UNEQUAL},
    {"+", LEVEL_SUM, CSI_ADD},
    {"-", LEVEL_SUM, CSI_SUBTRACT},
    {"*", LEVEL_PRODUCT, CSI_MULTIPLY},
    {"/", LEVEL_PRODUCT, CSI_DIVIDE},
    {"//", LEVEL_PRODUCT, CSI_FLOOR_DIVIDE},
    {"%", LEVEL_PRODUCT, CSI_MODULO},
    {"**", LEVEL_POWER, CSI_POWER}};

static const struct binary *binary_of(const struct csi_token *token)
{
    for (size_t i = 0; i < sizeof(binaries) / sizeof(binaries[0]); i++)
        if (csi_token_is(token, binaries[i].sign))
            return &binaries[i];
    return NULL;
}

static struct csi_term *parse_in(struct parser *parser, bool negated,
                                 uint32_t at, struct csi_term *left)
{
    struct csi_term *list;
    uint32_t start = parser->token.at;

    if (!take_if(parser, "["))
        return parser->token.kind == CSI_TOKEN_NUMBER ||
                       parser->token.kind == CSI_TOKEN_WRONG
                   ? expected(parser, "a list, as [1, 2],")
                   : csi_build_problem(parser->builder, start,
                                       "in takes a list, as [1, 2]; whether a "
                                       "text is in another one contains(x, "
                                       "part) says");
    list = parse_list(parser, start, "]", UINT32_MAX);
    return csi_build_in(parser->builder, negated, at, left, list);
}

static struct csi_term *parse_comparison(struct parser *parser,
                                         const struct binary *binary,
                                         uint32_t at, struct csi_term *left)
{
    struct csi_term *right;

    if (strcmp(binary->sign, "not") == 0 && !take_if(parser, "in"))
        return expected(parser, "in");
    if (strcmp(binary->sign, "in") == 0 || strcmp(binary->sign, "not") == 0)
        return parse_in(parser, binary->op == CSI_UNEQUAL, at, left);
    if (binary->sign[1] != '~') {
        right = parse_level(parser, LEVEL_SUM);
        return csi_build_compare(parser->builder, binary->op, at, left, right);
    }
    if (is_at(parser, "/"))
        return csi_build_problem(parser->builder, parser->token.at,
                                 "a pattern is a string, \"^a\", without "
                                 "slashes around it");
    parser->in_pattern = true;
    right = parse_level(parser, LEVEL_SUM);
    parser->in_pattern = false;
    return csi_build_match(parser->builder, binary->op == CSI_UNEQUAL, left,
                           right);
}

static struct csi_term *parse_binary(struct parser *parser,
                                     const struct binary *binary,
                                     struct csi_term *left)
{
    uint32_t at = parser->token.at;
    struct csi_builder *builder = parser->builder;
    struct csi_term *right;

    next_token(parser);
    if (binary->level == LEVEL_COMPARE)
        return parse_comparison(parser, binary, at, left);
    /* The power alone is grouped from the right, and takes -x there. */
    right =
        parse_level(parser, binary->level == LEVEL_POWER ? LEVEL_NEGATE
                                                         : binary->level + 1);
    switch (binary->level) {
    case LEVEL_ELSE:
        return csi_build_else(builder, at, left, right);
    case LEVEL_OR:
        return csi_build_logic(builder, CSI_TERM_OR, binary->sign, left, right);
    case LEVEL_AND:
        return csi_build_logic(builder, CSI_TERM_AND, binary->sign, left,
                               right);
    default:
        return csi_build_arithmetic(builder, binary->op, at, left, right);
    }
}

static struct csi_term *parse_level(struct parser *parser, enum level level)
{
    struct csi_term *term;
    const struct binary *binary;

    if (++parser->nesting > NESTING_LIMIT)
        return csi_build_problem(parser->builder, parser->token.at,
                                 "an expression nests %d deep at most",
                                 NESTING_LIMIT);
    term = parse_prefix(parser, level);
    while (term && (binary = binary_of(&parser->token)) &&
           binary->level >= level)
        term = parse_binary(parser, binary, term);
    parser->nesting--;
    return term;
}

/* Say what is wrong with the token behind a value, which goes on with none. */
static struct csi_term *behind_term(struct parser *parser,
                                    const struct csi_term *term)
{
    const struct csi_token *token = &parser->token;
    const char *hint = csi_token_hint(token);

    if (!hint && token->kind == CSI_TOKEN_NAME)
        hint = csi_build_hint(term, token->text, token->length);
    if (hint)
        return csi_build_problem(parser->builder, token->at, "%s", hint);
    if (token->kind == CSI_TOKEN_NAME || token->kind == CSI_TOKEN_NUMBER ||
        token->kind == CSI_TOKEN_STRING || token->kind == CSI_TOKEN_QUOTED)
        return expected(parser, "an operator, as == or &&,");
    if (csi_token_is(token, ")") || csi_token_is(token, "]"))
        return csi_build_problem(parser->builder, token->at,
                                 "nothing is open that this %.1s would close",
                                 token->text);
    return expected(parser, "an operator");
}

struct csi_term *csi_parse_expression(struct csi_builder *builder)
{
    const char *text = builder->made->text;
    struct parser parser = {
        .builder = builder,
        .lexer = {text, text, text + builder->made->length}};
    struct csi_term *term;

    next_token(&parser);
    term = parse_level(&parser, LEVEL_ELSE);
    if (term && parser.token.kind != CSI_TOKEN_END)
        return behind_term(&parser, term);
    return term;
}
