/* SPDX-License-Identifier: MIT */
#include "format/json_columns.h"

#include "format/json_number.h"
#include "format/json_value.h"
#include "format/write.h"

/* Room beside name and cell: the closing quote, a brace and a line end, and
   what copying writes too much. */
enum { ROOM = 64 };

/* A cell that has more is encoded with room as it is needed, not with as much
   as it could need at most. */
enum { LONG_CELL = 4096 };

/* ---- Names --------------------------------------------------------------- */

static bool add_name(struct csi_json_columns *columns,
                     const struct csi_schema_column *column)
{
    struct csi_json_style style = {0};
    struct csi_text *names = &columns->names;
    size_t start = names->length;

    if (!csi_text_add(names, ",", 1) ||
        !csi_text_json_styled(names, column->name, column->length, &style) ||
        !csi_text_add(names, ":\"", 2))
        return false;
    columns->ill_formed |= style.ill_formed;
    if (names->length - start > columns->longest)
        columns->longest = names->length - start;
    return true;
}

static bool learn_names(struct csi_json_columns *columns,
                        struct cosend_schema *schema)
{
    csi_schema_unref(columns->schema);
    columns->schema = NULL;
    columns->names.length = 0;
    columns->ill_formed = false;
    columns->longest = 0;
    if (!csi_grow(&columns->lengths, &columns->capacity,
                  (size_t)schema->count + 1, sizeof(*columns->lengths)))
        return false;
    for (uint32_t i = 0; i < schema->count; i++) {
        size_t start = columns->names.length;

        if (!add_name(columns, &schema->columns[i]))
            return false;
        columns->lengths[i] = (uint32_t)(columns->names.length - start);
    }
    if (!csi_text_reserve(&columns->names, 16))
        return false;
    columns->schema = csi_schema_ref(schema);
    return true;
}

bool csi_json_columns_begin(struct csi_json_columns *columns,
                            const struct cosend_batch *batch)
{
    csi_plain_reset(&columns->plain);
    return csi_row_cells_begin(&columns->cells, batch) &&
           (columns->schema == batch->schema ||
            learn_names(columns, batch->schema));
}

void csi_json_columns_free(struct csi_json_columns *columns)
{
    csi_schema_unref(columns->schema);
    csi_text_free(&columns->names);
    csi_free(columns->lengths);
    csi_plain_free(&columns->plain);
    csi_row_cells_free(&columns->cells);
}

/* ---- Cells --------------------------------------------------------------- */

/* A string that is near, without the quotes; there is room for six times its
   bytes. */
static char *put_escaped(const struct csi_plain_cells *plain, char *to,
                         struct cosend_cell cell, struct csi_json_style *style)
{
    const char *p = cell.data, *end = p + cell.length;

    for (;;) {
        const char *next = csi_plain_next(plain, p);

        if (next >= end)
            return csi_copy_near(to, p, (size_t)(end - p));
        to = csi_copy_near(to, p, (size_t)(next - p));
        p = next;
        if (*p == '"' || *p == '\\') {
            *to++ = '\\';
            *to++ = *p++;
        } else {
            to = csi_json_put(to, &p, end, style);
        }
    }
}

/* Append a member that is not a string of plain bytes; name has a quote at its
   end. Apart, so that what is common has the registers to itself. */
__attribute__((noinline)) static bool
add_other(const struct csi_plain_cells *plain, const char *name,
          size_t name_length, struct cosend_cell cell, struct csi_text *out,
          struct csi_json_style *style)
{
    char *to;

    if (cell.kind == COSEND_ABSENT)
        return true;
    if (cell.kind != COSEND_TEXT || cell.length > LONG_CELL || style->numbers ||
        !csi_plain_is_near(plain, cell))
        return csi_text_add(out, name, name_length - 1) &&
               csi_text_cell_styled(out, cell, style);
    if (!csi_text_reserve(out, name_length + 6 * (size_t)cell.length + ROOM))
        return false;
    to = csi_copy_near(out->data + out->length, name, name_length);
    to = put_escaped(plain, to, cell, style);
    *to++ = '"';
    out->length = (size_t)(to - out->data);
    return true;
}

/* Append all members, each with a comma in front. */
static bool add_members(const struct csi_json_columns *columns, uint32_t count,
                        struct csi_text *out, struct csi_json_style *style)
{
    const struct cosend_schema *schema = columns->schema;
    bool numbers = style->numbers;
    const struct csi_plain_cells *plain = &columns->plain;
    const char *name = columns->names.data;
    size_t room = columns->longest + ROOM;
    struct csi_plain_run run = csi_plain_nothing(plain);
    char *to = out->data + out->length, *end = out->data + out->capacity;

    for (uint32_t i = 0; i < count; i++) {
        const struct cosend_cell *cell = &columns->cells.cells[i];
        uint32_t length = columns->lengths[i];

        style->numbers = numbers && csi_is_untyped(schema, i) &&
                         csi_json_is_number(cell->data, cell->length);
        if (cell->kind == COSEND_TEXT && !style->numbers &&
            csi_plain_has(plain, &run, *cell) &&
            (size_t)(end - to) >= room + cell->length) {
            to = csi_copy_near(to, name, length);
            to = csi_copy_near(to, cell->data, cell->length);
            *to++ = '"';
        } else {
            out->length = (size_t)(to - out->data);
            if (!add_other(plain, name, length, *cell, out, style))
                return false;
            to = out->data + out->length;
            end = out->data + out->capacity;
        }
        name += length;
    }
    style->numbers = numbers;
    out->length = (size_t)(to - out->data);
    return true;
}

bool csi_json_columns_add(struct csi_json_columns *columns,
                          const struct cosend_batch *batch, uint32_t at,
                          struct csi_text *out, struct csi_json_style *style)
{
    size_t start = out->length;

    if (!csi_row_cells_take(&columns->cells, batch, at) ||
        !csi_plain_cover(&columns->plain, batch, at) ||
        !csi_text_reserve(out, ROOM))
        return false;
    style->ill_formed = false;
    if (!add_members(columns, batch->schema->count, out, style) ||
        !csi_text_reserve(out, ROOM))
        return false;
    if (out->length == start)
        out->length++;
    out->data[start] = '{';
    out->data[out->length++] = '}';
    return true;
}
