/* SPDX-License-Identifier: MIT */
/*
 * The cutter against libcsv, which parses whole inputs at once, on every
 * string of up to seven bytes of an alphabet of trouble, on random longer ones,
 * and on every split of them. libcsv knows no CRLF that is one line end while
 * a CR is data; so each CRLF is one byte of its own to it, which ends lines,
 * and which is two bytes again in cells.
 */
#include "test_format.h"
#include "format/csv_cells.h"
#include "format/csv_cut.h"

enum { LONGEST = 64, CRLF = 1 };

static const char alphabet[] = {',', '"', '\n', '\r', 'a', ' ', 'b', '\t'};

/* Records as text: cells, a | behind each, a newline behind records. */
struct picture {
    char text[8 * LONGEST];
    size_t length;
    bool open; /* a quote is not closed: what follows does not count */
};

static void add(struct picture *picture, char byte)
{
    picture->text[picture->length++] = byte;
}

/* ---- The judge ----------------------------------------------------------- */

static int no_space(unsigned char byte)
{
    (void)byte;
    return 0;
}

static int is_line_end(unsigned char byte)
{
    return byte == '\n' || byte == CRLF;
}

static void judge_cell(void *data, size_t length, void *context)
{
    for (size_t i = 0; i < length; i++) {
        char byte = ((const char *)data)[i];

        if (byte == CRLF)
            add(context, '\r');
        add(context, byte == CRLF ? '\n' : byte);
    }
    add(context, '|');
}

static void judge_row(int end, void *context)
{
    (void)end;
    add(context, '$');
}

static void judge(const char *input, size_t length, struct picture *picture)
{
    struct csv_parser parser;
    char text[LONGEST];
    size_t count = 0;

    for (size_t i = 0; i < length; i++) {
        bool crlf = input[i] == '\r' && i + 1 < length && input[i + 1] == '\n';

        text[count++] = crlf ? CRLF : input[i];
        if (crlf)
            i++;
    }
    picture->length = 0;
    csv_init(&parser, 0);
    csv_set_space_func(&parser, no_space);
    csv_set_term_func(&parser, is_line_end);
    csv_parse(&parser, text, count, judge_cell, judge_row, picture);
    /* libcsv 3.0.3 minds STRICT_FINI only where it is strict. */
    csv_set_opts(&parser, CSV_STRICT | CSV_STRICT_FINI);
    picture->open = csv_fini(&parser, judge_cell, judge_row, picture) != 0;
    csv_free(&parser);
    while (picture->open && picture->length &&
           picture->text[picture->length - 1] != '$')
        picture->length--;
}

/* ---- The cutter ---------------------------------------------------------- */

static struct csi_csv_cells cells;

static void show(struct picture *picture, const char *start, const char *end)
{
    size_t length = (size_t)(end - start);
    struct csi_arena arena = {0};

    if (length && end[-1] == '\n')
        length -= length > 1 && end[-2] == '\r' ? 2 : 1;
    if (!length)
        return;
    assert_true(csi_csv_parse(&cells, start, length, &arena));
    for (size_t i = 0; i < cells.count; i++) {
        memcpy(picture->text + picture->length, cells.items[i].data,
               cells.items[i].length);
        picture->length += cells.items[i].length;
        add(picture, '|');
    }
    add(picture, '$');
    csi_arena_free(&arena);
}

/* The input is there up to `split` at first, and then all of it. */
static void cut(const char *input, size_t length, size_t split,
                struct picture *picture)
{
    struct csi_csv_cut cutter = {.delimiter = ',', .quote = '"'};
    const char *start = input, *next;

    picture->length = 0;
    picture->open = false;
    csi_csv_stretch(&cutter);
    while ((next = csi_csv_next(&cutter, start, input + split, false))) {
        show(picture, start, next);
        start = next;
    }
    csi_csv_stretch(&cutter);
    while ((next = csi_csv_next(&cutter, start, input + length, true))) {
        picture->open = cutter.state == CSI_CSV_QUOTED;
        if (picture->open)
            break;
        show(picture, start, next);
        start = next;
    }
}

static void assert_agreed(const char *input, size_t length, size_t split,
                          const struct picture *expected)
{
    struct picture seen;

    cut(input, length, split, &seen);
    if (seen.open == expected->open && seen.length == expected->length &&
        memcmp(seen.text, expected->text, seen.length) == 0)
        return;
    print_error("split at %zu:", split);
    for (size_t i = 0; i < length; i++)
        print_error(" %02x", (unsigned char)input[i]);
    print_error("\nlibcsv %d %.*s\ncutter %d %.*s\n", expected->open,
                (int)expected->length, expected->text, seen.open,
                (int)seen.length, seen.text);
    fail();
}

static void assert_agreed_in_pieces(const char *input, size_t length)
{
    struct picture expected;

    judge(input, length, &expected);
    for (size_t split = 0; split <= length; split++)
        assert_agreed(input, length, split, &expected);
}

static void every_short_string(void **state)
{
    enum { LETTERS = 5, SHORT = 7 };
    char input[SHORT];

    (void)state;
    for (size_t length = 0; length <= SHORT; length++) {
        size_t strings = 1;

        for (size_t i = 0; i < length; i++)
            strings *= LETTERS;
        for (size_t number = 0; number < strings; number++) {
            size_t rest = number;

            for (size_t i = 0; i < length; i++, rest /= LETTERS)
                input[i] = alphabet[rest % LETTERS];
            assert_agreed_in_pieces(input, length);
        }
    }
}

static void random_strings(void **state)
{
    const char *times = getenv("COSEND_TEST_TIMES");
    long count = times ? atol(times) : 30000;
    uint64_t seed = 42;

    (void)state;
    for (long i = 0; i < count; i++) {
        char input[LONGEST];
        size_t length = chance(&seed) % LONGEST;

        for (size_t j = 0; j < length; j++)
            input[j] = alphabet[chance(&seed) % sizeof(alphabet)];
        assert_agreed_in_pieces(input, length);
    }
}

/* A record that comes byte by byte is looked at once, not once a byte: what
   is left to look at is what came. */
static void no_byte_is_looked_at_twice(void **state)
{
    static const char input[] = "a,\"b\"\"c\nd\",e\"f,\"g";
    struct csi_csv_cut cutter = {.delimiter = ',', .quote = '"'};

    (void)state;
    for (size_t length = 1; length < sizeof(input); length++) {
        csi_csv_stretch(&cutter);
        assert_null(csi_csv_next(&cutter, input, input + length, false));
        assert_int_equal(cutter.scanned, length);
    }
}

static int set_up(void **state)
{
    (void)state;
    return csi_csv_cells_init(&cells, ',', '"', false) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    csi_csv_cells_free(&cells);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_short_string),
        cmocka_unit_test(random_strings),
        cmocka_unit_test(no_byte_is_looked_at_twice),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
