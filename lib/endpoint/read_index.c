/* SPDX-License-Identifier: MIT */
/*
 * A table becomes an index: each of its columns has a role, that of a part of
 * the key, of a cell of the rows, of both or of none. Of a closed table they
 * are given out once, of JSON lines whenever a field is met for the first time.
 */
#include "cosend/tables.h"

#include "base/base.h"

#include <string.h>

enum { NONE = -1 };

struct role {
    int64_t column; /* of the rows; or NONE */
    int64_t part;   /* of the key; or NONE */
    size_t label;   /* where its name is, and a NUL behind it */
};

/* A table that is read. */
struct reading {
    struct cosend_stage *self;
    const struct cosend_index_source *source;
    struct cosend_indexed *into;
    uint32_t parts;             /* of the key */
    bool open;                  /* records name their fields */
    bool only;                  /* its only column is the key */
    struct cosend_table *roles; /* by name; in order */
    struct cosend_bytes labels;
    struct cosend_bytes order;      /* struct role *, of a closed table */
    struct cosend_bytes key, cells; /* of the record in hand */
};

/* ---- Roles --------------------------------------------------------------- */

static int64_t find_name(const struct cosend_strings *names, const char *name,
                         size_t length)
{
    for (size_t i = 0; i < names->count; i++)
        if (names->items[i].length == length &&
            (!length || memcmp(names->items[i].data, name, length) == 0))
            return (int64_t)i;
    return NONE;
}

/* The role of a column, which it gets if it is met for the first time. NULL
   without memory. */
static struct role *role_of(struct reading *reading, const char *name,
                            size_t length)
{
    const struct cosend_index_source *source = reading->source;
    bool fresh;
    struct role *role = cosend_table_get(reading->roles, name, length, &fresh);

    if (!role || !fresh)
        return role;
    role->label = reading->labels.length;
    cosend_put_raw(&reading->labels, name, length);
    cosend_put_u8(&reading->labels, 0);
    role->part = reading->only ? 0 : find_name(&source->key, name, length);
    role->column = find_name(&source->columns, name, length);
    if (source->all && role->part == NONE)
        role->column = reading->into->columns++;
    return reading->labels.failed ? NULL : role;
}

static const struct role *role_at(const struct reading *reading, size_t i)
{
    const void *name;
    size_t length;

    return cosend_table_at(reading->roles, i, &name, &length);
}

static const char *label_at(const void *list, size_t i)
{
    const struct reading *reading = list;

    return (const char *)reading->labels.data + role_at(reading, i)->label;
}

/* Returns COSEND_OK where the table has all of some columns. */
static int check_names(const struct reading *reading,
                       const struct cosend_strings *names)
{
    const char *file = reading->source->read.paths.items[0].data;
    size_t count = cosend_table_count(reading->roles);

    for (size_t i = 0; i < names->count; i++) {
        const char *name = names->items[i].data, *near;

        if (cosend_table_find(reading->roles, name, names->items[i].length))
            continue;
        near = cosend_suggest(name, count, label_at, reading);
        if (!near && count)
            near = label_at(reading, 0);
        else if (near)
            return cosend_fail(reading->self, COSEND_E_COLUMN,
                               "%.200s has no column \"%.100s\"; did you mean "
                               "\"%.100s\"?",
                               file, name, near);
        return cosend_fail(
            reading->self, COSEND_E_COLUMN,
            "%.200s has no column \"%.100s\"; %s%.100s%s", file, name,
            near ? count > 1 ? "its first one is \"" : "its only one is \""
                 : "it is empty",
            near ? near : "", near ? "\"" : "");
    }
    return COSEND_OK;
}

static int check_columns(const struct reading *reading)
{
    const struct cosend_index_source *source = reading->source;
    size_t count = cosend_table_count(reading->roles);
    int status = COSEND_OK;

    if (!reading->only && !source->key.items[0].length && count)
        return cosend_fail(
            reading->self, COSEND_E_COLUMN,
            "%.200s has %zu columns: say which is compared, such "
            "as key=%.100s",
            source->read.paths.items[0].data, count, label_at(reading, 0));
    if (!reading->only)
        status = check_names(reading, &source->key);
    if (status == COSEND_OK && !source->all)
        status = check_names(reading, &source->columns);
    return status;
}

static int note_columns(const struct cosend_schema *schema, void *context)
{
    struct reading *reading = context;
    size_t count = cosend_schema_count(schema);

    reading->open = cosend_schema_open(schema);
    if (reading->open)
        return COSEND_OK;
    reading->only = reading->source->only && count == 1;
    if (reading->only)
        reading->parts = 1;
    for (size_t i = 0; i < count; i++) {
        const char *name = cosend_schema_name(schema, i);
        const struct role *role = role_of(reading, name, strlen(name));

        cosend_put_raw(&reading->order, &role, sizeof(role));
        if (!role || reading->order.failed)
            return COSEND_E_MEMORY;
    }
    return check_columns(reading);
}

/* ---- Rows ---------------------------------------------------------------- */

/* Cell i; where there are not so many yet, absent ones are added. NULL without
   memory. */
static struct cosend_cell *cell_at(struct cosend_bytes *cells, int64_t i)
{
    static const struct cosend_cell none = {NULL, 0, COSEND_ABSENT};

    while (!cells->failed && cells->length <= (size_t)i * sizeof(none))
        cosend_put_raw(cells, &none, sizeof(none));
    return cells->failed ? NULL : (struct cosend_cell *)(void *)cells->data + i;
}

/* False without memory. */
static bool set_cell(struct cosend_bytes *cells, int64_t i,
                     struct cosend_cell cell)
{
    struct cosend_cell *place = i == NONE ? NULL : cell_at(cells, i);

    if (place)
        *place = cell;
    return place || i == NONE;
}

/* The cells of a record, by their columns' roles. False without memory. */
static bool sort_cells(struct reading *reading,
                       const struct cosend_record *record)
{
    struct role *const *order = (void *)reading->order.data;
    struct cosend_item item = {0};
    struct cosend_error error = {0};

    cosend_bytes_clear(&reading->key);
    cosend_bytes_clear(&reading->cells);
    for (size_t i = 0; cosend_next_item(record, &item, &error); i++) {
        const struct role *role =
            reading->open ? role_of(reading, item.name, item.name_length)
                          : order[i];

        if (!role || !set_cell(&reading->key, role->part, item.cell) ||
            !set_cell(&reading->cells, role->column, item.cell))
            return false;
    }
    return !error.kind && cell_at(&reading->key, reading->parts) &&
           cell_at(&reading->cells, reading->into->columns);
}

static int note_record(const struct cosend_record *record, void *context)
{
    struct reading *reading = context;
    struct cosend_indexed *into = reading->into;
    const struct cosend_cell *key;
    int status;

    if (!sort_cells(reading, record))
        return COSEND_E_MEMORY;
    into->rows++;
    key = cell_at(&reading->key, 0);
    status = cosend_index_put(into->index, key, reading->parts,
                              cell_at(&reading->cells, 0), into->columns,
                              reading->source->several);
    if (status == COSEND_GOT && !into->again++)
        cosend_put_raw(&into->twice, key->data, key->length);
    return into->twice.failed ? COSEND_E_MEMORY
           : status < 0       ? status
                              : COSEND_OK;
}

/* ---- All of it ----------------------------------------------------------- */

/* The next column of the rows is called so, behind the prefix. */
static bool add_name(const struct reading *reading, const char *name,
                     size_t length)
{
    const struct cosend_string *prefix = &reading->source->prefix;
    struct cosend_bytes text = {0};
    bool ok;

    cosend_put_raw(&text, prefix->data, prefix->length);
    cosend_put_raw(&text, name, length);
    ok = !text.failed &&
         cosend_table_get(reading->into->names, text.data, text.length, NULL);
    cosend_bytes_free(&text);
    return ok;
}

/* False without memory. */
static bool name_columns(const struct reading *reading)
{
    const struct cosend_strings *chosen = &reading->source->columns;
    bool all = reading->source->all, ok = true;
    size_t count = cosend_table_count(reading->roles);

    for (size_t i = 0; ok && !all && i < chosen->count; i++)
        ok = add_name(reading, chosen->items[i].data, chosen->items[i].length);
    for (size_t i = 0; ok && all && i < count; i++)
        if (role_at(reading, i)->column != NONE)
            ok = add_name(reading, label_at(reading, i),
                          strlen(label_at(reading, i)));
    return ok;
}

static int fill_index(struct reading *reading)
{
    const struct cosend_table_reader reader = {note_columns, note_record,
                                               reading};
    int status;

    reading->roles = cosend_table_new(sizeof(struct role), NULL);
    reading->into->index = cosend_index_new(NULL);
    reading->into->names = cosend_table_new(0, NULL);
    if (!reading->roles || !reading->into->index || !reading->into->names)
        return COSEND_E_MEMORY;
    if (reading->source->ignore_case)
        cosend_index_fold(reading->into->index);
    status = cosend_read_table(reading->self, &reading->source->read, &reader);
    if (status == COSEND_OK && reading->open && reading->into->rows)
        status = check_columns(reading);
    if (status == COSEND_OK && !name_columns(reading))
        status = COSEND_E_MEMORY;
    return status;
}

/* A key, and no name twice: else COSEND_E_USAGE, with the step failed. */
static int check_source(struct cosend_stage *self,
                        const struct cosend_index_source *source)
{
    const struct cosend_strings *const lists[] = {&source->key,
                                                  &source->columns};
    struct cosend_error error = {0};

    if (CSI_CHECK_RESERVED(source, "index source", &error) < 0)
        return cosend_fail(self, COSEND_E_USAGE, "%s", error.message);
    if (!source->key.count)
        return cosend_fail(self, COSEND_E_USAGE, "an index needs a key");
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < lists[i]->count; j++) {
            const struct cosend_string *name = &lists[i]->items[j];

            if (find_name(lists[i], name->data, name->length) != (int64_t)j)
                return cosend_fail(self, COSEND_E_USAGE,
                                   "an index names \"%s\" twice", name->data);
        }
    return COSEND_OK;
}

int cosend_index_table(struct cosend_stage *self,
                       const struct cosend_index_source *source,
                       struct cosend_indexed *into)
{
    struct reading reading = {.self = self,
                              .source = source,
                              .into = into,
                              .parts = (uint32_t)source->key.count};
    int status;

    *into = (struct cosend_indexed){0};
    status = check_source(self, source);
    if (status < 0)
        return status;
    if (!source->all)
        into->columns = (uint32_t)source->columns.count;
    status = fill_index(&reading);
    cosend_table_free(reading.roles);
    cosend_bytes_free(&reading.labels);
    cosend_bytes_free(&reading.order);
    cosend_bytes_free(&reading.key);
    cosend_bytes_free(&reading.cells);
    if (status >= 0)
        return COSEND_OK;
    cosend_indexed_free(into);
    return cosend_fail(self, status,
                       status == COSEND_E_MEMORY ? "out of memory"
                                                 : "a table was not read");
}

void cosend_indexed_free(struct cosend_indexed *indexed)
{
    cosend_index_free(indexed->index);
    cosend_table_free(indexed->names);
    cosend_bytes_free(&indexed->twice);
    *indexed = (struct cosend_indexed){0};
}
