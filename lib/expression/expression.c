/* SPDX-License-Identifier: MIT */
/*
 * Compiling: parse, which types the terms, then fold what is constant. A
 * constant that is bad, as 1 / 0, is a mistake in the expression and not in a
 * record.
 */
#include "expression/expression.h"

#include "expression/evaluate.h"
#include "expression/functions.h"
#include "expression/parser.h"

#include <string.h>

/* Whether all that a term is made of is constant. */
static bool is_constant(const struct csi_term *term)
{
    if (term->kind == CSI_TERM_FIELD || term->kind == CSI_TERM_CONSTANT)
        return false;
    for (uint32_t i = 0; i < term->count; i++)
        if (term->parts[i]->kind != CSI_TERM_CONSTANT)
            return false;
    return term->kind != CSI_TERM_CALL || term->count;
}

/* Say of now(), the one function that takes nothing, what it makes of a run. */
static void remark_clock(const struct csi_builder *builder,
                         const struct csi_term *term)
{
    if (term->kind == CSI_TERM_CALL && !term->count)
        builder->hooks->warning(builder->hooks->context, term->at, true,
                                "now() is the clock's time; no two runs need "
                                "give the same");
}

/* A term of constants. It may be bad; without memory it is nothing. */
static struct cosend_value constant_value(struct csi_builder *builder,
                                          const struct csi_term *term)
{
    static const struct cosend_record nobody;
    struct csi_evaluation evaluation = {.one = &nobody,
                                        .arena = &builder->made->arena,
                                        .now = csi_evaluation_now()};
    struct csi_positions one = {NULL, 1};
    struct cosend_value value = *csi_evaluate(&evaluation, term, &one).values;

    if (!evaluation.no_memory)
        return value;
    csi_build_no_memory(builder);
    return (struct cosend_value){.type = COSEND_TYPE_ABSENT};
}

/* Try the constants of a call on a field with something in that one's place, so
   that what no record can make right is told before the first. */
static void try_constants(struct csi_builder *builder,
                          const struct csi_term *term)
{
    const char *probe = term->kind == CSI_TERM_CALL && term->count > 1
                            ? csi_function_probe(term->function)
                            : NULL;
    struct csi_term first = {.kind = CSI_TERM_CONSTANT}, call = *term;
    struct csi_term *parts[3] = {&first};
    uint32_t at = 1, step = probe && term->function->more ? 1 : term->count - 1;
    struct cosend_value value;

    if (!probe || step >= sizeof(parts) / sizeof(parts[0]))
        return;
    first.value = *probe ? csi_text_value(probe, strlen(probe))
                         : (struct cosend_value){.type = COSEND_TYPE_TIME};
    call.parts = parts;
    call.count = step + 1;
    for (; at < term->count; at += step) {
        bool constant = true;

        for (uint32_t i = 0; i < step; i++) {
            parts[i + 1] = term->parts[at + i];
            constant &= parts[i + 1]->kind == CSI_TERM_CONSTANT;
        }
        if (!constant)
            continue;
        value = constant_value(builder, &call);
        if (value.type == COSEND_TYPE_BAD)
            csi_build_problem(builder, parts[1]->at, "%.*s", (int)value.length,
                              value.as.text);
    }
}

static void fold_term(struct csi_builder *builder, struct csi_term *term)
{
    struct cosend_value value;

    for (uint32_t i = 0; i < term->count; i++)
        if (term->kind != CSI_TERM_IN || i == 0)
            fold_term(builder, term->parts[i]);
        else
            fold_term(builder, term->parts[i]->parts[1]);
    remark_clock(builder, term);
    if (builder->failed)
        return;
    if (!is_constant(term)) {
        try_constants(builder, term);
        return;
    }
    value = constant_value(builder, term);
    if (value.type == COSEND_TYPE_BAD) {
        csi_build_problem(builder, term->at, "%.*s", (int)value.length,
                          value.as.text);
    } else if (!builder->no_memory) {
        term->kind = CSI_TERM_CONSTANT;
        term->value = value;
        term->count = 0;
    }
}

static void compile(struct csi_builder *builder, bool is_condition)
{
    struct csi_term *root = csi_parse_expression(builder);

    if (root && is_condition)
        csi_build_is_condition(builder, root, "a condition");
    if (!builder->failed)
        fold_term(builder, root);
    builder->made->root = root;
}

struct cosend_expression *
csi_expression_compile(const char *text, size_t length, bool is_condition,
                       const struct csi_compile_hooks *hooks,
                       struct cosend_error *error)
{
    struct cosend_expression *made = csi_calloc(1, sizeof(*made));
    struct csi_builder builder = {.made = made, .hooks = hooks};
    char *copy = made ? csi_arena_bytes(&made->arena, length + 1) : NULL;

    if (copy) {
        memcpy(copy, text, length);
        copy[length] = '\0';
        made->text = copy;
        made->length = length;
        compile(&builder, is_condition);
        if (!builder.failed)
            return made;
    }
    if (!copy || builder.no_memory)
        csi_no_memory(error);
    cosend_expression_free(made);
    return NULL;
}

void cosend_expression_free(struct cosend_expression *expression)
{
    if (!expression)
        return;
    for (size_t i = 0; i < expression->holder_count; i++) {
        cosend_replacement_free(expression->holders[i]->replacement);
        cosend_regex_free(expression->holders[i]->regex);
        cosend_time_format_free(expression->holders[i]->format);
        cosend_zone_free(expression->holders[i]->zone);
    }
    csi_free(expression->holders);
    csi_arena_free(&expression->arena);
    csi_free(expression);
}

const char *cosend_expression_text(const struct cosend_expression *expression)
{
    return expression->text;
}

enum cosend_type
cosend_expression_type(const struct cosend_expression *expression)
{
    switch (expression->root->type) {
    case CSI_TERM_BOOL:
        return COSEND_TYPE_BOOL;
    case CSI_TERM_NUMBER:
        return COSEND_TYPE_DOUBLE;
    case CSI_TERM_TEXT:
        return COSEND_TYPE_TEXT;
    case CSI_TERM_TIME:
        return COSEND_TYPE_TIME;
    case CSI_TERM_NOTHING:
        return COSEND_TYPE_NULL;
    case CSI_TERM_ANY:
        break;
    }
    return COSEND_TYPE_ABSENT;
}

/* Field *i of a term's; where there are not so many, *i is as many less. Of a
   path that can be no field's whole name, as u[0], it is the first part. */
static struct cosend_field find_field(const struct csi_term *term, size_t *i)
{
    const struct cosend_field none = {COSEND_NO_FIELD};
    struct cosend_field found = none;

    if (term->kind == CSI_TERM_FIELD)
        found = cosend_has_field(term->field) ? term->field : term->base;
    if (cosend_has_field(found))
        return (*i)-- ? none : found;
    for (uint32_t part = 0; part < term->count && !cosend_has_field(found);
         part++)
        found = find_field(term->parts[part], i);
    return found;
}

bool cosend_expression_field(const struct cosend_expression *expression,
                             size_t i, struct cosend_field *field)
{
    struct cosend_field found = find_field(expression->root, &i);

    if (cosend_has_field(found))
        *field = found;
    return cosend_has_field(found);
}
