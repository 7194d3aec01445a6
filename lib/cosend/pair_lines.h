/* SPDX-License-Identifier: MIT */
/* A body that takes a field apart whose text names its fields itself: what
   parse is, for such forms. Its struct is stamped (cosend/version.h). */
#ifndef COSEND_PAIR_LINES_H
#define COSEND_PAIR_LINES_H

#include "cosend/field_types.h"
#include "cosend/fields.h"
#include "cosend/pair_form.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A group for a struct cosend_pair_options, but for its names. */
COSEND_API extern const struct cosend_option cosend_pair_options[];

struct cosend_pair_lines {
    struct cosend_field field; /* that the texts are in */
    bool drops;                /* it is dropped */
    const struct cosend_pair_form *form;
    const struct cosend_pair_options *options;
    struct cosend_string prefix; /* in front of the names of fields; or none */
    /* Of fields, without the prefix, by cosend_field_type_options; or NULL. */
    const struct cosend_list *types;
    /*
     * Say what becomes of a record whose text is not of the form, and why it is
     * not. What the form drops, as comments, does not come here.
     *
     * Returns whether the record is sent on, without the fields; one whose
     * field is dropped never is.
     */
    bool (*is_other)(struct cosend_stage *self,
                     const struct cosend_record *record, const char *why,
                     void *own);
    void *own; /* handed to it */
};

/*
 * Receive all records and send them on with the fields that their texts name,
 * behind their own: fields of an open output (cosend/fields.h), which it opens.
 * A form whose lines depend on each other has the step be serial. A record that
 * has a field of such a name already is bad, name_taken. Of a name that a text
 * has more than once the last value counts, and the user is told at the end.
 *
 * Returns 0, or what the step failed with.
 */
COSEND_API int cosend_send_pair_lines(struct cosend_stage *self,
                                      const struct cosend_pair_lines *lines);

#ifdef __cplusplus
}
#endif

#endif
