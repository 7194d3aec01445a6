/* SPDX-License-Identifier: MIT */
/* Any number of strings at once. volnitsky.c says how. */
#ifndef CSI_VOLNITSKY_H
#define CSI_VOLNITSKY_H

#include "match/bytes.h"
#include "match/letters.h"

struct csi_volnitsky;

struct csi_volnitsky_options {
    bool ignore_case; /* of ASCII letters */
    bool word;        /* only with no letter, digit or _ on either side */
    bool whole;       /* csi_volnitsky_is will be asked, not ..._find */
    const struct csi_letters *letters; /* what is beside a word; may be NULL */
};

/*
 * Get ready to look for any of `count` strings of at least one byte, of which
 * there must be one. Nothing of what is handed in is kept.
 *
 * Returns NULL without memory.
 */
struct csi_volnitsky *
csi_volnitsky_new(const struct csi_string *strings, size_t count,
                  const struct csi_volnitsky_options *options);
void csi_volnitsky_free(struct csi_volnitsky *volnitsky);

/*
 * The first place in [text, end) where one of them is, or NULL. What is around
 * the text is not looked at: there are no letters beside it. By the text's
 * length times that of the longest string at worst, times the logarithm of
 * their number.
 */
const char *csi_volnitsky_find(const struct csi_volnitsky *volnitsky,
                               const char *text, const char *end);

/* Whether the text is one of them. */
bool csi_volnitsky_is(const struct csi_volnitsky *volnitsky, const char *text,
                      size_t length);

#endif
