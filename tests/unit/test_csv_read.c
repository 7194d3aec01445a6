/* SPDX-License-Identifier: MIT */
/* The edges of the CSV reader, each in every split and chunk size. */
#include "test_format.h"

static struct feed csv(void)
{
    struct feed feed = {.format = COSEND_FORMAT_CSV};

    feed.options.header.first_record = true;
    return feed;
}

static struct feed unnamed(void)
{
    return (struct feed){.format = COSEND_FORMAT_CSV};
}

static void plain_records(void **state)
{
    (void)state;
    SEEN(csv(), "a,b\n1,2\n3,4\n", "a,b\n[1|2]\n[3|4]\n");
    SEEN(csv(), "a,b\n1,2\n3,4", "a,b\n[1|2]\n[3|4]\n");
    SEEN(csv(), "a,b\n,\n x , y \n", "a,b\n[|]\n[ x | y ]\n");
}

static void crlf_and_lone_cr(void **state)
{
    (void)state;
    SEEN(csv(), "a,b\r\n1,2\r\n\"3\",\"4\"\r\n", "a,b crlf\n[1|2]\n[3|4]\n");
    SEEN(csv(), "a,b\n\r1,2\r3\r\n", "a,b\n[\\r1|2\\r3]\n");
    SEEN(csv(), "a,b\n1,2\r", "a,b\n[1|2\\r]\n");
    SEEN(csv(), "a\n\"x\r\ny\"\r\n", "a\n[x\\r\\ny]\n");
    SEEN(csv(), "a\n\"x\"\ry\"\n", "a\n[x\\ry\"]\n");
    SEEN(csv(), "a\n\"x\"\r", "a\n[x\\r]\n");
}

static void quotes(void **state)
{
    (void)state;
    SEEN(csv(), "a,b\n\"1,1\",\"2\"\"2\"\n\"x\ny\",z\n",
         "a,b\n[1,1|2\"2]\n[x\\ny|z]\n");
    SEEN(csv(), "a,b\nx\"y,z\"\n", "a,b\n[x\"y|z\"]\n");
    SEEN(csv(), "a,b\n\"a\"b,c\"\n", "a,b\n[ab|c\"]\n");
    SEEN(csv(), "a,b\n\"a\" \t,\"b\" \r\n\"c\" d ,\"e\"\"\" \n",
         "a,b\n[a|b]\n[c d |e\"]\n");
    SEEN(csv(), "\"a\" ,\"b\" c\n1,2\n", "a,b c\n[1|2]\n");
    SEEN(csv(), "a,b\n \"a\",\"\"\n", "a,b\n[ \"a\"|]\n");
}

static void bytes_are_data(void **state)
{
    (void)state;
    SEEN(csv(), "a,b\n\0,\xff\xfe\n\"\0\",\xc3\n",
         "a,b\n[\\x00|\xff\xfe]\n[\\x00|\xc3]\n");
}

static void byte_order_mark(void **state)
{
    (void)state;
    SEEN(csv(),
         "\xef\xbb\xbf"
         "a,b\n1,2\n",
         "a,b\n[1|2]\n");
    SEEN(csv(), "\xef\xbb\xbf\"a\",b\n1,2\n", "a,b\n[1|2]\n");
    SEEN(csv(),
         "\xef\xbb"
         "a,b\n1,2\n",
         "\xef\xbb"
         "a,b\n[1|2]\n");
    SEEN(csv(), "\xef\xbb\xbf", "no schema\n");
    SEEN(unnamed(), "\xef\xbb", "1\n[\xef\xbb]\n");
}

static void headers(void **state)
{
    static const struct cosend_string names[] = {{"x", 1}, {"y", 1}};
    struct feed feed = unnamed();

    (void)state;
    SEEN(csv(), "", "no schema\n");
    SEEN(csv(), "\n\r\n\n", "no schema\n");
    SEEN(csv(), "a,b\n", "a,b\n");
    SEEN(csv(), "a,b", "a,b\n");
    SEEN(csv(), "\n\na,b\n\n1,2\n\r\n\n3,4\n\n", "a,b\n[1|2]\n[3|4]\n");
    SEEN(unnamed(), "5,6\n7,8\n", "1,2\n[5|6]\n[7|8]\n");
    SEEN(unnamed(), "\"5\",6", "1,2\n[5|6]\n");
    feed.options.header.names = (struct cosend_strings){names, 2};
    SEEN(feed, "5,6\r\n", "x,y crlf\n[5|6]\n");
    SEEN(feed, "", "x,y\n");
}

static void names_repeated_and_missing(void **state)
{
    struct seen seen;

    (void)state;
    SEEN(csv(), "a,a,a_2,,a,_4\n", "a,a_3,a_2,_4,a_4,_4_2\n");
    seen = feed_bytes(csv(), "a,a,,\n1,2,3,4\n", 15);
    assert_string_equal(seen.told.data,
                        "the header has no name for column 3; it is called "
                        "_3\nthe header has \"a\" more than once; column 2 is "
                        "called a_2\n");
    seen_free(&seen);
}

static void ragged(void **state)
{
    struct feed feed = csv();

    (void)state;
    SEEN(
        feed, "a,b\n1\n1,2,3\n\"1\"\n4,5\n",
        "a,b\n"
        "!ragged: 1 field where the header has 2; input ragged=pad | fills it "
        "up <1>\n"
        "!ragged: 3 fields where the header has 2; "
        "input ragged=truncate | drops the rest, ragged=keep keeps it <1,2,3>\n"
        "!ragged: 1 field where the header has 2; input ragged=pad | fills it "
        "up <\"1\">\n"
        "[4|5]\n");
    feed.options.ragged = COSEND_RAGGED_PAD;
    SEEN(feed, "a,b\n1\n1,2,3\n",
         "a,b\n[1|~]\n"
         "!ragged: 3 fields where the header has 2; "
         "input ragged=truncate | drops the rest, ragged=keep keeps it "
         "<1,2,3>\n");
    feed.options.ragged = COSEND_RAGGED_SKIP;
    SEEN(feed, "a,b\n1\n2,3\n",
         "a,b\n!ragged skip: 1 field where the header has 2; input ragged=pad "
         "| fills it up <1>\n[2|3]\n");
}

static void a_quote_that_stays_open(void **state)
{
    struct seen seen;

    (void)state;
    SEEN(csv(), "a,b\n1,2\n\"x\ny\",\"z\n\nw,1\n",
         "a,b\n[1|2]\n"
         "!unterminated_quote: the quote that opened in line 4 is not closed "
         "<\"x\\ny\",\"z>\n[w|1]\n");
    SEEN(csv(), "a\n\"",
         "a\n!unterminated_quote: the quote that opened in line 2 is not "
         "closed <\">\n");
    SEEN(csv(), "a,b\n1,\"\n2,\"\"\n3,\"x\"\n4,\"\"\"\n5,6",
         "a,b\n[1|\\n2,\"\\n3,x\"]\n"
         "!unterminated_quote: the quote that opened in line 5 is not "
         "closed <4,\"\"\">\n[5|6]\n");
    seen = feed_bytes(csv(), "\n\na,\"b\n1,2\n", 12);
    assert_int_equal(seen.status, COSEND_E_DATA);
    assert_string_equal(seen.error.message,
                        "the columns cannot be known: a quote that opened in "
                        "line 3 is not closed");
    seen_free(&seen);
}

static void overlong_records(void **state)
{
    struct feed feed = csv();
    struct seen seen;

    (void)state;
    feed.limit = 10;
    feed.chunk = 4;
    seen = feed_bytes(feed, "a,b\n1,2\n3,456789012345\n6,7\n", 27);
    assert_string_equal(seen.text.data,
                        "a,b\n[1|2]\n!overlong truncated: longer than "
                        "max_record_bytes (10) <3,4567890123>\n[6|7]\n");
    assert_int_equal(seen.records, 3);
    seen_free(&seen);
    seen = feed_bytes(feed, "a,b\n1,2\n3,\"56789012345\n6,7\n8,\"9\n", 32);
    assert_string_equal(
        seen.text.data,
        "a,b\n[1|2]\n!unterminated_quote truncated: the quote that opened in "
        "line 3 is not closed <3,\"56789012345>\n"
        "[6|7]\n!unterminated_quote: the quote that opened in line 5 is not "
        "closed <8,\"9>\n");
    seen_free(&seen);
    seen = feed_bytes(feed, "abcdefghijklmn,b\n1,2\n", 21);
    assert_int_equal(seen.status, COSEND_E_DATA);
    seen_free(&seen);
}

static void later_files(void **state)
{
    struct feed feed = csv();
    struct seen seen = {0};
    struct csi_reader *reader = open_reader(&feed, &seen);

    (void)state;
    assert_int_equal(feed_file(reader, &feed, &seen, "a.csv", "a,b\n1,2\n", 8),
                     COSEND_OK);
    reader->ops->next_file(reader);
    assert_int_equal(feed_file(reader, &feed, &seen, "b.csv",
                               "\xef\xbb\xbf"
                               "b,a\n4,3\n",
                               11),
                     COSEND_OK);
    reader->ops->next_file(reader);
    assert_int_equal(feed_file(reader, &feed, &seen, "c.csv", "", 0),
                     COSEND_OK);
    reader->ops->next_file(reader);
    seen.status = feed_file(reader, &feed, &seen, "d.csv", "a,c\n5,6\n", 8);
    assert_int_equal(seen.status, COSEND_E_DATA);
    assert_string_equal(
        seen.error.message,
        "its columns are a,c, but those of a.csv are a,b; `for f in *.csv; do "
        "cosend pass -t jsonl \"$f\"; done | cosend unsparsify -f jsonl -t "
        "csv` "
        "puts them together");
    close_reader(reader, &seen);
    assert_string_equal(seen.text.data, "a,b\n[1|2]\n[3|4]\n");
    seen_free(&seen);
}

static void delimiter_and_quote(void **state)
{
    struct feed feed = csv();
    struct cosend_error error = {0};

    (void)state;
    feed.options.delimiter = (struct cosend_string){"\t", 1};
    feed.options.quote = (struct cosend_string){"'", 1};
    SEEN(feed, "a\tb\n'1\t''1'\t\"2\"\n\t\n", "a,b\n[1\\x09'1|\"2\"]\n[|]\n");
    feed.options.quote = (struct cosend_string){"\t", 1};
    assert_null(
        csi_format_get(COSEND_FORMAT_CSV)->reader(&feed.options, &error));
    assert_int_equal(error.kind, COSEND_E_SPEC);
}

static void many_columns_take_few_rows_at_a_time(void **state)
{
    enum { COLUMNS = 100000, ROWS = 20 };
    struct csi_text input = {0};
    struct feed feed = csv();
    struct seen seen = {0};
    struct csi_reader *reader = open_reader(&feed, &seen);
    struct csi_block *block;
    size_t consumed;

    (void)state;
    for (int row = 0; row < ROWS; row++)
        for (int i = 0; i < COLUMNS; i++)
            assert_true(csi_text_add(&input, i ? "," : "x", 1));
    for (int row = 1; row < ROWS; row++)
        input.data[row * COLUMNS] = '\n';
    block = csi_block_new(input.length);
    memcpy(block->data, input.data, input.length);
    block->length = input.length;
    for (size_t base = 0; base < input.length; base += consumed) {
        struct csi_rows *rows = csi_rows_new(block);

        rows->base = base;
        assert_int_equal(reader->ops->cut(reader, rows, true, &consumed, NULL),
                         COSEND_OK);
        assert_true(rows->count <= 2);
        csi_rows_unref(rows);
    }
    assert_int_equal(reader->records, ROWS - 1);
    csi_block_unref(block);
    csi_text_free(&input);
    close_reader(reader, &seen);
    seen_free(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_records),
        cmocka_unit_test(crlf_and_lone_cr),
        cmocka_unit_test(quotes),
        cmocka_unit_test(bytes_are_data),
        cmocka_unit_test(byte_order_mark),
        cmocka_unit_test(headers),
        cmocka_unit_test(names_repeated_and_missing),
        cmocka_unit_test(ragged),
        cmocka_unit_test(a_quote_that_stays_open),
        cmocka_unit_test(overlong_records),
        cmocka_unit_test(later_files),
        cmocka_unit_test(delimiter_and_quote),
        cmocka_unit_test(many_columns_take_few_rows_at_a_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
