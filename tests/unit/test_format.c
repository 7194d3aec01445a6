/* SPDX-License-Identifier: MIT */
/* Lines of text, which format a path has, JSON text, and want of memory. */
#include "test_format.h"

static void lines(void **state)
{
    struct feed text = {.format = COSEND_FORMAT_TEXT};

    (void)state;
    SEEN(text, "", "line\n");
    SEEN(text, "\n", "line\n[]\n");
    SEEN(text, "a\r\n\n\0b\xff\rc\r\nd\r",
         "line crlf\n[a]\n[]\n"
         "[\\x00"
         "b\xff\\rc]\n[d\\r]\n");
    SEEN(text, "\xef\xbb\xbfx\n\xef\xbb\xbfy", "line\n[x]\n[\xef\xbb\xbfy]\n");
    SEEN(text, "\xef\xbb\xbf", "line\n");
    text.options.skip_blank = true;
    text.options.field = (struct cosend_string){"message", 7};
    SEEN(text, "\n\r\na\n\nb", "message\n[a]\n[b]\n");
}

static void overlong_lines(void **state)
{
    struct feed text = {.format = COSEND_FORMAT_TEXT, .limit = 5000};
    struct csi_text input = {0};
    struct seen seen;

    (void)state;
    say(&input, "first\n");
    while (input.length < 100000)
        assert_true(csi_text_add(&input, "x", 1));
    say(&input, "\nlast");
    text.chunk = 1000;
    seen = feed_bytes(text, input.data, input.length);
    assert_int_equal(seen.records, 3);
    assert_int_equal(seen.faults, 1);
    assert_non_null(strstr(seen.text.data,
                           "[first]\n!overlong truncated: longer than "
                           "max_record_bytes (5000) <xxxxxxxxxx"));
    assert_non_null(strstr(seen.text.data, ">\n[last]\n"));
    seen_free(&seen);
    csi_text_free(&input);
}

static void many_lines_come_in_parts(void **state)
{
    struct feed text = {.format = COSEND_FORMAT_TEXT};
    struct csi_text input = {0};
    struct seen seen;

    (void)state;
    for (int i = 0; i < 3 * CSI_ROWS_MAX + 1; i++)
        say(&input, "%d\n", i);
    seen = feed_bytes(text, input.data, input.length);
    assert_int_equal(seen.records, 3 * CSI_ROWS_MAX + 1);
    seen_free(&seen);
    csi_text_free(&input);
}

static void a_path_tells_its_format(void **state)
{
    static const char *const rotated[] = {
        "a.csv.1",      "a.csv.12.gz",          "a.csv-20260301",
        "a.csv.1.zst",  "d.d/a.csv.2026-03-01", "a-20260301.csv",
        "7.csv_3.zstd", "a.csv-20260301.gz"};

    (void)state;
    assert_int_equal(csi_format_by_path("x/y.csv")->number, COSEND_FORMAT_CSV);
    assert_int_equal(csi_format_by_path("a.b.JSONL")->number,
                     COSEND_FORMAT_JSONL);
    assert_int_equal(csi_format_by_path("a.ndjson")->number,
                     COSEND_FORMAT_JSONL);
    assert_int_equal(csi_format_by_path("a.json")->number, COSEND_FORMAT_JSON);
    for (size_t i = 0; i < sizeof(rotated) / sizeof(rotated[0]); i++)
        assert_int_equal(csi_format_by_path(rotated[i])->number,
                         COSEND_FORMAT_CSV);
    assert_null(csi_format_by_path("a.csv."));
    assert_null(csi_format_by_path("a.csv-old"));
    assert_null(csi_format_by_path("a.log.2.gz"));
    assert_null(csi_format_by_path("a.csv.1/b"));
    assert_null(csi_format_by_path("20260301"));
    assert_null(csi_format_by_path("access.log"));
    assert_null(csi_format_by_path("a.csv/b"));
    assert_null(csi_format_by_path("csv"));
    assert_null(csi_format_by_path("a."));
    assert_null(csi_format_by_path("a.cs"));
    assert_null(csi_format_get(COSEND_FORMAT_AUTO));
}

static void assert_json(const char *data, size_t length, const char *expected)
{
    struct csi_text text = {0};

    assert_true(csi_text_json(&text, data, length));
    assert_true(csi_text_add(&text, "", 1));
    assert_string_equal(text.data, expected);
    csi_text_free(&text);
}

/* Unicode 15, section 3.9: a U+FFFD for each maximal subpart. */
static void json_strings_are_valid(void **state)
{
    (void)state;
    assert_json("", 0, "\"\"");
    assert_json("a\"\\/\b\f\n\r\t\0\x1f\x7f", 12,
                "\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7f\"");
    assert_json("\x61\xf1\x80\x80\xe1\x80\xc2\x62\x80\x63\x80\xbf\x64", 13,
                "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
                "b\xef\xbf\xbd"
                "c\xef\xbf\xbd\xef\xbf\xbd"
                "d\"");
    assert_json("\xed\xa0\x80", 3, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
    assert_json("\xf0\x9f\x98\x80\xe2\x82", 6,
                "\"\xf0\x9f\x98\x80\xef\xbf\xbd\"");
}

static void numbers_that_are_none_are_null_in_json(void **state)
{
    struct csi_text text = {0};
    struct cosend_cell cell = cosend_text("NaN", 3);

    (void)state;
    cell.kind = COSEND_NUMBER;
    assert_true(csi_text_cell(&text, cell));
    cell.data = "-Infinity";
    cell.length = 9;
    assert_true(csi_text_cell(&text, cell));
    cell.data = "-1.5";
    cell.length = 4;
    assert_true(csi_text_cell(&text, cell));
    assert_int_equal(text.length, 12);
    assert_memory_equal(text.data, "nullnull-1.5", 12);
    csi_text_free(&text);
}

/* ---- Want of memory ------------------------------------------------------ */

static long allowed; /* allocations before one fails */

static void *limited_malloc(size_t size)
{
    return allowed-- == 0 ? NULL : malloc(size);
}

static void *limited_realloc(void *old, size_t size)
{
    return allowed-- == 0 ? NULL : realloc(old, size);
}

static int pour(struct csi_reader *reader, struct csi_writer *writer,
                struct csi_block *block, struct cosend_error *error)
{
    size_t consumed;
    int status = COSEND_OK;

    for (size_t base = 0; status == COSEND_OK && base < block->length;
         base += consumed) {
        struct csi_rows *rows = csi_rows_new(block);
        struct cosend_batch *batch = NULL;
        uint32_t at = 0;

        if (!rows)
            return COSEND_E_MEMORY;
        rows->base = base;
        rows->first_line = 1;
        status = reader->ops->cut(reader, rows, true, &consumed, error);
        if (status == COSEND_OK && !writer->began)
            status = writer->ops->begin(writer, reader->schema, error);
        if (status == COSEND_OK) {
            batch = csi_batch_of_rows(rows, reader->schema, 0, rows->count);
            status = batch ? writer->ops->write(writer, batch, &at, error)
                           : COSEND_E_MEMORY;
            /* A record that the format cannot hold is left out. */
            for (; status == COSEND_E_DATA; memset(error, 0, sizeof(*error))) {
                at++;
                status = writer->ops->write(writer, batch, &at, error);
            }
        }
        csi_batch_unref(batch);
        csi_rows_unref(rows);
    }
    if (status == COSEND_OK)
        status = writer->ops->flush(writer, true, error);
    return status;
}

static int null_put(void *context, const char *data, size_t length,
                    struct cosend_error *error)
{
    (void)context;
    (void)data;
    (void)length;
    (void)error;
    return COSEND_OK;
}

/* From one format to another with the nth allocation failing. */
static int convert(enum cosend_format_name from, enum cosend_format_name to,
                   const char *input)
{
    struct cosend_format_options options = {.max_record_bytes = 100};
    struct csi_reader *reader = NULL;
    struct csi_writer *writer = NULL;
    struct csi_block *block = csi_block_new(strlen(input));
    struct cosend_error error = {0};
    int status = COSEND_E_MEMORY;

    options.header.first_record = true;
    options.ragged = COSEND_RAGGED_PAD;
    if (block)
        reader = csi_format_get(from)->reader(&options, &error);
    if (reader &&
        (!reader->ops->declare || (reader->ops->declare(reader, "a") &&
                                   reader->ops->declare(reader, "x.y"))))
        writer = csi_format_get(to)->writer(&options, &error);
    if (writer) {
        writer->put = null_put;
        memcpy(block->data, input, strlen(input));
        block->length = strlen(input);
        status = pour(reader, writer, block, &error);
        writer->ops->free(writer);
    }
    if (reader)
        reader->ops->free(reader);
    csi_block_unref(block);
    return status;
}

static void every_allocation_may_fail(void **state)
{
    static const char csv[] = "a,a,\n\"1\"\"\",2,3\n4\n5,6,7,8\n9,0,\"";
    static const char jsonl[] =
        "{\"a\":\"\\n\",\"x\":{\"\\u0079\":\"\\t\"},\"\\u0061\":3}\n[]\n{\n"
        "{\"a\":1,\"x\":{}}\n";
    static const char ltsv[] = "a:1\tx:2\na:3\tb\n";
    static const char logfmt[] = "a=1 x=\"\\n\"\n=\nx a=\"2\"\n";
    static const char json[] =
        "[{\"a\": \"\\n\", \"x\": {\"y\" : [ ]}}, 1, {\"a\":2}]";
    static const enum cosend_format_name formats[] = {
        COSEND_FORMAT_TEXT,  COSEND_FORMAT_CSV,      COSEND_FORMAT_JSONL,
        COSEND_FORMAT_JSON,  COSEND_FORMAT_LTSV,     COSEND_FORMAT_LOGFMT,
        COSEND_FORMAT_TABLE, COSEND_FORMAT_MARKDOWN, COSEND_FORMAT_COLUMNS,
        COSEND_FORMAT_XTAB,  COSEND_FORMAT_NIDX};

    (void)state;
    cosend_set_allocator(limited_malloc, limited_realloc, free);
    for (int from = 0; from < 11; from++)
        for (int to = 0; to < 11 && from != 6 && from != 7; to++) {
            long n = 0;
            int status;

            do {
                allowed = n++;
                status = convert(formats[from], formats[to],
                                 from == 10  ? "1  2\n3 4\n5\n"
                                 : from == 9 ? "a  1\nx.y 2\n\na 3\n"
                                 : from == 8 ? "a x.y\n1 2 \n3\n\n"
                                 : from == 5 ? logfmt
                                 : from == 4 ? ltsv
                                 : from == 3 ? json
                                 : from == 2 ? jsonl
                                             : csv);
                assert_true(status == COSEND_OK || status == COSEND_E_MEMORY);
            } while (status != COSEND_OK && n < 1000);
            assert_int_equal(status, COSEND_OK);
            assert_true(n > 5);
        }
    cosend_set_allocator(NULL, NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines),
        cmocka_unit_test(overlong_lines),
        cmocka_unit_test(many_lines_come_in_parts),
        cmocka_unit_test(a_path_tells_its_format),
        cmocka_unit_test(json_strings_are_valid),
        cmocka_unit_test(numbers_that_are_none_are_null_in_json),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
