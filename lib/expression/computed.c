/* SPDX-License-Identifier: MIT */
/*
 * What a step above computed is taken as it is, and nobody prints and
 * reads it in between; with one exception. From 2^53 on a double's text may be
 * another integer, which is what the field's cell says, and what counts.
 */
#include "expression/computed.h"

#include <math.h>

static struct cosend_value printed_value(struct csi_evaluation *evaluation,
                                         const struct cosend_cell *cell,
                                         union cosend_number number)
{
    char *text = csi_arena_bytes(evaluation->arena, CSI_UNPRINTED_MAX);

    evaluation->no_memory |= !text;
    return text ? csi_cell_value(csi_print_unprinted(cell, number, text))
                : csi_null_value();
}

struct cosend_value csi_computed_value(struct csi_evaluation *evaluation,
                                       const struct csi_column *computed,
                                       uint32_t position, bool times)
{
    const double exact = 9007199254740992;
    const struct cosend_cell *cell = &computed->unprinted[position];
    union cosend_number number = computed->unprinted_numbers[position];
    struct cosend_value value = {.type = COSEND_TYPE_DOUBLE};

    if (!csi_is_unprinted(cell))
        return csi_cell_value(*cell);
    if ((int)cell->kind == CSI_UNPRINTED_TIME && times) {
        value.type = COSEND_TYPE_TIME;
        value.offset = (int32_t)cell->length;
        value.as.integer = number.integer;
        return value;
    }
    if ((int)cell->kind == CSI_UNPRINTED) {
        if (cell->length == COSEND_FORM_INTEGER)
            return csi_integer_value(number.integer);
        value.as.number = number.number;
        if (fabs(number.number) < exact)
            return value;
    }
    return printed_value(evaluation, cell, number);
}

bool csi_computed_column(struct csi_evaluation *evaluation,
                         struct cosend_field field,
                         const struct csi_positions *of, bool times,
                         struct csi_vector *vector)
{
    const struct csi_column *computed = NULL;

    if (!evaluation->one && !evaluation->is_plain)
        computed =
            csi_batch_computed(evaluation->batch, evaluation->map[field.slot]);
    for (uint32_t i = 0; computed && i < of->count; i++)
        vector->values[i] = csi_computed_value(evaluation, computed,
                                               csi_position(of, i), times);
    return computed;
}
