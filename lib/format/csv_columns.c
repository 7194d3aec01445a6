/* SPDX-License-Identifier: MIT */
#include "format/csv_columns.h"

#include "format/csv_fill.h"
#include "format/csv_names.h"
#include "format/csv_walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Cells in one csi_rows at most, lest many columns take much memory. */
enum { CELLS_MAX = 1 << 18 };

unsigned long long csi_csv_line(const struct csi_rows *rows, const char *byte)
{
    const char *p = rows->block->data + rows->base;
    unsigned long long line = rows->first_line;

    if (!line)
        return 0;
    while ((p = memchr(p, '\n', (size_t)(byte - p)))) {
        line++;
        p++;
    }
    return line;
}

/* ---- The schema ---------------------------------------------------------- */

/* Whether rows may be written as they came, where the writer has the same
   delimiter and quote. */
static bool is_as_written(const struct csi_csv_rules *rules)
{
    return rules->delimiter_length == 1 && !rules->escapes && !rules->trim;
}

static bool add_further(struct cosend_schema *schema,
                        const struct cosend_schema *further)
{
    for (uint32_t i = 0; further && i < further->count; i++)
        if (csi_schema_find(schema, further->columns[i].name,
                            further->columns[i].length) == CSI_NO_COLUMN &&
            !csi_schema_add(schema, further->columns[i].name,
                            further->columns[i].length, schema->count))
            return false;
    return true;
}

/* What follows from how many columns there are. False without memory. */
static bool set_columns(struct csi_csv *reader, uint32_t count)
{
    reader->columns = count;
    reader->most = CSI_ROWS_MAX;
    if (count > CELLS_MAX / CSI_ROWS_MAX)
        reader->most = count < CELLS_MAX ? CELLS_MAX / count : 1;
    reader->map = csi_calloc(count, sizeof(*reader->map));
    for (uint32_t i = 0; reader->map && i < count; i++)
        reader->map[i] = i;
    return reader->map != NULL;
}

/* The number N of a further cell's name _N, from 1; 0 of another name. */
static uint32_t number_of(const char *name)
{
    char *end;
    unsigned long number;

    if (name[0] != '_' || name[1] < '1' || name[1] > '9')
        return 0;
    number = strtoul(name + 1, &end, 10);
    return *end || number > UINT32_MAX ? 0 : (uint32_t)number;
}

/* With ragged=keep: a column may be called as a further cell is. */
static void warn_of_further(const struct csi_csv *reader)
{
    const struct csi_schema_column *column = reader->base.schema->columns;
    char message[160];

    for (uint32_t i = 0; i < reader->columns; i++, column++) {
        uint32_t number = number_of(column->name);

        if (number <= reader->columns || !reader->base.warn)
            continue;
        snprintf(message, sizeof(message),
                 "column %u is called %.40s, and so is cell %u of a longer row",
                 i + 1, column->name, number);
        reader->base.warn(reader->base.context, message);
        return;
    }
}

static bool make_schema(struct csi_csv *reader, const struct cosend_cell *names,
                        size_t count, bool crlf)
{
    const struct csi_csv_rules *rules = &reader->rules;
    struct cosend_schema *schema = csi_schema_new();

    if (!schema || !set_columns(reader, (uint32_t)count))
        goto fail;
    for (size_t i = 0; i < count; i++)
        if (!csi_schema_add(schema, names[i].data, names[i].length,
                            (uint32_t)i))
            goto fail;
    if (!add_further(schema, reader->further) || !csi_schema_index(schema))
        goto fail;
    schema->open = reader->further != NULL;
    schema->crlf = crlf;
    schema->format = rules->tsv ? COSEND_FORMAT_TSV : COSEND_FORMAT_CSV;
    schema->delimiter = is_as_written(rules) ? rules->delimiter[0] : '\0';
    schema->quote = rules->quote;
    reader->base.schema = schema;
    if (reader->further)
        warn_of_further(reader);
    return true;

fail:
    csi_schema_unref(schema);
    return false;
}

bool csi_csv_share(struct csi_reader *base, const struct csi_reader *other)
{
    struct csi_csv *reader = (struct csi_csv *)base;
    const struct csi_csv *from = (const struct csi_csv *)other;

    if (!reader->map && !set_columns(reader, from->columns))
        return false;
    csi_reader_share_schema(base, other);
    reader->first_source = from->first_source;
    return true;
}

bool csi_csv_declare(struct csi_reader *base, const char *name)
{
    struct csi_csv *reader = (struct csi_csv *)base;

    if (!reader->further || base->schema || !number_of(name) ||
        csi_schema_find(reader->further, name, strlen(name)) != CSI_NO_COLUMN)
        return true;
    return csi_schema_add(reader->further, name, strlen(name), 0);
}

/* ---- Rows ---------------------------------------------------------------- */

/* Where each column of the schema is in a row of the file. */
static uint32_t *find_places(const struct csi_csv *reader,
                             struct csi_rows *rows)
{
    const struct cosend_schema *schema = reader->base.schema;
    uint32_t *places =
        csi_arena_get(&rows->arena, schema->count * sizeof(*places));

    if (!places)
        return NULL;
    for (uint32_t i = 0; i < reader->columns; i++)
        places[reader->map[i]] = i;
    for (uint32_t i = reader->columns; i < schema->count; i++) {
        uint32_t number = number_of(schema->columns[i].name);

        /* There is no cell of that number where the file has its column. */
        places[i] = number > reader->columns ? number - 1 : UINT32_MAX;
    }
    return places;
}

bool csi_csv_prepare(const struct csi_csv *reader, struct csi_rows *rows)
{
    const struct cosend_schema *schema = reader->base.schema;
    const struct csi_csv_rules *rules = &reader->rules;
    struct csi_csv_own own = {.quote = rules->quote,
                              .columns = reader->columns};

    rows->delimiter = rules->delimiter_length == 1 ? rules->delimiter[0] : '\0';
    rows->quote = rules->quote;
    rows->plain = csi_csv_is_plain(rules) && rules->quotes;
    rows->remapped = reader->remapped || (schema->delimiter &&
                                          schema->delimiter != rows->delimiter);
    if (reader->remapped || reader->further) {
        own.places = find_places(reader, rows);
        if (!own.places)
            return false;
    }
    return csi_csv_own(rows, &own, schema->count) &&
           (!reader->further || csi_csv_walkable(rows, schema));
}

/* ---- The header ---------------------------------------------------------- */

/* The names of a header and of the schema do not go together: say both. */
static int other_names(const struct csi_csv *reader, struct cosend_error *error)
{
    const struct cosend_schema *schema = reader->base.schema;
    struct csi_text here = {0}, there = {0};
    bool done = true;
    int status;

    for (size_t i = 0; i < reader->cells.count && here.length < 160; i++)
        done = done && csi_text_add(&here, ",", i > 0) &&
               csi_text_add(&here, reader->cells.items[i].data,
                            reader->cells.items[i].length);
    for (uint32_t i = 0; i < reader->columns && there.length < 160; i++)
        done = done && csi_text_add(&there, ",", i > 0) &&
               csi_text_add(&there, schema->columns[i].name,
                            schema->columns[i].length);
    if (done)
        status = cosend_error_set(
            error, COSEND_E_DATA,
            "its columns are %.*s, but those of %.100s are %.*s; `for f in "
            "*.csv; do cosend pass -t jsonl \"$f\"; done | cosend unsparsify "
            "-f jsonl -t csv` puts them together",
            here.length < 160 ? (int)here.length : 160, here.data,
            reader->first_source ? reader->first_source : "the first file",
            there.length < 160 ? (int)there.length : 160, there.data);
    else
        status = csi_no_memory(error);
    csi_text_free(&here);
    csi_text_free(&there);
    return status;
}

/* Bytes that may be what is between the cells of a header of one cell. */
static void warn_of_delimiter(const struct csi_csv *reader)
{
    static const char *const often[] = {";", "\t", "|", ","};
    static const char *const words[] = {"\";\"", "tab", "\"|\"", "a comma"};
    static const char *const ways[] = {
        "say input delimiter=\";\" |", "say input delimiter=tab |",
        "say input delimiter=\"|\" |", "leave delimiter out"};
    const struct cosend_cell *cell = reader->cells.items;
    char message[120];

    if (reader->cells.count != 1 || reader->rules.tsv || !reader->base.warn)
        return;
    for (int i = 0; i < 4; i++)
        if (cell->length && memchr(cell->data, *often[i], cell->length)) {
            snprintf(message, sizeof(message),
                     "its header is one column; if %s is what is between "
                     "cells, %s",
                     words[i], ways[i]);
            reader->base.warn(reader->base.context, message);
            return;
        }
}

int csi_csv_take_header(struct csi_csv *reader, struct csi_rows *rows,
                        bool crlf, struct cosend_error *error)
{
    struct csi_csv_cells *cells = &reader->cells;
    struct cosend_schema *schema = reader->base.schema;
    int status;

    reader->base.begun = true;
    status = csi_csv_name(cells->items, cells->count, &rows->arena,
                          &reader->base, error);
    if (status != COSEND_OK)
        return status;
    if (!schema) {
        reader->first_source = rows->source;
        warn_of_delimiter(reader);
        if (!make_schema(reader, cells->items, cells->count, crlf))
            return csi_no_memory(error);
        return COSEND_OK;
    }
    if (cells->count != reader->columns)
        return other_names(reader, error);
    status = csi_csv_map(cells->items, cells->count, schema, reader->map);
    if (status == COSEND_E_MEMORY)
        return csi_no_memory(error);
    if (status == COSEND_E_DATA)
        return other_names(reader, error);
    reader->remapped = false;
    for (uint32_t i = 0; i < reader->columns; i++)
        reader->remapped = reader->remapped || reader->map[i] != i;
    return COSEND_OK;
}

int csi_csv_take_names(struct csi_csv *reader, size_t count, bool crlf,
                       struct cosend_error *error)
{
    const struct cosend_strings *names = &reader->base.options->header.names;
    struct csi_arena arena = {0};
    struct cosend_cell *cells;
    int status;
    bool done;

    if (reader->base.schema)
        return COSEND_OK;
    if (names->count)
        count = names->count;
    cells = csi_arena_get(&arena, count * sizeof(*cells));
    done = cells != NULL;
    for (size_t i = 0; done && i < count; i++) {
        enum { LONGEST = 24 };
        char *name;

        if (names->count) {
            cells[i] =
                cosend_text(names->items[i].data, names->items[i].length);
            continue;
        }
        name = csi_arena_bytes(&arena, LONGEST);
        done = name != NULL;
        if (done)
            cells[i] = cosend_text(
                name, (size_t)snprintf(name, LONGEST, "%zu", i + 1));
    }
    status = done ? csi_csv_name(cells, count, &arena, &reader->base, error)
                  : csi_no_memory(error);
    if (status == COSEND_OK && !make_schema(reader, cells, count, crlf))
        status = csi_no_memory(error);
    csi_arena_free(&arena);
    return status;
}

static bool has_carriage(const struct csi_csv_cells *cells)
{
    for (size_t i = 0; i < cells->count; i++)
        if (cells->items[i].length &&
            memchr(cells->items[i].data, '\r', cells->items[i].length))
            return true;
    return false;
}

/* A header that only says what the names are leaves as it came, quotes and all:
   its bytes are kept, unless some name had to be changed. False without
   memory. */
static bool keep_header(struct csi_csv *reader, struct csi_rows *rows,
                        const char *start, size_t length)
{
    struct cosend_schema *schema = reader->base.schema;

    if (!csi_csv_parse(&reader->cells, start, length, &rows->arena))
        return false;
    if (!schema->delimiter || reader->cells.count != schema->count)
        return true;
    for (size_t i = 0; i < schema->count; i++)
        if (schema->columns[i].length != reader->cells.items[i].length ||
            memcmp(schema->columns[i].name, reader->cells.items[i].data,
                   schema->columns[i].length) != 0)
            return true;
    schema->header = csi_strndup(start, length);
    schema->header_length = length;
    return schema->header != NULL;
}

int csi_csv_begin_file(struct csi_csv *reader, struct csi_rows *rows,
                       const char *start, const char *end, const char *content,
                       bool *header, struct cosend_error *error)
{
    const struct cosend_format_options *options = reader->base.options;
    size_t length = (size_t)(content - start);
    bool crlf = csi_line_is_crlf(start, end);

    *header = options->header.first_record;
    reader->base.begun = true;
    if (!*header && !memchr(start, reader->rules.quote, length))
        csi_lines_look_for_cr(&reader->base, start, length);
    if (!*header && options->header.names.count)
        return csi_csv_take_names(reader, 0, crlf, error);
    if (options->max_record_bytes > 0 &&
        length > (size_t)options->max_record_bytes)
        return cosend_error_set(error, COSEND_E_DATA,
                                "the columns cannot be known: the first "
                                "record is longer than max_record_bytes");
    if (!csi_csv_parse(&reader->cells, start, length, &rows->arena))
        return csi_no_memory(error);
    if (*header && has_carriage(&reader->cells))
        csi_lines_warn_of_cr(&reader->base);
    if (*header && reader->base.schema)
        return csi_csv_take_header(reader, rows, crlf, error);
    if (*header) {
        int status = csi_csv_take_header(reader, rows, crlf, error);

        if (status == COSEND_OK && !keep_header(reader, rows, start, length))
            return csi_no_memory(error);
        return status;
    }
    return csi_csv_take_names(reader, reader->cells.count, crlf, error);
}
