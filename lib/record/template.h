/* SPDX-License-Identifier: MIT */
/* A template inside: literal texts and fields by turns. */
#ifndef CSI_TEMPLATE_H
#define CSI_TEMPLATE_H

#include "cosend/template.h"

/* Text, and the field behind it, if there is one. */
struct csi_template_part {
    const char *text;
    size_t length;
    struct cosend_field field;
    const char *name; /* the field's, in the template's text */
    size_t name_length;
    char align;     /* <, > or ^; 0: as it is */
    uint32_t width; /* in characters */
    bool zeros; /* which stand in front, behind a sign, in place of blanks */
    bool fixed; /* a number, with so many digits behind the point: */
    uint32_t decimals;
};

/* Its memory is whoever's made it. */
struct cosend_template {
    const char *text;
    const struct csi_template_part *parts;
    size_t count;
    bool numbers; /* some field is to be one */
};

/*
 * Take the next part from the front of a text; *text and *length become what is
 * left. The literal's bytes, whose braces are no longer doubled, go to `bytes`,
 * which has room for *length; the field's name is in the text, or NULL.
 *
 * Returns NULL, or what is wrong, with *text at the place.
 */
const char *csi_template_next(const char **text, size_t *length, char *bytes,
                              struct csi_template_part *part);

#endif
