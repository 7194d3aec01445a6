/* SPDX-License-Identifier: MIT */
/* Records of an open schema, fitted to the fields of the first. */
#include "format/formats.h"
#include "format/line_reader.h"

#include <string.h>

static bool fix(struct csi_fields *fields, const struct cosend_record *record)
{
    struct cosend_item item = {0};
    struct cosend_error error = {0};

    fields->names = csi_schema_new();
    while (fields->names && cosend_next_item(record, &item, &error))
        if (!csi_schema_add(fields->names, item.name, item.name_length,
                            CSI_DENSE))
            return false;
    if (!fields->names || error.kind)
        return false;
    fields->cells =
        csi_calloc((size_t)fields->names->count + 1, sizeof(*fields->cells));
    return fields->cells != NULL;
}

/* The column of an item. Records mostly have their fields in one order. */
static uint32_t find(const struct cosend_schema *names, uint32_t guess,
                     const struct cosend_item *item)
{
    if (guess < names->count &&
        names->columns[guess].length == item->name_length &&
        memcmp(names->columns[guess].name, item->name, item->name_length) == 0)
        return guess;
    return csi_schema_find(names, item->name, item->name_length);
}

int csi_fields_fit(struct csi_fields *fields, struct csi_writer *writer,
                   const struct cosend_record *record,
                   struct cosend_error *error)
{
    struct cosend_item item = {0};
    struct cosend_error inner = {0};
    uint32_t guess = 0;

    if (!fields->names && !fix(fields, record)) {
        csi_fields_free(fields);
        return csi_no_memory(error);
    }
    for (uint32_t i = 0; i < fields->names->count; i++)
        fields->cells[i] = csi_absent;
    while (cosend_next_item(record, &item, &inner)) {
        uint32_t i = find(fields->names, guess, &item);

        if (i == CSI_NO_COLUMN) {
            writer->bad_kind = "unknown_field";
            return cosend_error_set(
                error, COSEND_E_DATA,
                "field \"%.*s\" is not one of the first record's, which are "
                "the columns",
                item.name_length < 100 ? (int)item.name_length : 100,
                item.name);
        }
        fields->cells[i] = item.cell;
        guess = i + 1;
    }
    return inner.kind ? csi_no_memory(error) : COSEND_OK;
}

void csi_fields_free(struct csi_fields *fields)
{
    csi_schema_unref(fields->names);
    csi_free(fields->cells);
    *fields = (struct csi_fields){0};
}
