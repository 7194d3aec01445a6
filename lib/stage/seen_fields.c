/* SPDX-License-Identifier: MIT */
#include "stage/seen_fields.h"

#include "format/field_use.h"

#include <string.h>

/* ---- What is asked for --------------------------------------------------- */

/* The fields of a step that is behind this one in the plan, if not in the
   graph. */
static bool ask_for(struct csi_seen *seen, const struct csi_node *node)
{
    for (uint32_t i = 0; i < node->field_count; i++) {
        const struct csi_field_name *field = &node->fields[i];
        uint32_t column;

        if (!field->name || field->missing)
            continue;
        seen->asked = true;
        if (!csi_field_has_name(field))
            continue;
        column = csi_schema_find(seen->names, field->name, strlen(field->name));
        if (column == CSI_NO_COLUMN)
            return false;
        seen->unseen[column] = true;
    }
    return true;
}

static bool begin(struct csi_seen *seen, const struct csi_stage *stage,
                  struct cosend_schema *names)
{
    const struct csi_plan *plan = stage->shared->plan;
    uint32_t count = 0;
    bool ok = true;

    seen->begun = true;
    seen->asked = seen->types.count > 0;
    seen->names = csi_schema_ref(names);
    seen->unseen = csi_calloc((size_t)names->count + 1, sizeof(*seen->unseen));
    if (!seen->unseen)
        return false;
    for (uint32_t i = stage->index + 1; ok && i < plan->node_count; i++)
        ok = ask_for(seen, &plan->nodes[i]);
    for (uint32_t i = 0; i < names->count; i++)
        if (seen->unseen[i])
            seen->unseen[count++] = i;
    seen->unseen_count = count;
    return ok;
}

/* ---- Noting -------------------------------------------------------------- */

static bool has_field(const struct cosend_batch *batch, uint32_t column)
{
    const struct cosend_cell *cells = batch->rows->cells[column];

    for (uint32_t i = 0; i < batch->count; i++)
        if (cells[csi_batch_row(batch, i)].kind != COSEND_ABSENT)
            return true;
    return false;
}

static bool note_names(struct csi_seen *seen, const struct cosend_batch *batch)
{
    struct csi_rows *rows = batch->rows;
    uint32_t left = 0;

    for (uint32_t i = 0; i < seen->unseen_count; i++) {
        uint32_t column = seen->unseen[i];

        if (!rows->cells[column] && !rows->fill(rows, column))
            return false;
        if (has_field(batch, column))
            atomic_store_explicit(&seen->names->columns[column].seen, true,
                                  memory_order_relaxed);
        else
            seen->unseen[left++] = column;
    }
    seen->unseen_count = left;
    return true;
}

/* Take a record, with its names, among the first; they are freed if it is none
   of them. */
static void add_sampled(struct csi_seen *seen, uint64_t ordinal,
                        struct cosend_schema *names)
{
    struct csi_sampled_record *sample = seen->sample;
    uint32_t at = seen->sample_count;

    if (at == CSI_SAMPLE_RECORDS)
        csi_schema_unref(sample[--at].names);
    for (; at && sample[at - 1].ordinal > ordinal; at--)
        sample[at] = sample[at - 1];
    sample[at] = (struct csi_sampled_record){ordinal, names};
    if (seen->sample_count < CSI_SAMPLE_RECORDS)
        seen->sample_count++;
}

static bool is_among_first(const struct csi_seen *seen, uint64_t ordinal)
{
    return seen->sample_count < CSI_SAMPLE_RECORDS ||
           ordinal < seen->sample[CSI_SAMPLE_RECORDS - 1].ordinal;
}

static bool note_sample(struct csi_seen *seen, const struct cosend_batch *batch)
{
    struct csi_rows *rows = batch->rows;

    for (uint32_t i = 0; i < batch->count; i++) {
        uint64_t ordinal = csi_batch_ordinal(batch, i);
        uint32_t row = csi_batch_row(batch, i);
        struct cosend_item item = {0};
        struct cosend_schema *names;
        bool ok;

        if (!is_among_first(seen, ordinal))
            return true;
        names = csi_schema_new();
        for (ok = names; ok && rows->walk(rows, row, &item, NULL);)
            ok = csi_field_use_add_field(names, seen->names, item.name,
                                         item.name_length, item.cell);
        if (ok)
            add_sampled(seen, ordinal, names);
        else
            csi_schema_unref(names);
        if (!ok)
            return false;
    }
    return true;
}

bool csi_seen_note(struct csi_seen *seen, const struct csi_stage *stage,
                   struct cosend_schema *names,
                   const struct cosend_batch *batch)
{
    if (!seen->begun && !begin(seen, stage, names))
        return false;
    return !seen->asked ||
           (note_sample(seen, batch) && note_names(seen, batch));
}

bool csi_seen_awaits(const struct csi_seen *seen, const char *name,
                     size_t length)
{
    if (!seen->begun ||
        (seen->asked && seen->sample_count < CSI_SAMPLE_RECORDS))
        return true;
    for (uint32_t i = 0; i < seen->unseen_count; i++) {
        const struct csi_schema_column *column =
            &seen->names->columns[seen->unseen[i]];

        if (column->length == length && memcmp(column->name, name, length) == 0)
            return true;
    }
    return false;
}

/* ---- At the end ---------------------------------------------------------- */

static void take_sample(struct csi_seen *seen, struct csi_seen *from)
{
    for (uint32_t i = 0; i < from->sample_count; i++) {
        struct csi_sampled_record *record = &from->sample[i];

        if (is_among_first(seen, record->ordinal))
            add_sampled(seen, record->ordinal, record->names);
        else
            csi_schema_unref(record->names);
    }
    from->sample_count = 0;
}

void csi_seen_take(struct csi_seen *seen, struct csi_seen *from)
{
    from->repeats |= seen->repeats;
    seen->repeats = from->repeats;
    from->typed |= seen->typed;
    if (!seen->begun) {
        *seen = *from;
        *from = (struct csi_seen){.types = seen->types, .prefix = seen->prefix};
        return;
    }
    seen->typed = from->typed;
    for (uint32_t i = 0; from->begun && i < from->names->count; i++)
        if (from->names->columns[i].seen)
            seen->names->columns[i].seen = true;
    take_sample(seen, from);
}

bool csi_seen_has(const struct csi_seen *seen, const char *name)
{
    uint32_t column = seen->begun
                          ? csi_schema_find(seen->names, name, strlen(name))
                          : CSI_NO_COLUMN;

    return column != CSI_NO_COLUMN && seen->names->columns[column].seen;
}

size_t csi_seen_untyped(const struct csi_seen *seen, size_t i,
                        struct cosend_string *name)
{
    for (; i < seen->types.count && i < 64; i++)
        if (!(seen->typed >> i & 1)) {
            *name = seen->types.keys[i];
            return i;
        }
    return SIZE_MAX;
}

bool csi_seen_sample(const struct csi_seen *seen, struct cosend_schema *names)
{
    for (uint32_t i = 0; i < seen->sample_count; i++)
        if (!csi_schema_unite(names, seen->sample[i].names))
            return false;
    return true;
}

void csi_seen_free(struct csi_seen *seen)
{
    for (uint32_t i = 0; i < seen->sample_count; i++)
        csi_schema_unref(seen->sample[i].names);
    csi_schema_unref(seen->names);
    csi_free(seen->unseen);
}
