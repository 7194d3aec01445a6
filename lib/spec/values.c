/* SPDX-License-Identifier: MIT */
#include "spec/values.h"

#include <stdio.h>
#include <string.h>

struct csi_value *csi_document_add(struct csi_document *document,
                                   size_t container)
{
    struct csi_value *value;

    if (!csi_grow(&document->values, &document->capacity, document->count + 1,
                  sizeof(*document->values)))
        return NULL;
    value = &document->values[document->count];
    *value = (struct csi_value){.size = 1};
    if (container != SIZE_MAX) {
        value->up = (uint32_t)(document->count - container);
        value->index = document->values[container].count++;
    }
    document->count++;
    return value;
}

bool csi_document_hold(struct csi_document *document, json_t *json)
{
    if (!document->held)
        document->held = json_array();
    if (document->held)
        return json_array_append_new(document->held, json) == 0;
    json_decref(json);
    return false;
}

void csi_document_end(struct csi_document *document, size_t container)
{
    document->values[container].size = (uint32_t)(document->count - container);
}

void csi_document_free(struct csi_document *document)
{
    for (size_t i = 0; i < document->count; i++)
        json_decref(document->values[i].exact);
    csi_free(document->values);
    json_decref(document->json);
    json_decref(document->held);
    *document = (struct csi_document){0};
}

static const struct csi_value *sibling(const struct csi_value *value)
{
    const struct csi_value *container = csi_value_container(value);

    return container && value->index + 1 < container->count
               ? value + value->size
               : NULL;
}

const struct csi_value *csi_value_next(const struct csi_value *value)
{
    do {
        value = sibling(value);
    } while (value && value->ignored);
    return value;
}

const struct csi_value *csi_value_first(const struct csi_value *container)
{
    const struct csi_value *value = container + 1;

    if (!container->count)
        return NULL;
    return value->ignored ? csi_value_next(value) : value;
}

const struct csi_value *csi_value_get(const struct csi_value *object,
                                      const char *key)
{
    const struct csi_value *value = csi_value_first(object);

    while (value && (!value->key || strcmp(value->key, key) != 0))
        value = csi_value_next(value);
    return value;
}

size_t csi_value_path(const struct csi_value *value, char *path, size_t room)
{
    const struct csi_value *container = csi_value_container(value);
    size_t length;
    int more;

    if (!container) {
        if (room)
            *path = '\0';
        return 0;
    }
    length = csi_value_path(container, path, room);
    path = length < room ? path + length : NULL;
    room = length < room ? room - length : 0;
    more = value->key
               ? snprintf(path, room, "%s%s", length ? "." : "", value->key)
               : snprintf(path, room, "[%u]", (unsigned)value->index);
    return more < 0 ? length : length + (size_t)more;
}
