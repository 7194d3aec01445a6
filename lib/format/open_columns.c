/* SPDX-License-Identifier: MIT */
#include "format/open_columns.h"

#include "format/line_reader.h"

#include <string.h>

bool csi_open_declare(struct cosend_schema *declared, const char *name)
{
    size_t length = strlen(name);

    return csi_schema_find(declared, name, length) != CSI_NO_COLUMN ||
           csi_schema_add(declared, name, length, declared->count);
}

struct cosend_schema *csi_open_schema(struct cosend_schema *declared,
                                      int format, const struct csi_rows *rows)
{
    struct cosend_schema *schema = csi_schema_new();
    const char *data = rows->block->data;

    if (!schema)
        return NULL;
    schema->open = true;
    schema->format = format;
    if (rows->count)
        schema->crlf =
            csi_line_is_crlf(data + rows->starts[0], data + rows->ends[0]);
    for (uint32_t i = 0; i < declared->count; i++)
        if (!csi_schema_add(schema, declared->columns[i].name,
                            declared->columns[i].length, i))
            goto fail;
    if (csi_schema_index(declared) && csi_schema_index(schema))
        return schema;
fail:
    csi_schema_unref(schema);
    return NULL;
}

bool csi_open_cells(struct csi_rows *rows, uint32_t count)
{
    rows->column_count = count;
    rows->cells = csi_arena_get(&rows->arena, count * sizeof(*rows->cells));
    if (!rows->cells)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        rows->cells[i] =
            csi_arena_get(&rows->arena, rows->count * sizeof(**rows->cells));
        if (!rows->cells[i])
            return false;
    }
    return true;
}
