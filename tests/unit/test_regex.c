/* SPDX-License-Identifier: MIT */
#include "base/base.h"
#include "cosend/match.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FIXED                                                                  \
    {                                                                          \
        .fixed = true                                                          \
    }
#define FOLD                                                                   \
    {                                                                          \
        .ignore_case = true                                                    \
    }
#define WORD                                                                   \
    {                                                                          \
        .word = true                                                           \
    }
#define WHOLE                                                                  \
    {                                                                          \
        .whole = true                                                          \
    }

static struct cosend_cell text(const char *string)
{
    return cosend_text(string, strlen(string));
}

static struct cosend_regex *must(const char *pattern,
                                 struct cosend_regex_options options)
{
    struct cosend_error error = {0};
    struct cosend_regex *regex =
        cosend_regex_new(pattern, strlen(pattern), &options, &error);

    if (!regex)
        fail_msg("%s: %s", pattern, error.message);
    return regex;
}

static enum cosend_match try_cell(const char *pattern,
                                  struct cosend_regex_options options,
                                  struct cosend_cell cell)
{
    struct cosend_regex *regex = must(pattern, options);
    enum cosend_match match = cosend_regex_match(regex, cell);

    assert_int_equal(cosend_regex_matches(regex, cell), match == COSEND_MATCH);
    cosend_regex_free(regex);
    return match;
}

struct row {
    const char *pattern;
    struct cosend_regex_options options;
    const char *subject;
    bool matches;
};

static void check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct row *row = &rows[i];
        enum cosend_match match =
            try_cell(row->pattern, row->options, text(row->subject));

        if (match != (row->matches ? COSEND_MATCH : COSEND_NO_MATCH))
            fail_msg("/%s/ on \"%s\": %d", row->pattern, row->subject,
                     (int)match);
    }
}

#define CHECK(rows) check_rows(rows, sizeof(rows) / sizeof((rows)[0]))

static void patterns_match_bytes(void **state)
{
    static const struct row rows[] = {
        {"a.c", {0}, "xabcx", true},
        {"a.c", {0}, "a\nc", false},
        {"^$", {0}, "", true},
        {"^$", {0}, "\n", false},
        {"b$", {0}, "ab", true},
        {"b$", {0}, "ab\n", false},
        {"", {0}, "", true},
        {"", {0}, "abc", true},
        {"^..$", {0}, "\xC3\xA9", true},
        {"\\xC3", {0}, "\xC3\xA9", true},
        {"caf.{2}$", {0}, "caf\xC3\xA9", true},
        {"\xFF+x", {0}, "\xFF\xFFx", true},
        {"[0-9]+ms", {0}, "took 15ms", true},
        {"(?<a>x)(?<b>y)?", {0}, "x", true},
        {"a\\.b", {0}, "axb", false},
    };

    (void)state;
    CHECK(rows);
}

static void a_string_is_searched_as_it_is(void **state)
{
    static const struct row rows[] = {
        {"a.c", FIXED, "abc", false},
        {"a.c", FIXED, "xa.cx", true},
        {"\\Q(", FIXED, "a\\Q(b", true},
        {"", FIXED, "", true},
        {"plain text", {0}, "some plain text", true},
        {"plain text", {0}, "some plain tex", false},
        {"a.c(", {.fixed = true, .ignore_case = true}, "XA.C(", true},
        {"a.c(", {.fixed = true, .ignore_case = true}, "XABC(", false},
        {"\\E.*", {.fixed = true, .ignore_case = true}, "abc", false},
        {"\\E.*", {.fixed = true, .ignore_case = true}, "\\e.*", true},
        {"\\p{L}", FIXED, "a", false},
        {"\\p{L}", {.fixed = true, .ignore_case = true}, "a\\P{l}", true},
    };

    (void)state;
    CHECK(rows);
}

static void nul_and_bad_utf8_are_data(void **state)
{
    static const char bytes[] = {'a', '\0', 'b', '\xFF', 'c'};
    struct cosend_regex *regex;
    struct cosend_regex_options options = {.fixed = true};

    (void)state;
    assert_int_equal(try_cell("a.b.c", (struct cosend_regex_options){0},
                              cosend_text(bytes, sizeof(bytes))),
                     COSEND_MATCH);
    for (int i = 0; i < 2; i++) {
        options.ignore_case = i == 1;
        regex = cosend_regex_new(bytes, 3, &options, NULL);
        assert_non_null(regex);
        assert_true(
            cosend_regex_matches(regex, cosend_text(bytes, sizeof(bytes))));
        assert_false(cosend_regex_matches(regex, text("a")));
        cosend_regex_free(regex);
    }
}

static void absent_and_null_match_nothing(void **state)
{
    static const struct cosend_cell absent = {NULL, 0, COSEND_ABSENT};
    static const struct cosend_cell null = {NULL, 0, COSEND_NULL};
    static const struct cosend_cell empty = {NULL, 0, COSEND_TEXT};
    struct cosend_regex_options none = {0};

    (void)state;
    assert_int_equal(try_cell("", none, absent), COSEND_NO_MATCH);
    assert_int_equal(try_cell("", none, null), COSEND_NO_MATCH);
    assert_int_equal(try_cell("", none, empty), COSEND_MATCH);
    assert_int_equal(try_cell("^$", none, empty), COSEND_MATCH);
    assert_int_equal(try_cell("^$", none, null), COSEND_NO_MATCH);
}

static void word_needs_no_word_character_beside_it(void **state)
{
    static const struct row rows[] = {
        {"cat", WORD, "a cat.", true},
        {"cat", WORD, "concat", false},
        {"cat", WORD, "cats", false},
        {"cat", WORD, "concat cat", true},
        {"cat", WORD, "cat_", false},
        {"c.t", WORD, "concat", false},
        {"c.t", WORD, "the cut", true},
        {"-v", WORD, "ls -v x", true},
        {"-v", WORD, "ls-v", false},
        {"foo|foobar", WORD, "foobar", true},
        {"", WORD, "ab", false},
        {"", WORD, "", true},
        {"a.",
         {.fixed = true, .word = true, .ignore_case = true},
         "xA.",
         false},
        {"a.",
         {.fixed = true, .word = true, .ignore_case = true},
         "x A.",
         true},
        {"cat",
         {.word = true, .unicode = true},
         "\xC3\xA9"
         "cat",
         false},
        {"cat",
         {.word = true},
         "\xC3\xA9"
         "cat",
         false},
        {"cat", WORD, "cat\xC3\xA9", false},
        {"cat", WORD, "cat\xE2\x82\xAC", true}, /* a euro */
        {"cat", WORD, "\xE9 cat", true},
        {"cat", WORD,
         "\xE9"
         "cat",
         true}, /* no UTF-8, no letter */
        {"c.t", WORD,
         "\xC3\xA9"
         "cat",
         false},
        {"\\bcat\\b", {0}, "cat\xC3\xA9", false},
        {"\\bcat\\b", {0}, "a cat\xC3", true},
        {"\xC3\xA9t\xC3\xA9", WORD, "l'\xC3\xA9t\xC3\xA9!", true},
        {"\xC3\xA9t\xC3\xA9", WORD, "\xC3\xA9t\xC3\xA9s", false},
        {"\xE9t\xE9", WORD, "\xE9t\xE9", true},
        {"", WORD, "\xC3\xA9", false},
        {"cat|dog", WORD, "dog\xC3\xA9", false},
    };

    (void)state;
    CHECK(rows);
}

static void whole_is_all_of_the_cell(void **state)
{
    static const struct row rows[] = {
        {"cat", WHOLE, "cat", true},
        {"cat", WHOLE, "cats", false},
        {"cat", WHOLE, "cat\n", false},
        {"a|ab", WHOLE, "ab", true},
        {"a+", WHOLE, "aaa", true},
        {"a+", WHOLE, "aab", false},
        {"", WHOLE, "", true},
        {"", WHOLE, "x", false},
        {"x.", {.fixed = true, .whole = true}, "xy", false},
        {"x.", {.fixed = true, .whole = true, .ignore_case = true}, "X.", true},
    };

    (void)state;
    CHECK(rows);
}

static void unicode_is_asked_for_or_implied(void **state)
{
    static const struct row rows[] = {
        {"^.$", {.unicode = true}, "\xC3\xA9", true},
        {"^.$", {0}, "\xC3\xA9", false},
        {"^\\p{L}$", {0}, "\xC3\xA9", true},
        {"^\\P{N}$", {0}, "\xC3\xA9", true},
        {"^\\\\p.$", {0}, "\\p\xC3", true},
        {"\xC3\xA9T\xC3\xA9", FOLD, "\xC3\x89t\xC3\x89", true},
        {"\xC3\xA9", {0}, "\xC3\x89", false},
        {"\xC3\xA9", {.fixed = true, .ignore_case = true}, "\xC3\x89", true},
        {"ERROR", FOLD, "error", true},
        {".", {.unicode = true}, "\xFF", false},
        {"b",
         {.unicode = true},
         "a\xFF"
         "b\xFE",
         true},
        {"^\\w+$", {.unicode = true}, "\xC3\xA9t\xC3\xA9", true},
        {"\xFF"
         "a",
         FOLD,
         "\xFF"
         "A",
         true},
        {"[\xC3\xA9]", {0}, "\xC3\xBC", false},
        {"[\xC3\xA9]", {0}, "x\xC3\xA9", true},
        {"[\\d\xC3\xA9]+$", {0}, "1\xC3\xA9", true},
        {"^[^\xC3\xA9]$", {0}, "\xC3\xBC", true},
        {"^caf\xC3\xA9?$", {0}, "caf", true},
        {"^caf\xC3\xA9*$", {0}, "caf\xC3\xA9\xC3\xA9", true},
        {"^\xC3\xA9{2}$", {0}, "\xC3\xA9\xC3\xA9", true},
        {"^\\Q.\xC3\xA9\\E+$", {0}, ".\xC3\xA9\xC3\xA9", true},
        {"[\xC3\xA9]$", {0}, "\xFF\xC3\xA9", true},
        {".*[\xC3\xA9]", {0}, "\xFF\xC3\xA9", true},
        {"^[^\xC3\xA9]*$", {0}, "a\xFF", false},
        {"\xC3\xA9", {0}, "\xFF\xC3\xA9", true},
        {"[\xE9]", {0}, "\xE9", true}, /* no UTF-8: bytes */
        {"\\xC3\\b", {0}, "\xC3", false},
        {"(?:a|b)+", {.whole = true, .unicode = true}, "aaaa\xFF", false},
        {"(?=a)b?a", {0}, "a", true},
        {"(?=A)b?a", FOLD, "xa", true},
        {"(?=a)b?a", WHOLE, "a", true},
    };

    (void)state;
    CHECK(rows);
}

static void check_error(const char *pattern,
                        struct cosend_regex_options options,
                        const char *message)
{
    struct cosend_error error = {0};

    assert_null(cosend_regex_new(pattern, strlen(pattern), &options, &error));
    assert_int_equal(error.kind, COSEND_E_SPEC);
    assert_string_equal(error.message, message);
}

static void errors_name_the_place_in_the_pattern(void **state)
{
    struct cosend_regex_options none = {0};
    struct cosend_regex_options word = WORD;

    (void)state;
    check_error("ab(cd", none, "at character 5: missing closing parenthesis");
    check_error("a)(b", word, "at character 1: unmatched closing parenthesis");
    check_error("\xC3\xA9[", none,
                "at character 2: missing terminating ] for character class");
    check_error("*", none,
                "at character 1: quantifier does not follow a repeatable item");
    check_error("\\p{Nope}", none,
                "at character 8: unknown property after \\P or \\p");
    check_error("(*UTF)a", none,
                "(*UTF) and (*UCP) can't be used here; the option unicode "
                "switches to UTF-8");
    check_error("\\Qa", word,
                "word needs a pattern without leading (*VERB)s, open \\Q or "
                "comments at its end");
}

static void named_groups_come_in_order_as_slices(void **state)
{
    struct cosend_regex *regex =
        must("(?<z>\\d+)(-)?(?<a>[a-z]+)(?<m>!)?(?<e>)",
             (struct cosend_regex_options){0});
    struct cosend_cell subject = text("## 12ab"), cells[4];

    (void)state;
    assert_int_equal(cosend_regex_groups(regex), 4);
    assert_string_equal(cosend_regex_group(regex, 0), "z");
    assert_string_equal(cosend_regex_group(regex, 1), "a");
    assert_string_equal(cosend_regex_group(regex, 2), "m");
    assert_int_equal(cosend_regex_captures(regex, subject, cells),
                     COSEND_MATCH);
    assert_ptr_equal(cells[0].data, subject.data + 3);
    assert_int_equal(cells[0].length, 2);
    assert_memory_equal(cells[1].data, "ab", 2);
    assert_int_equal(cells[2].kind, COSEND_ABSENT);
    assert_int_equal(cells[3].kind, COSEND_TEXT);
    assert_int_equal(cells[3].length, 0);
    assert_int_equal(cosend_regex_captures(regex, text("none"), cells),
                     COSEND_NO_MATCH);
    cosend_regex_free(regex);
}

static void last_groups_that_took_no_part_are_absent(void **state)
{
    struct cosend_regex *regex =
        must("(?<a>a)|(?<b>b)|(?<c>c)", (struct cosend_regex_options){0});
    struct cosend_cell cells[3];

    (void)state;
    assert_int_equal(cosend_regex_captures(regex, text("c"), cells),
                     COSEND_MATCH);
    assert_int_equal(cells[2].kind, COSEND_TEXT);
    assert_int_equal(cosend_regex_captures(regex, text("a"), cells),
                     COSEND_MATCH);
    assert_int_equal(cells[0].kind, COSEND_TEXT);
    assert_int_equal(cells[1].kind, COSEND_ABSENT);
    assert_int_equal(cells[2].kind, COSEND_ABSENT);
    cosend_regex_free(regex);
}

static struct cosend_cell repeat(char c, size_t count, char last)
{
    char *data = malloc(count + 1);

    assert_non_null(data);
    memset(data, c, count);
    data[count] = last;
    return cosend_text(data, count + 1);
}

static void too_much_backtracking_is_not_no_match(void **state)
{
    static const char *const patterns[] = {"^(a+)+$", "(a|aa)+$",
                                           "(a+a+)+[xy]"};
    static const size_t lengths[] = {41, 400, 10000};

    (void)state;
    for (size_t p = 0; p < 3; p++)
        for (size_t l = 0; l < 3; l++) {
            struct cosend_cell cell = repeat('a', lengths[l], 'b');

            assert_int_equal(
                try_cell(patterns[p], (struct cosend_regex_options){0}, cell),
                COSEND_MATCH_LIMIT);
            free((void *)(uintptr_t)cell.data);
        }
}

static void much_backtracking_at_one_start_is_decided(void **state)
{
    struct cosend_cell cell = repeat(',', 100, 'b');

    (void)state;
    assert_int_equal(
        try_cell("^.*,.*,.*,[xy]", (struct cosend_regex_options){0}, cell),
        COSEND_NO_MATCH);
    assert_int_equal(
        try_cell("^.*,.*,.*,[ab]", (struct cosend_regex_options){0}, cell),
        COSEND_MATCH);
    free((void *)(uintptr_t)cell.data);
}

static void deep_backtracking_goes_to_the_heap(void **state)
{
    struct cosend_cell cell = repeat('a', 20000, 'b');

    (void)state;
    assert_int_equal(
        try_cell("^(?:a|x)*b$", (struct cosend_regex_options){0}, cell),
        COSEND_MATCH);
    free((void *)(uintptr_t)cell.data);
}

static void *match_many(void *argument)
{
    const struct cosend_regex *regex = argument;
    struct cosend_cell cells[1];
    size_t matches = 0;

    for (int i = 0; i < 2000; i++)
        matches += cosend_regex_captures(regex, text("id=77 x"), cells) ==
                       COSEND_MATCH &&
                   cells[0].length == 2;
    return (void *)matches;
}

static void threads_share_a_regex(void **state)
{
    struct cosend_regex *regex =
        must("id=(?<id>\\d+)", (struct cosend_regex_options){0});
    pthread_t threads[4];
    void *matches;

    (void)state;
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, match_many, regex),
                         0);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], &matches), 0);
        assert_int_equal((size_t)matches, 2000);
    }
    cosend_regex_free(regex);
}

static long left, live;

static void *counted_malloc(size_t size)
{
    void *memory = left-- > 0 ? malloc(size) : NULL;

    live += memory != NULL;
    return memory;
}

static void *counted_realloc(void *old, size_t size)
{
    void *memory = left-- > 0 ? realloc(old, size) : NULL;

    live += memory && !old;
    return memory;
}

static void counted_free(void *memory)
{
    live -= memory != NULL;
    free(memory);
}

/* Whether all of it could be done with `limit` allocations. */
static bool compile_and_match(long limit)
{
    static const struct cosend_regex_options options = {.word = true};
    struct cosend_error error = {0};
    struct cosend_regex *regex;
    struct cosend_cell cells[2];
    enum cosend_match match = COSEND_MATCH_MEMORY;

    left = limit;
    regex = cosend_regex_new("(?<b>[a-z]+)(?<a>\\d)", 20, &options, &error);
    if (regex)
        match = cosend_regex_captures(regex, text("ab1"), cells);
    else
        assert_int_equal(error.kind, COSEND_E_MEMORY);
    assert_true(match == COSEND_MATCH || match == COSEND_MATCH_MEMORY);
    cosend_regex_free(regex);
    assert_int_equal(live, 0);
    return match == COSEND_MATCH;
}

static void every_allocation_may_fail(void **state)
{
    long limit = 0;

    (void)state;
    cosend_set_allocator(counted_malloc, counted_realloc, counted_free);
    while (!compile_and_match(limit))
        limit++;
    assert_true(limit > 5);
    cosend_set_allocator(NULL, NULL, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_match_bytes),
        cmocka_unit_test(a_string_is_searched_as_it_is),
        cmocka_unit_test(nul_and_bad_utf8_are_data),
        cmocka_unit_test(absent_and_null_match_nothing),
        cmocka_unit_test(word_needs_no_word_character_beside_it),
        cmocka_unit_test(whole_is_all_of_the_cell),
        cmocka_unit_test(unicode_is_asked_for_or_implied),
        cmocka_unit_test(errors_name_the_place_in_the_pattern),
        cmocka_unit_test(named_groups_come_in_order_as_slices),
        cmocka_unit_test(last_groups_that_took_no_part_are_absent),
        cmocka_unit_test(too_much_backtracking_is_not_no_match),
        cmocka_unit_test(much_backtracking_at_one_start_is_decided),
        cmocka_unit_test(deep_backtracking_goes_to_the_heap),
        cmocka_unit_test(threads_share_a_regex),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
