/* SPDX-License-Identifier: MIT */
/* A form of line that is made part by part, as its pattern is read. */
#ifndef CSI_LINE_MAKER_H
#define CSI_LINE_MAKER_H

#include "base/text.h"
#include "record/arena.h"
#include "record/line_layout.h"

struct csi_line_maker {
    struct cosend_line_form form; /* the first: it stands for all */
    struct cosend_line_field fields[COSEND_LINE_FIELDS];
    struct csi_line_part parts[COSEND_LINE_FIELDS + 1];
    struct csi_line_part short_parts[COSEND_LINE_FIELDS + 1];
    struct csi_line_layout layouts[2];
    struct csi_line_layouts all;
    struct csi_arena arena;
    /* What is being read: */
    const char *text;
    size_t length;
    uint32_t count;    /* of parts */
    char *stop_before; /* the text in front of a place at which lines may go on
                          with their last two parts: csi_line_maker_stop */
    struct csi_text before; /* the text since the last of them */
    struct cosend_error *error;
};

/* Text that stands for itself. COSEND_OK; COSEND_E_MEMORY. */
int csi_line_maker_text(struct csi_line_maker *maker, const char *text,
                        size_t length);

/*
 * A part that becomes a field, with the text in front of it: name is copied,
 * what must live as long, or be from the arena. COSEND_OK; COSEND_E_USAGE where
 * there is such a field, or there are too many, or nothing says where the part
 * in front of it ends.
 */
int csi_line_maker_part(struct csi_line_maker *maker, size_t place,
                        const char *name, size_t length,
                        enum csi_line_kind kind, bool padded, const char *what);

/* Lines may go on here with the last two parts. The text in front of this is
   that of the next part too. COSEND_OK; COSEND_E_MEMORY. */
int csi_line_maker_stop(struct csi_line_maker *maker);

/* Make the last part go to the end of the line, or, where text is behind it,
   add that. */
int csi_line_maker_end(struct csi_line_maker *maker);

#endif
