/* SPDX-License-Identifier: MIT */
/* A string that every match of a pattern has in it, in a text. */
#ifndef CSI_NEEDLE_H
#define CSI_NEEDLE_H

#include "match/literal.h"
#include "match/substring.h"

struct csi_needle {
    struct csi_substring string;
    bool is_followed;         /* where a match is, behind it there is */
    struct csi_byte_set next; /* one of these */
};

/* Get ready to look for a string, whose text is kept, and put in small letters
   where case is ignored. Returns false where it is too short to be of help. */
bool csi_needle_init(struct csi_needle *needle, struct csi_required string,
                     bool ignore_case);

/* Whether a string that was found may be a match's. */
static inline bool csi_needle_fits(const struct csi_needle *needle,
                                   const char *at, const char *end)
{
    const char *behind = at + needle->string.length;

    return !needle->is_followed ||
           (behind < end && csi_in_set(&needle->next, *behind));
}

/* The first place in [text, end) where it fits, or NULL. */
const char *csi_needle_find(const struct csi_needle *needle, const char *text,
                            const char *end);

#endif
