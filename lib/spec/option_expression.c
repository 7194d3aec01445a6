/* SPDX-License-Identifier: MIT */
#include "spec/option_expression.h"

#include "base/text.h"
#include "spec/jansson.h"
#include "spec/string_spots.h"

#include <stdio.h>
#include <string.h>

/* What the compiler's hooks are about. */
struct compiling {
    struct cosend_check *check;
    const char *option;
    const struct csi_value *value;
    uint32_t from;         /* where in the value's text the expression begins */
    struct csi_spot *made; /* of this value alone; or NULL */
};

/* The place of a byte of the expression. A parameter's text, and a default's,
   has none of its own. */
static struct csi_place place_of(struct compiling *compiling, uint32_t at)
{
    const struct csi_value *value = compiling->value;
    struct csi_spec *spec = compiling->check->spec;
    struct csi_place place = csi_check_place(compiling->check, value);
    const struct csi_spot *spots;

    if (!value || !json_is_string(value->json) || value->filled ||
        compiling->check->fallback)
        return place;
    at += compiling->from;
    spots = value->spots;
    /* A line is no document. */
    if (!spots && !value->bare && spec->document.text) {
        if (!compiling->made)
            compiling->made = csi_string_spots(&spec->document, value);
        spots = compiling->made;
    }
    if (spots) {
        place.line = spots[at].line;
        place.column = spots[at].column;
    }
    return place;
}

static struct cosend_field find_field(void *context, const char *name,
                                      size_t length, uint32_t at, unsigned use)
{
    struct compiling *compiling = context;
    struct cosend_check *check = compiling->check;
    struct csi_place place = place_of(compiling, at);
    struct cosend_field field =
        csi_check_add_field(check, name, length, &place, compiling->option);

    if (cosend_has_field(field)) {
        struct csi_field_name *made =
            &check->spec->plan->nodes[check->node].fields[field.slot];

        made->is_operand = true;
        made->is_optional = use & CSI_FIELD_WHOLE;
        made->or_before = use & CSI_FIELD_BASE;
        if (use & CSI_FIELD_SPARED)
            made->missing = COSEND_MISSING_SKIP;
    }
    return field;
}

static void note_path(void *context, struct cosend_field field,
                      const char *path, uint32_t length)
{
    const struct cosend_check *check = ((struct compiling *)context)->check;
    struct csi_field_name *base =
        &check->spec->plan->nodes[check->node].fields[field.slot];

    base->path = path;
    base->path_length = length;
}

/* In a map of expressions a name that an earlier one has is what that is. */
static const struct csi_term *find_named(void *context, const char *name,
                                         size_t length)
{
    const struct cosend_check *check = ((struct compiling *)context)->check;
    const struct cosend_list *map = check->map;
    const struct cosend_expression *found = NULL;

    for (size_t i = 0; map && i + 1 < map->count; i++) {
        const char *item = (const char *)map->items +
                           i * check->map_option->item_size +
                           check->option->offset;

        if (map->keys[i].length == length &&
            memcmp(map->keys[i].data, name, length) == 0)
            memcpy(&found, item, sizeof(found));
    }
    return found ? found->root : NULL;
}

static void report_problem(void *context, uint32_t at, const char *text)
{
    struct compiling *compiling = context;
    struct csi_place place = place_of(compiling, at);

    if (!compiling->value || !compiling->value->unknown)
        csi_spec_place_problem(compiling->check->spec, &place, "%s", text);
}

static void report_warning(void *context, uint32_t at, bool minor,
                           const char *text)
{
    struct compiling *compiling = context;
    struct csi_place place = place_of(compiling, at);

    if (!minor || compiling->check->spec->options->only_check)
        csi_spec_place_warn(compiling->check->spec, &place, text);
}

/* Behind those of the signs that stand at a place of a text. */
static uint32_t skip(const char *text, uint32_t length, uint32_t at,
                     const char *signs)
{
    while (at < length && memchr(signs, text[at], strlen(signs)))
        at++;
    return at;
}

/* The length of the first field in braces in a text, {a.b} or {{ a.b }}, and in
 *at where it is. 0: there is none. */
static uint32_t field_in_braces(const char *text, uint32_t length, uint32_t *at)
{
    static const char signs[] = "abcdefghijklmnopqrstuvwxyz_.0123456789"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    for (*at = 0; *at < length; ++*at) {
        uint32_t from = skip(text, length, *at + 1, " ");
        uint32_t behind = skip(text, length, from, signs);
        uint32_t end = skip(text, length, behind, " ");

        if (text[*at] == '{' && behind > from && end < length &&
            text[end] == '}')
            return end - *at + 1;
    }
    return 0;
}

/* Remark on text that is a template elsewhere. */
static void remark_template(struct compiling *compiling,
                            const struct csi_term *term)
{
    const struct cosend_value *constant = &term->value;
    char text[240];
    uint32_t at, length = 0;

    if (term->kind == CSI_TERM_CONSTANT && constant->type == COSEND_TYPE_TEXT)
        length = field_in_braces(constant->as.text, constant->length, &at);
    if (!length)
        return;
    snprintf(text, sizeof(text),
             "%.*s is text here; concat(\"a \", x) puts a field into text, and "
             "so does a step `format \"a {x}\" as=NAME`",
             length < 80 ? (int)length : 80, constant->as.text + at);
    report_warning(compiling, term->at, false, text);
}

/* Whether a term is the word true or false, as the last case of several may be.
 */
static bool is_truth(const struct csi_term *term)
{
    return (term->length == 4 && memcmp(term->source, "true", 4) == 0) ||
           (term->length == 5 && memcmp(term->source, "false", 5) == 0);
}

/* Remark on each part of a condition that is the same for every record, and was
   hardly meant so. */
static void remark_constants(struct compiling *compiling,
                             const struct csi_term *term)
{
    bool is_list = term->kind == CSI_TERM_IN;
    const struct csi_term *left = is_list ? term->parts[0] : term;
    char text[160];

    if (left->kind == CSI_TERM_CONSTANT) {
        if (is_list)
            snprintf(text, sizeof(text),
                     "no field is in this; a field stands by its bare name, or "
                     "in backquotes");
        else if (term->value.type == COSEND_TYPE_BOOL && !is_truth(term))
            snprintf(text, sizeof(text),
                     "no field is in this, so that it is always %s; a field "
                     "stands by its bare name, or in backquotes",
                     term->value.as.truth ? "true" : "false");
        else
            return;
        report_warning(compiling, term->at, false, text);
        return;
    }
    for (uint32_t i = 0; !is_list && i < term->count; i++)
        remark_constants(compiling, term->parts[i]);
}

static void add_beside(struct cosend_check *check, struct cosend_field field,
                       const char *written, size_t length, bool is_date)
{
    struct csi_field_name *name =
        &check->spec->plan->nodes[check->node].fields[field.slot];

    if (name->beside) /* in [a, b] */
        return;
    name->beside = written;
    name->beside_length = (uint32_t)length;
    name->beside_date = is_date;
}

/* Whether a comparison with text can be meant of arrays and objects, as that
   looks like one, or is true or false of nothing. */
static bool is_any(const char *text, size_t length)
{
    return !length || *text == '[' || *text == '{';
}

/* Have noted what the field of a comparison is compared with. */
static void note_beside(struct cosend_check *check, const struct csi_term *term,
                        const struct csi_term *field,
                        const struct csi_term *constant)
{
    const struct cosend_value *value = &constant->value;
    bool is_text = value->type == COSEND_TYPE_TEXT;
    struct cosend_field slot = field->path ? field->base : field->field;

    if (field->kind != CSI_TERM_FIELD || field->count ||
        !cosend_has_field(slot) || constant->kind != CSI_TERM_CONSTANT ||
        value->type <= COSEND_TYPE_NULL ||
        (is_text && is_any(value->as.text, value->length)))
        return;
    add_beside(check, slot, constant->source, constant->length,
               is_text && term->op >= CSI_LESS &&
                   term->op <= CSI_GREATER_EQUAL &&
                   csi_plan_is_date(value->as.text, value->length));
}

void csi_option_condition_beside(struct cosend_check *check,
                                 const struct cosend_condition *condition)
{
    enum csi_condition_op op = condition->op;
    const struct csi_operand *with = condition->operands;
    bool has_order = op == CSI_OP_LT || op == CSI_OP_LE || op == CSI_OP_GT ||
                     op == CSI_OP_GE;

    for (size_t i = 0; i < condition->count; i++)
        csi_option_condition_beside(check, condition->parts[i]);
    if (condition->kind == CSI_CONDITION_TEST && condition->operand_count &&
        with->text && cosend_has_field(condition->field) &&
        (has_order || op == CSI_OP_EQ || op == CSI_OP_NE || op == CSI_OP_IN ||
         op == CSI_OP_NOT_IN) &&
        !is_any(with->text, with->length))
        add_beside(check, condition->field, with->text, with->length,
                   has_order && with->kind == CSI_OPERAND_TEXT &&
                       csi_plan_is_date(with->text, with->length));
}

/* The same of all the fields in a term. */
static void note_compared(struct compiling *compiling,
                          const struct csi_term *term)
{
    for (uint32_t i = 0; i < term->count; i++) {
        note_compared(compiling, term->parts[i]);
        if (term->kind == CSI_TERM_COMPARE)
            note_beside(compiling->check, term, term->parts[i],
                        term->parts[1 - i]);
    }
}

/* Whether byte `at` of a string is one that a parameter put there. */
static bool is_put_in(const struct csi_value *value, size_t at)
{
    for (uint32_t i = 0; i < value->piece_count; i++)
        if (at >= value->pieces[i].from &&
            at - value->pieces[i].from < value->pieces[i].length)
            return true;
    return false;
}

/* The expression in which all that parameters put between quotes is text as it
   stands: no quote in it ends those, and no backslash is an escape's. */
static bool quote_pieces(const struct compiling *compiling, const char *text,
                         size_t length, struct csi_text *quoted)
{
    const struct csi_value *value = compiling->value;
    bool ok = true;
    char quote = 0;

    for (size_t i = 0; i < length && ok; i++) {
        bool put_in = is_put_in(value, compiling->from + i);
        char c = text[i];

        if (put_in && quote && quote != '`') {
            ok = (c != '\\' && c != quote) || csi_text_add(quoted, "\\", 1);
        } else if (quote && quote != '`' && c == '\\' && i + 1 < length &&
                   !is_put_in(value, compiling->from + i + 1)) {
            ok = csi_text_add(quoted, &c, 1);
            c = text[++i];
        } else if (c == quote) {
            quote = 0;
        } else if (!quote && (c == '"' || c == '\'' || c == '`')) {
            quote = c;
        }
        ok = ok && csi_text_add(quoted, &c, 1);
    }
    return ok;
}

static struct cosend_expression *compile_text(struct compiling *compiling,
                                              const char *text, size_t length,
                                              bool is_condition)
{
    struct csi_text quoted = {0};
    struct csi_compile_hooks hooks = {find_field,     find_named,
                                      report_problem, report_warning,
                                      compiling,      note_path};
    struct cosend_error error = {0};
    struct cosend_expression *made = NULL;

    if (!compiling->value || !compiling->value->piece_count)
        made =
            csi_expression_compile(text, length, is_condition, &hooks, &error);
    else if (quote_pieces(compiling, text, length, &quoted))
        made = csi_expression_compile(quoted.data, quoted.length, is_condition,
                                      &hooks, &error);
    else
        compiling->check->spec->no_memory = true;
    csi_text_free(&quoted);
    if (error.kind == COSEND_E_MEMORY)
        compiling->check->spec->no_memory = true;
    if (made && made->root)
        note_compared(compiling, made->root);
    if (made && made->root && !(compiling->value && compiling->value->filled)) {
        remark_template(compiling, made->root);
        remark_constants(compiling, made->root);
    }
    csi_free(compiling->made);
    return made;
}

struct cosend_expression *csi_option_compile(struct cosend_check *check,
                                             const struct csi_value *value,
                                             bool is_condition)
{
    struct compiling compiling = {
        .check = check, .option = check->option->name, .value = value};

    return compile_text(&compiling, json_string_value(value->json),
                        json_string_length(value->json), is_condition);
}

struct cosend_expression *cosend_check_expression(struct cosend_check *check,
                                                  const char *option,
                                                  const char *text,
                                                  size_t length, size_t from)
{
    struct compiling compiling = {.check = check,
                                  .option = option,
                                  .value = csi_check_given(check, option),
                                  .from = (uint32_t)from};

    return compile_text(&compiling, text, length, false);
}

void csi_option_expression(struct cosend_check *check,
                           const struct csi_value *value, void *to)
{
    if (json_is_string(value->json))
        *(struct cosend_expression **)to =
            csi_option_compile(check, value, false);
    else
        csi_check_wrong_type(check, value, "an expression, a string");
}
