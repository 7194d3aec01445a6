/* SPDX-License-Identifier: MIT */
/* A pattern from inside. */
#ifndef CSI_REGEX_H
#define CSI_REGEX_H

#define PCRE2_CODE_UNIT_WIDTH 8

#include "base/base.h"
#include "cosend/match.h"
#include "match/teddy.h"
#include "match/substring.h"
#include "match/literal.h"
#include "match/literal_set.h"
#include "record/record.h"

#include <pcre2.h>

struct csi_group {
    const char *name; /* in the code's own table */
    uint32_t number;
};

struct cosend_regex {
    /* A string: code is NULL. */
    char *literal;
    size_t literal_length;
    bool word, whole;

    pcre2_general_context *general;
    pcre2_match_context *limits;
    pcre2_code *code;
    bool jit;
    uint32_t pairs; /* of offsets that a match may fill */
    struct csi_group *groups;
    size_t group_count;

    /* Nothing but strings, of which there are many: code is NULL. */
    struct csi_literal_set *set;

    /* How lines that may match are found in many: by the strings of the set, by
       one of a few strings, by a string that is in each, by the pattern as it
       stands in `block`, or, where there is none of these, by looking at each
       line. */
    struct csi_literals literals;
    struct csi_substring needle; /* needle.length is 0 where there is none */
    struct csi_teddy *teddy;
    bool set_finds_lines;
    pcre2_code *block; /* by the JIT */
    bool looks_at_end;
    bool exact; /* what the set, Teddy or the needle find is a match */

    /* A list of patterns: what matches any of these matches. Then there is
       nothing else. */
    struct cosend_regex **any;
    size_t any_count;
};

/* What two patterns, or cells, come to, of which one must match. */
static inline enum cosend_match csi_either(enum cosend_match a,
                                           enum cosend_match b)
{
    if (a == COSEND_MATCH || b == COSEND_MATCH)
        return COSEND_MATCH;
    return a < b ? a : b;
}

/* Whether csi_regex_find_line can be asked. */
static inline bool csi_regex_finds_lines(const struct cosend_regex *regex)
{
    return regex->set_finds_lines || regex->teddy || regex->needle.length;
}

/* A place in the first of the lines [text, end) that may match, or NULL. */
static inline const char *csi_regex_find_line(const struct cosend_regex *regex,
                                              const char *text, const char *end)
{
    if (regex->set_finds_lines)
        return csi_literal_set_find(regex->set, text, end);
    if (regex->teddy)
        return csi_teddy_find(regex->teddy, text, end);
    return csi_substring_find(&regex->needle, text, end);
}

/* ---- regex.c --------------------------------------------------------------
 */

/* Make it one of nothing but strings. Returns false without memory. */
bool csi_regex_make_set(struct cosend_regex *regex,
                        const struct csi_string *strings, size_t count,
                        const struct cosend_regex_options *options);

/* PCRE2's answer: negative, or one more than the highest group that matched. */
int csi_regex_execute(const struct cosend_regex *regex, const char *text,
                      size_t length, pcre2_match_data *scratch);
/* What this thread's matches write in; NULL without memory. */
pcre2_match_data *csi_regex_scratch(const struct cosend_regex *regex);

#endif
