/* SPDX-License-Identifier: MIT */
/*
 * What is in an array or object: our walk, and our paths, against jansson. Text
 * that is no JSON is walked too, which must come to an end.
 */
#include "cosend/nested.h"
#include "format/json_kind.h"

#include "fuzz.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(int holds)
{
    if (!holds)
        abort();
}

static void compare_nested(struct cosend_cell cell, json_t *due);

static void compare_cell(struct cosend_cell cell, json_t *due)
{
    switch (json_typeof(due)) {
    case JSON_OBJECT:
    case JSON_ARRAY:
        must(cell.kind == COSEND_NESTED);
        compare_nested(cell, due);
        break;
    case JSON_STRING:
        must(cell.kind == COSEND_TEXT &&
             cell.length == json_string_length(due) &&
             (!cell.length ||
              memcmp(cell.data, json_string_value(due), cell.length) == 0));
        break;
    case JSON_INTEGER:
    case JSON_REAL:
        must(cell.kind == COSEND_NUMBER && cell.length > 0);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        must(cell.kind == COSEND_BOOL &&
             (*cell.data == 't') == json_is_true(due));
        break;
    case JSON_NULL:
        must(cell.kind == COSEND_NULL && cell.length == 0);
        break;
    }
}

static void compare_path(struct cosend_cell cell, const char *path,
                         size_t length, json_t *due)
{
    struct cosend_bytes text = {0};

    must(cosend_check_path(path, length, NULL) == COSEND_OK);
    compare_cell(cosend_take_path(cell, path, length, &text), due);
    cosend_bytes_free(&text);
}

static void compare_element(struct cosend_cell cell, json_t *due, size_t i)
{
    size_t size = json_array_size(due);
    char path[40];

    snprintf(path, sizeof(path), "[%zu]", i);
    compare_path(cell, path, strlen(path), json_array_get(due, i));
    snprintf(path, sizeof(path), "[-%zu]", size - i);
    compare_path(cell, path, strlen(path), json_array_get(due, i));
}

/* Of members of one name the last one counts. */
static void compare_member(struct cosend_cell cell,
                           const struct cosend_item *item, json_t *due)
{
    json_t *value = json_object_getn(due, item->name, item->name_length);
    char *path;

    must(value != NULL);
    if (memchr(item->name, '`', item->name_length))
        return;
    path = malloc(item->name_length + 2);
    must(path != NULL);
    path[0] = path[item->name_length + 1] = '`';
    memcpy(path + 1, item->name, item->name_length);
    compare_path(cell, path, item->name_length + 2, value);
    free(path);
}

static size_t count(struct cosend_cell cell)
{
    struct cosend_bytes text = {0};
    struct cosend_item item = {0};
    size_t members = 0;

    while (cosend_next_member(cell, &item, &text))
        members++;
    cosend_bytes_free(&text);
    return members;
}

static void compare_nested(struct cosend_cell cell, json_t *due)
{
    struct cosend_bytes text = {0};
    struct cosend_item item = {0};
    size_t i = 0, members = count(cell);
    bool is_array = json_is_array(due);

    must(is_array ? members == json_array_size(due)
                  : members >= json_object_size(due));
    for (; cosend_next_member(cell, &item, &text); i++) {
        must((item.name == NULL) == is_array && item.raw != NULL);
        if (is_array)
            compare_cell(item.cell, json_array_get(due, i));
        else if (members == json_object_size(due))
            compare_cell(item.cell,
                         json_object_getn(due, item.name, item.name_length));
        if (members <= 8 && is_array)
            compare_element(cell, due, i);
        else if (members <= 8)
            compare_member(cell, &item, due);
    }
    must(i == members);
    cosend_bytes_free(&text);
}

/* How deep brackets go: each level is looked at several times. */
static size_t depth_of(const char *text, size_t size)
{
    size_t depth = 0, most = 0;

    for (size_t i = 0; i < size; i++) {
        depth += text[i] == '[' || text[i] == '{';
        most = depth > most ? depth : most;
        depth -= depth && (text[i] == ']' || text[i] == '}');
    }
    return most;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *text = (const char *)bytes;
    struct cosend_cell cell = {text, (uint32_t)size, COSEND_NESTED};
    json_t *due = NULL;

    if (!size)
        return 0;
    count(cell);
    if (csi_json_check_kind(&cell) == COSEND_OK && depth_of(text, size) < 8)
        due = json_loadb(text, size, JSON_ALLOW_NUL, NULL);
    if (due)
        compare_nested(cell, due);
    json_decref(due);
    return 0;
}
