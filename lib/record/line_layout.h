/* SPDX-License-Identifier: MIT */
/*
 * Lines by layouts: parts one behind the other, each with text in front of it,
 * and of a kind that says where it ends. A form may have several layouts; a
 * line is of the first that takes all of it.
 *
 *     {"", TIME}, {" [", NUMBER}, {"] ", LEVEL}, {": ", REST}
 *     2026-10-10 13:55:36 [12] ERROR: no such file
 */
#ifndef CSI_LINE_LAYOUT_H
#define CSI_LINE_LAYOUT_H

#include "cosend/line_form.h"

enum csi_line_kind {
    CSI_LINE_NONE, /* nothing: only the text in front */
    CSI_LINE_REST, /* all to the end, with what lines follow */
    /* Not beyond the first line: */
    CSI_LINE_TIME,   /* as `what` says it looks (line_time.h) */
    CSI_LINE_LEVEL,  /* a word that is known as one: INFO, warn, ... */
    CSI_LINE_NUMBER, /* digits */
    CSI_LINE_SIGNED, /* the same, with a sign or none, and a fraction or none */
    CSI_LINE_WORD,   /* no blank, not empty; up to what it ends at, if that is
                        in it; of points that it may end at the last */
    CSI_LINE_DOTTED, /* the same, with a point in it */
    CSI_LINE_CLASS,  /* a word without the text that is in front of it: what is
                        UPTO that goes on, as "a:b" in "a:b:Class@12" */
    CSI_LINE_TRACE,  /* ids of a trace and of a span, in hexadecimal digits, or
                        nothing */
    CSI_LINE_NAMED,  /* a word up to `what`, with it */
    CSI_LINE_ADDRESS, /* a word, but the last colon in it and what follows */
    CSI_LINE_UPTO,    /* anything, up to what it ends at */
    CSI_LINE_INNER,   /* the same, as CSI_LINE_CLASS */
    CSI_LINE_EITHER,  /* UPTO, or to the end */
    CSI_LINE_MESSAGE, /* anything, up to the last of what it ends at that leaves
                         those of what is behind it */
    CSI_LINE_REQUEST, /* UPTO, in three fields: method, path, protocol */
    CSI_LINE_ONE_OF   /* a byte of `what` */
};

#define CSI_LINE_NO_FIELD UINT8_MAX

struct csi_line_part {
    const char *before;
    enum csi_line_kind kind;
    uint8_t field; /* of the form; or CSI_LINE_NO_FIELD */
    uint8_t lacks; /* a line in which its `before` does not stand here has not
                      this part, nor those behind it: so many in all; or 0 */
    bool padded;   /* blanks in front of its value and behind it are none of it,
                      and may be more than `before` says */
    const char *what; /* TIME, ONE_OF; of WORD, UPTO, EITHER and REQUEST what it
                         ends at, or NULL: the text in front of the next */
};

struct csi_line_layout {
    const struct csi_line_part *parts;
    uint32_t count;
};

/* The layouts of a form. */
struct csi_line_layouts {
    const struct csi_line_layout *of;
    uint32_t count;
};

/* Rows of layouts. */
#define CSI_PART(before, kind, field)                                          \
    {                                                                          \
        before, CSI_LINE_##kind, field, 0, false, NULL                         \
    }
#define CSI_PART_OF(before, kind, field, what)                                 \
    {                                                                          \
        before, CSI_LINE_##kind, field, 0, false, what                         \
    }
#define CSI_PADDED(before, kind, field)                                        \
    {                                                                          \
        before, CSI_LINE_##kind, field, 0, true, NULL                          \
    }
#define CSI_TEXT(before)                                                       \
    {                                                                          \
        before, CSI_LINE_NONE, CSI_LINE_NO_FIELD, 0, false, NULL               \
    }
/* So many parts, this and those behind it, may lack. */
#define CSI_MAYBE(lacks, before, kind, field, what)                            \
    {                                                                          \
        before, CSI_LINE_##kind, field, lacks, false, what                     \
    }

/* A field whose value stands in the line. */
#define CSI_LINE_FIELD(name)                                                   \
    {                                                                          \
        name, NULL, COSEND_TEXT                                                \
    }

#define CSI_LINE_COUNT(rows) ((uint32_t)(sizeof(rows) / sizeof((rows)[0])))
#define CSI_LAYOUT(rows)                                                       \
    {                                                                          \
        rows, CSI_LINE_COUNT(rows)                                             \
    }

/* A form by name, with its layouts, of the fields name_fields. */
#define CSI_LINE_FORM(form, text, line, ...)                                   \
    static const struct csi_line_layout form##_layouts[] = {__VA_ARGS__};      \
    static const struct csi_line_layouts form##_all = {                        \
        form##_layouts, CSI_LINE_COUNT(form##_layouts)};                       \
    const struct cosend_line_form csi_line_form_##form = {                     \
        .name = #form,                                                         \
        .help = text,                                                          \
        .example = line,                                                       \
        .fields = form##_fields,                                               \
        .count = CSI_LINE_COUNT(form##_fields),                                \
        .cut = csi_line_layout_cut,                                            \
        .own = &form##_all}

/* cut of a form whose `own` is its struct csi_line_layouts. */
const char *csi_line_layout_cut(const struct cosend_line_form *form,
                                struct cosend_cell line,
                                struct cosend_cell *parts);

#endif
