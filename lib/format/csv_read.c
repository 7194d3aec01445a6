/* SPDX-License-Identifier: MIT */
/*
 * The CSV reader. A stretch is read in two passes: the cutter finds where
 * records end, and then, their number known, each is taken apart into its
 * columns. A record without a quote in it is split at the delimiters, its
 * cells being slices of the block; one with a quote is libcsv's. `boundaries`
 * is counted by the first pass and `records` by the second.
 */
#include "format/csv_columns.h"
#include "format/formats.h"
#include "format/lines.h"

#include <stdio.h>
#include <string.h>

/* ---- First pass ---------------------------------------------------------- */

static int cut_records(struct csi_csv *reader, struct csi_rows *rows,
                       bool final, const char **start,
                       struct cosend_error *error)
{
    const char *data = rows->block->data;
    const char *end = data + rows->block->length;
    const char *next;
    int status;

    csi_csv_stretch(&reader->cut);
    while (*start < end && rows->count < reader->most &&
           (next = csi_csv_next(&reader->cut, *start, end, final))) {
        bool header = false;

        reader->unclosed = reader->cut.state == CSI_CSV_QUOTED;
        if (csi_line_content(*start, next) == *start) {
            *start = next;
            continue;
        }
        if (!reader->ready) {
            status = csi_csv_begin_file(reader, rows, *start, next, &header,
                                        error);
            if (status != COSEND_OK)
                return status;
        }
        if (!header) {
            reader->base.boundaries++;
            if (!csi_rows_add(rows, (size_t)(*start - data),
                              (size_t)(next - data)))
                return csi_format_memory(error);
        }
        *start = next;
    }
    return COSEND_OK;
}

/* ---- Second pass --------------------------------------------------------- */

static bool make_columns(const struct csi_csv *reader,
                         struct csi_rows *rows)
{
    uint32_t count = reader->base.schema->count;
    struct cosend_cell *cells;

    rows->column_count = count;
    rows->remapped = reader->remapped;
    rows->cells = csi_arena_get(&rows->arena, count * sizeof(*rows->cells));
    cells = csi_arena_get(&rows->arena,
                          (size_t)count * rows->count * sizeof(*cells));
    if (!rows->cells || !cells)
        return false;
    for (uint32_t i = 0; i < count; i++)
        rows->cells[i] = cells + (size_t)i * rows->count;
    return true;
}

static void make_absent(struct csi_rows *rows, uint32_t row)
{
    for (uint32_t i = 0; i < rows->column_count; i++)
        rows->cells[i][row] = csi_absent;
}

static bool add_fault(struct csi_rows *rows, uint32_t row,
                      const struct csi_fault *fault)
{
    struct csi_fault *added = csi_rows_fault(rows, fault->kind, "%s",
                                             fault->reason);

    if (!added)
        return false;
    added->row = row;
    added->skip = fault->skip;
    make_absent(rows, row);
    return true;
}

static bool ragged(const struct csi_csv *reader, struct csi_rows *rows,
                   uint32_t row)
{
    size_t count = reader->cells.count;
    int option = reader->base.options->ragged;
    struct csi_fault fault = {.kind = "ragged",
                              .skip = option == COSEND_RAGGED_SKIP};

    snprintf(fault.reason, sizeof(fault.reason),
             "%zu field%s where the %s %u; see option ragged", count,
             count == 1 ? "" : "s",
             reader->base.options->header.first_record ? "header has"
                                                       : "columns are",
             (unsigned)rows->column_count);
    return add_fault(rows, row, &fault);
}

static bool store(const struct csi_csv *reader, struct csi_rows *rows,
                  uint32_t row)
{
    const struct csi_csv_cells *cells = &reader->cells;
    uint32_t columns = rows->column_count;

    if (cells->count != columns) {
        if (cells->count > columns ||
            reader->base.options->ragged != COSEND_RAGGED_PAD)
            return ragged(reader, rows, row);
        make_absent(rows, row);
    }
    for (size_t i = 0; i < cells->count; i++)
        rows->cells[reader->map[i]][row] = cells->items[i];
    return true;
}

/* The last row of a file, whose last quote is not closed. */
static bool fault_unclosed(const struct csi_csv *reader, struct csi_rows *rows,
                     uint32_t row)
{
    const char *start = rows->block->data + rows->starts[row];
    struct csi_fault fault = {.kind = "unterminated_quote"};

    snprintf(fault.reason, sizeof(fault.reason),
             "the quote that opened in line %llu is not closed",
             csi_csv_quote_line(reader, rows, start));
    return add_fault(rows, row, &fault);
}

static bool parse_records(struct csi_csv *reader, struct csi_rows *rows)
{
    const char *data = rows->block->data, *quote = NULL;
    const char *end;

    if (!rows->count)
        return true;
    if (!make_columns(reader, rows))
        return false;
    end = data + rows->ends[rows->count - 1];
    for (uint32_t row = 0; row < rows->count; row++) {
        const char *start, *stop;
        size_t length;

        reader->base.records++;
        if (reader->unclosed && row == rows->count - 1)
            return fault_unclosed(reader, rows, row);
        csi_rows_content(rows, row, &start, &length);
        stop = start + length;
        if (!quote || quote < start) {
            quote = memchr(start, reader->cut.quote, (size_t)(end - start));
            if (!quote)
                quote = end;
        }
        if (!csi_csv_parse(&reader->cells, start, length, quote < stop,
                           &rows->arena) ||
            !store(reader, rows, row))
            return false;
    }
    return true;
}

/* ---- The reader ---------------------------------------------------------- */

static int cut(struct csi_reader *base, struct csi_rows *rows, bool final,
               size_t *consumed, struct cosend_error *error)
{
    struct csi_csv *reader = (struct csi_csv *)base;
    const char *first = rows->block->data + rows->base;
    const char *end = rows->block->data + rows->block->length;
    const char *start = csi_lines_begin(&reader->lines, first, end, final);
    int status;

    *consumed = 0;
    if (!start)
        return COSEND_OK;
    status = cut_records(reader, rows, final, &start, error);
    if (status != COSEND_OK)
        return status;
    *consumed = (size_t)(start - first);
    if (!parse_records(reader, rows))
        return csi_format_memory(error);
    if (final && start == end && base->options->header.names.count)
        return csi_csv_take_names(reader, 0, false, error);
    return COSEND_OK;
}

static int overflow(struct csi_reader *base, struct csi_rows *rows,
                    size_t *consumed, struct cosend_error *error)
{
    struct csi_csv *reader = (struct csi_csv *)base;
    const struct cosend_header *option = &base->options->header;
    const char *record = rows->block->data + rows->base;
    char hint[80] = "";
    int status;

    if (!reader->ready && (option->first_record || !option->names.count))
        return cosend_error_set(error, COSEND_E_DATA,
                                "the columns cannot be known: the first "
                                "record is longer than max_record_bytes");
    status = csi_csv_take_names(reader, 0, false, error);
    if (status != COSEND_OK)
        return status;
    reader->ready = true;
    if (reader->cut.scanned && reader->cut.state == CSI_CSV_QUOTED)
        snprintf(hint, sizeof(hint),
                 "; the quote that opened in line %llu is not closed",
                 csi_csv_quote_line(reader, rows, record));
    csi_csv_restart(&reader->cut);
    status = csi_lines_overflow(&reader->lines, base, rows, consumed, hint,
                                error);
    if (status != COSEND_OK)
        return status;
    if (!make_columns(reader, rows))
        return csi_format_memory(error);
    make_absent(rows, rows->count - 1);
    return COSEND_OK;
}

static void next_file(struct csi_reader *base)
{
    struct csi_csv *reader = (struct csi_csv *)base;

    reader->lines = (struct csi_lines){0};
    csi_csv_restart(&reader->cut);
    reader->ready = false;
    reader->unclosed = false;
}

static void restart(struct csi_reader *base)
{
    csi_csv_restart(&((struct csi_csv *)base)->cut);
}

/* The cutter, over again; it is of use where other threads parse. */
static const char *border(const struct csi_reader *base, const char *start,
                          const char *end)
{
    struct csi_csv_cut cut = ((const struct csi_csv *)base)->cut;
    const char *next;

    csi_csv_restart(&cut);
    csi_csv_stretch(&cut);
    while (start < end && (next = csi_csv_next(&cut, start, end, false)))
        start = next;
    return start;
}

static bool adopt(struct csi_reader *base, const struct csi_reader *other)
{
    struct csi_csv *reader = (struct csi_csv *)base;
    const struct csi_csv *from = (const struct csi_csv *)other;
    uint32_t count = other->schema->count;

    if (!reader->map)
        reader->map = csi_calloc(count, sizeof(*reader->map));
    if (!reader->map)
        return false;
    if (count)
        memcpy(reader->map, from->map, count * sizeof(*reader->map));
    csi_csv_restart(&reader->cut);
    csi_reader_share_schema(base, other);
    reader->lines = (struct csi_lines){.begun = true};
    reader->ready = true;
    reader->unclosed = false;
    reader->remapped = from->remapped;
    reader->most = from->most;
    reader->first_source = from->first_source;
    return true;
}

static void free_reader(struct csi_reader *base)
{
    struct csi_csv *reader = (struct csi_csv *)base;

    csi_csv_cells_free(&reader->cells);
    csi_schema_unref(base->schema);
    csi_free(reader->map);
    csi_free(reader);
}

static const struct csi_reader_ops ops = {
    .cut = cut,
    .overflow = overflow,
    .next_file = next_file,
    .restart = restart,
    .border = border,
    .adopt = adopt,
    .free = free_reader};

struct csi_reader *csi_csv_reader(const struct cosend_format_options *options,
                                  struct cosend_error *error)
{
    struct csi_csv *reader;
    char delimiter, quote;

    if (!csi_csv_bytes(options, &delimiter, &quote, error))
        return NULL;
    reader = csi_calloc(1, sizeof(*reader));
    if (!reader) {
        csi_format_memory(error);
        return NULL;
    }
    reader->base.ops = &ops;
    reader->base.options = options;
    reader->cut.delimiter = delimiter;
    reader->cut.quote = quote;
    reader->most = CSI_ROWS_MAX;
    if (!csi_csv_cells_init(&reader->cells, delimiter, quote)) {
        csi_format_memory(error);
        free_reader(&reader->base);
        return NULL;
    }
    return &reader->base;
}
