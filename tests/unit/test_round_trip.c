/* SPDX-License-Identifier: MIT */
/*
 * What a writer writes its reader reads again: the same names, the same cells,
 * in every format and dialect, whatever bytes the cells hold and however the
 * file is cut. Where a record cannot be written it is refused, and the others
 * are there. But text is nobody's format: its lines are written as they are,
 * also a first one that starts with the bytes of a byte order mark.
 *
 * With COSEND_LONG_TESTS a million records of each format are written.
 */
#include "test_format.h"

enum { COLUMNS = 3, ROWS = 4, LONGEST = 6, RECORDS = 5000, MANY = 1000000 };

/* A table of texts, drawn by lot. */
struct table {
    uint32_t columns, rows;
    char names[COLUMNS][LONGEST + 2];
    size_t name_lengths[COLUMNS];
    char cells[ROWS][COLUMNS][LONGEST];
    size_t lengths[ROWS][COLUMNS];
    bool refused[ROWS];
    uint32_t written;
};

/* How it is written and read. */
struct dialect {
    enum cosend_format_name format;
    struct cosend_format_options options;
    char delimiter[4], quote[2], escape[2];
};

static bool is_json(const struct dialect *dialect)
{
    return dialect->format == COSEND_FORMAT_JSONL ||
           dialect->format == COSEND_FORMAT_JSON;
}

/* Whether records name their fields themselves. */
static bool is_open(const struct dialect *dialect)
{
    return dialect->format >= COSEND_FORMAT_JSONL &&
           dialect->format <= COSEND_FORMAT_XTAB;
}

/* Whether cells are words, and so are names, where there are any. */
static bool is_words(const struct dialect *dialect)
{
    return dialect->format == COSEND_FORMAT_COLUMNS ||
           dialect->format == COSEND_FORMAT_NIDX;
}

static uint64_t seed = 7;

static unsigned pick(unsigned limit)
{
    return (unsigned)(chance(&seed) % limit);
}

/* Bytes that mean something to some format, more often than others. */
static size_t draw_text(char *text, const struct dialect *dialect)
{
    static const char *const pieces[] = {
        "\"",   "'", ",",  ";",  "|",    "\t",       "\n",   "\r",
        "\r\n", " ", "\\", "a",  "sep=", "\\t",      "\\n",  "\xef\xbb\xbf",
        "#",    "{", "}",  "\0", "\x1b", "\xff\xfe", "\xe9", "0",
        "null"};
    size_t length = 0, wanted = pick(4);

    for (size_t i = 0; i < wanted; i++) {
        const char *piece = pieces[pick(sizeof(pieces) / sizeof(*pieces))];
        size_t size = *piece ? strlen(piece) : 1;

        if (length + size > LONGEST)
            break;
        /* JSON is UTF-8, and a line of text is a line, or ends in NUL. */
        if (is_json(dialect) && *piece & 0x80 && size < 3)
            continue;
        if (dialect->format == COSEND_FORMAT_TEXT &&
            ((strpbrk(piece, "\n\r") && !dialect->options.nul) ||
             *piece == '\xff' || *piece == '\xef'))
            continue;
        memcpy(text + length, piece, size);
        length += size;
    }
    return length;
}

static void draw_table(struct table *table, const struct dialect *dialect)
{
    bool text = dialect->format == COSEND_FORMAT_TEXT;
    bool nidx = dialect->format == COSEND_FORMAT_NIDX;

    *table = (struct table){.columns = text ? 1 : 1 + pick(COLUMNS),
                            .rows = pick(ROWS + 1)};
    for (uint32_t i = 0; i < table->columns; i++) {
        table->name_lengths[i] = draw_text(table->names[i], dialect);
        table->names[i][table->name_lengths[i]++] = (char)('a' + i);
        if (nidx) {
            table->names[i][0] = (char)('1' + i);
            table->name_lengths[i] = 1;
        }
        for (uint32_t row = 0; row < table->rows; row++)
            table->lengths[row][i] = draw_text(table->cells[row][i], dialect);
    }
    if (text) {
        memcpy(table->names[0], "line", 4);
        table->name_lengths[0] = 4;
    }
}

static void draw_dialect(struct dialect *dialect,
                         enum cosend_format_name format)
{
    static const char *const delimiters[] = {",", ";", "|",  "\t",
                                             " ", "a", "||", ",,;"};

    *dialect = (struct dialect){.format = format};
    dialect->options.crlf = pick(2);
    dialect->options.bom = pick(4) == 0;
    dialect->options.header.first_record = true;
    if (dialect->format == COSEND_FORMAT_JSON)
        dialect->options.indent = pick(4);
    dialect->options.sort_keys = is_json(dialect) && pick(2);
    dialect->options.ascii = is_json(dialect) && pick(2);
    dialect->options.nul = dialect->format == COSEND_FORMAT_TEXT && pick(2);
    dialect->options.crlf &= !dialect->options.nul;
    if (dialect->format != COSEND_FORMAT_CSV)
        return;
    strcpy(dialect->delimiter, delimiters[pick(8)]);
    dialect->quote[0] = "\"'"[pick(2)];
    dialect->options.delimiter =
        (struct cosend_string){dialect->delimiter, strlen(dialect->delimiter)};
    dialect->options.quote = (struct cosend_string){dialect->quote, 1};
    dialect->options.quoting = (int)pick(4);
    dialect->options.unquoted = dialect->options.quoting == COSEND_QUOTING_NONE;
    if (pick(3))
        return;
    dialect->escape[0] = '\\';
    dialect->options.escape = (struct cosend_string){dialect->escape, 1};
}

static struct cosend_batch *batch_of(const struct table *table)
{
    struct cosend_schema *schema = csi_schema_new();
    struct cosend_batch *batch;

    schema->untouched = false;
    for (uint32_t i = 0; i < table->columns; i++)
        assert_true(csi_schema_add(schema, table->names[i],
                                   table->name_lengths[i], CSI_DENSE));
    batch = csi_batch_new(schema);
    csi_schema_unref(schema);
    batch->count = table->rows;
    for (uint32_t i = 0; i < table->columns; i++) {
        struct cosend_cell *cells =
            csi_arena_get(&batch->arena, (ROWS + 1) * sizeof(*cells));

        for (uint32_t row = 0; row < table->rows; row++)
            cells[row] =
                cosend_text(table->cells[row][i], table->lengths[row][i]);
        batch->columns[i] = (struct cosend_column_cells){cells, 0, UINT32_MAX};
    }
    return batch;
}

/* Write the table; which rows are refused is noted. */
static void write_table(struct table *table, const struct dialect *dialect,
                        struct sink *sink)
{
    struct cosend_batch *batch = batch_of(table);
    struct csi_writer *writer =
        open_writer(dialect->format, &dialect->options, sink);
    struct cosend_error error = {0};
    uint32_t at = 0;

    /* Names that need quotes where there are none are nobody's records. */
    table->written = 0;
    if (writer->ops->begin(writer, batch->schema, &error) != COSEND_OK) {
        assert_int_equal(error.kind, COSEND_E_USAGE);
        assert_true(is_words(dialect) ||
                    dialect->options.quoting == COSEND_QUOTING_NONE);
        sink->text.length = 0;
        writer->ops->free(writer);
        csi_batch_unref(batch);
        return;
    }
    while (at < batch->count &&
           writer->ops->write(writer, batch, &at, &error) != COSEND_OK) {
        assert_int_equal(error.kind, COSEND_E_DATA);
        assert_non_null(writer->bad_kind);
        table->refused[at++] = true;
        error = (struct cosend_error){0};
    }
    assert_int_equal(writer->ops->flush(writer, true, &error), COSEND_OK);
    for (uint32_t row = 0; row < table->rows; row++)
        table->written += !table->refused[row];
    assert_int_equal(writer->records, table->written);
    writer->ops->free(writer);
    csi_batch_unref(batch);
}

/* Which column a record's i-th field is: names of one letter go down, so that
   there is something to sort. */
static uint32_t place(const struct table *table, const struct dialect *dialect,
                      uint32_t i)
{
    return dialect->options.sort_keys ? table->columns - 1 - i : i;
}

/* The picture that feed_bytes makes of what was read. */
static void picture(const struct table *table, const struct dialect *dialect,
                    struct csi_text *text)
{
    bool open = is_open(dialect);

    for (uint32_t i = 0; i < table->columns; i++) {
        say(text, i ? "," : "");
        show_bytes(text, table->names[i], table->name_lengths[i]);
    }
    say(text, "\n");
    for (uint32_t row = 0; row < table->rows; row++) {
        if (table->refused[row])
            continue;
        for (uint32_t i = 0; i < table->columns; i++) {
            say(text, i ? "|" : "[");
            show_bytes(text, table->cells[row][i], table->lengths[row][i]);
        }
        for (uint32_t i = 0; open && i < table->columns; i++) {
            uint32_t at = place(table, dialect, i);

            say(text, "; ");
            show_bytes(text, table->names[at], table->name_lengths[at]);
            say(text, "=");
            show_bytes(text, table->cells[row][at], table->lengths[row][at]);
        }
        say(text, "]\n");
    }
    assert_true(csi_text_add(text, "", 1));
}

/* Without the word that lines end in CRLF, which no record can show. */
static void forget_crlf(struct csi_text *text)
{
    char *end = memchr(text->data, '\n', text->length);
    static const char word[] = " crlf";
    size_t size = sizeof(word) - 1;

    if (end - text->data >= (ptrdiff_t)size &&
        memcmp(end - size, word, size) == 0) {
        memmove(end - size, end, text->length - (size_t)(end - text->data));
        text->length -= size;
    }
}

/* Returns how many records were written. */
static uint32_t check_one(enum cosend_format_name format)
{
    const char *declared[COLUMNS + 1] = {0};
    char names[COLUMNS][LONGEST + 3] = {{0}};
    struct csi_text expected = {0};
    struct sink sink = {0};
    struct dialect dialect;
    struct table table;
    struct feed feed = {0};
    struct seen seen;

    draw_dialect(&dialect, format);
    draw_table(&table, &dialect);
    feed.format = dialect.format;
    feed.options = dialect.options;
    feed.chunk = pick(8);
    for (uint32_t i = 0; i < table.columns; i++) {
        /* What declares a field is a string without a NUL in it. */
        if (is_open(&dialect))
            table.names[i][0] = (char)('z' - i);
        if (is_open(&dialect))
            table.name_lengths[i] = 1;
        memcpy(names[i], table.names[i], table.name_lengths[i]);
        declared[i] = names[i];
    }
    if (is_open(&dialect))
        feed.declare = declared;
    write_table(&table, &dialect, &sink);
    /* Of nothing no reader can say the names. */
    if (!sink.text.length ||
        (dialect.format == COSEND_FORMAT_NIDX && !table.written)) {
        csi_text_free(&sink.text);
        return 0;
    }
    picture(&table, &dialect, &expected);
    seen = feed_bytes(feed, sink.text.data, sink.text.length);
    forget_crlf(&seen.text);
    if (strcmp(seen.text.data, expected.data) != 0)
        fail_msg("format %d, delimiter \"%s\", quote \"%s\", quoting %d, "
                 "escape \"%s\", crlf "
                 "%d:\n%.*s\n-- is read as\n%s\n-- and was\n%s",
                 dialect.format, dialect.delimiter, dialect.quote,
                 dialect.options.quoting, dialect.escape, dialect.options.crlf,
                 (int)sink.text.length, sink.text.data, seen.text.data,
                 expected.data);
    seen_free(&seen);
    csi_text_free(&expected);
    csi_text_free(&sink.text);
    return table.written;
}

static void what_is_written_reads_back(void **state)
{
    const enum cosend_format_name *format = *state;
    uint32_t due = getenv("COSEND_LONG_TESTS") ? MANY : RECORDS;

    for (uint32_t written = 0; written < due;)
        written += check_one(*format);
}

int main(void)
{
    static enum cosend_format_name formats[] = {
        COSEND_FORMAT_TEXT,   COSEND_FORMAT_CSV,  COSEND_FORMAT_TSV,
        COSEND_FORMAT_JSONL,  COSEND_FORMAT_JSON, COSEND_FORMAT_LTSV,
        COSEND_FORMAT_LOGFMT, COSEND_FORMAT_XTAB, COSEND_FORMAT_COLUMNS,
        COSEND_FORMAT_NIDX};
#define READS_BACK(name, number)                                               \
    {                                                                          \
#name "_reads_back", what_is_written_reads_back, NULL, NULL,           \
            &formats[number]                                                   \
    }
    const struct CMUnitTest tests[] = {
        READS_BACK(text, 0),   READS_BACK(csv, 1),  READS_BACK(tsv, 2),
        READS_BACK(jsonl, 3),  READS_BACK(json, 4), READS_BACK(ltsv, 5),
        READS_BACK(logfmt, 6), READS_BACK(xtab, 7), READS_BACK(columns, 8),
        READS_BACK(nidx, 9),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
