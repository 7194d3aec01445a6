/* SPDX-License-Identifier: MIT */
/* What can be said of a pattern from its text alone. */
#ifndef CSI_PATTERN_TEXT_H
#define CSI_PATTERN_TEXT_H

#include "base/text.h"

struct csi_pattern_text {
    bool ascii;     /* no byte beyond ASCII */
    bool property;  /* \p or \P */
    bool fold;      /* (?i), or an i among other flags */
    bool multiline; /* (?m), or an m among other flags */
    bool letters;   /* a character beyond ASCII is in a class, or quantified */
    bool boundary;  /* \b, \B, [[:<:]] or [[:>:]] */
    bool numbers;   /* a character by its number, \xe9 or \351, or \C: what it
                       is in bytes and in UTF-8 differs */
    bool lookahead; /* (?=...) by any of its names may be in it */
};

struct csi_pattern_text csi_pattern_text(const char *pattern, size_t length);

/*
 * Append the pattern with \A and \G, \z and \Z said by ^ and $, which PCRE2 can
 * be told not to find at the ends of what it is given; as it is where it has
 * flags that give these another meaning. False without memory.
 */
bool csi_pattern_rewrite(struct csi_text *rewritten, const char *pattern,
                         size_t length);

#endif
