/* SPDX-License-Identifier: MIT */
/* What the command line puts text together with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "../../cli/text.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static void a_json_string_is_valid_whatever_the_bytes(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        const char *json;
    } cases[] = {
        {"", 0, "\"\""},
        {"a\"b\\c", 5, "\"a\\\"b\\\\c\""},
        {"\n\t\r\x1b\x7f", 5, "\"\\n\\t\\r\\u001b\\u007f\""},
        {"a\0b", 3, "\"a\\u0000b\""},
        {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 9,
         "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\""},
        {"\xff\xc3", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xc0\xaf", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xed\xa0\x80", 3, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xe2\x82", 2, "\"\xef\xbf\xbd\""},
    };

    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct csi_cli_text text = {0};

        csi_cli_json(&text, cases[i].bytes, cases[i].length);
        assert_string_equal(text.data, cases[i].json);
        csi_cli_free(&text);
    }
}

static void no_string_is_null_in_json(void **state)
{
    struct csi_cli_text text = {0};

    (void)state;
    csi_cli_json_string(&text, NULL);
    assert_string_equal(text.data, "null");
    csi_cli_free(&text);
}

static void padding_counts_characters_not_bytes(void **state)
{
    struct csi_cli_text text = {0};

    (void)state;
    csi_cli_pad(&text, "\xc3\xa9", 3);
    csi_cli_pad(&text, "long", 2);
    assert_string_equal(text.data, "\xc3\xa9  long");
    csi_cli_free(&text);
}

static void words_are_broken_before_column_78(void **state)
{
    struct csi_cli_text text = {0};
    char words[200];

    (void)state;
    memset(words, 'x', sizeof(words));
    for (size_t i = 9; i < sizeof(words); i += 10)
        words[i] = ' ';
    words[sizeof(words) - 1] = '\0';
    csi_cli_wrap(&text, words, 4);
    for (char *line = strtok(text.data, "\n"); line;
         line = strtok(NULL, "\n")) {
        assert_true(strlen(line) <= 78);
        assert_int_equal(strspn(line, " "), 4);
        assert_int_equal(line[strlen(line) - 1], 'x');
    }
    csi_cli_free(&text);
}

static void an_indented_line_is_not_broken(void **state)
{
    struct csi_cli_text text = {0};

    (void)state;
    csi_cli_wrap(&text, "one  two\n\n  a   literal line\n", 2);
    assert_string_equal(text.data, "  one two\n\n    a   literal line\n");
    csi_cli_free(&text);
}

static const char *name_at(const void *names, size_t i)
{
    return ((const char *const *)names)[i];
}

static const char *nearest(const char *word)
{
    static const char *const names[] = {"average", "count", "head",
                                        "grep",    "tail",  "tee"};

    return cosend_suggest(word, LENGTH(names), name_at, names);
}

static void a_typing_mistake_finds_its_word(void **state)
{
    (void)state;
    assert_string_equal(nearest("averge"), "average");
    assert_string_equal(nearest("coutn"), "count");
    assert_string_equal(nearest("gerp"), "grep");
    assert_string_equal(nearest("heads"), "head");
}

static void an_abbreviation_finds_its_word(void **state)
{
    (void)state;
    assert_string_equal(nearest("cnt"), "count");
    assert_string_equal(nearest("AVG"), "average");
    assert_string_equal(nearest("header"), "head");
    assert_null(nearest("ct")); /* of too many words */
}

static void nothing_is_suggested_for_what_is_far(void **state)
{
    (void)state;
    assert_null(nearest("xyzzy"));
    assert_null(nearest("drop")); /* two of four letters from grep */
    assert_null(nearest("h"));
    assert_null(nearest(""));
    assert_null(nearest("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_json_string_is_valid_whatever_the_bytes),
        cmocka_unit_test(no_string_is_null_in_json),
        cmocka_unit_test(padding_counts_characters_not_bytes),
        cmocka_unit_test(words_are_broken_before_column_78),
        cmocka_unit_test(an_indented_line_is_not_broken),
        cmocka_unit_test(a_typing_mistake_finds_its_word),
        cmocka_unit_test(an_abbreviation_finds_its_word),
        cmocka_unit_test(nothing_is_suggested_for_what_is_far),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
