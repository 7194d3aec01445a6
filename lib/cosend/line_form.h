/* SPDX-License-Identifier: MIT */
/* Forms of lines whose fields are the same in every line, as logs have them:
   what parse stands on. Its structs are stamped (cosend/version.h). */
#ifndef COSEND_LINE_FORM_H
#define COSEND_LINE_FORM_H

#include "cosend/bytes.h"
#include "cosend/record.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Fields that a form may have. */
enum { COSEND_LINE_FIELDS = 64 };

struct cosend_line_field {
    const char *name; /* the column's, and that which a bad line is bad at */
    /*
     * NULL where the value is what stands in the line. Else append the value
     * that this part of a line means, and return whether there is one: if not,
     * it is absent. Without memory to.failed is set.
     */
    bool (*make)(struct cosend_cell part, struct cosend_bytes *to);
    enum cosend_kind kind; /* of what make makes */
};

/* A form of line. */
struct cosend_line_form {
    const char *name;
    const char *help; /* what writes such lines, and what is not to be seen from
                         the names of its fields: sentences */
    const char *example; /* a line of it */
    const struct cosend_line_field *fields;
    uint32_t count;
    /*
     * Take a line apart: parts[i] becomes a slice of it, that of field i, or
     * absent where the line does not have it.
     *
     * Returns NULL, or the name of the field at which it is no such line, or
     * "end": then parts are whatever they are.
     */
    const char *(*cut)(const struct cosend_line_form *form,
                       struct cosend_cell line, struct cosend_cell *parts);
    const void *own; /* cut's */
};

/*
 * The value of a field, of its part of a line: what the field's make makes, in
 * bytes, which are cleared before, or the part itself. Without memory
 * bytes->failed is set.
 */
COSEND_API struct cosend_cell
cosend_line_value(const struct cosend_line_field *field,
                  struct cosend_cell part, struct cosend_bytes *bytes);

#ifdef __cplusplus
}
#endif

#endif
