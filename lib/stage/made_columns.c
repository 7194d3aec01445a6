/* SPDX-License-Identifier: MIT */
#include "stage/made_columns.h"

#include "cosend/batches.h"
#include "cosend/field_types.h"
#include "cosend/state.h"
#include "stage/stage.h"

#include <string.h>

struct csi_made_columns {
    const struct cosend_column *to;
    const int *types;
    csi_is_free *is_free;
    void *own;
    struct cosend_bytes *text;
    bool open; /* the batch's records name their fields */
};

struct csi_made_columns *csi_made_columns_new(struct cosend_stage *self,
                                              const struct cosend_column *to,
                                              const int *types,
                                              csi_is_free *is_free, void *own)
{
    struct csi_made_columns *made = cosend_stage_memory(self, sizeof(*made));

    if (!made)
        return NULL;
    *made = (struct csi_made_columns){.to = to,
                                      .types = types,
                                      .is_free = is_free,
                                      .own = own,
                                      .text = cosend_stage_text(self)};
    return made->text ? made : NULL;
}

/* ---- Room ---------------------------------------------------------------- */

void csi_made_columns_begin(struct cosend_stage *self,
                            struct csi_made_columns *made)
{
    struct cosend_record first = cosend_record_at(self, 0);

    made->open = cosend_schema_open(cosend_input_schema(self));
    if (!made->open)
        made->is_free(self, &first, made->own);
}

bool csi_made_columns_look(const struct csi_made_columns *made)
{
    return made->types || made->open;
}

bool csi_made_columns_room(struct cosend_stage *self,
                           const struct csi_made_columns *made,
                           uint32_t position)
{
    struct cosend_record record;

    if (!made->open)
        return true;
    record = cosend_record_at(self, position);
    return made->is_free(self, &record, made->own);
}

/* ---- Types --------------------------------------------------------------- */

bool csi_is_typed(const struct csi_made_columns *made, size_t i)
{
    return made->types && made->types[i] >= 0;
}

bool csi_made_columns_failed(const struct csi_made_columns *made)
{
    return made->text->failed;
}

bool csi_type_cell(struct cosend_stage *self, struct csi_made_columns *made,
                   size_t i, uint32_t position, struct cosend_cell kept,
                   struct cosend_cell *cell)
{
    const char *name = csi_stage_of(self)->recipe.added[made->to[i].index];
    struct cosend_field_type type = {
        .name = {name, strlen(name)},
        .type = (enum cosend_conversion_type)made->types[i]};
    struct cosend_record record = cosend_record_at(self, position);
    char *copy;

    if (!cosend_convert_field(self, &record, &type, cell, made->text))
        return false;
    if (cell->data == kept.data || !cell->length)
        return true;
    copy = cosend_stage_bytes(self, cell->length);
    if (!copy) {
        made->text->failed = true;
        return false;
    }
    memcpy(copy, cell->data, cell->length);
    cell->data = copy;
    return true;
}
