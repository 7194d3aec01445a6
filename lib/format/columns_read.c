/* SPDX-License-Identifier: MIT */
/*
 * Lines of words, with blanks and tabs between, as ps, df and ls -l print them.
 * The first line has the names, unless they are given or there are none: then
 * they are 1, 2, 3. What is wanted of a line is as many words as there are
 * columns; with `rest` the last column is all that is left of the line, blanks
 * included. There are no quotes, so no cell is empty. nidx is the same without
 * names, whatever the first line holds.
 */
#include "format/columns_read.h"

#include "format/csv_names.h"
#include "format/line_reader.h"

#include <stdio.h>
#include <string.h>

struct columns_reader {
    struct csi_line_reader line; /* first */
    int format;                  /* COSEND_FORMAT_COLUMNS or _NIDX */
    uint32_t count;              /* of columns; 0: not known yet */
    uint32_t *map;               /* word -> column, of this file */
    bool headed;                 /* this file's names are behind */
};

static bool is_gap(char c)
{
    return c == ' ' || c == '\t';
}

/* The word at or behind *p; of no bytes where there is none. */
static struct cosend_cell next_word(const char **p, const char *end)
{
    const char *start;

    while (*p < end && is_gap(**p))
        ++*p;
    start = *p;
    while (*p < end && !is_gap(**p))
        ++*p;
    return cosend_text(start, (size_t)(*p - start));
}

static uint32_t count_words(const char *p, const char *end)
{
    uint32_t count = 0;

    while (next_word(&p, end).length)
        count++;
    return count;
}

static bool is_blank_row(const char *p, const char *end)
{
    end = csi_line_content(p, end);
    return next_word(&p, end).length == 0;
}

/* ---- Names --------------------------------------------------------------- */

static bool set_names(struct columns_reader *reader,
                      const struct cosend_cell *names, uint32_t count,
                      bool crlf)
{
    struct cosend_schema *schema = csi_schema_new();

    reader->line.base.schema = schema;
    reader->map = csi_calloc((size_t)count + 1, sizeof(*reader->map));
    if (!schema || !reader->map)
        return false;
    reader->count = count;
    schema->format = reader->format;
    schema->crlf = crlf;
    for (uint32_t i = 0; i < count; i++) {
        reader->map[i] = i;
        if (!csi_schema_add(schema, names[i].data, names[i].length, i))
            return false;
    }
    return csi_schema_index(schema);
}

/* Whether a file's first line has the names. */
static bool is_headed(const struct columns_reader *reader)
{
    return reader->format == COSEND_FORMAT_COLUMNS &&
           reader->line.base.options->header.first_record;
}

/* Names that the options give, or numbers. `words`: of the first line. */
static bool make_names(struct columns_reader *reader, uint32_t words, bool crlf,
                       struct csi_arena *arena)
{
    const struct cosend_strings *given =
        &reader->line.base.options->header.names;
    uint32_t count = given->count ? (uint32_t)given->count : words;
    struct cosend_cell *names =
        csi_arena_get(arena, ((size_t)count + 1) * sizeof(*names));

    for (uint32_t i = 0; names && i < count; i++) {
        char *name = csi_arena_bytes(arena, 12);

        if (!name)
            return false;
        names[i] =
            given->count
                ? cosend_text(given->items[i].data, given->items[i].length)
                : cosend_text(name, (size_t)snprintf(name, 12, "%u", i + 1));
    }
    return names && set_names(reader, names, count, crlf);
}

/* The line of the names leaves as it came, unless one had to be changed. False
   without memory. */
static bool keep_header(struct cosend_schema *schema,
                        const struct cosend_cell *names, const char *line,
                        size_t length)
{
    for (uint32_t i = 0; i < schema->count; i++)
        if (names[i].data < line || names[i].data >= line + length)
            return true;
    schema->header = csi_strndup(line, length);
    schema->header_length = length;
    return schema->header != NULL;
}

/* A later file has the same names, in whatever order. */
static int map_names(struct columns_reader *reader,
                     const struct cosend_cell *names, uint32_t count,
                     struct cosend_error *error)
{
    struct csi_reader *base = &reader->line.base;
    int status = COSEND_E_DATA;

    if (reader->count == count)
        status = csi_csv_map(names, count, base->schema, reader->map);
    if (status == COSEND_E_MEMORY)
        return csi_no_memory(error);
    return status == COSEND_OK
               ? status
               : cosend_error_set(error, status,
                                  "its columns are not those of the first "
                                  "file, in whatever order");
}

/* The first line of a file has the names. */
static int take_names(struct columns_reader *reader, struct csi_rows *rows,
                      struct cosend_error *error)
{
    struct csi_reader *base = &reader->line.base;
    const char *p, *end;
    size_t length;
    uint32_t count;
    struct cosend_cell *names;
    int status;

    csi_rows_content(rows, 0, &p, &length);
    end = p + length;
    csi_lines_look_for_cr(base, p, length);
    count = count_words(p, end);
    names = csi_arena_get(&rows->arena, ((size_t)count + 1) * sizeof(*names));
    if (!names)
        return csi_no_memory(error);
    for (uint32_t i = 0; i < count; i++)
        names[i] = next_word(&p, end);
    status = csi_csv_name(names, count, &rows->arena, base, error);
    if (status != COSEND_OK)
        return status;
    if (base->schema)
        return map_names(reader, names, count, error);
    return set_names(reader, names, count, end[0] == '\r') &&
                   keep_header(base->schema, names, end - length, length)
               ? COSEND_OK
               : csi_no_memory(error);
}

/* Take the first row away, which was no record. */
static void drop_first(struct columns_reader *reader, struct csi_rows *rows)
{
    rows->count--;
    memmove(rows->starts, rows->starts + 1,
            rows->count * sizeof(*rows->starts));
    memmove(rows->ends, rows->ends + 1, rows->count * sizeof(*rows->ends));
    reader->line.base.boundaries--;
}

/* What is at a file's start. */
static int begin_columns(struct columns_reader *reader, struct csi_rows *rows,
                         bool final, struct cosend_error *error)
{
    struct csi_reader *base = &reader->line.base;
    int status = COSEND_OK;

    if (!reader->headed && rows->count && is_headed(reader)) {
        if (reader->line.lines.given_up && rows->count == 1)
            return cosend_error_set(error, COSEND_E_DATA,
                                    "its first line, which should have the "
                                    "names, is too long");
        status = take_names(reader, rows, error);
        if (status == COSEND_OK)
            drop_first(reader, rows);
        reader->headed = true;
    }
    if (status == COSEND_OK && !base->schema && (rows->count || final)) {
        const char *start = "";
        size_t length = 0;

        if (rows->count)
            csi_rows_content(rows, 0, &start, &length);
        csi_lines_look_for_cr(base, start, length);
        if (!make_names(reader, count_words(start, start + length),
                        start[length] == '\r', &rows->arena))
            return csi_no_memory(error);
    }
    reader->headed |= !is_headed(reader);
    return status;
}

/* ---- Cells --------------------------------------------------------------- */

/* A line of another number of words. False without memory. */
static bool add_ragged(const struct columns_reader *reader,
                       struct csi_rows *rows, uint32_t row, uint32_t words)
{
    struct csi_fault *fault = csi_rows_fault(
        rows, "ragged", "%u word%s where the columns are %u%s", words,
        words == 1 ? "" : "s", reader->count,
        words > reader->count
            ? "; with rest=true the last one has all that is left"
            : "; with ragged=pad it is filled up");

    if (!fault)
        return false;
    fault->row = row;
    fault->skip = reader->line.base.options->ragged == COSEND_RAGGED_SKIP;
    return true;
}

static bool cut_words(const struct columns_reader *reader,
                      struct csi_rows *rows, uint32_t row)
{
    const struct cosend_format_options *options = reader->line.base.options;
    bool truncates = options->ragged == COSEND_RAGGED_TRUNCATE;
    bool pads = truncates || options->ragged == COSEND_RAGGED_PAD;
    const char *p, *end;
    size_t length;
    uint32_t words = 0;

    csi_rows_content(rows, row, &p, &length);
    end = p + length;
    for (; words < reader->count; words++) {
        struct cosend_cell word = next_word(&p, end);

        if (!word.length)
            break;
        if (options->rest && words + 1 == reader->count) {
            while (is_gap(end[-1]))
                end--;
            word.length = (uint32_t)(end - word.data);
            p = end;
        }
        rows->cells[reader->map[words]][row] = word;
    }
    for (uint32_t i = words; i < reader->count; i++)
        rows->cells[reader->map[i]][row] = csi_absent;
    words += words < reader->count ? 0 : count_words(p, end);
    if (words == reader->count)
        return true;
    if (words < reader->count ? pads : truncates)
        return csi_rows_reshape(rows, row);
    return add_ragged(reader, rows, row, words);
}

static bool fill_columns(struct columns_reader *reader, struct csi_rows *rows)
{
    rows->column_count = reader->count;
    rows->remapped = false;
    rows->cells =
        csi_arena_get(&rows->arena, (reader->count + 1) * sizeof(*rows->cells));
    if (!rows->cells)
        return false;
    for (uint32_t i = 0; i < reader->count; i++) {
        rows->cells[i] = csi_arena_get(&rows->arena, (rows->count + 1) *
                                                         sizeof(**rows->cells));
        if (!rows->cells[i])
            return false;
        rows->remapped |= reader->map[i] != i;
    }
    for (uint32_t row = 0; row < rows->count; row++)
        if (!cut_words(reader, rows, row))
            return false;
    reader->line.base.records += rows->count;
    return true;
}

static int cut_columns(struct csi_reader *base, struct csi_rows *rows,
                       bool final, size_t *consumed, struct cosend_error *error)
{
    struct columns_reader *reader = (struct columns_reader *)base;
    int status = csi_line_reader_cut(&reader->line, rows, final, consumed,
                                     is_blank_row, error);

    if (status == COSEND_OK)
        status = begin_columns(reader, rows, final, error);
    base->begun = base->begun && reader->headed && base->schema;
    if (status == COSEND_OK && base->schema &&
        (!fill_columns(reader, rows) ||
         !csi_line_reader_end(&reader->line, rows)))
        return csi_no_memory(error);
    return status;
}

/* ---- The reader ---------------------------------------------------------- */

static void next_columns_file(struct csi_reader *base)
{
    csi_line_reader_next_file(base);
    ((struct columns_reader *)base)->headed = false;
}

static bool share_columns(struct csi_reader *base,
                          const struct csi_reader *other)
{
    struct columns_reader *reader = (struct columns_reader *)base;
    const struct columns_reader *from = (const struct columns_reader *)other;

    if (reader->count != from->count || !reader->map) {
        csi_free(reader->map);
        reader->count = from->count;
        reader->map = csi_calloc((size_t)from->count + 1, sizeof(*reader->map));
        if (!reader->map)
            return false;
    }
    for (uint32_t i = 0; i < from->count; i++)
        reader->map[i] = i;
    csi_reader_share_schema(base, other);
    return true;
}

static bool copy_columns_state(struct csi_reader *base,
                               const struct csi_reader *other)
{
    struct columns_reader *reader = (struct columns_reader *)base;
    const struct columns_reader *from = (const struct columns_reader *)other;

    if (!share_columns(base, other) || !csi_line_reader_copy_state(base, other))
        return false;
    memcpy(reader->map, from->map, from->count * sizeof(*reader->map));
    reader->headed = true;
    return true;
}

static void free_columns_reader(struct csi_reader *base)
{
    csi_schema_unref(base->schema);
    csi_free(((struct columns_reader *)base)->map);
    csi_free(base);
}

static const struct csi_reader_ops ops = {.cut = cut_columns,
                                          .next_file = next_columns_file,
                                          .restart = csi_line_reader_restart,
                                          .share = share_columns,
                                          .border = csi_line_reader_border,
                                          .next = csi_line_reader_next,
                                          .copy_state = copy_columns_state,
                                          .free = free_columns_reader};

static struct csi_reader *
new_columns_reader(const struct cosend_format_options *options, int format,
                   struct cosend_error *error)
{
    struct columns_reader *reader = csi_calloc(1, sizeof(*reader));

    if (!reader) {
        csi_no_memory(error);
        return NULL;
    }
    csi_line_reader_init(&reader->line, &ops, options);
    reader->format = format;
    return &reader->line.base;
}

struct csi_reader *
csi_columns_reader(const struct cosend_format_options *options,
                   struct cosend_error *error)
{
    return new_columns_reader(options, COSEND_FORMAT_COLUMNS, error);
}

struct csi_reader *csi_nidx_reader(const struct cosend_format_options *options,
                                   struct cosend_error *error)
{
    return new_columns_reader(options, COSEND_FORMAT_NIDX, error);
}
