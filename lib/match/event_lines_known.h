/* SPDX-License-Identifier: MIT */
/* Lines that belong together, by those who print them. */
#ifndef CSI_EVENT_LINES_KNOWN_H
#define CSI_EVENT_LINES_KNOWN_H

#include "cosend/event_lines.h"

/* A line that none of a language's kinds takes is of this kind. */
#define CSI_LINE_OTHER 1U
/* That of row i of a language's table, as a bit of `behind`. */
#define CSI_LINE_KIND(i) (2U << (i))
#define CSI_LINE_ANY     (~0U)

enum csi_line_role {
    CSI_JOINS, /* it is of this kind only where it belongs to another line */
    CSI_OPENS, /* it may be the first of an event */
    CSI_BEGINS /* where it does not join, no later kind does: it is the first */
};

/*
 * A kind of line. The kinds of a language are tried in their order: the first
 * that takes the line, and may stand behind the kind of the line before, joins
 * the two; where there is none, the first that opens an event and takes it is
 * its kind.
 */
struct csi_line_kind {
    const char *first;   /* the bytes that it may begin with; "": it has none,
                            and NULL: any, and none too */
    const char *pattern; /* what is found in it; NULL: that is all */
    unsigned behind;     /* kinds that it may stand behind */
    enum csi_line_role role;
};

struct csi_language {
    const struct csi_line_kind *kinds;
    size_t count;
};

/* As cosend_event_lines_known. */
extern const struct csi_language csi_languages[];

#endif
