/* SPDX-License-Identifier: MIT */
#include "format/field_use.h"

#include "format/json_scan.h"
#include "format/json_cell.h"

enum { SAMPLE_ROWS = 16, SAMPLE_NAMES = 256 };

bool csi_field_use_add(struct cosend_schema *names, struct csi_json *json)
{
    for (size_t i = 0; i < json->count && names->count < SAMPLE_NAMES; i++) {
        struct csi_json_member *member = &json->members[i];

        if (!csi_json_name(member, json->arena))
            return false;
        if (csi_schema_find(names, member->name, member->name_length) ==
                CSI_NO_COLUMN &&
            !csi_schema_add(names, member->name, member->name_length,
                            CSI_DENSE))
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
            done = csi_field_use_add(schema->sample, &json);
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
