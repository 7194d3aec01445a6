/* SPDX-License-Identifier: MIT */
/*
 * The commonest condition is a number on the one side and a field on the other.
 * The field's column is read as numbers, which others may ask for too; then
 * nearly every record is judged by comparing two integers.
 */
#include "expression/condition_batch.h"

#include "expression/evaluate.h"
#include "record/number_forms.h"

/* What becomes of a record, by how its number compares. */
struct verdicts {
    signed char less, equal, greater;
    signed char blank, other;
};

static bool verdicts_of(enum csi_condition_op op, struct verdicts *of)
{
    static const struct verdicts all[] = {
        [CSI_OP_EQ] = {0, 1, 0, 0, 0},  [CSI_OP_NE] = {1, 0, 1, 1, 1},
        [CSI_OP_LE] = {1, 1, 0, 0, -1}, [CSI_OP_LT] = {1, 0, 0, 0, -1},
        [CSI_OP_GE] = {0, 1, 1, 0, -1}, [CSI_OP_GT] = {0, 0, 1, 0, -1}};

    if ((size_t)op >= sizeof(all) / sizeof(all[0]))
        return false;
    *of = all[op];
    return true;
}

/* The order of a number that is none of few digits. */
static int compare_other(const struct cosend_numbers *numbers, uint32_t at,
                         const struct csi_number *with)
{
    const struct cosend_cell *cell;
    int order = 0;

    if (numbers->forms[at] == COSEND_FORM_DOUBLE)
        return csi_number_compare_double(numbers->values[at].number, with);
    cell = &numbers->cells[at];
    csi_number_compare(cell->data, cell->length, with, &order);
    return order;
}

static inline int compare_number(const struct cosend_numbers *numbers,
                                 uint32_t at, const struct csi_number *with)
{
    int64_t integer = numbers->values[at].integer;
    struct csi_short_decimal decimal = {.decimals = numbers->forms[at],
                                        .negative = integer < 0};

    if (numbers->forms[at] > COSEND_FORM_DECIMALS)
        return compare_other(numbers, at, with);
    decimal.digits = integer < 0 ? 0 - (uint64_t)integer : (uint64_t)integer;
    return csi_short_decimal_compare(&decimal, &with->simple);
}

bool csi_condition_judge_numbers(const struct cosend_condition *condition,
                                 const struct cosend_batch *batch,
                                 const uint32_t *map, signed char *verdicts)
{
    const struct csi_operand *operand = condition->operands;
    struct cosend_numbers numbers;
    struct verdicts of;

    if (condition->kind != CSI_CONDITION_TEST ||
        !verdicts_of(condition->op, &of) ||
        operand->kind != CSI_OPERAND_NUMBER || !operand->number.is_short ||
        !csi_batch_numbers(batch, map[condition->field.slot], &numbers))
        return false;
    for (uint32_t i = 0; i < batch->count; i++) {
        uint32_t at = cosend_number_index(&numbers, i);
        uint8_t form = numbers.forms[at];
        int order;

        if (form >= COSEND_FORM_BLANK) {
            verdicts[i] = form == COSEND_FORM_BLANK ? of.blank : of.other;
            continue;
        }
        order = compare_number(&numbers, at, &operand->number);
        verdicts[i] = order < 0 ? of.less : order ? of.greater : of.equal;
    }
    return true;
}

int csi_condition_judge_expression(const struct cosend_condition *condition,
                                   const struct cosend_batch *batch,
                                   const uint32_t *map, struct csi_arena *arena,
                                   signed char *verdicts)
{
    struct csi_evaluation evaluation = {.batch = batch,
                                        .map = map,
                                        .arena = arena,
                                        .now = csi_evaluation_now()};
    struct csi_positions all = {NULL, batch->count};

    if (condition->kind != CSI_CONDITION_EXPRESSION)
        return COSEND_DONE;
    csi_judge(&evaluation, condition->expression->root, &all, verdicts);
    return evaluation.no_memory ? COSEND_E_MEMORY : COSEND_OK;
}
