/* SPDX-License-Identifier: MIT */
#include "record/schema.h"

#include "base/base.h"

#include <stdlib.h>
#include <string.h>

struct cosend_schema *csi_schema_new(void)
{
    struct cosend_schema *schema = csi_calloc(1, sizeof(*schema));

    if (schema) {
        atomic_init(&schema->refs, 1);
        schema->untouched = true;
    }
    return schema;
}

struct cosend_schema *csi_schema_ref(struct cosend_schema *schema)
{
    csi_ref(&schema->refs);
    return schema;
}

void csi_schema_unref(struct cosend_schema *schema)
{
    if (!schema || !csi_unref(&schema->refs))
        return;
    for (uint32_t i = 0; i < schema->count; i++)
        csi_free(schema->columns[i].name);
    csi_free(schema->columns);
    csi_free(schema->by_name);
    csi_free(schema->header);
    csi_free(schema->line);
    csi_schema_unref(schema->hidden);
    csi_schema_unref(schema->sample);
    csi_free(schema);
}

bool csi_schema_set_line(struct cosend_schema *schema, const char *line,
                         size_t length)
{
    enum { ENOUGH = 1 << 20 };

    schema->line_length = length < ENOUGH ? length : ENOUGH;
    schema->line = csi_strndup(line, schema->line_length);
    return schema->line != NULL;
}

bool csi_schema_add(struct cosend_schema *schema, const char *name,
                    size_t length, uint32_t origin)
{
    struct csi_schema_column *column;

    if (schema->count == UINT32_MAX - 1 || length > UINT32_MAX ||
        !csi_grow(&schema->columns, &schema->capacity, schema->count + 1,
                  sizeof(*schema->columns)))
        return false;
    column = &schema->columns[schema->count];
    column->name = csi_strndup(name, length);
    if (!column->name)
        return false;
    column->length = (uint32_t)length;
    column->origin = origin;
    atomic_init(&column->seen, false);
    schema->count++;
    csi_free(schema->by_name);
    schema->by_name = NULL;
    return true;
}

bool csi_schema_add_new(struct cosend_schema *schema, const char *name,
                        size_t length)
{
    return csi_schema_find(schema, name, length) != CSI_NO_COLUMN ||
           csi_schema_add(schema, name, length, CSI_DENSE);
}

bool csi_schema_unite(struct cosend_schema *schema,
                      const struct cosend_schema *with)
{
    for (uint32_t i = 0; i < with->count; i++)
        if (!csi_schema_add_new(schema, with->columns[i].name,
                                with->columns[i].length))
            return false;
    return true;
}

/* ---- Finding a column ---------------------------------------------------- */

static int compare_name(const struct csi_schema_column *column,
                        const char *name, size_t length)
{
    if (column->length != length)
        return column->length < length ? -1 : 1;
    return memcmp(column->name, name, length);
}

/* Columns of one array: by name, then by place. */
static int compare_columns(const void *left, const void *right)
{
    struct csi_schema_column *const *a = left, *const *b = right;
    int order = compare_name(*a, (*b)->name, (*b)->length);

    return order ? order : (*a > *b) - (*a < *b);
}

bool csi_schema_index(struct cosend_schema *schema)
{
    enum { FEW = 32 };
    uint32_t count = schema->count;
    struct csi_schema_column **order;

    if (count <= FEW || schema->by_name)
        return true;
    order = csi_calloc(count, sizeof(struct csi_schema_column *));
    schema->by_name = csi_calloc(count, sizeof(*schema->by_name));
    if (order && schema->by_name) {
        for (uint32_t i = 0; i < count; i++)
            order[i] = &schema->columns[i];
        qsort(order, count, sizeof(struct csi_schema_column *),
              compare_columns);
        for (uint32_t i = 0; i < count; i++)
            schema->by_name[i] = (uint32_t)(order[i] - schema->columns);
    }
    csi_free(order);
    return order && schema->by_name;
}

static uint32_t search(const struct cosend_schema *schema, const char *name,
                       size_t length)
{
    uint32_t low = 0, high = schema->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (compare_name(&schema->columns[schema->by_name[middle]], name,
                         length) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < schema->count &&
        compare_name(&schema->columns[schema->by_name[low]], name, length) == 0)
        return schema->by_name[low];
    return CSI_NO_COLUMN;
}

uint32_t csi_schema_find(const struct cosend_schema *schema, const char *name,
                         size_t length)
{
    if (schema->by_name)
        return search(schema, name, length);
    for (uint32_t i = 0; i < schema->count; i++)
        if (schema->columns[i].length == length &&
            memcmp(schema->columns[i].name, name, length) == 0)
            return i;
    return CSI_NO_COLUMN;
}

static const char *name_at(const void *schema, size_t i)
{
    const struct cosend_schema *of = schema;

    return of->columns[i].name;
}

const char *csi_schema_suggest(const struct cosend_schema *schema,
                               const char *name)
{
    return cosend_suggest(name, schema->count, name_at, schema);
}

size_t cosend_schema_count(const struct cosend_schema *schema)
{
    return schema->count;
}

const char *cosend_schema_name(const struct cosend_schema *schema, size_t i)
{
    return schema->columns[i].name;
}

bool cosend_schema_open(const struct cosend_schema *schema)
{
    return schema->open;
}

bool cosend_schema_is_text(const struct cosend_schema *schema)
{
    return schema->text;
}
