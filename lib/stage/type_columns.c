/* SPDX-License-Identifier: MIT */
#include "stage/type_columns.h"

#include "cosend/batches.h"
#include "cosend/field_types.h"
#include "cosend/state.h"
#include "stage/stage.h"

#include <string.h>

struct csi_type_columns {
    const struct cosend_column *to;
    const int *types;
    struct cosend_bytes *text;
};

struct csi_type_columns *csi_type_columns_new(struct cosend_stage *self,
                                              const struct cosend_column *to,
                                              const int *types)
{
    struct csi_type_columns *typed = cosend_stage_memory(self, sizeof(*typed));

    if (!typed)
        return NULL;
    typed->to = to;
    typed->types = types;
    typed->text = cosend_stage_text(self);
    return typed->text ? typed : NULL;
}

bool csi_is_typed(const struct csi_type_columns *typed, size_t i)
{
    return typed->types && typed->types[i] >= 0;
}

bool csi_type_columns_failed(const struct csi_type_columns *typed)
{
    return typed->text->failed;
}

bool csi_type_cell(struct cosend_stage *self, struct csi_type_columns *typed,
                   size_t i, const struct cosend_record *record,
                   struct cosend_cell *cell)
{
    const char *name = csi_stage_of(self)->recipe.added[typed->to[i].index];
    struct cosend_field_type type = {
        .name = {name, strlen(name)},
        .type = (enum cosend_conversion_type)typed->types[i]};
    const char *before = cell->data;
    char *copy;

    if (!cosend_convert_field(self, record, &type, cell, typed->text))
        return false;
    if (cell->data == before || !cell->length)
        return true;
    copy = cosend_stage_bytes(self, cell->length);
    if (!copy) {
        typed->text->failed = true;
        return false;
    }
    memcpy(copy, cell->data, cell->length);
    cell->data = copy;
    return true;
}

bool csi_names_may_be_taken(struct cosend_stage *self,
                            bool (*is_free)(struct cosend_stage *self,
                                            const struct cosend_record *record,
                                            void *own),
                            void *own)
{
    struct cosend_record first = cosend_record_at(self, 0);

    if (cosend_schema_open(cosend_input_schema(self)))
        return true;
    is_free(self, &first, own);
    return false;
}
