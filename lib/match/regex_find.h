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

/* cosend_regex_find in a text, with the groups of what it finds. */
enum cosend_match csi_regex_find_place(const struct cosend_regex *regex,
                                       const char *text, size_t length,
                                       size_t from,
                                       struct csi_regex_place *place);

#endif
