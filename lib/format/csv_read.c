/* SPDX-License-Identifier: MIT */
/*
 * The CSV and TSV reader: which bytes are which record.
 *
 * A file is, in this order: a BOM, lines to skip, a line sep=X, blank lines and
 * comments, a header, and records with blank lines and comments in between.
 * Records are found by the index (csv_index.h), and with them where their cells
 * end. One that the index is not sure of, the last one of a file, and every one
 * by rules that the index does not know, are cut by the grammar (csv_cut.h) one
 * by one, and kept aside (csv_fill.h). Both say the same of every input.
 *
 * What is not a record is a fault: a row of its own, with the bytes it has.
 *
 * - A quote that is not closed within `hold` bytes, or before the file ends.
 *   The row goes up to the end of the line in which the quote opened, and the
 *   next one starts behind it: one bad line costs no other.
 * - A record longer than `hold` bytes that has not ended is given up: a row of
 *   the bytes at hand. What is left of it is passed over by the same grammar,
 *   from the state it is in, up to its true end. Only where that is in quotes
 *   do bytes stay at hand: from the quote that opened on, as it may turn out
 *   not to be closed.
 * - Rows with another number of cells than there are columns (`ragged`).
 *
 * None of it depends on how bytes come: every decision is made of distances in
 * the data. So `hold` is at least 16 MiB; a record that is shorter, but longer
 * than max_record_bytes, is found whole, and is a fault of whoever reads.
 */
#include "format/csv_read.h"

#include "format/csv_begin.h"
#include "format/csv_columns.h"
#include "format/csv_faults.h"
#include "format/csv_fill.h"
#include "format/csv_index.h"
#include "format/format_options.h"
#include "format/line_reader.h"
#include "record/byte_bitmaps.h"

#include <stdio.h>
#include <string.h>

/* The least that `hold` is: what a record may have by default. */
enum { HOLD_LEAST = CSI_RECORD_BYTES };

/* ---- Records aside ------------------------------------------------------- */

/* Whether a row of so many cells is a record, by the option. */
static bool is_shaped(const struct csi_csv *reader, size_t count)
{
    int option = reader->base.options->ragged;
    bool pads = option == COSEND_RAGGED_PAD ||
                option == COSEND_RAGGED_TRUNCATE ||
                option == COSEND_RAGGED_KEEP;

    return count == reader->columns || (pads && count < reader->columns) ||
           (pads && option != COSEND_RAGGED_PAD);
}

/* Take a row apart, which has so many bytes before its line end. */
static bool parse_aside(struct csi_csv *reader, struct csi_rows *rows,
                        uint32_t row, size_t length)
{
    struct csi_csv_cells *cells = &reader->cells;
    const char *start = rows->block->data + rows->starts[row];

    if (!csi_csv_parse(cells, start, length, &rows->arena))
        return false;
    if (!is_shaped(reader, cells->count))
        return csi_csv_fault_ragged(reader, rows, row, cells->count);
    return csi_csv_put_aside(rows, row, cells->items, cells->count);
}

/* Rows [from, count) are just indexed: which have another number of cells? */
static bool find_ragged_rows(struct csi_csv *reader, struct csi_rows *rows,
                             uint32_t from)
{
    uint32_t columns = reader->columns;

    for (uint32_t row = from; row < rows->count; row++) {
        uint32_t last = rows->ends[row] - 1, place = rows->first_mark[row];
        const char *start;
        size_t length;

        /* The cell in which the last column ends, ends the record. */
        if (place + columns <= rows->mark_count &&
            rows->marks[place + columns - 1] == last)
            continue;
        csi_rows_content(rows, row, &start, &length);
        if (!parse_aside(reader, rows, row, length))
            return false;
    }
    return true;
}

/* ---- Cutting ------------------------------------------------------------- */

/* The record at *start, by the grammar. False without memory; *start stays
   where it is not whole. */
static bool cut_aside(struct csi_csv *reader, struct csi_rows *rows,
                      const char **start, const char *end, bool final)
{
    const char *record = *start, *next;
    struct csi_csv_cut cut;

    if (csi_csv_pass_comment(reader, start, end, final))
        return true;
    next = csi_csv_cut_one(reader, &cut, record, end, final);
    if (!next && cut.unclosed)
        return csi_csv_reject_line(reader, rows, start, end, final, cut.opened);
    if (!next) {
        if (csi_csv_is_short(reader, record, end) || csi_csv_is_quoted(&cut))
            return true;
        return csi_csv_give_up(reader, rows, start, end);
    }
    *start = next;
    if (cut.content == record && !csi_csv_keeps_blank(reader))
        return true;
    if (!csi_csv_add_row(rows, record, next))
        return false;
    if (reader->rules.strict && cut.stray)
        return csi_csv_fault_stray(rows, record, cut.stray);
    return parse_aside(reader, rows, rows->count - 1,
                       (size_t)(cut.content - record));
}

/* Rows [from, count) are just indexed, which does not know that a quote may not
   be open for ever: those from the first on that has one are no rows. */
static void check_quotes(const struct csi_csv *reader, struct csi_rows *rows,
                         uint32_t from, struct csi_csv_index *index)
{
    const char *data = rows->block->data;

    for (uint32_t row = from; row < rows->count; row++) {
        const char *start = data + rows->starts[row];
        struct csi_csv_cut cut;

        if (csi_csv_is_short(reader, start, data + rows->ends[row]))
            continue;
        if (csi_csv_cut_one(reader, &cut, start, data + rows->ends[row], false))
            continue;
        rows->count = row;
        index->start = start;
        index->odd = true;
    }
}

/* What the index finds. */
static bool cut_plain(struct csi_csv *reader, struct csi_rows *rows,
                      struct csi_csv_index *index)
{
    uint32_t from = rows->count;
    const char *start = index->start;

    if (!csi_csv_index(index, rows))
        return false;
    if (!csi_csv_is_short(reader, start, index->end))
        check_quotes(reader, rows, from, index);
    return find_ragged_rows(reader, rows, from);
}

static bool cut_records(struct csi_csv *reader, struct csi_rows *rows,
                        const char **start, const char *end, bool final)
{
    const struct csi_csv_rules *rules = &reader->rules;
    bool plain = csi_csv_is_plain(rules);
    struct csi_csv_index index = {.delimiter = rules->delimiter[0],
                                  .quote = rules->quote,
                                  .unquoted = !rules->quotes,
                                  .keeps_blank = csi_csv_keeps_blank(reader),
                                  .odd = !plain,
                                  .end = end,
                                  .most = reader->most};
    const char *first = *start, *before;
    struct csi_csv_own *own;

    if (!csi_csv_prepare(reader, rows))
        return false;
    do {
        index.start = *start;
        if (plain && !cut_plain(reader, rows, &index))
            return false;
        *start = before = index.start;
        if (rows->count < reader->most && *start < end &&
            (index.odd || final || !csi_csv_is_short(reader, *start, end)) &&
            !cut_aside(reader, rows, start, end, final))
            return false;
    } while (*start > before && *start < end && rows->count < reader->most &&
             !reader->skipping && !reader->lines.skipping);
    own = rows->own;
    own->quoted = index.quoted;
    own->escaped =
        rules->tsv && memchr(first, '\\', (size_t)(*start - first)) != NULL;
    return true;
}

/* ---- The ledger's second count ------------------------------------------- */

/* Whether there is nothing but what is no record. */
static bool is_nothing(const struct csi_csv *reader, const char *p,
                       const char *end)
{
    while (p < end) {
        if (csi_csv_is_comment(&reader->rules, p, end))
            p = csi_csv_line_end(p, end);
        else if (!csi_csv_keeps_blank(reader) && (*p == '\n' || *p == '\r'))
            p++;
        else
            return false;
    }
    return true;
}

/*
 * How many records there are by another way than the rows were made: they lie
 * one behind the other up to `end`, with nothing but blank lines and comments
 * between them, or else one was lost there.
 */
static uint64_t count_boundaries(const struct csi_csv *reader,
                                 const struct csi_rows *rows, const char *end)
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
        lost += !is_nothing(reader, data + ends[row - 1], data + starts[row]);
    return count + lost + !is_nothing(reader, data + ends[count - 1], end);
}

/* ---- The reader ---------------------------------------------------------- */

static int cut_file(struct csi_csv *reader, struct csi_rows *rows,
                    const char **start, const char *end, bool final,
                    struct cosend_error *error)
{
    int status;

    if (*start == end)
        return COSEND_OK;
    if (reader->skipping)
        csi_csv_skip(reader, start, end, final);
    status = csi_csv_begin(reader, rows, start, end, final, error);
    if (status != COSEND_OK)
        return status;
    if (reader->base.begun && *start < end && !reader->skipping &&
        !reader->lines.skipping &&
        !cut_records(reader, rows, start, end, final))
        return csi_no_memory(error);
    return COSEND_OK;
}

static int cut_csv(struct csi_reader *base, struct csi_rows *rows, bool final,
                   size_t *consumed, struct cosend_error *error)
{
    struct csi_csv *reader = (struct csi_csv *)base;
    char *first = rows->block->data + rows->base;
    const char *end = rows->block->data + rows->block->length;
    const char *start = first;
    int status;

    *consumed = 0;
    csi_lines_learn_end(base, first, end, final);
    end = csi_lines_translate(base, first, end, final);
    status = csi_lines_begin(base, &reader->lines, &start, end, final, error);
    if (status != COSEND_OK || !start)
        return status;
    status = cut_file(reader, rows, &start, end, final, error);
    if (status != COSEND_OK)
        return status;
    base->midway = reader->skipping || reader->lines.skipping;
    base->boundaries += count_boundaries(reader, rows, start);
    base->records += rows->count;
    *consumed = (size_t)(start - first);
    if (final && start == end && base->options->header.names.count)
        return csi_csv_take_names(reader, 0, false, error);
    return COSEND_OK;
}

static void next_file(struct csi_reader *base)
{
    struct csi_csv *reader = (struct csi_csv *)base;
    struct cosend_string delimiter =
        csi_csv_delimiter(base->options->delimiter);

    csi_lines_init(&reader->lines, base->options);
    csi_lines_begin_file(base);
    if (!reader->rules.tsv)
        csi_csv_rules_delimit(&reader->rules, delimiter.data, delimiter.length);
    base->begun = base->midway = false;
    reader->looked = reader->blank = reader->skipping = false;
}

static void restart(struct csi_reader *base)
{
    (void)base; /* nothing is known of a record that is not whole */
}

static const char *next_csv(const struct csi_reader *base, const char *start,
                            const char *end)
{
    const struct csi_csv *reader = (const struct csi_csv *)base;
    const char *behind;
    struct csi_csv_cut cut;

    if (csi_csv_is_comment(&reader->rules, start, end))
        behind = csi_csv_line_end(start, end);
    else
        behind = csi_csv_cut_one(reader, &cut, start, end, false);
    return behind && behind[-1] == '\n' ? behind : NULL;
}

static const char *csv_border(const struct csi_reader *base, char *start,
                              const char *end, uint64_t *newlines)
{
    const struct csi_csv *reader = (const struct csi_csv *)base;
    const struct csi_csv_rules *rules = &reader->rules;
    struct csi_csv_index index = {.delimiter = rules->delimiter[0],
                                  .quote = rules->quote,
                                  .unquoted = !rules->quotes,
                                  .odd = true,
                                  .start = start,
                                  .end = end};
    bool plain = csi_csv_is_plain(rules);
    const char *behind;

    end = csi_lines_translate(base, start, end, false);
    *newlines = 0;
    /* A quote that is open for too long is cut_records' to find. */
    if (!csi_csv_is_short(reader, start, end))
        return start;
    do {
        if (plain)
            csi_csv_index_border(&index);
        behind = NULL;
        if (index.odd && index.start < end)
            behind = next_csv(base, index.start, end);
        if (!behind)
            break;
        index.newlines +=
            csi_scan_count(index.start, (size_t)(behind - index.start), '\n');
        index.start = behind;
    } while (behind);
    *newlines = index.newlines;
    return index.start;
}

static bool copy_csv_state(struct csi_reader *base,
                           const struct csi_reader *other)
{
    struct csi_csv *reader = (struct csi_csv *)base;
    const struct csi_csv *from = (const struct csi_csv *)other;

    if (!csi_csv_share(base, other))
        return false;
    if (from->columns)
        memcpy(reader->map, from->map, from->columns * sizeof(*reader->map));
    csi_lines_init(&reader->lines, base->options);
    reader->lines.begun = true;
    reader->lines.to_skip = 0;
    reader->rules = from->rules;
    base->begun = true;
    base->midway = false;
    base->cr = other->cr;
    base->cr_known = other->cr_known;
    reader->looked = true;
    reader->skipping = false;
    reader->remapped = from->remapped;
    return true;
}

static void free_csv_reader(struct csi_reader *base)
{
    struct csi_csv *reader = (struct csi_csv *)base;

    csi_csv_cells_free(&reader->cells);
    csi_schema_unref(base->schema);
    csi_schema_unref(reader->further);
    csi_free(reader->map);
    csi_free(reader);
}

static const struct csi_reader_ops ops = {.cut = cut_csv,
                                          .next_file = next_file,
                                          .restart = restart,
                                          .declare = csi_csv_declare,
                                          .share = csi_csv_share,
                                          .border = csv_border,
                                          .next = next_csv,
                                          .copy_state = copy_csv_state,
                                          .cuts_ahead = true,
                                          .free = free_csv_reader};

static struct csi_reader *
new_reader(const struct cosend_format_options *options, bool tsv,
           struct cosend_error *error)
{
    struct csi_csv *reader = csi_calloc(1, sizeof(*reader));
    bool keeps = options->ragged == COSEND_RAGGED_KEEP;

    if (!reader) {
        csi_no_memory(error);
        return NULL;
    }
    reader->base.ops = &ops;
    reader->base.options = options;
    reader->base.hold = csi_lines_hold(options);
    if (reader->base.hold < HOLD_LEAST)
        reader->base.hold = HOLD_LEAST;
    reader->most = CSI_ROWS_MAX;
    csi_lines_init(&reader->lines, options);
    csi_lines_begin_file(&reader->base);
    if (!csi_csv_rules_make(&reader->rules, options, tsv, error)) {
        free_csv_reader(&reader->base);
        return NULL;
    }
    if (keeps)
        reader->further = csi_schema_new();
    if ((keeps && !reader->further) ||
        !csi_csv_cells_init(&reader->cells, &reader->rules)) {
        csi_no_memory(error);
        free_csv_reader(&reader->base);
        return NULL;
    }
    return &reader->base;
}

struct csi_reader *csi_csv_reader(const struct cosend_format_options *options,
                                  struct cosend_error *error)
{
    return new_reader(options, false, error);
}

struct csi_reader *csi_tsv_reader(const struct cosend_format_options *options,
                                  struct cosend_error *error)
{
    return new_reader(options, true, error);
}
