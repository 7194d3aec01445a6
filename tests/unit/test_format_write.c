/* SPDX-License-Identifier: MIT */
/* The writers: what is copied, what is encoded, and that it reads back. */
#include "rounds.h"
#include "test_format.h"

#include "base/utf8.h"

#include <jansson.h>

static struct feed reading(enum cosend_format_name format)
{
    struct feed feed = {.format = format};

    feed.options.header.first_record = true;
    return feed;
}

static void untouched_bytes_leave_as_they_came(void **state)
{
    struct cosend_format_options none = {0};
    struct feed csv = reading(COSEND_FORMAT_CSV);
    struct feed text = reading(COSEND_FORMAT_TEXT);
    struct feed jsonl = reading(COSEND_FORMAT_JSONL);

    (void)state;
    WRITTEN(csv, "a,b\n\"1\",x\"y\n\n\"q\"r\",\"2\r\n\"\r\n\"5\",6",
            COSEND_FORMAT_CSV, &none,
            "a,b\n\"1\",x\"y\n\"q\"r\",\"2\r\n\"\r\n\"5\",6\n");
    WRITTEN(csv, "a,b\n1\n2,\"3\"\n", COSEND_FORMAT_CSV, &none,
            "a,b\n2,\"3\"\n");
    WRITTEN(csv, "a,b\r\n1,2", COSEND_FORMAT_CSV, &none, "a,b\r\n1,2\r\n");
    WRITTEN(text, "a\0\xff\r\n\nb\rc", COSEND_FORMAT_TEXT, &none,
            "a\0\xff\r\n\nb\rc\r\n");
    WRITTEN(jsonl, " {\"a\" : 1e0}\r\n\n{}", COSEND_FORMAT_JSONL, &none,
            " {\"a\" : 1e0}\r\n{}\r\n");
}

static void neighbours_leave_in_one_put(void **state)
{
    struct cosend_format_options none = {0};
    struct feed feed = reading(COSEND_FORMAT_CSV);
    struct sink sink = {0};
    struct seen seen;

    (void)state;
    feed.writer = open_writer(COSEND_FORMAT_CSV, &none, &sink);
    seen = feed_bytes(feed, "a,b\n1,2\n3,4\n5,6\n", 16);
    assert_int_equal(sink.puts, 2);
    feed.writer->ops->free(feed.writer);
    csi_text_free(&sink.text);
    seen_free(&seen);
}

static void padded_and_reordered_rows_are_encoded(void **state)
{
    struct cosend_format_options none = {0};
    struct feed feed = reading(COSEND_FORMAT_CSV);
    struct sink sink = {0};
    struct seen seen = {0};
    struct csi_reader *reader;

    (void)state;
    feed.options.ragged = COSEND_RAGGED_PAD;
    WRITTEN(feed, "a,b\n\"1\"\n\"2\",\"3\"\n", COSEND_FORMAT_CSV, &none,
            "a,b\n1,\n\"2\",\"3\"\n");
    feed.writer = open_writer(COSEND_FORMAT_CSV, &none, &sink);
    reader = open_reader(&feed, &seen);
    feed_file(reader, &feed, &seen, "a", "a,b\n\"1\",2\n", 10);
    reader->ops->next_file(reader);
    feed_file(reader, &feed, &seen, "b", "b,a\n\"4\",3\n", 10);
    close_reader(reader, &seen);
    assert_int_equal(sink.text.length, 14);
    assert_memory_equal(sink.text.data, "a,b\n\"1\",2\n3,4\n", 14);
    feed.writer->ops->free(feed.writer);
    csi_text_free(&sink.text);
    seen_free(&seen);
}

static void another_dialect_is_encoded(void **state)
{
    struct cosend_format_options options = {.delimiter = {";", 1}};
    struct feed csv = reading(COSEND_FORMAT_CSV);
    struct feed text = reading(COSEND_FORMAT_TEXT);

    (void)state;
    WRITTEN(csv, "a,b\n\"1\",\"2;\"\n", COSEND_FORMAT_CSV, &options,
            "a;b\n1;\"2;\"\n");
    options = (struct cosend_format_options){.crlf = true, .bom = true};
    WRITTEN(csv, "a,b\n\"1\",2\n\"3\",4\r\n", COSEND_FORMAT_CSV, &options,
            "\xef\xbb\xbf"
            "a,b\r\n\"1\",2\r\n\"3\",4\r\n");
    WRITTEN(text, "x\ny", COSEND_FORMAT_TEXT, &options,
            "\xef\xbb\xbfx\r\ny\r\n");
    options = (struct cosend_format_options){0};
    WRITTEN(text, "x\n\na,b\n\"\n", COSEND_FORMAT_CSV, &options,
            "line\nx\n\"\"\n\"a,b\"\n\"\"\"\"\n");
    WRITTEN(csv, "a,b\n1,\"\xff\xe2\x82\"\n", COSEND_FORMAT_TEXT, &options,
            "1\t\xff\xe2\x82\n");
}

static void csv_becomes_json(void **state)
{
    struct cosend_format_options none = {0};
    struct feed feed = reading(COSEND_FORMAT_CSV);

    (void)state;
    feed.options.ragged = COSEND_RAGGED_PAD;
    WRITTEN(feed, "a,\"b\"\"\"\r\n007,\n\"\xff\xe2\x82x\x01\t\"\r\n",
            COSEND_FORMAT_JSONL, &none,
            "{\"a\":\"007\",\"b\\\"\":\"\"}\n"
            "{\"a\":\"\xef\xbf\xbd\xef\xbf\xbdx\\u0001\\t\"}\n");
}

/* Two keys that differ in bytes that JSON cannot say never become one in
   silence. */
static void what_is_no_utf8_is_counted_shown_or_bad(void **state)
{
    static const char input[] = "k\xff,v\n\xe9,1\nok,2\n\xe2\x82,\xe9\n";
    static const char plain[] = "k,v\n\xe9,1\nok,2\n\xe2\x82,\xe9\n";
    struct cosend_format_options options = {0};
    struct feed feed = reading(COSEND_FORMAT_CSV);
    struct sink sink = {0};
    struct seen seen;

    (void)state;
    feed.writer = open_writer(COSEND_FORMAT_JSONL, &options, &sink);
    seen = feed_bytes(feed, plain, sizeof(plain) - 1);
    assert_int_equal(feed.writer->replaced, 2);
    assert_int_equal(feed.writer->records, 3);
    feed.writer->ops->free(feed.writer);
    seen_free(&seen);
    csi_text_free(&sink.text);

    options.invalid_utf8 = COSEND_INVALID_UTF8_ESCAPE;
    WRITTEN(feed, "k\xff,v\n\xe9,1\nok,2\n\xe2\x82,\xe9\n", COSEND_FORMAT_JSONL,
            &options,
            "{\"k\\\\xff\":\"\\\\xe9\",\"v\":\"1\"}\n"
            "{\"k\\\\xff\":\"ok\",\"v\":\"2\"}\n"
            "{\"k\\\\xff\":\"\\\\xe2\\\\x82\",\"v\":\"\\\\xe9\"}\n");

    options.invalid_utf8 = COSEND_INVALID_UTF8_REJECT;
    feed.writer = open_writer(COSEND_FORMAT_JSONL, &options, &sink);
    seen = feed_bytes(feed, plain, sizeof(plain) - 1);
    assert_non_null(strstr(seen.text.data, "!invalid_utf8: field \"k\" has"));
    assert_int_equal(feed.writer->records, 1);
    assert_int_equal(feed.writer->replaced, 0);
    assert_int_equal(sink.text.length, 19);
    assert_memory_equal(sink.text.data, "{\"k\":\"ok\",\"v\":\"2\"}\n", 19);
    feed.writer->ops->free(feed.writer);
    seen_free(&seen);
    csi_text_free(&sink.text);
    feed.writer = open_writer(COSEND_FORMAT_JSONL, &options, &sink);
    seen = feed_bytes(feed, input, sizeof(input) - 1);
    assert_int_equal(feed.writer->records, 0);
    assert_int_equal(sink.text.length, 0);
    feed.writer->ops->free(feed.writer);
    seen_free(&seen);
    csi_text_free(&sink.text);
}

static void json_becomes_csv(void **state)
{
    static const char input[] = "{\"a\":1,\"b\":\"x,y\"}\n"
                                "{\"b\":null,\"a\":[1,\"2\"]}\n"
                                "{\"a\":1,\"c\":2}\n{}\n";
    struct cosend_format_options none = {0};
    struct feed feed = reading(COSEND_FORMAT_JSONL);

    (void)state;
    for (size_t chunk = 1; chunk < sizeof(input); chunk++) {
        struct sink sink = {0};
        struct seen seen;

        feed.chunk = chunk;
        feed.writer = open_writer(COSEND_FORMAT_CSV, &none, &sink);
        seen = feed_bytes(feed, input, sizeof(input) - 1);
        assert_non_null(strstr(seen.text.data,
                               "!unknown_field: field \"c\" is not one of the "
                               "first record's, which are the columns; to say "
                               "which are, put select a,b,c before the "
                               "output\n"));
        assert_int_equal(feed.writer->records, 3);
        assert_true(csi_text_add(&sink.text, "", 1));
        assert_string_equal(sink.text.data, "a,b\n1,\"x,y\"\n"
                                            "\"[1,\"\"2\"\"]\",\n,\n");
        feed.writer->ops->free(feed.writer);
        csi_text_free(&sink.text);
        seen_free(&seen);
    }
}

static void a_bom_in_a_name_is_quoted(void **state)
{
    struct cosend_format_options none = {0};
    struct feed feed = reading(COSEND_FORMAT_CSV);

    (void)state;
    WRITTEN(feed,
            "\"\xef\xbb\xbf"
            "a\",b\n",
            COSEND_FORMAT_CSV, &none,
            "\"\xef\xbb\xbf"
            "a\",b\n");
}

/* ---- Reading back -------------------------------------------------------- */

enum { COLUMNS = 3, ROWS = 4 };

/* A batch that a filter might have made. */
static struct cosend_batch *make_batch(uint64_t *seed, uint32_t columns,
                                       bool ascii)
{
    static const char likely[] = ",\"\n\r ;\t\xef\xbb\xbf{}\\";
    struct cosend_schema *schema = csi_schema_new();
    struct cosend_batch *batch;

    schema->untouched = false;
    for (uint32_t i = 0; i < columns; i++)
        assert_true(csi_schema_add(schema, &"abc"[i], 1, CSI_DENSE));
    batch = csi_batch_new(schema);
    csi_schema_unref(schema);
    batch->count = ROWS;
    for (uint32_t i = 0; i < columns; i++) {
        struct cosend_cell *cells =
            csi_arena_get(&batch->arena, ROWS * sizeof(*cells));

        for (uint32_t row = 0; row < ROWS; row++) {
            size_t length = chance(seed) % 5;
            char *data = csi_arena_bytes(&batch->arena, 8);

            for (size_t j = 0; j < length; j++) {
                data[j] = (char)(chance(seed) & 0xff);
                if (chance(seed) % 2)
                    data[j] = likely[chance(seed) % (sizeof(likely) - 1)];
                if (ascii)
                    data[j] = (char)(data[j] & 0x7f);
            }
            cells[row] = cosend_text(data, length);
        }
        batch->columns[i] = (struct cosend_column_cells){cells, 0, UINT32_MAX};
    }
    return batch;
}

static void what_is_written_reads_back(void **state)
{
    static const char *const names[] = {"a", "b", "c", NULL};
    uint64_t seed = 99;

    (void)state;
    for (int i = 0; i < rounds_of(20000); i++) {
        enum cosend_format_name format =
            i % 2 ? COSEND_FORMAT_CSV : COSEND_FORMAT_JSONL;
        uint32_t columns = (uint32_t)(1 + chance(&seed) % COLUMNS);
        struct cosend_batch *batch = make_batch(&seed, columns, i % 2 == 0);
        struct cosend_format_options options = {.crlf = chance(&seed) % 2};
        struct sink sink = {0};
        struct csi_writer *writer = open_writer(format, &options, &sink);
        struct feed feed = reading(format);
        struct seen seen = {0}, expected = {0};
        const char *declared[COLUMNS + 1] = {0};

        memcpy(declared, names, columns * sizeof(*names));
        feed.declare = declared;
        feed.chunk = 1 + chance(&seed) % 7;
        write_batch(writer, &seen, batch);
        for (uint32_t j = 0; j < columns; j++)
            say(&expected.text, j ? ",%s" : "%s", names[j]);
        say(&expected.text, options.crlf ? " crlf\n" : "\n");
        for (uint32_t row = 0; row < ROWS; row++) {
            for (uint32_t j = 0; j < columns; j++) {
                say(&expected.text, j ? "|" : "[");
                show_cell(&expected.text, batch->columns[j].cells[row]);
            }
            for (uint32_t j = 0; j < columns && i % 2 == 0; j++) {
                say(&expected.text, "; %s=", names[j]);
                show_cell(&expected.text, batch->columns[j].cells[row]);
            }
            say(&expected.text, "]\n");
        }
        assert_true(csi_text_add(&expected.text, "", 1));
        seen = feed_bytes(feed, sink.text.data, sink.text.length);
        assert_string_equal(seen.text.data, expected.text.data);
        seen_free(&seen);
        seen_free(&expected);
        writer->ops->free(writer);
        csi_text_free(&sink.text);
        csi_batch_unref(batch);
    }
}

/* ---- Tables -------------------------------------------------------------- */

static void tables_are_aligned(void **state)
{
    struct cosend_format_options none = {0};
    struct feed csv = reading(COSEND_FORMAT_CSV);
    struct feed jsonl = reading(COSEND_FORMAT_JSONL);

    (void)state;
    WRITTEN(csv, "host,count,mean\na,5,1.5\nlonger,12,\n\xe6\xbc\xa2,0,-3e7\n",
            COSEND_FORMAT_TABLE, &none,
            "host    count  mean\n"
            "------  -----  ----\n"
            "a           5   1.5\n"
            "longer     12\n"
            "\xe6\xbc\xa2          0  -3e7\n");
    WRITTEN(csv, "a,b\n1\n", COSEND_FORMAT_TABLE, &none, "a  b\n-  -\n");
    WRITTEN(csv, "a,b\n\x1b[1m\t,\xff\n", COSEND_FORMAT_TABLE, &none,
            "a          b\n---------  ----\n\\x1b[1m\\t  \\xff\n");
    WRITTEN(jsonl, "{\"n\":1,\"s\":\"x\\ny\"}\n{\"s\":null,\"n\":10}\n",
            COSEND_FORMAT_TABLE, &none, " n  s\n--  ----\n 1  x\\ny\n10\n");
}

static void a_table_streams_once_it_has_begun(void **state)
{
    struct cosend_format_options none = {0};
    struct sink sink = {0};
    struct csi_writer *writer = open_writer(COSEND_FORMAT_TABLE, &none, &sink);
    struct seen seen = {0};
    struct cosend_schema *schema = csi_schema_new();
    struct cosend_batch *batch;
    struct cosend_cell cell = cosend_text("x", 1);

    (void)state;
    assert_true(csi_schema_add(schema, "a", 1, CSI_DENSE));
    assert_true(csi_schema_add(schema, "b", 1, CSI_DENSE));
    batch = csi_batch_new(schema);
    batch->count = 1;
    batch->columns[0] = (struct cosend_column_cells){&cell, 0, 0};
    batch->columns[1] = batch->columns[0];
    assert_int_equal(writer->ops->begin(writer, schema, NULL), COSEND_OK);
    assert_int_equal(writer->ops->flush(writer, false, NULL), COSEND_OK);
    assert_int_equal(sink.text.length, 0);
    write_batch(writer, &seen, batch);
    assert_int_equal(writer->ops->flush(writer, false, NULL), COSEND_OK);
    assert_int_equal(sink.text.length, 0);
    writer->escape = true; /* nobody looks at what is no terminal */
    assert_int_equal(writer->ops->flush(writer, false, NULL), COSEND_OK);
    cell = cosend_text("wide", 4);
    write_batch(writer, &seen, batch);
    cell = cosend_text("y", 1);
    write_batch(writer, &seen, batch);
    assert_true(csi_text_add(&sink.text, "", 1));
    assert_string_equal(sink.text.data, "a  b\n-  -\nx  x\nwide  wide\n"
                                        "y     y\n");
    writer->ops->free(writer);
    csi_text_free(&sink.text);
    csi_schema_unref(schema);
    csi_batch_unref(batch);
}

static void a_table_fits_its_limit(void **state)
{
    struct cosend_format_options options = {0};
    struct feed csv = reading(COSEND_FORMAT_CSV);
    static const char input[] =
        "id,what,where\n"
        "1234567890,0123456789abcdefghij,abcdefghijkl\n"
        "2,\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"
        "\xe6\xbc\xa2\xe6\xbc\xa2,b\n";
    static const char *const expected[] = {
        /* Wide enough for all. */
        [46] = "        id  what                  where\n"
               "----------  --------------------  ------------\n"
               "1234567890  0123456789abcdefghij  abcdefghijkl\n"
               "         2  \xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"
               "\xe6\xbc\xa2\xe6\xbc\xa2          b\n",
        /* Text first, and the widest of it. */
        [38] = "        id  what          where\n"
               "----------  ------------  ------------\n"
               "1234567890  0123456789a\xe2\x80\xa6  abcdefghijkl\n"
               "         2  \xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2"
               "\xe6\xbc\xa2\xe6\xbc\xa2  b\n",
        [30] = "        id  what      where\n"
               "----------  --------  --------\n"
               "1234567890  0123456\xe2\x80\xa6  abcdefg\xe2\x80\xa6\n"
               "         2  \xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2\xe2\x80\xa6   "
               "b\n",
        /* Then numbers, but nothing below six. */
        [10] = "    id  what    where\n"
               "------  ------  ------\n"
               "12345\xe2\x80\xa6  01234\xe2\x80\xa6  abcde\xe2\x80\xa6\n"
               "     2  \xe6\xbc\xa2\xe6\xbc\xa2\xe2\x80\xa6   b\n",
    };

    (void)state;
    for (size_t width = 0; width < sizeof(expected) / sizeof(*expected);
         width++) {
        struct sink sink = {0};
        struct seen seen;

        if (!expected[width])
            continue;
        csv.writer = open_writer(COSEND_FORMAT_TABLE, &options, &sink);
        csv.writer->width = width;
        seen = feed_bytes(csv, input, sizeof(input) - 1);
        assert_true(csi_text_add(&sink.text, "", 1));
        assert_string_equal(sink.text.data, expected[width]);
        csv.writer->ops->free(csv.writer);
        csi_text_free(&sink.text);
        seen_free(&seen);
    }
}

/* ---- Options ------------------------------------------------------------- */

static void a_header_has_the_names_given_or_none(void **state)
{
    static const struct cosend_string names[] = {{"x", 1}, {"y,z", 3}};
    struct cosend_format_options given = {.header.names = {names, 2}};
    struct cosend_format_options none = {.headless = true};
    struct feed csv = reading(COSEND_FORMAT_CSV);
    struct feed jsonl = reading(COSEND_FORMAT_JSONL);
    struct sink sink = {0};
    struct cosend_schema *one = csi_schema_new();
    struct csi_writer *writer;

    (void)state;
    WRITTEN(csv, "a,b\n1,2\n", COSEND_FORMAT_CSV, &given, "x,\"y,z\"\n1,2\n");
    WRITTEN(csv, "a,b\n1,2\n", COSEND_FORMAT_TSV, &given, "x\ty,z\n1\t2\n");
    WRITTEN(csv, "a,b\n1,2\n", COSEND_FORMAT_TABLE, &given,
            "x  y,z\n-  ---\n1    2\n");
    WRITTEN(jsonl, "{\"a\":1,\"b\":2}\n", COSEND_FORMAT_CSV, &given,
            "x,\"y,z\"\n1,2\n");
    WRITTEN(csv, "a,b\n1,2\n", COSEND_FORMAT_TSV, &none, "1\t2\n");
    WRITTEN(csv, "aaa,b\n1,2\n", COSEND_FORMAT_TABLE, &none, "1  2\n");
    WRITTEN(csv, "a,b\n", COSEND_FORMAT_TABLE, &none, "");
    assert_true(csi_schema_add(one, "a", 1, CSI_DENSE));
    for (int format = COSEND_FORMAT_CSV; format <= COSEND_FORMAT_TABLE;
         format++) {
        struct cosend_error error = {0};

        if ((format >= COSEND_FORMAT_JSONL && format <= COSEND_FORMAT_XTAB) ||
            format == COSEND_FORMAT_NIDX)
            continue;
        writer = open_writer((enum cosend_format_name)format, &given, &sink);
        assert_int_equal(writer->ops->begin(writer, one, &error),
                         COSEND_E_USAGE);
        assert_string_equal(error.message, "header: 2 names for 1 column (a)");
        writer->ops->free(writer);
    }
    csi_schema_unref(one);
    csi_text_free(&sink.text);
}

static void fields_are_those_of_the_first_record_that_has_some(void **state)
{
    struct cosend_format_options none = {0};
    struct feed jsonl = reading(COSEND_FORMAT_JSONL);

    (void)state;
    WRITTEN(jsonl, "{}\n{}\n{\"a\":1,\"b\":2}\n{}\n", COSEND_FORMAT_CSV, &none,
            "a,b\n,\n,\n1,2\n,\n");
    WRITTEN(jsonl, "{}\n{\"a\":1}\n", COSEND_FORMAT_CSV, &none, "a\n\"\"\n1\n");
    WRITTEN(jsonl, "{}\n{\"a\":1}\n", COSEND_FORMAT_TABLE, &none,
            "a\n-\n\n1\n");
    WRITTEN(jsonl, "{}\n{}\n", COSEND_FORMAT_CSV, &none, "\n\n");
    WRITTEN(jsonl, "{}\n{}\n", COSEND_FORMAT_TABLE, &none, "\n\n");
}

static void quotes_are_where_quoting_says(void **state)
{
    struct cosend_format_options options = {.quoting = COSEND_QUOTING_ALL};
    struct feed csv = reading(COSEND_FORMAT_CSV);
    struct sink sink = {0};
    struct seen seen;

    (void)state;
    WRITTEN(csv, "a,b\n1,\n\"x\"\"y\",2\n", COSEND_FORMAT_CSV, &options,
            "\"a\",\"b\"\n\"1\",\"\"\n\"x\"\"y\",\"2\"\n");
    options.quoting = COSEND_QUOTING_NONE;
    csv.writer = open_writer(COSEND_FORMAT_CSV, &options, &sink);
    seen = feed_bytes(csv, "a,b\n1,\"2\"\n\"x,y\",2\n\"\"\"\",3\n", 25);
    assert_non_null(strstr(seen.text.data,
                           "!needs_quotes: column \"a\" cannot be written"));
    assert_int_equal(csv.writer->records, 2);
    assert_int_equal(sink.text.length, 12);
    assert_memory_equal(sink.text.data, "a,b\n1,2\n\",3\n", 12);
    csv.writer->ops->free(csv.writer);
    csi_text_free(&sink.text);
    seen_free(&seen);
}

/* ---- Terminals ----------------------------------------------------------- */

/* Escape sequences, C1 controls, DEL, and what turns the direction of writing,
   in cells and names: nothing of it reaches a terminal in any format. */
static void nothing_acts_on_a_terminal(void **state)
{
    static const char csv[] = "n\x1b[1m,b\r\n\x1b]0;x\x07\x7f\xc2\x9b"
                              "1m,\xe2\x80\xae\xff\x08\"q\r\n\"a\rb\",2\r\n";
    static const char jsonl[] = "{\"n\x7f\":\"\xc2\x9b\xe2\x80\xae\","
                                "\"o\":{\"p\":\"\x7f\\u001b\"}}\r\n";
    struct cosend_format_options none = {0};

    (void)state;
    for (int from = 0; from < 4; from++)
        for (int to = COSEND_FORMAT_TEXT; to <= COSEND_FORMAT_MARKDOWN; to++) {
            static const int formats[] = {COSEND_FORMAT_TEXT, COSEND_FORMAT_CSV,
                                          COSEND_FORMAT_TSV,
                                          COSEND_FORMAT_JSONL};
            struct feed feed = reading((enum cosend_format_name)formats[from]);
            const char *input = from == 3 ? jsonl : csv;
            struct sink sink = {0};
            struct seen seen;

            feed.options.ragged = COSEND_RAGGED_PAD;
            feed.writer =
                open_writer((enum cosend_format_name)to, &none, &sink);
            feed.writer->escape = true;
            seen = feed_bytes(feed, input, strlen(input));
            /* Pairs refuse the names, and words what has a line end. */
            assert_true(sink.text.length > 0 ||
                        (to >= COSEND_FORMAT_LTSV && to <= COSEND_FORMAT_NIDX));
            for (const char *p = sink.text.data,
                            *end = sink.text.length ? p + sink.text.length : p;
                 p < end;) {
                int size = csi_utf8_character(p, end);
                bool line_end =
                    *p == '\n' || (*p == '\r' && p + 1 < end && p[1] == '\n');

                assert_true(size > 0);
                if (!line_end && *p != '\t')
                    assert_false(csi_utf8_is_control(csi_utf8_code(p, size)));
                p += size;
            }
            if (to == COSEND_FORMAT_JSONL) {
                json_t *json = json_loadb(sink.text.data, sink.text.length,
                                          JSON_DISABLE_EOF_CHECK, NULL);

                assert_non_null(json);
                json_decref(json);
            }
            feed.writer->ops->free(feed.writer);
            csi_text_free(&sink.text);
            seen_free(&seen);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(untouched_bytes_leave_as_they_came),
        cmocka_unit_test(neighbours_leave_in_one_put),
        cmocka_unit_test(padded_and_reordered_rows_are_encoded),
        cmocka_unit_test(another_dialect_is_encoded),
        cmocka_unit_test(csv_becomes_json),
        cmocka_unit_test(what_is_no_utf8_is_counted_shown_or_bad),
        cmocka_unit_test(json_becomes_csv),
        cmocka_unit_test(a_bom_in_a_name_is_quoted),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(tables_are_aligned),
        cmocka_unit_test(a_table_streams_once_it_has_begun),
        cmocka_unit_test(a_table_fits_its_limit),
        cmocka_unit_test(a_header_has_the_names_given_or_none),
        cmocka_unit_test(fields_are_those_of_the_first_record_that_has_some),
        cmocka_unit_test(quotes_are_where_quoting_says),
        cmocka_unit_test(nothing_acts_on_a_terminal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
