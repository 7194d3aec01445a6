/* SPDX-License-Identifier: MIT */
/*
 * A list of patterns against each of them alone: strings and expressions, of
 * all lengths, with beginnings in common, over lines with NULs and bytes that
 * are no UTF-8, at every level of the kernels.
 *
 *     test_pattern_list [SEED [ROUNDS]]
 */
#include "base/simd.h"
#include "format/text_read.h"
#include "match/regex.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chance.h"
#include "rounds.h"

enum { MOST_PATTERNS = 400, LONGEST = 200, MOST_TEXT = 3000 };

static uint64_t rounds;

struct list {
    const char *patterns[MOST_PATTERNS];
    size_t lengths[MOST_PATTERNS], count;
    char memory[MOST_PATTERNS * (LONGEST + 16)];
    size_t used;
};

static void add_pattern(struct list *list, const char *pattern, size_t length)
{
    char *to = list->memory + list->used;

    assert_true(list->count < MOST_PATTERNS &&
                list->used + length <= sizeof(list->memory));
    memcpy(to, pattern, length);
    list->patterns[list->count] = to;
    list->lengths[list->count++] = length;
    list->used += length;
}

/* ---- By lot -------------------------------------------------------------- */

static void add_expression(struct list *list)
{
    static const char *const expressions[] = {
        "a|b",        "ab|cd|e",  "a[bc]",   "^a",       "a$",      "b.*d",
        "(?i)abc",    "\\bab",    "a\\.b",   "x|",       "(a)\\1",  "c{2,3}",
        "[^a]b",      "\xc3\xa9", "e\\d",    "(?i)A|bC", "(ab|cd)", ".",
        "\xc3\xa9?z", "a+b",      "(?=a)b?a"};
    const char *one =
        expressions[draw(sizeof(expressions) / sizeof(expressions[0]))];

    add_pattern(list, one, strlen(one));
}

/* A string, often with the beginning of another one. */
static void add_string(struct list *list, unsigned letters)
{
    char string[LONGEST];
    size_t length = draw(6) ? 1 + draw(12) : draw(LONGEST), same = 0;

    if (list->count && draw(2)) {
        unsigned other = draw((unsigned)list->count);

        same = draw((unsigned)list->lengths[other] + 1);
        if (same > length)
            same = length;
        memcpy(string, list->patterns[other], same);
    }
    for (size_t i = same; i < length; i++)
        string[i] =
            draw(8) ? (char)('a' + (int)draw(letters)) : "ksKS"[draw(4)];
    if (length && !draw(20))
        string[draw((unsigned)length)] = "\0 \xff\xe9_K\r"[draw(7)];
    if (!draw(30))
        length = 0;
    add_pattern(list, string, length);
}

static void make_list(struct list *list)
{
    size_t count = draw(3) ? 1 + draw(12) : 130 + draw(MOST_PATTERNS - 130);
    unsigned letters = 2 + draw(24), expressions = draw(3);

    list->count = list->used = 0;
    while (list->count < count)
        if (expressions && !draw(40 / expressions))
            add_expression(list);
        else
            add_string(list, letters);
}

/* A part of a pattern, with another letter for one of those that have one: the
   Kelvin sign for k, the long s for s. Returns its length. */
static size_t copy_part(char *to, const char *from, size_t length)
{
    size_t at = length ? draw((unsigned)length) : 0;
    const char *other = "";

    memcpy(to, from, length);
    if (length && draw(2))
        other = (from[at] | 0x20) == 'k'   ? "\xe2\x84\xaa"
                : (from[at] | 0x20) == 's' ? "\xc5\xbf"
                                           : "";
    if (!*other)
        return length;
    memcpy(to + at, other, strlen(other));
    memcpy(to + at + strlen(other), from + at + 1, length - at - 1);
    return length - 1 + strlen(other);
}

static size_t make_text(char *text, const struct list *list)
{
    static const char *const others[] = {"\n",       "\n", " ", "\r\n", "\xff",
                                         "\xc3\xa9", "_",  "A", "b",    "."};
    size_t length = draw(draw(3) ? 300 : MOST_TEXT - LONGEST), i = 0;

    while (i < length) {
        unsigned one = draw((unsigned)list->count);
        size_t part = draw(3) ? list->lengths[one] : list->lengths[one] / 2;
        const char *other = others[draw(sizeof(others) / sizeof(others[0]))];

        if (draw(3)) {
            memcpy(text + i, other, strlen(other));
            i += strlen(other);
        } else {
            i += copy_part(text + i, list->patterns[one], part);
        }
    }
    return i;
}

/* ---- Beside each other --------------------------------------------------- */

static struct cosend_batch *batch_of(const char *text, size_t length,
                                     struct csi_reader **reader)
{
    static struct cosend_format_options options;
    struct csi_block *block = csi_block_new(length);
    struct cosend_batch *batch;
    struct csi_rows *rows;
    size_t consumed;

    memcpy(block->data, text, length);
    memset(block->data + length, 'a', CSI_BLOCK_SLACK);
    block->length = length;
    rows = csi_rows_new(block);
    *reader = csi_text_reader(&options, NULL);
    assert_int_equal((*reader)->ops->cut(*reader, rows, true, &consumed, NULL),
                     COSEND_OK);
    batch = csi_batch_of_rows(rows, (*reader)->schema, 0, rows->count);
    csi_rows_unref(rows);
    csi_block_unref(block);
    return batch;
}

/* The patterns by themselves; NULL where one is none, or has one of those with
   no place in a list's text: a line end. */
static struct cosend_regex **each_alone(const struct list *list,
                                        const struct cosend_regex_options *how)
{
    struct cosend_regex **alone = calloc(list->count, sizeof(*alone));

    for (size_t i = 0; i < list->count; i++) {
        alone[i] =
            cosend_regex_new(list->patterns[i], list->lengths[i], how, NULL);
        if (alone[i])
            continue;
        while (i--)
            cosend_regex_free(alone[i]);
        free(alone);
        return NULL;
    }
    return alone;
}

static void compare(const struct cosend_regex *regex, const struct list *list,
                    struct cosend_regex **alone,
                    const struct cosend_batch *batch)
{
    static signed char answers[MOST_TEXT + 1];

    assert_true(cosend_regex_match_lines(regex, batch, answers));
    for (uint32_t row = 0; row < batch->count; row++) {
        enum cosend_match due = COSEND_NO_MATCH;
        const char *line;
        size_t length;

        csi_rows_content(batch->rows, csi_batch_row(batch, row), &line,
                         &length);
        for (size_t i = 0; i < list->count && due != COSEND_MATCH; i++)
            due = csi_either(
                due, cosend_regex_match(alone[i], cosend_text(line, length)));
        if (cosend_regex_match(regex, cosend_text(line, length)) == due &&
            answers[row] == due)
            continue;
        fprintf(stderr, "%s, %s: \"%.*s\" is %d, in lines %d, due %d\n",
                csi_simd_name(csi_simd_level()), cosend_regex_engine(regex),
                (int)length, line,
                cosend_regex_match(regex, cosend_text(line, length)),
                answers[row], due);
        fail();
    }
}

/* Returns whether all patterns are some. */
static bool check_list(const struct list *list, const char *text, size_t length)
{
    struct cosend_regex_options how = {0};
    struct cosend_regex **alone, *regex;
    struct csi_reader *reader;
    struct cosend_batch *batch;
    size_t which;

    csi_simd_mask((enum csi_simd)draw(CSI_SIMD_LEVELS));
    how.fixed = draw(2);
    how.ignore_case = !draw(3);
    how.word = !draw(4);
    how.whole = !draw(6);
    how.unicode = !draw(12);
    regex = cosend_regex_new_any(list->patterns, list->lengths, list->count,
                                 &how, &which, NULL);
    alone = each_alone(list, &how);
    assert_int_equal(regex != NULL, alone != NULL);
    if (regex) {
        batch = batch_of(text, length, &reader);
        compare(regex, list, alone, batch);
        csi_batch_unref(batch);
        reader->ops->free(reader);
        for (size_t i = 0; i < list->count; i++)
            cosend_regex_free(alone[i]);
        free(alone);
    }
    cosend_regex_free(regex);
    csi_simd_mask(CSI_SIMD_LEVELS - 1);
    return alone != NULL;
}

static void a_list_matches_where_one_of_it_does(void **state)
{
    static struct list list;
    static char text[MOST_TEXT + LONGEST + 2];
    unsigned checked = 0;

    (void)state;
    for (uint64_t round = 0; round < rounds; round++) {
        size_t length;

        make_list(&list);
        length = make_text(text, &list);
        checked += check_list(&list, text, length);
    }
    assert_true(rounds < 1000 || checked > rounds / 2);
}

static void what_is_wrong_is_told_by_its_place(void **state)
{
    static const char *const patterns[] = {"a", "b+", "(c", "d)"};
    static const size_t lengths[] = {1, 2, 2, 2};
    struct cosend_error error = {0};
    size_t which;

    (void)state;
    assert_null(
        cosend_regex_new_any(patterns, lengths, 4, NULL, &which, &error));
    assert_int_equal(which, 2);
    assert_int_equal(error.kind, COSEND_E_SPEC);
}

static void no_pattern_matches_nothing(void **state)
{
    size_t which;
    struct cosend_regex *regex =
        cosend_regex_new_any(NULL, NULL, 0, NULL, &which, NULL);

    (void)state;
    assert_non_null(regex);
    assert_int_equal(cosend_regex_match(regex, cosend_text("", 0)),
                     COSEND_NO_MATCH);
    cosend_regex_free(regex);
}

static size_t failing;

static void *fail_malloc(size_t size)
{
    return failing && --failing == 0 ? NULL : malloc(size);
}

static void *fail_realloc(void *old, size_t size)
{
    return failing && --failing == 0 ? NULL : realloc(old, size);
}

static void every_allocation_may_fail(void **state)
{
    static const char *const patterns[] = {"alpha", "be+ta|c", "x|y.z",
                                           "\\bgamma"};
    static const size_t lengths[] = {5, 7, 5, 7};
    struct cosend_regex *regex = NULL;
    size_t which, n;

    (void)state;
    cosend_set_allocator(fail_malloc, fail_realloc, free);
    for (n = 1; !regex && n < 1000; n++) {
        struct cosend_error error = {0};

        failing = n;
        regex =
            cosend_regex_new_any(patterns, lengths, 4, NULL, &which, &error);
        failing = 0;
        assert_true(regex || error.kind == COSEND_E_MEMORY);
    }
    assert_non_null(regex);
    assert_true(n > 15);
    assert_int_equal(cosend_regex_match(regex, cosend_text("beeta", 5)),
                     COSEND_MATCH);
    cosend_regex_free(regex);
    cosend_set_allocator(NULL, NULL, NULL);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_matches_where_one_of_it_does),
        cmocka_unit_test(what_is_wrong_is_told_by_its_place),
        cmocka_unit_test(no_pattern_matches_nothing),
        cmocka_unit_test(every_allocation_may_fail)};

    rounds = (uint64_t)rounds_of(1500);
    if (argc > 1)
        random_state = strtoull(argv[1], NULL, 10);
    if (argc > 2)
        rounds = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
