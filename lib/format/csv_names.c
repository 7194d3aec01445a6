/* SPDX-License-Identifier: MIT */
/* Names are compared in sorted order: a header may have millions. */
#include "format/csv_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct name {
    const char *data;
    size_t length;
    size_t column;
};

static int compare_text(const struct name *a, const struct name *b)
{
    size_t length = a->length < b->length ? a->length : b->length;
    int order = memcmp(a->data, b->data, length);

    if (order)
        return order;
    return (a->length > b->length) - (a->length < b->length);
}

static int compare_csv_names(const void *left, const void *right)
{
    const struct name *a = left, *b = right;
    int order = compare_text(a, b);

    return order ? order : (a->column > b->column) - (a->column < b->column);
}

static int compare_key(const void *left, const void *right)
{
    return compare_text(left, right);
}

static struct name *sorted(const struct cosend_cell *cells, size_t count)
{
    struct name *names = csi_calloc(count, sizeof(*names));

    if (!names)
        return NULL;
    for (size_t i = 0; i < count; i++)
        names[i] = (struct name){cells[i].data, cells[i].length, i};
    qsort(names, count, sizeof(*names), compare_csv_names);
    return names;
}

static void warn(const struct csi_reader *reader, const char *message)
{
    if (reader->warn)
        reader->warn(reader->context, message);
}

static bool number_empty(struct cosend_cell *cells, size_t count,
                         struct csi_arena *arena,
                         const struct csi_reader *reader)
{
    char message[96];
    bool told = false;

    for (size_t i = 0; i < count; i++) {
        enum { LONGEST = 24 };
        char *name;
        int length;

        if (cells[i].length)
            continue;
        name = csi_arena_bytes(arena, LONGEST);
        if (!name)
            return false;
        length = snprintf(name, LONGEST, "_%zu", i + 1);
        cells[i] = cosend_text(name, (size_t)length);
        if (told)
            continue;
        told = true;
        snprintf(message, sizeof(message),
                 "the header has no name for column %zu; it is called %s",
                 i + 1, name);
        warn(reader, message);
    }
    return true;
}

/* Give a cell the first name_2, name_3, ... from *suffix on that is free. */
static bool rename_cell(struct cosend_cell *cell, size_t *suffix,
                        const struct name *names, size_t count,
                        struct csi_arena *arena)
{
    size_t room = cell->length + 24;
    char *text = csi_arena_bytes(arena, room);
    struct name key = {text, 0, 0};

    if (!text)
        return false;
    memcpy(text, cell->data, cell->length);
    do {
        int digits = snprintf(text + cell->length, 24, "_%zu", (*suffix)++);

        key.length = cell->length + (size_t)digits;
    } while (bsearch(&key, names, count, sizeof(*names), compare_key));
    *cell = cosend_text(text, key.length);
    return true;
}

/* A header may not have this name once more. */
static int refuse_repeated(const struct name *name, struct cosend_error *error)
{
    return cosend_error_set(error, COSEND_E_DATA,
                            "the header has \"%.*s\" more than once, the last "
                            "time in column %zu; duplicates=rename gives each "
                            "a name of its own",
                            name->length < 50 ? (int)name->length : 50,
                            name->data, name->column + 1);
}

static int number_repeated(struct cosend_cell *cells, size_t count,
                           struct name *names, struct csi_arena *arena,
                           const struct csi_reader *reader,
                           struct cosend_error *error)
{
    char message[200];
    bool told = false;
    size_t suffix = 2;

    for (size_t i = 1; i < count; i++) {
        struct cosend_cell *cell = &cells[names[i].column];

        if (compare_text(&names[i - 1], &names[i]) != 0) {
            suffix = 2;
            continue;
        }
        if (reader->options->duplicates == COSEND_DUPLICATES_ERROR)
            return refuse_repeated(&names[i], error);
        if (!rename_cell(cell, &suffix, names, count, arena))
            return csi_no_memory(error);
        if (told)
            continue;
        told = true;
        snprintf(message, sizeof(message),
                 "the header has \"%.*s\" more than once; column %zu is "
                 "called %.*s",
                 names[i].length < 50 ? (int)names[i].length : 50,
                 names[i].data, names[i].column + 1,
                 cell->length < 60 ? (int)cell->length : 60, cell->data);
        warn(reader, message);
    }
    return COSEND_OK;
}

int csi_csv_name(struct cosend_cell *cells, size_t count,
                 struct csi_arena *arena, const struct csi_reader *reader,
                 struct cosend_error *error)
{
    struct name *names;
    int status;

    if (!number_empty(cells, count, arena, reader))
        return csi_no_memory(error);
    names = sorted(cells, count);
    if (!names)
        return csi_no_memory(error);
    status = number_repeated(cells, count, names, arena, reader, error);
    csi_free(names);
    return status;
}

static bool in_order(const struct cosend_cell *cells, size_t count,
                     const struct cosend_schema *schema)
{
    for (size_t i = 0; i < count; i++)
        if (cells[i].length != schema->columns[i].length ||
            memcmp(cells[i].data, schema->columns[i].name, cells[i].length))
            return false;
    return true;
}

static struct cosend_cell *names_of(const struct cosend_schema *schema,
                                    size_t count)
{
    struct cosend_cell *cells = csi_calloc(count, sizeof(*cells));

    for (size_t i = 0; cells && i < count; i++)
        cells[i] =
            cosend_text(schema->columns[i].name, schema->columns[i].length);
    return cells;
}

int csi_csv_map(const struct cosend_cell *cells, size_t count,
                const struct cosend_schema *schema, uint32_t *map)
{
    struct cosend_cell *known;
    struct name *here = NULL, *there = NULL;
    int status = COSEND_OK;

    for (size_t i = 0; i < count; i++)
        map[i] = (uint32_t)i;
    if (in_order(cells, count, schema))
        return COSEND_OK;
    known = names_of(schema, count);
    if (known) {
        here = sorted(cells, count);
        there = sorted(known, count);
    }
    if (!here || !there)
        status = COSEND_E_MEMORY;
    for (size_t i = 0; status == COSEND_OK && i < count; i++) {
        if (compare_text(&here[i], &there[i]) != 0)
            status = COSEND_E_DATA;
        else
            map[here[i].column] = (uint32_t)there[i].column;
    }
    csi_free(here);
    csi_free(there);
    csi_free(known);
    return status;
}
