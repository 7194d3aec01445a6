/* SPDX-License-Identifier: MIT */
#include "stage/aggregate_input.h"

#include "cosend/expression.h"
#include "cosend/number.h"
#include "cosend/text.h"

#include "stage/expressions.h"

static bool compute_expression(struct csi_stage *stage,
                               struct csi_aggregate_input *input)
{
    if (input->made && input->batch == stage->batches)
        return true;
    input->made = cosend_evaluate(&stage->face, input->expression);
    input->batch = stage->batches;
    return input->made;
}

/* Where text is asked for it is printed with the column, for all who ask. */
static void take_field(struct csi_stage *stage,
                       struct csi_aggregate_input *input, bool whole)
{
    input->made = whole && !input->printed
                      ? csi_computed_values(stage, input->field, false)
                      : NULL;
    if (whole && !input->made)
        input->column = cosend_column_of(&stage->face, input->field);
}

bool csi_aggregate_inputs_compute(struct csi_stage *stage,
                                  struct csi_aggregate_input *inputs,
                                  size_t count, bool whole)
{
    for (size_t i = 0; i < count; i++)
        if (!inputs[i].expression)
            take_field(stage, &inputs[i], whole);
        else if (!compute_expression(stage, &inputs[i]))
            return false;
    return stage->end != COSEND_END_FAILED;
}

/* ---- Laying out ---------------------------------------------------------- */

/* Where in the batch a record of the block is. */
static uint32_t position_of(const struct csi_aggregate_input *input,
                            uint32_t at)
{
    return input->position + (input->picked ? input->picked[at] : at);
}

static const struct cosend_value *
made_at(const struct csi_aggregate_input *input, uint32_t at)
{
    return &input->made[position_of(input, at)];
}

/* Whether it is a number, whose text is as good as it is. */
static bool is_computed(const struct cosend_value *value)
{
    return value->type == COSEND_TYPE_INT || value->type == COSEND_TYPE_DOUBLE;
}

/* Values as those of the cells that they are written as. */
static bool lay_values(struct csi_stage *stage,
                       struct csi_aggregate_input *input, uint32_t length)
{
    for (uint32_t at = 0; at < length; at++) {
        const struct cosend_value *value = made_at(input, at);
        struct cosend_cell *cell = &input->cells[at];

        input->values[at] = *value;
        if (!input->printed && is_computed(value)) {
            *cell = (struct cosend_cell){NULL, 1, COSEND_NUMBER};
            continue;
        }
        if (!csi_print_value(stage, value, cell))
            return false;
        if (input->truths && value->type == COSEND_TYPE_BOOL &&
            !value->as.truth)
            *cell = (struct cosend_cell){.kind = COSEND_NULL};
        if (value->type >= COSEND_TYPE_DECIMAL)
            input->values[at] = cosend_value_of(*cell);
    }
    return true;
}

static void lay_field(struct csi_aggregate_input *input,
                      const struct cosend_record *first, uint32_t length)
{
    for (uint32_t at = 0; input->picked && at < length; at++)
        input->cells[at] =
            cosend_cell_at(&input->column, position_of(input, at));
    if (!input->picked)
        input->cells[0] = cosend_field(first, input->field);
    for (uint32_t at = 1; !input->picked && at < length; at++)
        input->cells[at] = cosend_cell_at(&input->column, first->position + at);
    for (uint32_t at = 0; input->valued && at < length; at++)
        input->values[at] = cosend_value_of(input->cells[at]);
}

bool csi_aggregate_inputs_lay(struct csi_stage *stage,
                              struct csi_aggregate_input *inputs, size_t count,
                              const struct cosend_record *first,
                              const uint32_t *picked, uint32_t length)
{
    for (size_t i = 0; i < count; i++) {
        inputs[i].position = first->position;
        inputs[i].picked = picked;
        if (!inputs[i].made)
            lay_field(&inputs[i], first, length);
        else if (!lay_values(stage, &inputs[i], length))
            return false;
    }
    return true;
}

/* ---- Bad records --------------------------------------------------------- */

static bool is_bad(const struct csi_aggregate_input *input, uint32_t at)
{
    struct cosend_cell cell = input->cells[at];
    double number;

    if (input->made && made_at(input, at)->type == COSEND_TYPE_BAD)
        return true;
    if (input->made && is_computed(made_at(input, at)))
        return false;
    if (!input->numbers || cosend_is_blank(cell))
        return false;
    return input->valued
               ? !cosend_is_number(&input->values[at])
               : !cosend_parse_double(cell.data, cell.length, &number);
}

const struct csi_aggregate_input *
csi_aggregate_inputs_bad(const struct csi_aggregate_input *inputs, size_t count,
                         uint32_t at)
{
    for (size_t i = 0; i < count; i++)
        if (is_bad(&inputs[i], at))
            return &inputs[i];
    return NULL;
}

void csi_aggregate_input_report(struct csi_stage *stage,
                                const struct csi_aggregate_input *input,
                                const struct cosend_record *record, uint32_t at)
{
    struct cosend_cell cell = input->cells[at];

    if (!input->expression)
        cosend_bad_number(&stage->face, record, input->field);
    else if (made_at(input, at)->type == COSEND_TYPE_BAD)
        cosend_bad_value(&stage->face, record, made_at(input, at));
    else
        cosend_bad(&stage->face, record, "not_a_number",
                   "%s is not a number: \"%.*s\"",
                   cosend_expression_text(input->expression),
                   cosend_shown(cell.data, cell.length, 60), cell.data);
}
