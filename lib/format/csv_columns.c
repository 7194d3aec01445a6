/* SPDX-License-Identifier: MIT */
#include "format/csv_columns.h"

#include "format/csv_names.h"

#include <stdio.h>
#include <string.h>

/* Cells in one csi_rows at most, lest many columns take much memory. */
enum { CELLS_MAX = 1 << 18 };

unsigned long long csi_csv_quote_line(const struct csi_csv *reader,
                                      const struct csi_rows *rows,
                                      const char *record)
{
    const char *p = rows->block->data + rows->base;
    const char *quote = record + reader->cut.opened;
    unsigned long long line = rows->first_line;

    while ((p = memchr(p, '\n', (size_t)(quote - p)))) {
        line++;
        p++;
    }
    return line;
}

static bool make_schema(struct csi_csv *reader, const struct cosend_cell *names,
                        size_t count, bool crlf)
{
    struct cosend_schema *schema = csi_schema_new();

    reader->map = csi_calloc(count, sizeof(*reader->map));
    if (!schema || !reader->map)
        goto fail;
    for (size_t i = 0; i < count; i++) {
        reader->map[i] = (uint32_t)i;
        if (!csi_schema_add(schema, names[i].data, names[i].length,
                            (uint32_t)i))
            goto fail;
    }
    schema->crlf = crlf;
    schema->format = reader->cut.tsv ? COSEND_FORMAT_TSV : COSEND_FORMAT_CSV;
    schema->delimiter = reader->cut.delimiter;
    schema->quote = reader->cut.quote;
    reader->base.schema = schema;
    reader->most = CSI_ROWS_MAX;
    if (count > CELLS_MAX / CSI_ROWS_MAX)
        reader->most = count < CELLS_MAX ? (uint32_t)(CELLS_MAX / count) : 1;
    return true;

fail:
    csi_schema_unref(schema);
    return false;
}

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
    for (uint32_t i = 0; i < schema->count && there.length < 160; i++)
        done = done && csi_text_add(&there, ",", i > 0) &&
               csi_text_add(&there, schema->columns[i].name,
                            schema->columns[i].length);
    if (done)
        status = cosend_error_set(
            error, COSEND_E_DATA,
            "its columns are %.*s, but those of %.100s are %.*s",
            here.length < 160 ? (int)here.length : 160, here.data,
            reader->first_source ? reader->first_source : "the first file",
            there.length < 160 ? (int)there.length : 160, there.data);
    else
        status = csi_no_memory(error);
    csi_text_free(&here);
    csi_text_free(&there);
    return status;
}

/* cells holds a header: the first file's, or another's. */
static int take_header(struct csi_csv *reader, struct csi_rows *rows, bool crlf,
                       struct cosend_error *error)
{
    struct csi_csv_cells *cells = &reader->cells;
    struct cosend_schema *schema = reader->base.schema;
    int status;

    if (!csi_csv_name(cells->items, cells->count, &rows->arena, &reader->base))
        return csi_no_memory(error);
    if (!schema) {
        reader->first_source = rows->source;
        if (!make_schema(reader, cells->items, cells->count, crlf))
            return csi_no_memory(error);
        return COSEND_OK;
    }
    status = csi_csv_map(cells->items, cells->count, schema, reader->map);
    if (status == COSEND_E_MEMORY)
        return csi_no_memory(error);
    if (status == COSEND_E_DATA)
        return other_names(reader, error);
    reader->remapped = false;
    for (uint32_t i = 0; i < schema->count; i++)
        reader->remapped = reader->remapped || reader->map[i] != i;
    return COSEND_OK;
}

int csi_csv_take_names(struct csi_csv *reader, size_t count, bool crlf,
                       struct cosend_error *error)
{
    const struct cosend_strings *names = &reader->base.options->header.names;
    struct csi_arena arena = {0};
    struct cosend_cell *cells;
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
    done = done && csi_csv_name(cells, count, &arena, &reader->base) &&
           make_schema(reader, cells, count, crlf);
    csi_arena_free(&arena);
    return done ? COSEND_OK : csi_no_memory(error);
}

/* All of the file is one line, with a CR in it. */
static void warn_of_cr(const struct csi_reader *reader)
{
    if (reader->warn)
        reader->warn(reader->context,
                     "there is no line feed in it: if its lines end in CR "
                     "alone, run it through tr '\\r' '\\n'");
}

int csi_csv_begin_file(struct csi_csv *reader, struct csi_rows *rows,
                       const char *start, const char *end, bool *header,
                       struct cosend_error *error)
{
    const struct cosend_header *option = &reader->base.options->header;
    const char *stop = csi_line_content(start, end);
    size_t length = (size_t)(stop - start);
    bool crlf = csi_line_is_crlf(start, end);

    *header = option->first_record;
    reader->ready = true;
    if (stop == end && length && memchr(start, '\r', length - 1))
        warn_of_cr(&reader->base);
    if (!option->first_record && option->names.count)
        return csi_csv_take_names(reader, 0, crlf, error);
    if (reader->unclosed)
        return cosend_error_set(
            error, COSEND_E_DATA,
            "the columns cannot be known: a quote that opened in line %llu "
            "is not closed",
            csi_csv_quote_line(reader, rows, start));
    if (!csi_csv_parse(&reader->cells, start, length, &rows->arena))
        return csi_no_memory(error);
    if (option->first_record)
        return take_header(reader, rows, crlf, error);
    return csi_csv_take_names(reader, reader->cells.count, crlf, error);
}
