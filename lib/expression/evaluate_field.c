/* SPDX-License-Identifier: MIT */
#include "expression/evaluate_field.h"

#include "cosend/nested.h"
#include "expression/computed.h"

#include <string.h>

/* Make a field's cells be there. False without memory. */
static bool fill_field(struct csi_evaluation *evaluation,
                       struct cosend_field field)
{
    if (evaluation->one || !cosend_has_field(field) ||
        csi_batch_fill(evaluation->batch, evaluation->map[field.slot]))
        return true;
    evaluation->no_memory = true;
    return false;
}

static struct cosend_cell cell_at(const struct csi_evaluation *evaluation,
                                  struct cosend_field field, uint32_t position)
{
    const struct cosend_column_cells *column;
    uint32_t row;

    if (evaluation->one)
        return cosend_field(evaluation->one, field);
    column = &evaluation->batch->columns[evaluation->map[field.slot]];
    row = evaluation->batch->rows ? csi_batch_row(evaluation->batch, position)
                                  : 0;
    return column
        ->cells[(row & column->row_mask) | (position & column->position_mask)];
}

/* What stands at a path in a cell; its text is copied where it was decoded. */
static struct cosend_cell take_path(struct csi_evaluation *evaluation,
                                    const struct csi_term *term,
                                    struct cosend_cell cell)
{
    struct cosend_bytes text = {0};
    char *copy;

    cell = cosend_take_path(cell, term->path, term->path_length, &text);
    if (text.failed)
        evaluation->no_memory = true;
    if (text.data && cell.length) {
        copy = csi_arena_bytes(evaluation->arena, cell.length);
        evaluation->no_memory |= !copy;
        if (copy)
            memcpy(copy, cell.data, cell.length);
        cell.data = copy ? copy : "";
        cell.length = copy ? cell.length : 0;
    }
    cosend_bytes_free(&text);
    return cell;
}

struct csi_vector csi_evaluate_inside(struct csi_evaluation *evaluation,
                                      const struct csi_term *term,
                                      const struct csi_vector *values,
                                      const struct csi_positions *of)
{
    struct csi_vector vector = csi_vector_new(evaluation, of->count);
    const struct cosend_batch *batch =
        evaluation->one ? evaluation->one->batch : evaluation->batch;
    bool looks = cosend_has_field(term->field) && !batch->schema->open;

    if (evaluation->no_memory ||
        (looks && !fill_field(evaluation, term->field)))
        return csi_vector_nothing();
    for (uint32_t i = 0; i < of->count; i++) {
        const struct cosend_value *value = csi_nth_value(values, i);
        struct cosend_cell cell = {.kind = COSEND_ABSENT};

        if (looks)
            cell = cell_at(evaluation, term->field, csi_position(of, i));
        if (cell.kind == COSEND_ABSENT && value->type == COSEND_TYPE_NESTED)
            cell =
                take_path(evaluation, term, csi_value_cell(evaluation, value));
        vector.values[i] = csi_cell_value(cell);
    }
    return vector;
}

struct csi_vector csi_evaluate_field(struct csi_evaluation *evaluation,
                                     const struct csi_term *term,
                                     const struct csi_positions *of, bool times)
{
    struct csi_vector vector = csi_vector_new(evaluation, of->count);

    if (evaluation->no_memory)
        return csi_vector_nothing();
    if (cosend_has_field(term->field) && !term->path &&
        csi_computed_column(evaluation, term->field, of, times, &vector))
        return vector;
    if (!fill_field(evaluation, term->field) ||
        !fill_field(evaluation, term->base))
        return csi_vector_nothing();
    for (uint32_t i = 0; i < of->count; i++) {
        uint32_t position = csi_position(of, i);
        struct cosend_cell cell = {.kind = COSEND_ABSENT};

        if (cosend_has_field(term->field))
            cell = cell_at(evaluation, term->field, position);
        if (term->path && cell.kind == COSEND_ABSENT)
            cell = take_path(evaluation, term,
                             cell_at(evaluation, term->base, position));
        vector.values[i] = csi_cell_value(cell);
    }
    return vector;
}
