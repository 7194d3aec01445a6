/* SPDX-License-Identifier: MIT */
#include "stage/dated_fields.h"

#include "record/record_items.h"

#include <string.h>

struct dated {
    uint32_t slot;
    bool written_so;  /* some value begins as a date */
    char first[40];   /* the first value that is not blank, or its start */
    uint64_t ordinal; /* its record's; where there is one */
};

struct csi_dated {
    struct dated *fields;
    size_t count, capacity;
};

bool csi_dated_learn(struct csi_stage *stage)
{
    for (uint32_t i = 0; i < stage->node->field_count; i++) {
        struct csi_dated *dated = stage->dated;

        if (!stage->node->fields[i].date ||
            stage->map[i] >= stage->schema->count)
            continue;
        if (!dated)
            dated = stage->dated = csi_calloc(1, sizeof(*dated));
        if (!dated || !csi_grow(&dated->fields, &dated->capacity,
                                dated->count + 1, sizeof(*dated->fields)))
            return false;
        dated->fields[dated->count++] = (struct dated){.slot = i};
    }
    return true;
}

static void keep_first(struct dated *field, struct cosend_cell cell,
                       uint64_t ordinal)
{
    size_t length = sizeof(field->first) - 1;

    if (*field->first && field->ordinal <= ordinal)
        return;
    if (length > cell.length)
        length = cell.length;
    memcpy(field->first, cell.data, length);
    field->first[length] = '\0';
    field->ordinal = ordinal;
}

static bool note(struct dated *field, const struct csi_stage *stage,
                 const struct cosend_batch *batch)
{
    for (uint32_t i = 0; !field->written_so && i < batch->count; i++) {
        struct cosend_record record = cosend_batch_record(batch, i);
        struct cosend_cell cell;

        if (!csi_record_cell(&record, stage->map[field->slot], &cell))
            return false;
        if (cosend_is_blank(cell))
            continue;
        field->written_so = csi_plan_is_date(cell.data, cell.length);
        if (!field->written_so)
            keep_first(field, cell, csi_batch_ordinal(batch, i));
    }
    return true;
}

bool csi_dated_note(struct csi_stage *stage, const struct cosend_batch *batch)
{
    bool ok = true;

    for (size_t i = 0; ok && stage->dated && i < stage->dated->count; i++)
        ok = note(&stage->dated->fields[i], stage, batch);
    return ok;
}

void csi_dated_take(struct csi_stage *stage, struct csi_stage *from)
{
    struct csi_dated *to = stage->dated, *of = from->dated;

    if (!to) {
        stage->dated = of;
        from->dated = NULL;
        return;
    }
    for (size_t i = 0; of && i < to->count; i++) {
        struct dated *field = &to->fields[i];
        const struct dated *other = &of->fields[i];

        field->written_so |= other->written_so;
        if (*other->first)
            keep_first(field, cosend_text(other->first, strlen(other->first)),
                       other->ordinal);
    }
}

const char *csi_dated_otherwise(const struct csi_stage *stage, uint32_t slot)
{
    const struct csi_dated *dated = stage->dated;

    for (size_t i = 0; dated && i < dated->count; i++)
        if (dated->fields[i].slot == slot)
            return dated->fields[i].written_so || !*dated->fields[i].first
                       ? NULL
                       : dated->fields[i].first;
    return NULL;
}

void csi_dated_free(struct csi_stage *stage)
{
    if (stage->dated)
        csi_free(stage->dated->fields);
    csi_free(stage->dated);
}
