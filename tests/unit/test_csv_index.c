/* SPDX-License-Identifier: MIT */
/*
 * What the CSV reader makes of any bytes, in any stretches, by rules drawn by
 * lot, at every level of the scan, against a model (csv_model.h); the same in
 * chunks that end at borders, as threads cut them; and the TSV reader, against
 * what is between tabs.
 *
 *     test_csv_index [SEED [ROUNDS]]
 */
#include "format/csv_columns.h"
#include "format/format.h"
#include "record/byte_bitmaps.h"
#include "format/csv_read.h"

#include <stdio.h>
#include <stdlib.h>

#include "csv_model.h"
#include "rounds.h"

enum { COLUMNS = 3, MOST = 700, NO_HOLD = 1 << 20 };

static uint64_t rounds;

/* How bytes are read; for the model, and the library. */
struct how {
    struct model model;
    struct cosend_format_options options;
    size_t most; /* max_record_bytes */
    size_t columns;
};

/* Mostly records of the right number of cells, with any mischief. */
static size_t make(char *data)
{
    static const char *const cells[] = {
        "a",        "",         "\"q\"",      "\"q,\"",
        "\"\"",     "\"\"\"\"", "12",         "\"a\nb\"",
        "x\"y",     "\"z\"w",   "\"n\"\"m\"", "a\rb",
        "\"c\r\"",  "\"d\"\r",  "\"open",     "long cell of many bytes",
        "\"\r\n\"", "\"e\" ",   " \"f\"",     "\"\"g",
        "\"h\" \t", "\"i\" j ", "\"k\"l\"m",  "\\\"n\\",
        "#a",       " o ",      "\"p\\\"\"",  "\"r\\\r\n\""};
    static const char *const ends[] = {"\n", "\n", "\r\n", "\n\n", "\r\n\r\n"};
    unsigned mischief = draw(3) ? 3 : 28, rows = draw(40), crlf = draw(5);
    size_t length = 0;

    for (unsigned row = 0; row < rows && length < MOST - 100; row++) {
        unsigned count = draw(10) ? COLUMNS : 1 + draw(5);

        for (unsigned i = 0; i < count; i++) {
            const char *cell = cells[draw(mischief)];

            if (i)
                data[length++] = ',';
            memcpy(data + length, cell, strlen(cell));
            length += strlen(cell);
        }
        if (row + 1 < rows || draw(2)) {
            const char *end = ends[draw(8) ? crlf : draw(5)];

            memcpy(data + length, end, strlen(end));
            length += strlen(end);
        }
    }
    for (unsigned i = draw(4) ? 0 : draw(5); i && length; i--)
        data[draw((unsigned)length)] = ",\n\"\ra#\\ "[draw(8)];
    return length;
}

/* Any rules; most often those that the index knows. */
static struct how draw_how(void)
{
    static const char *const delimiters[] = {"a", " ", ",,", ",a"};
    struct how how = {.model = {.delimiter = ",", .quote = '"', .escape = -1},
                      .columns = draw(5) ? COLUMNS : 1};
    const char *delimiter = draw(3) ? "," : delimiters[draw(4)];

    how.model.delimiter = delimiter;
    how.options.delimiter =
        (struct cosend_string){delimiter, (uint32_t)strlen(delimiter)};
    how.options.ragged = (int)draw(5);
    if (!draw(6)) {
        how.model.quote = -1;
        how.options.unquoted = 1;
    }
    if (!draw(4)) {
        how.model.escape = '\\';
        how.options.escape = (struct cosend_string){"\\", 1};
    }
    if (!draw(4)) {
        how.model.comment = "#";
        how.options.comment = (struct cosend_string){"#", 1};
    }
    how.model.trim = how.options.trim = !draw(5);
    how.options.strict = !draw(5);
    how.most = draw(3) ? NO_HOLD : 20 + draw(60);
    how.model.hold = how.most + 1 + draw(40);
    how.model.blank = how.columns == 1 && how.options.unquoted;
    return how;
}

static void add_cell(struct text *text, struct cosend_cell cell)
{
    if (cell.kind == COSEND_ABSENT)
        add(text, "<absent>", 8);
    add(text, "[", 1);
    add(text, cell.data, cell.length);
    add(text, "]", 1);
}

static struct csi_reader *open_reader(struct how *how, bool tsv)
{
    static struct cosend_string names[] = {{"a", 1}, {"b", 1}, {"c", 1}};
    struct csi_reader *reader;

    how->options.header.names =
        (struct cosend_strings){names, (uint32_t)how->columns};
    how->options.max_record_bytes = (int64_t)how->most;
    reader = tsv ? csi_tsv_reader(&how->options, NULL)
                 : csi_csv_reader(&how->options, NULL);
    assert_non_null(reader);
    if (!tsv)
        reader->hold = how->model.hold;
    return reader;
}

static void show_row(const struct how *how, struct csi_rows *rows, uint32_t row,
                     struct text *text)
{
    struct cosend_item item = {0};

    for (uint32_t i = 0; i < how->columns; i++) {
        if (!rows->cells[i])
            assert_true(rows->fill(rows, i));
        add_cell(text, rows->cells[i][row]);
    }
    while (rows->walk && rows->walk(rows, row, &item, NULL))
        if (item.name[0] == '_') {
            add(text, item.name, item.name_length);
            add_cell(text, item.cell);
        }
}

static void show_rows(const struct how *how, struct csi_rows *rows,
                      struct text *text)
{
    size_t fault = 0;

    for (uint32_t row = 0; row < rows->count; row++) {
        size_t length;
        const char *data;

        csi_rows_content(rows, row, &data, &length);
        if (length > how->most)
            assert_true(csi_rows_overlong(rows, row, (int64_t)how->most));
    }
    for (uint32_t row = 0; row < rows->count; row++) {
        if (fault < rows->fault_count && rows->faults[fault].row == row) {
            add(text, rows->faults[fault].kind,
                strlen(rows->faults[fault].kind));
            fault++;
        } else {
            show_row(how, rows, row, text);
        }
        add(text, "\n", 1);
    }
    assert_int_equal(fault, rows->fault_count);
}

/* Cut [from, have) of data; returns the bytes consumed. */
static size_t cut(struct csi_reader *reader, const struct how *how,
                  const char *data, size_t from, size_t have, bool final,
                  struct text *text)
{
    struct csi_block *block = csi_block_new(have);
    struct csi_rows *rows = csi_rows_new(block);
    size_t consumed;

    memcpy(block->data, data, have);
    memset(block->data + have, '"', CSI_BLOCK_SLACK);
    block->length = have;
    rows->base = from;
    rows->first_line = 1;
    assert_int_equal(reader->ops->cut(reader, rows, final, &consumed, NULL),
                     COSEND_OK);
    show_rows(how, rows, text);
    csi_rows_unref(rows);
    csi_block_unref(block);
    return consumed;
}

static void grow(size_t *have, size_t length)
{
    if (*have < length)
        *have += 1 + draw(draw(2) ? 20 : (unsigned)length);
    if (*have > length)
        *have = length;
}

/* By the reader, in stretches that grow at random. */
static void by_reader(const char *data, size_t length, struct how *how,
                      bool tsv, struct text *text)
{
    struct csi_reader *reader = open_reader(how, tsv);
    size_t from = 0, have = 0, consumed;

    do {
        grow(&have, length);
        consumed = cut(reader, how, data, from, have, have == length, text);
        from += consumed;
    } while (from < length && (have < length || consumed));
    assert_int_equal(from, length);
    assert_int_equal(reader->records, reader->boundaries);
    reader->ops->free(reader);
}

/* The same by two: what is behind the first record goes to another reader, in
   chunks up to the border; what is longer than `hold` comes back. */
static void by_chunks(char *data, size_t length, struct how *how, bool tsv,
                      struct text *text)
{
    struct csi_reader *first = open_reader(how, tsv);
    struct csi_reader *other = open_reader(how, tsv);
    size_t from = 0, have = 0, consumed;
    bool copied = false;

    do {
        uint64_t newlines, seen = 0;
        size_t border;

        grow(&have, length);
        if (first->begun && first->schema && !first->midway && have < length) {
            assert_true(copied || other->ops->copy_state(other, first));
            copied = true;
            border = (size_t)(other->ops->border(other, data + from,
                                                 data + have, &newlines) -
                              data);
            for (size_t i = from; i < border; i++)
                seen += data[i] == '\n';
            assert_int_equal(newlines, seen);
            while (from < border) {
                consumed = cut(other, how, data, from, border, false, text);
                assert_true(consumed > 0);
                from += consumed;
            }
            if (have - from <= first->hold)
                continue;
        }
        consumed = cut(first, how, data, from, have, have == length, text);
        from += consumed;
    } while (from < length);
    first->ops->free(first);
    other->ops->free(other);
}

static const char *fault_of(const struct how *how, const struct model_record *r)
{
    int ragged = how->options.ragged;
    bool pads = ragged == COSEND_RAGGED_PAD ||
                ragged == COSEND_RAGGED_TRUNCATE ||
                ragged == COSEND_RAGGED_KEEP;

    if (r->unclosed)
        return r->opened - r->start > how->model.hold ? "overlong"
                                                      : "unterminated_quote";
    if (r->content - r->start > how->most)
        return "overlong";
    if (how->options.strict && !r->strict)
        return "stray_quote";
    if ((r->cells < how->columns && !pads) ||
        (r->cells > how->columns && ragged != COSEND_RAGGED_TRUNCATE &&
         ragged != COSEND_RAGGED_KEEP))
        return "ragged";
    return NULL;
}

static void by_model(const char *data, size_t length, const struct how *how,
                     struct text *text)
{
    static struct model_record r;

    for (size_t at = 0; model_read(&how->model, data, at, length, &r);
         at = r.end) {
        const char *fault = fault_of(how, &r);
        size_t shown = how->columns;

        if (r.none)
            continue;
        if (how->options.ragged == COSEND_RAGGED_KEEP && r.cells > shown)
            shown = r.cells;
        if (fault)
            add(text, fault, strlen(fault));
        for (size_t i = 0; !fault && i < shown; i++) {
            char name[24];
            int digits = snprintf(name, sizeof(name), "_%zu", i + 1);

            if (i >= how->columns)
                add(text, name, (size_t)digits);
            add_cell(text, i < r.cells
                               ? cosend_text(r.text + r.from[i], r.length[i])
                               : csi_absent);
        }
        add(text, "\n", 1);
    }
}

/* ---- TSV ----------------------------------------------------------------- */

/* One cell of TSV; what a backslash is before, from "tnr\\". */
static void add_tsv_cell(struct text *text, const char *p, const char *end)
{
    static const char letters[] = "tnr\\", meant[] = "\t\n\r\\";

    add(text, "[", 1);
    for (; p < end; p++) {
        const char *letter =
            *p == '\\' && p + 1 < end ? memchr(letters, p[1], 4) : NULL;

        add(text, letter ? &meant[letter - letters] : p, 1);
        p += letter != NULL;
    }
    add(text, "]", 1);
}

/* Those of a line, the last of them absent where it has less. */
static void add_tsv_cells(struct text *text, const char *line, const char *stop,
                          size_t columns)
{
    for (size_t i = 0; i < columns; i++) {
        const char *tab =
            line ? memchr(line, '\t', (size_t)(stop - line)) : NULL;

        if (line)
            add_tsv_cell(text, line, tab ? tab : stop);
        else
            add_cell(text, csi_absent);
        line = tab ? tab + 1 : NULL;
    }
    add(text, "\n", 1);
}

/* By what is between tabs. */
static void by_tabs(const char *data, size_t length, const struct how *how,
                    struct text *text)
{
    bool padded = how->options.ragged == COSEND_RAGGED_PAD;
    const char *end = data + length, *line = data;

    while (line < end) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const char *next = newline ? newline + 1 : end;
        const char *stop = csi_line_content(line, next);
        size_t cells = 1;

        for (const char *p = line; p < stop; p++)
            cells += *p == '\t';
        if (stop > line || how->columns == 1) {
            if (cells > how->columns || (cells < how->columns && !padded))
                add(text, "ragged\n", 7);
            else
                add_tsv_cells(text, line, stop, how->columns);
        }
        line = next;
    }
}

/* ---- Agreeing ------------------------------------------------------------ */

static void assert_same(const struct how *how, const char *data, size_t length,
                        const struct text *is, const struct text *due)
{
    const struct model *m = &how->model;

    if (is_same(is, due))
        return;
    print_error(
        "level %s, ragged %d, columns %zu, delimiter %s, quote %d, escape %d, "
        "comment %s, trim %d, strict %d, most %zu, hold %zu\n"
        "---- input\n%.*s\n---- due\n%.*s\n---- is\n%.*s\n",
        csi_simd_name(csi_simd_level()), how->options.ragged, how->columns,
        m->delimiter, m->quote, m->escape, m->comment ? m->comment : "none",
        m->trim, how->options.strict, how->most, m->hold, (int)length, data,
        (int)due->length, due->data, (int)is->length, is->data);
    fail();
}

/* Any bytes, at a level drawn by lot. */
static void check(char *data, size_t length, struct how *how, bool tsv)
{
    static struct text is, due;

    due.length = is.length = 0;
    if (tsv)
        by_tabs(data, length, how, &due);
    else
        by_model(data, length, how, &due);
    csi_simd_mask((enum csi_simd)draw(CSI_SIMD_LEVELS));
    by_reader(data, length, how, tsv, &is);
    assert_same(how, data, length, &is, &due);
    is.length = 0;
    by_chunks(data, length, how, tsv, &is);
    assert_same(how, data, length, &is, &due);
    csi_simd_mask(CSI_SIMD_LEVELS - 1);
}

static char some[MOST + 300];

static void check_csv(char *data, size_t length)
{
    struct how how = draw_how();

    check(data, length, &how, false);
}

static void the_reader_agrees_with_the_model(void **state)
{
    (void)state;
    for (uint64_t round = 0; round < rounds; round++)
        check_csv(some, make(some));
}

static void the_tsv_reader_agrees_with_tabs(void **state)
{
    (void)state;
    for (uint64_t round = 0; round < rounds; round++) {
        struct how how = {.columns = draw(4) ? COLUMNS : 1, .most = NO_HOLD};
        size_t length = make(some);

        how.options.ragged = draw(2) ? COSEND_RAGGED_PAD : COSEND_RAGGED_REJECT;
        for (size_t i = 0; i < length; i++)
            if (some[i] == ',')
                some[i] = '\t';
            else if (some[i] == 'a' || some[i] == 'q')
                some[i] = "\\\\tnr\"x"[draw(7)];
        check(some, length, &how, true);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reader_agrees_with_the_model),
        cmocka_unit_test(the_tsv_reader_agrees_with_tabs)};

    rounds = (uint64_t)rounds_of(20000);
    if (argc > 1)
        random_state = strtoull(argv[1], NULL, 10);
    if (argc > 2)
        rounds = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
