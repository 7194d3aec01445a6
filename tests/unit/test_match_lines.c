/* SPDX-License-Identifier: MIT */
/*
 * Lines that are searched together against each by itself: random patterns,
 * random text, every level of the kernels.
 *
 *     test_match_lines [SEED [ROUNDS]]
 */
#include "base/simd.h"
#include "format/format.h"
#include "match/substring.h"
#include "match/regex.h"
#include "record/byte_bitmaps.h"
#include "format/text_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chance.h"
#include "rounds.h"

enum { MOST = 3000 };

static uint64_t rounds;

/* More than is looked for of a string whose case is ignored. */
#define LONG "abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz"

#define PICK(from) from[draw(sizeof(from) / sizeof(from[0]))]

static size_t make_text(char *text, bool crlf)
{
    static const char *const words[] = {
        "ab", "abc", "error",    "ERROR",      "Err",  " ",   "a",
        "12", "7",   "_x",       "b c",        "\t",   "\r",  "GET /",
        "z",  ".",   "\"",       "\\",         "\xff", LONG,  "-",
        "^",  "Z",   "\xc3\xa9", "ab\xc3\xa9", "\xc3", "\xa9"};
    unsigned count = draw(draw(2) ? 20 : 400);
    size_t length = 0;

    while (count-- && length < MOST - 60) {
        const char *word = draw(4) ? PICK(words) : crlf ? "\r\n" : "\n";

        memcpy(text + length, word, strlen(word));
        length += strlen(word);
    }
    return length;
}

static void make_pattern(char *pattern)
{
    static const char *const parts[] = {
        "ab",        "abc",      "error",       "ERR",       "a",
        "[ab]",      "[^a]",     "[^a-c]",      "\\d",       "\\s",
        "\\S",       "\\w",      "\\W",         "\\D",       ".",
        "^",         "$",        "\\b",         "\\B",       "(a|b)",
        "(?:ab)",    "(ab)?",    "a*",          "b+",        "c?",
        "a{2}",      "z{0,1}",   "\\.",         "\\t",       "[^\\s]",
        "[\\d]",     "|",        "|",           "[^]a]",     "[]a]",
        "\\z",       "(?=b)",    "\\x41",       "\\Qa.b\\E", "(?>a*)",
        "[^\\n]",    "a*+",      "[[:alpha:]]", "[^\"]*",    "GET /",
        "(?!a)",     "\\n",      "\\R",         "\\\\",      "[\\W]",
        "{",         "a{,2}",    "]",           "}",         "\\h",
        "\\v",       "(?-i)a",   "(?#x)",       LONG,        "[^-a]",
        "[^a-]",     "[^--a]",   "[^^]",        "[-a]",      "[^\\-a]",
        "[^a\\]]",   "[.]",      "[a]",         "[-]",       "[.]*",
        "[b]?",      "\xc3\xa9", "\xc3\xa9?",   "\xc3\xa9*", "\xc3\xa9{0,1}",
        "\xc3\xa9+", "(|a)",     "a??",         "(ab|c){0}", "^*",
        "$?",        "\\b?",     "(?:^|a)",     "(b|$)"};
    unsigned count = 1 + draw(5);

    *pattern = '\0';
    if (!draw(5))
        strcat(pattern, "(?i)");
    while (count--)
        strcat(pattern, PICK(parts));
}

/* Strings that a match has in it in groups that have it, or may not. */
static void add_groups(char *pattern, unsigned depth)
{
    static const char *const parts[] = {"abc", "error", "GET /", "12", "_x",
                                        ".*",  "[ab]",  "b c",   "a",  "ERROR"};
    static const char *const opens[][2] = {
        {"(?<", ">"}, {"(?P<", ">"}, {"(?'", "'"}};
    static const char *const closes[] = {")",  ")",    ")",      ")+",  ")?",
                                         ")*", ")+?",  ")??",    "|)",  "|x)",
                                         ")|", "){2}", "){0,1}", "){1}"};
    static unsigned name;

    for (unsigned count = 1 + draw(3); count--;) {
        if (!depth || draw(2)) {
            strcat(pattern, PICK(parts));
            continue;
        }
        if (draw(2)) {
            const char *const *open = PICK(opens);

            sprintf(pattern + strlen(pattern), "%sn%u%s", open[0], name++,
                    open[1]);
        } else {
            strcat(pattern, draw(2) ? "(" : "(?:");
        }
        add_groups(pattern, depth - 1);
        strcat(pattern, PICK(closes));
    }
}

static void make_groups(char *pattern)
{
    strcpy(pattern, draw(5) ? "" : "(?i)");
    add_groups(pattern, 3);
}

/* Strings with classes behind them, which may be there, or may not. */
static void make_followed(char *pattern)
{
    static const char *const strings[] = {
        "abc", "error", "GET /", "ERR",    LONG,  "12abc", "_x7",
        "b c", "(abc)", "abc?",  "(abc)?", "Err", "error", "abc"};
    static const char *const classes[] = {
        "\\d",      "\\w",   "\\s",      "\\S",    "[ab]",       "[a-c]",
        "[A-Z]",    "[0-9]", "[Z-b]",    "[.-7]",  "[\\d_]",     "[\\w.]",
        "[\\-/]",   "[^a]",  "[^\\d]",   "[-a]",   "[a-]",       "[\\]a]",
        "[]a]",     "[ -~]", "[\\dG-Z]", "[\t]",   "[\xc3\xa9]", "[\"^]",
        "[\\^.-e]", "[k]",   "(?:[ab])", "([1_])", "\\b[ab]",    "[ab]|z"};
    static const char *const times[] = {
        "",      "",     "+",  "*",  "?",  "{2}", "{1}",   "{0}", "{0,}",
        "{1,2}", "{,2}", "??", "*?", "+?", "*+",  "{0,1}", "++"};

    strcpy(pattern, draw(5) ? "" : "(?i)");
    for (unsigned count = 1 + draw(2); count--;) {
        strcat(pattern, PICK(strings));
        strcat(pattern, PICK(classes));
        strcat(pattern, PICK(times));
    }
    /* It matches characters then. */
    strcat(pattern, draw(3) ? "" : "[\xc3\xa9]*");
}

/* A choice of strings: of few, or of many. */
static void make_choice(char *pattern)
{
    static const char *const parts[] = {
        "a",  "b",        "ab",   "abc", "Err", "er", "1", "2",
        "_x", "\xc3\xa9", "\xff", "GET", "Z",   "z",  " ", "q"};
    unsigned count = draw(4) ? 2 + draw(12) : 60 + draw(100);
    unsigned least = 1 + draw(3);

    strcpy(pattern, draw(5) ? "" : "(?i)");
    for (unsigned i = 0; i < count; i++) {
        if (i)
            strcat(pattern, "|");
        for (unsigned n = least + draw(3); n--;)
            strcat(pattern, PICK(parts));
    }
}

/* The rows of a text, by its reader. */
static struct cosend_batch *batch_of(const char *text, size_t length,
                                     struct csi_reader **reader)
{
    static struct cosend_format_options options;
    struct csi_block *block = csi_block_new(length);
    struct cosend_batch *batch;
    struct csi_rows *rows;
    uint32_t first;
    size_t consumed;

    options.skip_blank = draw(2);
    memcpy(block->data, text, length);
    memset(block->data + length, 'a', CSI_BLOCK_SLACK);
    block->length = length;
    rows = csi_rows_new(block);
    *reader = csi_text_reader(&options, NULL);
    assert_int_equal((*reader)->ops->cut(*reader, rows, true, &consumed, NULL),
                     COSEND_OK);
    first = rows->count ? draw(rows->count) : 0;
    batch =
        csi_batch_of_rows(rows, (*reader)->schema, first, rows->count - first);
    csi_rows_unref(rows);
    csi_block_unref(block);
    return batch;
}

static unsigned engines[6];

static void count_engine(const struct cosend_regex *regex)
{
    engines[0] += regex->needle_count && regex->program;
    engines[1] += !regex->program;
    engines[2] += regex->block && !regex->needle_count;
    engines[3] += regex->teddy != NULL;
    engines[4] += regex->set != NULL;
    engines[5] += regex->needle_count > 1 && regex->group_count;
}

static void compare(const struct cosend_regex *regex, const char *pattern,
                    const struct cosend_batch *batch, const char *text,
                    size_t length)
{
    static signed char answers[MOST + 1];

    assert_true(cosend_regex_match_lines(regex, batch, answers));
    for (uint32_t i = 0; i < batch->count; i++) {
        const char *line;
        size_t size;
        int due;

        csi_rows_content(batch->rows, csi_batch_row(batch, i), &line, &size);
        due = cosend_regex_match(regex, cosend_text(line, size));
        if (answers[i] == due)
            continue;
        fprintf(stderr,
                "%s, %s: pattern %s\nblock %.*s\nline %u \"%.*s\" is %d, due "
                "%d\n---- text\n%.*s\n",
                csi_simd_name(csi_simd_level()), cosend_regex_engine(regex),
                pattern, (int)regex->literals.in_block_length,
                regex->literals.in_block ? regex->literals.in_block : "", i,
                (int)size, line, answers[i], due, (int)length, text);
        fail();
    }
}

/* How many answers are not no, and a number that they and the places of their
   lines make. */
struct digest {
    uint64_t count, mixed;
};

static void add_answers(struct digest *digest, const struct cosend_batch *batch,
                        const signed char *answers)
{
    for (uint32_t i = 0; i < batch->count; i++) {
        if (answers[i] == COSEND_NO_MATCH)
            continue;
        digest->count++;
        digest->mixed = digest->mixed * UINT64_C(0x9e3779b97f4a7c15) +
                        batch->rows->starts[csi_batch_row(batch, i)] * 4 +
                        (unsigned char)answers[i] % 8;
    }
}

/* Cut what there is of a block from *from on, and add what it comes to. */
static void cut_stretch(const struct cosend_regex *regex,
                        struct csi_block *block, struct csi_reader *reader,
                        bool final, size_t *from, struct digest *digest)
{
    static signed char answers[CSI_ROWS_MAX];
    struct csi_rows *rows;
    struct cosend_batch *batch;
    size_t consumed;

    do {
        rows = csi_rows_new(block);
        rows->base = *from;
        assert_int_equal(reader->ops->cut(reader, rows, final, &consumed, NULL),
                         COSEND_OK);
        if (consumed)
            assert_int_equal(
                rows->line_ends,
                csi_scan_count(block->data + *from, consumed, '\n'));
        if (rows->count) {
            batch = csi_batch_of_rows(rows, reader->schema, 0, rows->count);
            assert_true(cosend_regex_match_lines(regex, batch, answers));
            add_answers(digest, batch, answers);
            csi_batch_unref(batch);
        }
        csi_rows_unref(rows);
        *from += consumed;
    } while (consumed);
}

/* What a reader that may leave lines out, or not, makes of a text that comes
   in stretches. */
static struct digest answers_of(const struct cosend_regex *regex,
                                const struct cosend_regex *sieve,
                                struct csi_block *block,
                                struct csi_reader *reader, unsigned stretch)
{
    struct digest digest = {0};
    size_t from = 0, length = block->length;
    bool final = false;

    reader->sieve = sieve;
    block->length = 0;
    while (!final) {
        block->length += 1 + draw(stretch);
        final = block->length >= length;
        if (final)
            block->length = length;
        cut_stretch(regex, block, reader, final, &from, &digest);
    }
    assert_int_equal(reader->records, reader->boundaries);
    return digest;
}

/* A reader that leaves out what does not match, beside one that does not. */
static void compare_sifted(const struct cosend_regex *regex,
                           const char *pattern, const char *text, size_t length)
{
    static const struct cosend_format_options options;
    struct csi_block *block = csi_block_new(length);
    struct csi_reader *whole = csi_text_reader(&options, NULL);
    struct csi_reader *some = csi_text_reader(&options, NULL);
    struct digest due, is;

    memcpy(block->data, text, length);
    memset(block->data + length, 'a', CSI_BLOCK_SLACK);
    block->length = length;
    due = answers_of(regex, NULL, block, whole, MOST);
    is = answers_of(regex, regex, block, some, draw(2) ? MOST : 300);
    if (due.count != is.count || due.mixed != is.mixed) {
        fprintf(stderr, "%s, %s: pattern %s\n%u lines, due %u\n%.*s\n",
                csi_simd_name(csi_simd_level()), cosend_regex_engine(regex),
                pattern, (unsigned)is.count, (unsigned)due.count, (int)length,
                text);
        fail();
    }
    assert_int_equal(whole->records, some->records);
    whole->ops->free(whole);
    some->ops->free(some);
    csi_block_unref(block);
}

/* Any pattern and text, with options and a level drawn by lot. Returns whether
   the pattern is one. */
static bool check_pattern(const char *pattern, const char *text, size_t length)
{
    struct cosend_regex_options options = {0};
    struct cosend_regex *regex;
    struct cosend_batch *batch;
    struct csi_reader *reader;

    csi_simd_mask((enum csi_simd)draw(CSI_SIMD_LEVELS));
    options.fixed = !draw(8);
    options.ignore_case = !draw(5);
    options.word = !draw(6);
    options.whole = !draw(8);
    options.unicode = !draw(8);
    regex = cosend_regex_new(pattern, strlen(pattern), &options, NULL);
    if (regex) {
        count_engine(regex);
        batch = batch_of(text, length, &reader);
        compare(regex, pattern, batch, text, length);
        csi_batch_unref(batch);
        reader->ops->free(reader);
        compare_sifted(regex, pattern, text, length);
    }
    cosend_regex_free(regex);
    csi_simd_mask(CSI_SIMD_LEVELS - 1);
    return regex != NULL;
}

static void lines_together_match_as_each_alone(void **state)
{
    static char text[MOST + 1], pattern[4000];
    unsigned compiled = 0;

    (void)state;
    for (uint64_t round = 0; round < rounds; round++) {
        size_t length = make_text(text, !draw(4));

        if (draw(6) == 0)
            make_choice(pattern);
        else if (draw(3) == 0)
            make_groups(pattern);
        else if (draw(3) == 0)
            make_followed(pattern);
        else
            make_pattern(pattern);
        compiled += check_pattern(pattern, text, length);
    }
    /* Each way was taken, or this would test little. */
    assert_true(rounds < 6000 || compiled > rounds / 2);
    for (int i = 0; i < 6; i++)
        assert_true(rounds < 6000 || engines[i] > 50);
}

/* Each string, alone in the last bytes of a text: Vectorscan missed some. */
static void choices_are_found_at_the_end(void **state)
{
    static const char *const words[] = {"cb", "ba", "baa", "a"};
    char text[200];

    (void)state;
    for (size_t length = 3; length < sizeof(text);
         length += (size_t)(100 / rounds_of(100)))
        for (size_t back = 3; back <= length; back++)
            for (int word = 0; word < 4; word++) {
                memset(text, 'q', sizeof(text));
                memcpy(text + length - back, words[word], strlen(words[word]));
                if (length > 20 && draw(2))
                    text[draw((unsigned)(length - back + 1))] = '\n';
                assert_true(check_pattern(word < 3 ? "cb|ba|baa" : "a|baa",
                                          text, length));
            }
}

static void strings_are_found_where_they_are(void **state)
{
    static char text[MOST + 1];

    (void)state;
    for (uint64_t round = 0; round < rounds * 5; round++) {
        size_t length = draw(draw(3) ? 300 : MOST), needle_length = 1 + draw(9);
        unsigned letters = 1 + draw(4);
        struct csi_substring needle;
        char wanted[10];
        const char *due = NULL, *is;
        bool fold = draw(2);

        for (size_t i = 0; i < length; i++)
            text[i] =
                (char)((draw(2) && fold ? 'A' : 'a') + (int)draw(letters));
        for (size_t i = 0; i < needle_length; i++)
            wanted[i] = (char)('a' + (int)draw(letters));
        csi_simd_mask((enum csi_simd)draw(CSI_SIMD_LEVELS));
        csi_substring_init(&needle, wanted, needle_length, fold);
        for (size_t i = 0; !due && i + needle_length <= length; i++)
            if (fold ? strncasecmp(text + i, wanted, needle_length) == 0
                     : memcmp(text + i, wanted, needle_length) == 0)
                due = text + i;
        is = csi_substring_find(&needle, text, text + length);
        assert_ptr_equal(is, due);
    }
    csi_simd_mask(CSI_SIMD_LEVELS - 1);
}

/* Strings behind one another, of few letters, none with a newline. */
static size_t make_strings(char *strings, size_t *lengths, unsigned letters)
{
    size_t count = 1 + draw(draw(3) ? 10 : CSI_TEDDY_MOST), least = 1 + draw(4);
    bool beyond = !draw(4); /* ASCII */

    for (size_t i = 0; i < count; i++) {
        lengths[i] = least + draw(5);
        for (size_t j = 0; j < lengths[i]; j++)
            *strings++ = (char)('a' + (int)draw(letters) +
                                (beyond && draw(2) ? 128 : 0));
    }
    return count;
}

static bool is_string_at(const char *text, const char *end, const char *string,
                         size_t length, bool fold)
{
    if ((size_t)(end - text) < length)
        return false;
    return fold ? strncasecmp(text, string, length) == 0
                : memcmp(text, string, length) == 0;
}

static bool any_at(const char *text, const char *end, const char *strings,
                   const size_t *lengths, size_t count, bool fold)
{
    for (size_t i = 0; i < count; strings += lengths[i++])
        if (is_string_at(text, end, strings, lengths[i], fold))
            return true;
    return false;
}

static void any_of_a_few_strings_is_found_in_its_line(void **state)
{
    static char text[MOST + 1], strings[CSI_TEDDY_MOST * 10];
    static size_t lengths[CSI_TEDDY_MOST];

    (void)state;
    for (uint64_t round = 0; round < rounds * 2; round++) {
        unsigned letters = 1 + draw(20);
        size_t length = draw(draw(3) ? 300 : MOST);
        size_t count = make_strings(strings, lengths, letters);
        /* What is around them is not to be looked at. */
        const char *start = text + draw((unsigned)length / 4 + 1);
        const char *end = text + length - draw((unsigned)length / 4 + 1);
        const char *is, *due = start;
        bool fold = draw(2);
        struct csi_teddy *teddy;

        for (size_t i = 0; i < length; i++)
            text[i] = !draw(30) ? '\n'
                                : (char)((draw(2) && fold ? 'A' : 'a') +
                                         (int)draw(letters + 3) +
                                         (draw(9) ? 0 : 128));
        while (due < end && !any_at(due, end, strings, lengths, count, fold))
            due++;
        csi_simd_mask((enum csi_simd)draw(CSI_SIMD_LEVELS));
        teddy = csi_teddy_new(strings, lengths, count, fold);
        assert_non_null(teddy);
        is = csi_teddy_find(teddy, start, end);
        csi_teddy_free(teddy);
        if (due == end) {
            assert_null(is);
            continue;
        }
        assert_non_null(is);
        assert_true(any_at(is, end, strings, lengths, count, fold));
        assert_true(is >= due && !memchr(due, '\n', (size_t)(is - due)));
    }
    csi_simd_mask(CSI_SIMD_LEVELS - 1);
}

/* As few as Teddy takes, and more. */
static void many_strings_are_found(void **state)
{
    static char text[MOST + 1], pattern[4000];
    static const unsigned counts[] = {20, CSI_TEDDY_MOST, 500};

    (void)state;
    for (unsigned round = 0; round < 200; round++) {
        size_t length = 0;

        strcpy(pattern, "zq0x");
        for (unsigned i = 1; i < counts[round % 3]; i++)
            sprintf(pattern + strlen(pattern), "|w%c%cx", 'a' + i % 26,
                    'a' + i / 26);
        while (length < 1000)
            length += (size_t)sprintf(text + length, "%s%c%cx%s",
                                      draw(9) ? "." : "w", 'a' + (int)draw(26),
                                      'a' + (int)draw(4), draw(4) ? "" : "\n");
        assert_true(check_pattern(pattern, text, length));
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_together_match_as_each_alone),
        cmocka_unit_test(choices_are_found_at_the_end),
        cmocka_unit_test(strings_are_found_where_they_are),
        cmocka_unit_test(any_of_a_few_strings_is_found_in_its_line),
        cmocka_unit_test(many_strings_are_found)};

    rounds = (uint64_t)rounds_of(6000);
    if (argc > 1)
        random_state = strtoull(argv[1], NULL, 10);
    if (argc > 2)
        rounds = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
