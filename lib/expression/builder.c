/* SPDX-License-Identifier: MIT */
#include "expression/builder.h"

#include "expression/evaluation.h"

#include <stdio.h>
#include <string.h>

/* A term that is deeper would take too much stack to evaluate. */
enum { DEPTH_LIMIT = 100 };

/* ---- Any term ------------------------------------------------------------ */

struct csi_term *csi_build_problem(struct csi_builder *builder, uint32_t at,
                                   const char *format, ...)
{
    char text[320];
    va_list arguments;

    if (!builder->failed) {
        va_start(arguments, format);
        vsnprintf(text, sizeof(text), format, arguments);
        va_end(arguments);
        builder->hooks->problem(builder->hooks->context, at, text);
    }
    builder->failed = true;
    return NULL;
}

struct csi_term *csi_build_no_memory(struct csi_builder *builder)
{
    builder->failed = builder->no_memory = true;
    return NULL;
}

struct csi_term *csi_build_term(struct csi_builder *builder,
                                enum csi_term_kind kind,
                                enum csi_term_type type, uint32_t at,
                                uint32_t end, uint32_t count)
{
    struct csi_arena *arena = &builder->made->arena;
    struct csi_term *term;

    if (builder->failed)
        return NULL;
    term = csi_arena_get(arena, sizeof(*term));
    if (!term)
        return csi_build_no_memory(builder);
    *term = (struct csi_term){.kind = kind,
                              .type = type,
                              .at = at,
                              .length = end - at,
                              .source = builder->made->text + at,
                              .depth = 1,
                              .field = {COSEND_NO_FIELD},
                              .base = {COSEND_NO_FIELD}};
    if (!count)
        return term;
    term->parts = csi_arena_get(arena, count * sizeof(*term->parts));
    return term->parts ? term : csi_build_no_memory(builder);
}

static struct csi_term *add_term_part(struct csi_builder *builder,
                                      struct csi_term *term,
                                      struct csi_term *part)
{
    if (!term || !part)
        return NULL;
    term->parts[term->count++] = part;
    if (part->depth + 1 > term->depth)
        term->depth = part->depth + 1;
    if (term->depth > DEPTH_LIMIT)
        return csi_build_problem(builder, part->at,
                                 "an expression nests %d deep at most",
                                 DEPTH_LIMIT);
    return term;
}

static uint32_t end_of(const struct csi_term *term)
{
    return term->at + term->length;
}

static struct csi_term *build_pair(struct csi_builder *builder,
                                   enum csi_term_kind kind,
                                   enum csi_term_type type,
                                   struct csi_term *left,
                                   struct csi_term *right)
{
    struct csi_term *term;

    if (!left || !right)
        return NULL;
    term = csi_build_term(builder, kind, type, left->at, end_of(right), 2);
    return add_term_part(builder, add_term_part(builder, term, left), right);
}

const char *csi_term_type_name(enum csi_term_type type)
{
    static const char *const names[] = {
        [CSI_TERM_ANY] = "a value",     [CSI_TERM_BOOL] = "true or false",
        [CSI_TERM_NUMBER] = "a number", [CSI_TERM_TEXT] = "text",
        [CSI_TERM_TIME] = "a time",     [CSI_TERM_NOTHING] = "null"};

    return names[type];
}

/* A path as a name, without the backquotes that there may be. NULL without
   memory. */
static char *plain_name(struct csi_builder *builder, const char *path,
                        uint32_t length, size_t *kept)
{
    char *name = csi_arena_bytes(&builder->made->arena, length);

    *kept = 0;
    for (uint32_t i = 0; name && i < length; i++)
        if (path[i] != '`')
            name[(*kept)++] = path[i];
    return name;
}

struct cosend_field csi_build_whole(struct csi_builder *builder,
                                    const char *path, uint32_t length,
                                    uint32_t at, unsigned use)
{
    size_t kept;
    char *name = plain_name(builder, path, length, &kept);

    if (!name)
        return (struct cosend_field){COSEND_NO_FIELD};
    return builder->hooks->field(builder->hooks->context, name, kept, at, use);
}

/* The bytes of a path without its last step; 0: it has but one. */
static uint32_t shorter_path(const char *path, uint32_t length)
{
    uint32_t at = 0;
    bool quoted = false;

    for (uint32_t i = 0; i < length; i++) {
        quoted ^= path[i] == '`';
        if (!quoted && (path[i] == '.' || path[i] == '['))
            at = i;
    }
    return at;
}

const struct csi_term *csi_build_find_named(struct csi_builder *builder,
                                            const char *path, uint32_t *length)
{
    const struct csi_compile_hooks *hooks = builder->hooks;
    const struct csi_term *named = NULL;

    while (hooks->named && *length && !named) {
        size_t kept;
        const char *name = plain_name(builder, path, *length, &kept);

        if (!name) {
            csi_build_no_memory(builder);
            return NULL;
        }
        named = hooks->named(hooks->context, name, kept);
        if (!named)
            *length = shorter_path(path, *length);
    }
    return named;
}

void csi_build_into(struct csi_builder *builder, struct csi_term *term,
                    const struct csi_term *named)
{
    if (!term)
        return;
    term->parts =
        csi_arena_get(&builder->made->arena, sizeof(struct csi_term *));
    if (term->parts)
        add_term_part(builder, term, (struct csi_term *)named);
    else
        csi_build_no_memory(builder);
}

const char *csi_build_hint(const struct csi_term *term, const char *word,
                           size_t length)
{
    static const char units[] = " ms s sec secs second seconds m min mins "
                                "minute minutes h hour hours d day days w week "
                                "weeks ";
    char spaced[16];

    snprintf(spaced, sizeof(spaced), " %.*s ", (int)length, word);
    if (term->kind == CSI_TERM_MATCH && length == 1)
        return "a pattern that takes both cases of letters begins with (?i)";
    while (term->count && !term->grouped && term->kind != CSI_TERM_CALL)
        term = term->parts[term->count - 1];
    if (term->kind == CSI_TERM_FIELD && term->length == 2 &&
        memcmp(term->source, "if", 2) == 0)
        return "a choice is if(condition, a, b)";
    if (term->kind == CSI_TERM_CONSTANT && strstr(units, spaced))
        return "a span of time is one word, as 5m and 1h30m are";
    return NULL;
}

struct csi_term *csi_build_constant(struct csi_builder *builder,
                                    enum csi_term_type type,
                                    struct cosend_value value, uint32_t at,
                                    uint32_t end)
{
    struct csi_term *term =
        csi_build_term(builder, CSI_TERM_CONSTANT, type, at, end, 0);

    if (term)
        term->value = value;
    return term;
}

bool csi_build_hold(struct csi_builder *builder, struct csi_term *term)
{
    struct cosend_expression *made = builder->made;

    if (!csi_grow(&made->holders, &made->holder_capacity,
                  made->holder_count + 1, sizeof(struct csi_term *))) {
        csi_build_no_memory(builder);
        return false;
    }
    made->holders[made->holder_count++] = term;
    return true;
}

/* ---- Logic --------------------------------------------------------------- */

bool csi_build_is_condition(struct csi_builder *builder,
                            const struct csi_term *term, const char *what)
{
    if (!term)
        return false;
    if (term->type == CSI_TERM_BOOL || term->type == CSI_TERM_ANY)
        return true;
    csi_build_problem(builder, term->at,
                      "%s must be true or false, and this is %s; compare it "
                      "with something",
                      what, csi_term_type_name(term->type));
    return false;
}

struct csi_term *csi_build_not(struct csi_builder *builder, uint32_t at,
                               struct csi_term *part)
{
    struct csi_term *term;

    if (!csi_build_is_condition(builder, part, "what stands behind !"))
        return NULL;
    term = csi_build_term(builder, CSI_TERM_NOT, CSI_TERM_BOOL, at,
                          end_of(part), 1);
    return add_term_part(builder, term, part);
}

struct csi_term *csi_build_logic(struct csi_builder *builder,
                                 enum csi_term_kind kind, const char *sign,
                                 struct csi_term *left, struct csi_term *right)
{
    char what[48];
    struct csi_term *term;
    uint32_t count;

    snprintf(what, sizeof(what), "what stands beside %s", sign);
    if (!csi_build_is_condition(builder, left, what) ||
        !csi_build_is_condition(builder, right, what))
        return NULL;
    if (left->kind != kind || left->grouped)
        return build_pair(builder, kind, CSI_TERM_BOOL, left, right);
    count = left->count;
    term = csi_build_term(builder, kind, CSI_TERM_BOOL, left->at, end_of(right),
                          count + 1);
    if (!term)
        return NULL;
    term->depth = left->depth;
    memcpy(term->parts, left->parts, count * sizeof(*term->parts));
    term->count = count;
    return add_term_part(builder, term, right);
}

static bool is_comparison(const struct csi_term *term)
{
    return (term->kind == CSI_TERM_COMPARE || term->kind == CSI_TERM_IN ||
            term->kind == CSI_TERM_MATCH || term->kind == CSI_TERM_AND ||
            term->kind == CSI_TERM_OR) &&
           !term->grouped;
}

struct csi_term *csi_build_else(struct csi_builder *builder, uint32_t at,
                                struct csi_term *left, struct csi_term *right)
{
    enum csi_term_type type;

    if (!left || !right)
        return NULL;
    if (is_comparison(left) || is_comparison(right))
        return csi_build_problem(
            builder, at,
            "?? binds loosest of all, so this reads a ?? (b == c); put its two "
            "sides in parentheses: (a ?? b) == c");
    type = left->type == right->type || right->type == CSI_TERM_NOTHING
               ? left->type
               : CSI_TERM_ANY;
    return build_pair(builder, CSI_TERM_ELSE, type, left, right);
}

/* ---- Comparisons --------------------------------------------------------- */

static bool is_string(const struct csi_term *term)
{
    return term->kind == CSI_TERM_CONSTANT && term->type == CSI_TERM_TEXT;
}

/* Make the string beside a time the time that it is. */
static struct csi_term *time_beside(struct csi_builder *builder,
                                    struct csi_term *term)
{
    struct cosend_time_context context = {.now = csi_evaluation_now()};
    struct cosend_value value = {.type = COSEND_TYPE_TIME};
    struct cosend_time time;

    if (!is_string(term))
        return term;
    if (!cosend_parse_time(NULL, term->value.as.text, term->value.length,
                           &context, &time))
        return csi_build_problem(
            builder, term->at,
            "\"%.*s\" is no time, as "
            "2000-10-10T13:55:36Z is one",
            (int)(term->value.length > 60 ? 60 : term->value.length),
            term->value.as.text);
    value.as.integer = time.nanoseconds;
    value.offset = time.offset;
    return csi_build_constant(builder, CSI_TERM_TIME, value, term->at,
                              end_of(term));
}

static struct csi_term *mixed(struct csi_builder *builder, uint32_t at,
                              const struct csi_term *left,
                              const struct csi_term *right)
{
    const char *hint = "";
    bool has_text = left->type == CSI_TERM_TEXT || right->type == CSI_TERM_TEXT;
    bool has_number =
        left->type == CSI_TERM_NUMBER || right->type == CSI_TERM_NUMBER;
    bool has_time = left->type == CSI_TERM_TIME || right->type == CSI_TERM_TIME;

    if (has_time && (left->type == CSI_TERM_ANY || right->type == CSI_TERM_ANY))
        return csi_build_problem(
            builder, left->type == CSI_TERM_ANY ? left->at : right->at,
            "beside a time there is a time; time(x) makes one of a field");
    if (has_text && has_number)
        hint = "; number(x) makes a number of text, text(x) text of a number";
    else if (has_time && has_number)
        hint = "; a time stands in quotes, \"2000-10-10\", and epoch(t) is one "
               "in seconds";
    else if (has_time)
        hint = "; time(x) makes a time of a field";
    return csi_build_problem(builder, at, "%s is never %s%s",
                             csi_term_type_name(left->type),
                             csi_term_type_name(right->type), hint);
}

/* How two terms are compared. False where they never can be. */
static bool comparison_of(const struct csi_term *left,
                          const struct csi_term *right, enum csi_operator op,
                          enum csi_comparison *compared)
{
    static const enum csi_comparison of[] = {
        [CSI_TERM_ANY] = CSI_COMPARE_CELLS,
        [CSI_TERM_BOOL] = CSI_COMPARE_BOOLS,
        [CSI_TERM_NUMBER] = CSI_COMPARE_NUMBERS,
        [CSI_TERM_TEXT] = CSI_COMPARE_TEXT,
        [CSI_TERM_TIME] = CSI_COMPARE_TIMES};
    enum csi_term_type type =
        left->type == CSI_TERM_ANY ? right->type : left->type;

    if (left->type != right->type &&
        (type == CSI_TERM_TIME ||
         (left->type != CSI_TERM_ANY && right->type != CSI_TERM_ANY)))
        return false;
    *compared = of[type];
    return type != CSI_TERM_BOOL || op == CSI_EQUAL || op == CSI_UNEQUAL;
}

/* Say that nothing is ever equal to null. */
static struct csi_term *beside_null(struct csi_builder *builder,
                                    const struct csi_term *term)
{
    return csi_build_problem(builder, term->at,
                             "nothing is ever equal to null; what is absent, "
                             "null or empty is found by empty(x), what has a "
                             "value by !empty(x); a field of that name stands "
                             "in backquotes");
}

/* Say of text without a character, which is blank as a field's may be, that
   nothing is equal to it either: whoever writes == "" means empty(). */
static void remark_blank(struct csi_builder *builder,
                         const struct csi_term *term)
{
    if (is_string(term) && !term->value.length)
        builder->hooks->warning(
            builder->hooks->context, term->at, false,
            "nothing is ever equal to \"\"; what is absent, null or empty is "
            "found by empty(x), what has a value by !empty(x)");
}

struct csi_term *csi_build_compare(struct csi_builder *builder,
                                   enum csi_operator op, uint32_t at,
                                   struct csi_term *left,
                                   struct csi_term *right)
{
    struct csi_term *term;
    enum csi_comparison compared;

    if (!left || !right)
        return NULL;
    if (left->kind == CSI_TERM_COMPARE && !left->grouped)
        return csi_build_problem(builder, at,
                                 "one comparison at a time; a < b < c is "
                                 "written a < b && b < c");
    if (left->type == CSI_TERM_NOTHING || right->type == CSI_TERM_NOTHING)
        return beside_null(builder,
                           left->type == CSI_TERM_NOTHING ? left : right);
    if (op == CSI_EQUAL || op == CSI_UNEQUAL)
        remark_blank(builder, is_string(right) ? right : left);
    if (left->type == CSI_TERM_TIME)
        right = time_beside(builder, right);
    else if (right->type == CSI_TERM_TIME)
        left = time_beside(builder, left);
    if (!left || !right)
        return NULL;
    if (!comparison_of(left, right, op, &compared)) {
        if (left->type != right->type)
            return mixed(builder, at, left, right);
        return csi_build_problem(builder, at,
                                 "true and false have no order; == and != "
                                 "compare them");
    }
    term = build_pair(builder, CSI_TERM_COMPARE, CSI_TERM_BOOL, left, right);
    if (term) {
        term->op = op;
        term->compared = compared;
    }
    return term;
}

/* Each element becomes a comparison of its own, which shares the left side. */
struct csi_term *csi_build_in(struct csi_builder *builder, bool negated,
                              uint32_t at, struct csi_term *left,
                              struct csi_term *list)
{
    struct csi_term *term;

    if (!left || !list)
        return NULL;
    term = csi_build_term(builder, CSI_TERM_IN, CSI_TERM_BOOL, left->at,
                          end_of(list), list->count + 1);
    term = add_term_part(builder, term, left);
    for (uint32_t i = 0; term && i < list->count; i++) {
        struct csi_term *one =
            csi_build_compare(builder, CSI_EQUAL, at, left, list->parts[i]);

        term = add_term_part(builder, term, one);
    }
    if (term)
        term->negated = negated;
    return term;
}

bool csi_build_pattern(struct csi_builder *builder,
                       const struct csi_term *pattern, struct csi_term *holder)
{
    /* A call asks where it matches. */
    const struct cosend_regex_options options = {.places = holder->kind ==
                                                           CSI_TERM_CALL};
    struct cosend_error error = {0};

    if (!is_string(pattern)) {
        csi_build_problem(builder, pattern->at,
                          "a pattern is a string, \"^a\", which is read before "
                          "the first record");
        return false;
    }
    holder->regex = cosend_regex_new(pattern->value.as.text,
                                     pattern->value.length, &options, &error);
    if (holder->regex && csi_build_hold(builder, holder))
        return true;
    if (holder->regex)
        cosend_regex_free(holder->regex);
    if (error.kind == COSEND_E_SPEC)
        csi_build_problem(builder, pattern->at, "%s", error.message);
    else
        csi_build_no_memory(builder);
    return false;
}

struct csi_term *csi_build_match(struct csi_builder *builder, bool negated,
                                 struct csi_term *left,
                                 struct csi_term *pattern)
{
    struct csi_term *term;

    if (!left || !pattern)
        return NULL;
    if (left->type != CSI_TERM_ANY && left->type != CSI_TERM_TEXT)
        return csi_build_problem(builder, left->at,
                                 "a pattern is looked for in text, and this is "
                                 "%s; text(x) makes text of it",
                                 csi_term_type_name(left->type));
    term = build_pair(builder, CSI_TERM_MATCH, CSI_TERM_BOOL, left, pattern);
    if (!term || !csi_build_pattern(builder, pattern, term))
        return NULL;
    term->negated = negated;
    return term;
}

/* ---- Arithmetic ---------------------------------------------------------- */

static struct csi_term *no_number(struct csi_builder *builder,
                                  const struct csi_term *term,
                                  enum csi_operator op)
{
    if (term->type == CSI_TERM_TEXT && op == CSI_ADD)
        return csi_build_problem(builder, term->at,
                                 "+ adds numbers, and this is text; text is "
                                 "joined by concat(a, b)");
    return csi_build_problem(
        builder, term->at, "a number must stand here, and this is %s%s",
        csi_term_type_name(term->type),
        term->type == CSI_TERM_TEXT ? "; number(x) makes one of it" : "");
}

static bool is_sum(enum csi_operator op)
{
    return op == CSI_ADD || op == CSI_SUBTRACT;
}

struct csi_term *csi_build_arithmetic(struct csi_builder *builder,
                                      enum csi_operator op, uint32_t at,
                                      struct csi_term *left,
                                      struct csi_term *right)
{
    enum csi_term_type type = CSI_TERM_NUMBER;
    struct csi_term *sides[2] = {left, right}, *term;
    int times = 0;

    if (!left || !right)
        return NULL;
    for (int i = 0; i < 2; i++) {
        bool is_time = sides[i]->type == CSI_TERM_TIME && is_sum(op);

        times += is_time;
        if (!is_time && sides[i]->type != CSI_TERM_NUMBER &&
            sides[i]->type != CSI_TERM_ANY &&
            sides[i]->type != CSI_TERM_NOTHING)
            return no_number(builder, sides[i], op);
    }
    if (times == 2 && op == CSI_ADD)
        return csi_build_problem(builder, at,
                                 "two times cannot be added; their difference "
                                 "is a - b");
    if (times == 1 && op == CSI_SUBTRACT && right->type == CSI_TERM_TIME) {
        if (left->type == CSI_TERM_ANY)
            return csi_build_problem(builder, left->at,
                                     "a time is subtracted from a time; "
                                     "time(x) makes one of a field");
        return csi_build_problem(builder, at,
                                 "a time cannot be subtracted from %s",
                                 csi_term_type_name(left->type));
    }
    if (times == 1)
        type = CSI_TERM_TIME;
    term = build_pair(builder, CSI_TERM_ARITHMETIC, type, left, right);
    if (term)
        term->op = op;
    return term;
}

struct csi_term *csi_build_negate(struct csi_builder *builder, uint32_t at,
                                  struct csi_term *part)
{
    struct csi_term *term;

    if (!part)
        return NULL;
    if (part->type != CSI_TERM_NUMBER && part->type != CSI_TERM_ANY)
        return no_number(builder, part, CSI_SUBTRACT);
    term = csi_build_term(builder, CSI_TERM_NEGATE, CSI_TERM_NUMBER, at,
                          end_of(part), 1);
    return add_term_part(builder, term, part);
}
