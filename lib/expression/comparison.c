/* SPDX-License-Identifier: MIT */
/*
 * Comparisons. What is compared is decided when the term is built (enum
 * csi_comparison); what is blank is equal to nothing and in no order.
 *
 * The commonest one is a column beside a number. Then the column is read as
 * numbers, for all who ask, and each row costs the comparison of two integers,
 * whose outcomes are looked up in a table of verdicts.
 */
#include "expression/comparison.h"

#include "cosend/expression.h"
#include "record/column_numbers.h"

#include <stdio.h>
#include <string.h>

/* By how two values compare. */
struct verdicts {
    signed char by_order[3]; /* less, equal, greater */
    signed char blank, other;
};

static const struct verdicts verdicts_of[] = {
    [CSI_EQUAL] = {{0, 1, 0}, 0, 0},
    [CSI_UNEQUAL] = {{1, 0, 1}, 1, 1},
    [CSI_LESS] = {{1, 0, 0}, 0, COSEND_VERDICT_BAD},
    [CSI_LESS_EQUAL] = {{1, 1, 0}, 0, COSEND_VERDICT_BAD},
    [CSI_GREATER] = {{0, 0, 1}, 0, COSEND_VERDICT_BAD},
    [CSI_GREATER_EQUAL] = {{0, 1, 1}, 0, COSEND_VERDICT_BAD}};

enum csi_operator csi_operator_swapped(enum csi_operator op)
{
    switch (op) {
    case CSI_LESS:
        return CSI_GREATER;
    case CSI_LESS_EQUAL:
        return CSI_GREATER_EQUAL;
    case CSI_GREATER:
        return CSI_LESS;
    case CSI_GREATER_EQUAL:
        return CSI_LESS_EQUAL;
    default:
        return op;
    }
}

static signed char by_order(const struct verdicts *verdicts, int order)
{
    return verdicts->by_order[(order > 0) - (order < 0) + 1];
}

/* ---- Two values ---------------------------------------------------------- */

static int order_of_text(struct csi_evaluation *evaluation,
                         const struct cosend_value *left,
                         const struct cosend_value *right)
{
    struct cosend_value a = csi_value_text(evaluation, left);
    struct cosend_value b = csi_value_text(evaluation, right);
    uint32_t least = a.length < b.length ? a.length : b.length;
    int order = least ? memcmp(a.as.text, b.as.text, least) : 0;

    return order ? order : (a.length > b.length) - (a.length < b.length);
}

signed char csi_compare_values(struct csi_evaluation *evaluation,
                               const struct csi_term *term,
                               const struct cosend_value *left,
                               const struct cosend_value *right,
                               const struct cosend_value **other)
{
    const struct verdicts *verdicts = &verdicts_of[term->op];
    struct cosend_value a, b;
    bool numbers;

    if (csi_value_is_blank(left) || csi_value_is_blank(right))
        return verdicts->blank;
    if (term->compared == CSI_COMPARE_TEXT ||
        term->compared == CSI_COMPARE_BOOLS)
        return by_order(verdicts, order_of_text(evaluation, left, right));
    a = csi_number_value(left);
    b = csi_number_value(right);
    numbers = cosend_is_number(&a) && cosend_is_number(&b);
    if (numbers || (a.type == COSEND_TYPE_TIME && b.type == COSEND_TYPE_TIME))
        return by_order(verdicts, cosend_compare(&a, &b));
    if (term->compared == CSI_COMPARE_CELLS)
        return by_order(verdicts, order_of_text(evaluation, left, right));
    *other = cosend_is_number(&a) ? right : left;
    return verdicts->other;
}

/* ---- A column beside a number -------------------------------------------- */

/* The constant, as what columns are made of. */
struct beside {
    struct csi_number number;
    bool is_integer;
    int64_t integer;
    char digits[COSEND_NUMBER_MAX];
};

static bool beside_init(struct beside *beside,
                        const struct cosend_value *constant)
{
    const char *text = beside->digits;
    size_t length;

    beside->is_integer = constant->type == COSEND_TYPE_INT;
    beside->integer = beside->is_integer ? constant->as.integer : 0;
    if (beside->is_integer) {
        length = cosend_format_integer(constant->as.integer, beside->digits);
    } else if (constant->type == COSEND_TYPE_DOUBLE) {
        length = cosend_format_double(constant->as.number, beside->digits);
    } else {
        text = constant->as.text;
        length = constant->length;
    }
    return csi_number_init(&beside->number, text, length);
}

/* The order of a number that is no integer of 64 bits. */
static int order_of_other(const struct cosend_numbers *numbers, uint32_t at,
                          const struct beside *beside)
{
    struct csi_short_decimal decimal = {.decimals = numbers->forms[at]};
    int64_t integer = numbers->values[at].integer;
    char digits[COSEND_NUMBER_MAX];
    const char *text = digits;
    size_t length;
    int order = 0;

    if (numbers->forms[at] <= COSEND_FORM_DECIMALS) {
        decimal.negative = integer < 0;
        decimal.digits =
            integer < 0 ? 0 - (uint64_t)integer : (uint64_t)integer;
        if (beside->number.is_short)
            return csi_short_decimal_compare(&decimal, &beside->number.simple);
    }
    if (numbers->forms[at] == COSEND_FORM_DOUBLE)
        return csi_number_compare_double(numbers->values[at].number,
                                         &beside->number);
    if (numbers->forms[at] <= COSEND_FORM_DECIMALS) {
        length = cosend_format_integer(integer, digits);
        length += (size_t)sprintf(digits + length, "e-%u", decimal.decimals);
    } else {
        text = numbers->cells[at].data;
        length = numbers->cells[at].length;
    }
    csi_number_compare(text, length, &beside->number, &order);
    return order;
}

static signed char judge_number(const struct cosend_numbers *numbers,
                                uint32_t at, const struct beside *beside,
                                const struct verdicts *verdicts)
{
    uint8_t form = numbers->forms[at];

    if (form == COSEND_FORM_BLANK)
        return verdicts->blank;
    if (form == COSEND_FORM_OTHER)
        return verdicts->other;
    return by_order(verdicts, order_of_other(numbers, at, beside));
}

bool csi_compare_column(const struct csi_evaluation *evaluation,
                        enum csi_operator op, uint32_t column,
                        const struct cosend_value *constant,
                        const struct csi_positions *of, signed char *verdicts)
{
    const struct verdicts *table = &verdicts_of[op];
    struct cosend_numbers numbers;
    struct beside beside = {0};

    if (!beside_init(&beside, constant) ||
        !csi_batch_numbers_at(evaluation->batch, column, of->at, of->count,
                              &numbers))
        return false;
    for (uint32_t i = 0; i < of->count; i++) {
        uint32_t at = cosend_number_index(&numbers, csi_position(of, i));
        int64_t integer = numbers.values[at].integer;

        if (numbers.forms[at] == COSEND_FORM_INTEGER && beside.is_integer)
            verdicts[i] = table->by_order[(integer > beside.integer) -
                                          (integer < beside.integer) + 1];
        else
            verdicts[i] = judge_number(&numbers, at, &beside, table);
    }
    return true;
}
