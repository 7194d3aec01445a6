/* SPDX-License-Identifier: MIT */
/*
 * Conditions: a tree, judged by plain recursion (a spec nests 64 levels at
 * most) from left to right, and no further than the verdict needs.
 *
 * What a test compares is decided when the tree is built: the kind of its
 * operand, never that of the cell. Beside a number a cell counts as the number
 * that its bytes are, whether CSV, text or a JSON string has them; a cell that
 * is none differs from every number, but has no order with any, which makes the
 * record bad. Beside text it counts as bytes.
 *
 * Numbers are compared as the decimals that they are written as, so that none
 * is rounded: see record/number_compare.c.
 */
#include "expression/condition.h"

#include "expression/evaluate.h"

#include <stdio.h>
#include <string.h>

/* ---- Judging ------------------------------------------------------------- */

static int compare_bytes(struct cosend_cell cell,
                         const struct csi_operand *with)
{
    size_t least = cell.length < with->length ? cell.length : with->length;
    int order = least ? memcmp(cell.data, with->text, least) : 0;

    return order ? order
                 : (cell.length > with->length) - (cell.length < with->length);
}

static bool is_equal(struct cosend_cell cell, const struct csi_operand *to)
{
    int order;

    if (to->kind != CSI_OPERAND_NUMBER)
        return compare_bytes(cell, to) == 0;
    return csi_number_compare(cell.data, cell.length, &to->number, &order) &&
           order == 0;
}

static enum cosend_verdict is_ordered(struct cosend_cell cell,
                                      enum csi_condition_op op,
                                      const struct csi_operand *with,
                                      struct cosend_why *why)
{
    int order;

    if (with->kind != CSI_OPERAND_NUMBER) {
        order = compare_bytes(cell, with);
    } else if (!csi_number_compare(cell.data, cell.length, &with->number,
                                   &order)) {
        why->kind = "not_a_number";
        return COSEND_VERDICT_BAD;
    }
    switch (op) {
    case CSI_OP_LT:
        return order < 0 ? COSEND_TRUE : COSEND_FALSE;
    case CSI_OP_LE:
        return order <= 0 ? COSEND_TRUE : COSEND_FALSE;
    case CSI_OP_GT:
        return order > 0 ? COSEND_TRUE : COSEND_FALSE;
    default:
        return order >= 0 ? COSEND_TRUE : COSEND_FALSE;
    }
}

/* A cell that is a short number is taken apart once for all operands. */
static bool is_operand(const struct cosend_condition *test,
                       struct cosend_cell cell)
{
    struct csi_short_decimal number;
    bool is_short = csi_short_decimal_scan(cell.data, cell.length, &number);

    for (size_t i = 0; i < test->operand_count; i++) {
        const struct csi_operand *operand = &test->operands[i];
        bool both = is_short && operand->kind == CSI_OPERAND_NUMBER &&
                    operand->number.is_short;

        if (both ? csi_short_decimal_compare(&number,
                                             &operand->number.simple) == 0
                 : is_equal(cell, operand))
            return true;
    }
    return false;
}

static bool has_part(struct cosend_cell cell, enum csi_condition_op op,
                     const struct csi_operand *part)
{
    if (part->length > cell.length)
        return false;
    if (op == CSI_OP_CONTAINS)
        return memmem(cell.data, cell.length, part->text, part->length);
    if (op == CSI_OP_ENDS_WITH)
        cell.data += cell.length - part->length;
    return memcmp(cell.data, part->text, part->length) == 0;
}

static enum cosend_verdict matches(const struct cosend_regex *regex,
                                   struct cosend_cell cell,
                                   struct cosend_why *why)
{
    enum cosend_match answer = cosend_regex_match(regex, cell);

    switch (answer) {
    case COSEND_MATCH:
        return COSEND_TRUE;
    case COSEND_NO_MATCH:
        return COSEND_FALSE;
    case COSEND_MATCH_LIMIT:
    case COSEND_MATCH_TOO_LONG:
        why->kind = "match_limit";
        why->problem = cosend_match_problem(answer);
        return COSEND_VERDICT_BAD;
    default:
        why->kind = "memory";
        return COSEND_VERDICT_BAD;
    }
}

static enum cosend_verdict truth(bool holds)
{
    return holds ? COSEND_TRUE : COSEND_FALSE;
}

/* Empty, absent and null are false for all but exists, empty and ne. */
static enum cosend_verdict test_cell(const struct cosend_condition *test,
                                     struct cosend_cell cell,
                                     struct cosend_why *why)
{
    bool blank = cosend_is_blank(cell);

    switch (test->op) {
    case CSI_OP_EXISTS:
        return truth(cell.kind != COSEND_ABSENT);
    case CSI_OP_EMPTY:
        return truth(blank);
    case CSI_OP_NE:
        return truth(blank || !is_equal(cell, test->operands));
    default:
        break;
    }
    if (blank)
        return COSEND_FALSE;
    switch (test->op) {
    case CSI_OP_EQ:
        return truth(is_equal(cell, test->operands));
    case CSI_OP_IN:
        return truth(is_operand(test, cell));
    case CSI_OP_NOT_IN:
        return truth(!is_operand(test, cell));
    case CSI_OP_CONTAINS:
    case CSI_OP_STARTS_WITH:
    case CSI_OP_ENDS_WITH:
        return truth(has_part(cell, test->op, test->operands));
    case CSI_OP_REGEX:
    case CSI_OP_MATCHES:
        return matches(test->regex, cell, why);
    default:
        return is_ordered(cell, test->op, test->operands, why);
    }
}

/* ---- Expressions --------------------------------------------------------- */

static enum cosend_verdict judge_expression(const struct csi_term *root,
                                            const struct cosend_record *record,
                                            struct cosend_why *why)
{
    struct csi_arena arena = {0};
    struct csi_evaluation evaluation = {
        .one = record, .arena = &arena, .now = csi_evaluation_now()};
    struct csi_positions one = {&record->position, 1};
    struct cosend_value value = csi_judge_one(&evaluation, root, &one);
    enum cosend_verdict verdict = COSEND_FALSE;

    why->field = why->pattern = why->problem = NULL;
    if (evaluation.no_memory) {
        why->kind = "memory";
        snprintf(why->message, sizeof(why->message), "out of memory");
        verdict = COSEND_VERDICT_BAD;
    } else if (value.type == COSEND_TYPE_BAD) {
        why->kind = csi_bad_kind(&value);
        snprintf(why->message, sizeof(why->message), "%s", value.as.text);
        verdict = COSEND_VERDICT_BAD;
    } else {
        verdict = value.as.truth ? COSEND_TRUE : COSEND_FALSE;
    }
    csi_arena_free(&arena);
    return verdict;
}

static enum cosend_verdict judge_condition(const struct cosend_condition *of,
                                           const struct cosend_record *record,
                                           struct cosend_why *why)
{
    bool all = of->kind == CSI_CONDITION_ALL;
    enum cosend_verdict verdict;

    if (of->kind == CSI_CONDITION_EXPRESSION)
        return judge_expression(of->expression->root, record, why);
    if (of->kind == CSI_CONDITION_TEST) {
        why->field = of->name;
        why->pattern = of->regex ? of->operands->text : NULL;
        return test_cell(of, cosend_field(record, of->field), why);
    }
    for (size_t i = 0; i < of->count; i++) {
        verdict = judge_condition(of->parts[i], record, why);
        if (verdict == COSEND_VERDICT_BAD)
            return verdict;
        if (of->kind == CSI_CONDITION_NOT)
            return truth(verdict == COSEND_FALSE);
        if (all != (verdict == COSEND_TRUE))
            return verdict;
    }
    return truth(all);
}

enum cosend_verdict
cosend_condition_holds(const struct cosend_condition *condition,
                       const struct cosend_record *record,
                       struct cosend_why *why)
{
    enum cosend_verdict verdict = judge_condition(condition, record, why);

    if (verdict != COSEND_VERDICT_BAD || !why->field)
        return verdict;
    if (why->pattern)
        snprintf(why->message, sizeof(why->message),
                 "field %.60s: pattern \"%.100s\" %s", why->field, why->pattern,
                 why->problem ? why->problem : "");
    else
        snprintf(why->message, sizeof(why->message),
                 "field %.200s is not a number", why->field);
    return verdict;
}

/* ---- Freeing ------------------------------------------------------------- */

void csi_condition_free(struct cosend_condition *condition)
{
    if (!condition)
        return;
    for (size_t i = 0; i < condition->count; i++)
        csi_condition_free(condition->parts[i]);
    for (size_t i = 0; i < condition->operand_count; i++)
        csi_free(condition->operands[i].text);
    csi_free(condition->parts);
    csi_free(condition->operands);
    csi_free(condition->name);
    cosend_regex_free(condition->regex);
    cosend_expression_free(condition->expression);
    csi_free(condition);
}
