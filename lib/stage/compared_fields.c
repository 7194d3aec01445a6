/* SPDX-License-Identifier: MIT */
#include "stage/compared_fields.h"

#include "cosend/nested.h"
#include "record/record_items.h"

#include <string.h>

struct compared {
    uint32_t slot;
    bool fits;        /* some value is as it is to be */
    char first[40];   /* the first value that is not blank, or its start */
    uint64_t ordinal; /* its record's; where there is one */
};

struct csi_compared {
    struct compared *fields;
    size_t count, capacity;
    size_t open; /* of which no value was as it is to be yet */
};

/* Whether the field at a slot is a.b, whose own name the slot before it has. */
static bool has_own_column(const struct csi_stage *stage, uint32_t slot)
{
    return stage->node->fields[slot].or_before && slot &&
           stage->map[slot - 1] < stage->schema->count;
}

bool csi_compared_learn(struct csi_stage *stage)
{
    for (uint32_t i = 0; i < stage->node->field_count; i++) {
        struct csi_compared *of = stage->compared;

        if (!stage->node->fields[i].beside ||
            stage->map[i] >= stage->schema->count)
            continue;
        if (!of)
            of = stage->compared = csi_calloc(1, sizeof(*of));
        if (!of || !csi_grow(&of->fields, &of->capacity, of->count + 1,
                             sizeof(*of->fields)))
            return false;
        of->fields[of->count++] = (struct compared){.slot = i};
        of->open++;
    }
    return true;
}

static void keep_first(struct compared *field, struct cosend_cell cell,
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

/* What an expression finds at a slot of a record; *text may hold it. False
   without memory. */
static bool find_cell(const struct csi_stage *stage,
                      const struct cosend_record *record, uint32_t slot,
                      struct cosend_bytes *text, struct cosend_cell *cell)
{
    const struct csi_field_name *name = &stage->node->fields[slot];

    if (has_own_column(stage, slot)) {
        if (!csi_record_cell(record, stage->map[slot - 1], cell))
            return false;
        if (cell->kind != COSEND_ABSENT)
            return true;
    }
    if (!csi_record_cell(record, stage->map[slot], cell))
        return false;
    if (name->path)
        *cell = cosend_take_path(*cell, name->path, name->path_length, text);
    return !text->failed;
}

static bool note(struct compared *field, const struct csi_stage *stage,
                 const struct cosend_batch *batch)
{
    bool is_date = stage->node->fields[field->slot].beside_date, ok = true;
    struct cosend_bytes text = {0};

    for (uint32_t i = 0; ok && !field->fits && i < batch->count; i++) {
        struct cosend_record record = cosend_batch_record(batch, i);
        struct cosend_cell cell;

        cosend_bytes_clear(&text);
        ok = find_cell(stage, &record, field->slot, &text, &cell);
        if (!ok || cosend_is_blank(cell))
            continue;
        field->fits = is_date ? csi_plan_is_date(cell.data, cell.length)
                              : cell.kind != COSEND_NESTED;
        if (!field->fits)
            keep_first(field, cell, csi_batch_ordinal(batch, i));
    }
    cosend_bytes_free(&text);
    return ok;
}

bool csi_compared_note(struct csi_stage *stage,
                       const struct cosend_batch *batch)
{
    struct csi_compared *of = stage->compared;

    for (size_t i = 0; of->open && i < of->count; i++) {
        if (of->fields[i].fits)
            continue;
        if (!note(&of->fields[i], stage, batch))
            return false;
        of->open -= of->fields[i].fits;
    }
    return true;
}

void csi_compared_take(struct csi_stage *stage, struct csi_stage *from)
{
    struct csi_compared *to = stage->compared, *of = from->compared;

    if (!to) {
        stage->compared = of;
        from->compared = NULL;
        return;
    }
    /* A thread that had no memory may know fewer. */
    for (size_t i = 0; of && i < to->count && i < of->count; i++) {
        struct compared *field = &to->fields[i];
        const struct compared *other = &of->fields[i];

        field->fits |= other->fits;
        if (*other->first)
            keep_first(field, cosend_text(other->first, strlen(other->first)),
                       other->ordinal);
    }
}

const char *csi_compared_otherwise(const struct csi_stage *stage, uint32_t slot)
{
    const struct csi_compared *of = stage->compared;

    for (size_t i = 0; of && i < of->count; i++)
        if (of->fields[i].slot == slot)
            return of->fields[i].fits || !*of->fields[i].first
                       ? NULL
                       : of->fields[i].first;
    return NULL;
}

void csi_compared_free(struct csi_stage *stage)
{
    if (stage->compared)
        csi_free(stage->compared->fields);
    csi_free(stage->compared);
}
