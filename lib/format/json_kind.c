/* SPDX-License-Identifier: MIT */
#include "format/json_kind.h"

#include "format/json_scan.h"

#include <string.h>

static bool is_literal(const struct cosend_cell *cell, const char *text)
{
    return cell->length == strlen(text) &&
           memcmp(cell->data, text, cell->length) == 0;
}

/* A value has no space around it, so its first and last bytes tell; and no line
   end in it, or it would be no part of a JSON line. */
static bool looks_like_kind(const struct cosend_cell *cell)
{
    char first = *cell->data, last = cell->data[cell->length - 1];

    switch (cell->kind) {
    case COSEND_BOOL:
        return is_literal(cell, "true") || is_literal(cell, "false");
    case COSEND_NUMBER:
        return (first == '-' || (first >= '0' && first <= '9')) &&
               last >= '0' && last <= '9';
    default:
        return ((first == '{' && last == '}') ||
                (first == '[' && last == ']')) &&
               !memchr(cell->data, '\n', cell->length) &&
               !memchr(cell->data, '\r', cell->length);
    }
}

int csi_json_check_kind(const struct cosend_cell *cell)
{
    struct csi_arena arena = {0};
    struct csi_json json = {.arena = &arena};
    enum csi_json_result result;

    if ((unsigned)cell->kind > COSEND_NESTED)
        return COSEND_E_TYPE;
    if (cell->kind <= COSEND_TEXT)
        return COSEND_OK;
    if (!cell->length || !looks_like_kind(cell))
        return COSEND_E_TYPE;
    result = csi_json_scan(&json, cell->data, cell->data + cell->length);
    csi_arena_free(&arena);
    if (result == CSI_JSON_MEMORY)
        return COSEND_E_MEMORY;
    return result == CSI_JSON_INVALID ? COSEND_E_TYPE : COSEND_OK;
}
