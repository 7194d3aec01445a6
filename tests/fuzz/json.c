/* SPDX-License-Identifier: MIT */
/* Which texts are valid JSON: our scan against jansson. */
#include "format/json_scan.h"
#include "format/json_cell.h"

#include "fuzz.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* What jansson refuses and a stream of data must survive: see json_scan.h. */
static int is_forgiven(const json_error_t *error)
{
    return json_error_code(error) == json_error_numeric_overflow ||
           json_error_code(error) == json_error_null_byte_in_key;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *text = (const char *)bytes;
    struct csi_arena arena = {0};
    struct csi_json json = {.arena = &arena};
    enum csi_json_result result = csi_json_scan(&json, text, text + size);
    json_error_t error;
    json_t *due;

    /* jansson takes a NUL behind a text for its end. */
    if (memchr(text, '\0', size)) {
        csi_arena_free(&arena);
        return 0;
    }
    due = json_loadb(text, size, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    if (due ? (result == CSI_JSON_OBJECT) != json_is_object(due) ||
                  result == CSI_JSON_INVALID
            : result != CSI_JSON_INVALID && !is_forgiven(&error))
        abort();
    for (size_t i = 0; due && i < json.count; i++) {
        struct cosend_cell cell;
        json_t *member;

        if (!csi_json_name(&json.members[i], &arena) ||
            !csi_json_cell(&json.members[i], &arena, &cell))
            abort();
        member = json_object_getn(due, json.members[i].name,
                                  json.members[i].name_length);
        /* Of members of one name the last one counts. */
        if (!member)
            abort();
        if (i == json.count - 1 && json_is_string(member) &&
            (cell.length != json_string_length(member) ||
             memcmp(cell.data, json_string_value(member), cell.length) != 0))
            abort();
    }
    json_decref(due);
    csi_arena_free(&arena);
    return 0;
}
