/* SPDX-License-Identifier: MIT */
/*
 * Expressions over the batch in hand. What they are computed in is got with the
 * columns that are set for that batch, and goes with them.
 */
#include "stage/expressions.h"

#include "cosend/expression.h"

#include "expression/evaluate.h"
#include "expression/expression.h"
#include "stage/stage.h"

#include <string.h>

/* A value for each position, where there is one for all. */
static const struct cosend_value *spread(struct csi_evaluation *evaluation,
                                         const struct csi_vector *vector,
                                         uint32_t count)
{
    struct cosend_value *values;

    if (vector->mask || count <= 1)
        return vector->values;
    values = csi_evaluation_get(evaluation, count * sizeof(*values));
    for (uint32_t i = 0; values && i < count; i++)
        values[i] = *vector->values;
    return values;
}

const struct cosend_value *
cosend_evaluate(struct cosend_stage *self,
                const struct cosend_expression *expression)
{
    struct csi_stage *stage = csi_stage_of(self);
    const struct cosend_batch *batch = self->batch;
    struct csi_evaluation evaluation = {.batch = batch,
                                        .map = self->map,
                                        .arena = &stage->whole_text,
                                        .now = csi_evaluation_now()};
    struct csi_positions all = {NULL, 0};
    const struct cosend_value *values;
    struct csi_vector vector;

    if (!batch) {
        cosend_fail(self, COSEND_E_USAGE, "it has no batch in hand");
        return NULL;
    }
    all.count = batch->count;
    vector = csi_evaluate(&evaluation, expression->root, &all);
    values = spread(&evaluation, &vector, batch->count);
    if (!evaluation.no_memory)
        return values;
    csi_stage_no_memory(stage);
    return NULL;
}

bool csi_print_value(struct csi_stage *stage, const struct cosend_value *value,
                     struct cosend_cell *cell)
{
    struct csi_evaluation evaluation = {.arena = &stage->whole_text};

    *cell = csi_value_cell(&evaluation, value);
    if (!evaluation.no_memory)
        return true;
    csi_stage_no_memory(stage);
    return false;
}

void cosend_bad_value(struct cosend_stage *self,
                      const struct cosend_record *record,
                      const struct cosend_value *bad)
{
    if (bad->type == COSEND_TYPE_BAD)
        cosend_bad(self, record, csi_bad_kind(bad), "%s", bad->as.text);
}
