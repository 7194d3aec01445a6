/* SPDX-License-Identifier: MIT */
/*
 * What can be said of a pattern by looking at it: strings that every match has
 * in it; whether it is nothing but a choice of strings; and the same pattern
 * such that no match crosses a line's end. It reads the plain part of PCRE2's
 * syntax, and says nothing of the rest: what is said is certain.
 */
#ifndef CSI_LITERAL_H
#define CSI_LITERAL_H

#include "match/byte_set.h"

#include <stdbool.h>
#include <stddef.h>

enum { CSI_NEEDLES = 4 };

/* A string that every match has in it. */
struct csi_required {
    char *text;
    size_t length;
    bool is_followed;         /* what is behind it in a match */
    struct csi_byte_set next; /* begins with one of these */
};

struct csi_literals {
    /* The longest of these, the longest first; what is behind them is empty. */
    struct csi_required required[CSI_NEEDLES];
    char *strings;    /* where they stand */
    bool ignore_case; /* (?i) stands before all */
    /* The strings of which it is a choice, or the one that it is, behind one
       another. */
    char *choices; /* NULL: it is none */
    size_t *choice_lengths;
    size_t choice_count;
    bool has_empty_choice;
    /* The pattern to look for in several lines at once: multiline, and with no
       class in it that a newline belongs to. */
    char *in_block; /* NULL: lines must be looked at one by one */
    size_t in_block_length;
    bool looks_at_end; /* it has a $: CRs before line ends matter */
};

/* Whether a pattern is a string as it stands. */
bool csi_is_plain(const char *pattern, size_t length);

/*
 * Look at a pattern; free it in any case.
 *
 * Returns false without memory.
 */
bool csi_literals_find(struct csi_literals *literals, const char *pattern,
                       size_t length);
void csi_literals_free(struct csi_literals *literals);

#endif
