/* SPDX-License-Identifier: MIT */
/*
 * However bytes come, records are the same, and the lines that they are in:
 * inputs with records that are too long, by a byte or by many, and with lines
 * that end in CR, cut at every byte; and CSV files one after the
 * other, each with a start of its own (a BOM, lines to skip, blank lines,
 * comments, sep=, columns in another order), in stretches and chunks drawn by
 * lot.
 *
 *     test_reader_stretches [SEED [ROUNDS]]
 */
#include "format/csv_columns.h"
#include "record/byte_bitmaps.h"

#include <stdio.h>
#include <stdlib.h>

#include "csv_model.h"
#include "rounds.h"

static uint64_t rounds;

/* ---- Rows as text -------------------------------------------------------- */

static void show_cell(struct text *text, struct cosend_cell cell)
{
    if (cell.kind == COSEND_ABSENT)
        add(text, "~", 1);
    add(text, cell.data, cell.length);
    add(text, "|", 1);
}

/* What the run does with rows that are whole, and too long. */
static void mark_long(struct csi_rows *rows, size_t most)
{
    for (uint32_t row = 0; row < rows->count; row++) {
        const char *data;
        size_t length;

        csi_rows_content(rows, row, &data, &length);
        if (length > most)
            assert_true(csi_rows_overlong(rows, row, (int64_t)most));
    }
}

static void show_rows(struct csi_rows *rows, bool lines, struct text *text)
{
    size_t fault = 0;

    for (uint32_t row = 0; row < rows->count; row++) {
        char line[32];

        if (lines)
            add(text, line,
                (size_t)sprintf(line, "%llu: ",
                                (unsigned long long)csi_rows_line(rows, row)));
        if (fault < rows->fault_count && rows->faults[fault].row == row) {
            add(text, rows->faults[fault].kind,
                strlen(rows->faults[fault].kind));
            fault++;
        } else {
            for (uint32_t i = 0; i < rows->column_count; i++) {
                if (!rows->cells[i])
                    assert_true(rows->fill(rows, i));
                show_cell(text, rows->cells[i][row]);
            }
        }
        add(text, "\n", 1);
    }
    assert_int_equal(fault, rows->fault_count);
}

/* Cut data[from .. have), which begins in a line, if that is of interest;
   returns the bytes consumed. */
static size_t cut(struct csi_reader *reader, const char *data, size_t from,
                  size_t have, bool final, size_t most, uint64_t *line,
                  struct text *text)
{
    struct csi_block *block = csi_block_new(have);
    struct csi_rows *rows = csi_rows_new(block);
    struct cosend_error error = {0};
    size_t consumed;

    memcpy(block->data, data, have);
    memset(block->data + have, '"', CSI_BLOCK_SLACK);
    block->length = have;
    rows->base = from;
    rows->first_line = line ? *line : 1;
    if (reader->ops->cut(reader, rows, final, &consumed, &error) != COSEND_OK)
        fail_msg("%s", error.message);
    mark_long(rows, most);
    show_rows(rows, line != NULL, text);
    if (line && rows->line_ends != CSI_NOT_COUNTED)
        *line += rows->line_ends;
    else if (line)
        *line += csi_scan_count(block->data + from, consumed,
                                csi_rows_end_byte(rows));
    csi_rows_unref(rows);
    csi_block_unref(block);
    return consumed;
}

/* ---- Too long, cut at every byte ----------------------------------------- */

enum { LIMIT = 24 };

/* What is read beside the limit. */
static struct cosend_format_options asked;

static struct csi_reader *open_limited(enum cosend_format_name format,
                                       struct cosend_format_options *options)
{
    static struct cosend_string names[] = {{"a", 1}, {"b", 1}};
    struct csi_reader *reader;

    options->max_record_bytes = LIMIT;
    options->header.names = (struct cosend_strings){names, 2};
    options->ragged = COSEND_RAGGED_PAD;
    reader = csi_format_get(format)->reader(options, NULL);
    assert_non_null(reader);
    /* Rejects show more; there is less to cut so. */
    reader->hold = LIMIT + 1;
    if (reader->ops->declare)
        assert_true(reader->ops->declare(reader, "a"));
    return reader;
}

static void read_in_two(enum cosend_format_name format, const char *data,
                        size_t length, size_t first, size_t step,
                        struct text *text)
{
    struct cosend_format_options options = asked;
    struct csi_reader *reader = open_limited(format, &options);
    size_t from = 0, have = first;
    uint64_t line = 1;

    text->length = 0;
    for (;;) {
        bool final = have == length;
        size_t consumed =
            cut(reader, data, from, have, final, LIMIT, &line, text);

        from += consumed;
        if (final && from == length)
            break;
        if (final && !consumed)
            fail_msg("stuck at %zu of %.*s", from, (int)length, data);
        if (!consumed || from == have)
            have = have + step < length ? have + step : length;
    }
    assert_int_equal(reader->records, reader->boundaries);
    reader->ops->free(reader);
}

static void cut_at_every_byte(enum cosend_format_name format, const char *data,
                              size_t length)
{
    static struct text whole, parts;

    read_in_two(format, data, length, length, 1, &whole);
    for (size_t step = 1; step <= length; step = step < 4 ? step + 1 : 4 * step)
        for (size_t first = 0; first <= length; first++) {
            read_in_two(format, data, length, first, step, &parts);
            if (is_same(&whole, &parts))
                continue;
            print_error("format %d, cut at %zu, then by %zu\n---- input\n%.*s\n"
                        "---- whole\n%.*s\n---- in parts\n%.*s\n",
                        (int)format, first, step, (int)length, data,
                        (int)whole.length, whole.data, (int)parts.length,
                        parts.data);
            fail();
        }
}

/* A record of about `size` bytes. */
static size_t put_record(char *to, enum cosend_format_name format, size_t size)
{
    static const char text[] =
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuv"
        "wxyzabcdefghijklmnopqrstuvwxyz";
    char between =
        format == COSEND_FORMAT_TSV                                       ? '\t'
        : format == COSEND_FORMAT_COLUMNS || format == COSEND_FORMAT_NIDX ? ' '
                                                                          : ',';
    int wanted = (int)size, length;

    bool json = format == COSEND_FORMAT_JSONL || format == COSEND_FORMAT_JSON;

    bool pairs = format == COSEND_FORMAT_LTSV || format == COSEND_FORMAT_LOGFMT;

    /* One more line of a paragraph, or the first of another one. */
    if (format == COSEND_FORMAT_XTAB)
        length = sprintf(to, "%sa%.*s", draw(2) ? draw(2) ? "\n" : "\r\n" : "",
                         wanted > 2 ? wanted - 2 : 0, text);
    else if (pairs)
        length =
            sprintf(to, "a%c%.*s", format == COSEND_FORMAT_LTSV ? ':' : '=',
                    wanted > 2 ? wanted - 2 : 0, text);
    else if (json && size > 8)
        length = sprintf(to, "{\"a\":\"%.*s\"}", wanted - 8, text);
    else if (format == COSEND_FORMAT_JSON && size > 6)
        length = sprintf(to, "{\n\"a\" : [1, {}]}");
    else if (json)
        length = sprintf(to, "{\"a\":1}");
    else if (format == COSEND_FORMAT_TEXT || size < 4)
        length = sprintf(to, "%.*s", wanted, text);
    else if (format == COSEND_FORMAT_CSV && draw(2))
        length = sprintf(to, "1,\"%.*s%s%.*s%s", wanted / 2 - 2, text,
                         draw(2) ? "\n" : "\"\"", wanted / 2 - 2, text,
                         draw(8) ? "\"" : "");
    else
        length = sprintf(to, "1%c%.*s", between, wanted - 2, text);
    return (size_t)length;
}

static void too_long_is_too_long_however_it_comes(void **state)
{
    static const enum cosend_format_name formats[] = {
        COSEND_FORMAT_TEXT,   COSEND_FORMAT_CSV,  COSEND_FORMAT_TSV,
        COSEND_FORMAT_JSONL,  COSEND_FORMAT_JSON, COSEND_FORMAT_LTSV,
        COSEND_FORMAT_LOGFMT, COSEND_FORMAT_XTAB, COSEND_FORMAT_COLUMNS,
        COSEND_FORMAT_NIDX};
    static char data[2000];

    (void)state;
    for (uint64_t round = 0; round < rounds / 10; round++) {
        enum cosend_format_name format = formats[round % 10];
        bool array = format == COSEND_FORMAT_JSON && draw(2);
        size_t length = 0;

        asked.nul = format == COSEND_FORMAT_TEXT && draw(2);
        for (unsigned record = 1 + draw(5); record--;) {
            size_t size = draw(2) ? LIMIT - 3 + draw(7) : draw(80);

            if (array) {
                data[length] = length ? ',' : '[';
                length++;
            }
            length += put_record(data + length, format, size);
            if (!record && draw(2))
                break;
            if (draw(2))
                data[length++] = '\r';
            if (asked.nul && draw(3))
                data[length++] = '\0';
            else
                data[length++] = '\n';
        }
        if (array)
            data[length++] = ']';
        cut_at_every_byte(format, data, length);
    }
    asked = (struct cosend_format_options){0};
}

/* ---- Lines that end in CR, LF or both ------------------------------------ */

static void put_line(char *data, size_t *length, enum cosend_format_name format)
{
    static const char *const ends[] = {"\r", "\r", "\r\n", "\n", "\r\r"};
    const char *end = ends[draw(5)];

    if (format == COSEND_FORMAT_CSV && !draw(4))
        *length +=
            (size_t)sprintf(data + *length, "#%.*s", (int)draw(2 * LIMIT),
                            "\"x,'yz\"abcdefghijklmnopqrstuvwxyz\"0123456"
                            "789012345678901234567890");
    else
        *length += put_record(data + *length, format, draw(LIMIT + 8));
    *length += (size_t)sprintf(data + *length, "%s", end);
}

static void line_ends_are_the_same_however_they_come(void **state)
{
    static const enum cosend_format_name formats[] = {
        COSEND_FORMAT_CSV, COSEND_FORMAT_TEXT, COSEND_FORMAT_CSV,
        COSEND_FORMAT_JSONL, COSEND_FORMAT_XTAB};
    static char data[2000];

    (void)state;
    for (uint64_t round = 0; round < rounds / 10; round++) {
        enum cosend_format_name format = formats[round % 5];
        size_t length = 0;

        asked.line_end = draw(2) ? COSEND_LINE_END_CR : COSEND_LINE_END_AUTO;
        asked.skip_lines = draw(3);
        asked.comment = (struct cosend_string){"#", draw(2)};
        asked.strict = !draw(3);
        asked.trim = !draw(3);
        if (draw(2))
            length += (size_t)sprintf(data, "\xef\xbb\xbf");
        for (unsigned line = 1 + draw(6); line--;)
            put_line(data, &length, format);
        if (draw(2))
            length--;
        cut_at_every_byte(format, data, length);
    }
    asked = (struct cosend_format_options){0};
}

/* ---- File after file ----------------------------------------------------- */

enum { COLUMNS = 4, FILES = 3, FILE_MOST = 6000 };

struct file {
    char data[FILE_MOST];
    size_t length, records; /* `records` start there */
    int order[COLUMNS];     /* column of the file -> column */
    char delimiter[2];
};

static void put(struct file *file, const char *text)
{
    size_t length = strlen(text);

    assert_true(file->length + length < FILE_MOST);
    memcpy(file->data + file->length, text, length);
    file->length += length;
}

static void put_start(struct file *file, const char *const *names)
{
    bool sep = !draw(3);
    int *order = file->order;

    strcpy(file->delimiter, sep ? ";" : ",");
    for (int i = 0; i < COLUMNS; i++)
        order[i] = i;
    for (int i = COLUMNS - 1; i > 0 && draw(2); i--) {
        unsigned other = draw((unsigned)i + 1);
        int kept = order[i];

        order[i] = order[other];
        order[other] = kept;
    }
    if (draw(2))
        put(file, "\xef\xbb\xbf");
    put(file, "skipped, \"with a quote\n");
    if (sep)
        put(file, draw(2) ? "sep=;\r\n" : "sep=;\n");
    while (draw(2))
        put(file, draw(2) ? "\n" : "#no, \"header\n");
    for (int i = 0; i < COLUMNS; i++) {
        bool quoted = draw(2);

        put(file, i ? file->delimiter : "");
        put(file, quoted ? "\"" : "");
        put(file, names[order[i]]);
        put(file, quoted ? draw(2) ? "\"" : "\" " : "");
    }
    put(file, draw(2) ? "\n" : "\r\n");
    file->records = file->length;
}

static void put_rows(struct file *file)
{
    static const char *const cells[] = {
        "x", "", "\"q\"", "\"\n\"", "\"d\" ", "#", "12", "\"s\"\"\"", "a\"b"};

    for (unsigned row = draw(20); row--;) {
        unsigned count = draw(6) ? COLUMNS : 1 + draw(6);

        if (!draw(6))
            put(file, draw(2) ? "\r\n" : "#\"\n");
        for (unsigned i = 0; i < count; i++) {
            put(file, i ? file->delimiter : "");
            put(file, cells[draw(draw(2) ? 3 : 9)]);
        }
        put(file, draw(2) ? "\n" : "\r\n");
    }
}

/* What the rows of a file are, by the model, in the order of the columns. */
static void by_model(const struct file *file, bool pads, struct text *text)
{
    static struct model_record r;
    struct model model = {.delimiter = file->delimiter,
                          .quote = '"',
                          .escape = -1,
                          .comment = "#"};

    for (size_t at = file->records;
         model_read(&model, file->data, at, file->length, &r); at = r.end) {
        bool bad = r.cells > COLUMNS || (r.cells < COLUMNS && !pads);

        if (r.none)
            continue;
        if (r.unclosed || bad)
            add(text, r.unclosed ? "unterminated_quote" : "ragged",
                r.unclosed ? 18 : 6);
        for (int c = 0; !r.unclosed && !bad && c < COLUMNS; c++) {
            size_t i = 0;

            while (file->order[i] != c)
                i++;
            show_cell(text, i < r.cells
                                ? cosend_text(r.text + r.from[i], r.length[i])
                                : csi_absent);
        }
        add(text, "\n", 1);
    }
}

/* One file by two readers: `other` has the chunks behind its start. */
static void read_file(struct csi_reader *reader, struct csi_reader *other,
                      char *data, size_t length, struct text *text)
{
    size_t from = 0, have = 0;
    bool copied = false;

    do {
        bool final;

        if (have < length)
            have += 1 + draw(draw(2) ? 30 : FILE_MOST);
        have = have < length ? have : length;
        final = have == length;
        if (other && reader->begun && !reader->midway && !final) {
            uint64_t newlines;
            const char *border;

            assert_true(copied || other->ops->copy_state(other, reader));
            copied = true;
            border =
                other->ops->border(other, data + from, data + have, &newlines);
            while (data + from < border)
                from += cut(other, data, from, (size_t)(border - data), false,
                            1 << 20, NULL, text);
            continue;
        }
        from += cut(reader, data, from, have, final, 1 << 20, NULL, text);
        if (final && from == length)
            break;
    } while (true);
}

static void files_are_read_as_one(void **state)
{
    static const char *const names[COLUMNS] = {"id", "ms", "a b", "z"};
    static struct file files[FILES];
    static struct text is, due;

    (void)state;
    for (uint64_t round = 0; round < rounds; round++) {
        struct cosend_format_options options = {
            .header.first_record = true,
            .ragged = draw(2) ? COSEND_RAGGED_PAD : COSEND_RAGGED_REJECT,
            .comment = {"#", 1},
            .skip_lines = 1};
        const struct csi_format *csv = csi_format_get(COSEND_FORMAT_CSV);
        struct csi_reader *reader = csv->reader(&options, NULL);
        struct csi_reader *other = draw(2) ? csv->reader(&options, NULL) : NULL;

        is.length = due.length = 0;
        for (int i = 0; i < FILES; i++) {
            struct file *file = &files[i];

            file->length = 0;
            put_start(file, names);
            if (!i) {
                /* The first file's order is the columns'. */
                file->length = 0;
                for (int c = 0; c < COLUMNS; c++)
                    file->order[c] = c;
                strcpy(file->delimiter, ",");
                put(file, "skipped\nid,ms,a b,z\n");
                file->records = file->length;
            } else {
                reader->ops->next_file(reader);
            }
            put_rows(file);
            by_model(file, options.ragged == COSEND_RAGGED_PAD, &due);
            read_file(reader, other, file->data, file->length, &is);
        }
        if (!is_same(&is, &due)) {
            for (int i = 0; i < FILES; i++)
                print_error("---- file\n%.*s\n", (int)files[i].length,
                            files[i].data);
            print_error("---- due\n%.*s\n---- is\n%.*s\n", (int)due.length,
                        due.data, (int)is.length, is.data);
            fail();
        }
        reader->ops->free(reader);
        if (other)
            other->ops->free(other);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(too_long_is_too_long_however_it_comes),
        cmocka_unit_test(line_ends_are_the_same_however_they_come),
        cmocka_unit_test(files_are_read_as_one)};

    rounds = (uint64_t)rounds_of(3000);
    if (argc > 1)
        random_state = strtoull(argv[1], NULL, 10);
    if (argc > 2)
        rounds = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
