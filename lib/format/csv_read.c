/* SPDX-License-Identifier: MIT */
/*
 * The CSV reader. Records are found by the index (csv_index.h), and with them
 * where their cells end; a column's cells come into being when somebody asks
 * for them, by arithmetic on these marks. They are slices of the block, but for
 * those in which a quote is doubled.
 *
 * A record that the index cannot be sure of is the cutter's and libcsv's; that
 * one, and any that has another number of cells than there are columns, is kept
 * aside as its cells. What is not a record at all is a fault.
 */
#include "format/csv_columns.h"
#include "format/csv_index.h"
#include "format/formats.h"
#include "format/line_reader.h"
#include "record/byte_bitmaps.h"

#include <stdio.h>
#include <string.h>

/* A record whose cells are not to be had from its marks. */
struct aside {
    uint32_t row;
    struct cosend_cell *cells; /* by column of the file; NULL: none */
};

/* What fill goes by. */
struct own {
    char quote;
    bool quoted;            /* some cell has a quote */
    bool escaped;           /* TSV: or a backslash */
    const uint32_t *places; /* column of the schema -> of the file, or NULL */
    struct aside *aside;    /* by row */
    size_t aside_count, aside_capacity;
};

/* ---- Cells from marks ---------------------------------------------------- */

/* The cell between two quotes: a slice, unless a quote in it is doubled. */
static bool unquote(struct csi_arena *arena, char quote,
                    struct cosend_cell *cell)
{
    const char *p = cell->data + 1, *end = cell->data + cell->length - 1;
    char *to;

    *cell = cosend_text(p, (size_t)(end - p));
    if (!memchr(p, quote, (size_t)(end - p)))
        return true;
    to = csi_arena_bytes(arena, (size_t)(end - p));
    if (!to)
        return false;
    cell->data = to;
    while (p < end) {
        *to++ = *p;
        p += 1 + (*p == quote);
    }
    cell->length = (uint32_t)(to - cell->data);
    return true;
}

/* The cells of rows [from, to) in one of the file's columns. */
static bool fill_rows(struct csi_rows *rows, uint32_t place,
                      struct cosend_cell *cells, uint32_t from, uint32_t to)
{
    const struct own *own = rows->own;
    const uint32_t *marks = rows->marks + place, *first = rows->first_mark;
    const char *data = rows->block->data;
    bool last = place == rows->column_count - 1, quoted = own->quoted;
    bool escaped = own->escaped;
    char quote = own->quote;

    for (uint32_t row = from; row < to; row++) {
        const uint32_t *mark = marks + first[row];
        uint32_t start = place ? mark[-1] + 1 : rows->starts[row];
        uint32_t end = *mark;

        end -= last && end > start && data[end - 1] == '\r';
        cells[row] = cosend_text(data + start, end - start);
        if (quoted && data[start] == quote &&
            !unquote(&rows->arena, quote, &cells[row]))
            return false;
        if (escaped && !csi_tsv_unescape(&rows->arena, &cells[row]))
            return false;
    }
    return true;
}

static bool fill(struct csi_rows *rows, uint32_t column)
{
    const struct own *own = rows->own;
    uint32_t place = own->places ? own->places[column] : column, row = 0;
    struct cosend_cell *cells =
        csi_arena_get(&rows->arena, rows->count * sizeof(*cells));

    if (!cells)
        return false;
    for (size_t i = 0; i < own->aside_count; i++) {
        const struct aside *aside = &own->aside[i];

        if (!fill_rows(rows, place, cells, row, aside->row))
            return false;
        cells[aside->row] = aside->cells ? aside->cells[place] : csi_absent;
        row = aside->row + 1;
    }
    if (!fill_rows(rows, place, cells, row, rows->count))
        return false;
    rows->cells[column] = cells;
    return true;
}

/* ---- Rows ---------------------------------------------------------------- */

static bool find_places(const struct csi_csv *reader, struct csi_rows *rows,
                        struct own *own)
{
    uint32_t *places;

    if (!reader->remapped)
        return true;
    places = csi_arena_get(&rows->arena, rows->column_count * sizeof(*places));
    for (uint32_t i = 0; places && i < rows->column_count; i++)
        places[reader->map[i]] = i;
    own->places = places;
    return places != NULL;
}

/* Make rows ones of this file's columns. */
static struct own *prepare(const struct csi_csv *reader, struct csi_rows *rows)
{
    uint32_t count = reader->base.schema->count;
    struct own *own = csi_arena_get(&rows->arena, sizeof(*own));

    if (!own)
        return NULL;
    *own = (struct own){.quote = reader->cut.quote};
    rows->own = own;
    rows->fill = fill;
    rows->clean = true;
    rows->delimiter = reader->cut.delimiter;
    rows->quote = reader->cut.quote;
    rows->column_count = count;
    rows->remapped = reader->remapped;
    rows->cells = csi_arena_get(&rows->arena, count * sizeof(*rows->cells));
    if (!rows->cells || !find_places(reader, rows, own))
        return NULL;
    for (uint32_t i = 0; i < count; i++)
        rows->cells[i] = NULL;
    return own;
}

/* ---- Records aside ------------------------------------------------------- */

/* Keep the last `count` cells that were parsed as those of a row. */
static bool put_aside(struct csi_rows *rows, uint32_t row,
                      const struct cosend_cell *cells, size_t count)
{
    struct own *own = rows->own;
    struct aside *aside;

    if (own->aside_count == own->aside_capacity) {
        size_t capacity = own->aside_capacity ? 2 * own->aside_capacity : 8;

        aside = csi_arena_get(&rows->arena, capacity * sizeof(*aside));
        if (!aside)
            return false;
        if (own->aside_count)
            memcpy(aside, own->aside, own->aside_count * sizeof(*aside));
        own->aside = aside;
        own->aside_capacity = capacity;
    }
    aside = &own->aside[own->aside_count++];
    *aside = (struct aside){row, NULL};
    if (!cells)
        return true;
    aside->cells =
        csi_arena_get(&rows->arena, rows->column_count * sizeof(*cells));
    if (!aside->cells)
        return false;
    for (uint32_t i = 0; i < rows->column_count; i++)
        aside->cells[i] = i < count ? cells[i] : csi_absent;
    rows->ragged = rows->ragged || count < rows->column_count;
    return true;
}

static bool add_fault(struct csi_rows *rows, uint32_t row,
                      const struct csi_fault *fault)
{
    struct csi_fault *added =
        csi_rows_fault(rows, fault->kind, "%s", fault->reason);

    if (!added)
        return false;
    added->row = row;
    added->skip = fault->skip;
    return put_aside(rows, row, NULL, 0);
}

static bool ragged(const struct csi_csv *reader, struct csi_rows *rows,
                   uint32_t row, size_t count)
{
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

/* Have libcsv take a row apart. */
static bool parse_aside(struct csi_csv *reader, struct csi_rows *rows,
                        uint32_t row)
{
    struct csi_csv_cells *cells = &reader->cells;
    const char *start;
    size_t length;

    csi_rows_content(rows, row, &start, &length);
    if (!csi_csv_parse(cells, start, length, &rows->arena))
        return false;
    if (cells->count > rows->column_count ||
        (cells->count < rows->column_count &&
         reader->base.options->ragged != COSEND_RAGGED_PAD))
        return ragged(reader, rows, row, cells->count);
    return put_aside(rows, row, cells->items, cells->count);
}

/* Rows [from, count) are just indexed: which have another number of cells? */
static bool judge(struct csi_csv *reader, struct csi_rows *rows, uint32_t from)
{
    uint32_t columns = rows->column_count;

    for (uint32_t row = from; row < rows->count; row++) {
        uint32_t last = rows->ends[row] - 1, place = rows->first_mark[row];

        /* The cell in which the last column ends, ends the record. */
        if (place + columns <= rows->mark_count &&
            rows->marks[place + columns - 1] == last)
            continue;
        if (!parse_aside(reader, rows, row))
            return false;
    }
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

/* ---- Cutting ------------------------------------------------------------- */

/* One record by the cutter. *next is NULL where it is not whole yet. */
static const char *cut_one(struct csi_csv *reader, const char *start,
                           const char *end, bool final)
{
    const char *next;

    csi_csv_restart(&reader->cut);
    csi_csv_stretch(&reader->cut);
    next = csi_csv_next(&reader->cut, start, end, final);
    if (next)
        reader->unclosed = reader->cut.state == CSI_CSV_QUOTED;
    return next;
}

/* The header, if one is due, and what is blank before the first record. */
static int cut_header(struct csi_csv *reader, struct csi_rows *rows,
                      const char **start, const char *end, bool final,
                      struct cosend_error *error)
{
    const char *next;
    bool header = false;
    int status;

    while (!reader->ready && *start < end &&
           (next = cut_one(reader, *start, end, final))) {
        if (csi_line_content(*start, next) > *start) {
            status =
                csi_csv_begin_file(reader, rows, *start, next, &header, error);
            if (status != COSEND_OK)
                return status;
            if (!header)
                break;
        }
        *start = next;
    }
    return COSEND_OK;
}

/* The record at *start, which is odd or the last one of a file. False without
   memory; *start stays where it is not whole. */
static bool cut_aside(struct csi_csv *reader, struct csi_rows *rows,
                      const char **start, const char *end, bool final)
{
    const char *data = rows->block->data;
    const char *next = cut_one(reader, *start, end, final);

    if (!next)
        return true;
    if (csi_line_content(*start, next) > *start) {
        if (!csi_rows_add(rows, (size_t)(*start - data), (size_t)(next - data)))
            return false;
        rows->first_mark[rows->count - 1] = 0;
        if (reader->unclosed ? !fault_unclosed(reader, rows, rows->count - 1)
                             : !parse_aside(reader, rows, rows->count - 1))
            return false;
    }
    *start = next;
    return true;
}

static bool cut_records(struct csi_csv *reader, struct csi_rows *rows,
                        const char **start, const char *end, bool final)
{
    struct csi_csv_index index = {.delimiter = reader->cut.delimiter,
                                  .quote = reader->cut.quote,
                                  .tsv = reader->cut.tsv,
                                  .end = end,
                                  .most = reader->most};
    struct own *own = prepare(reader, rows);
    const char *first = *start, *before;

    if (!own)
        return false;
    do {
        uint32_t from = rows->count;

        index.start = *start;
        if (!csi_csv_index(&index, rows) || !judge(reader, rows, from))
            return false;
        *start = before = index.start;
        if (rows->count < reader->most && *start < end &&
            (index.odd || final) && !cut_aside(reader, rows, start, end, final))
            return false;
    } while (*start > before && *start < end && rows->count < reader->most);
    own->quoted = index.quoted;
    own->escaped = reader->cut.tsv &&
                   memchr(first, '\\', (size_t)(*start - first)) != NULL;
    return true;
}

/* ---- The ledger's second count ------------------------------------------- */

static bool is_blank(const char *p, const char *end)
{
    while (p < end && (*p == '\n' || *p == '\r'))
        p++;
    return p == end;
}

/*
 * How many records there are by another way than the rows were made: they lie
 * one behind the other up to `end`, with nothing but blank lines between them,
 * or else one was lost there.
 */
static uint64_t count_boundaries(const struct csi_rows *rows, const char *end)
{
    const uint32_t *starts = rows->starts, *ends = rows->ends;
    const char *data = rows->block->data;
    uint32_t count = rows->count, gaps = 0;
    uint64_t lost = 0;

    if (!count)
        return 0;
    for (uint32_t row = 1; row < count; row++)
        gaps += starts[row] != ends[row - 1];
    for (uint32_t row = 1; gaps && row < count; row++)
        lost += !is_blank(data + ends[row - 1], data + starts[row]);
    return count + lost + !is_blank(data + ends[count - 1], end);
}

/* ---- The reader ---------------------------------------------------------- */

static int cut(struct csi_reader *base, struct csi_rows *rows, bool final,
               size_t *consumed, struct cosend_error *error)
{
    struct csi_csv *reader = (struct csi_csv *)base;
    const char *first = rows->block->data + rows->base;
    const char *end = rows->block->data + rows->block->length;
    const char *start = first;
    int status;

    *consumed = 0;
    status = csi_lines_begin(&reader->lines, &start, end, final, error);
    if (status != COSEND_OK || !start)
        return status;
    status = cut_header(reader, rows, &start, end, final, error);
    if (status != COSEND_OK)
        return status;
    if (reader->ready && start < end &&
        !cut_records(reader, rows, &start, end, final))
        return csi_no_memory(error);
    csi_csv_restart(&reader->cut);
    base->boundaries += count_boundaries(rows, start);
    base->records += rows->count;
    *consumed = (size_t)(start - first);
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
    const char *end = rows->block->data + rows->block->length;
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
    if (!cut_one(reader, record, end, false) &&
        reader->cut.state == CSI_CSV_QUOTED)
        snprintf(hint, sizeof(hint),
                 "; the quote that opened in line %llu is not closed",
                 csi_csv_quote_line(reader, rows, record));
    csi_csv_restart(&reader->cut);
    status =
        csi_lines_overflow(&reader->lines, base, rows, consumed, hint, error);
    if (status != COSEND_OK)
        return status;
    if (!prepare(reader, rows) || !put_aside(rows, rows->count - 1, NULL, 0))
        return csi_no_memory(error);
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

static const char *border(const struct csi_reader *base, const char *start,
                          const char *end, uint64_t *newlines)
{
    struct csi_csv_cut cut = ((const struct csi_csv *)base)->cut;
    struct csi_csv_index index = {.delimiter = cut.delimiter,
                                  .quote = cut.quote,
                                  .tsv = cut.tsv,
                                  .start = start,
                                  .end = end};
    const char *next;

    do {
        csi_csv_index_border(&index);
        next = NULL;
        if (index.odd) {
            csi_csv_restart(&cut);
            csi_csv_stretch(&cut);
            next = csi_csv_next(&cut, index.start, end, false);
        }
        if (!next)
            break;
        index.newlines +=
            csi_scan_count(index.start, (size_t)(next - index.start), '\n');
        index.start = next;
    } while (next);
    *newlines = index.newlines;
    return index.start;
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

static const struct csi_reader_ops ops = {.cut = cut,
                                          .overflow = overflow,
                                          .next_file = next_file,
                                          .restart = restart,
                                          .border = border,
                                          .adopt = adopt,
                                          .free = free_reader};

static struct csi_reader *
new_reader(const struct cosend_format_options *options, char delimiter,
           char quote, bool tsv, struct cosend_error *error)
{
    struct csi_csv *reader = csi_calloc(1, sizeof(*reader));

    if (!reader) {
        csi_no_memory(error);
        return NULL;
    }
    reader->base.ops = &ops;
    reader->base.options = options;
    reader->cut.delimiter = delimiter;
    reader->cut.quote = quote;
    reader->cut.tsv = tsv;
    reader->most = CSI_ROWS_MAX;
    if (!csi_csv_cells_init(&reader->cells, delimiter, quote, tsv)) {
        csi_no_memory(error);
        free_reader(&reader->base);
        return NULL;
    }
    return &reader->base;
}

struct csi_reader *csi_csv_reader(const struct cosend_format_options *options,
                                  struct cosend_error *error)
{
    char delimiter, quote;

    if (!csi_csv_bytes(options, &delimiter, &quote, error))
        return NULL;
    return new_reader(options, delimiter, quote, false, error);
}

struct csi_reader *csi_tsv_reader(const struct cosend_format_options *options,
                                  struct cosend_error *error)
{
    return new_reader(options, '\t', 0, true, error);
}
