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
#include "match/vectorscan.h"
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

    /* How lines that may match are found in many: by a string that is in each,
       by one of several strings, by the pattern as it stands in `block`, or,
       where there is none of these, by looking at each line. */
    struct csi_literals literals;
    struct csi_substring needle; /* needle.length is 0 where there is none */
    struct csi_teddy *teddy;     /* one of these two at most */
    struct csi_vectorscan *vectorscan;
    pcre2_code *block; /* by the JIT */
    bool looks_at_end;
    bool exact; /* what Teddy, Vectorscan or the needle find in a line, is a
                   match */
};

/* ---- regex.c --------------------------------------------------------------
 */

/* PCRE2's answer: negative, or one more than the highest group that matched. */
int csi_regex_execute(const struct cosend_regex *regex, const char *text,
                      size_t length, pcre2_match_data *scratch);
/* What this thread's matches write in; NULL without memory. */
pcre2_match_data *csi_regex_scratch(const struct cosend_regex *regex);

#endif
