/* SPDX-License-Identifier: MIT */
/* Forms of lines by the pattern that a program is told to write them by. */
#ifndef COSEND_LINE_PATTERN_H
#define COSEND_LINE_PATTERN_H

#include "cosend/line_form.h"

#ifdef __cplusplus
extern "C" {
#endif

enum cosend_line_pattern {
    COSEND_LINE_LOG4J, /* that of a layout of log4j or logback: "%d %p %m%n" */
    COSEND_LINE_POSTGRES /* PostgreSQL's log_line_prefix: "%m [%p] "; what
                            follows it, level and message, are fields too */
};

/*
 * The form of the lines that are written by a pattern. Each conversion is a
 * field: time, level, pid, message, ... (line_log4j.c, line_prefix.c). A value
 * ends where the text behind it begins, one with a width may have blanks around
 * it, and the last one goes to the line's end.
 *
 * Returns NULL, with error set: COSEND_E_USAGE, which names the place;
 * COSEND_E_MEMORY. The caller frees it.
 */
COSEND_API struct cosend_line_form *
cosend_line_form_new(enum cosend_line_pattern pattern, const char *text,
                     size_t length, struct cosend_error *error);
COSEND_API void cosend_line_form_free(struct cosend_line_form *form);

#ifdef __cplusplus
}
#endif

#endif
