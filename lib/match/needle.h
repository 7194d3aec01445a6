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

/* As csi_substring_find; where it is followed by nothing else it is not. */
const char *csi_needle_find(const struct csi_needle *needle, const char *text,
                            const char *end);

#endif
