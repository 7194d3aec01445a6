/* SPDX-License-Identifier: MIT */
/* All forms of lines that have a name: those of access logs, those of other
   logs, and those in which lines name their fields themselves. Its struct is
   stamped (cosend/version.h). */
#ifndef COSEND_LOG_FORMS_H
#define COSEND_LOG_FORMS_H

#include "cosend/access_log.h"
#include "cosend/bytes.h"
#include "cosend/line_form.h"
#include "cosend/pair_form.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One of these is not NULL; or none is: the input's first line is to say which
   form it is. */
struct cosend_log_form {
    const struct cosend_access_log *access;
    const struct cosend_line_form *lines;
    const struct cosend_pair_form *pairs;
};

/* What they are called, for an option, ending in NULL; and the forms, in the
   same order. Names may mean the same form. */
COSEND_API extern const char *const cosend_log_form_names[];
COSEND_API extern const struct cosend_log_form cosend_log_forms[];

/*
 * The form of a line, as an index: that of which nearly no other line is, if it
 * may be of several. Names that mean the form of another are not looked at.
 *
 * Returns -1 where it is of none, -2 without memory.
 */
COSEND_API int cosend_log_form_of(struct cosend_cell line);

/* What there is to say of form i, for people: its fields, what writes such
   lines, and one of them. Without memory to->failed is set. */
COSEND_API void cosend_log_form_describe(size_t i, struct cosend_bytes *to);

#ifdef __cplusplus
}
#endif

#endif
