/* SPDX-License-Identifier: MIT */
/* Which texts are valid JSON, and what an object's members are: our scan
   against jansson. */
#include "cosend/number.h"
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

/* Whether a cell is what jansson has there. A number's text is kept as it is,
   and so is a nested value's. */
static int is_same(const struct cosend_cell *cell, const json_t *due)
{
    double value;
    json_t *again;
    int same;

    switch (json_typeof(due)) {
    case JSON_NULL:
        return cell->kind == COSEND_NULL && cell->length == 0;
    case JSON_TRUE:
    case JSON_FALSE:
        return cell->kind == COSEND_BOOL &&
               cell->length == (json_is_true(due) ? 4U : 5U);
    case JSON_STRING:
        return cell->kind == COSEND_TEXT &&
               cell->length == json_string_length(due) &&
               (!cell->length ||
                memcmp(cell->data, json_string_value(due), cell->length) == 0);
    case JSON_INTEGER:
    case JSON_REAL:
        return cell->kind == COSEND_NUMBER &&
               cosend_parse_double(cell->data, cell->length, &value) &&
               value == json_number_value(due);
    default:
        again = json_loadb(cell->data, cell->length, JSON_ALLOW_NUL, NULL);
        same = cell->kind == COSEND_NESTED && json_equal(again, due);
        json_decref(again);
        return same;
    }
}

/* Of members of one name the first one's place counts, and the last one's
   value. */
static void check_members(struct csi_json *json, const json_t *due)
{
    size_t before = json->count;
    bool escaped = false, repeats;

    for (size_t i = 0; i < json->count; i++)
        escaped |= json->members[i].name_escaped;
    if (!csi_json_repeats(json, &repeats) || !csi_json_unite(json) ||
        json->count != json_object_size(due) ||
        (!escaped && repeats != (json->count < before)))
        abort();
    for (size_t i = 0; i < json->count; i++) {
        const struct csi_json_member *member = &json->members[i];
        const json_t *value =
            json_object_getn(due, member->name, member->name_length);
        struct cosend_cell cell;

        if (!value || !csi_json_cell(member, json->arena, &cell) ||
            !is_same(&cell, value))
            abort();
    }
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
    if (due && result == CSI_JSON_OBJECT)
        check_members(&json, due);
    json_decref(due);
    csi_arena_free(&arena);
    return 0;
}
