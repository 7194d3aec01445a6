/* SPDX-License-Identifier: MIT */
/*
 * Expressions over the batch in hand. What they are computed in is got with the
 * columns that are set for that batch, and goes with them.
 */
#include "stage/expressions.h"

#include "cosend/batches.h"
#include "cosend/expression.h"

#include "expression/computed.h"
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

    if (!csi_stage_has_batch(stage) ||
        !csi_stage_given(stage, expression, "expression"))
        return NULL;
    all.count = batch->count;
    vector = csi_evaluate(&evaluation, expression->root, &all);
    values = spread(&evaluation, &vector, batch->count);
    if (!evaluation.no_memory)
        return values;
    csi_stage_no_memory(stage);
    return NULL;
}

const struct cosend_value *csi_computed_values(struct csi_stage *stage,
                                               struct cosend_field field,
                                               bool times)
{
    const struct cosend_batch *batch = stage->face.batch;
    struct csi_evaluation evaluation = {.arena = &stage->whole_text};
    const struct csi_column *computed =
        csi_batch_computed(batch, stage->face.map[field.slot]);
    struct cosend_value *values;

    if (!computed)
        return NULL;
    values = csi_evaluation_get(&evaluation, batch->count * sizeof(*values));
    for (uint32_t i = 0; values && i < batch->count; i++)
        values[i] = csi_computed_value(&evaluation, computed, i, times);
    if (!evaluation.no_memory)
        return values;
    csi_stage_no_memory(stage);
    return NULL;
}

const struct cosend_value *cosend_values_of(struct cosend_stage *self,
                                            struct cosend_field field)
{
    struct csi_stage *stage = csi_stage_of(self);
    const struct cosend_value *computed;
    struct cosend_value *values;
    struct cosend_cells cells;

    if (!csi_stage_has_batch(stage) || !csi_stage_has_field(stage, field))
        return NULL;
    values = cosend_stage_bytes(self, self->batch->count * sizeof(*values));
    computed = csi_computed_values(stage, field, true);
    if (!computed)
        cells = cosend_column_of(self, field);
    if (stage->end == COSEND_END_FAILED)
        return NULL;
    for (uint32_t i = 0; i < self->batch->count; i++)
        values[i] = computed ? csi_number_value(&computed[i])
                             : cosend_value_of(cosend_cell_at(&cells, i));
    return values;
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
