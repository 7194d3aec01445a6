/* SPDX-License-Identifier: MIT */
/*
 * The shape of a record: all of its line but the scalars in it, however deep
 * they lie. Programs that write JSON lines write one shape, or few, again and
 * again; a line that has a known shape, and valid scalars where its own are, is
 * valid, and which of them is which column is known.
 */
#ifndef CSI_JSON_SHAPE_H
#define CSI_JSON_SHAPE_H

#include "format/json_scan.h"
#include "format/json_special.h"

enum { CSI_SHAPE_MEMBERS = 64, CSI_SHAPE_BYTES = 2048, CSI_SHAPE_SLACK = 16 };

/* What stands before a scalar: from the end of the one before, or of the line's
   start. Quotes of a string are part of it. */
struct csi_shape_part {
    uint32_t start, length;     /* in text */
    uint32_t special;           /* how many of these bytes csi_special has */
    uint32_t column;            /* of the scalar behind it, or CSI_NO_COLUMN */
    bool string;                /* it is one */
    uint32_t name, name_length; /* flat: what it is called, in text */
};

/* All zero is none, and is what the first is learned into. */
struct csi_json_shape {
    uint32_t count; /* of scalars; parts has one more, for the line's end */
    struct csi_shape_part parts[CSI_SHAPE_MEMBERS + 1];
    char text[CSI_SHAPE_BYTES + CSI_SHAPE_SLACK];
    uint64_t missing; /* the columns that it has not */
    /* The scalars are all the members that the object has, their names have no
       escapes, and none is there twice. */
    bool flat;
};

/*
 * Learn the shape of a line that csi_json_scan just found to be an object's,
 * its names decoded since, and the row's cells set. Where it is no shape for
 * another line (a column holds other values, there are too many), *shape
 * becomes none.
 */
void csi_json_learn(struct csi_json_shape *shape, const struct csi_json *json,
                    const char *line, const char *end,
                    const struct cosend_schema *declared,
                    const struct csi_rows *rows, uint32_t row);

enum csi_shape_result { CSI_SHAPE_OTHER, CSI_SHAPE_SAME, CSI_SHAPE_MEMORY };

/* The names of a flat shape's scalars. NULL without memory. */
const struct csi_known_names *csi_json_names(const struct csi_json_shape *shape,
                                             struct csi_arena *arena);

/*
 * Whether a line has the shape, and is valid; if so, the row's cells are set,
 * and all[0 .. shape->count), unless that is NULL, to its scalars. What is
 * behind the line can be read, CSI_SHAPE_SLACK bytes at least. Lines come in
 * their order.
 */
enum csi_shape_result csi_json_match(const struct csi_json_shape *shape,
                                     struct csi_special *special,
                                     const char *line, const char *end,
                                     struct csi_rows *rows, uint32_t row,
                                     struct cosend_cell *all);

#endif
