/* SPDX-License-Identifier: MIT */
/* Lines that may match, found by strings. */
#ifndef CSI_LINE_FINDER_H
#define CSI_LINE_FINDER_H

#include "match/regex.h"

/* One search. All zero but for regex before the first call. */
struct csi_line_finder {
    const struct cosend_regex *regex; /* for which csi_regex_finds_lines */
    const struct csi_needle *needle;  /* that is looked for */
    const char *from; /* since here it was found `found` times */
    unsigned found;
    bool chosen;       /* among all */
    const char *alone; /* up to here what is behind it is not looked at */
};

/* A place in the first of the lines [p, end) that may match, or NULL. What was
   found before is in other lines. */
const char *csi_line_finder_next(struct csi_line_finder *finder, const char *p,
                                 const char *end);

#endif
