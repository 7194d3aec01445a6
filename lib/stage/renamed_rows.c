/* SPDX-License-Identifier: MIT */
#include "stage/renamed_rows.h"

#include "record/column.h"
#include "record/record_items.h"
#include "stage/made_rows.h"
#include "stage/own_items.h"

#include <string.h>

/* What rows have of their own. */
struct renamed {
    const struct cosend_batch *base; /* a record a row */
    struct csi_new_names names;
    struct csi_own_walk walk;
};

static bool is_field_called(struct cosend_string a, const char *data,
                            size_t length)
{
    return a.length == length && memcmp(a.data, data, length) == 0;
}

const struct csi_new_name *csi_renamed_from(const struct csi_new_names *in,
                                            const char *name, size_t length)
{
    for (size_t i = 0; i < in->count; i++)
        if (is_field_called(in->all[i].from, name, length))
            return &in->all[i];
    return NULL;
}

static const struct csi_new_name *renamed_to(const struct csi_new_names *in,
                                             const char *name, size_t length)
{
    for (size_t i = 0; i < in->count; i++)
        if (is_field_called(in->all[i].to, name, length))
            return &in->all[i];
    return NULL;
}

/* ---- Columns of the batch ------------------------------------------------ */

/* The column that says of each record what it has of that name, which is one
   behind the others where a step above dropped it. False: records are to be
   walked. */
static bool find_column(const struct cosend_batch *batch, const char *name,
                        size_t length, uint32_t *column)
{
    const struct cosend_schema *schema = batch->schema;
    bool hidden = schema->hidden && csi_schema_find(schema->hidden, name,
                                                    length) != CSI_NO_COLUMN;

    *column = csi_schema_find(schema, name, length);
    if (*column == CSI_NO_COLUMN) {
        *column = schema->count;
        return hidden;
    }
    return !hidden && schema->columns[*column].origin != CSI_ASKED;
}

static struct cosend_cell cell_at(const struct cosend_batch *batch,
                                  uint32_t column, uint32_t position)
{
    return csi_cell(batch, column, position,
                    batch->rows ? csi_batch_row(batch, position) : 0);
}

static bool is_apart(const struct csi_new_names *names,
                     const struct csi_new_name *name,
                     const struct cosend_batch *batch)
{
    uint32_t from, to;

    if (renamed_to(names, name->to.data, name->to.length) != name)
        return false;
    if (csi_renamed_from(names, name->to.data, name->to.length))
        return true;
    if (!find_column(batch, name->from.data, name->from.length, &from) ||
        !find_column(batch, name->to.data, name->to.length, &to) ||
        !csi_batch_fill(batch, from) || !csi_batch_fill(batch, to))
        return false;
    for (uint32_t i = 0; i < batch->count; i++)
        if (cell_at(batch, to, i).kind != COSEND_ABSENT &&
            cell_at(batch, from, i).kind != COSEND_ABSENT)
            return false;
    return true;
}

bool csi_renamed_apart(const struct csi_new_names *names,
                       const struct cosend_batch *batch)
{
    for (size_t i = 0; i < names->count; i++)
        if (!is_apart(names, &names->all[i], batch))
            return false;
    return true;
}

/* ---- Walking ------------------------------------------------------------- */

static bool walk_renamed(struct csi_rows *rows, uint32_t row,
                         struct cosend_item *item, struct cosend_error *error)
{
    const struct cosend_string none = {NULL, 0};
    struct renamed *renamed = rows->own;
    const struct csi_new_name *name;
    CSI_UNCLEARED struct cosend_error inner;

    if (!error) {
        inner.kind = COSEND_OK;
        error = &inner;
    }
    if (!csi_own_walk(&renamed->walk, renamed->base, row, none, item, error))
        return false;
    name = csi_renamed_from(&renamed->names, item->name, item->name_length);
    if (name) {
        item->name = name->to.data;
        item->name_length = (uint32_t)name->to.length;
    }
    return true;
}

/* ---- Columns of the rows ------------------------------------------------- */

/* Whether a.b is asked for, and a has another name, or is one; or a.b itself
   has, and what is in a is found in its place. */
static bool is_inside(const struct csi_new_names *names,
                      const struct csi_schema_column *asked)
{
    const char *dot = asked->name;

    if (memchr(dot, '.', asked->length) &&
        csi_renamed_from(names, dot, asked->length))
        return true;
    while (
        (dot = memchr(dot, '.', asked->length - (size_t)(dot - asked->name)))) {
        size_t length = (size_t)(dot++ - asked->name);

        if (csi_renamed_from(names, asked->name, length) ||
            renamed_to(names, asked->name, length))
            return true;
    }
    return false;
}

/* The columns of the base that a field of that name is in: the one that has
   that name now, else the one that keeps it. */
struct source {
    uint32_t renamed, own; /* behind all columns: absent */
};

static bool find_source(const struct renamed *renamed,
                        const struct csi_schema_column *asked,
                        struct source *source)
{
    const struct csi_new_names *names = &renamed->names;
    const struct csi_new_name *name =
        renamed_to(names, asked->name, asked->length);
    uint32_t none = renamed->base->schema->count;

    *source = (struct source){none, none};
    if (is_inside(names, asked) ||
        (name && !find_column(renamed->base, name->from.data, name->from.length,
                              &source->renamed)))
        return false;
    return csi_renamed_from(names, asked->name, asked->length) ||
           find_column(renamed->base, asked->name, asked->length, &source->own);
}

static bool copy_cells(const struct renamed *renamed, struct source source,
                       uint32_t count, struct cosend_cell *cells)
{
    const struct cosend_batch *base = renamed->base;

    if (!csi_batch_fill(base, source.renamed) ||
        !csi_batch_fill(base, source.own))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        cells[i] = cell_at(base, source.renamed, i);
        if (cells[i].kind == COSEND_ABSENT)
            cells[i] = cell_at(base, source.own, i);
    }
    return true;
}

static bool fill_renamed(struct csi_rows *rows, uint32_t column)
{
    const struct renamed *renamed = rows->own;
    const struct csi_schema_column *asked =
        &renamed->names.asked->columns[column];
    struct cosend_cell *cells =
        csi_arena_get(&rows->arena, rows->count * sizeof(*cells));
    struct source source;
    bool ok = cells;

    if (ok && find_source(renamed, asked, &source))
        ok = copy_cells(renamed, source, rows->count, cells);
    else
        for (uint32_t row = 0; ok && row < rows->count; row++)
            ok = csi_made_find(rows, row, asked, &cells[row]);
    if (ok)
        rows->cells[column] = cells;
    return ok;
}

/* ---- Rows ---------------------------------------------------------------- */

static void release_renamed(struct csi_rows *rows)
{
    struct renamed *renamed = rows->own;

    csi_batch_unref(renamed->base);
    csi_schema_unref(renamed->names.asked);
}

struct csi_rows *csi_renamed_rows(const struct csi_new_names *names,
                                  const struct cosend_batch *batch)
{
    size_t columns = ((size_t)names->asked->count + 1) * sizeof(void *);
    size_t size = names->count * sizeof(*names->all);
    struct csi_rows *rows = csi_made_rows(batch);
    struct renamed *renamed =
        rows ? csi_arena_get(&rows->arena, sizeof(*renamed)) : NULL;
    struct csi_new_name *all = rows ? csi_arena_get(&rows->arena, size) : NULL;

    if (rows)
        rows->cells = csi_arena_get(&rows->arena, columns);
    if (!renamed || !all || !rows->cells) {
        csi_rows_unref(rows);
        return NULL;
    }
    memcpy(all, names->all, size);
    memset(rows->cells, 0, columns);
    rows->column_count = names->asked->count;
    *renamed = (struct renamed){.base = csi_batch_ref(batch), .names = *names};
    renamed->names.all = all;
    csi_schema_ref(names->asked);
    rows->own = renamed;
    rows->release = release_renamed;
    rows->walk = walk_renamed;
    rows->walk_is_own = true;
    rows->fill = fill_renamed;
    return rows;
}
