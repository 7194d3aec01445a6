/* SPDX-License-Identifier: MIT */
/*
 * All the ways in which a text is matched against the plainest one: PCRE2's
 * interpreter on each text alone, with none of its optimisations. Patterns and
 * texts are drawn by lot.
 *
 *     test_regex_agree [SEED [ROUNDS]]
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "chance.h"
#include "rounds.h"
#include "match/regex.h"

static uint64_t rounds;

#define PICK(from) from[draw(sizeof(from) / sizeof(from[0]))]

/* What means the same in bytes and in characters, and what does not. */
static const char *const plain_parts[] = {
    "a",        "b",      "ab",      "[^a]",   "[ab]",
    "\\w",      "\\W",    "\\d",     ".",      "^",
    "$",        "(?=a)",  "(?!a)",   "(?<=a)", "(?<!a)",
    "(?!\\w)",  "(a|b)",  "a*",      "b?",     "a+",
    "a??",      ".*",     ".+?",     "\\A",    "\\z",
    "|",        "(?>a*)", "a*+",     "(?=b)",  "(?=.)",
    "(?:ab)*",  "(b|$)",  "(?:^|a)", "(a)?",   "(?=a)b?",
    "(?:a|b)+", "x?",     "a{2,3}",  "(?i)A",  "(?:(?=a)b?a)",
    "\\s",      "1"};
static const char *const letter_parts[] = {"\xc3\xa9",      "[\xc3\xa9]",
                                           "[^\xc3\xa9]",   "\xc3\xa9?",
                                           "\xc3\xa9*",     "\\b",
                                           "\\B",           "(?=\xc3\xa9)",
                                           "(?<=\xc3\xa9)", "(?:a|\xc3\xa9)+",
                                           "\\p{L}",        "\xc3\x89"};
static const char *const words[] = {
    "a",    "b",    "ab",   "x",        " ",
    "1",    "A",    "a",    "\xc3\xa9", "\xc3\x89",
    "\xff", "\xc3", "\xa9", "\xe2\x82", "\xf0\x9f\x98\x80",
    "aa",   "."};

static void make_pattern(char *pattern, bool letters)
{
    unsigned count = 1 + draw(6);

    *pattern = '\0';
    while (count--)
        strcat(pattern,
               letters && !draw(3) ? PICK(letter_parts) : PICK(plain_parts));
}

/* Some are longer than what is matched without counting. */
static size_t make_subject(char *subject)
{
    unsigned count = draw(7);
    size_t length = 0;

    if (!draw(2000)) {
        length = CSI_SHORT_TEXT + draw(100);
        memset(subject, "xa"[draw(2)], length);
    }
    subject[length] = '\0';
    while (count--)
        strcat(subject + length, PICK(words));
    return length + strlen(subject + length);
}

static pcre2_code *compile_plainly(const char *pattern,
                                   const struct cosend_regex_options *options)
{
    uint32_t flags = PCRE2_DOLLAR_ENDONLY | PCRE2_NO_START_OPTIMIZE |
                     PCRE2_NO_AUTO_POSSESS | PCRE2_NO_DOTSTAR_ANCHOR;
    char word[1024];
    size_t offset;
    int error;
    pcre2_code *code;

    flags |=
        options->unicode ? PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF : 0;
    flags |= options->ignore_case ? PCRE2_CASELESS : 0;
    flags |= options->whole ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0;
    snprintf(word, sizeof(word), options->word ? "(?<!\\w)(?:%s)(?!\\w)" : "%s",
             pattern);
    code = pcre2_compile((PCRE2_SPTR)word, PCRE2_ZERO_TERMINATED, flags, &error,
                         &offset, NULL);
    if (!code)
        fail_msg("%s: %d", word, error);
    return code;
}

/*
 * The interpreter takes a text with bytes that are no UTF-8 for several, with
 * starts and ends of their own: that is not what is asked for. There machine
 * code is asked, of which the other optimisations are kept off.
 */
static int match_plainly(pcre2_code *code,
                         const struct cosend_regex_options *options,
                         const char *subject, size_t length)
{
    pcre2_match_data *data = pcre2_match_data_create(30, NULL);
    pcre2_match_context *limits = pcre2_match_context_create(NULL);
    bool valid = !options->unicode || csi_utf8_is_valid(subject, length);
    int answer;

    pcre2_set_match_limit(limits, length > CSI_SHORT_TEXT ? 100 : 100000);
    if (!valid)
        pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    answer = pcre2_match(code, (PCRE2_SPTR)subject, length, 0,
                         valid ? PCRE2_NO_JIT : 0, data, limits);
    pcre2_match_data_free(data);
    pcre2_match_context_free(limits);
    if (!valid && options->whole)
        return COSEND_NO_MATCH;
    return answer >= 0                     ? COSEND_MATCH
           : answer == PCRE2_ERROR_NOMATCH ? COSEND_NO_MATCH
                                           : COSEND_MATCH_LIMIT;
}

static void print_subject(const char *subject, size_t length)
{
    for (size_t i = length > 80 ? length - 80 : 0; i < length; i++)
        fprintf(stderr, (unsigned char)subject[i] < 0x80 ? "%c" : "\\x%02x",
                (unsigned char)subject[i]);
}

static bool is_jit(const struct cosend_regex *regex)
{
    return regex->program && csi_program_is_jit(regex->program);
}

/* Between two bytes that are no UTF-8 machine code finds no \B, and the
   interpreter one. */
static bool may_differ(const struct cosend_regex *regex, const char *pattern,
                       const char *subject, size_t length)
{
    return !is_jit(regex) && strstr(pattern, "\\B") &&
           !csi_utf8_is_valid(subject, length);
}

static void compare(const char *pattern,
                    const struct cosend_regex_options *options)
{
    static char subject[CSI_SHORT_TEXT + 200];
    struct cosend_error error = {0};
    struct cosend_regex *regex =
        cosend_regex_new(pattern, strlen(pattern), options, &error);
    pcre2_code *code = compile_plainly(pattern, options);

    csi_program_mask_jit(false);
    if (!regex)
        fail_msg("%s: %s", pattern, error.message);
    for (int i = 0; i < 8; i++) {
        size_t length = make_subject(subject);
        int is = cosend_regex_match(regex, cosend_text(subject, length));
        int due = match_plainly(code, options, subject, length);

        if (is == due || due == COSEND_MATCH_LIMIT ||
            is == COSEND_MATCH_LIMIT ||
            may_differ(regex, pattern, subject, length))
            continue;
        print_subject(subject, length);
        fail_msg("/%s/%s%s%s%s%s on the %zu bytes above: %d, due %d", pattern,
                 is_jit(regex) ? " jit" : "",
                 options->unicode ? " unicode" : "",
                 options->whole ? " whole" : "", options->word ? " word" : "",
                 options->ignore_case ? " ignore_case" : "", length, is, due);
    }
    pcre2_code_free(code);
    cosend_regex_free(regex);
}

/* Without machine code, too, as where there is none. */
static void all_ways_match_what_the_plainest_does(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < rounds; i++) {
        struct cosend_regex_options options = {
            .unicode = draw(2), .ignore_case = !draw(4), .whole = !draw(3)};
        char pattern[512];

        csi_program_mask_jit(i % 2);
        options.word = options.unicode && !draw(4);
        make_pattern(pattern, options.unicode);
        compare(pattern, &options);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_ways_match_what_the_plainest_does)};

    rounds = (uint64_t)rounds_of(20000);
    if (argc > 1)
        random_state += strtoull(argv[1], NULL, 10);
    if (argc > 2)
        rounds = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
