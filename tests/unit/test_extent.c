/* SPDX-License-Identifier: MIT */
/*
 * A file that is read in extents has the records, in the lines, that it has
 * when it is read as a whole: for every format and rules drawn by lot, any
 * bytes, extents that begin at every byte, and whatever order they are read in.
 *
 *     test_extent [SEED [ROUNDS]]
 */
#include "read/extent.h"

#include "format/line_reader.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "chance.h"
#include "rounds.h"

enum { MOST = 400, EXTENTS = 64 };

static uint64_t rounds;

/* Of all extents: those whose records were cut ahead, and rightly; and those
   where that was for nothing. */
static uint64_t cut_ahead, forgotten;

/* ---- What is read, and how ----------------------------------------------- */

struct how {
    struct cosend_format_options options;
    const struct csi_format *format;
    size_t hold; /* 0: as the reader says */
};

static struct how draw_how(void)
{
    static const enum cosend_format_name formats[] = {
        COSEND_FORMAT_TEXT, COSEND_FORMAT_CSV, COSEND_FORMAT_CSV,
        COSEND_FORMAT_CSV,  COSEND_FORMAT_TSV, COSEND_FORMAT_JSONL};
    static struct cosend_string names[] = {{"a", 1}, {"b", 1}, {"c", 1}};
    struct how how = {.format = csi_format_get(formats[draw(6)]),
                      .hold = draw(3) ? 0 : 20 + draw(60)};

    how.options.max_record_bytes = how.hold ? (int64_t)how.hold - 1 : 1 << 20;
    how.options.skip_lines = draw(4) ? 0 : draw(3);
    if (!how.hold && !how.options.skip_lines && !draw(3))
        how.options.line_end = COSEND_LINE_END_CR;
    how.options.nul = how.format->number == COSEND_FORMAT_TEXT &&
                      !how.options.line_end && draw(2);
    if (how.format->number != COSEND_FORMAT_CSV)
        return how;
    if (draw(2))
        how.options.header.first_record = true;
    else
        how.options.header.names = (struct cosend_strings){names, 3};
    how.options.ragged = COSEND_RAGGED_PAD;
    how.options.unquoted = !draw(6);
    how.options.strict = !draw(6);
    how.options.trim = !draw(6);
    if (!draw(5))
        how.options.escape = (struct cosend_string){"\\", 1};
    if (!draw(5) && how.options.line_end != COSEND_LINE_END_CR)
        how.options.comment = (struct cosend_string){"#", 1};
    if (!draw(5))
        how.options.delimiter = (struct cosend_string){",,", 2};
    return how;
}

static struct csi_reader *open_reader(const struct how *how)
{
    struct csi_reader *reader = how->format->reader(&how->options, NULL);

    assert_non_null(reader);
    if (how->hold)
        reader->hold = how->hold;
    return reader;
}

static size_t make(char *data, bool nul)
{
    static const char *const pieces[] = {
        "a",       "\"q\"",       ",",    "\n",   "\n",
        "\r\n",    "\"a\nb\"",    "\"",   ",",    "\"\"",
        "12",      "\r",          "#",    "\\\"", "\"x\ny,\"\"z\n\"",
        ",",       "\n",          ",\"b", " ",    "\\\n",
        "\"\n,\"", "{\"a\": 1}\n"};
    unsigned kinds = draw(2) ? 6 : sizeof(pieces) / sizeof(pieces[0]);
    size_t length = 0, most = draw(MOST);

    while (length < most) {
        const char *piece = pieces[draw(kinds)];

        memcpy(data + length, piece, strlen(piece));
        length += strlen(piece);
    }
    for (size_t i = 0; nul && i < length; i++)
        if (data[i] == '\n' && draw(2))
            data[i] = '\0';
    return length;
}

/* ---- Reading ------------------------------------------------------------- */

/* Where a row is; of one that is too long, which need not be whole, where it
   starts. */
static void show_row(struct csi_rows *rows, uint32_t row, size_t most,
                     size_t *fault, struct text *text)
{
    const char *data, *kind = "";
    size_t length, end = (size_t)rows->offset + rows->ends[row];
    char line[120];

    csi_rows_content(rows, row, &data, &length);
    if (length > most)
        assert_true(csi_rows_overlong(rows, row, (int64_t)most));
    if (*fault < rows->fault_count && rows->faults[*fault].row == row)
        kind = rows->faults[(*fault)++].kind;
    if (strcmp(kind, "overlong") == 0)
        end = 0;
    snprintf(line, sizeof(line), "%zu to %zu, line %zu %s\n",
             (size_t)rows->offset + rows->starts[row], end,
             (size_t)csi_rows_line(rows, row), kind);
    add(text, line, strlen(line));
}

/* Cut all of a block from a place on, as far as records are whole. False where
   the columns cannot be known. */
static bool cut(struct csi_reader *reader, struct csi_cut *at, bool final,
                struct text *text)
{
    size_t most = (size_t)reader->options->max_record_bytes, consumed = 1;

    while (consumed && (at->from < at->block->length || final)) {
        struct csi_rows *rows = csi_rows_new(at->block);
        size_t fault = 0;

        rows->base = at->from;
        rows->offset = at->offset;
        rows->first_line = at->line;
        if (reader->ops->cut(reader, rows, final, &consumed, NULL) !=
            COSEND_OK) {
            csi_rows_unref(rows);
            return false;
        }
        for (uint32_t row = 0; row < rows->count; row++)
            show_row(rows, row, most, &fault, text);
        for (size_t i = 0; i < consumed; i++)
            at->line +=
                at->block->data[at->from + i] == csi_end_byte(reader->options);
        at->from += consumed;
        csi_rows_unref(rows);
    }
    return true;
}

/* The same where it was cut ahead. */
static void take_ahead(struct csi_reader *reader, struct csi_ahead *ahead,
                       struct csi_cut *at, struct text *text)
{
    size_t most = (size_t)reader->options->max_record_bytes, consumed;
    struct csi_rows *rows;

    while ((rows = csi_ahead_next(ahead, reader, &consumed))) {
        size_t fault = 0;

        assert_int_equal(rows->base, at->from);
        rows->offset = at->offset;
        rows->first_line = at->line;
        for (uint32_t row = 0; row < rows->count; row++)
            show_row(rows, row, most, &fault, text);
        at->line += rows->line_ends;
        at->from += consumed;
    }
    assert_int_equal(at->from, at->block->length);
    csi_ahead_settle(ahead);
}

static struct csi_block *block_of(const char *data, size_t length)
{
    struct csi_block *block = csi_block_new(length);

    memcpy(block->data, data, length);
    memset(block->data + length, 0, CSI_BLOCK_SLACK);
    block->length = length;
    return block;
}

static void read_whole(const struct how *how, const char *data, size_t length,
                       struct text *text)
{
    struct csi_reader *reader = open_reader(how);
    struct csi_cut at = {.block = block_of(data, length),
                         .line = 1,
                         .block_bytes = csi_block_bytes};

    cut(reader, &at, true, text);
    csi_block_unref(at.block);
    reader->ops->free(reader);
}

static bool correct(struct csi_extents *all, struct csi_extent *extent,
                    struct csi_ahead *ahead)
{
    forgotten += extent->cut;
    csi_ahead_forget(ahead);
    return csi_extent_correct(all, extent);
}

/* All extents: handed out and read in any order, placed in their own. Returns
   how many got their place. */
static unsigned read_extents(struct csi_extents *all, struct csi_reader *reader,
                             struct text *text)
{
    static struct csi_extent extents[EXTENTS];
    static struct csi_ahead ahead[EXTENTS];
    unsigned count = 0, placed = 0, order[EXTENTS];

    while (count < EXTENTS && csi_extents_hand_out(all, &extents[count]))
        order[count] = count, count++;
    for (unsigned i = count; i > 1; i--) {
        unsigned other = draw(i), was = order[other];

        order[other] = order[i - 1];
        order[i - 1] = was;
    }
    for (unsigned i = 0; i < count; i++) {
        unsigned which = order[i];

        csi_extent_read(all, &extents[which], NULL);
        if (!draw(3) || !csi_extent_cut(&extents[which], reader, &ahead[which]))
            csi_extent_find(all, &extents[which]);
    }
    while (placed < count && (csi_extent_is_right(all, &extents[placed]) ||
                              correct(all, &extents[placed], &ahead[placed]))) {
        struct csi_cut at;
        bool is_cut = extents[placed].cut;

        csi_extent_place(all, &extents[placed++], &at);
        if (!at.block)
            continue;
        if (is_cut)
            take_ahead(reader, &ahead[placed - 1], &at, text);
        else
            assert_true(cut(reader, &at, false, text));
        cut_ahead += is_cut;
        assert_int_equal(at.from, at.block->length);
        assert_int_equal(at.line, all->at.line);
        assert_int_equal(at.offset + at.from, all->at.offset);
        csi_block_unref(at.block);
    }
    for (unsigned i = 0; i < count; i++) {
        csi_ahead_free(&ahead[i]);
        ahead[i] = (struct csi_ahead){.count = 0};
    }
    for (unsigned i = placed; i < count; i++)
        csi_block_unref(extents[i].block);
    return placed;
}

/* The first bytes in order, then extents, then the rest. */
static unsigned read_parts(const struct how *how, struct cosend_input *input,
                           size_t first, const char *data, size_t length,
                           struct text *text)
{
    struct csi_reader *reader = open_reader(how), *other = open_reader(how);
    struct csi_reader *finder = open_reader(how);
    struct csi_cut at = {.block = block_of(data, length),
                         .line = 1,
                         .block_bytes = csi_block_bytes};
    struct csi_extents extents = {0};
    size_t got, had = 0;
    unsigned placed = 0;
    bool known;

    while (had < first &&
           cosend_input_read(input, at.block->data + had, first - had, &got,
                             NULL) == COSEND_OK)
        had += got;
    memcpy(at.block->data, data, length);
    at.block->length = had;
    known = cut(reader, &at, false, text);
    if (known && reader->begun && reader->schema && !reader->midway) {
        assert_true(other->ops->copy_state(other, reader) &&
                    finder->ops->copy_state(finder, reader));
        reader->ops->restart(reader);
        if (csi_extents_begin(&extents, input, finder, &at)) {
            struct csi_block *block = at.block;

            placed = read_extents(&extents, other, text);
            assert_true(csi_extents_end(&extents, &at));
            assert_int_equal(cosend_input_offset(input), at.offset);
            at.from = (size_t)at.offset;
            at.offset = 0;
            at.block = block;
        }
    }
    memcpy(at.block->data + at.from, data + at.from, length - at.from);
    at.block->length = length;
    if (known)
        cut(reader, &at, true, text);
    csi_block_unref(at.block);
    reader->ops->free(reader);
    other->ops->free(other);
    finder->ops->free(finder);
    return placed;
}

/* ---- The tests ----------------------------------------------------------- */

static int write_file(const char *data, size_t length)
{
    int file = memfd_create("input", MFD_CLOEXEC);

    assert_true(file >= 0);
    assert_int_equal(write(file, data, length), (ssize_t)length);
    return file;
}

/* Reading parts of a file says the same as reading all of it. Returns how many
   parts there were. */
static unsigned compare(const struct how *how, int file, size_t first,
                        const char *data, size_t length, const struct text *due)
{
    static struct text is;
    struct cosend_io *io = cosend_io_new(NULL);
    struct cosend_input *input;
    unsigned placed;

    is.length = 0;
    assert_int_equal(lseek(file, 0, SEEK_SET), 0);
    assert_int_equal(cosend_input_descriptor(io, file, "input", &input, NULL),
                     COSEND_OK);
    placed = read_parts(how, input, first, data, length, &is);
    if (!is_same(&is, due)) {
        fprintf(stderr,
                "blocks of %zu, first %zu, hold %zu, format %d, of:\n"
                "%.*s\n---- is\n%.*s---- should be\n%.*s",
                csi_block_bytes, first, how->hold, how->format->number,
                (int)length, data, (int)is.length, is.data, (int)due->length,
                due->data);
        fail();
    }
    cosend_input_free(input);
    cosend_io_free(io);
    return placed;
}

static void extents_make_no_difference(void **state)
{
    static struct text due;
    char data[MOST + 40];
    unsigned placed = 0;

    (void)state;
    for (uint64_t round = 0; round < rounds; round++) {
        struct how how = draw_how();
        size_t length = make(data, how.options.nul);
        int file = write_file(data, length);

        due.length = 0;
        read_whole(&how, data, length, &due);
        for (int i = 0; i < 8; i++) {
            csi_block_bytes = 16 + draw(draw(2) ? 30 : 150);
            placed += compare(&how, file, draw((unsigned)length + 1), data,
                              length, &due);
        }
        close(file);
    }
    assert_true(placed > rounds);
    assert_true(cut_ahead > rounds);
    assert_true(forgotten > rounds / 100);
}

/* Every size of extents, so that they begin at every byte. */
static void they_may_begin_at_every_byte(void **state)
{
    static const char data[] =
        "a,b,c\n1,\"two\nlines\",3\n\n\"\"\"\n,\"\"\",\"\n\n\",x\"y\n"
        "\"a,\"\",\n\",\"\r\n\",z\r\n,,\n\"tail\"x,\"\",\" \n\"\nd,e,\"f\n";
    static struct text due;
    struct how how = {.format = csi_format_get(COSEND_FORMAT_CSV)};
    int file = write_file(data, sizeof(data) - 1);

    (void)state;
    how.options.header.first_record = true;
    how.options.max_record_bytes = 1 << 20;
    due.length = 0;
    read_whole(&how, data, sizeof(data) - 1, &due);
    for (size_t first = 6; first < sizeof(data); first++)
        for (csi_block_bytes = 16; csi_block_bytes < 80; csi_block_bytes++)
            compare(&how, file, first, data, sizeof(data) - 1, &due);
    close(file);
}

/* A file that is cut short while it is read: what had its place before stays,
   and the rest is for whoever reads on in order. */
static void a_file_that_shrinks_is_read_on_in_order(void **state)
{
    static const char data[] = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n"
                               "eight\nnine\nten\neleven\ntwelve\n";
    static struct text text;
    struct how how = {.format = csi_format_get(COSEND_FORMAT_TEXT)};
    struct csi_reader *finder = open_reader(&how);
    struct cosend_io *io = cosend_io_new(NULL);
    struct csi_cut at = {.line = 1, .block_bytes = 24}, cut;
    struct csi_extents all = {0};
    struct csi_extent extent;
    struct cosend_input *input;
    char byte[1];
    size_t got;
    int file = write_file(data, sizeof(data) - 1);

    (void)state;
    csi_block_bytes = at.block_bytes;
    assert_int_equal(lseek(file, 0, SEEK_SET), 0);
    assert_int_equal(cosend_input_descriptor(io, file, "input", &input, NULL),
                     COSEND_OK);
    assert_int_equal(cosend_input_read(input, byte, 1, &got, NULL), COSEND_OK);
    assert_true(csi_extents_begin(&all, input, finder, &at));
    for (uint64_t left = 30; csi_extents_hand_out(&all, &extent);) {
        csi_extent_read(&all, &extent, NULL);
        csi_extent_find(&all, &extent);
        if (!csi_extent_is_right(&all, &extent) &&
            !csi_extent_correct(&all, &extent)) {
            csi_block_unref(extent.block);
            all.over = true;
            break;
        }
        csi_extent_place(&all, &extent, &cut);
        csi_block_unref(cut.block);
        assert_int_equal(ftruncate(file, (off_t)left), 0);
    }
    assert_true(all.over && csi_extents_is_spent(&all));
    assert_true(csi_extents_end(&all, &at));
    assert_int_equal(at.offset, 24);
    assert_int_equal(at.line, 6);
    text.length = 0;
    while (cosend_input_read(input, byte, 1, &got, NULL) == COSEND_OK)
        add(&text, byte, 1);
    assert_int_equal(text.length, 6);
    assert_memory_equal(text.data, "six\nse", 6);
    cosend_input_free(input);
    cosend_io_free(io);
    finder->ops->free(finder);
    close(file);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extents_make_no_difference),
        cmocka_unit_test(they_may_begin_at_every_byte),
        cmocka_unit_test(a_file_that_shrinks_is_read_on_in_order)};

    rounds = (uint64_t)rounds_of(3000);
    if (argc > 1)
        random_state = strtoull(argv[1], NULL, 10);
    if (argc > 2)
        rounds = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
