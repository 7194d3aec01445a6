/* SPDX-License-Identifier: MIT */
/*
 * Lines one after another, whose shapes are remembered, against each line by a
 * reader that has seen none; at every level of the scan.
 *
 *     test_json_shape [SEED [ROUNDS]]
 */
#include "base/simd.h"
#include "format/format.h"
#include "format/jsonl_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chance.h"
#include "rounds.h"

enum { MOST = 20000 };

static uint64_t rounds;

static const char *const values[] = {
    "{\"c\":1}",
    "{\"c\":\"y\", \"d\":[1,\"z\"]}",
    "[{\"c\":null}]",
    "{\"d\":{\"c\" :2},\"c\":\"\\n\"}",
    "1",
    "-2.5",
    "\"x\"",
    "\"\"",
    "true",
    "null",
    "\"a\\n\\u00e9\"",
    "\"\xc3\xa9\"",
    "0",
    "12345678901234567890123",
    "false",
    "1e5",
    "\"q\\\"r\"",
    "\"a longer string, of more than eight bytes\"",
    "01",
    "-",
    "1.",
    "tru",
    "\"\\x\"",
    "\"\xff\"",
    "\"\x01\"",
    "{\"c\":[]}",
    "[1,2]",
    "\"\\ud800\"",
    ".5",
    "\"open",
    "+1",
    "nulll",
    "{}",
    "-0",
    "1E+2",
    "\"b\\\\\"",
    "\"open\\",
    "\"q\\\"r\\u00e9\"",
    "12345678",
    "-1234567.12345678",
    "12345678x"};

/* A line of one of some shapes, mostly right. */
static size_t make_line(char *line, unsigned shape, unsigned mischief)
{
    static const char *const keys[] = {"a", "host",     "b.c",
                                       "b", "x\\u0061", "a"};
    const char *space = shape % 3 == 0 ? " " : "";
    unsigned count = 1 + shape % 5;
    size_t length = (size_t)sprintf(line, "{%s", space);

    for (unsigned i = 0; i < count; i++)
        length += (size_t)sprintf(line + length, "%s\"%s\":%s%s", i ? "," : "",
                                  keys[(i * 7 + shape) % 6], space,
                                  values[draw(mischief)]);
    length += (size_t)sprintf(line + length, "%s}", space);
    if (!draw(30))
        line[draw((unsigned)length)] = "\"{}:,\\1 a"[draw(9)];
    return length;
}

/* What a reader makes of some lines. */
static void read_lines(struct csi_reader *reader, const char *data,
                       size_t length, struct text *text)
{
    struct csi_block *block = csi_block_new(length);
    struct csi_rows *rows;
    size_t consumed, fault = 0;

    memcpy(block->data, data, length);
    memset(block->data + length, '0', CSI_BLOCK_SLACK);
    block->length = length;
    rows = csi_rows_new(block);
    assert_int_equal(reader->ops->cut(reader, rows, true, &consumed, NULL),
                     COSEND_OK);
    for (uint32_t row = 0; row < rows->count; row++) {
        if (fault < rows->fault_count && rows->faults[fault].row == row) {
            add(text, rows->faults[fault].reason,
                strlen(rows->faults[fault].reason));
            fault++;
        }
        for (uint32_t i = 0; i < rows->column_count; i++) {
            struct cosend_cell cell = rows->cells[i][row];
            char kind = (char)('0' + (int)cell.kind);

            add(text, &kind, 1);
            add(text, cell.data, cell.length);
            add(text, "|", 1);
        }
        add(text, "\n", 1);
    }
    csi_rows_unref(rows);
    csi_block_unref(block);
}

static struct csi_reader *new_reader(void)
{
    static const struct cosend_format_options options;
    struct csi_reader *reader = csi_jsonl_reader(&options, NULL);

    assert_non_null(reader);
    assert_true(reader->ops->declare(reader, "host"));
    assert_true(reader->ops->declare(reader, "b.c"));
    assert_true(reader->ops->declare(reader, "xa"));
    assert_true(reader->ops->declare(reader, "a"));
    return reader;
}

/* Any lines, at a level drawn by lot. */
static void check_lines(const char *data, size_t length)
{
    static struct text together, alone;
    const char *line = data, *end = data + length;
    struct csi_reader *reader;

    csi_simd_mask((enum csi_simd)draw(CSI_SIMD_LEVELS));
    together.length = alone.length = 0;
    while (line < end) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const char *next = newline ? newline + 1 : end;

        reader = new_reader();
        read_lines(reader, line, (size_t)(next - line), &alone);
        reader->ops->free(reader);
        line = next;
    }
    reader = new_reader();
    read_lines(reader, data, length, &together);
    reader->ops->free(reader);
    csi_simd_mask(CSI_SIMD_LEVELS - 1);
    if (is_same(&together, &alone))
        return;
    fprintf(stderr, "---- input\n%.*s\n---- together\n%.*s\n---- alone\n%.*s\n",
            (int)length, data, (int)together.length, together.data,
            (int)alone.length, alone.data);
    fail();
}

static void shapes_make_no_difference(void **state)
{
    static char data[MOST + 1000];

    (void)state;
    for (uint64_t round = 0; round < rounds; round++) {
        unsigned mischief = draw(2) ? 18 : sizeof(values) / sizeof(values[0]);
        unsigned shapes = 1 + draw(10), first = draw(30), lines = draw(60);
        size_t length = 0;

        for (unsigned i = 0; i < lines; i++) {
            length += make_line(data + length, first + draw(shapes), mischief);
            if (i + 1 < lines || draw(2))
                data[length++] = '\n';
        }
        check_lines(data, length);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_make_no_difference)};

    rounds = (uint64_t)rounds_of(3000);
    if (argc > 1)
        random_state = strtoull(argv[1], NULL, 10);
    if (argc > 2)
        rounds = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
