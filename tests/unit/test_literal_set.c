/* SPDX-License-Identifier: MIT */
/*
 * Sets of strings against a search that knows no better: random strings of all
 * lengths, random text that has parts of them, every level of the kernels.
 *
 *     test_literal_set [SEED [ROUNDS]]
 */
#include "base/simd.h"
#include "match/literal_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chance.h"
#include "rounds.h"

enum { MOST_STRINGS = 600, LONGEST = 200, MOST_TEXT = 4000 };

static uint64_t rounds;

/* ---- What is looked for -------------------------------------------------- */

struct strings {
    struct csi_string items[MOST_STRINGS];
    size_t count;
    char memory[MOST_STRINGS * LONGEST];
    size_t used;
};

/* Of few letters or of all bytes; where they are few, strings are in one
   another, and everywhere. */
static char draw_byte(unsigned letters)
{
    if (letters > 26)
        return (char)draw(256);
    return (char)((draw(8) ? 'a' : 'A') + (int)draw(letters));
}

static size_t draw_length(unsigned kind)
{
    if (kind == 0)
        return 1 + draw(8);
    if (kind == 1)
        return 8;
    if (kind == 2)
        return 1 + draw(draw(4) ? 20 : LONGEST);
    return 4 + draw(12);
}

static void append(struct strings *strings, char byte)
{
    strings->memory[strings->used++] = byte;
}

/* One more; mostly with the beginning of one that is there. */
static void add_string(struct strings *strings, unsigned letters, size_t length)
{
    struct csi_string *string = &strings->items[strings->count];
    const struct csi_string *other =
        &strings->items[draw((unsigned)strings->count + 1)];
    size_t same = draw(3) && strings->count && other != string
                      ? draw((unsigned)other->length + 1)
                      : 0;

    string->text = strings->memory + strings->used;
    string->length = length;
    for (size_t i = 0; i < length; i++)
        append(strings, i < same ? other->text[i] : draw_byte(letters));
    strings->count++;
}

static void make_strings(struct strings *strings, unsigned letters, bool empty)
{
    size_t count = draw(3) ? 1 + draw(30) : 100 + draw(MOST_STRINGS - 100);
    unsigned kind = draw(4);

    strings->count = strings->used = 0;
    while (strings->count < count)
        add_string(strings, letters,
                   empty && !draw(20) ? 0 : draw_length(kind));
}

/* ---- What is looked at --------------------------------------------------- */

static size_t make_text(char *text, const struct strings *strings,
                        unsigned letters, bool lines)
{
    size_t length = draw(draw(3) ? 300 : MOST_TEXT), i = 0;

    while (i < length) {
        const struct csi_string *string =
            &strings->items[draw((unsigned)strings->count)];
        size_t part = draw(3) ? string->length : string->length / 2;

        if (!draw(4) && part <= length - i) {
            memcpy(text + i, string->text, part);
            i += part;
        } else if (lines && !draw(12)) {
            text[i++] = '\n';
        } else {
            text[i++] = draw(6) ? draw_byte(letters) : ' ';
        }
    }
    return length;
}

/* ---- The search that knows no better ------------------------------------- */

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (small(c) >= 'a' && small(c) <= 'z') ||
           c == '_';
}

static bool is_there(const struct csi_string *string, const char *at,
                     const char *text, const char *end,
                     const struct csi_volnitsky_options *how)
{
    const char *behind = at + string->length;

    if ((size_t)(end - at) < string->length)
        return false;
    for (size_t i = 0; i < string->length; i++)
        if (how->ignore_case ? small(at[i]) != small(string->text[i])
                             : at[i] != string->text[i])
            return false;
    if (how->whole)
        return at == text && behind == end;
    return !how->word || ((at == text || !is_word(at[-1])) &&
                          (behind == end || !is_word(*behind)));
}

static bool is_any_at(const struct strings *strings, const char *at,
                      const char *text, const char *end,
                      const struct csi_volnitsky_options *how)
{
    for (size_t i = 0; i < strings->count; i++)
        if (is_there(&strings->items[i], at, text, end, how))
            return true;
    return false;
}

static const char *first_of(const struct strings *strings, const char *text,
                            const char *end,
                            const struct csi_volnitsky_options *how)
{
    for (const char *at = text; at <= end; at++)
        if (is_any_at(strings, at, text, end, how))
            return at;
    return NULL;
}

/* ---- Beside each other --------------------------------------------------- */

static struct csi_volnitsky_options draw_options(void)
{
    struct csi_volnitsky_options how = {0};

    how.ignore_case = draw(2);
    how.word = !draw(3);
    how.whole = !draw(4);
    return how;
}

/* A copy that ends where its memory does, so that sanitizers see who reads on;
   or the text where it is. */
static char *copy_of(const char *text, size_t length)
{
    char *copy = malloc(length ? length : 1);

    assert_non_null(copy);
    memcpy(copy, text, length);
    return copy;
}

static void a_set_matches_where_a_string_is(void **state)
{
    static struct strings strings;
    static char text[MOST_TEXT];
    unsigned matches = 0;

    (void)state;
    for (uint64_t round = 0; round < rounds; round++) {
        unsigned letters = draw(5) ? 1 + draw(26) : 256;
        struct csi_volnitsky_options how = draw_options();
        struct csi_literal_set *set;
        size_t length;
        char *copy;
        bool due;

        make_strings(&strings, letters, !draw(8));
        length = make_text(text, &strings, letters, true);
        if (how.whole && draw(2)) {
            const struct csi_string *one =
                &strings.items[draw((unsigned)strings.count)];

            length = one->length;
            memcpy(text, one->text, length);
        }
        csi_simd_mask((enum csi_simd)draw(CSI_SIMD_LEVELS));
        set = csi_literal_set_new(strings.items, strings.count, &how);
        assert_non_null(set);
        copy = copy_of(text, length);
        due = first_of(&strings, copy, copy + length, &how) != NULL;
        assert_int_equal(csi_literal_set_match(set, copy, length), due);
        matches += due;
        free(copy);
        csi_literal_set_free(set);
    }
    csi_simd_mask(CSI_SIMD_LEVELS - 1);
    assert_true(rounds < 1000 || (matches > rounds / 5 && matches < rounds));
}

/* Each line that has any is found, in turn, and no other one. */
static void check_lines(const struct csi_literal_set *set,
                        const struct strings *strings, const char *text,
                        const char *end,
                        const struct csi_volnitsky_options *how)
{
    const char *found = csi_literal_set_find(set, text, end);

    for (const char *line = text, *next; line < end; line = next) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        const char *stop = newline ? newline : end;

        next = newline ? newline + 1 : end;
        if (first_of(strings, line, stop, how)) {
            assert_non_null(found);
            assert_true(found >= line && found < stop);
            found = csi_literal_set_find(set, next, end);
        } else {
            assert_true(!found || found >= next);
        }
    }
    assert_null(found);
}

static void a_set_finds_the_lines_that_have_a_string(void **state)
{
    static struct strings strings;
    static char text[MOST_TEXT];
    unsigned checked = 0;

    (void)state;
    for (uint64_t round = 0; round < rounds; round++) {
        unsigned letters = draw(5) ? 1 + draw(26) : 256;
        struct csi_volnitsky_options how = draw_options();
        struct csi_literal_set *set;
        size_t length;
        char *copy;
        bool exact;

        how.whole = false;
        make_strings(&strings, letters, false);
        length = make_text(text, &strings, letters, true);
        csi_simd_mask((enum csi_simd)draw(CSI_SIMD_LEVELS));
        set = csi_literal_set_new(strings.items, strings.count, &how);
        assert_non_null(set);
        copy = copy_of(text, length);
        assert_true(csi_literal_set_is_for_lines(set, &exact));
        if (exact)
            check_lines(set, &strings, copy, copy + length, &how);
        checked += exact;
        free(copy);
        csi_literal_set_free(set);
    }
    csi_simd_mask(CSI_SIMD_LEVELS - 1);
    assert_true(rounds < 1000 || checked > rounds / 2);
}

/* What is in a set twice, or begins with another one of it, changes nothing. */
static void twenty_thousand_strings_are_each_found(void **state)
{
    enum { COUNT = 20000, DIGITS = 8 };
    static const struct csi_volnitsky_options how;
    static char memory[COUNT][DIGITS + 1];
    static struct csi_string strings[COUNT];
    struct csi_literal_set *set;

    (void)state;
    for (unsigned i = 0; i < COUNT; i++) {
        snprintf(memory[i], sizeof(memory[i]), "%08u", i * 3);
        strings[i] = (struct csi_string){memory[i], DIGITS};
    }
    set = csi_literal_set_new(strings, COUNT, &how);
    assert_non_null(set);
    for (unsigned i = 0; i < 3 * COUNT; i++) {
        char text[100];
        int length =
            snprintf(text, sizeof(text), "%*s%08u ", (int)draw(80), "", i);

        assert_int_equal(csi_literal_set_match(set, text, (size_t)length),
                         i % 3 == 0);
    }
    csi_literal_set_free(set);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_matches_where_a_string_is),
        cmocka_unit_test(a_set_finds_the_lines_that_have_a_string),
        cmocka_unit_test(twenty_thousand_strings_are_each_found)};

    rounds = (uint64_t)rounds_of(4000);
    if (argc > 1)
        random_state = strtoull(argv[1], NULL, 10);
    if (argc > 2)
        rounds = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
