/* SPDX-License-Identifier: MIT */
#include "stage/pair_fields.h"

#include "format/jsonl_read.h"
#include "stage/made_rows.h"
#include "stage/own_items.h"

#include <string.h>

/* A name with the prefix in front of it. */
struct whole_name {
    char *data;
    uint32_t length;
};

/* What rows have of their own. */
struct beside {
    const struct cosend_batch *base;
    struct csi_rows *texts;
    struct csi_pair_fields fields;
    struct csi_own_walk walk;
    struct whole_name *names; /* of the members walked last, by their places */
    size_t name_capacity;
};

bool csi_pair_is_fault(const struct csi_rows *texts, uint32_t row)
{
    size_t low = 0, high = texts->fault_count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (texts->faults[middle].row < row)
            low = middle + 1;
        else
            high = middle;
    }
    return low < texts->fault_count && texts->faults[low].row == row;
}

/* ---- Walking ------------------------------------------------------------- */

static bool is_whole(const struct whole_name *whole,
                     struct cosend_string prefix,
                     const struct cosend_item *item)
{
    return whole->length == prefix.length + item->name_length &&
           memcmp(whole->data + prefix.length, item->name, item->name_length) ==
               0;
}

/* Put the prefix in front of the name of a member. The members of one record
   are mostly called as those of the one before. False without memory. */
static bool complete_name(struct csi_rows *rows, struct beside *beside,
                          uint32_t at, struct cosend_item *item)
{
    struct cosend_string prefix = beside->fields.prefix;
    size_t capacity = beside->name_capacity;
    struct whole_name *whole;

    if (!csi_grow(&beside->names, &beside->name_capacity, (size_t)at + 1,
                  sizeof(*beside->names)))
        return false;
    for (; capacity < beside->name_capacity; capacity++)
        beside->names[capacity] = (struct whole_name){NULL, 0};
    whole = &beside->names[at];
    if (!is_whole(whole, prefix, item)) {
        whole->length = (uint32_t)prefix.length + item->name_length;
        whole->data = csi_arena_bytes(&rows->arena, whole->length);
        if (!whole->data) {
            whole->length = 0;
            return false;
        }
        memcpy(whole->data, prefix.data, prefix.length);
        memcpy(whole->data + prefix.length, item->name, item->name_length);
    }
    item->name = whole->data;
    item->name_length = whole->length;
    return true;
}

static bool walk_text(struct csi_rows *rows, uint32_t row,
                      struct cosend_item *item, struct cosend_error *error)
{
    struct beside *beside = rows->own;
    uint32_t before = beside->walk.at;
    bool found;

    if (item->next == before && csi_pair_is_fault(beside->texts, row))
        return false;
    item->next -= before;
    found = csi_jsonl_walk(beside->texts, row, item, error);
    if (found && beside->fields.prefix.length &&
        !complete_name(rows, beside, item->next - 1, item)) {
        csi_no_memory(error);
        found = false;
    }
    item->next += before;
    return found;
}

static bool walk_beside(struct csi_rows *rows, uint32_t row,
                        struct cosend_item *item, struct cosend_error *error)
{
    struct beside *beside = rows->own;
    const struct csi_own_walk *walk = &beside->walk;
    CSI_UNCLEARED struct cosend_error inner;

    if (!error) {
        inner.kind = COSEND_OK;
        error = &inner;
    }
    if (!walk->begun || walk->position != row || !walk->ended ||
        item->next < walk->at) {
        if (csi_own_walk(&beside->walk, beside->base, row,
                         beside->fields.dropped, item, error))
            return true;
        if (error->kind)
            return false;
    }
    return walk_text(rows, row, item, error);
}

/* ---- Columns ------------------------------------------------------------- */

/* A column that is asked for, and where it is found. */
struct found_column {
    const struct csi_schema_column *asked;
    uint32_t own;                   /* column of the batch, or CSI_NO_COLUMN */
    bool certain;                   /* what that has is a field */
    const struct cosend_cell *text; /* by row, or NULL */
};

static bool is_listed(const struct cosend_schema *schema,
                      const struct csi_schema_column *column)
{
    return schema && csi_schema_find(schema, column->name, column->length) !=
                         CSI_NO_COLUMN;
}

/* A path may be one into a field that is dropped, or of a text. */
static struct found_column find_column(const struct beside *beside,
                                       uint32_t column)
{
    const struct cosend_schema *schema = beside->base->schema;
    const struct csi_schema_column *asked =
        &beside->fields.asked->columns[column];
    struct cosend_string dropped = beside->fields.dropped;
    struct found_column found = {
        .asked = asked,
        .own = csi_schema_find(schema, asked->name, asked->length)};

    if (found.own != CSI_NO_COLUMN &&
        schema->columns[found.own].origin == CSI_ASKED)
        found.own = CSI_NO_COLUMN;
    found.certain = !memchr(asked->name, '.', asked->length) &&
                    (!dropped.data || strcmp(dropped.data, asked->name) != 0) &&
                    !is_listed(schema->hidden, asked);
    if (asked->origin != CSI_NO_COLUMN)
        found.text = beside->texts->cells[asked->origin];
    return found;
}

static bool fill_row(struct csi_rows *rows, const struct found_column *found,
                     uint32_t row, struct cosend_cell *cell)
{
    const struct beside *beside = rows->own;
    struct cosend_record record = cosend_batch_record(beside->base, row);

    if (found->own == CSI_NO_COLUMN)
        return csi_made_find(rows, row, found->asked, cell);
    if (!csi_record_cell(&record, found->own, cell))
        return false;
    if (cell->kind != COSEND_ABSENT)
        return found->certain || csi_made_find(rows, row, found->asked, cell);
    if (found->text)
        *cell = found->text[row];
    return cell->kind != COSEND_ABSENT || found->certain ||
           csi_made_find(rows, row, found->asked, cell);
}

static bool fill_beside(struct csi_rows *rows, uint32_t column)
{
    struct found_column found = find_column(rows->own, column);
    struct cosend_cell *cells =
        csi_arena_get(&rows->arena, rows->count * sizeof(*cells));

    for (uint32_t row = 0; cells && row < rows->count; row++)
        if (!fill_row(rows, &found, row, &cells[row]))
            return false;
    rows->cells[column] = cells;
    return cells != NULL;
}

/* Whether no field of a record's own has to do with one that is asked for. */
static bool is_of_texts(const struct csi_pair_fields *fields,
                        const struct csi_schema_column *asked)
{
    const char *dot = memchr(asked->name, '.', asked->length);

    return fields->own && asked->origin != CSI_NO_COLUMN &&
           !is_listed(fields->own, asked) &&
           (!dot ||
            csi_schema_find(fields->own, asked->name,
                            (size_t)(dot - asked->name)) == CSI_NO_COLUMN);
}

/* Columns that are the texts' alone are theirs. */
static bool take_columns(struct csi_rows *rows,
                         const struct csi_pair_fields *fields,
                         const struct csi_rows *texts)
{
    const struct cosend_schema *asked = fields->asked;
    size_t size = ((size_t)asked->count + 1) * sizeof(*rows->cells);

    rows->column_count = asked->count;
    rows->cells = csi_arena_get(&rows->arena, size);
    if (!rows->cells)
        return false;
    memset(rows->cells, 0, size);
    for (uint32_t i = 0; i < asked->count; i++)
        if (is_of_texts(fields, &asked->columns[i]))
            rows->cells[i] = texts->cells[asked->columns[i].origin];
    return true;
}

/* ---- Rows ---------------------------------------------------------------- */

static void release_beside(struct csi_rows *rows)
{
    struct beside *beside = rows->own;

    csi_batch_unref(beside->base);
    csi_rows_unref(beside->texts);
    csi_schema_unref(beside->fields.own);
    csi_schema_unref(beside->fields.asked);
    csi_free(beside->names);
}

struct csi_rows *csi_pair_fields_rows(const struct csi_pair_fields *fields,
                                      const struct cosend_batch *base,
                                      struct csi_rows *texts)
{
    struct csi_rows *rows = csi_made_rows(base);
    struct beside *beside =
        rows ? csi_arena_get(&rows->arena, sizeof(*beside)) : NULL;

    if (!beside || !take_columns(rows, fields, texts)) {
        csi_rows_unref(rows);
        return NULL;
    }
    *beside = (struct beside){.base = csi_batch_ref(base),
                              .texts = csi_rows_ref(texts),
                              .fields = *fields};
    if (fields->own)
        csi_schema_ref(fields->own);
    csi_schema_ref(fields->asked);
    rows->own = beside;
    rows->release = release_beside;
    rows->walk = walk_beside;
    rows->walk_is_own = true;
    rows->fill = fill_beside;
    return rows;
}
