/* SPDX-License-Identifier: MIT */
#include "format/row_cells.h"

bool csi_row_cells_can_be_cut(const struct cosend_batch *batch)
{
    const struct cosend_schema *schema = batch->schema;

    if (!batch->rows || !batch->rows->cut ||
        batch->rows->column_count != schema->count)
        return false;
    for (uint32_t i = 0; i < schema->count; i++)
        if (schema->columns[i].origin != i)
            return false;
    return true;
}

bool csi_row_cells_begin(struct csi_row_cells *taken,
                         const struct cosend_batch *batch)
{
    taken->cut = csi_row_cells_can_be_cut(batch);
    return csi_grow(&taken->cells, &taken->capacity,
                    (size_t)batch->schema->count + 1, sizeof(*taken->cells)) &&
           (taken->cut || csi_fill_all(batch));
}
