/* SPDX-License-Identifier: MIT */
/* A pattern from inside. */
#ifndef CSI_REGEX_H
#define CSI_REGEX_H

#include "base/base.h"
#include "cosend/match.h"
#include "match/teddy.h"
#include "match/needle.h"
#include "match/literal.h"
#include "match/literal_set.h"
#include "match/letters.h"
#include "match/program.h"
#include "record/record.h"

struct csi_group {
    const char *name; /* in the code's own table */
    uint32_t number;
};

struct cosend_regex {
    /* A string: program is NULL. */
    char *literal;
    size_t literal_length;
    bool word, whole;
    bool characters;             /* the program matches characters, not bytes */
    struct csi_letters *letters; /* what is beside a word; NULL: ASCII alone */

    struct csi_program *program;
    struct csi_program *bytes; /* answers for ASCII in its place; or NULL */
    uint32_t pairs;            /* of offsets that a match may fill */
    struct csi_group *groups;
    size_t group_count;

    /* Nothing but strings, of which there are many: program is NULL. */
    struct csi_literal_set *set;

    /* How lines that may match are found in many: by the strings of the set, by
       one of a few strings, by a string that is in each, with a byte behind it
       that may be known, of which there may be several to choose from, by the
       pattern as it stands in `block`, or, where there is none of these, by
       looking at each line. */
    struct csi_literals literals;
    struct csi_needle needles[CSI_NEEDLES];
    unsigned needle_count;
    struct csi_teddy *teddy;
    bool set_finds_lines;
    struct csi_program *block; /* by the JIT */
    bool ascii_block;          /* it answers for ASCII alone */
    bool looks_at_end;
    bool exact; /* what the set, Teddy or the needle finds is a match */

    /* A list of patterns: what matches any of these matches, or all of them.
       Then there is nothing else. */
    struct cosend_regex **any;
    size_t any_count;
    bool all;
};

/* What two patterns, or cells, come to, of which one must match. */
static inline enum cosend_match csi_either(enum cosend_match a,
                                           enum cosend_match b)
{
    if (a == COSEND_NO_MATCH)
        return b;
    if (a == COSEND_MATCH || b == COSEND_MATCH)
        return COSEND_MATCH;
    if (a == COSEND_MATCH_MEMORY || b == COSEND_MATCH_MEMORY)
        return COSEND_MATCH_MEMORY;
    return a < b ? a : b;
}

/* The same of which both must match. */
static inline enum cosend_match csi_both(enum cosend_match a,
                                         enum cosend_match b)
{
    if (a == COSEND_MATCH)
        return b;
    return a == COSEND_NO_MATCH || b == COSEND_MATCH ? a
           : b == COSEND_NO_MATCH || a < b           ? b
                                                     : a;
}

/* Whether lines that may match are found by strings: see line_finder.h. */
static inline bool csi_regex_finds_lines(const struct cosend_regex *regex)
{
    return regex->set_finds_lines || regex->teddy || regex->needle_count;
}

/* As cosend_regex_match, of a text that is there. */
enum cosend_match csi_regex_match(const struct cosend_regex *regex,
                                  const char *text, size_t length);

/* What an answer of PCRE2's means. */
enum cosend_match csi_regex_verdict(int answer);

/* An answer of PCRE2's to a text: one that it gives up, and that a search over
   many lines would not have found, as it has not what each match has in it, is
   none. */
int csi_regex_answer(const struct cosend_regex *regex, int answer,
                     const char *text, size_t length);

/* Make it one of nothing but strings. Returns false without memory. */
bool csi_regex_make_set(struct cosend_regex *regex,
                        const struct csi_string *strings, size_t count,
                        const struct cosend_regex_options *options);

#endif
