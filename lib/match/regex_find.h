/* SPDX-License-Identifier: MIT */
/* Where matches are, from inside. */
#ifndef CSI_REGEX_FIND_H
#define CSI_REGEX_FIND_H

#include "cosend/match.h"

/* Where a match is, and its groups' offsets, which the next match overwrites:
   those of so many, from 0, the match as a whole; NULL where it has none. */
struct csi_regex_place {
    size_t start, end;
    const size_t *groups;
    uint32_t pairs;
};

#define CSI_NO_GROUP UINT32_MAX

/* The number of the group that has a name, be it its number in digits, or
   CSI_NO_GROUP. */
uint32_t csi_regex_group(const struct cosend_regex *regex, const char *name,
                         size_t length);

/* Whether it has a group of that number; 0 is the match. */
bool csi_regex_has_group(const struct cosend_regex *regex, int64_t number);

/* cosend_regex_find in a text, with the groups of what it finds. */
enum cosend_match csi_regex_find_place(const struct cosend_regex *regex,
                                       const char *text, size_t length,
                                       size_t from,
                                       struct csi_regex_place *place);

#endif
