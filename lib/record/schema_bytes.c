/* SPDX-License-Identifier: MIT */
#include "record/schema_bytes.h"

#include <string.h>

enum { OPEN = 1, TEXT = 2, CRLF = 4, UNTOUCHED = 8, NUL = 16, LINE = 32 };

void csi_schema_put(struct cosend_bytes *to, const struct cosend_schema *schema)
{
    cosend_put_u8(
        to, (uint8_t)((schema->open ? OPEN : 0) | (schema->text ? TEXT : 0) |
                      (schema->crlf ? CRLF : 0) |
                      (schema->untouched ? UNTOUCHED : 0) |
                      (schema->nul ? NUL : 0) | (schema->line ? LINE : 0)));
    if (schema->line)
        cosend_put_bytes(to, schema->line, schema->line_length);
    cosend_put_varint(to, (uint64_t)schema->format);
    cosend_put_u8(to, (uint8_t)schema->delimiter);
    cosend_put_u8(to, (uint8_t)schema->quote);
    cosend_put_varint(to, schema->count);
    for (uint32_t i = 0; i < schema->count; i++) {
        const struct csi_schema_column *column = &schema->columns[i];

        cosend_put_bytes(to, column->name, column->length);
        cosend_put_varint(to, column->origin);
    }
}

static bool get_columns(struct cosend_schema *schema,
                        struct cosend_reader_bytes *from)
{
    uint64_t count = cosend_get_varint(from);

    for (uint64_t i = 0; i < count && !from->failed; i++) {
        size_t length;
        const char *name = cosend_get_bytes(from, &length);
        uint64_t origin = cosend_get_varint(from);

        from->failed |= origin > UINT32_MAX;
        if (!from->failed &&
            !csi_schema_add(schema, name, length, (uint32_t)origin))
            return false;
    }
    return !from->failed;
}

static bool get_line(struct cosend_schema *schema,
                     struct cosend_reader_bytes *from)
{
    size_t length;
    const char *line = cosend_get_bytes(from, &length);

    return !from->failed && csi_schema_set_line(schema, line, length);
}

struct cosend_schema *csi_schema_get(struct cosend_reader_bytes *from)
{
    struct cosend_schema *schema = csi_schema_new();
    uint8_t flags;

    if (!schema)
        return NULL;
    flags = cosend_get_u8(from);
    schema->open = flags & OPEN;
    schema->text = flags & TEXT;
    schema->crlf = flags & CRLF;
    schema->untouched = flags & UNTOUCHED;
    schema->nul = flags & NUL;
    if (flags & LINE && !get_line(schema, from)) {
        csi_schema_unref(schema);
        return NULL;
    }
    schema->format = (int)cosend_get_varint(from);
    schema->delimiter = (char)cosend_get_u8(from);
    schema->quote = (char)cosend_get_u8(from);
    if (get_columns(schema, from))
        return schema;
    csi_schema_unref(schema);
    return NULL;
}

static bool same_column(const struct csi_schema_column *a,
                        const struct csi_schema_column *b)
{
    return a->length == b->length && a->origin == b->origin &&
           memcmp(a->name, b->name, a->length) == 0;
}

bool csi_schema_equals(const struct cosend_schema *schema,
                       const struct cosend_schema *other)
{
    if (schema->count != other->count || schema->open != other->open ||
        schema->text != other->text || schema->format != other->format ||
        schema->delimiter != other->delimiter || schema->quote != other->quote)
        return false;
    for (uint32_t i = 0; i < schema->count; i++)
        if (!same_column(&schema->columns[i], &other->columns[i]))
            return false;
    return true;
}
