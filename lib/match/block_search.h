/* SPDX-License-Identifier: MIT */
/* Lines that may match, found by a program that takes many as one text. */
#ifndef CSI_BLOCK_SEARCH_H
#define CSI_BLOCK_SEARCH_H

#include "match/regex.h"

/* All zero but for the first three before the first call. */
struct csi_block_search {
    const struct cosend_regex *regex; /* that has a block */
    struct csi_scratch *scratch;
    const char *end;     /* of the lines */
    const char *stretch; /* up to here the lines can be taken as one text */
    size_t longest;      /* none of these is longer */
    const char *each;    /* up to here each may match */
};

/* A place in the first of the lines from p on, where one starts, that may
   match; or NULL. */
const char *csi_block_search_next(struct csi_block_search *search,
                                  const char *p);

#endif
