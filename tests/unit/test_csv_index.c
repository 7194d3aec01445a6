/* SPDX-License-Identifier: MIT */
/*
 * What the CSV reader makes of any bytes, at every level of the scan, against
 * the cutter and libcsv, record by record; and the TSV reader, against what is
 * between tabs.
 *
 *     test_csv_index [SEED [ROUNDS]]
 */
#include "format/csv_columns.h"
#include "format/formats.h"
#include "record/byte_bitmaps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chance.h"

enum { COLUMNS = 3, MOST = 700 };

static uint64_t rounds = 20000;

/* Mostly records of the right number of cells, with any mischief. */
static size_t make(char *data)
{
    static const char *const cells[] = {
        "a",        "",         "\"q\"",      "\"q,\"",
        "\"\"",     "\"\"\"\"", "12",         "\"a\nb\"",
        "x\"y",     "\"z\"w",   "\"n\"\"m\"", "a\rb",
        "\"c\r\"",  "\"d\"\r",  "\"open",     "long cell of many bytes",
        "\"\r\n\"", "\"e\" ",   " \"f\"",     "\"\"g"};
    static const char *const ends[] = {"\n", "\n", "\r\n", "\n\n", "\r\n\r\n"};
    unsigned mischief = draw(3) ? 3 : 20, rows = draw(40), crlf = draw(5);
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
        data[draw((unsigned)length)] = ",\n\"\ra"[draw(5)];
    return length;
}

static void add_cell(struct text *text, struct cosend_cell cell)
{
    if (cell.kind == COSEND_ABSENT)
        add(text, "<absent>", 8);
    add(text, "[", 1);
    add(text, cell.data, cell.length);
    add(text, "]", 1);
}

/* By the reader, in stretches that grow at random. */
static void by_reader(const char *data, size_t length, int padded, bool tsv,
                      struct text *text)
{
    struct cosend_string names[COLUMNS] = {{"a", 1}, {"b", 1}, {"c", 1}};
    struct cosend_format_options options = {.header.names = {names, COLUMNS},
                                            .ragged = padded,
                                            .max_record_bytes = 1 << 20};
    struct csi_reader *reader =
        tsv ? csi_tsv_reader(&options, NULL) : csi_csv_reader(&options, NULL);
    size_t from = 0, have = 0, consumed;

    assert_non_null(reader);
    do {
        struct csi_block *block = csi_block_new(length);
        struct csi_rows *rows = csi_rows_new(block);
        size_t fault = 0;

        memcpy(block->data, data, length);
        memset(block->data + length, '"', CSI_BLOCK_SLACK);
        if (have < length)
            have += 1 + draw(draw(2) ? 20 : (unsigned)length);
        if (have > length)
            have = length;
        block->length = have;
        rows->base = from;
        assert_int_equal(
            reader->ops->cut(reader, rows, have == length, &consumed, NULL),
            COSEND_OK);
        from += consumed;
        for (uint32_t row = 0; row < rows->count; row++) {
            if (fault < rows->fault_count && rows->faults[fault].row == row) {
                add(text, rows->faults[fault].kind,
                    strlen(rows->faults[fault].kind));
                fault++;
            } else {
                for (uint32_t i = 0; i < COLUMNS; i++) {
                    if (!rows->cells[i])
                        assert_true(rows->fill(rows, i));
                    add_cell(text, rows->cells[i][row]);
                }
            }
            add(text, "\n", 1);
        }
        csi_rows_unref(rows);
        csi_block_unref(block);
    } while (from < length && (have < length || consumed));
    assert_int_equal(from, length);
    reader->ops->free(reader);
}

/* By the cutter and libcsv. */
static void by_libcsv(const char *data, size_t length, int padded,
                      struct text *text)
{
    struct csi_csv_cut cutter = {.delimiter = ',', .quote = '"'};
    struct csi_csv_cells cells;
    struct csi_arena arena = {0};
    const char *start = data, *end = data + length, *next;

    assert_true(csi_csv_cells_init(&cells, ',', '"', false));
    csi_csv_stretch(&cutter);
    for (; (next = csi_csv_next(&cutter, start, end, true)); start = next) {
        const char *stop = csi_line_content(start, next);

        if (stop == start)
            continue;
        if (cutter.state == CSI_CSV_QUOTED) {
            add(text, "unterminated_quote\n", 19);
            continue;
        }
        assert_true(
            csi_csv_parse(&cells, start, (size_t)(stop - start), &arena));
        if (cells.count > COLUMNS || (cells.count < COLUMNS && !padded)) {
            add(text, "ragged\n", 7);
            continue;
        }
        for (size_t i = 0; i < COLUMNS; i++)
            add_cell(text, i < cells.count ? cells.items[i] : csi_absent);
        add(text, "\n", 1);
    }
    csi_csv_cells_free(&cells);
    csi_arena_free(&arena);
}

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
static void add_tsv_cells(struct text *text, const char *line, const char *stop)
{
    for (int i = 0; i < COLUMNS; i++) {
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
static void by_tabs(const char *data, size_t length, int padded,
                    struct text *text)
{
    const char *end = data + length, *line = data;

    while (line < end) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const char *next = newline ? newline + 1 : end;
        const char *stop = csi_line_content(line, next);
        int cells = 1;

        for (const char *p = line; p < stop; p++)
            cells += *p == '\t';
        if (stop > line && (cells > COLUMNS || (cells < COLUMNS && !padded)))
            add(text, "ragged\n", 7);
        else if (stop > line)
            add_tsv_cells(text, line, stop);
        line = next;
    }
}

/* Any bytes, at a level drawn by lot. */
static void check_reader(const char *data, size_t length, bool tsv)
{
    static struct text is, due;
    int padded = draw(2) ? COSEND_RAGGED_PAD : COSEND_RAGGED_ERROR;

    csi_simd_mask((enum csi_simd)draw(CSI_SIMD_LEVELS));
    is.length = due.length = 0;
    by_reader(data, length, padded, tsv, &is);
    if (tsv)
        by_tabs(data, length, padded, &due);
    else
        by_libcsv(data, length, padded, &due);
    csi_simd_mask(CSI_SIMD_LEVELS - 1);
    if (is_same(&is, &due))
        return;
    print_error("level %s, padded %d\n---- input\n%.*s\n---- due\n"
                "%.*s\n---- is\n%.*s\n",
                csi_simd_name(csi_simd_level()), padded, (int)length, data,
                (int)due.length, due.data, (int)is.length, is.data);
    fail();
}

/* Wherever bytes end, the border is where the cutter's last record ends. */
static void check_border(const char *data, size_t length)
{
    struct cosend_format_options options = {0};
    struct csi_reader *reader = csi_csv_reader(&options, NULL);
    struct csi_csv_cut cutter = {.delimiter = ',', .quote = '"'};
    const char *start = data, *end = data + length, *next;
    uint64_t newlines = 0, is = 0;

    assert_non_null(reader);
    csi_simd_mask((enum csi_simd)draw(CSI_SIMD_LEVELS));
    csi_csv_stretch(&cutter);
    while ((next = csi_csv_next(&cutter, start, end, false)))
        start = next;
    for (const char *p = data; p < start; p++)
        newlines += *p == '\n';
    assert_ptr_equal(reader->ops->border(reader, data, end, &is), start);
    assert_int_equal(is, newlines);
    csi_simd_mask(CSI_SIMD_LEVELS - 1);
    reader->ops->free(reader);
}

static char some[MOST + 300];

static void the_reader_agrees_with_libcsv(void **state)
{
    (void)state;
    for (uint64_t round = 0; round < rounds; round++)
        check_reader(some, make(some), false);
}

static void the_tsv_reader_agrees_with_tabs(void **state)
{
    (void)state;
    for (uint64_t round = 0; round < rounds; round++) {
        size_t length = make(some);

        for (size_t i = 0; i < length; i++)
            if (some[i] == ',')
                some[i] = '\t';
            else if (some[i] == 'a' || some[i] == 'q')
                some[i] = "\\\\tnr\"x"[draw(7)];
        check_reader(some, length, true);
    }
}

static void the_border_is_the_cutters(void **state)
{
    (void)state;
    for (uint64_t round = 0; round < rounds; round++)
        check_border(some, make(some));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reader_agrees_with_libcsv),
        cmocka_unit_test(the_tsv_reader_agrees_with_tabs),
        cmocka_unit_test(the_border_is_the_cutters)};

    if (argc > 1)
        random_state = strtoull(argv[1], NULL, 10);
    if (argc > 2)
        rounds = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
