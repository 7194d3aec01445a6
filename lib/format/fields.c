/* SPDX-License-Identifier: MIT */
#include "format/fields.h"

#include <stdio.h>
#include <string.h>

static bool fields_fix(struct csi_fields *fields,
                       const struct cosend_record *record)
{
    struct cosend_item item = {0};
    struct cosend_error error = {0};

    fields->names = csi_schema_new();
    while (fields->names && cosend_next_item(record, &item, &error))
        if (!csi_schema_add(fields->names, item.name, item.name_length,
                            CSI_DENSE))
            return false;
    if (!fields->names || error.kind || !csi_schema_index(fields->names))
        return false;
    fields->cells =
        csi_calloc((size_t)fields->names->count + 1, sizeof(*fields->cells));
    return fields->cells != NULL;
}

bool csi_fields_set(struct csi_fields *fields, struct cosend_schema *names)
{
    fields->names = csi_schema_ref(names);
    fields->cells =
        csi_calloc((size_t)names->count + 1, sizeof(*fields->cells));
    return fields->cells != NULL;
}

/* The column of an item. Records mostly have their fields in one order. */
static uint32_t column_of(const struct cosend_schema *names, uint32_t guess,
                          const struct cosend_item *item)
{
    if (guess < names->count &&
        names->columns[guess].length == item->name_length &&
        memcmp(names->columns[guess].name, item->name, item->name_length) == 0)
        return guess;
    return csi_schema_find(names, item->name, item->name_length);
}

/* ---- A field that the first record had not ------------------------------- */

/* Whether a name stands for itself in a list of a one-line pipeline. */
static bool is_bare(const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        char c = name[i];

        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
              (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.'))
            return false;
    }
    return length > 0;
}

static bool list_name(char *list, size_t size, const char *name, size_t length)
{
    size_t used = strlen(list);

    if (!is_bare(name, length) || used + length + 2 > size)
        return false;
    snprintf(list + used, size - used, "%s%.*s", used ? "," : "", (int)length,
             name);
    return true;
}

/* `select a,b,c` of the columns and of what else this record has; without the
   names where there are too many, or some would need quotes. */
static const char *list_fields(const struct cosend_schema *names,
                               const struct cosend_record *record, char *list,
                               size_t size)
{
    struct cosend_item item = {0};
    struct cosend_error error = {0};
    bool fits = true;

    list[0] = '\0';
    for (uint32_t i = 0; fits && i < names->count; i++)
        fits = list_name(list, size, names->columns[i].name,
                         names->columns[i].length);
    while (fits && cosend_next_item(record, &item, &error))
        if (csi_schema_find(names, item.name, item.name_length) ==
            CSI_NO_COLUMN)
            fits = list_name(list, size, item.name, item.name_length);
    return fits && !error.kind ? list : "FIELD,...";
}

static int refuse_unknown_field(const struct csi_fields *fields,
                                struct csi_writer *writer,
                                const struct cosend_record *record,
                                const struct cosend_item *item,
                                struct cosend_error *error)
{
    char list[200];

    writer->bad_kind = "unknown_field";
    if (fields->names->header)
        return cosend_error_set(
            error, COSEND_E_DATA,
            "field \"%.*s\" is none of the columns %.*s of the file that is "
            "appended to; `drop` or `select` before the output leaves it out",
            item->name_length < 100 ? (int)item->name_length : 100, item->name,
            (int)(fields->names->header_length < 100
                      ? fields->names->header_length
                      : 100),
            fields->names->header);
    return cosend_error_set(
        error, COSEND_E_DATA,
        "field \"%.*s\" is not one of the first record's, which are the "
        "columns; to say which are, put select %s before the output",
        item->name_length < 100 ? (int)item->name_length : 100, item->name,
        list_fields(fields->names, record, list, sizeof(list)));
}

static int fit_walked(struct csi_fields *fields, struct csi_writer *writer,
                      const struct cosend_record *record,
                      struct cosend_error *error)
{
    struct cosend_item item = {0};
    struct cosend_error inner = {0};
    uint32_t guess = 0;

    if (!fields->names) {
        if (!cosend_next_item(record, &item, &inner) && !inner.kind) {
            fields->blank++;
            return COSEND_OK;
        }
        if (inner.kind || !fields_fix(fields, record)) {
            csi_fields_free(fields);
            return csi_no_memory(error);
        }
        item = (struct cosend_item){0};
    }
    fields->fitted = fields->cells;
    for (uint32_t i = 0; i < fields->names->count; i++)
        fields->cells[i] = csi_absent;
    while (cosend_next_item(record, &item, &inner)) {
        uint32_t i = column_of(fields->names, guess, &item);

        if (i == CSI_NO_COLUMN)
            return refuse_unknown_field(fields, writer, record, &item, error);
        fields->cells[i] = item.cell;
        guess = i + 1;
    }
    return inner.kind ? csi_no_memory(error) : COSEND_OK;
}

/* ---- Fields that are known without a walk -------------------------------- */

void csi_fields_ask(const struct cosend_batch *batch)
{
    if (batch->schema->open && batch->schema->untouched)
        atomic_store_explicit(&batch->schema->fitted, true,
                              memory_order_relaxed);
}

const struct csi_known_fields *
csi_fields_known(const struct cosend_batch *batch, uint32_t row)
{
    if (!batch->rows || !batch->rows->known || !batch->schema->untouched ||
        batch->complete || !batch->rows->known[row].names)
        return NULL;
    return &batch->rows->known[row];
}

void csi_fields_begin(struct csi_fields *fields,
                      const struct cosend_batch *batch)
{
    fields->known = NULL;
    csi_fields_ask(batch);
}

static bool map_names(struct csi_fields *fields,
                      const struct csi_known_names *names)
{
    uint32_t guess = 0;

    if (!csi_grow(&fields->map, &fields->map_capacity, names->count,
                  sizeof(*fields->map)))
        return false;
    fields->same = names->count == fields->names->count;
    for (uint32_t i = 0; i < names->count; i++) {
        const struct csi_known_name *name = &names->names[i];
        struct cosend_item item = {.name = name->data,
                                   .name_length = name->length};

        fields->map[i] = guess = column_of(fields->names, guess, &item);
        fields->same = fields->same && guess == i;
        guess++;
    }
    fields->known = names;
    return true;
}

/* Fit a record without a walk. False where that cannot be done, or there is no
   memory. */
static bool fit_known(struct csi_fields *fields,
                      const struct cosend_record *record)
{
    const struct csi_known_fields *known;

    if (!fields->names)
        return false;
    known = csi_fields_known(record->batch, record->row);
    if (!known ||
        (fields->known != known->names && !map_names(fields, known->names)))
        return false;
    fields->fitted = fields->same ? known->cells : fields->cells;
    if (fields->same)
        return true;
    for (uint32_t i = 0; i < fields->names->count; i++)
        fields->cells[i] = csi_absent;
    for (uint32_t i = 0; i < known->names->count; i++) {
        if (fields->map[i] == CSI_NO_COLUMN)
            return false;
        fields->cells[fields->map[i]] = known->cells[i];
    }
    return true;
}

int csi_fields_fit(struct csi_fields *fields, struct csi_writer *writer,
                   const struct cosend_record *record,
                   struct cosend_error *error)
{
    return fit_known(fields, record)
               ? COSEND_OK
               : fit_walked(fields, writer, record, error);
}

void csi_fields_free(struct csi_fields *fields)
{
    csi_schema_unref(fields->names);
    csi_free(fields->cells);
    csi_free(fields->map);
    *fields = (struct csi_fields){0};
}

/* ---- The header ---------------------------------------------------------- */

static int miscounted(const struct cosend_strings *names,
                      const struct cosend_schema *columns,
                      struct cosend_error *error)
{
    char list[200] = "";

    for (uint32_t i = 0; i < columns->count; i++) {
        size_t used = strlen(list);

        snprintf(list + used, sizeof(list) - used, "%s%s", i ? ", " : "",
                 columns->columns[i].name);
    }
    return cosend_error_set(
        error, COSEND_E_USAGE, "header: %zu name%s for %u column%s (%s%s)",
        names->count, names->count == 1 ? "" : "s", columns->count,
        columns->count == 1 ? "" : "s", list,
        strlen(list) + 1 == sizeof(list) ? "..." : "");
}

int csi_header_names(const struct csi_writer *writer,
                     const struct cosend_schema *columns,
                     struct cosend_schema **header, struct cosend_error *error)
{
    const struct cosend_strings *names = &writer->options->header.names;

    if (!names->count) {
        *header = csi_schema_ref((struct cosend_schema *)(uintptr_t)columns);
        return COSEND_OK;
    }
    if (names->count != columns->count)
        return miscounted(names, columns, error);
    *header = csi_schema_new();
    for (size_t i = 0; *header && i < names->count; i++)
        if (!csi_schema_add(*header, names->items[i].data,
                            names->items[i].length, CSI_DENSE)) {
            csi_schema_unref(*header);
            *header = NULL;
        }
    return *header ? COSEND_OK : csi_no_memory(error);
}
