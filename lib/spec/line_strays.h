/* SPDX-License-Identifier: MIT */
/*
 * Words of a stage that have no place in it: `grep a patern=b`, `head 3 4`.
 */
#ifndef CSI_LINE_STRAYS_H
#define CSI_LINE_STRAYS_H

#include "spec/line_values.h"

/* A stage of a line while its words are read. */
struct csi_line_stage {
    const struct cosend_filter *filter;
    struct cosend_option main; /* where takes_main */
    bool takes_main, has_main;
    bool has_options;   /* at least one by its name */
    bool has_wildcards; /* in front of `as` */
    bool is_too_long;   /* a word too many is reported */
    const char *first;  /* what the main option took, where it is also the name
                           of an option that could stand alone; or NULL */
    bool is_whole;      /* the main option's value is all there is */
    struct csi_word name; /* as written */
    size_t step;          /* {"grep": ...} */
    size_t options;       /* the object behind its name; or SIZE_MAX */
    size_t list;          /* whose next item is still to come; or SIZE_MAX */
    size_t items;         /* the main option's list, where further words are
                             its items; or SIZE_MAX */
};

/* Say of the word in hand, `patern=b`, which has no place as anything else,
   that there is no such option. False where it does not look like one. */
bool csi_line_is_misspelt(struct csi_line *line,
                          const struct csi_line_stage *stage);

/* The same of one that may be an item of the main option's list. */
bool csi_line_is_stray_item(struct csi_line *line,
                            const struct csi_line_stage *stage);

/* Say of the word in hand, once a stage, that it is one too many. */
void csi_line_no_place(struct csi_line *line, struct csi_line_stage *stage);

/* Say of the word in hand that it is no part of a condition. */
void csi_line_no_member(struct csi_line *line);

#endif
