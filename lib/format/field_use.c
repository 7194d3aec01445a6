/* SPDX-License-Identifier: MIT */
#include "format/field_use.h"

#include "cosend/nested.h"
#include "format/json_cell.h"

#include <string.h>

enum { SAMPLE_ROWS = 16, SAMPLE_NAMES = 256 };

static bool has_path(const struct cosend_schema *asked, const char *name,
                     size_t length)
{
    for (uint32_t i = 0; i < asked->count; i++) {
        const struct csi_schema_column *path = &asked->columns[i];

        if (path->length > length && path->name[length] == '.' &&
            memcmp(path->name, name, length) == 0)
            return true;
    }
    return false;
}

static bool add_members(struct cosend_schema *names,
                        const struct cosend_schema *asked, const char *name,
                        size_t length, struct cosend_cell object)
{
    struct cosend_item item = {0};
    struct cosend_bytes text = {0}, path = {0};
    bool ok = true;

    while (ok && cosend_next_member(object, &item, &text) && item.name) {
        cosend_bytes_clear(&path);
        cosend_put_raw(&path, name, length);
        cosend_put_raw(&path, ".", 1);
        cosend_put_raw(&path, item.name, item.name_length);
        ok = !path.failed &&
             csi_field_use_add_field(names, asked, (const char *)path.data,
                                     path.length, item.cell);
    }
    ok &= !text.failed;
    cosend_bytes_free(&text);
    cosend_bytes_free(&path);
    return ok;
}

bool csi_field_use_add_field(struct cosend_schema *names,
                             const struct cosend_schema *asked,
                             const char *name, size_t length,
                             struct cosend_cell cell)
{
    if (names->count >= SAMPLE_NAMES)
        return true;
    if (!csi_schema_add_new(names, name, length))
        return false;
    return cell.kind != COSEND_NESTED || !has_path(asked, name, length) ||
           add_members(names, asked, name, length, cell);
}

bool csi_field_use_add(struct cosend_schema *names,
                       const struct cosend_schema *asked, struct csi_json *json)
{
    for (size_t i = 0; i < json->count; i++) {
        struct csi_json_member *member = &json->members[i];
        struct cosend_cell cell = {member->value, member->length, member->kind};

        if (!csi_json_name(member, json->arena) ||
            !csi_field_use_add_field(names, asked, member->name,
                                     member->name_length, cell))
            return false;
    }
    return true;
}

bool csi_field_use_sample(struct cosend_schema *schema,
                          const struct csi_rows *rows)
{
    struct csi_arena arena = {0};
    struct csi_json json = {.arena = &arena};
    bool done = true;

    schema->sample = csi_schema_new();
    if (!schema->sample)
        return false;
    for (uint32_t row = 0; done && row < rows->count && row < SAMPLE_ROWS;
         row++) {
        enum csi_json_result result;
        const char *start;
        size_t length;

        csi_rows_content(rows, row, &start, &length);
        result = csi_json_scan(&json, start, start + length);
        if (result == CSI_JSON_OBJECT)
            done = csi_field_use_add(schema->sample, schema, &json);
        else
            done = result != CSI_JSON_MEMORY;
    }
    csi_arena_free(&arena);
    return done;
}

static bool has_field(const struct csi_rows *rows, uint32_t column)
{
    const struct cosend_cell *cells = rows->cells[column];

    for (uint32_t row = 0; row < rows->count; row++)
        if (cells[row].kind != COSEND_ABSENT)
            return true;
    return false;
}

void csi_field_use_note(struct cosend_schema *schema,
                        const struct csi_rows *rows)
{
    for (uint32_t i = 0; i < schema->count; i++) {
        atomic_bool *seen = &schema->columns[i].seen;

        if (!atomic_load_explicit(seen, memory_order_relaxed) &&
            has_field(rows, i))
            atomic_store_explicit(seen, true, memory_order_relaxed);
    }
}
